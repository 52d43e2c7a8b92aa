"""An answer as one flat object, for tools that take no other. Pure functions on what JSON can hold."""

from collections.abc import Iterator, Mapping
from typing import Any

from .options import Options


def find(data: Any, path: tuple[str, ...]) -> Any:
    """Return the value at a path; None where it leads nowhere."""
    for step in path:
        if isinstance(data, Mapping):
            data = data.get(step)
        elif isinstance(data, list) and step.isdecimal() and int(step) < len(data):
            data = data[int(step)]
        else:
            return None
    return data


def is_empty(data: Any, options: Options) -> bool:
    """Tell whether an answer holds nothing to hand over."""
    return not find(data, options.path)


def shape(data: Any, options: Options, style: str) -> dict[str, Any]:
    """Return the flat object that an answer is handed over as; a list stands in it under ``items``."""
    found = find(data, options.path)
    shaped: dict[str, Any] = (
        {"items": [_flat(each, style) for each in found]} if options.is_list else _flat(found, style)
    )
    for name, path in options.also.items():
        shaped |= _flat({name: find(data, path)}, style)
    return shaped


def cut(value: Any, most: int) -> tuple[Any, int]:
    """Return a value with every text in it cut to ``most`` characters, and how many texts that were."""
    if isinstance(value, str):
        return (value, 0) if len(value) <= most else (_without_half_token(value[: most - 1]) + "…", 1)
    if isinstance(value, Mapping):
        parts = {name: cut(each, most) for name, each in value.items()}
        return {name: part for name, (part, _) in parts.items()}, sum(number for _, number in parts.values())
    if isinstance(value, list):
        cuts = [cut(each, most) for each in value]
        return [part for part, _ in cuts], sum(number for _, number in cuts)
    return value, 0


def _without_half_token(text: str) -> str:
    """Return a text that was cut without the personal token that the cut went through, in whatever syntax.

    >>> _without_half_token("Hello {{ first_name | def"), _without_half_token("Hello {{first_name}}, w")
    ('Hello ', 'Hello {{first_name}}, w')
    """
    for opening, closing in (("{{#if", "{{/if}}"), ("{{", "}}"), ("%%=", "=%%"), ("{%=", "%}")):
        start = text.rfind(opening)
        if start >= 0 and closing not in text[start:]:
            text = text[:start]
    return text


def _flat(value: Any, style: str) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        value = {"value": value}
    value = {name: _short(each) if name.startswith("_") else each for name, each in value.items()}
    if style == "json":
        return value
    return dict(_dotted("", value, joins=style == "joined"))


def _short(value: Any) -> Any:
    """Return a value about the content in its shortest form: what stands alone in an object, lists joined."""
    if isinstance(value, Mapping) and len(value) == 1:
        return _short(next(iter(value.values())))
    if isinstance(value, list):
        return _joined(value) if _is_simple(value) else value
    return value


def _dotted(name: str, value: Any, *, joins: bool) -> Iterator[tuple[str, Any]]:
    """Yield leaves under names that tell where they stood."""
    if isinstance(value, list) and joins and _is_simple(value):
        yield name, _joined(value)
    elif isinstance(value, Mapping | list):
        mark = "_" if joins else "."
        parts = value.items() if isinstance(value, Mapping) else enumerate(value)
        for part, each in parts:
            yield from _dotted(f"{name}{mark}{part}" if name else str(part), each, joins=joins)
    else:
        yield name, value


def _is_simple(values: list[Any]) -> bool:
    return all(not isinstance(_alone(value), Mapping | list) for value in values)


def _alone(value: Any) -> Any:
    return next(iter(value.values())) if isinstance(value, Mapping) and len(value) == 1 else value


def _joined(values: list[Any]) -> str:
    return ",".join(str(_alone(value)) for value in values if _alone(value) is not None)
