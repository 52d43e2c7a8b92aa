"""From Wagtail's rows to published documents: the one place where items become what the world reads.

Used alike by publishing, preview, rebuild and check. Times come from the rows alone, so that projecting again,
whenever it is done, gives the same documents.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from itertools import pairwise
from typing import Any

from django.apps import apps

from contenthub.delivery.documents import Facts, ItemProjection, Publication, VariantPublication
from contenthub.delivery.models import FOREVER, PublishedItem
from contenthub.delivery.regions import in_region
from contenthub.delivery.surroundings import Surroundings, read_surroundings
from contenthub.delivery.targeting import Targeting, answering_today

from .airing import Scheduled, rows_on_air, rows_scheduled, variants_on_air, variants_scheduled
from .documents import Documents
from .facts import FrozenFacts, field_entries, freeze, freeze_targeting
from .regions import language_codes
from .translating.staleness import is_stale, source_digest

_EVER = datetime.min.replace(tzinfo=UTC)


def project(keys: Iterable[str], *, now: datetime, around: Surroundings | None = None) -> list[ItemProjection]:
    """Return what the store must hold of the items with these keys; nothing of drafts.

    One statement for each kind of row, however many items there are. ``around``: what was read since they are locked.
    """
    items = {item.key: item for item in PublishedItem.objects.filter(key__in=list(keys))}
    return _project(items, _Standing.of(items), around or read_surroundings())


def project_drafts(rows: Sequence[Any], variants: Sequence[Any], *, now: datetime) -> list[ItemProjection]:
    """Return what the store would hold if these drafts, of localizations and of variants, went on air at ``now``.

    What is scheduled in their place is left out, and a draft that ran out is on air all the same.
    """
    items = {row.key: PublishedItem(key=row.key) for row in (*rows, *variants)}
    items |= {item.key: item for item in PublishedItem.objects.filter(key__in=items)}
    standing, around = _Standing.of(items), read_surroundings()
    standing.put_on_air(rows, variants)
    for draft in (*rows, *variants):
        draft.last_published_at, draft.first_published_at = now, draft.first_published_at or now
        if draft.expire_at and draft.expire_at <= now:
            draft.expire_at = None
    for item in items.values():
        own = [row for row in rows if row.key == item.key]
        _freeze_drafts(item, own, [one for one in variants if one.key == item.key], around, now=now)
    return _project(items, standing, around)


def _project(items: Mapping[str, PublishedItem], standing: "_Standing", around: Surroundings) -> list[ItemProjection]:
    projector = _Projector(standing.rows(), around)
    return [
        replace(
            projector.project(item, standing.on_air[key], standing.scheduled[key]),
            variants=projector.project_variants(item, standing.variants[key], standing.coming[key]),
        )
        for key, item in items.items()
    ]


@dataclass(frozen=True)
class _Standing:
    """What is on air and scheduled of items, by their keys: localizations, and variants."""

    on_air: dict[str, list[Any]]
    scheduled: dict[str, list[Scheduled]]
    variants: dict[str, list[Any]]
    coming: dict[str, list[Scheduled]]

    @classmethod
    def of(cls, keys: Collection[str]) -> "_Standing":
        return cls(rows_on_air(keys), rows_scheduled(keys), variants_on_air(keys), variants_scheduled(keys))

    def rows(self) -> list[Any]:
        """Return all rows, as they are projected."""
        aired = [row for found in (*self.on_air.values(), *self.variants.values()) for row in found]
        coming = [entry.row for found in (*self.scheduled.values(), *self.coming.values()) for entry in found]
        return aired + coming

    def put_on_air(self, rows: Sequence[Any], variants: Sequence[Any]) -> None:
        """Let drafts stand in the place of what is on air and scheduled."""
        for drafts, on_air, scheduled, place in (
            (rows, self.on_air, self.scheduled, lambda row: row.locale_id),
            (variants, self.variants, self.coming, lambda variant: variant.pk),
        ):
            for draft in drafts:
                others = [row for row in on_air[draft.key] if place(row) != place(draft)]
                on_air[draft.key] = [*others, draft]
                kept = [entry for entry in scheduled[draft.key] if place(entry.row) != place(draft)]
                scheduled[draft.key] = kept


def _freeze_drafts(
    item: PublishedItem, rows: Sequence[Any], variants: Sequence[Any], around: Surroundings, *, now: datetime
) -> None:
    """Set on ``item``, which is not stored, the facts that its drafts would freeze, as far as they say them."""
    source = next((row for row in rows if row.is_source), None)
    if source is None and item.facts is None:
        source = apps.get_model("content", "ContentItem").objects.sources().filter(key=item.key).first()
        source = source and source.get_latest_revision_as_object()
    if source is not None:
        item.facts, item.facts_since = freeze(source, around.taxonomy, around.channels).as_json(), now
        item.source_digest = source_digest(source)
    for variant in variants:
        original = variant
        if not variant.is_source and variant.code not in item.targetings:
            family = type(variant).objects.filter(localization__key=item.key, code=variant.code)
            original = family.filter(localization__is_source=True).first() or variant
        if original is not variant or variant.is_source:
            target = freeze_targeting(original, around.taxonomy, around.channels)
            item.targetings[variant.code] = {**asdict(target), "since": now.isoformat()}


class _Projector:
    """Projects rows that were read together, so that what they share is looked up once."""

    def __init__(self, rows: Iterable[Any], around: Surroundings) -> None:
        self.locales = around.locales
        self.taxonomy = around.taxonomy
        self.channels = around.channels
        self.documents = Documents(rows, around)

    @cached_property
    def types_with_fallback(self) -> set[str]:
        types = apps.get_model("content", "ItemType").objects
        return set(types.filter(fallback_allowed=True).values_list("code", flat=True))

    def project(self, item: PublishedItem, on_air: list[Any], scheduled: list[Scheduled]) -> ItemProjection:
        sources = self._source_texts(item, scheduled)
        publications: dict[str, list[Publication]] = defaultdict(list)
        embargoed = {}
        following = {entry.row.locale.language_code: entry for entry in scheduled}
        for row in on_air:
            code = row.locale.language_code
            after = following[code].start if code in following else FOREVER
            end = min(row.expire_at or FOREVER, after)
            publications[code] += self._publications(row, row.last_published_at, end, sources)
        for code, entry in following.items():
            row = entry.row
            publications[code] += self._publications(row, entry.start, row.expire_at or FOREVER, sources)
            if row.first_published_at is None:
                embargoed[code] = entry.start
        return ItemProjection(
            key=item.key,
            facts=self._facts(item, scheduled),
            publications={code: self._for_readers(code, publications) for code in publications},
            embargoed=embargoed,
        )

    def _for_readers(self, code: str, publications: Mapping[str, list[Publication]]) -> list[Publication]:
        """Return the publications in one locale; of a region with what its language says where it says nothing."""
        languages = language_codes(code, self.locales)
        if not languages:
            return publications[code]
        given = [publications[language] for language in languages if language in publications]
        return [whole for own in publications[code] for whole in in_region(own, given)]

    def _source_texts(self, item: PublishedItem, scheduled: list[Scheduled]) -> list[tuple[datetime, str]]:
        """Return since when the source has which text, as digests, in order."""
        launches = [(entry.start, source_digest(entry.row)) for entry in scheduled if entry.row.is_source]
        return [(_EVER, item.source_digest), *launches]

    def _publications(
        self, row: Any, start: datetime, end: datetime, sources: list[tuple[datetime, str]]
    ) -> Iterator[Publication]:
        """Yield what ``row`` puts on air: one publication, or several where it becomes stale on the way."""
        if start >= end:
            return
        head, body = self.documents.texts(row)
        fields = self.documents.field_values(field_entries(row, localized=True))
        instants = [start, *(since for since, _ in sources if start < since < end), end]
        for since, until in pairwise(instants):
            source_text = next(digest for instant, digest in reversed(sources) if instant <= since)
            yield Publication(
                start=_utc(since),
                end=_utc(until),
                published_at=_utc(row.first_published_at or start),
                updated_at=_utc(start),
                slug=row.slug,
                head=head,
                body=body,
                fields=fields,
                valid_from=_utc(row.go_live_at) if row.go_live_at else None,
                valid_until=_utc(row.expire_at) if row.expire_at else None,
                is_stale=not row.is_source and is_stale(row.source_digest, source_text),
            )

    def _facts(self, item: PublishedItem, scheduled: list[Scheduled]) -> tuple[Facts, ...]:
        periods = []
        if item.facts is not None:
            periods.append(self._period(FrozenFacts(**item.facts), item.facts_since))
        for entry in scheduled:
            if entry.row.is_source:
                facts = freeze(entry.row, self.taxonomy, self.channels)
                if facts.as_json() != item.facts:
                    periods.append(self._period(facts, entry.start))
        return tuple(periods)

    def _period(self, facts: FrozenFacts, since: datetime) -> Facts:
        terms = dict.fromkeys(term for code in facts.terms for term in self.taxonomy.expand_for_filter(code))
        return Facts(
            since=_utc(since),
            type=facts.type,
            # By the age of their facets: another order of facets changes no document.
            terms=tuple(term.code for term in sorted(terms, key=lambda term: self.taxonomy.facets[term.facet].id)),
            channels=tuple(facts.channels),
            references=tuple((role, key) for role, key in facts.references),
            fields=self.documents.field_values(facts.fields),
            priority=facts.priority,
            fallback_allowed=facts.fallback_allowed and facts.type in self.types_with_fallback,
        )

    def project_variants(
        self, item: PublishedItem, on_air: list[Any], scheduled: list[Scheduled]
    ) -> dict[str, list[VariantPublication]]:
        """Return what variants put on air, by the locale of their base."""
        found: dict[str, list[VariantPublication]] = defaultdict(list)
        following = {entry.row.pk: entry.start for entry in scheduled}
        windows = [
            (row, row.last_published_at, min(row.expire_at or FOREVER, following.get(row.pk, FOREVER)))
            for row in on_air
        ]
        windows += [(entry.row, entry.start, entry.row.expire_at or FOREVER) for entry in scheduled]
        for row, start, end in windows:
            for since, until, target in self._targetings(item, row.code, scheduled):
                begins, ends = max(start, since), min(end, until)
                if begins < ends:
                    found[row.locale.language_code].append(self._variant_publication(row, begins, ends, start, target))
        return found

    def _targetings(
        self, item: PublishedItem, code: str, scheduled: list[Scheduled]
    ) -> list[tuple[datetime, datetime, Targeting]]:
        """Return from when until when a variant is for whom, in order."""
        periods: list[tuple[datetime, Targeting]] = []
        if frozen := dict(item.targetings.get(code, {})):
            since = datetime.fromisoformat(frozen.pop("since"))
            periods.append((since, Targeting(**{**frozen, "channels": tuple(frozen["channels"])})))
        for entry in scheduled:
            if entry.row.is_source and entry.row.code == code:
                periods.append((entry.start, freeze_targeting(entry.row, self.taxonomy, self.channels)))
        ends = [*(since for since, _ in periods[1:]), FOREVER]
        return [
            (since, end, answering_today(target, self.taxonomy))
            for (since, target), end in zip(periods, ends, strict=True)
        ]

    def _variant_publication(
        self, row: Any, begins: datetime, ends: datetime, start: datetime, target: Targeting
    ) -> VariantPublication:
        head, body = self.documents.overrides(row)
        return VariantPublication(
            code=row.code,
            start=_utc(begins),
            end=_utc(ends),
            published_at=_utc(row.first_published_at or start),
            updated_at=_utc(start),
            targeting=target,
            head=head,
            body=body,
            valid_from=_utc(row.go_live_at) if row.go_live_at else None,
            valid_until=_utc(row.expire_at) if row.expire_at else None,
        )


def _utc(instant: datetime) -> datetime:
    return instant.astimezone(UTC)
