"""Reading JSON Lines files that nobody vouches for: line by line, each line strictly, none kept.

Strict means: UTF-8, no key twice in an object, no number that a database would change, no character that it cannot
hold, no nesting that code would choke on.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

import orjson
from django.core.exceptions import ValidationError

LONGEST_LINE = 4 * 1024 * 1024  # bytes
DEEPEST = 32  # objects and lists inside one another
LARGEST_NUMBER = 2**53  # what every reader of JSON keeps exactly

_FOREIGN_MARKS = {
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\x00\x00\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}


@dataclass(frozen=True)
class RawLine:
    """One line that is not empty; ``number`` counts from 1, ``offset`` is where it begins in the file."""

    number: int
    offset: int
    raw: bytes


def raw_lines(file: BinaryIO) -> Iterator[RawLine]:
    """Yield the lines of a file that are not empty; of an over-long one no more than shows that it is."""
    number = offset = 0
    while raw := file.readline(LONGEST_LINE + 1):
        number += 1
        read, end = len(raw), raw
        while len(end) > LONGEST_LINE and not end.endswith(b"\n"):
            end = file.readline(LONGEST_LINE + 1)
            read += len(end)
        if raw.strip():
            yield RawLine(number, offset, raw)
        offset += read


def raw_line_at(file: BinaryIO, offset: int) -> bytes:
    """Return the line that begins at ``offset``."""
    file.seek(offset)
    return file.readline(LONGEST_LINE + 1)


def foreign_encoding(raw: bytes) -> str | None:
    """Return the encoding that the first bytes of a file declare, if it is another than UTF-8."""
    return next((name for mark, name in _FOREIGN_MARKS.items() if raw.startswith(mark)), None)


def decoded(raw: bytes) -> Any:
    """Return what a line holds.

    Raises:
        ValidationError: it is too long, not UTF-8, not JSON, or holds what could not be kept as it is.
    """
    if len(raw.rstrip(b"\r\n")) > LONGEST_LINE or len(raw) > LONGEST_LINE + 2:
        raise ValidationError(f"longer than {LONGEST_LINE} bytes")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValidationError(f"not UTF-8: byte {error.start + 1} of the line") from error
    if "\x00" in text:
        raise ValidationError("holds NUL bytes: is the file UTF-16? It must be UTF-8")
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise ValidationError(f"not JSON: {error.msg}, at character {error.pos + 1}") from error
    # The first reading judged the grammar and the surrogates; the second sees what that one keeps quiet about.
    value = json.loads(text, object_pairs_hook=_object, parse_int=_number, parse_float=_fraction)
    _refuse_unkeepable(value, DEEPEST)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValidationError(f"the key {twice[:50]} stands twice in one object")
    return found


def _number(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) > LARGEST_NUMBER:
        raise ValidationError(f"the number {digits[:30]} is larger than {LARGEST_NUMBER}")
    return int(digits)


def _fraction(digits: str) -> float:
    if abs(float(digits)) > LARGEST_NUMBER:
        raise ValidationError(f"the number {digits[:30]} is larger than {LARGEST_NUMBER}")
    return float(digits)


def _refuse_unkeepable(value: Any, levels: int) -> None:
    if isinstance(value, str):
        if "\x00" in value:
            raise ValidationError("a text holds a NUL character")
        return
    if not isinstance(value, dict | list):
        return
    if levels == 0:
        raise ValidationError(f"nested deeper than {DEEPEST} levels")
    if isinstance(value, dict):
        for name in value:
            _refuse_unkeepable(name, levels)
        value = value.values()
    for one in value:
        _refuse_unkeepable(one, levels - 1)
