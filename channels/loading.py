"""Loading channels from a JSON file: everything is checked first, then written in one transaction.

The file is the whole truth about the channels: loading it again changes nothing. A channel that is gone from the file
is retired, unless others are to be kept, and never deleted, because items go on naming it.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from django.db import transaction

from channels.channelfiles import (
    FIELD_COLUMNS,
    LINK_COLUMNS,
    ChannelRow,
    FieldColumns,
    LimitKey,
    UnloadableFile,
    read_channels,
    unsaved_fields,
    unsaved_limits,
)
from channels.models import NO_SUCH_FIELD, Channel, ChannelField, Limit
from channels.starter import Profile, starter

PROFILES = Path(__file__).parent / "profiles.json"  # the channels that ship with the hub


class LoadReport(NamedTuple):
    """How many channels a file added, changed, retired (removed) and left as they were; ``retired`` are their codes."""

    added: int
    changed: int
    removed: int
    unchanged: int
    retired: tuple[str, ...] = ()


def load_channels(path: Path, *, keep_others: bool = False, dry_run: bool = False) -> LoadReport:
    """Bring the channels in step with a file.

    ``keep_others``: those that the file does not name stay as they are. ``dry_run``: nothing is changed.

    Raises:
        UnloadableFile: the file is no list of channels, or some are wrong.
    """
    rows = read_channels(path)
    with transaction.atomic():
        stored = {channel.code: channel for channel in Channel.objects.select_related("parent")}
        limits, fields = _stored_limits(), _stored_fields()
        if problems := list(_limits_without_field(rows, stored, fields)):
            raise UnloadableFile(problems)
        report = {"added": 0, "changed": 0, "unchanged": 0}
        for row in rows:
            channel = stored.get(row.code)
            if channel and not channel.is_retired and _as_said(row, channel, limits, fields) == row:
                report["unchanged"] += 1
                continue
            report["changed" if channel else "added"] += 1
            stored[row.code] = _write(row, channel or Channel(code=row.code), stored)
        others = [] if keep_others else sorted(stored.keys() - {row.code for row in rows})
        retired = tuple(code for code in others if _retire(stored[code]))
        transaction.set_rollback(dry_run)
    return LoadReport(**report, removed=len(retired), retired=retired)


def _stored_limits() -> dict[str, dict[LimitKey, tuple[int, str]]]:
    limits: dict[str, dict[LimitKey, tuple[int, str]]] = {}
    columns = ("channel__code", "field", "measure", "placement", "maximum", "severity")
    for code, field, measure, placement, *rest in Limit.objects.values_list(*columns):
        limits.setdefault(code, {})[field, measure, placement] = tuple(rest)
    return limits


def _stored_fields() -> dict[str, tuple[FieldColumns, ...]]:
    fields: dict[str, tuple[FieldColumns, ...]] = {}
    for code, *columns in ChannelField.objects.values_list("channel__code", *FIELD_COLUMNS):
        fields[code] = (*fields.get(code, ()), tuple(columns))
    return fields


def _limits_without_field(
    rows: Iterable[ChannelRow], stored: Mapping[str, Channel], fields: Mapping[str, tuple[FieldColumns, ...]]
) -> Iterator[str]:
    """Yield the limits on fields that a channel will not have; ``rows`` have parents before their children.

    ``max_body`` and its like are left out: other programs read them too, whatever the fields of a channel are here.
    """
    sources: dict[str, dict[str, str]] = {}
    for row in rows:
        begin = _begin(row, stored).fields or fields.get(row.code, ())
        own = begin if row.fields is None else row.fields
        sources[row.code] = sources.get(row.parent, {}) | {name: source.strip() for name, source, *_ in own}
        for field in row.limited:
            if not sources[row.code].get(field):
                yield f"{row.code}: limits: {NO_SUCH_FIELD % {'field': field}}"


def _begin(row: ChannelRow, stored: Mapping[str, Channel]) -> Profile:
    """Return what a channel begins with; one that is there already goes on with what editors made of it."""
    known = row.code in stored and stored[row.code].pk
    return Profile() if known else starter(row.code, row.kind, is_root=row.parent is None)


def _as_said(row: ChannelRow, channel: Channel, limits: Mapping, fields: Mapping) -> ChannelRow:
    """Return what is stored of a channel, as far as ``row`` speaks of it."""
    return ChannelRow(
        code=channel.code,
        parent=channel.parent and channel.parent.code,
        kind=channel.kind,
        labels=channel.labels,
        position=channel.position,
        limits=limits.get(channel.code, {}),
        limited=row.limited,
        fields=None if row.fields is None else fields.get(channel.code, ()),
        links=None if row.links is None else {name: getattr(channel, name) for name in LINK_COLUMNS},
        attributes=channel.attributes,
    )


def _write(row: ChannelRow, channel: Channel, stored: Mapping[str, Channel]) -> Channel:
    begin = _begin(row, stored)
    fields = row.fields if row.fields is not None else begin.fields or None
    channel.parent = stored[row.parent] if row.parent else None
    channel.kind, channel.labels, channel.position = row.kind, row.labels, row.position
    channel.attributes, channel.is_retired = row.attributes, False
    for name, value in (begin.links if row.links is None else row.links).items():
        setattr(channel, name, value)
    channel.save()
    Limit.objects.filter(channel=channel).delete()
    Limit.objects.bulk_create(unsaved_limits(row, channel))
    if fields is not None:
        ChannelField.objects.filter(channel=channel).delete()
        ChannelField.objects.bulk_create(unsaved_fields(fields, channel))
    return channel


def _retire(channel: Channel) -> bool:
    """Retire a channel; return whether it was in use before."""
    if channel.is_retired:
        return False
    channel.is_retired = True
    channel.save(update_fields=["is_retired"])
    return True
