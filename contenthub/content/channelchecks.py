"""How a piece fits its channels: each channel's rendition of what is being written, judged before it goes out.

Of one text while it is written, and of an item in every language and version that it is written in.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from channels.codes import Severity
from channels.findings import Finding
from channels.models import PersonalToken
from channels.registry import ChannelEntry, ChannelRegistry, channel_registry
from channels.shaping import Rendition
from contenthub.delivery.documents import Json
from contenthub.delivery.renditions import render
from contenthub.delivery.surroundings import read_surroundings
from locales.catalogue import locale_catalogue
from taxonomy.snapshot import taxonomy_snapshot

from .airing import with_content
from .documents import Documents, whole_document
from .models import ContentItem, Variant
from .regions import nearest_first


@dataclass(frozen=True)
class ChannelCheck:
    """One channel's rendition of a piece. ``is_meant``: the piece names the channel or one above it, or none at all."""

    channel: ChannelEntry
    is_meant: bool
    rendition: Rendition

    @property
    def worst(self) -> Severity | None:
        return worst_of(self.rendition.findings)


@dataclass(frozen=True)
class PieceCheck:
    """What does not fit of one text in one channel: of a language version, or of a version of it (``row``)."""

    channel: ChannelEntry
    row: Any
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class ItemCheck:
    """An item against its channels: ``rows`` are its language versions, ``pieces`` what does not fit of them."""

    channels: list[ChannelEntry]
    rows: list[ContentItem]
    pieces: list[PieceCheck]

    def found(self, channel: ChannelEntry, row: ContentItem) -> list[PieceCheck]:
        """Return what does not fit in a channel of a language version, its versions included."""
        return [one for one in self.pieces if one.channel is channel and base_of(one.row) is row]


def worst_of(findings: Iterable[Finding]) -> Severity | None:
    """Return the gravest severity; None: it fits without a remark."""
    found = {finding.severity for finding in findings}
    return next((severity for severity in (Severity.ERROR, Severity.WARNING) if severity in found), None)


def base_of(row: Any) -> Any:
    """Return the language version that a row is, or is a version of."""
    return row.localization if isinstance(row, Variant) else row


def check_item(item: ContentItem) -> ItemCheck:
    """Return how the newest drafts of an item fit the channels it is meant for, each version over its base.

    As many statements however many languages, versions and channels.
    """
    registry, around = channel_registry(), read_surroundings()
    bases = _newest_rows(item.key)
    source = next((row for row in bases if row.is_source), item)
    meant = _channels_of(source, registry)
    channels = [entry for entry in registry.current if _takes_anything(entry) and _is_meant(entry, meant)]
    variants = _newest_variants(bases)
    documents = Documents([*bases, *variants], around)
    tokens = cache(PersonalToken.catalogue)
    pieces = []
    for base in bases:
        locale = around.locales.get(base.locale.language_code)
        document = documents.document(base, source, nearest_first(bases, locale.languages))
        texts = [(base, document)]
        texts += [(one, documents.over(document, one)) for one in variants if one.localization is base]
        for row, text in texts:
            for entry in channels:
                if findings := render(text, entry, locale, around.taxonomy, tokens).findings:
                    pieces.append(PieceCheck(entry, row, findings))
    return ItemCheck(channels, bases, pieces)


def check_channels(row: ContentItem) -> list[ChannelCheck]:
    """Return how ``row``, as it stands in memory, fits each channel that takes anything, in tree order."""
    registry, source = channel_registry(), newest_source(row)
    channels = [entry for entry in registry.current if _takes_anything(entry)]
    meant = _channels_of(source, registry)
    rendition = _renderer(row, source)
    return [ChannelCheck(entry, _is_meant(entry, meant), rendition(entry)) for entry in channels]


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
    document = whole_document(row, source, texts)
    locale, taxonomy = locale_catalogue().get(row.locale.language_code), taxonomy_snapshot()
    tokens = cache(PersonalToken.catalogue)
    return lambda channel: render(document, channel, locale, taxonomy, tokens)


def _newest_rows(key: str) -> list[ContentItem]:
    """Return the language versions of an item in their newest drafts, the original first."""
    rows = ContentItem.objects.filter(key=key).select_related("locale", "type", "latest_revision")
    rows = rows.prefetch_related("type__field_definitions").order_by("-is_source", "locale__language_code")
    return [with_content(row, row.latest_revision) if row.latest_revision else row for row in rows]


def _newest_variants(bases: list[ContentItem]) -> list[Variant]:
    """Return the versions of these rows in their newest drafts, by code; each knows the very row that is its base."""
    by_pk = {row.pk: row for row in bases}
    found = Variant.objects.filter(localization__in=by_pk).select_related("latest_revision").order_by("code")
    for row in found:
        row.localization = by_pk[row.localization_id]
    return [with_content(row, row.latest_revision) if row.latest_revision else row for row in found]


def _takes_anything(channel: ChannelEntry) -> bool:
    return any(field.sources for field in channel.fields)


def _is_meant(channel: ChannelEntry, named: set[str]) -> bool:
    """Tell whether a piece that names these channels is for ``channel``: it or one above is named, or none at all."""
    return not named or not named.isdisjoint((channel.code, *channel.ancestors))


def _channels_of(source: Any, registry: ChannelRegistry) -> set[str]:
    return {registry.by_id[one.channel_id].code for one in source.channels.all() if one.channel_id in registry.by_id}


def newest_source(row: Any) -> Any:
    """Return the source whose facts hold for ``row``, in its newest draft."""
    if row.is_source:
        return row
    source = ContentItem.objects.sources().filter(key=row.key).first()
    return source.get_latest_revision_as_object() if source else row
