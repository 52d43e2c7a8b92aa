"""What the published store holds of some items, beside what their content projects."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from locales.catalogue import LocaleCatalogue

from .bulk import chunks
from .documents import ItemProjection
from .indexing import Indexer, Path
from .models import IndexRow, PublishedItem, TermRow
from .rows import Row, wanted_rows

Kept = list[tuple[IndexRow, Row]]
Fresh = list[tuple[PublishedItem, Row]]


class Comparison(NamedTuple):
    """The stored rows that are right, the rows that are missing, the stored rows that are wrong."""

    kept: Kept
    fresh: Fresh
    stale: list[IndexRow]


def compare(
    projections: Sequence[ItemProjection],
    items: Mapping[str, PublishedItem],
    locales: LocaleCatalogue,
    *,
    now: datetime,
) -> Comparison:
    """Compare the rows of ``items``, by key, with what ``projections`` demand from ``now`` on: one statement."""
    stored = _stored_rows(items.values())
    kept: Kept = []
    fresh: Fresh = []
    for projection in projections:
        item = items.get(projection.key) or PublishedItem(key=projection.key)
        left = stored.get(item.pk, [])
        for row in wanted_rows(projection, locales, now=now):
            same = next((one for one in left if _answers_alike(one, row, now)), None)
            if same is None:
                fresh.append((item, row))
            else:
                left.remove(same)
                kept.append((same, row))
    return Comparison(kept, fresh, [row for rows in stored.values() for row in rows])


def misclassified(kept: Kept, indexer: Indexer) -> Kept:
    """Return those of ``kept`` that stand under other terms than they should: the taxonomy moved."""
    stored: dict[int, set[Path]] = {row.pk: set() for row, _ in kept}
    for chunk in chunks(stored):
        paths = TermRow.objects.filter(row__in=chunk).values_list("row_id", *Path._fields)
        for row_id, *path in paths:
            stored[row_id].add(Path(*path))
    return [(row, wanted) for row, wanted in kept if stored[row.pk] != indexer.paths(wanted.document.facts.terms)]


def _stored_rows(items: Iterable[PublishedItem]) -> dict[int, list[IndexRow]]:
    stored: dict[int, list[IndexRow]] = {}
    rows = (
        IndexRow.objects.filter(item__in=[item.pk for item in items])
        .select_related("document")
        .defer("document__head", "document__body")
    )
    for row in rows:
        stored.setdefault(row.item_id, []).append(row)
    return stored


def _answers_alike(kept: IndexRow, row: Row, now: datetime) -> bool:
    """Return whether a stored row answers as ``row`` does, from ``now`` on."""
    return (
        kept.locale_id == row.locale_id
        and (kept.document.version, kept.is_stale) == row.answer
        and kept.ends_at == row.ends_at
        and (kept.starts_at == row.starts_at or (kept.starts_at <= now and row.starts_at <= now))
    )
