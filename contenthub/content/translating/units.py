"""The texts that a language version or a variant is translated by: what there is to translate, and writing it.

Facts, links, pictures and the order of blocks are no texts. A block that the language does not have yet comes from the
original with its first text; nothing else of a text is ever copied.
"""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from contenthub.delivery.resolving import BODY, CALL_TO_ACTION, FIELD_PREFIX, HEADLINE, IMAGE, SUMMARY, TEXT_PREFIX

from ..codes import TextKind, UnitState
from ..models import ContentItem, NamedText, Variant
from ..regions import givers_of
from ..richtext import validate_html
from ..variants.overriding import COLUMNS, check_overrides
from .parts import BLOCK_TEXTS, CAPTION, COLUMN_TEXTS, Part, column_id, paired_keys, parts_of, point_keys
from .staleness import changes_of, original_of


@dataclass(frozen=True)
class Unit:
    """One text to be translated; ``path`` leads to it, as an editor reads it. ``max_length`` None: no limit.

    ``inherited`` is what readers get where it says nothing itself: a text for a region from its language, a variant
    from its base.
    """

    id: str
    path: tuple[str, ...]
    kind: TextKind
    source: str
    target: str
    max_length: int | None
    state: UnitState
    block: str | None = None
    inherited: str = ""


class TextsRefused(ValidationError):
    """Raised where texts cannot be written, with what is wrong by the id of the unit; nothing was written."""

    def __init__(self, by_unit: Mapping[str, str]) -> None:
        super().__init__([f"{unit}: {message}" for unit, message in by_unit.items()])
        self.by_unit = dict(by_unit)


def units_of(row: ContentItem | Variant, *, source: ContentItem | Variant | None = None) -> list[Unit]:
    """Return the texts to be translated in ``row`` as it stands in memory, in the order in which they are read.

    They are those of ``source``, by default of ``original_of(row)``, that are not empty; of a variant those that it
    overrides on the original. Of the original itself there are none.
    """
    source = source or original_of(row)
    if row.is_source or source is None:
        return []
    targets, changed, inherited = parts_of(row, like=source), changes_of(row, source), _inherited(row, source)
    silent = UnitState.MISSING if isinstance(row, Variant) else UnitState.INHERITED
    return [
        _unit(part, targets.get(part.id), inherited.get(part.id), part.id in changed, silent)
        for part in _texts(source)
        if _has_place(row, part)
    ]


def refusal(unit: Unit, text: str) -> str | None:
    """Return what keeps ``text`` from being the target of ``unit``; None: it can be."""
    if unit.max_length is not None and len(text) > unit.max_length:
        return _("%(count)d characters; at most %(limit)d fit.") % {"count": len(text), "limit": unit.max_length}
    if unit.kind == TextKind.RICH:
        try:
            validate_html(text)
        except ValidationError as error:
            return " ".join(error.messages)
    return None


def with_texts(
    row: ContentItem | Variant, texts: Mapping[str, str], *, source: ContentItem | Variant | None = None
) -> ContentItem | Variant:
    """Return ``row`` with these texts by the ids of units, in memory; nothing is saved.

    Pass the newest draft (``row.get_latest_revision_as_object()``); ``save_draft`` saves it.

    Raises:
        TextsRefused: an id is no unit, or a text is too long or holds markup that is not allowed.
    """
    source = source or original_of(row)
    units = {unit.id: unit for unit in units_of(row, source=source)}
    refused = {
        name: _("There is no such text to translate.") if name not in units else refusal(units[name], text)
        for name, text in texts.items()
    }
    if refused := {name: message for name, message in refused.items() if message}:
        raise TextsRefused(refused)
    parts = parts_of(source)
    if not isinstance(row, Variant):
        _take_over(row, {parts[name].field for name, text in texts.items() if text})
    for name, text in texts.items():
        _write(row, source, parts[name], text)
    if isinstance(row, Variant):
        _give_back(row, {parts[name].field for name in texts})
    return row


def save_draft(row: ContentItem | Variant, *, user: Any = None) -> Any:
    """Save ``row`` as the newest draft and return its revision; what is on air stays as it is."""
    if not row.live:
        row.save()
    return row.save_revision(user=user, clean=False, log_action=True)


def _texts(source: Any) -> list[Part]:
    return [part for part in parts_of(source).values() if part.kind and part.value]


def _has_place(row: Any, part: Part) -> bool:
    """Return whether ``row`` can take a text: not the alternative text of a picture instead of which it has others."""
    if part.kind != TextKind.ALT or not part.field.startswith(FIELD_PREFIX):
        return True
    images = row.own_fields.get(part.field.removeprefix(FIELD_PREFIX))
    return not images or any(one["id"] == _image_of(part) for one in images)


def _inherited(row: ContentItem | Variant, source: ContentItem | Variant) -> dict[str, Part]:
    """Return the parts that readers get of fields that ``row`` leaves empty, a variant of those it does not set."""
    base = row.localization if isinstance(row, Variant) else row
    giver, found = givers_of(base), {}
    for name in {part.field for part in _texts(source)}:
        given = giver(name)
        if name not in row.overrides if isinstance(row, Variant) else given is not row:
            found |= parts_of(given, names=[name], like=source)
    return found


def _unit(part: Part, target: Part | None, inherited: Part | None, is_stale: bool, silent: UnitState) -> Unit:
    """Return a text beside that of the original; ``silent`` is its state where readers get what it inherits."""
    text, wider = (one.value if one and one.kind == part.kind else "" for one in (target, inherited))
    if not text:
        state = silent if wider else UnitState.MISSING
    elif is_stale:
        state = UnitState.STALE
    else:
        state = UnitState.SAME if text == part.value else UnitState.TRANSLATED
    return Unit(part.id, part.path, part.kind, part.value, text, part.max_length, state, part.block, wider)


def _take_over(row: ContentItem, names: Iterable[str]) -> None:
    """Let a text for a region begin each of these fields that it leaves empty as its language has it."""
    giver = givers_of(row)
    for name in names:
        given = giver(name)
        if given is row or name.startswith(TEXT_PREFIX):
            continue
        if name == BODY:
            row.body = row.body.stream_block.to_python(deepcopy(list(given.body.raw_data)))
        elif name.startswith(FIELD_PREFIX):
            own = name.removeprefix(FIELD_PREFIX)
            row.own_fields = {**row.own_fields, own: deepcopy(given.own_fields[own])}
        else:
            for column in COLUMNS[name]:
                setattr(row, column, getattr(given, column))


# --- writing ----------------------------------------------------------------------------------------------


def _write(row: Any, source: Any, part: Part, text: str) -> None:
    if isinstance(row, Variant):
        _override(row, source, part.field)
    if part.field == BODY:
        _write_in_body(row, source, part, text)
    elif part.field.startswith(TEXT_PREFIX):
        _write_short_text(row, source, part.field.removeprefix(TEXT_PREFIX), text)
    elif part.field.startswith(FIELD_PREFIX):
        _write_own_field(row, source, part, text)
    else:
        _begin_field(row, source, part.field)
        column = next(each for each in COLUMN_TEXTS[part.field] if column_id(part.field, each) == part.id)
        setattr(row, column, text)


def _override(variant: Variant, source: Variant, name: str) -> None:
    """Let ``variant`` set a field; what is no text of it is the original's."""
    if name in variant.overrides:
        return
    own_fields = [one.name for one in variant.type.field_definitions.all()]
    variant.overrides = check_overrides([*variant.overrides, name], own_fields)
    if name == CALL_TO_ACTION:
        variant.cta_action_id = source.cta_action_id


def _give_back(variant: Variant, names: Iterable[str]) -> None:
    """Let ``variant`` inherit those of these fields again that are text alone and have none left."""
    for name in names:
        is_text = name in (HEADLINE, SUMMARY, BODY) or name.startswith(TEXT_PREFIX)
        if is_text and not any(part.value for part in parts_of(variant, names=[name]).values() if part.kind):
            variant.overrides = [one for one in variant.overrides if one != name]


def _begin_field(row: Any, source: Any, name: str) -> None:
    """Take from the original what a text needs to be shown at all."""
    if name == CALL_TO_ACTION and not row.cta_label and not row.cta_link:
        row.cta_link = source.cta_link
    if name == IMAGE and not row.image_id:
        row.image_id = source.image_id


def _write_short_text(row: Any, source: Any, name: str, text: str) -> None:
    if isinstance(row, Variant):
        row.own_texts = {**row.own_texts, name: text}
        return
    texts = {one.name: one for one in row.texts.all()}
    if name in texts:
        texts[name].text = text
    else:
        texts[name] = NamedText(name=name, text=text)
    order = [*source.short_texts, *texts]
    kept = sorted((one for one in texts.values() if one.text), key=lambda one: order.index(one.name))
    for place, one in enumerate(kept):
        one.sort_order = place
    row.texts = kept


def _write_own_field(row: Any, source: Any, part: Part, text: str) -> None:
    name = part.field.removeprefix(FIELD_PREFIX)
    if part.kind != TextKind.ALT:
        row.own_fields = {**row.own_fields, name: text}
        return
    image_id = _image_of(part)
    images = deepcopy(row.own_fields.get(name) or [{**one, "alt": ""} for one in source.own_fields[name]])
    for one in images:
        if one["id"] == image_id:
            one["alt"] = text
    row.own_fields = {**row.own_fields, name: images}


def _image_of(part: Part) -> int:
    return int(part.id.split(".")[2])


def _write_in_body(row: Any, source: Any, part: Part, text: str) -> None:
    blocks = deepcopy(list(row.body.raw_data))
    original = next(block for block in source.body.raw_data if block["id"] == part.block)
    block = next((one for one in blocks if one["id"] == part.block), None)
    if block is None or block["type"] != original["type"]:
        if not text:
            return
        blocks = [one for one in blocks if one is not block]
        block = _without_texts(original)
        blocks.insert(_place_of(part.block, blocks, [one["id"] for one in source.body.raw_data]), block)
    match part.id.split(".")[2:]:
        case []:
            block["value"] = text
        case ["items", key]:
            block["value"]["items"] = _with_point(block["value"]["items"], original["value"]["items"], key, text)
        case ["data", line, column]:
            _write_cell(block["value"], original["value"], int(line) - 1, int(column) - 1, text)
        case [name]:
            block["value"][name] = text
    row.body = row.body.stream_block.to_python(blocks)


def _without_texts(block: dict[str, Any]) -> dict[str, Any]:
    """Return a copy of a block with everything but its texts."""
    copy = deepcopy(dict(block))
    if copy["type"] == "rich_text":
        copy["value"] = ""
    elif copy["type"] == "list":
        copy["value"]["items"] = []
    elif copy["type"] == "table":
        copy["value"] = {**copy["value"], "data": [], CAPTION: ""}
    for name in BLOCK_TEXTS.get(copy["type"], ()):
        copy["value"][name] = ""
    return copy


def _place_of(block: str, blocks: list[dict[str, Any]], order: list[str]) -> int:
    """Return where a block of the original goes: behind the nearest one before it that the language has."""
    before = order[: order.index(block)]
    return max((place for place, one in enumerate(blocks, 1) if one["id"] in before), default=0)


def _with_point(points: list[Any], originals: list[Any], key: str, text: str) -> list[Any]:
    """Return the points of a list with one of them written; an emptied one is gone, a new one goes to its place."""
    by_key = dict(zip(paired_keys(points, originals), points, strict=True))
    if key in by_key and isinstance(by_key[key], dict):
        by_key[key] = {**by_key[key], "value": text}
    else:
        by_key[key] = {"type": "item", "value": text, "id": key}
    order = [*point_keys(originals), *by_key]
    return [by_key[each] for each in sorted(by_key, key=order.index) if each != key or text]


def _write_cell(table: dict[str, Any], original: dict[str, Any], line: int, column: int, text: str) -> None:
    """Write a cell; a table smaller than the original grows to it."""
    rows = [list(cells) for cells in table.get("data") or []]
    while len(rows) < len(original["data"]):
        rows.append([])
    for cells, others in zip(rows, original["data"], strict=False):
        cells.extend([""] * (len(others) - len(cells)))
    rows[line][column] = text
    table["data"] = rows
