"""The parts of the editor that show how a piece, and a whole item, fit their channels."""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse

from channels.findings import Finding
from channels.registry import ChannelEntry
from locales.catalogue import locale_catalogue
from locales.widgets import editor_chain

from .channelchecks import PieceCheck, base_of, check_channels, check_item, newest_source, worst_of
from .feeding import parts_taken, written_in
from .models import ContentItem, Variant
from .personaltokens import NO_TOKENS, findings_of, use_of
from .regions import givers_of

_CHANNEL_CHECKS = "content/panels/channel_checks_table.html"
_MOST_PIECES = 200  # that are told one by one; of all the table tells how many


def channel_checks(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer with the table alone: the editor asks for it after each automatic save."""
    return _part(request, get_object_or_404(ContentItem, pk=pk), _CHANNEL_CHECKS, checks_context)


def version_checks(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer with the table of one version alone."""
    return _part(request, get_object_or_404(Variant, pk=pk), _CHANNEL_CHECKS, checks_context)


def item_checks(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer with the table of all languages and versions of an item."""
    item = get_object_or_404(ContentItem, pk=pk)
    return _part(request, item, "content/panels/item_checks_table.html", item_context)


def _part(request: HttpRequest, row: Any, template: str, context: Callable[[Any], dict[str, Any]]) -> HttpResponse:
    kind = row._meta.model_name
    if not any(request.user.has_perm(f"content.{may}_{kind}") for may in ("change", "publish")):
        raise PermissionDenied
    response = TemplateResponse(request, template, context(row))
    response["Cache-Control"] = "no-store"
    return response


def checks_context(stored: ContentItem | Variant) -> dict[str, Any]:
    """Return what the table shows of the newest draft: the channels that the item is meant for, then the others."""
    row = stored.get_latest_revision_as_object()
    base_giver = givers_of(base_of(row))
    if isinstance(row, Variant):
        tokens, checks_url = NO_TOKENS, reverse("variants:channel_checks", args=[row.pk])
    else:
        tokens, checks_url = use_of(row, newest_source(row)), reverse("items:channel_checks", args=[row.pk])

    def giver(name: str) -> Any:
        return row if isinstance(row, Variant) and name in row.overrides else base_giver(name)

    chain = editor_chain(locale_catalogue())
    checks = [
        {
            "label": check.channel.label(chain),
            "is_meant": check.is_meant,
            "worst": check.worst or "fits",
            "findings": _with_fields(check.rendition.findings, check.channel, giver),
            "placements": check.in_placements.items(),
            "fields": _shown(check.rendition.fields),
        }
        for check in check_channels(row)
    ]
    return {
        "checks_url": checks_url,
        "item_checks_url": reverse("items:item_checks", args=[base_of(row).pk]),
        "language": row.locale.language_code,
        "tokens": tokens.used,
        "token_findings": findings_of(tokens),
        "groups": {
            "meant": [check for check in checks if check["is_meant"]],
            "others": [check for check in checks if not check["is_meant"]],
        },
    }


def item_context(item: ContentItem) -> dict[str, Any]:
    """Return what the table of all languages and versions shows: a line for each channel, and all that does not fit."""
    found, chain = check_item(item), editor_chain(locale_catalogue())
    lines = []
    for channel in found.channels:
        cells = []
        for row in found.rows:
            pieces = found.found(channel, row)
            findings = [finding for piece in pieces for finding in piece.findings]
            place = _place(pieces[0]) if pieces else ""
            cells.append({"worst": worst_of(findings) or "fits", "count": len(findings), "place": place})
        lines.append({"label": channel.label(chain), "cells": cells})
    told = [
        {
            "channel": piece.channel.label(chain),
            "place": _place(piece),
            "base": base_of(piece.row),
            "version": piece.row.code if isinstance(piece.row, Variant) else "",
            "address": reverse(
                "variants:edit" if isinstance(piece.row, Variant) else "items:edit", args=[piece.row.pk]
            ),
            "findings": piece.findings,
        }
        for piece in found.pieces[:_MOST_PIECES]
    ]
    return {"rows": found.rows, "lines": lines, "pieces": told, "more": max(0, len(found.pieces) - _MOST_PIECES)}


def _place(piece: PieceCheck) -> str:
    """Return the id of the part of the page that tells what does not fit of a piece."""
    return f"checks-{piece.channel.id}-{piece.row._meta.model_name}-{piece.row.pk}"


def _with_fields(
    findings: Iterable[Finding], channel: ChannelEntry, giver: Callable[[str], Any]
) -> list[dict[str, Any]]:
    """Return findings with the field of the item in which each can be mended; ``giver`` tells which row gives one."""
    entries = {entry.name: entry for entry in channel.fields}
    fields = {name: parts_taken(entry, giver)[:1] for name, entry in entries.items()}
    return [
        {**finding._asdict(), "mend": written_in(fields[finding.field][0]) if fields.get(finding.field) else ""}
        for finding in findings
    ]


def _shown(fields: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the fields that a reader sees as text."""
    return [(name, value) for name, value in fields.items() if isinstance(value, str) and "<" not in value]
