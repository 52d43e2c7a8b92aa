"""From Wagtail's rows to published documents: the one place where items become what the world reads.

Used alike by publishing, preview, rebuild and check. Times come from the rows alone, so that projecting again,
whenever it is done, gives the same documents.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from functools import cached_property
from itertools import pairwise
from typing import Any

from django.apps import apps

from contenthub.delivery.documents import Facts, ItemProjection, Publication, VariantPublication
from contenthub.delivery.models import FOREVER, PublishedItem
from contenthub.delivery.surroundings import Surroundings, read_surroundings
from contenthub.delivery.targeting import Targeting, answering_today

from .airing import Scheduled, rows_on_air, rows_scheduled, variants_on_air, variants_scheduled
from .documents import Documents
from .facts import FrozenFacts, field_entries, freeze, freeze_targeting
from .translating.staleness import is_stale, source_digest

_EVER = datetime.min.replace(tzinfo=UTC)


def project(keys: Iterable[str], *, now: datetime, around: Surroundings | None = None) -> list[ItemProjection]:
    """Return what the store must hold of the items with these keys; nothing of drafts.

    One statement for each kind of row, however many items there are. ``around``: what was read since they are locked.
    """
    items = {item.key: item for item in PublishedItem.objects.filter(key__in=list(keys))}
    on_air = rows_on_air(items)
    scheduled = rows_scheduled(items)
    variants = variants_on_air(items)
    coming = variants_scheduled(items)
    rows = [row for found in (*on_air.values(), *variants.values()) for row in found]
    rows += [entry.row for found in (*scheduled.values(), *coming.values()) for entry in found]
    projector = _Projector(rows, around)
    return [
        replace(
            projector.project(item, on_air[item.key], scheduled[item.key]),
            variants=projector.project_variants(item, variants[item.key], coming[item.key]),
        )
        for item in items.values()
    ]


def project_draft(draft: Any, variants: Sequence[Any], *, now: datetime) -> ItemProjection:
    """Return what the store would hold if ``draft``, a localization, and ``variants`` of it went on air at ``now``.

    What is scheduled in its place is left out, and a draft that ran out is on air all the same.
    """
    item = PublishedItem.objects.get(key=draft.key)
    keys = {item.key: item}
    on_air = [row for row in rows_on_air(keys)[item.key] if row.locale_id != draft.locale_id]
    scheduled = [entry for entry in rows_scheduled(keys)[item.key] if entry.row.locale_id != draft.locale_id]
    pks = {variant.pk for variant in variants}
    others = [row for row in variants_on_air(keys)[item.key] if row.pk not in pks]
    coming = [entry for entry in variants_scheduled(keys)[item.key] if entry.row.pk not in pks]
    for row in (draft, *variants):
        row.last_published_at, row.first_published_at = now, row.first_published_at or now
        if row.expire_at and row.expire_at <= now:
            row.expire_at = None
    projector = _Projector([draft, *on_air, *variants, *others, *(entry.row for entry in (*scheduled, *coming))])
    projector.freeze_draft(item, draft, variants, now=now)
    return replace(
        projector.project(item, [draft, *on_air], scheduled),
        variants=projector.project_variants(item, [*variants, *others], coming),
    )


class _Projector:
    """Projects rows that were read together, so that what they share is looked up once."""

    def __init__(self, rows: Iterable[Any], around: Surroundings | None = None) -> None:
        around = around or read_surroundings()
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
            key=item.key, facts=self._facts(item, scheduled), publications=publications, embargoed=embargoed
        )

    def freeze_draft(self, item: PublishedItem, draft: Any, variants: Sequence[Any], *, now: datetime) -> None:
        """Set on ``item``, which is not stored, the facts that drafts would freeze, as far as they say them."""
        source = draft if draft.is_source else None
        if source is None and item.facts is None:
            source = type(draft).objects.sources().filter(key=item.key).first()
            source = source and source.get_latest_revision_as_object()
        if source is not None:
            item.facts, item.facts_since = freeze(source, self.taxonomy, self.channels).as_json(), now
            item.source_digest = source_digest(source)
        for variant in variants:
            original = variant
            if not variant.is_source and variant.code not in item.targetings:
                family = type(variant).objects.filter(localization__key=item.key, code=variant.code)
                original = family.filter(localization__is_source=True).first() or variant
            if original is not variant or variant.is_source:
                target = freeze_targeting(original, self.taxonomy, self.channels)
                item.targetings[variant.code] = {**asdict(target), "since": now.isoformat()}

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
