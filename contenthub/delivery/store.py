"""Writing the published store: what content projects goes in whole, and only what differs is touched."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from .bulk import chunks, insert_objects
from .comparing import Fresh, Kept, compare, misclassified
from .documents import ItemProjection, make_export_key
from .editions import ITEMS, item_tag, record, term_tag, type_tag
from .findable import texts_of
from .indexing import Indexer
from .models import ChannelRow, Document, IndexRow, PastRow, PastSlug, PublishedItem, SearchText, TermRow, VariantRow
from .past import answers_since, purge_past, remember
from .rows import Row
from .search import forget_texts, index_texts
from .surroundings import Surroundings, read_surroundings
from .variantstore import VariantWriter, mark_items

_SURROUNDINGS = 0x68756200  # the name of a lock, known to nobody else
_SLUG = ("locale_id", "slug", "item_id")


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


def purge_documents(before: datetime) -> int:
    """Delete documents that were last served before an instant; return how many."""
    purge_past(before)
    rows = ("index_rows", "variant_rows", "past_rows", "past_variant_rows")
    old = Document.objects.filter(served_until__lt=before, **dict.fromkeys(rows)).values_list("pk", flat=True)
    ids = list(old)
    for chunk in chunks(ids):
        forget_texts(chunk)
        Document.objects.filter(pk__in=chunk)._raw_delete(using=connection.alias)
    return len(ids)


class _Writer:
    """Brings the rows of some items in step with what is projected of them."""

    def __init__(self, items: dict[str, PublishedItem], now: datetime, around: Surroundings) -> None:
        self.items = items
        self.now = now
        self.locales = around.locales
        self.taxonomy = around.taxonomy
        self.indexer = Indexer(around.taxonomy, around.channels)
        self.variants = VariantWriter(items, self.taxonomy, now)

    def write(self, projections: Sequence[ItemProjection], *, anew: bool) -> None:
        kept, fresh, stale = compare(projections, self.items, self.locales, now=self.now)
        fresh = self._beginning(fresh, stale, [*stale, *(row for row, _ in kept)])
        remember(PastRow, stale, self.now)
        if anew:  # what is right as well, since when it answers
            owners = {item.pk: item for item in self.items.values()}
            fresh += [(owners[had.item_id], replace(row, starts_at=had.starts_at)) for had, row in kept]
            stale += [had for had, _ in kept]
            kept = []
        moved = misclassified(kept, self.indexer)
        gone = self.variants.write(projections, anew=anew)
        changed = [*moved, *((row, wanted) for row, wanted in kept if row.item_id in self.variants.touched)]
        if fresh or stale or changed:
            record(self._touched([*fresh, *changed], [*stale, *(row for row, _ in changed)]))
        if stale:
            _remove(stale)
        if anew:
            forget_texts({row.document_id for row in stale})
        self._reclassify(moved)
        if fresh:
            self._add(fresh)
        if stale or gone:
            self._retire_documents([*stale, *gone])
        if stale or fresh:
            self._remember_slugs([*kept, *fresh])
        if stale or fresh or self.variants.touched:
            mark_items([item.pk for item in self.items.values()])

    def _touched(self, wanted: Sequence[tuple[Any, Row]], had: list[IndexRow]) -> set[str]:
        """Return the tags of all that is to be different: of rows as they will be, and as they were."""
        facts = [row.document.facts for _, row in wanted]
        term_ids = {path.term_id for each in facts for path in self.indexer.paths(each.terms)}
        for chunk in chunks(row.pk for row in had):
            term_ids |= set(TermRow.objects.filter(row__in=chunk).values_list("term_id", flat=True))
        terms = (self.taxonomy.find_id(pk) for pk in term_ids)
        return {
            ITEMS,
            *(item_tag(row.key) for row in had),
            *(item_tag(owner.key) for owner, _ in wanted),
            *(type_tag(code) for code in {*(row.type for row in had), *(each.type for each in facts)}),
            *(term_tag(term.code) for term in terms if term),
        }

    def _reclassify(self, moved: Kept) -> None:
        for chunk in chunks(row.pk for row, _ in moved):
            TermRow.objects.filter(row__in=chunk)._raw_delete(using=connection.alias)
        self.indexer.add_terms((row, wanted.document.facts.terms) for row, wanted in moved)

    def _beginning(self, fresh: Fresh, stale: Iterable[IndexRow], had: Iterable[IndexRow]) -> Fresh:
        """Return ``fresh`` as it begins to answer: later than its text went on air where something else answered.

        A document that ``had`` answered before, for another language perhaps, answers here from now on.
        """
        known = {row.document.version for row in had}
        replaced: dict[tuple[int, int], list[IndexRow]] = {}
        for row in stale:
            replaced.setdefault((row.item_id, row.locale_id), []).append(row)
        found = []
        for item, row in fresh:
            start = answers_since(row.starts_at, replaced.get((item.pk, row.locale_id), ()), self.now)
            start = max(start, self.now) if row.document.version in known else start
            found.append((item, replace(row, starts_at=start)))
        return found

    def _add(self, fresh: Fresh) -> None:
        documents = self._store_documents(fresh)
        rows = [
            IndexRow(
                item=item,
                document_id=documents[row.document.version],
                locale_id=row.locale_id,
                starts_at=row.starts_at,
                ends_at=row.ends_at,
                is_stale=row.document.publication.is_stale,
                key=item.key,
                **row.columns,
            )
            for item, row in fresh
        ]
        insert_objects(rows)
        facts = [row.document.facts for _, row in fresh]
        self.indexer.add_terms((row, each.terms) for row, each in zip(rows, facts, strict=True))
        self.indexer.add_channels((row, each.channels) for row, each in zip(rows, facts, strict=True))

    def _store_documents(self, fresh: Fresh) -> dict[str, int]:
        """Return document ids by version, storing those that are new and making all of them findable."""
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
        return ids

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
        for chunk in chunks(ends):
            for rows in (IndexRow.objects, VariantRow.objects):
                still |= set(rows.filter(document__in=chunk).values_list("document_id", flat=True))
        gone = [pk for pk in ends if pk not in still]
        forget_texts(gone)
        by_end: dict[datetime, list[int]] = {}
        for pk in gone:
            by_end.setdefault(min(ends[pk], self.now), []).append(pk)
        for until, ids in by_end.items():
            for chunk in chunks(ids):
                Document.objects.filter(pk__in=chunk, served_from__gt=self.now).delete()
                Document.objects.filter(pk__in=chunk).update(served_until=until)


def _lock_surroundings(function: str) -> None:
    """SQLite has one writer at a time anyway; PostgreSQL has locks that stand for whatever one likes."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}(%s)", [_SURROUNDINGS])


def _remove(rows: list[IndexRow]) -> None:
    for chunk in chunks(row.pk for row in rows):
        TermRow.objects.filter(row__in=chunk)._raw_delete(using=connection.alias)
        ChannelRow.objects.filter(row__in=chunk)._raw_delete(using=connection.alias)
        IndexRow.objects.filter(pk__in=chunk)._raw_delete(using=connection.alias)
