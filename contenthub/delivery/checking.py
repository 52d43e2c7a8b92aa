"""Whether the published store holds what the content projects: every difference, named."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from .bulk import chunks
from .comparing import Kept, compare, misclassified
from .documents import ItemProjection
from .indexing import Indexer
from .models import ChannelRow, PublishedItem, SearchText
from .surroundings import read_surroundings
from .variantstore import VariantWriter


@dataclass(frozen=True)
class Difference:
    """A place where the store does not hold what the content says."""

    key: str
    locale: str
    message: str

    def __str__(self) -> str:
        return f"{self.key} [{self.locale}]: {self.message}"


def differences(projections: Sequence[ItemProjection], *, now: datetime) -> list[Difference]:
    """Return where the store answers otherwise than ``projections`` demand, at ``now`` or any later instant."""
    items = {item.key: item for item in PublishedItem.objects.filter(key__in=[p.key for p in projections])}
    around = read_surroundings()
    indexer = Indexer(around.taxonomy, around.channels)
    kept, fresh, stale = compare(projections, items, around.locales, now=now)
    found = [
        Difference(item.key, row.locale, f"version {row.document.version} is missing from {row.starts_at}")
        for item, row in fresh
    ]
    found += [
        Difference(row.key, around.locales.by_id[row.locale_id].code, f"{row.document.version} should not be served")
        for row in stale
        if row.ends_at > now
    ]
    found += [Difference(row.key, wanted.locale, "the terms differ") for row, wanted in misclassified(kept, indexer)]
    writer = VariantWriter(items, around.taxonomy, now)
    return found + _ill_indexed(kept, indexer) + _of_variants(projections, kept, writer)


def _ill_indexed(kept: Kept, indexer: Indexer) -> list[Difference]:
    """Return where what is repeated of a document, so that it is found, is not as in the document."""
    ids = [row.pk for row, _ in kept]
    channels: dict[int, set[int]] = {pk: set() for pk in ids}
    for chunk in chunks(ids):
        for row_id, channel_id in ChannelRow.objects.filter(row__in=chunk).values_list("row_id", "channel_id"):
            channels[row_id].add(channel_id)
    documents = {row.document_id for row, _ in kept}
    searchable: set[int] = set()
    for chunk in chunks(documents):
        searchable |= set(SearchText.objects.filter(pk__in=chunk).values_list("pk", flat=True))
    found = []
    for row, wanted in kept:
        columns = wanted.columns
        if {name: getattr(row, name) for name in columns} != columns:
            found.append(Difference(row.key, wanted.locale, "the index tells otherwise than the document"))
        if channels[row.pk] != set(indexer.channel_ids(wanted.document.facts.channels)):
            found.append(Difference(row.key, wanted.locale, "the channels differ"))
        if row.document_id not in searchable:
            found.append(Difference(row.key, wanted.locale, "no search finds it"))
    return found


def _of_variants(projections: Sequence[ItemProjection], rows: Kept, writer: VariantWriter) -> list[Difference]:
    kept, fresh, stale = writer.compare(projections)
    keys = {item.pk: key for key, item in writer.items.items()}
    found = [
        Difference(each.item.key, each.document.locale, f"variant {each.document.publication.code} is missing")
        for each in fresh
    ]
    found += [
        Difference(keys[row.item_id], row.locale_code, f"variant {row.code} should not be served")
        for row in stale
        if row.ends_at > writer.now
    ]
    found += [
        Difference(keys[row.item_id], row.locale_code, f"variant {row.code}: {message}")
        for row, message in writer.ill_indexed([row for row, _ in kept])
    ]
    have = {(row.item_id, row.locale_code) for row in (*(row for row, _ in kept), *stale)}
    found += [
        Difference(row.key, wanted.locale, "the index tells otherwise of its variants")
        for row, wanted in rows
        if row.has_variants != ((row.item_id, wanted.document.locale) in have)
    ]
    return found
