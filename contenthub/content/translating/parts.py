"""A row taken apart: each text and each setting of a language version or of a variant, under a name of its own.

A part is found again in another language and in another version by its id: the field, within the body the key of the
block, within a list the key of the point, within a table row and column. Terms are no parts: they belong to the item.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson
from django.apps import apps
from django.utils.translation import gettext as _

from contenthub.delivery.resolving import (
    BODY,
    CALL_TO_ACTION,
    FIELD_PREFIX,
    HEADLINE,
    IMAGE,
    SUMMARY,
    TEXT_PREFIX,
    WHOLE_FIELDS,
)

from ..blocks import NeutralBody
from ..codes import FieldKind, TextKind
from ..variants.overriding import field_label

# The texts of each kind of block. A block of rich text is one text; points of lists and cells of tables are counted.
BLOCK_TEXTS: Mapping[str, Mapping[str, TextKind]] = {
    "heading": {"text": TextKind.PLAIN},
    "image": {"alt": TextKind.ALT, "caption": TextKind.PLAIN},
    "quote": {"text": TextKind.PLAIN, "source": TextKind.PLAIN},
    "call_to_action": {"label": TextKind.PLAIN},
    "question": {"question": TextKind.PLAIN, "answer": TextKind.RICH},
    "embed": {"title": TextKind.PLAIN},
    "product_reference": {"label": TextKind.PLAIN},
    "legal_note": {"text": TextKind.PLAIN},
}
# What else a language says in its own way.
BLOCK_SETTINGS = {
    "image": ("image",),
    "call_to_action": ("link",),
    "embed": ("url",),
    "item_reference": ("key", "role"),
}
COLUMN_TEXTS = {
    HEADLINE: {"headline": TextKind.PLAIN},
    SUMMARY: {"summary": TextKind.PLAIN},
    CALL_TO_ACTION: {"cta_label": TextKind.PLAIN},
    IMAGE: {"image_alt": TextKind.ALT, "image_caption": TextKind.PLAIN, "image_credit": TextKind.PLAIN},
}
COLUMN_SETTINGS = {CALL_TO_ACTION: "cta_link", IMAGE: "image_id"}
LONGEST_SHORT_TEXT = 1000
CAPTION = "table_caption"


@dataclass(frozen=True)
class Part:
    """One text or setting of a row; ``kind`` is None for a setting. ``path`` leads to it, as an editor reads it."""

    id: str
    field: str
    path: tuple[str, ...]
    value: Any
    kind: TextKind | None = None
    max_length: int | None = None

    @property
    def block(self) -> str | None:
        """The key of the block of the body that it is in."""
        return self.id.split(".")[1] if self.field == BODY else None


def parts_of(row: Any, *, names: Iterable[str] | None = None, like: Any = None) -> dict[str, Part]:
    """Return the parts of a language version or a variant by their ids, in the order in which they are read.

    ``names`` are the fields to be taken apart; left out: all that are written in each language, of a variant those
    that it overrides. ``like`` is the original: points of lists that share no key with it are found by their place.
    """
    named = field_names(row) if names is None else names
    return {part.id: part for name in named for part in _of_field(row, name, like)}


def field_names(row: Any) -> list[str]:
    """Return the names of the fields that ``row`` has of its own."""
    if hasattr(row, "overrides") and row.overrides is not None:
        return list(row.overrides)
    own = [f"{FIELD_PREFIX}{one.name}" for one in row.type.field_definitions.all() if one.localized]
    return [*WHOLE_FIELDS, *(f"{TEXT_PREFIX}{name}" for name in row.short_texts), *own]


def values_of(parts: Mapping[str, Part]) -> dict[str, Any]:
    """Return what the parts say, by id, as it is kept to be compared later; what is empty is left out."""
    return {part.id: part.value for part in parts.values() if part.value not in (None, "", [])}


def digest_of(values: Mapping[str, Any]) -> str:
    """Return a digest of what parts say; of nothing, nothing."""
    return hashlib.sha256(orjson.dumps(values, option=orjson.OPT_SORT_KEYS)).hexdigest() if values else ""


def point_keys(points: Iterable[Any]) -> list[str]:
    """Return the key of each point of a list, its place where it has none."""
    return [str(point.get("id") or place) if isinstance(point, dict) else str(place) for place, point in _each(points)]


def text_of_point(point: Any) -> str:
    return point["value"] if isinstance(point, dict) else point


def paired_keys(points: list[Any], originals: list[Any]) -> list[str]:
    """Return under which key each point is found: its own, or its place's in a list that shares no key with it."""
    keys, others = point_keys(points), point_keys(originals)
    if not others or set(keys) & set(others):
        return keys
    return [*others[: len(keys)], *keys[len(others) :]]


def _of_field(row: Any, name: str, like: Any) -> Iterator[Part]:
    if name == BODY:
        likened = {block["id"]: block for block in like.body.raw_data} if like is not None else {}
        for block in row.body.raw_data:
            yield from _of_block(block, likened.get(block["id"]))
    elif name.startswith(TEXT_PREFIX):
        text = row.short_texts.get(name.removeprefix(TEXT_PREFIX), "")
        yield Part(name, name, (_("Short text"), field_label(name, row)), text, TextKind.PLAIN, LONGEST_SHORT_TEXT)
    elif name.startswith(FIELD_PREFIX):
        yield from _of_own_field(row, name)
    else:
        yield from _of_columns(row, name)


def _of_columns(row: Any, name: str) -> Iterator[Part]:
    label = field_label(name, row)
    for column, kind in COLUMN_TEXTS[name].items():
        field = row._meta.get_field(column)
        path = (label,) if len(COLUMN_TEXTS[name]) == 1 else (label, _sentence(field.verbose_name))
        yield Part(column_id(name, column), name, path, getattr(row, column), kind, field.max_length)
    if column := COLUMN_SETTINGS.get(name):
        yield Part(column_id(name, column), name, (label,), getattr(row, column))


def column_id(name: str, column: str) -> str:
    """Return the id of the part that a column of a field holds."""
    own = column.partition("_")[2]
    return f"{name}.{own}" if own else name


def _of_own_field(row: Any, name: str) -> Iterator[Part]:
    own = name.removeprefix(FIELD_PREFIX)
    kind = next((one.kind for one in row.type.field_definitions.all() if one.name == own), None)
    path, value = (field_label(name, row),), row.own_fields.get(own)
    match kind:
        case FieldKind.TEXT:
            yield Part(name, name, path, value or "", TextKind.PLAIN)
        case FieldKind.IMAGE:
            yield Part(name, name, path, [one["id"] for one in value or ()])
            for one in value or ():
                alt = one.get("alt") or ""
                yield Part(f"{name}.{one['id']}.alt", name, (*path, _("Alternative text")), alt, TextKind.ALT, 500)
        case FieldKind.NUMBER | FieldKind.BOOLEAN | FieldKind.DATE | FieldKind.MONEY | FieldKind.LINK:
            yield Part(name, name, path, value)
        case _:
            return


def _of_block(block: dict[str, Any], like: dict[str, Any] | None) -> Iterator[Part]:
    kind, value, place = block["type"], block["value"], f"{BODY}.{block['id']}"
    path = (_("Body"), block_label(kind))
    if kind == "rich_text":
        yield Part(place, BODY, path, value, TextKind.RICH)
        return
    settings = {name: value.get(name) for name in BLOCK_SETTINGS.get(kind, ()) if value.get(name)}
    yield Part(place, BODY, path, {"type": kind, **settings})
    if kind == "list":
        originals = like["value"]["items"] if like and like["type"] == "list" else []
        keys, longest = paired_keys(value["items"], originals), _longest(kind, "items")
        for number, (key, point) in enumerate(zip(keys, value["items"], strict=True), 1):
            label = _("Point %(number)d") % {"number": number}
            yield Part(f"{place}.items.{key}", BODY, (*path, label), text_of_point(point), TextKind.PLAIN, longest)
    elif kind == "table":
        yield Part(f"{place}.{CAPTION}", BODY, (*path, _("Caption")), value.get(CAPTION) or "", TextKind.PLAIN)
        for row, cells in enumerate(value.get("data") or [], 1):
            for column, cell in enumerate(cells, 1):
                label = _("Row %(row)d, column %(column)d") % {"row": row, "column": column}
                yield Part(f"{place}.data.{row}.{column}", BODY, (*path, label), _cell(cell), TextKind.PLAIN)
    for name, text_kind in BLOCK_TEXTS.get(kind, {}).items():
        label = _sentence(child_block(kind, name).label)
        longest = _longest(kind, name)
        yield Part(f"{place}.{name}", BODY, (*path, label), value.get(name) or "", text_kind, longest)


@cache
def _body() -> NeutralBody:
    return apps.get_model("content", "ContentItem")._meta.get_field("body").stream_block


def block_label(kind: str) -> str:
    """Return what editors call a kind of block."""
    known = _body().child_blocks.get(kind)
    return _sentence(known.label) if known else kind


def child_block(kind: str, name: str) -> Any:
    return _body().child_blocks[kind].child_blocks[name]


@cache
def _longest(kind: str, name: str) -> int | None:
    block = child_block(kind, name)
    block = getattr(block, "child_block", block)  # of a list, what its points are
    return getattr(block.field, "max_length", None)


def _cell(cell: Any) -> str:
    return "" if cell is None else str(cell)


def _sentence(label: Any) -> str:
    text = str(label)
    return text[:1].upper() + text[1:]


def _each(points: Iterable[Any]) -> Iterable[tuple[int, Any]]:
    return enumerate(points, 1)
