"""How a piece fits its channels: each channel's rendition of what is being written, judged before it goes out."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from channels.codes import Severity
from channels.models import PersonalToken
from channels.registry import ChannelEntry, ChannelRegistry, channel_registry
from channels.shaping import Rendition
from contenthub.delivery.documents import Json
from contenthub.delivery.renditions import render
from locales.catalogue import locale_catalogue
from taxonomy.snapshot import taxonomy_snapshot

from .documents import whole_document
from .models import ContentItem


@dataclass(frozen=True)
class ChannelCheck:
    """One channel's rendition of a piece. ``is_meant``: the piece names the channel or one above it, or none at all."""

    channel: ChannelEntry
    is_meant: bool
    rendition: Rendition

    @property
    def worst(self) -> Severity | None:
        """The gravest finding; None: it fits without a remark."""
        found = {finding.severity for finding in self.rendition.findings}
        return next((severity for severity in (Severity.ERROR, Severity.WARNING) if severity in found), None)


def check_channels(row: ContentItem) -> list[ChannelCheck]:
    """Return how ``row``, as it stands in memory, fits each channel that takes anything, in tree order."""
    registry, source = channel_registry(), newest_source(row)
    channels = [entry for entry in registry.current if _takes_anything(entry)]
    meant = _channels_of(source, registry)
    rendition = _renderer(row, source)
    return [
        ChannelCheck(entry, not meant or not meant.isdisjoint((entry.code, *entry.ancestors)), rendition(entry))
        for entry in channels
    ]


def broken_channels(row: ContentItem, texts: list[Json] | None = None) -> Iterator[str]:
    """Yield what keeps ``row`` from the channels that its item names, each with place and number.

    ``texts`` are its short texts where they are not on the row yet.
    """
    registry, source = channel_registry(), newest_source(row)
    named = _channels_of(source, registry)
    channels = [entry for entry in registry.by_code.values() if entry.code in named and _takes_anything(entry)]
    if not channels:
        return
    rendition = _renderer(row, source, texts)
    for entry in channels:
        for finding in rendition(entry).findings:
            if finding.severity == Severity.ERROR:
                yield f"{entry.label(['en'])}: {finding.message}"


def _renderer(row: Any, source: Any, texts: list[Json] | None = None) -> Callable[[ChannelEntry], Rendition]:
    """Return what shapes ``row`` for a channel; everything it needs is read once."""
    document = whole_document(row, source) | ({} if texts is None else {"texts": texts})
    locale, taxonomy = locale_catalogue().get(row.locale.language_code), taxonomy_snapshot()
    tokens = cache(PersonalToken.catalogue)
    return lambda channel: render(document, channel, locale, taxonomy, tokens)


def _takes_anything(channel: ChannelEntry) -> bool:
    return any(field.sources for field in channel.fields)


def _channels_of(source: Any, registry: ChannelRegistry) -> set[str]:
    return {registry.by_id[one.channel_id].code for one in source.channels.all() if one.channel_id in registry.by_id}


def newest_source(row: Any) -> Any:
    """Return the source whose facts hold for ``row``, in its newest draft."""
    if row.is_source:
        return row
    source = ContentItem.objects.sources().filter(key=row.key).first()
    return source.get_latest_revision_as_object() if source else row
