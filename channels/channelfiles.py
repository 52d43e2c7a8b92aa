"""Reading channels from a JSON file: everything is checked, and all that is wrong is told at once."""

import json
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError

from channels.codes import CODE_PREFIX, Measure, Severity
from channels.filejudging import (
    FIELD_COLUMNS,
    LIMIT_PREFIX,
    LINK_COLUMNS,
    READ_KEYS,
    form_problems,
    is_too_deep,
    maxima_of,
)
from channels.models import Channel, ChannelField, Limit

FACET = "channel"

LimitKey = tuple[str, str, str]
FieldColumns = tuple[Any, ...]


class UnloadableFile(ValueError):
    """Raised for a file that cannot be loaded. ``problems`` names all that is wrong."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class ChannelRow(NamedTuple):
    """What a file says of one channel.

    ``limits`` maps field, measure and placement to maximum and severity; ``limited`` are the fields that its list of
    limits names, ``max_title`` and its like left out. ``fields`` and ``links`` are columns of
    ``ChannelField`` and ``Channel``; None where the file says nothing: a new channel gets those it begins with.
    """

    code: str
    parent: str | None
    kind: str
    labels: dict[str, str]
    position: int
    limits: dict[LimitKey, tuple[int, str]]
    limited: tuple[str, ...]
    fields: tuple[FieldColumns, ...] | None
    links: dict[str, str] | None
    attributes: dict[str, Any]


def read_channels(path: Path) -> list[ChannelRow]:
    """Return the channels of a file, parents before their children.

    Raises:
        UnloadableFile: as for ``load_channels``.
    """
    entries = _entries(path)
    problems = [problem for entry in entries.values() for problem in _problems(entry, entries)]
    if problems:
        raise UnloadableFile(problems)
    ordered = _parents_first(entries)
    if circle := entries.keys() - {entry["code"] for entry in ordered}:
        raise UnloadableFile([f"These channels stand under each other in a circle: {', '.join(sorted(circle))}."])
    return [_row(entry, entries) for entry in ordered]


def unsaved_limits(row: ChannelRow, channel: Channel) -> list[Limit]:
    return [
        Limit(channel=channel, field=field, measure=measure, placement=placement, maximum=maximum, severity=severity)
        for (field, measure, placement), (maximum, severity) in row.limits.items()
    ]


def unsaved_fields(rows: Iterable[FieldColumns], channel: Channel) -> list[ChannelField]:
    return [
        ChannelField(channel=channel, sort_order=place, **dict(zip(FIELD_COLUMNS, columns, strict=True)))
        for place, columns in enumerate(rows)
    ]


def _entries(path: Path) -> dict[str, dict[str, Any]]:
    """Return the entries of a file by code, once it is clear that each has one of its own."""
    too_deep = f"{path} is nested too deeply."
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UnloadableFile([f"{path} cannot be read as JSON: {error}"]) from error
    except RecursionError as error:
        raise UnloadableFile([too_deep]) from error
    if is_too_deep(content):
        raise UnloadableFile([too_deep])
    if not isinstance(content, dict) or not isinstance(content.get("terms"), list):
        raise UnloadableFile([f"{path} holds no channels: an object with a list 'terms' is expected."])
    if content.get("facet") != FACET:
        raise UnloadableFile(
            [f"{path} holds terms of the facet '{content.get('facet')}', not channels: load it with load_terms."]
        )
    entries, problems = {}, []
    for number, entry in enumerate(content["terms"], start=1):
        code = entry.get("code") if isinstance(entry, dict) else None
        if not isinstance(code, str):
            problems.append(f"Channel {number} has no code.")
        elif code in entries:
            problems.append(f"{code}: the code stands there twice.")
        else:
            entries[code] = entry
    if problems:
        raise UnloadableFile(problems)
    return entries


def _problems(entry: Mapping[str, Any], entries: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return all that is wrong with one entry, each with the channel's code in front."""
    found = list(form_problems(entry, entries))
    if not found:
        found += _field_problems(entry, entries)
    return [f"{entry['code']}: {problem}" for problem in found]


def _field_problems(entry: Mapping[str, Any], entries: Mapping[str, Mapping[str, Any]]) -> list[str]:
    row = _row(entry, entries)
    links = row.links or {}
    channel = Channel(code=row.code, labels=row.labels, kind=row.kind, attributes=row.attributes, **links)
    # A kind that comes from the root is judged there.
    found = _told("", lambda: channel.clean_fields(exclude=["parent"] if entry.get("kind") else ["parent", "kind"]))
    fields = ((f"fields {number}: ", one) for number, one in enumerate(unsaved_fields(row.fields or (), channel), 1))
    for place, part in (*zip(_limit_places(entry), unsaved_limits(row, channel), strict=True), *fields):
        found += _told(place, lambda part=part: part.clean_fields(exclude=["channel"])) or _told(place, part.clean)
    return found


def _limit_places(entry: Mapping[str, Any]) -> Iterable[str]:
    """Return where the limits of an entry stand, in the order of its row."""
    return {key: f"{place}: " for place, key, _limit in _limits_of(entry)}.values()


def _told(place: str, clean: Callable[[], None]) -> list[str]:
    """Return what a check refuses, each with its place in front."""
    try:
        clean()
    except ValidationError as error:
        return [f"{place}{name}: {text}" for name, texts in error.message_dict.items() for text in texts]
    return []


def _parents_first(entries: Mapping[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the entries that hang on a root, level by level."""
    level = [entry for entry in entries.values() if entry.get("parent") is None]
    ordered = []
    while level:
        ordered += level
        above = {entry["code"] for entry in level}
        level = [entry for entry in entries.values() if entry.get("parent") in above]
    return ordered


def _row(entry: Mapping[str, Any], entries: Mapping[str, Mapping[str, Any]]) -> ChannelRow:
    labels = entry.get("labels")
    maxima = maxima_of(entry)
    return ChannelRow(
        code=entry["code"],
        parent=entry.get("parent"),
        kind=entry.get("kind") or _root_kind(entry, entries),
        labels=_normalised(labels) if isinstance(labels, dict) else labels,
        position=entry.get("order", 0),
        limits={key: limit for _place, key, limit in _limits_of(entry)},
        limited=tuple(dict.fromkeys(row["field"] for row in entry.get("limits", []))),
        fields=_read_fields(entry["fields"]) if "fields" in entry else None,
        links={name: entry["links"].get(name, "") for name in LINK_COLUMNS} if "links" in entry else None,
        attributes={key: value for key, value in entry.items() if key not in READ_KEYS and key not in maxima},
    )


def _limits_of(entry: Mapping[str, Any]) -> Iterator[tuple[str, LimitKey, tuple[int, str]]]:
    """Yield the limits of ``max_title`` and its like, in characters, and those of the list, each with its place."""
    for key, maximum in maxima_of(entry).items():
        yield key, (key.removeprefix(LIMIT_PREFIX), Measure.CHARACTERS.value, ""), (maximum, Severity.ERROR.value)
    for number, row in enumerate(entry.get("limits", []), start=1):
        key = row["field"], row.get("measure", Measure.CHARACTERS.value), row.get("placement", "")
        yield f"limits {number}", key, (row["maximum"], row.get("severity", Severity.ERROR.value))


def _read_fields(rows: Iterable[Mapping[str, Any]]) -> tuple[FieldColumns, ...]:
    defaults = {name: ChannelField._meta.get_field(name).get_default() for name in FIELD_COLUMNS}
    return tuple(tuple(row.get(name, defaults[name]) for name in FIELD_COLUMNS) for row in rows)


def _normalised(labels: Mapping[str, Any]) -> dict[str, Any]:
    return {tag: unicodedata.normalize("NFC", name) if isinstance(name, str) else name for tag, name in labels.items()}


def _root_kind(entry: Mapping[str, Any], entries: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the key of the root above an entry: channel:web-page stands under channel:web, so it is 'web'."""
    seen = set()
    while entry.get("parent") in entries and entry["code"] not in seen:
        seen.add(entry["code"])
        entry = entries[entry["parent"]]
    return entry.get("kind") or entry["code"].removeprefix(CODE_PREFIX)
