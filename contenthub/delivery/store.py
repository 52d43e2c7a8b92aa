"""Writing the published store: what content projects goes in whole, and only what differs is touched."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain as concatenated
from typing import NamedTuple

from django.db import connection, transaction

from channels.registry import ChannelRegistry, channel_registry
from locales.catalogue import LocaleCatalogue, locale_catalogue
from taxonomy.snapshot import TaxonomySnapshot, taxonomy_snapshot

from .documents import Facts, Finished, ItemProjection, Publication, finish, make_export_key
from .intervals import served_intervals
from .models import FOREVER, ChannelRow, Document, IndexRow, PastSlug, PublishedItem, SearchText, TermRow
from .search import Texts, forget_texts, index_texts, plain_text


@dataclass(frozen=True)
class Difference:
    """A place where the store does not hold what the content says."""

    key: str
    locale: str
    message: str

    def __str__(self) -> str:
        return f"{self.key} [{self.locale}]: {self.message}"


@dataclass(frozen=True)
class _Row:
    """An index row as it should be."""

    locale_id: int
    locale: str
    starts_at: datetime
    ends_at: datetime
    document: Finished

    @property
    def is_fallback(self) -> bool:
        return self.document.locale != self.locale


class _Path(NamedTuple):
    """A term that a row stands under, and whether by its own tag."""

    term_id: int
    facet_id: int
    is_own: bool


_Kept = list[tuple[IndexRow, _Row]]
_Fresh = list[tuple[PublishedItem, _Row]]


def lock_items(keys: Iterable[str]) -> dict[str, PublishedItem]:
    """Return the items' rows by key, made where missing and locked in order of key until the transaction ends."""
    wanted = sorted(set(keys))
    have = set(PublishedItem.objects.filter(key__in=wanted).values_list("key", flat=True))
    missing = [PublishedItem(key=key, export_key=make_export_key(key)) for key in wanted if key not in have]
    PublishedItem.objects.bulk_create(missing, ignore_conflicts=True)
    rows = PublishedItem.objects.filter(key__in=wanted).order_by("key").select_for_update()
    return {row.key: row for row in rows}


def write(projections: Sequence[ItemProjection], *, now: datetime) -> None:
    """Bring the store in step with ``projections``, in the caller's transaction or one of its own.

    The items must be locked (``lock_items``) before the content was read. Writing the same again changes nothing.
    """
    if not projections:
        return
    with transaction.atomic():
        items = {item.key: item for item in PublishedItem.objects.filter(key__in=[p.key for p in projections])}
        _Writer(items, now).write(projections)


def forget(keys: Iterable[str]) -> None:
    """Drop everything of these items that ``write`` can make again; documents stay."""
    rows = list(IndexRow.objects.filter(item__key__in=list(keys)).only("pk", "document_id"))
    _remove(rows)
    forget_texts({row.document_id for row in rows})


def differences(projections: Sequence[ItemProjection], *, now: datetime) -> list[Difference]:
    """Return where the store answers otherwise than ``projections`` demand, at ``now`` or any later instant."""
    items = {item.key: item for item in PublishedItem.objects.filter(key__in=[p.key for p in projections])}
    return _Writer(items, now).differences(projections)


class _Writer:
    """One comparison of projections with the stored rows, and what follows from it."""

    def __init__(self, items: dict[str, PublishedItem], now: datetime) -> None:
        self.items = items
        self.now = now
        self.locales: LocaleCatalogue = locale_catalogue()
        self.channels: ChannelRegistry = channel_registry()
        self.taxonomy: TaxonomySnapshot = taxonomy_snapshot()
        self.paths: dict[tuple[str, ...], frozenset[_Path]] = {}

    def write(self, projections: Sequence[ItemProjection]) -> None:
        kept, fresh, stale = self._compare(projections)
        if stale:
            _remove(stale)
        self._reclassify(kept)
        if fresh:
            self._add(fresh)
        if stale:
            self._retire_documents({row.document_id: row for row in stale})

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
        ]
        misplaced = [
            Difference(row.key, wanted.locale, "the terms differ") for row, wanted in self._misclassified(kept)
        ]
        return missing + wrong + misplaced

    def _compare(self, projections: Sequence[ItemProjection]) -> tuple[_Kept, _Fresh, list[IndexRow]]:
        """Return the stored rows that are right, the rows that are missing, the stored rows that are wrong."""
        stored = self._stored_rows()
        kept: _Kept = []
        fresh: _Fresh = []
        for projection in projections:
            item = self.items.get(projection.key) or PublishedItem(key=projection.key)
            left = stored.get(item.pk, [])
            for row in self._wanted_rows(projection):
                same = next((one for one in left if self._answers_alike(one, row)), None)
                if same is None:
                    fresh.append((item, row))
                else:
                    left.remove(same)
                    kept.append((same, row))
        return kept, fresh, [row for rows in stored.values() for row in rows]

    # --- what should be there ---------------------------------------------------------------------------

    def _wanted_rows(self, projection: ItemProjection) -> list[_Row]:
        rows: dict[str, list[_Row]] = {entry.code: [] for entry in self.locales.by_code.values()}
        following = [*(facts.since for facts in projection.facts[1:]), FOREVER]
        for facts, until in zip(projection.facts, following, strict=False):
            windows = {
                code: [
                    window
                    for publication in publications
                    if (window := _window(projection.key, code, publication, facts, until))
                ]
                for code, publications in projection.publications.items()
            }
            for entry in self.locales.by_code.values():
                chain = entry.chain if facts.fallback_allowed else (entry.code,)
                embargo = projection.embargoed.get(entry.code)
                rows[entry.code] += [
                    _Row(entry.id, entry.code, interval.start, interval.end, interval.window.document)
                    for interval in served_intervals(chain, windows, embargoed_until=embargo)
                    if interval.end > self.now
                ]
        return [row for found in rows.values() for row in _joined(found)]

    def _terms_of(self, facts: Facts) -> frozenset[_Path]:
        """Return every term that the facts stand under."""
        if facts.terms not in self.paths:
            own = {self.taxonomy.get(code) for code in facts.terms}
            above = {ancestor for term in own for ancestor in term.ancestors}
            self.paths[facts.terms] = frozenset(
                _Path(term.id, self.taxonomy.facets[term.facet].id, term in own) for term in own | above
            )
        return self.paths[facts.terms]

    def _channels_of(self, facts: Facts) -> list[int]:
        return [self.channels.get(code).id for code in dict.fromkeys(facts.channels)]

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

    def _answers_alike(self, kept: IndexRow, row: _Row) -> bool:
        """Return whether a stored row answers as ``row`` does, now and later."""
        return (
            kept.locale_id == row.locale_id
            and kept.document.version == row.document.version
            and kept.ends_at == row.ends_at
            and kept.is_stale == row.document.publication.is_stale
            and (kept.starts_at == row.starts_at or (kept.starts_at <= self.now and row.starts_at <= self.now))
        )

    def _misclassified(self, kept: _Kept) -> _Kept:
        """Return those of ``kept`` that stand under other terms than they should: the taxonomy moved."""
        stored: dict[int, set[_Path]] = {row.pk: set() for row, _ in kept}
        for chunk in _chunks(stored):
            paths = TermRow.objects.filter(row__in=chunk).values_list("row_id", "term_id", "facet_id", "is_own")
            for row_id, *path in paths:
                stored[row_id].add(_Path(*path))
        return [(row, wanted) for row, wanted in kept if stored[row.pk] != self._terms_of(wanted.document.facts)]

    # --- changes ----------------------------------------------------------------------------------------

    def _reclassify(self, kept: _Kept) -> None:
        moved = self._misclassified(kept)
        for chunk in _chunks(row.pk for row, _ in moved):
            TermRow.objects.filter(row__in=chunk)._raw_delete(using=connection.alias)
        self._add_terms([(row, wanted.document.facts) for row, wanted in moved])

    def _add(self, fresh: list[tuple[PublishedItem, _Row]]) -> None:
        documents = self._store_documents(fresh)
        rows = []
        for item, row in fresh:
            facts, publication = row.document.facts, row.document.publication
            rows.append(
                IndexRow(
                    item=item,
                    document_id=documents[row.document.version],
                    locale_id=row.locale_id,
                    starts_at=row.starts_at,
                    ends_at=row.ends_at,
                    is_fallback=row.is_fallback,
                    is_stale=publication.is_stale,
                    has_channels=bool(facts.channels),
                    key=item.key,
                    type=facts.type,
                    slug=publication.slug,
                    published_at=publication.published_at,
                    updated_at=row.document.updated_at,
                )
            )
        IndexRow.objects.bulk_create(rows, batch_size=500)
        self._add_terms([(row, wanted.document.facts) for row, (_, wanted) in zip(rows, fresh, strict=True)])
        ChannelRow.objects.bulk_create(
            (
                ChannelRow(row_id=row.pk, channel_id=channel_id)
                for row, (_, wanted) in zip(rows, fresh, strict=True)
                for channel_id in self._channels_of(wanted.document.facts)
            ),
            batch_size=2000,
        )
        self._remember_slugs(rows)

    def _add_terms(self, rows: list[tuple[IndexRow, Facts]]) -> None:
        TermRow.objects.bulk_create(
            (
                TermRow(
                    row_id=row.pk,
                    locale_id=row.locale_id,
                    starts_at=row.starts_at,
                    ends_at=row.ends_at,
                    **path._asdict(),
                )
                for row, facts in rows
                for path in self._terms_of(facts)
            ),
            batch_size=2000,
        )

    def _store_documents(self, fresh: list[tuple[PublishedItem, _Row]]) -> dict[str, int]:
        """Return document ids by version, storing those that are new and making all of them findable."""
        wanted: dict[str, tuple[PublishedItem, _Row]] = {}
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
        Document.objects.bulk_create(new, batch_size=500)
        ids = {document.version: document.pk for document in (*stored.values(), *new)}
        index_texts(_texts(pk, wanted[version][1].document) for version, pk in ids.items() if pk not in findable)
        return ids

    def _remember_slugs(self, rows: list[IndexRow]) -> None:
        slugs = [
            PastSlug(item_id=row.item_id, locale_id=row.locale_id, slug=row.slug)
            for row in rows
            if row.slug and not row.is_fallback
        ]
        PastSlug.objects.bulk_create(
            slugs,
            update_conflicts=True,
            unique_fields=["locale", "slug"],
            update_fields=["item"],
            batch_size=500,
        )

    def _retire_documents(self, last_rows: dict[int, IndexRow]) -> None:
        """Close documents that no row names any more; one that was never on air leaves no trace."""
        still = set(IndexRow.objects.filter(document__in=last_rows).values_list("document_id", flat=True))
        gone = [pk for pk in last_rows if pk not in still]
        forget_texts(gone)
        by_end: dict[datetime, list[int]] = {}
        for pk in gone:
            by_end.setdefault(min(last_rows[pk].ends_at, self.now), []).append(pk)
        for until, ids in by_end.items():
            for chunk in _chunks(ids):
                Document.objects.filter(pk__in=chunk, served_from__gt=self.now).delete()
                Document.objects.filter(pk__in=chunk).update(served_until=until)


@dataclass(frozen=True, eq=False)
class _DocumentWindow:
    start: datetime
    end: datetime
    document: Finished


def _window(key: str, locale: str, publication: Publication, facts: Facts, until: datetime) -> _DocumentWindow | None:
    """Return the document that a publication makes under ``facts``, which hold until ``until``."""
    start, end = max(publication.start, facts.since), min(publication.end, until)
    return _DocumentWindow(start, end, finish(key, locale, publication, facts)) if start < end else None


def _joined(rows: list[_Row]) -> list[_Row]:
    """Join rows that follow each other with the same document."""
    joined: list[_Row] = []
    for row in rows:
        last = joined[-1] if joined else None
        follows = last and last.locale_id == row.locale_id and last.ends_at == row.starts_at
        if follows and last.document.version == row.document.version:
            joined[-1] = _Row(row.locale_id, row.locale, last.starts_at, row.ends_at, last.document)
        else:
            joined.append(row)
    return joined


def _texts(document_id: int, document: Finished) -> Texts:
    """Return what a document is found by: everything that a reader sees of it."""
    head, body = document.publication.head, document.publication.body
    rest = [text["text"] for text in head.get("texts", ())]
    rest += [value["value"] for value in document.publication.fields if value["kind"] == "text"]
    rest += [head["cta"]["label"]] if head.get("cta") else []
    rest += [head["image"][name] or "" for name in ("alt", "caption") if head.get("image")]
    rest += concatenated.from_iterable(map(block_texts, body["blocks"]))
    return Texts(document_id, head["headline"], head.get("summary") or "", "\n".join(rest))


def block_texts(block: dict) -> list[str]:
    """Return the texts that a reader sees of one block, without markup."""
    match block["type"]:
        case "rich_text":
            return [plain_text(block["html"])]
        case "question":
            return [block["question"], plain_text(block["answer"])]
        case "list":
            return list(block["items"])
        case "table":
            return [*block["header"], *concatenated.from_iterable(block["rows"])]
        case "image":
            return [block["image"]["alt"], block.get("caption") or ""]
        case "call_to_action":
            return [block["cta"]["label"]]
        case _:
            return [block[name] for name in ("text", "source", "title", "label") if block.get(name)]


def _remove(rows: list[IndexRow]) -> None:
    for chunk in _chunks(row.pk for row in rows):
        TermRow.objects.filter(row__in=chunk)._raw_delete(using=connection.alias)
        ChannelRow.objects.filter(row__in=chunk)._raw_delete(using=connection.alias)
        IndexRow.objects.filter(pk__in=chunk)._raw_delete(using=connection.alias)


def _chunks(ids: Iterable[int], size: int = 500) -> Iterable[list[int]]:
    ids = list(ids)
    return (ids[start : start + size] for start in range(0, len(ids), size))
