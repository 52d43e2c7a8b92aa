"""Writing the published store: what content projects goes in whole, and only what differs is touched."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from .bulk import insert_objects
from .documents import ItemProjection, make_export_key
from .editions import ITEMS, item_tag, record, term_tag, type_tag
from .findable import texts_of
from .indexing import Indexer, Path
from .models import ChannelRow, Document, IndexRow, PastSlug, PublishedItem, SearchText, TermRow, VariantRow
from .past import purge_past, remember_rows
from .rows import Row, wanted_rows
from .search import forget_texts, index_texts
from .surroundings import Surroundings, read_surroundings
from .variantstore import VariantWriter, mark_items

_SURROUNDINGS = 0x68756200  # the name of a lock, known to nobody else
_SLUG = ("locale_id", "slug", "item_id")


@dataclass(frozen=True)
class Difference:
    """A place where the store does not hold what the content says."""

    key: str
    locale: str
    message: str

    def __str__(self) -> str:
        return f"{self.key} [{self.locale}]: {self.message}"


_Kept = list[tuple[IndexRow, Row]]
_Fresh = list[tuple[PublishedItem, Row]]


def lock_items(keys: Iterable[str]) -> dict[str, PublishedItem]:
    """Return the items' rows by key, made where missing and locked in order of key until the transaction ends.

    Until then, what all items are served by (see ``lock_surroundings``) stays as it is.
    """
    _lock_surroundings("pg_advisory_xact_lock_shared")
    wanted = sorted(set(keys))
    have = set(PublishedItem.objects.filter(key__in=wanted).values_list("key", flat=True))
    missing = [PublishedItem(key=key, export_key=make_export_key(key)) for key in wanted if key not in have]
    PublishedItem.objects.bulk_create(missing, ignore_conflicts=True)
    rows = PublishedItem.objects.filter(key__in=wanted).order_by("key").select_for_update()
    return {row.key: row for row in rows}


def lock_surroundings() -> None:
    """Let no item be written but here, until the transaction ends: taxonomy, chains or types are changing.

    Whoever is writing items is waited for; whoever comes later reads what this transaction made of them.
    """
    _lock_surroundings("pg_advisory_xact_lock")


def write(
    projections: Sequence[ItemProjection], *, now: datetime, anew: bool = False, around: Surroundings | None = None
) -> None:
    """Bring the store in step with ``projections``, in the caller's transaction or one of its own.

    The items must be locked (``lock_items``) before the content was read. Writing the same again changes nothing.
    ``anew``: all rows are made again, right or wrong. ``around``: what was read since the items are locked.
    """
    if not projections:
        return
    with transaction.atomic():
        items = {item.key: item for item in PublishedItem.objects.filter(key__in=[p.key for p in projections])}
        _Writer(items, now, around or read_surroundings()).write(projections, anew=anew)


def differences(projections: Sequence[ItemProjection], *, now: datetime) -> list[Difference]:
    """Return where the store answers otherwise than ``projections`` demand, at ``now`` or any later instant."""
    items = {item.key: item for item in PublishedItem.objects.filter(key__in=[p.key for p in projections])}
    return _Writer(items, now, read_surroundings()).differences(projections)


def purge_documents(before: datetime) -> int:
    """Delete documents that were last served before an instant; return how many."""
    purge_past(before)
    rows = ("index_rows", "variant_rows", "past_rows", "past_variant_rows")
    old = Document.objects.filter(served_until__lt=before, **dict.fromkeys(rows)).values_list("pk", flat=True)
    ids = list(old)
    for chunk in _chunks(ids):
        forget_texts(chunk)
        Document.objects.filter(pk__in=chunk)._raw_delete(using=connection.alias)
    return len(ids)


class _Writer:
    """One comparison of projections with the stored rows, and what follows from it."""

    def __init__(self, items: dict[str, PublishedItem], now: datetime, around: Surroundings) -> None:
        self.items = items
        self.now = now
        self.locales = around.locales
        self.taxonomy = around.taxonomy
        self.indexer = Indexer(around.taxonomy, around.channels)
        self.variants = VariantWriter(items, self.taxonomy, now)

    def write(self, projections: Sequence[ItemProjection], *, anew: bool) -> None:
        kept, fresh, stale = self._compare(projections, anew=anew)
        moved = self._misclassified(kept)
        gone = self.variants.write(projections, anew=anew)
        changed = [*moved, *((row, wanted) for row, wanted in kept if row.item_id in self.variants.touched)]
        if fresh or stale or changed:
            record(self._touched([*fresh, *changed], [*stale, *(row for row, _ in changed)]))
        if stale:
            went = self._unlike(stale, fresh) if anew else stale
            remember_rows(went, self.now)
            _remove(stale)
        if anew:
            forget_texts({row.document_id for row in stale})
        self._reclassify(moved)
        if fresh:
            self._add(fresh, stale)
        if stale or gone:
            self._retire_documents([*stale, *gone])
        if stale or fresh:
            self._remember_slugs([*kept, *fresh])
        if stale or fresh or self.variants.touched:
            mark_items([item.pk for item in self.items.values()])

    def differences(self, projections: Sequence[ItemProjection]) -> list[Difference]:
        kept, fresh, stale = self._compare(projections)
        missing = [
            Difference(item.key, row.locale, f"version {row.document.version} is missing from {row.starts_at}")
            for item, row in fresh
        ]
        wrong = [
            Difference(
                row.key,
                self.locales.by_id[row.locale_id].code,
                f"{row.document.version} should not be served",
            )
            for row in stale
            if row.ends_at > self.now
        ]
        misplaced = [
            Difference(row.key, wanted.locale, "the terms differ") for row, wanted in self._misclassified(kept)
        ]
        return missing + wrong + misplaced + self._ill_indexed(kept) + self._variant_differences(projections, kept)

    def _compare(
        self, projections: Sequence[ItemProjection], *, anew: bool = False
    ) -> tuple[_Kept, _Fresh, list[IndexRow]]:
        """Return the stored rows that are right, the rows that are missing, the stored rows that are wrong."""
        stored = self._stored_rows()
        kept: _Kept = []
        fresh: _Fresh = []
        for projection in projections:
            item = self.items.get(projection.key) or PublishedItem(key=projection.key)
            left = stored.get(item.pk, [])
            for row in wanted_rows(projection, self.locales, now=self.now):
                same = None if anew else next((one for one in left if self._answers_alike(one, row)), None)
                if same is None:
                    fresh.append((item, row))
                else:
                    left.remove(same)
                    kept.append((same, row))
        return kept, fresh, [row for rows in stored.values() for row in rows]

    def _variant_differences(self, projections: Sequence[ItemProjection], rows: _Kept) -> list[Difference]:
        kept, fresh, stale = self.variants.compare(projections)
        keys = {item.pk: key for key, item in self.items.items()}
        found = [
            Difference(each.item.key, each.document.locale, f"variant {each.document.publication.code} is missing")
            for each in fresh
        ]
        found += [
            Difference(keys[row.item_id], row.locale_code, f"variant {row.code} should not be served")
            for row in stale
            if row.ends_at > self.now
        ]
        found += [
            Difference(keys[row.item_id], row.locale_code, f"variant {row.code}: {message}")
            for row, message in self.variants.ill_indexed(kept)
        ]
        have = {(row.item_id, row.locale_code) for row in (*kept, *stale)}
        found += [
            Difference(row.key, wanted.locale, "the index tells otherwise of its variants")
            for row, wanted in rows
            if row.has_variants != ((row.item_id, wanted.document.locale) in have)
        ]
        return found

    # --- what is there ----------------------------------------------------------------------------------

    def _stored_rows(self) -> dict[int, list[IndexRow]]:
        stored: dict[int, list[IndexRow]] = {}
        rows = (
            IndexRow.objects.filter(item__in=[item.pk for item in self.items.values()])
            .select_related("document")
            .defer("document__head", "document__body")
        )
        for row in rows:
            stored.setdefault(row.item_id, []).append(row)
        return stored

    def _answers_alike(self, kept: IndexRow, row: Row) -> bool:
        """Return whether a stored row answers as ``row`` does, now and later."""
        return (
            kept.locale_id == row.locale_id
            and (kept.document.version, kept.is_stale) == row.answer
            and kept.ends_at == row.ends_at
            and (kept.starts_at == row.starts_at or (kept.starts_at <= self.now and row.starts_at <= self.now))
        )

    def _misclassified(self, kept: _Kept) -> _Kept:
        """Return those of ``kept`` that stand under other terms than they should: the taxonomy moved."""
        stored: dict[int, set[Path]] = {row.pk: set() for row, _ in kept}
        for chunk in _chunks(stored):
            paths = TermRow.objects.filter(row__in=chunk).values_list("row_id", *Path._fields)
            for row_id, *path in paths:
                stored[row_id].add(Path(*path))
        return [
            (row, wanted) for row, wanted in kept if stored[row.pk] != self.indexer.paths(wanted.document.facts.terms)
        ]

    def _ill_indexed(self, kept: _Kept) -> list[Difference]:
        """Return where what is repeated of a document, so that it is found, is not as in the document."""
        ids = [row.pk for row, _ in kept]
        channels: dict[int, set[int]] = {pk: set() for pk in ids}
        for chunk in _chunks(ids):
            for row_id, channel_id in ChannelRow.objects.filter(row__in=chunk).values_list("row_id", "channel_id"):
                channels[row_id].add(channel_id)
        documents = {row.document_id for row, _ in kept}
        searchable: set[int] = set()
        for chunk in _chunks(documents):
            searchable |= set(SearchText.objects.filter(pk__in=chunk).values_list("pk", flat=True))
        found = []
        for row, wanted in kept:
            columns = _columns(wanted)
            if {name: getattr(row, name) for name in columns} != columns:
                found.append(Difference(row.key, wanted.locale, "the index tells otherwise than the document"))
            if channels[row.pk] != set(self.indexer.channel_ids(wanted.document.facts.channels)):
                found.append(Difference(row.key, wanted.locale, "the channels differ"))
            if row.document_id not in searchable:
                found.append(Difference(row.key, wanted.locale, "no search finds it"))
        return found

    # --- changes ----------------------------------------------------------------------------------------

    def _touched(self, wanted: Sequence[tuple[Any, Row]], had: list[IndexRow]) -> set[str]:
        """Return the tags of all that is to be different: of rows as they will be, and as they were."""
        facts = [row.document.facts for _, row in wanted]
        term_ids = {path.term_id for each in facts for path in self.indexer.paths(each.terms)}
        for chunk in _chunks(row.pk for row in had):
            term_ids |= set(TermRow.objects.filter(row__in=chunk).values_list("term_id", flat=True))
        terms = (self.taxonomy.find_id(pk) for pk in term_ids)
        return {
            ITEMS,
            *(item_tag(row.key) for row in had),
            *(item_tag(owner.key) for owner, _ in wanted),
            *(type_tag(code) for code in {*(row.type for row in had), *(each.type for each in facts)}),
            *(term_tag(term.code) for term in terms if term),
        }

    def _reclassify(self, moved: _Kept) -> None:
        for chunk in _chunks(row.pk for row, _ in moved):
            TermRow.objects.filter(row__in=chunk)._raw_delete(using=connection.alias)
        self.indexer.add_terms((row, wanted.document.facts.terms) for row, wanted in moved)

    def _unlike(self, stale: list[IndexRow], fresh: _Fresh) -> list[IndexRow]:
        """Return those of ``stale`` that are not made again."""
        return [row for row in stale if not any(self._is_made_again(row, *one) for one in fresh)]

    def _is_made_again(self, kept: IndexRow, item: PublishedItem, row: Row) -> bool:
        return kept.item_id == item.pk and self._answers_alike(kept, row)

    def _answers_since(
        self, item: PublishedItem, row: Row, stale: Sequence[IndexRow], known: Container[str]
    ) -> datetime:
        """Return the instant from which a row answers: not earlier than it began to, whatever its text is valid from.

        A text that was stored before, another language's perhaps, answers here since now; any other since it went on
        air, but not before what it takes the place of.
        """
        if row.starts_at > self.now:
            return row.starts_at
        before = [one for one in stale if one.item_id == item.pk and one.locale_id == row.locale_id]
        if again := next((one for one in before if self._answers_alike(one, row)), None):
            return again.starts_at
        if row.document.version in known:
            return self.now
        return max([row.starts_at, *(min(one.ends_at, self.now) for one in before)])

    def _add(self, fresh: _Fresh, stale: Sequence[IndexRow]) -> None:
        documents, known = self._store_documents(fresh)
        rows = [
            IndexRow(
                item=item,
                document_id=documents[row.document.version],
                locale_id=row.locale_id,
                starts_at=self._answers_since(item, row, stale, known),
                ends_at=row.ends_at,
                is_stale=row.document.publication.is_stale,
                key=item.key,
                **_columns(row),
            )
            for item, row in fresh
        ]
        insert_objects(rows)
        facts = [row.document.facts for _, row in fresh]
        self.indexer.add_terms((row, each.terms) for row, each in zip(rows, facts, strict=True))
        self.indexer.add_channels((row, each.channels) for row, each in zip(rows, facts, strict=True))

    def _store_documents(self, fresh: _Fresh) -> tuple[dict[str, int], Container[str]]:
        """Return document ids by version, and the versions known before; store the others, make all findable."""
        wanted: dict[str, tuple[PublishedItem, Row]] = {}
        for item, row in fresh:
            first = wanted.get(row.document.version)
            if first is None or row.starts_at < first[1].starts_at:
                wanted[row.document.version] = (item, row)
        stored = {
            document.version: document for document in Document.objects.filter(version__in=wanted).only("pk", "version")
        }
        ids_stored = [document.pk for document in stored.values()]
        findable = set(SearchText.objects.filter(document__in=ids_stored).values_list("document_id", flat=True))
        Document.objects.filter(pk__in=ids_stored, served_until__isnull=False).update(served_until=None)
        new = [
            Document(
                item=item,
                locale_code=row.document.locale,
                version=version,
                head=row.document.head,
                body=row.document.body,
                served_from=row.starts_at,
            )
            for version, (item, row) in wanted.items()
            if version not in stored
        ]
        insert_objects(new)
        ids = {document.version: document.pk for document in (*stored.values(), *new)}
        index_texts(texts_of(pk, wanted[version][1].document) for version, pk in ids.items() if pk not in findable)
        return ids, stored

    def _remember_slugs(self, rows: Iterable[tuple[IndexRow | PublishedItem, Row]]) -> None:
        """Note since when items have their own slugs; what was noted of a future that is called off goes."""
        PastSlug.objects.filter(item__in=self.items.values(), since__gt=self.now).delete()
        own = [
            PastSlug(
                item_id=had.item_id if isinstance(had, IndexRow) else had.pk,
                locale_id=row.locale_id,
                slug=row.document.publication.slug,
                since=row.starts_at,
            )
            for had, row in rows
            if row.document.publication.slug and not row.is_fallback
        ]
        noted = PastSlug.objects.filter(
            slug__in={one.slug for one in own}, locale__in={one.locale_id for one in own}, since__lte=self.now
        )
        owners = {(locale, slug): item for locale, slug, item in noted.order_by("since").values_list(*_SLUG)}
        new = []
        for one in sorted(own, key=lambda one: one.since):
            if owners.get((one.locale_id, one.slug)) != one.item_id:
                owners[one.locale_id, one.slug] = one.item_id
                new.append(one)
        PastSlug.objects.bulk_create(new, ignore_conflicts=True, batch_size=500)

    def _retire_documents(self, stale: Sequence[IndexRow | VariantRow]) -> None:
        """Close documents that no row names any more; one that was never on air leaves no trace."""
        ends: dict[int, datetime] = {}
        for row in stale:
            ends[row.document_id] = max(row.ends_at, ends.get(row.document_id, row.ends_at))
        still: set[int] = set()
        for chunk in _chunks(ends):
            for rows in (IndexRow.objects, VariantRow.objects):
                still |= set(rows.filter(document__in=chunk).values_list("document_id", flat=True))
        gone = [pk for pk in ends if pk not in still]
        forget_texts(gone)
        by_end: dict[datetime, list[int]] = {}
        for pk in gone:
            by_end.setdefault(min(ends[pk], self.now), []).append(pk)
        for until, ids in by_end.items():
            for chunk in _chunks(ids):
                Document.objects.filter(pk__in=chunk, served_from__gt=self.now).delete()
                Document.objects.filter(pk__in=chunk).update(served_until=until)


def _lock_surroundings(function: str) -> None:
    """SQLite has one writer at a time anyway; PostgreSQL has locks that stand for whatever one likes."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}(%s)", [_SURROUNDINGS])


def _columns(row: Row) -> dict[str, Any]:
    """Return what an index row repeats of its document."""
    facts, publication = row.document.facts, row.document.publication
    return {
        "is_fallback": row.is_fallback,
        "has_channels": bool(facts.channels),
        "type": facts.type,
        "slug": publication.slug,
        "priority": facts.priority,
        "published_at": publication.published_at,
        "updated_at": row.document.updated_at,
    }


def _remove(rows: list[IndexRow]) -> None:
    for chunk in _chunks(row.pk for row in rows):
        TermRow.objects.filter(row__in=chunk)._raw_delete(using=connection.alias)
        ChannelRow.objects.filter(row__in=chunk)._raw_delete(using=connection.alias)
        IndexRow.objects.filter(pk__in=chunk)._raw_delete(using=connection.alias)


def _chunks(ids: Iterable[int], size: int = 500) -> Iterable[list[int]]:
    ids = list(ids)
    return (ids[start : start + size] for start in range(0, len(ids), size))
