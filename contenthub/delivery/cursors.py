"""Cursors: where a reader stands in an ordered list, told apart by the question that the list answers."""

import base64
import binascii
import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import orjson

from .refusals import BadCursor

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Position = tuple[datetime | int | str, ...]


def digest(question: object) -> str:
    """Return what a cursor carries of its question: plain values of any depth."""
    return hashlib.blake2b(orjson.dumps(question), digest_size=9).hexdigest()


def encode_cursor(question: str, position: Position) -> str:
    """Return an opaque text for a position: the values by which its list is sorted."""
    values = [_microseconds(value) if isinstance(value, datetime) else value for value in position]
    return base64.urlsafe_b64encode(orjson.dumps([question, *values])).decode().rstrip("=")


def decode_cursor(cursor: str, question: str, kinds: Sequence[type]) -> Position:
    """Return the position that a cursor stands for; ``kinds`` are the types of its values.

    Raises:
        BadCursor: it is malformed, or belongs to another question.
    """
    try:
        padded = cursor.encode() + b"=" * (-len(cursor) % 4)
        asked, *values = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if asked != question:
            raise BadCursor
        return tuple(_read(value, kind) for value, kind in zip(values, kinds, strict=True))
    except (binascii.Error, ValueError, TypeError, OverflowError) as error:
        raise BadCursor from error


def _read(value: object, kind: type) -> datetime | int | str:
    if type(value) is not (int if kind is datetime else kind):
        raise BadCursor
    if isinstance(value, str) and "\x00" in value:  # PostgreSQL takes none
        raise BadCursor
    return _EPOCH + timedelta(microseconds=value) if kind is datetime else value


def _microseconds(instant: datetime) -> int:
    return (instant - _EPOCH) // timedelta(microseconds=1)
