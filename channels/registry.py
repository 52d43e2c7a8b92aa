"""All channels with what they take from their parents, read in two statements and asked in memory."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import F, Model, QuerySet, Value
from django.db.models.functions import JSONObject

from channels.codes import Severity
from channels.models import Channel, ChannelField, Limit
from channels.sources import Alternatives, parse_source


class UnknownChannel(LookupError):
    """Raised for a code that no channel has. ``argument`` is where the API takes one."""

    argument = "channel"

    def __init__(self, code: str) -> None:
        super().__init__(f"There is no channel '{code}'.")
        self.code = code


@dataclass(frozen=True, slots=True)
class LimitEntry:
    """The most of one field that a channel takes, in a measure such as characters."""

    field: str
    measure: str
    maximum: int
    placement: str = ""
    severity: str = Severity.ERROR


@dataclass(frozen=True, slots=True)
class FieldEntry:
    """One field of a channel; ``sources`` are as ``parse_source`` returns them, ``ratio`` is width to height."""

    name: str
    sources: Alternatives
    shape: str
    need: str
    ratio: str = ""
    minimum_width: int = 0


@dataclass(frozen=True, slots=True)
class LinkPolicy:
    """Where links of a channel may lead, and what they carry; empty: nothing is asked or added."""

    allowed_hosts: tuple[str, ...] = ()
    deep_link: str = ""
    utm_source: str = ""
    utm_medium: str = ""


@dataclass(frozen=True, slots=True)
class ChannelEntry:
    """One channel; ``ancestors`` are codes, the nearest first; what it leaves open is that of its ancestors."""

    id: int
    code: str
    parent: str | None
    ancestors: tuple[str, ...]
    kind: str
    limits: tuple[LimitEntry, ...]
    labels: Mapping[str, str]
    is_retired: bool
    fields: tuple[FieldEntry, ...] = ()
    links: LinkPolicy = LinkPolicy()

    @property
    def depth(self) -> int:
        """Return 1 for a root, 2 for its children, and so on."""
        return len(self.ancestors) + 1

    @property
    def placements(self) -> tuple[str, ...]:
        """Return the named slots that have limits of their own."""
        return tuple(sorted({limit.placement for limit in self.limits if limit.placement}))

    def label(self, chain: Iterable[str]) -> str:
        """Return the name in the first locale of ``chain`` that has one, else in English, else in any."""
        found = (self.labels[tag] for tag in (*chain, "en") if tag in self.labels)
        return next(found, None) or self.labels[min(self.labels)]


class ChannelRegistry:
    """The channels at one moment, in tree order, retired ones included."""

    def __init__(self, entries: Iterable[ChannelEntry]) -> None:
        self.by_code: dict[str, ChannelEntry] = {entry.code: entry for entry in entries}
        self.by_id: dict[int, ChannelEntry] = {entry.id: entry for entry in self.by_code.values()}

    @property
    def current(self) -> list[ChannelEntry]:
        """Return the channels that are not retired, in tree order."""
        return [entry for entry in self.by_code.values() if not entry.is_retired]

    def find(self, code: str) -> ChannelEntry | None:
        """Return the channel with this code, retired or not, or None."""
        return self.by_code.get(code)

    def get(self, code: str) -> ChannelEntry:
        """Return the channel with this code, retired or not.

        Raises:
            UnknownChannel: there is none.
        """
        if code not in self.by_code:
            raise UnknownChannel(code)
        return self.by_code[code]


def channel_registry() -> ChannelRegistry:
    """Return the channels as they stand in the database now: two statements."""
    own = _own_parts()
    children: dict[int | None, list[Channel]] = {}
    # Sorted here: databases disagree on where a hyphen stands.
    for channel in sorted(Channel.objects.order_by(), key=lambda channel: (channel.position, channel.code)):
        children.setdefault(channel.parent_id, []).append(channel)
    return ChannelRegistry(_below(None, None, children, own))


class _Own(NamedTuple):
    """What channels say themselves, by their ids."""

    limits: dict[int, list[LimitEntry]]
    fields: dict[int, list[Any]]


def _own_parts() -> _Own:
    """Return limits and fields of all channels: one statement for both."""
    limits = _parts(Limit, "limit", ("field", "measure", "maximum", "placement", "severity"))
    fields = _parts(ChannelField, "field", ("name", "source", "shape", "need", "ratio", "minimum_width", "sort_order"))
    own = _Own({}, {})
    for channel_id, part, values in limits.union(fields, all=True):
        if part == "limit":
            own.limits.setdefault(channel_id, []).append(LimitEntry(**values))
        else:
            own.fields.setdefault(channel_id, []).append((values.pop("sort_order") or 0, values))
    for channel_id, rows in own.fields.items():
        own.fields[channel_id] = [_field(**values) for _, values in sorted(rows, key=lambda row: row[0])]
    return own


def _parts(model: type[Model], part: str, columns: Sequence[str]) -> QuerySet:
    values = JSONObject(**{column: F(column) for column in columns})
    return model.objects.order_by().values_list("channel_id", Value(part), values)


def _field(*, source: str, **values: Any) -> FieldEntry:
    return FieldEntry(sources=parse_source(source), **values)


def _below(
    pk: int | None, parent: ChannelEntry | None, children: Mapping[int | None, list[Channel]], own: _Own
) -> Iterator[ChannelEntry]:
    for channel in children.get(pk, []):
        entry = _entry(channel, parent, own)
        yield entry
        yield from _below(channel.pk, entry, children, own)


def _entry(channel: Channel, parent: ChannelEntry | None, own: _Own) -> ChannelEntry:
    all_limits = (*(parent.limits if parent else ()), *own.limits.get(channel.pk, ()))
    limits = {(limit.field, limit.measure, limit.placement): limit for limit in all_limits}
    all_fields = (*(parent.fields if parent else ()), *own.fields.get(channel.pk, ()))
    return ChannelEntry(
        id=channel.pk,
        code=channel.code,
        parent=parent and parent.code,
        ancestors=(parent.code, *parent.ancestors) if parent else (),
        kind=channel.kind,
        limits=tuple(limits[key] for key in sorted(limits)),
        labels=channel.labels,
        is_retired=channel.is_retired,
        fields=tuple({field.name: field for field in all_fields}.values()),
        links=_links(channel, parent.links if parent else LinkPolicy()),
    )


def _links(channel: Channel, above: LinkPolicy) -> LinkPolicy:
    return LinkPolicy(
        allowed_hosts=tuple(channel.allowed_hosts.lower().split()) or above.allowed_hosts,
        deep_link=channel.deep_link or above.deep_link,
        utm_source=channel.utm_source or above.utm_source,
        utm_medium=channel.utm_medium or above.utm_medium,
    )
