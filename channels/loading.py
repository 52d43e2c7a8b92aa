"""Loading channels from a JSON file: everything is checked first, then written in one transaction.

The file is the whole truth about the channels in it: loading it again changes nothing. A channel that is gone
from the file is retired, never deleted, because items go on naming it.
"""

import json
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction

from channels.codes import CODE_PREFIX
from channels.models import Channel, Limit

FACET = "channel"
LIMIT_PREFIX = "max_"
LARGEST_COUNT = 2_147_483_647  # what a column of whole numbers holds
_READ_KEYS = {"code", "parent", "kind", "labels", "order", "depth"}  # depth follows from the parents


class UnloadableFile(ValueError):
    """Raised for a file that cannot be loaded; nothing was changed. ``problems`` names all that is wrong."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class LoadReport(NamedTuple):
    """How many channels a file added, changed, retired (removed) and left as they were."""

    added: int
    changed: int
    removed: int
    unchanged: int


class ChannelRow(NamedTuple):
    """What a file says of one channel; ``limits`` maps a field to its maximum in characters."""

    code: str
    parent: str | None
    kind: str
    labels: dict[str, str]
    position: int
    limits: dict[str, int]
    attributes: dict[str, Any]


def load_channels(path: Path) -> LoadReport:
    """Bring the channels in step with a file.

    Raises:
        UnloadableFile: the file is no list of channels, or some are wrong.
    """
    rows = read_channels(path)
    with transaction.atomic():
        stored = {channel.code: channel for channel in Channel.objects.select_related("parent")}
        limits = _stored_limits()
        report = {"added": 0, "changed": 0, "removed": 0, "unchanged": 0}
        for row in rows:
            channel = stored.get(row.code)
            if channel and not channel.is_retired and _stored_row(channel, limits.get(row.code, {})) == row:
                report["unchanged"] += 1
                continue
            report["changed" if channel else "added"] += 1
            stored[row.code] = _write(row, channel or Channel(code=row.code), stored)
        for code in stored.keys() - {row.code for row in rows}:
            report["removed"] += _retire(stored[code])
    return LoadReport(**report)


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
    if not found:
        found += _field_problems(entry, entries)
    return [f"{entry['code']}: {problem}" for problem in found]


def _field_problems(entry: Mapping[str, Any], entries: Mapping[str, Mapping[str, Any]]) -> list[str]:
    row = _row(entry, entries)
    channel = Channel(code=row.code, labels=row.labels, kind=row.kind, attributes=row.attributes)
    limits = [Limit(field=field, maximum=maximum) for field, maximum in row.limits.items()]
    found = []
    # A kind that comes from the root is judged there.
    not_its_own = ["parent"] if entry.get("kind") else ["parent", "kind"]
    for subject, left_out in ((channel, not_its_own), *((limit, ["channel"]) for limit in limits)):
        try:
            subject.clean_fields(exclude=left_out)
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
        limits={key.removeprefix(LIMIT_PREFIX): maximum for key, maximum in maxima.items()},
        attributes={key: value for key, value in entry.items() if key not in _READ_KEYS and key not in maxima},
    )


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


def _stored_limits() -> dict[str, dict[str, int]]:
    limits: dict[str, dict[str, int]] = {}
    for code, field, maximum in Limit.objects.values_list("channel__code", "field", "maximum"):
        limits.setdefault(code, {})[field] = maximum
    return limits


def _stored_row(channel: Channel, limits: dict[str, int]) -> ChannelRow:
    return ChannelRow(
        code=channel.code,
        parent=channel.parent and channel.parent.code,
        kind=channel.kind,
        labels=channel.labels,
        position=channel.position,
        limits=limits,
        attributes=channel.attributes,
    )


def _write(row: ChannelRow, channel: Channel, stored: Mapping[str, Channel]) -> Channel:
    channel.parent = stored[row.parent] if row.parent else None
    channel.kind, channel.labels, channel.position = row.kind, row.labels, row.position
    channel.attributes, channel.is_retired = row.attributes, False
    channel.save()
    Limit.objects.filter(channel=channel).delete()
    Limit.objects.bulk_create(
        Limit(channel=channel, field=field, maximum=maximum) for field, maximum in row.limits.items()
    )
    return channel


def _retire(channel: Channel) -> int:
    """Retire a channel; return 1, or 0 where it was retired before."""
    if channel.is_retired:
        return 0
    channel.is_retired = True
    channel.save(update_fields=["is_retired"])
    return 1
