"""The markup that neutral rich text may hold, and nothing else."""

import re
from html import unescape

import nh3
from django.core.exceptions import ValidationError

TAGS = frozenset("p br strong em b i u s sub sup code ul ol li a h2 h3 h4 hr blockquote".split())
ATTRIBUTES = {"a": {"href", "linktype", "id"}}
FEATURES = ["bold", "italic", "link", "ol", "ul", "h3", "h4", "superscript", "subscript", "code"]
SCHEMES = frozenset({"http", "https", "mailto", "tel"})

_DRAFTAIL_KEY = re.compile(r'\sdata-block-key="[^"]*"')
_SPACE = re.compile(r"\s+")


def clean_html(html: str) -> str:
    """Return ``html`` with everything gone that is not neutral text markup."""
    return nh3.clean(html, tags=set(TAGS), attributes={"a": {"href"}}, url_schemes=set(SCHEMES), link_rel=None)


def validate_html(html: str) -> None:
    """Raise ValidationError where ``html`` holds more than neutral text markup: scripts, handlers, foreign tags."""
    html = _DRAFTAIL_KEY.sub("", html)
    if _comparable(nh3.clean(html, tags=set(TAGS), attributes=ATTRIBUTES, url_schemes=set(SCHEMES), link_rel=None)) != (
        _comparable(html)
    ):
        raise ValidationError(
            "The text holds markup that is not allowed. Allowed are paragraphs, headings, lists, emphasis and links."
        )


def _comparable(html: str) -> str:
    return _SPACE.sub(" ", unescape(html).replace("<br/>", "<br>").replace("<hr/>", "<hr>")).strip()
