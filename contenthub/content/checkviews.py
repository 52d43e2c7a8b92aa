"""The part of the editor that shows how a piece fits its channels."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from locales.catalogue import locale_catalogue
from locales.widgets import editor_chain

from .channelchecks import check_channels, newest_source
from .models import ContentItem
from .personaltokens import findings_of, use_of


def channel_checks(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer with the table alone: the editor asks for it after each automatic save."""
    item = get_object_or_404(ContentItem, pk=pk)
    if not any(request.user.has_perm(f"content.{may}_contentitem") for may in ("change", "publish")):
        raise PermissionDenied
    response = TemplateResponse(request, "content/panels/channel_checks_table.html", checks_context(item))
    response["Cache-Control"] = "no-store"
    return response


def checks_context(item: ContentItem) -> dict[str, Any]:
    """Return what the table shows of the newest draft: the channels that the item is meant for, then the others."""
    row = item.get_latest_revision_as_object()
    tokens = use_of(row, newest_source(row))
    chain = editor_chain(locale_catalogue())
    checks = [
        {
            "label": check.channel.label(chain),
            "is_meant": check.is_meant,
            "worst": check.worst or "fits",
            "findings": check.rendition.findings,
            "fields": _shown(check.rendition.fields),
        }
        for check in check_channels(row)
    ]
    return {
        "item": item,
        "language": row.locale.language_code,
        "tokens": tokens.used,
        "token_findings": findings_of(tokens),
        "groups": {
            "meant": [check for check in checks if check["is_meant"]],
            "others": [check for check in checks if not check["is_meant"]],
        },
    }


def _shown(fields: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the fields that a reader sees as text."""
    return [(name, value) for name, value in fields.items() if isinstance(value, str) and "<" not in value]
