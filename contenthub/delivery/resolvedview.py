"""Lists over what readers get: variants can bring an item into a search, take it out, and make it newer.

Only three questions look into what variants override: a search, ``updated_since``, and the order of the last change.
For these the items whose variants may change the answer are resolved first; all else is a matter of the index.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from .codes import ItemOrder
from .context import Context
from .filters import ReadyFilter, Shifts, matching_rows, visible_rows
from .findable import shown_texts
from .models import VariantRow
from .search import in_fields, mentioning, rank_in
from .served import COLUMNS, Batch, ServedItem, columns
from .variantreading import for_standing


def with_shifts(wanted: ReadyFilter, context: Context, order: ItemOrder | None = None) -> ReadyFilter:
    """Return the filter with what variants change in its list: at most two statements, none for most questions."""
    asks_changes = bool(wanted.given.updated_since) or order is ItemOrder.RECENTLY_CHANGED
    if wanted.shifts is not None or not (wanted.search or asks_changes):
        return wanted
    ranks: dict[int, int | None] = {}
    changed: dict[int, datetime] = {}
    for pk, base_changed_at, item in _candidates(wanted, context, asks_changes):
        if not item.winning:
            continue
        if wanted.search:
            ranks[pk] = rank_in(shown_texts(item.document_id, item.head, item.blocks), wanted.search)
        changed_at = datetime.fromisoformat(item.head["updated_at"])
        if changed_at > base_changed_at:
            changed[pk] = changed_at
    return replace(wanted, shifts=Shifts(ranks, changed))


def _candidates(
    wanted: ReadyFilter, context: Context, asks_changes: bool
) -> Iterator[tuple[int, datetime, ServedItem]]:
    """Yield the items whose place in the list variants may change, with the id and the change of the base's row."""
    open_filter = replace(wanted, given=replace(wanted.given, search=None, updated_since=None))
    rows = matching_rows(visible_rows(context), open_filter, context).filter(has_variants=True)
    condition = Q()
    if wanted.search:
        condition |= in_fields(wanted.search, "rest") | Exists(_on_air(context, document__in=mentioning(wanted.search)))
    if asks_changes:
        condition |= Exists(_on_air(context, updated_at__gt=OuterRef("updated_at")))
    with_body = bool(wanted.search)
    found = list(rows.filter(condition).values_list(*columns("pk", "updated_at", with_body=with_body)))
    batch = Batch(context, found, with_body=with_body)
    start = len(COLUMNS)
    for row, item in zip(found, batch.items, strict=True):
        yield row[start], row[start + 1], item


def _on_air(context: Context, **conditions: object) -> QuerySet[VariantRow]:
    """Return the variants on air, that the context may meet, of the text that the outer index row answers with."""
    rows = VariantRow.objects.filter(
        item=OuterRef("item"),
        locale_code=OuterRef("document__locale_code"),
        starts_at__lte=context.instant,
        ends_at__gt=context.instant,
        **conditions,
    )
    return for_standing(rows, context)
