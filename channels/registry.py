"""All channels with what they take from their parents, read in two statements and asked in memory."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from channels.models import Channel, Limit


class UnknownChannel(LookupError):
    """Raised for a code that no channel has."""

    def __init__(self, code: str) -> None:
        super().__init__(f"There is no channel '{code}'.")
        self.code = code


@dataclass(frozen=True, slots=True)
class LimitEntry:
    """The most of one field that a channel takes, in a measure such as characters."""

    field: str
    measure: str
    maximum: int


@dataclass(frozen=True, slots=True)
class ChannelEntry:
    """One channel; ``ancestors`` are codes, the nearest first; ``limits`` hold those of the ancestors too."""

    id: int
    code: str
    parent: str | None
    ancestors: tuple[str, ...]
    kind: str
    limits: tuple[LimitEntry, ...]
    labels: Mapping[str, str]
    is_retired: bool

    @property
    def depth(self) -> int:
        """Return 1 for a root, 2 for its children, and so on."""
        return len(self.ancestors) + 1

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
    own_limits: dict[int, list[LimitEntry]] = {}
    for pk, *limit in Limit.objects.values_list("channel_id", "field", "measure", "maximum"):
        own_limits.setdefault(pk, []).append(LimitEntry(*limit))
    children: dict[int | None, list[Channel]] = {}
    # Sorted here: databases disagree on where a hyphen stands.
    for channel in sorted(Channel.objects.order_by(), key=lambda channel: (channel.position, channel.code)):
        children.setdefault(channel.parent_id, []).append(channel)
    return ChannelRegistry(_below(None, None, children, own_limits))


def _below(
    pk: int | None,
    parent: ChannelEntry | None,
    children: Mapping[int | None, list[Channel]],
    own_limits: Mapping[int, list[LimitEntry]],
) -> Iterator[ChannelEntry]:
    for channel in children.get(pk, []):
        entry = _entry(channel, parent, own_limits.get(channel.pk, []))
        yield entry
        yield from _below(channel.pk, entry, children, own_limits)


def _entry(channel: Channel, parent: ChannelEntry | None, own_limits: list[LimitEntry]) -> ChannelEntry:
    limits = {(limit.field, limit.measure): limit for limit in (*(parent.limits if parent else ()), *own_limits)}
    return ChannelEntry(
        id=channel.pk,
        code=channel.code,
        parent=parent and parent.code,
        ancestors=(parent.code, *parent.ancestors) if parent else (),
        kind=channel.kind,
        limits=tuple(limits[key] for key in sorted(limits)),
        labels=channel.labels,
        is_retired=channel.is_retired,
    )
