"""JSON that both databases can hold and every reader of the API can read."""

import json
from collections.abc import Iterator
from typing import Any

from taxonomy.termreader import is_storable

DEEPEST = 32  # objects or lists within each other


class NestedTooDeeply(ValueError):
    """Raised where walking through a value would go deeper than is allowed."""


def read_json(text: str, *, deepest: int = DEEPEST) -> Any:
    """Return the value.

    Raises:
        NestedTooDeeply: it is nested deeper than ``deepest``.
        json.JSONDecodeError: it is not JSON.
        ValueError: it holds NaN, or a number that is not finite.
    """
    try:
        value = json.loads(text, parse_constant=_refuse_constant, parse_float=_finite)
    except RecursionError as error:
        raise NestedTooDeeply(f"It is nested deeper than {deepest} levels") from error
    level = [value]
    for _ in range(deepest + 1):
        level = [inner for one in level if isinstance(one, dict | list) for inner in _held(one)]
    if level:
        raise NestedTooDeeply(f"It is nested deeper than {deepest} levels")
    return value


class StrictDecoder(json.JSONDecoder):
    """Refuses what ``read_json`` does, and texts that cannot be stored, in the way that form fields understand."""

    def decode(self, s: str, **kwargs: Any) -> Any:
        try:
            value = read_json(s)
        except json.JSONDecodeError:
            raise
        except ValueError as error:
            raise json.JSONDecodeError(str(error), s[:100], 0) from error
        if not all(map(is_storable, strings_in(value))):
            raise json.JSONDecodeError("It holds a character that cannot be stored", s[:100], 0)
        return value


def strings_in(value: Any) -> Iterator[str]:
    """Yield every text in a value, keys too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, held in value.items():
            yield key
            yield from strings_in(held)
    elif isinstance(value, list):
        for held in value:
            yield from strings_in(held)


def _held(value: dict[str, Any] | list[Any]) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else value


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


def _finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError(f"{text[:40]} is larger than any number can be")
    return number
