"""Reading channels from a JSON file: everything is checked, and all that is wrong is told at once."""

import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError

from channels.codes import CODE_PREFIX, Measure, Severity
from channels.models import Channel, ChannelField, Limit

FACET = "channel"
LIMIT_PREFIX = "max_"
LARGEST_COUNT = 2_147_483_647  # what a column of whole numbers holds
_READ_KEYS = {"code", "parent", "kind", "labels", "order", "depth", "limits", "fields", "links"}  # depth: by parents

FIELD_COLUMNS = ("name", "source", "shape", "need", "ratio", "minimum_width")
LINK_COLUMNS = ("allowed_hosts", "deep_link", "utm_source", "utm_medium")
LIMIT_KEYS = ("field", "measure", "maximum", "placement", "severity")

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
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UnloadableFile([f"{path} cannot be read as JSON: {error}"]) from error
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
    found = []
    parent = entry.get("parent")
    if parent is not None and not (isinstance(parent, str) and parent in entries):
        found.append(f"the parent '{parent}' is not in the file.")
    order = entry.get("order", 0)
    if not _is_count(order):
        found.append(f"order is {order!r}, not a whole number from 0 up.")
    for key, maximum in _maxima(entry).items():
        if not _is_count(maximum) or maximum == 0:
            found.append(f"{key} is {maximum!r}, not a whole number from 1 up.")
    found += _form_problems(entry)
    if not found:
        found += _field_problems(entry, entries)
    return [f"{entry['code']}: {problem}" for problem in found]


def _form_problems(entry: Mapping[str, Any]) -> list[str]:
    """Return what of ``limits``, ``fields`` and ``links`` cannot be read."""
    found = _list_problems(entry, "limits", needed={"field", "maximum"}, known=LIMIT_KEYS)
    found += _list_problems(entry, "fields", needed={"name"}, known=FIELD_COLUMNS)
    links = entry.get("links", {})
    if not isinstance(links, dict) or not all(isinstance(value, str) for value in links.values()):
        found.append("links is no object of texts.")
    elif unknown := links.keys() - set(LINK_COLUMNS):
        found.append(f"links has {', '.join(sorted(unknown))}, which nobody reads.")
    return found


def _list_problems(entry: Mapping[str, Any], key: str, *, needed: set[str], known: Sequence[str]) -> list[str]:
    rows = entry.get(key, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return [f"{key} is no list of objects."]
    found, seen = [], set()
    for number, row in enumerate(rows, start=1):
        if missing := needed - row.keys():
            found.append(f"{key} {number} has no {', '.join(sorted(missing))}.")
        if unknown := row.keys() - set(known):
            found.append(f"{key} {number} has {', '.join(sorted(unknown))}, which nobody reads.")
        names = tuple(str(row.get(name, "")) for name in ("name", "field", "measure", "placement"))
        if names in seen:
            found.append(f"{key} {number} says what stands there before.")
        seen.add(names)
    return found


def _field_problems(entry: Mapping[str, Any], entries: Mapping[str, Mapping[str, Any]]) -> list[str]:
    row = _row(entry, entries)
    links = row.links or {}
    channel = Channel(code=row.code, labels=row.labels, kind=row.kind, attributes=row.attributes, **links)
    parts = [*unsaved_limits(row, channel), *unsaved_fields(row.fields or (), channel)]
    found = []
    # A kind that comes from the root is judged there.
    not_its_own = ["parent"] if entry.get("kind") else ["parent", "kind"]
    for subject, left_out in ((channel, not_its_own), *((part, ["channel"]) for part in parts)):
        try:
            subject.clean_fields(exclude=left_out)
            if subject is not channel:
                subject.clean()
        except ValidationError as error:
            found += [f"{name}: {message}" for name, messages in error.message_dict.items() for message in messages]
    return found


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
    maxima = _maxima(entry)
    return ChannelRow(
        code=entry["code"],
        parent=entry.get("parent"),
        kind=entry.get("kind") or _root_kind(entry, entries),
        labels=_normalised(labels) if isinstance(labels, dict) else labels,
        position=entry.get("order", 0),
        limits=_read_limits(entry, maxima),
        limited=tuple(dict.fromkeys(row["field"] for row in entry.get("limits", []))),
        fields=_read_fields(entry["fields"]) if "fields" in entry else None,
        links={name: entry["links"].get(name, "") for name in LINK_COLUMNS} if "links" in entry else None,
        attributes={key: value for key, value in entry.items() if key not in _READ_KEYS and key not in maxima},
    )


def _read_limits(entry: Mapping[str, Any], maxima: Mapping[str, Any]) -> dict[LimitKey, tuple[int, str]]:
    """Return the limits of ``max_title`` and its like, in characters, and those of the list ``limits``."""
    plain = {
        (key.removeprefix(LIMIT_PREFIX), Measure.CHARACTERS.value, ""): (maximum, Severity.ERROR.value)
        for key, maximum in maxima.items()
    }
    listed = {
        (row["field"], row.get("measure", Measure.CHARACTERS.value), row.get("placement", "")): (
            row["maximum"],
            row.get("severity", Severity.ERROR.value),
        )
        for row in entry.get("limits", [])
    }
    return plain | listed


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


def _maxima(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if key.startswith(LIMIT_PREFIX)}


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST_COUNT
