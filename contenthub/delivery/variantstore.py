"""Writing the variants of items into the published store, in the transaction that writes the items themselves."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

import orjson
from django.db import connection

from taxonomy.snapshot import TaxonomySnapshot

from .bulk import insert_objects, insert_rows
from .documents import FinishedVariant, ItemProjection, finish_variant
from .findable import variant_texts_of
from .models import Document, IndexRow, PastVariantRow, PublishedItem, SearchText, VariantRow, VariantTermRow
from .past import answers_since, remember
from .search import forget_texts, index_texts
from .targeting import Targeting


@dataclass(frozen=True)
class WantedVariant:
    """A variant row as it should be."""

    item: PublishedItem
    document: FinishedVariant

    @property
    def place(self) -> tuple:
        """Where it stands: one at a time is on air there."""
        return self.item.pk, self.document.locale, self.document.publication.code

    @property
    def identity(self) -> tuple:
        """What tells it from other rows: where it stands, what it answers with, for whom, and until when."""
        publication = self.document.publication
        return (*self.place, self.document.version, written_targeting(publication.targeting), publication.end)


class VariantWriter:
    """One comparison of the variants that projections demand with the stored ones, and what follows from it.

    ``touched`` are the ids of the items whose variants were written.
    """

    def __init__(self, items: Mapping[str, PublishedItem], taxonomy: TaxonomySnapshot, now: datetime) -> None:
        self.items = items
        self.taxonomy = taxonomy
        self.now = now
        self.touched: set[int] = set()

    def write(self, projections: Sequence[ItemProjection], *, anew: bool = False) -> list[VariantRow]:
        """Bring the rows in step and return those that went; their documents may be without a row now."""
        kept, fresh, stale = self.compare(projections)
        starts = self._beginnings(fresh, stale)
        remember(PastVariantRow, stale, self.now)
        if anew:  # what is right as well, since when it answers
            fresh += [wanted for _, wanted in kept]
            starts += [row.starts_at for row, _ in kept]
            stale += [row for row, _ in kept]
        if stale:
            _remove(stale)
        if anew:
            forget_texts({row.document_id for row in stale})
        if fresh:
            self._add(fresh, starts)
        self.touched = {*(row.item_id for row in stale), *(wanted.item.pk for wanted in fresh)}
        return stale

    def compare(
        self, projections: Sequence[ItemProjection]
    ) -> tuple[list[tuple[VariantRow, WantedVariant]], list[WantedVariant], list[VariantRow]]:
        """Return the stored rows that are right, what is missing, and the stored rows that are wrong."""
        stored = VariantRow.objects.filter(item__in=[item.pk for item in self.items.values()])
        left: dict[tuple, list[VariantRow]] = {}
        for row in stored.select_related("document").defer("document__head", "document__body"):
            left.setdefault(_identity(row), []).append(row)
        kept: list[tuple[VariantRow, WantedVariant]] = []
        fresh: list[WantedVariant] = []
        for projection in projections:
            item = self.items.get(projection.key) or PublishedItem(key=projection.key)
            for wanted in self._wanted(item, projection):
                rows = left.get(wanted.identity, [])
                start = wanted.document.publication.start
                same = next((row for row in rows if self._starts_alike(row.starts_at, start)), None)
                if same:
                    rows.remove(same)
                    kept.append((same, wanted))
                else:
                    fresh.append(wanted)
        return kept, fresh, [row for rows in left.values() for row in rows]

    def ill_indexed(self, kept: Sequence[VariantRow]) -> list[tuple[VariantRow, str]]:
        """Return where what is repeated of a variant, so that it is found, is not as it should be."""
        found = []
        searchable = set(
            SearchText.objects.filter(document__variant_rows__in=[row.pk for row in kept]).values_list("pk", flat=True)
        )
        terms: dict[int, set[int]] = {}
        for row_id, term_id in VariantTermRow.objects.filter(row__in=kept).values_list("row_id", "term_id"):
            terms.setdefault(row_id, set()).add(term_id)
        for row in kept:
            target = read_targeting(row.targeting)
            if {name: getattr(row, name) for name in repeated_columns(target)} != repeated_columns(target):
                found.append((row, "its columns tell otherwise than its targeting"))
            if terms.get(row.pk, set()) != set(_term_ids(target, self.taxonomy)):
                found.append((row, "its terms differ"))
            if row.document_id not in searchable:
                found.append((row, "no search finds it"))
        return found

    def _wanted(self, item: PublishedItem, projection: ItemProjection) -> Iterable[WantedVariant]:
        for locale, publications in projection.variants.items():
            for publication in publications:
                if publication.end > self.now:
                    yield WantedVariant(item, finish_variant(projection.key, locale, publication))

    def _starts_alike(self, stored: datetime, wanted: datetime) -> bool:
        return stored == wanted or (stored <= self.now and wanted <= self.now)

    def _beginnings(self, fresh: Iterable[WantedVariant], stale: Iterable[VariantRow]) -> list[datetime]:
        """Return since when each of ``fresh`` answers: not before what stands in its place has ended."""
        replaced: dict[tuple, list[VariantRow]] = {}
        for row in stale:
            replaced.setdefault((row.item_id, row.locale_code, row.code), []).append(row)
        return [
            answers_since(wanted.document.publication.start, replaced.get(wanted.place, ()), self.now)
            for wanted in fresh
        ]

    def _add(self, fresh: Sequence[WantedVariant], starts: Sequence[datetime]) -> None:
        documents = self._store_documents(fresh)
        rows = [variant_row(wanted.item.pk, documents[wanted.document.version], wanted.document) for wanted in fresh]
        for row, start in zip(rows, starts, strict=True):
            row.starts_at = start
        insert_objects(rows)
        add_variant_terms(rows, self.taxonomy)

    def _store_documents(self, fresh: Sequence[WantedVariant]) -> dict[str, int]:
        """Return document ids by version, storing those that are new and making all of them findable."""
        first: dict[str, WantedVariant] = {}
        for wanted in sorted(fresh, key=lambda each: each.document.publication.start):
            first.setdefault(wanted.document.version, wanted)
        ids = dict(Document.objects.filter(version__in=first).values_list("version", "pk"))
        Document.objects.filter(pk__in=ids.values(), served_until__isnull=False).update(served_until=None)
        new = [
            Document(
                item=wanted.item,
                locale_code=wanted.document.locale,
                variant=wanted.document.publication.code,
                version=version,
                head=wanted.document.head,
                body=wanted.document.body,
                served_from=wanted.document.publication.start,
            )
            for version, wanted in first.items()
            if version not in ids
        ]
        insert_objects(new)
        ids |= {document.version: document.pk for document in new}
        findable = set(SearchText.objects.filter(document__in=ids.values()).values_list("document_id", flat=True))
        index_texts(
            variant_texts_of(pk, first[version].document.publication)
            for version, pk in ids.items()
            if pk not in findable
        )
        return ids


def add_variant_terms(rows: Sequence[VariantRow], taxonomy: TaxonomySnapshot) -> None:
    """Note which segments and markets rows, which are stored, are for."""
    insert_rows(
        VariantTermRow._meta.db_table,
        ("row_id", "term_id"),
        ((row.pk, term_id) for row in rows for term_id in _term_ids(read_targeting(row.targeting), taxonomy)),
    )


def mark_items(item_ids: Sequence[int]) -> None:
    """Note on the index rows of these items whether the text that they answer with has variants."""
    have: dict[int, set[str]] = {pk: set() for pk in item_ids}
    for item_id, locale in VariantRow.objects.filter(item__in=item_ids).values_list("item_id", "locale_code"):
        have[item_id].add(locale)
    rows = IndexRow.objects.filter(item__in=item_ids).values_list(
        "pk", "item_id", "document__locale_code", "has_variants"
    )
    wrong: dict[bool, list[int]] = {True: [], False: []}
    for pk, item_id, locale, is_marked in rows:
        if is_marked != (locale in have[item_id]):
            wrong[locale in have[item_id]].append(pk)
    for mark, pks in wrong.items():
        for start in range(0, len(pks), 500):
            IndexRow.objects.filter(pk__in=pks[start : start + 500]).update(has_variants=mark)


def written_targeting(target: Targeting) -> str:
    """Return a targeting as it is stored."""
    return orjson.dumps(asdict(target)).decode()


def read_targeting(text: str) -> Targeting:
    """Return a targeting as it was stored."""
    values = orjson.loads(text)
    return Targeting(**{name: tuple(value) if isinstance(value, list) else value for name, value in values.items()})


def _identity(row: VariantRow) -> tuple:
    return row.item_id, row.locale_code, row.code, row.document.version, row.targeting, row.ends_at


def variant_row(item_id: int, document_id: int, finished: FinishedVariant) -> VariantRow:
    """Return the row of a variant whose document is stored."""
    publication = finished.publication
    return VariantRow(
        item_id=item_id,
        document_id=document_id,
        locale_code=finished.locale,
        code=publication.code,
        starts_at=publication.start,
        ends_at=publication.end,
        updated_at=publication.updated_at,
        targeting=written_targeting(publication.targeting),
        **repeated_columns(publication.targeting),
    )


def _term_ids(target: Targeting, taxonomy: TaxonomySnapshot) -> list[int]:
    return list(dict.fromkeys(taxonomy.get(code).id for code in (*target.segments, *target.markets)))


def repeated_columns(target: Targeting) -> dict[str, bool | str]:
    """Return what a variant row repeats of its targeting."""
    return {
        "has_segments": bool(target.segments),
        "has_markets": bool(target.markets),
        "has_channels": bool(target.channels),
        "experiment": target.experiment,
    }


def _remove(rows: Sequence[VariantRow]) -> None:
    ids = [row.pk for row in rows]
    for start in range(0, len(ids), 500):
        chunk = ids[start : start + 500]
        VariantTermRow.objects.filter(row__in=chunk)._raw_delete(using=connection.alias)
        VariantRow.objects.filter(pk__in=chunk)._raw_delete(using=connection.alias)
