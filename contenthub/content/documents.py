"""Rows as documents: the texts, blocks and fields of one row as everybody reads them, whatever channel shapes them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from contenthub.delivery.documents import Json
from contenthub.delivery.regions import over_languages
from contenthub.delivery.resolving import BODY, FIELD_PREFIX, HEAD_KEYS, TEXT_PREFIX, cascade
from contenthub.delivery.surroundings import Surroundings, read_surroundings

from .codes import FieldKind
from .facts import field_entries, in_order
from .images import image_document, images_of, load_images
from .links import parse_link
from .regions import languages_of
from .richtext import clean_html


def document_of(row: Any) -> tuple[Json, Json]:
    """Return head and body of one row as it stands, published or not: what a preview shows."""
    languages = languages_of(row)
    return Documents([row, *languages]).texts_over(row, languages)


def variant_document_of(variant: Any) -> tuple[Json, Json]:
    """Return head and body of a variant over its base as both stand, published or not: what a preview shows."""
    base = variant.localization
    languages = languages_of(base)
    documents = Documents([base, variant, *languages])
    base_head, base_body = documents.texts_over(base, languages)
    head, body = documents.overrides(variant)
    resolution = cascade(base_head, [_Overrides(head)])
    return resolution.head, body or base_body


@dataclass(frozen=True)
class _Overrides:
    """What a variant sets, for the cascade."""

    head: Json


class Documents:
    """Writes documents of rows that were read together, so that what they share is looked up once."""

    def __init__(self, rows: Iterable[Any], around: Surroundings | None = None) -> None:
        self.taxonomy = (around or read_surroundings()).taxonomy
        self.images = load_images({image_id for row in rows for image_id in images_of(row)})

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

    def texts_over(self, row: Any, languages: Sequence[Any] = (), texts: list[Json] | None = None) -> tuple[Json, Json]:
        """Return the texts and own fields of a localization, what it leaves empty from ``languages``."""
        head, body = self._with_fields(row)
        own = head if texts is None else {**head, "texts": texts}
        return over_languages(own, body, [self._with_fields(one) for one in languages])

    def document(self, row: Any, source: Any, languages: Sequence[Any] = (), texts: list[Json] | None = None) -> Json:
        """Return a row with the facts of its item's source: head, body, own fields and terms."""
        head, body = self.texts_over(row, languages, texts)
        facts = self.field_values(field_entries(source, localized=False))
        tags = [self.taxonomy.find_id(tag.term_id) for tag in in_order(source.classification.all())]
        return {
            **head,
            **body,
            "fields": [*facts, *head["fields"]],
            "terms": [term.code for term in tags if term],
        }

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

    def _with_fields(self, row: Any) -> tuple[Json, Json]:
        head, body = self.texts(row)
        return {**head, "fields": list(self.field_values(field_entries(row, localized=True)))}, body

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
