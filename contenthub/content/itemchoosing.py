"""What the chooser shows of an item, and the view that it asks while the editor types."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse

from .localizations import statuses_of
from .models import ContentItem

MOST_FOUND = 15
MOST_ASKED = 100
PERMISSIONS = ("add", "change", "delete", "publish", "view")


def choose_items(request: HttpRequest) -> JsonResponse:
    """Answer the items called ``q`` in any language, the newest first, or those with the given ``keys``, as JSON."""
    if not any(request.user.has_perm(f"content.{action}_contentitem") for action in PERMISSIONS):
        raise PermissionDenied
    keys = request.GET.getlist("keys")[:MOST_ASKED]
    found = _with_keys(keys) if keys else _called(request.GET.get("q", "").strip()[:200])
    return JsonResponse({"items": describe(found)})


def describe(sources: Iterable[ContentItem]) -> list[dict[str, Any]]:
    """Return what an option shows of each item; constant in statements."""
    sources = list(sources)
    statuses = statuses_of([source.key for source in sources])
    return [
        {
            "key": source.key,
            "title": str(source),
            "language": source.locale.language_code,
            "type": str(source.type),
            "locales": [
                {"code": status.locale.language_code, "state": status.state, "label": status.state.label}
                for status in statuses[source.key]
                if status.row
            ],
        }
        for source in sources
    ]


def _called(text: str) -> Iterable[ContentItem]:
    sources = _sources()
    if text:
        sources = sources.filter(key__in=ContentItem.objects.matching(text).values("key"))
    return sources.order_by("-pk")[:MOST_FOUND]


def _with_keys(keys: list[str]) -> list[ContentItem]:
    by_key = {source.key: source for source in _sources().filter(key__in=keys)}
    return [by_key[key] for key in dict.fromkeys(keys) if key in by_key]


def _sources() -> Any:
    return ContentItem.objects.sources().select_related("type", "locale").defer("body", "extra", "own_fields")
