"""From Wagtail's rows to published documents: the one place where items become what the world reads.

Used alike by publishing, preview, rebuild and check. Times come from the rows alone, so that projecting again,
whenever it is done, gives the same documents.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from itertools import pairwise
from typing import Any

import orjson
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from wagtail.models import Locale, Revision

from contenthub.delivery.documents import Facts, ItemProjection, Json, Publication, VariantPublication
from contenthub.delivery.models import FOREVER, PublishedItem
from contenthub.delivery.resolving import BODY, FIELD_PREFIX, HEAD_KEYS, TEXT_PREFIX, cascade
from contenthub.delivery.surroundings import Surroundings, read_surroundings
from contenthub.delivery.targeting import Targeting

from .codes import FieldKind
from .facts import FrozenFacts, field_entries, freeze, freeze_targeting, in_order
from .images import image_document, images_of, load_images
from .links import parse_link
from .richtext import clean_html

_EVER = datetime.min.replace(tzinfo=UTC)


def project(keys: Iterable[str], *, now: datetime, around: Surroundings | None = None) -> list[ItemProjection]:
    """Return what the store must hold of the items with these keys; nothing of drafts.

    One statement for each kind of row, however many items there are. ``around``: what was read since they are locked.
    """
    items = {item.key: item for item in PublishedItem.objects.filter(key__in=list(keys))}
    on_air = _on_air(items)
    scheduled = _scheduled(items)
    variants = _variants_on_air(items)
    coming = _variants_scheduled(items)
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
    on_air = [row for row in _on_air(keys)[item.key] if row.locale_id != draft.locale_id]
    scheduled = [entry for entry in _scheduled(keys)[item.key] if entry.row.locale_id != draft.locale_id]
    pks = {variant.pk for variant in variants}
    others = [row for row in _variants_on_air(keys)[item.key] if row.pk not in pks]
    coming = [entry for entry in _variants_scheduled(keys)[item.key] if entry.row.pk not in pks]
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


def document_of(row: Any) -> tuple[Json, Json]:
    """Return head and body of one row as it stands, published or not: what a preview shows."""
    return _Projector([row]).texts(row)


def whole_document(row: Any, source: Any) -> Json:
    """Return ``row`` as it stands with the facts of ``source``: the head's keys and blocks, as channels shape them."""
    return _Projector([row, source]).document(row, source)


def variant_document_of(variant: Any) -> tuple[Json, Json]:
    """Return head and body of a variant over its base as both stand, published or not: what a preview shows."""
    base = variant.localization
    projector = _Projector([base, variant])
    base_head, base_body = projector.texts(base)
    fields = projector.field_values(field_entries(base, localized=True))
    head, body = projector.overrides(variant)
    resolution = cascade({**base_head, "fields": list(fields)}, [_Overrides(head)])
    return resolution.head, body or base_body


def digests(sources: Iterable[Any], around: Surroundings | None = None) -> dict[str, str]:
    """Return, by key, a digest of the text of each source: what translators work from."""
    sources = list(sources)
    projector = _Projector(sources, around)
    return {source.key: projector.digest(source) for source in sources}


def with_content(row: Any, revision: Revision, locales: Mapping[int, Locale]) -> Any:
    """Return ``row`` with the content of ``revision``, without a statement.

    ``revision.as_object()`` looks up every row that the content names, and fails where one of them is gone.
    """
    content = dict(revision.content)
    wanted = content.pop("wanted_locales", ())
    scheduled = type(row).from_serializable_data(content, check_fks=False)
    scheduled.wanted_locales = [locales[pk] for pk in wanted if pk in locales]
    for name in ("pk", "key", "is_source", "first_published_at", "source_digest", "type", "locale"):
        setattr(scheduled, name, getattr(row, name))
    return scheduled


def variant_with_content(variant: Any, revision: Revision) -> Any:
    """Return ``variant`` with the content of ``revision``, without a statement."""
    scheduled = type(variant).from_serializable_data(dict(revision.content), check_fks=False)
    for name in ("pk", "code", "localization", "first_published_at"):
        setattr(scheduled, name, getattr(variant, name))
    return scheduled


@dataclass(frozen=True)
class _Overrides:
    """What a variant sets, for the cascade."""

    head: Json


@dataclass(frozen=True)
class _Scheduled:
    """What a scheduled revision will put on air, and when."""

    start: datetime
    row: Any


def _on_air(items: Iterable[str]) -> defaultdict[str, list[Any]]:
    found = defaultdict(list)
    rows = apps.get_model("content", "ContentItem").objects.filter(key__in=items, live=True)
    rows = rows.select_related("type", "locale").defer("extra")
    for row in rows.prefetch_related("texts", "type__field_definitions"):
        found[row.key].append(row)
    return found


def _scheduled(items: Iterable[str]) -> defaultdict[str, list[_Scheduled]]:
    model = apps.get_model("content", "ContentItem")
    pks = model.objects.filter(key__in=items).values_list("pk", flat=True)
    revisions = Revision.objects.filter(
        base_content_type=ContentType.objects.get_for_model(model),
        object_id__in=list(map(str, pks)),
        approved_go_live_at__isnull=False,
    )
    revisions = {int(revision.object_id): revision for revision in revisions}
    found = defaultdict(list)
    if not revisions:
        return found
    locales = {locale.pk: locale for locale in Locale.objects.all()}
    rows = model.objects.filter(pk__in=revisions).select_related("type", "locale").defer("body", "extra")
    for row in rows.prefetch_related("type__field_definitions"):
        revision = revisions[row.pk]
        found[row.key].append(_Scheduled(revision.approved_go_live_at, with_content(row, revision, locales)))
    return found


def _variants_on_air(items: Iterable[str]) -> defaultdict[str, list[Any]]:
    found = defaultdict(list)
    rows = apps.get_model("content", "Variant").objects.filter(localization__key__in=items, live=True)
    for row in _with_base(rows):
        found[row.key].append(row)
    return found


def _variants_scheduled(items: Iterable[str]) -> defaultdict[str, list[_Scheduled]]:
    found = defaultdict(list)
    model = apps.get_model("content", "Variant")
    revisions = Revision.objects.filter(
        base_content_type=ContentType.objects.get_for_model(model), approved_go_live_at__isnull=False
    )
    revisions = {int(revision.object_id): revision for revision in revisions}
    if not revisions:
        return found
    for row in _with_base(model.objects.filter(pk__in=revisions, localization__key__in=items)):
        revision = revisions[row.pk]
        found[row.key].append(_Scheduled(revision.approved_go_live_at, variant_with_content(row, revision)))
    return found


def _with_base(variants: Any) -> Any:
    """Return variants with what they have from their base read along."""
    variants = variants.select_related("localization__type", "localization__locale")
    variants = variants.defer("localization__body", "localization__extra", "base_values")
    return variants.prefetch_related("localization__type__field_definitions")


class _Projector:
    """Projects rows that were read together, so that what they share is looked up once."""

    def __init__(self, rows: Iterable[Any], around: Surroundings | None = None) -> None:
        around = around or read_surroundings()
        self.taxonomy = around.taxonomy
        self.channels = around.channels
        self.images = load_images({image_id for row in rows for image_id in images_of(row)})

    @cached_property
    def types_with_fallback(self) -> set[str]:
        types = apps.get_model("content", "ItemType").objects
        return set(types.filter(fallback_allowed=True).values_list("code", flat=True))

    def project(self, item: PublishedItem, on_air: list[Any], scheduled: list[_Scheduled]) -> ItemProjection:
        sources = self._source_texts(item, scheduled)
        publications: dict[str, list[Publication]] = defaultdict(list)
        embargoed = {}
        following = {entry.row.locale.language_code: entry for entry in scheduled}
        for row in on_air:
            code = row.locale.language_code
            after = following[code].start if code in following else FOREVER
            end = min(row.expire_at or FOREVER, after)
            publications[code] += self._publications(row, row.last_published_at, end, row.source_digest, sources)
        for code, entry in following.items():
            row = entry.row
            made_from = next(digest for since, digest in reversed(sources) if since <= entry.start)
            publications[code] += self._publications(row, entry.start, row.expire_at or FOREVER, made_from, sources)
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
            item.source_digest = self.digest(source)
        for variant in variants:
            original = variant
            if not variant.is_source and variant.code not in item.targetings:
                family = type(variant).objects.filter(localization__key=item.key, code=variant.code)
                original = family.filter(localization__is_source=True).first() or variant
            if original is not variant or variant.is_source:
                target = freeze_targeting(original, self.taxonomy, self.channels)
                item.targetings[variant.code] = {**asdict(target), "since": now.isoformat()}

    def _source_texts(self, item: PublishedItem, scheduled: list[_Scheduled]) -> list[tuple[datetime, str]]:
        """Return since when the source has which text, as digests, in order."""
        launches = [(entry.start, self.digest(entry.row)) for entry in scheduled if entry.row.is_source]
        return [(_EVER, item.source_digest), *launches]

    def _publications(
        self, row: Any, start: datetime, end: datetime, made_from: str, sources: list[tuple[datetime, str]]
    ) -> Iterator[Publication]:
        """Yield what ``row`` puts on air: one publication, or several where it becomes stale on the way."""
        if start >= end:
            return
        head, body = self.texts(row)
        fields = self.field_values(field_entries(row, localized=True))
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
                is_stale=bool(not row.is_source and made_from and source_text and made_from != source_text),
            )

    def _facts(self, item: PublishedItem, scheduled: list[_Scheduled]) -> tuple[Facts, ...]:
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
            fields=self.field_values(facts.fields),
            priority=facts.priority,
            fallback_allowed=facts.fallback_allowed and facts.type in self.types_with_fallback,
        )

    def digest(self, row: Any) -> str:
        texts = [*self.texts(row), field_entries(row, localized=True)]
        return hashlib.sha256(orjson.dumps(texts, option=orjson.OPT_SORT_KEYS)).hexdigest()

    # --- variants -----------------------------------------------------------------------------------------

    def project_variants(
        self, item: PublishedItem, on_air: list[Any], scheduled: list[_Scheduled]
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
        self, item: PublishedItem, code: str, scheduled: list[_Scheduled]
    ) -> list[tuple[datetime, datetime, Targeting]]:
        """Return from when until when a variant is for whom, in order."""
        periods: list[tuple[datetime, Targeting]] = []
        if frozen := dict(item.targetings.get(code, {})):
            since = datetime.fromisoformat(frozen.pop("since"))
            periods.append((since, Targeting(**frozen)))
        for entry in scheduled:
            if entry.row.is_source and entry.row.code == code:
                periods.append((entry.start, freeze_targeting(entry.row, self.taxonomy, self.channels)))
        ends = [*(since for since, _ in periods[1:]), FOREVER]
        return [(since, end, self._current(target)) for (since, target), end in zip(periods, ends, strict=True)]

    def _current(self, target: Targeting) -> Targeting:
        """Return a targeting whose terms are those that answer today."""
        return replace(
            target,
            segments=self._answering(target.segments),
            markets=self._answering(target.markets),
            channels=tuple(target.channels),
        )

    def _answering(self, codes: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(term.code for code in codes for term in self.taxonomy.expand_for_filter(code)))

    def _variant_publication(
        self, row: Any, begins: datetime, ends: datetime, start: datetime, target: Targeting
    ) -> VariantPublication:
        head, body = self.overrides(row)
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

    def overrides(self, variant: Any) -> tuple[Json, Json]:
        """Return what ``variant`` sets itself, as head and body of its document."""
        names = variant.overrides
        own = {name.removeprefix(FIELD_PREFIX) for name in names if name.startswith(FIELD_PREFIX)}
        texts = [name.removeprefix(TEXT_PREFIX) for name in names if name.startswith(TEXT_PREFIX)]
        entries = [
            entry
            for localized in (True, False)
            for entry in field_entries(variant, localized=localized)
            if entry["name"] in own
        ]
        values = sorted(self.field_values(entries), key=lambda entry: entry["place"])
        whole, body = self.texts(variant)
        return {
            "overrides": list(names),
            **{key: whole[key] for name, key in HEAD_KEYS.items() if name in names},
            "texts": [{"name": name, "text": variant.own_texts[name]} for name in texts if variant.own_texts.get(name)],
            "fields": [{name: entry[name] for name in ("name", "kind", "value")} for entry in values],
        }, body if BODY in names else {}

    # --- texts --------------------------------------------------------------------------------------------

    def texts(self, row: Any) -> tuple[Json, Json]:
        """Return the head (without what the facts give) and the body of an item's or a variant's row."""
        head = {
            "headline": row.headline,
            "summary": row.summary or None,
            "cta": self._call_to_action(row.cta_label, row.cta_link, self._term(row.cta_action_id)),
            "image": self._image(row.image_id, row.image_alt, row.image_caption, row.image_credit),
            "texts": [{"name": name, "text": text} for name, text in row.short_texts.items()],
        }
        blocks = [self._block(block) for block in row.body.raw_data]
        return head, {"blocks": [block for block in blocks if block is not None]}

    def document(self, row: Any, source: Any) -> Json:
        head, body = self.texts(row)
        entries = [*field_entries(source, localized=False), *field_entries(row, localized=True)]
        tags = [self.taxonomy.find_id(tag.term_id) for tag in in_order(source.classification.all())]
        return {
            **head,
            **body,
            "fields": list(self.field_values(entries)),
            "terms": [term.code for term in tags if term],
        }

    def _call_to_action(self, label: str, link: str, action: str | None) -> Json | None:
        if not label:
            return None
        return {"label": label, "link": parse_link(link) if link else None, "action": action}

    def _image(self, image_id: int | None, alt: str = "", caption: str = "", credit: str = "") -> Json | None:
        image = self.images.get(image_id)
        return image_document(image, alt=alt, caption=caption, credit=credit) if image else None

    def _term(self, term_id: int | None) -> str | None:
        return self.taxonomy.by_id(term_id).code if term_id else None

    def _block(self, block: Json) -> Json | None:
        """Return one block of a body; None where what it shows is gone."""
        kind, value = block["type"], block["value"]
        shown: Json | None
        match kind:
            case "heading":
                shown = {"text": value["text"], "level": int(value["level"])}
            case "rich_text":
                shown = {"html": clean_html(value)}
            case "image":
                picture = self._image(value["image"], value.get("alt") or "", value.get("caption") or "")
                shown = {"image": picture, "caption": value.get("caption") or None} if picture else None
            case "quote":
                shown = {"text": value["text"], "source": value.get("source") or None}
            case "list":
                shown = {
                    "items": [entry["value"] if isinstance(entry, dict) else entry for entry in value["items"]],
                    "ordered": bool(value.get("ordered")),
                }
            case "call_to_action":
                cta = self._call_to_action(value["label"], value.get("link") or "", self._term(value.get("action")))
                shown = {"cta": cta} if cta else None
            case "question":
                shown = {"question": value["question"], "answer": clean_html(value["answer"])}
            case "table":
                shown = _table(value)
            case "embed":
                shown = {"url": value["url"], "title": value.get("title") or None}
            case "product_reference":
                code = self._term(value["term"])
                shown = {"term": code, "label": value.get("label") or None} if code else None
            case "item_reference":
                shown = {"key": value["key"], "role": value["role"]}
            case "legal_note":
                shown = {"text": value["text"]}
            case _:
                shown = None
        return {"type": kind, "id": block["id"], **shown} if shown is not None else None

    def field_values(self, entries: list[Json]) -> tuple[Json, ...]:
        """Return the type's own fields in the form of published documents; those whose value is gone are left out."""
        projected = ({**entry, "value": self._field_value(entry["kind"], entry["value"])} for entry in entries)
        return tuple(entry for entry in projected if entry["value"] is not None)

    def _field_value(self, kind: str, value: Any) -> Any:
        match kind:
            case FieldKind.LINK:
                return parse_link(value)
            case FieldKind.IMAGE:
                pictures = [self._image(entry["id"], entry.get("alt", "")) for entry in value]
                return [picture for picture in pictures if picture] or None
            case FieldKind.NUMBER:
                return float(value)
            case _:
                return value


def _table(value: Json) -> Json:
    rows = [[str(cell) if cell is not None else "" for cell in line] for line in value.get("data") or []]
    if value.get("first_row_is_table_header") and rows:
        return {"header": rows[0], "rows": rows[1:]}
    return {"header": [], "rows": rows}


def _utc(instant: datetime) -> datetime:
    return instant.astimezone(UTC)
