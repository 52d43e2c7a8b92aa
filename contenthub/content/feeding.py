"""Which fields of an item feed a field of a channel, so that what does not fit can be mended where it is written."""

from collections.abc import Callable
from typing import Any

from channels.registry import FieldEntry
from contenthub.delivery.resolving import BODY, CALL_TO_ACTION, FIELD_PREFIX, HEADLINE, IMAGE, SUMMARY, TEXT_PREFIX

from .variants.overriding import COLUMNS, value_of

_WRITTEN_IN = {
    "headline": HEADLINE,
    "summary": SUMMARY,
    "link_label": CALL_TO_ACTION,
    "link": CALL_TO_ACTION,
    "body": BODY,
    "legal": BODY,
    "image": IMAGE,
}


def written_in(part: str) -> str:
    """Return the field in which a part of a channel's source is written, named as versions override it."""
    kind, _between, name = part.partition(":")
    prefixes = {"text": TEXT_PREFIX, "field": FIELD_PREFIX}
    return f"{prefixes[kind]}{name}" if kind in prefixes else _WRITTEN_IN[part]


def parts_taken(entry: FieldEntry, giver: Callable[[str], Any]) -> tuple[str, ...]:
    """Return the parts that a channel's field takes: of the alternatives the first whose leading part holds something.

    Where none does, that is the first. ``giver`` returns the row, base or variant, that gives a field of the item.
    """
    taken = (parts for parts in entry.sources if _holds(giver(written_in(parts[0])), parts[0]))
    return next(taken, next(iter(entry.sources), ()))


def _holds(row: Any, part: str) -> bool:
    name = written_in(part)
    value = value_of(row, name)
    if part == "legal":
        return any(block["type"] == "legal_note" for block in value)
    if name == CALL_TO_ACTION:
        return bool(value[COLUMNS[name].index("cta_label" if part == "link_label" else "cta_link")])
    return bool(value[0] if name == IMAGE else value)
