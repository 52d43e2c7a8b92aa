"""From Wagtail's rows to published documents: the one place where items become what the world reads.

Used alike by publishing, preview, rebuild and check. Times come from the rows alone, so that projecting again,
whenever it is done, gives the same documents.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from wagtail.models import Revision

from contenthub.delivery.documents import Facts, ItemProjection, Json, Publication
from contenthub.delivery.models import FOREVER, PublishedItem
from taxonomy.snapshot import TaxonomySnapshot, taxonomy_snapshot

from .codes import FieldKind
from .facts import FrozenFacts, field_entries, freeze
from .images import image_document, images_of, load_images
from .links import parse_link
from .richtext import clean_html


def project(keys: Iterable[str], *, now: datetime) -> list[ItemProjection]:
    """Return what the store must hold of the items with these keys; nothing of drafts.

    One statement for each kind of row, however many items there are.
    """
    items = {item.key: item for item in PublishedItem.objects.filter(key__in=list(keys))}
    on_air = _on_air(items)
    scheduled = _scheduled(items)
    every = [row for rows in (*on_air.values(), *scheduled.values()) for row in rows]
    projector = _Projector(every)
    return [projector.project(item, on_air[item.key], scheduled[item.key]) for item in items.values()]


def document_of(row: Any) -> tuple[Json, Json]:
    """Return head and body of one row as it stands, published or not: what a preview shows."""
    return _Projector([row]).texts(row)


def digests(sources: Iterable[Any]) -> dict[str, str]:
    """Return, by key, a digest of the text of each source: what translators work from."""
    sources = list(sources)
    projector = _Projector(sources)
    return {source.key: projector.digest(source) for source in sources}


@dataclass(frozen=True)
class _Scheduled:
    """What a scheduled revision will put on air, and when."""

    start: datetime
    row: Any


def _rows_with_texts():
    return apps.get_model("content", "ContentItem").objects.select_related("type", "locale", "cta_action")


def _on_air(items: dict[str, PublishedItem]) -> defaultdict[str, list[Any]]:
    found = defaultdict(list)
    for row in _rows_with_texts().filter(key__in=items, live=True).prefetch_related("texts", "type__field_definitions"):
        found[row.key].append(row)
    return found


def _scheduled(items: dict[str, PublishedItem]) -> defaultdict[str, list[_Scheduled]]:
    model = apps.get_model("content", "ContentItem")
    rows = {str(pk): key for pk, key in model.objects.filter(key__in=items).values_list("pk", "key")}
    revisions = Revision.objects.filter(
        base_content_type=ContentType.objects.get_for_model(model),
        object_id__in=rows,
        approved_go_live_at__isnull=False,
    )
    found = defaultdict(list)
    for revision in revisions:
        row = revision.as_object()
        found[rows[revision.object_id]].append(_Scheduled(revision.approved_go_live_at, row))
    return found


class _Projector:
    """Projects rows that were read together, so that what they share is looked up once."""

    def __init__(self, rows: Iterable[Any]) -> None:
        rows = [row.row if isinstance(row, _Scheduled) else row for row in rows]
        self.taxonomy: TaxonomySnapshot = taxonomy_snapshot()
        self.images = load_images({image_id for row in rows for image_id in images_of(row)})

    def project(self, item: PublishedItem, on_air: list[Any], scheduled: list[_Scheduled]) -> ItemProjection:
        facts = self._facts(item, scheduled)
        source_digest = next((self.digest(row) for row in on_air if row.is_source), "")
        publications: dict[str, list[Publication]] = defaultdict(list)
        embargoed = {}
        following = {entry.row.locale.language_code: entry for entry in scheduled}
        for row in on_air:
            after = following.get(row.locale.language_code)
            end = min(row.expire_at or FOREVER, after.start if after else FOREVER)
            self._add(publications, row, row.last_published_at, end, source_digest)
        for code, entry in following.items():
            self._add(publications, entry.row, entry.start, entry.row.expire_at or FOREVER, source_digest)
            if entry.row.first_published_at is None:
                embargoed[code] = entry.start
        return ItemProjection(key=item.key, facts=facts, publications=publications, embargoed=embargoed)

    def _add(
        self,
        publications: dict[str, list[Publication]],
        row: Any,
        start: datetime,
        end: datetime,
        source_digest: str,
    ) -> None:
        if start >= end:
            return
        head, body = self.texts(row)
        stale = bool(not row.is_source and source_digest and row.source_digest and row.source_digest != source_digest)
        publications[row.locale.language_code].append(
            Publication(
                start=_utc(start),
                end=_utc(end),
                published_at=_utc(row.first_published_at or start),
                updated_at=_utc(start),
                slug=row.slug,
                head=head,
                body=body,
                fields=self._field_values(field_entries(row, localized=True)),
                valid_from=_utc(row.go_live_at) if row.go_live_at else None,
                valid_until=_utc(row.expire_at) if row.expire_at else None,
                is_stale=stale,
            )
        )

    def _facts(self, item: PublishedItem, scheduled: list[_Scheduled]) -> tuple[Facts, ...]:
        periods = []
        if item.facts is not None:
            periods.append(self._period(FrozenFacts(**item.facts), item.facts_since))
        for entry in scheduled:
            if entry.row.is_source:
                facts = freeze(entry.row)
                if facts.as_json() != item.facts:
                    periods.append(self._period(facts, entry.start))
        return tuple(periods)

    def _period(self, facts: FrozenFacts, since: datetime) -> Facts:
        terms = dict.fromkeys(term.code for code in facts.terms for term in self.taxonomy.expand_for_filter(code))
        return Facts(
            since=_utc(since),
            type=facts.type,
            terms=tuple(sorted(terms, key=self._facet_position)),
            channels=tuple(facts.channels),
            references=tuple((role, key) for role, key in facts.references),
            fields=self._field_values(facts.fields),
            priority=facts.priority,
            fallback_allowed=facts.fallback_allowed,
        )

    def _facet_position(self, code: str) -> int:
        return list(self.taxonomy.facets).index(self.taxonomy.get(code).facet)

    def digest(self, row: Any) -> str:
        texts = [*self.texts(row), field_entries(row, localized=True)]
        return hashlib.sha256(orjson.dumps(texts, option=orjson.OPT_SORT_KEYS)).hexdigest()

    # --- texts --------------------------------------------------------------------------------------------

    def texts(self, row: Any) -> tuple[Json, Json]:
        """Return the head (without what the facts give) and the body of a row."""
        head = {
            "headline": row.headline,
            "summary": row.summary or None,
            "cta": self._call_to_action(
                row.cta_label, row.cta_link, row.cta_action.code if row.cta_action_id else None
            ),
            "image": self._image(row.image_id, row.image_alt, row.image_caption, row.image_credit),
            "texts": [{"name": text.name, "text": text.text} for text in row.texts.all()],
        }
        blocks = [self._block(block) for block in row.body.raw_data]
        return head, {"blocks": [block for block in blocks if block is not None]}

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

    def _field_values(self, entries: list[Json]) -> tuple[Json, ...]:
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
