"""Blocks of a body between the import format and Wagtail's streams. A block's key is its id in the stream."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from contenthub.delivery.documents import Json
from taxonomy.snapshot import TaxonomySnapshot, UnknownTerm

from ..links import ITEM_PREFIX, validate_link
from ..richtext import validate_html
from .pictures import Pictures

# What the import format calls a block, where the stream has another word.
_KINDS = {"paragraph": "rich_text"}
_PARTS = {
    "heading": ("text", "level"),
    "rich_text": ("html",),
    "image": ("image", "caption"),
    "quote": ("text", "source"),
    "list": ("items", "item_keys", "ordered"),
    "call_to_action": ("label", "url", "item", "action"),
    "question": ("question", "answer"),
    "table": ("header", "rows"),
    "embed": ("url", "title"),
    "product_reference": ("term", "label"),
    "item_reference": ("item", "role"),
    "legal_note": ("text",),
}
LONGEST_KEY = 255
_NAMES = {kind: name for name, kind in _KINDS.items()}


@dataclass(frozen=True)
class Lookups:
    """What blocks refer to: terms and pictures."""

    taxonomy: TaxonomySnapshot
    pictures: Pictures

    def term_id(self, code: str | None, facet: str) -> int | None:
        """Return the id of a term of ``facet``; None for none.

        Raises:
            ValidationError: there is no such term, or it is of another facet.
        """
        if not code:
            return None
        try:
            term = self.taxonomy.get(code)
        except UnknownTerm as error:
            raise ValidationError(f"unknown term {code}") from error
        if term.facet != facet:
            raise ValidationError(f"{code} is not a term of the facet {facet}")
        return term.id

    def term_code(self, term_id: int | None) -> str | None:
        return self.taxonomy.by_id(term_id).code if term_id else None

    def image_id(self, file: Any, alt: str = "") -> int:
        """Return the id of a picture.

        Raises:
            ValidationError: there is none with this name, or it cannot be shown.
        """
        return self.pictures.id_of(file, alt=alt)


def stream_of(body: list[Json], lookups: Lookups) -> list[Json]:
    """Return the raw stream of a body in the import format. A block without a key gets one by its place.

    Raises:
        ValidationError: a block is broken; the message begins with its place.
    """
    stream, keys = [], set()
    for number, block in enumerate(body, start=1):
        place = f"body, block {number}"
        if not isinstance(block, dict):
            raise ValidationError(f"{place}: expected an object")
        name, key = block.get("type"), block.get("key", f"block-{number}")
        kind = _KINDS.get(name, name) if isinstance(name, str) else None
        if kind not in _READERS:
            raise ValidationError(f"{place}: unknown type {name!r:.50}")
        if not isinstance(key, str) or not 0 < len(key) <= LONGEST_KEY:
            raise ValidationError(f"{place}: expected a key of 1 to {LONGEST_KEY} characters")
        if key in keys:
            raise ValidationError(f"{place}: the key {key} is used twice")
        keys.add(key)
        unknown = block.keys() - {"type", "key", *_PARTS[kind]}
        if unknown:
            raise ValidationError(f"{place} ({name}): unknown key {min(unknown)[:50]}")
        try:
            value = _READERS[kind](block, lookups)
        except ValidationError as error:
            raise ValidationError(f"{place} ({name}): {' '.join(error.messages)}") from error
        stream.append({"type": kind, "id": key, "value": value})
    return stream


def body_of(stream: list[Json], lookups: Lookups) -> list[Json]:
    """Return a raw stream in the import format."""
    return [
        {"type": _NAMES.get(block["type"], block["type"]), "key": block["id"]}
        | _WRITERS[block["type"]](block["value"], lookups)
        for block in stream
    ]


def link_of(target: Json) -> str:
    """Return a link as editors write it from ``{"url"}`` or ``{"item"}``; empty for neither.

    Raises:
        ValidationError: it is no link.
    """
    url, item = target.get("url") or "", target.get("item") or ""
    if not isinstance(url, str) or not isinstance(item, str) or (url and item):
        raise ValidationError("expected the link as text, either in url or in item")
    link = f"{ITEM_PREFIX}{item}" if item else url
    if link:
        validate_link(link)
    return link


def target_of(link: str) -> Json:
    """Return ``{"url"}`` or ``{"item"}`` from a link as editors write it."""
    if link.startswith(ITEM_PREFIX):
        return {"item": link.removeprefix(ITEM_PREFIX)}
    return {"url": link} if link else {}


def _text(block: Json, name: str, *, required: bool = True, longest: int = 100_000) -> str:
    value = block.get(name)
    if value is None and not required:
        return ""
    if not isinstance(value, str) or (required and not value.strip()):
        raise ValidationError(f"expected text in {name}")
    if len(value) > longest:
        raise ValidationError(f"{name} is longer than {longest} characters")
    return value


def _html(block: Json, name: str) -> str:
    html = _text(block, name)
    validate_html(html)
    return html


def _read_heading(block: Json, lookups: Lookups) -> Json:
    level = block.get("level", 2)
    if not isinstance(level, int) or level not in (2, 3, 4):
        raise ValidationError("level must be 2, 3 or 4")
    return {"text": _text(block, "text", longest=255), "level": str(level)}


def _read_image(block: Json, lookups: Lookups) -> Json:
    image = block.get("image")
    if not isinstance(image, dict) or image.keys() - {"file", "alt"}:
        raise ValidationError("expected an image with file and alt")
    alt = _text(image, "alt", required=False, longest=500)
    return {
        "image": lookups.image_id(image.get("file"), alt),
        "alt": alt,
        "caption": _text(block, "caption", required=False, longest=500),
    }


def _read_list(block: Json, lookups: Lookups) -> Json:
    items = block.get("items")
    if not isinstance(items, list) or not items or not all(isinstance(item, str) and item for item in items):
        raise ValidationError("expected a list of texts in items")
    if any(len(item) > 1000 for item in items):
        raise ValidationError("an item is longer than 1000 characters")
    if not isinstance(block.get("ordered", False), bool):
        raise ValidationError("expected true or false in ordered")
    keys = block.get("item_keys", _keys_by_place(items))
    is_list = isinstance(keys, list) and all(isinstance(key, str) and 0 < len(key) <= LONGEST_KEY for key in keys)
    if not is_list or len(keys) != len(items) or len(set(keys)) != len(keys):
        raise ValidationError("expected in item_keys a key of its own for each of the items")
    return {
        "items": [{"type": "item", "value": item, "id": key} for key, item in zip(keys, items, strict=True)],
        "ordered": block.get("ordered", False),
    }


def _keys_by_place(items: list[Any]) -> list[str]:
    """Return the keys that join the items of a list over languages where none are given."""
    return [f"item-{number}" for number, _ in enumerate(items, start=1)]


def _read_call_to_action(block: Json, lookups: Lookups) -> Json:
    return {
        "label": _text(block, "label", longest=255),
        "link": link_of(block),
        "action": lookups.term_id(_text(block, "action", required=False), "action"),
    }


def _read_table(block: Json, lookups: Lookups) -> Json:
    header, rows = block.get("header") or [], block.get("rows")
    if not isinstance(header, list) or not isinstance(rows, list):
        raise ValidationError("expected lists in header and rows")
    lines = [*([header] if header else []), *rows]
    texts = lines and all(isinstance(line, list) and all(isinstance(cell, str) for cell in line) for line in lines)
    if not texts or not lines[0] or len({len(line) for line in lines}) != 1:
        raise ValidationError("expected a header and rows of texts, all of one length")
    choice = "row" if header else ""
    return {
        "data": lines,
        "cell": [],
        "mergeCells": [],
        "first_row_is_table_header": bool(header),
        "first_col_is_header": False,
        "table_header_choice": choice,
        "table_caption": "",
    }


def _read_product(block: Json, lookups: Lookups) -> Json:
    term_id = lookups.term_id(_text(block, "term"), "product")
    return {"term": term_id, "label": _text(block, "label", required=False, longest=255)}


def _read_embed(block: Json, lookups: Lookups) -> Json:
    url = _text(block, "url")
    if not url.startswith("https://"):
        raise ValidationError("expected an address that begins with https://")
    validate_link(url)
    return {"url": url, "title": _text(block, "title", required=False, longest=255)}


_READERS: dict[str, Callable[[Json, Lookups], Any]] = {
    "heading": _read_heading,
    "rich_text": lambda block, lookups: _html(block, "html"),
    "image": _read_image,
    "quote": lambda block, lookups: {
        "text": _text(block, "text"),
        "source": _text(block, "source", required=False, longest=255),
    },
    "list": _read_list,
    "call_to_action": _read_call_to_action,
    "question": lambda block, lookups: {
        "question": _text(block, "question", longest=500),
        "answer": _html(block, "answer"),
    },
    "table": _read_table,
    "embed": _read_embed,
    "product_reference": _read_product,
    "item_reference": lambda block, lookups: {
        "key": _text(block, "item", longest=255),
        "role": _text(block, "role", longest=100),
    },
    "legal_note": lambda block, lookups: {"text": _text(block, "text")},
}


def _given(**values: Any) -> Json:
    """Return the values that say something."""
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def _write_heading(value: Json, lookups: Lookups) -> Json:
    return {"text": value["text"]} | ({"level": int(value["level"])} if int(value["level"]) != 2 else {})


def _write_image(value: Json, lookups: Lookups) -> Json:
    image = _given(file=lookups.pictures.name_of(value["image"]), alt=value.get("alt"))
    return {"image": image} | _given(caption=value.get("caption"))


def _write_list(value: Json, lookups: Lookups) -> Json:
    items = [entry["value"] if isinstance(entry, dict) else entry for entry in value["items"]]
    keys = [entry.get("id") if isinstance(entry, dict) else None for entry in value["items"]]
    told = {"item_keys": keys} if all(keys) and keys != _keys_by_place(items) else {}
    return {"items": items, **told, "ordered": bool(value.get("ordered"))}


def _write_table(value: Json, lookups: Lookups) -> Json:
    lines = [[cell or "" for cell in line] for line in value.get("data") or []]
    if value.get("first_row_is_table_header") and lines:
        return {"header": lines[0], "rows": lines[1:]}
    return {"rows": lines}


_WRITERS: dict[str, Callable[[Any, Lookups], Json]] = {
    "heading": _write_heading,
    "rich_text": lambda value, lookups: {"html": value},
    "image": _write_image,
    "quote": lambda value, lookups: {"text": value["text"]} | _given(source=value.get("source")),
    "list": _write_list,
    "call_to_action": lambda value, lookups: (
        {"label": value["label"]}
        | target_of(value.get("link") or "")
        | _given(action=lookups.term_code(value.get("action")))
    ),
    "question": lambda value, lookups: {"question": value["question"], "answer": value["answer"]},
    "table": _write_table,
    "embed": lambda value, lookups: {"url": value["url"]} | _given(title=value.get("title")),
    "product_reference": lambda value, lookups: (
        {"term": lookups.term_code(value["term"])} | _given(label=value.get("label"))
    ),
    "item_reference": lambda value, lookups: {"item": value["key"], "role": value["role"]},
    "legal_note": lambda value, lookups: {"text": value["text"]},
}
