"""What of one channel in a file cannot be read: keys that nobody reads, and values of another form.

Values are judged here by their form alone; what they say is judged by the models that they become.
"""

import json
import unicodedata
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

LIMIT_PREFIX = "max_"
LARGEST_COUNT = 2_147_483_647  # what a column of whole numbers holds
DEEPEST = 20  # far more than a channel has
READ_KEYS = {"code", "parent", "kind", "labels", "order", "depth", "limits", "fields", "links"}  # depth: by parents

FIELD_COLUMNS = ("name", "source", "shape", "need", "ratio", "minimum_width")
LINK_COLUMNS = ("allowed_hosts", "deep_link", "utm_source", "utm_medium")
LIMIT_KEYS = ("field", "measure", "maximum", "placement", "severity")
_LEAST = {"maximum": 1, "minimum_width": 0}  # of the keys that are whole numbers; all others are texts


def form_problems(entry: Mapping[str, Any], entries: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Yield what of an entry cannot be read, each with its place; ``entries`` are all of the file, by code."""
    parent = entry.get("parent")
    if parent is not None and not (isinstance(parent, str) and parent in entries):
        yield f"the parent '{parent}' is not in the file."
    if not _is_count(entry.get("order", 0), least=0):
        yield f"order is {_shown(entry['order'])}, not a whole number from 0 up."
    for key, maximum in maxima_of(entry).items():
        if not _is_count(maximum, least=1):
            yield f"{key} is {_shown(maximum)}, not a whole number from 1 up."
    yield from _misspelt(entry)
    yield from _list_problems(entry, "limits", needed=("field", "maximum"), known=LIMIT_KEYS)
    yield from _list_problems(entry, "fields", needed=("name",), known=FIELD_COLUMNS)
    links = entry.get("links", {})
    if not isinstance(links, dict) or not all(isinstance(value, str) for value in links.values()):
        yield "links is no object of texts."
    elif unknown := links.keys() - set(LINK_COLUMNS):
        yield f"links has {', '.join(sorted(unknown))}, which nobody reads."
    for key, value in entry.items():
        allowed = "" if key in READ_KEYS else "\t\n\r"  # a remark may have lines
        for place, text in _texts(value, key):
            if any(unicodedata.category(one) in ("Cc", "Cs") and one not in allowed for one in text):
                yield f"{place} holds a control character: {_shown(text)}."


def maxima_of(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``max_title`` and its like."""
    return {key: value for key, value in entry.items() if key.startswith(LIMIT_PREFIX)}


def is_too_deep(content: Any) -> bool:
    """Return whether lists and objects stand in each other further than any channel needs."""
    level = [content]
    for _depth in range(DEEPEST):
        level = [inner for value in level for inner in _inside(value)]
        if not level:
            return False
    return True


def _misspelt(entry: Mapping[str, Any]) -> Iterator[str]:
    """Yield keys that are nearly one that is read; any other is a remark and kept as it came."""
    for key in sorted(entry.keys() - READ_KEYS - maxima_of(entry).keys()):
        if meant := get_close_matches(key.lower(), sorted(READ_KEYS), n=1, cutoff=0.8):
            yield f"{key} is read by nobody: {meant[0]} is."


def _list_problems(
    entry: Mapping[str, Any], key: str, *, needed: tuple[str, ...], known: tuple[str, ...]
) -> Iterator[str]:
    rows = entry.get(key, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        yield f"{key} is no list of objects."
        return
    seen = set()
    for number, row in enumerate(rows, start=1):
        place = f"{key} {number}"
        if missing := set(needed) - row.keys():
            yield f"{place} has no {', '.join(sorted(missing))}."
        if unknown := row.keys() - set(known):
            yield f"{place} has {', '.join(sorted(unknown))}, which nobody reads."
        for name in (name for name in known if name in row):
            if told := _value_problem(row[name], name):
                yield f"{place}: {name} is {_shown(row[name])}, {told}."
        names = tuple(str(row.get(name, "")) for name in ("name", "field", "measure", "placement"))
        if names in seen:
            yield f"{place} says what stands there before."
        seen.add(names)


def _value_problem(value: Any, name: str) -> str | None:
    if name in _LEAST:
        return None if _is_count(value, least=_LEAST[name]) else f"not a whole number from {_LEAST[name]} up"
    return None if isinstance(value, str) else "not a text"


def _is_count(value: Any, *, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= LARGEST_COUNT


def _texts(value: Any, place: str) -> Iterator[tuple[str, str]]:
    """Yield the texts of an entry, keys too, with their places, such as ``labels: en`` and ``fields 2: source``."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield place, key
            yield from _texts(inner, f"{place}: {key}")
    elif isinstance(value, list):
        for number, inner in enumerate(value, start=1):
            yield from _texts(inner, f"{place} {number}")


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _shown(value: Any) -> str:
    written = json.dumps(value, ensure_ascii=False)
    return written if len(written) <= 60 else f"{written[:59]}…"
