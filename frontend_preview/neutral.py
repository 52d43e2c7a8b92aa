"""A document as a plain page: the content before any channel has shaped it."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.template.loader import render_to_string

TEMPLATE = "frontend_preview/neutral.html"
_FOLLOWED = {"", "http", "https", "mailto", "tel"}


def render_neutral(document: Mapping[str, Any], direction: str, language: str) -> str:
    """Return a page of HTML that shows a document in the published form; what is missing is left out.

    Rich text and answers must come sanitized; everything else is escaped here. The page holds no script and
    asks no other host for anything but the document's own images.
    """
    context = {
        "language": language,
        "direction": direction.lower(),
        "headline": document.get("headline", ""),
        "summary": document.get("summary", ""),
        "image": document.get("image"),
        "cta": _shown_cta(document.get("cta")),
        "blocks": [_shown_block(block) for block in document.get("blocks", ())],
        "texts": document.get("texts", ()),
        "fields": [_shown_field(field) for field in document.get("fields", ())],
    }
    return render_to_string(TEMPLATE, context)


def _shown_block(block: Mapping[str, Any]) -> dict[str, Any]:
    shown = dict(block)
    if block["type"] == "call_to_action":
        shown["cta"] = _shown_cta(block.get("cta") or block)
    if block["type"] == "embed":
        shown["address"] = _address(block.get("url", ""))
    return shown


def _shown_cta(cta: Mapping[str, Any] | None) -> dict[str, str] | None:
    return {"label": cta.get("label", ""), **_shown_link(cta.get("link") or cta)} if cta else None


def _shown_link(link: Mapping[str, Any]) -> dict[str, str]:
    """Return where a link leads: ``address`` to follow, or only the ``target`` to read."""
    url = link.get("url", "")
    return {"address": _address(url), "target": link.get("key") or url}


def _address(url: str) -> str:
    """Return an address that is safe to follow, or nothing: javascript: and its like are shown, not linked."""
    try:
        return url if urlsplit(url.strip()).scheme.lower() in _FOLLOWED else ""
    except ValueError:
        return ""


def _shown_field(field: Mapping[str, Any]) -> dict[str, Any]:
    kind, value = field.get("kind"), field["value"]
    shown: dict[str, Any] = {"name": field["name"], "kind": kind}
    if kind == "image":
        return shown | {"images": value}
    if kind == "link":
        return shown | {"link": _shown_link(value)}
    if kind == "money":
        return shown | {"text": f"{value['amount']} {value['currency']}"}
    if isinstance(value, list):
        return shown | {"text": ", ".join(str(part) for part in value)}
    if isinstance(value, bool):
        return shown | {"text": "✓" if value else "–"}
    return shown | {"text": value}
