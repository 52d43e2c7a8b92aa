"""The markup that neutral rich text may hold, and nothing else."""

import re
from html.parser import HTMLParser

import nh3
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

TAGS = frozenset("p br strong em b i u s sub sup code ul ol li a h2 h3 h4 hr blockquote".split())
ATTRIBUTES = {"a": {"href"}}
FEATURES = ["bold", "italic", "link", "ol", "ul", "h3", "h4", "superscript", "subscript", "code"]
SCHEMES = frozenset({"http", "https", "mailto", "tel"})

DEEPEST = 40  # elements within each other: what reads the text later goes down as far

_VOID = frozenset({"br", "hr"})
_DRAFTAIL_KEY = "data-block-key"
_IGNORED_IN_ADDRESSES = re.compile(r"[\x00-\x20\x7f-\x9f\xad\u200b-\u200f\ufeff]")
_SCHEME = re.compile(r"([^/?#]*?):")


def clean_html(html: str) -> str:
    """Return ``html`` with everything gone that is not neutral text markup."""
    return nh3.clean(html, tags=set(TAGS), attributes={"a": {"href"}}, url_schemes=set(SCHEMES), link_rel=None)


def validate_html(html: str) -> None:
    """Raise ValidationError where ``html`` holds more than neutral text markup: scripts, handlers, foreign tags.

    How allowed markup is spelled does not matter. This tells authors; what keeps readers safe is ``clean_html``.
    """
    reader = _MarkupReader()
    reader.feed(html)
    reader.close()
    if reader.found:
        raise ValidationError(
            _(
                "The text holds markup that is not allowed: %(found)s. Allowed are paragraphs, "
                "headings, lists, emphasis and links."
            )
            % {"found": reader.found[0][:100]}
        )


class _MarkupReader(HTMLParser):
    """Collects what is not allowed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.found.append(f"<{tag}>")
        if tag == "a" and "href" not in dict(attrs):
            self.found.append("a link whose address cannot be followed")
        if tag not in _VOID:
            self.depth += 1
            if self.depth == DEEPEST + 1:
                self.found.append(f"elements more than {DEEPEST} deep within each other")
        for name, value in attrs:
            if name not in ATTRIBUTES.get(tag, ()) and name != _DRAFTAIL_KEY:
                self.found.append(f"{name} in <{tag}>")
            elif name == "href" and not _is_followable(value or ""):
                self.found.append(f"the address {value}")

    def handle_endtag(self, tag: str) -> None:
        self.depth = max(0, self.depth - (tag not in _VOID))
        if tag not in TAGS:
            self.found.append(f"</{tag}>")

    def handle_comment(self, data: str) -> None:
        self.found.append("a comment")

    def handle_decl(self, decl: str) -> None:
        self.found.append("a declaration")

    def unknown_decl(self, data: str) -> None:
        self.found.append("a declaration")

    def handle_pi(self, data: str) -> None:
        self.found.append("an instruction")


def _is_followable(address: str) -> bool:
    scheme = _SCHEME.match(_IGNORED_IN_ADDRESSES.sub("", address))
    return scheme is None or scheme.group(1).lower() in SCHEMES
