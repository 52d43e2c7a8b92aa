"""How a piece fits its channels: each channel's rendition of what is being written, judged before it goes out.

Of one text while it is written, and of an item in every language and version that it is written in.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import Q, prefetch_related_objects
from django.utils import timezone

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
from .documents import Documents
from .models import ContentItem, Variant
from .reached import documents_reached, targetings_of, written_versions
from .regions import languages_of, nearest_first


@dataclass(frozen=True)
class ChannelCheck:
    """One channel's rendition of a piece. ``is_meant``: the piece names the channel or one above it, or none at all.

    ``in_placements`` has, by the name of a placement, what does not fit there and does elsewhere.
    """

    channel: ChannelEntry
    is_meant: bool
    rendition: Rendition
    in_placements: Mapping[str, list[Finding]]

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
    """Return how the newest drafts of an item fit the channels it is meant for, as if all of them were published.

    As many statements however many languages, versions and channels.
    """
    registry, around = channel_registry(), read_surroundings()
    bases = _newest_rows(item.key)
    source = next((row for row in bases if row.is_source), item)
    meant = _channels_of(source, registry)
    channels = [entry for entry in registry.current if _takes_anything(entry) and _is_meant(entry, meant)]
    variants = _versions_of(bases)
    documents = Documents([*bases, *variants], around)
    targetings = targetings_of([one for one in variants if one.localization is source], around.taxonomy, registry)
    tokens = cache(PersonalToken.catalogue)
    pieces = []
    for base in bases:
        locale = around.locales.get(base.locale.language_code)
        document = documents.document(base, source, nearest_first(bases, locale.languages))
        versions = written_versions([one for one in variants if one.localization is base], targetings, documents)
        for entry in channels:
            for row, text in documents_reached(base, document, versions, entry, around.taxonomy):
                if findings := render(text, entry, locale, around.taxonomy, tokens).findings:
                    pieces.append(PieceCheck(entry, row, findings))
    return ItemCheck(channels, bases, pieces)


def check_channels(row: ContentItem | Variant) -> list[ChannelCheck]:
    """Return how ``row``, as it stands in memory, fits each channel that takes anything, in tree order.

    Of a language version that is what everybody gets there, with its versions as last saved; of a version what those
    get whom it is for, where they get anything of it.
    """
    registry, source = channel_registry(), newest_source(base_of(row))
    meant = _channels_of(source, registry)
    reach = _Reach(row, source, registry, are_drafts=isinstance(row, ContentItem))
    checks = []
    for entry in registry.current:
        if _takes_anything(entry) and (text := reach.text(entry)):
            rendition = reach.rendition(text, entry)
            tighter = reach.in_placements(text, entry, rendition.findings)
            checks.append(ChannelCheck(entry, _is_meant(entry, meant), rendition, tighter))
    return checks


def broken_channels(row: ContentItem | Variant, texts: list[Json] | None = None) -> Iterator[str]:
    """Yield what keeps ``row`` from the channels that its item names and from those below them, with place and number.

    Beside a language version its versions that are on air are judged: they inherit from it. A version of an item that
    names no channel is judged for those that it is for. ``texts`` are short texts that are not on the row yet.
    """
    registry, source = channel_registry(), newest_source(base_of(row))
    named = _channels_of(source, registry)
    if not named and isinstance(row, ContentItem):
        return
    reach = _Reach(row, source, registry, texts)
    named = named or reach.channels
    for entry in registry.by_code.values():
        if not named or not _is_meant(entry, named) or not _takes_anything(entry):
            continue
        for leading, text in reach.texts(entry):
            place = entry.label(["en"]) + (f" ({leading.code})" if isinstance(leading, Variant) else "")
            for finding in reach.rendition(text, entry).findings:
                if finding.severity == Severity.ERROR:
                    yield f"{place}: {finding.message}"


class _Reach:
    """What readers get of ``row`` and of what hangs on it; everything that is needed is read once."""

    def __init__(
        self,
        row: ContentItem | Variant,
        source: ContentItem,
        registry: ChannelRegistry,
        texts: list[Json] | None = None,
        *,
        are_drafts: bool = False,
    ) -> None:
        self._row, self._base = row, _base_beneath(row)
        prefetch_related_objects([self._base, source], "type__field_definitions")
        self._locale, self._taxonomy = locale_catalogue().get(row.locale.language_code), taxonomy_snapshot()
        self._tokens = cache(PersonalToken.catalogue)
        versions = _versions_of([self._base], are_drafts=are_drafts) if self._base.pk else []
        if isinstance(row, Variant):
            versions = [row, *(one for one in versions if one.pk != row.pk)]
        originals = versions if self._base.is_source else _versions_of([source]) if versions else []
        languages = languages_of(self._base)
        documents = Documents([self._base, source, *languages, *versions])
        self._document = documents.document(self._base, source, languages, texts)
        targetings = targetings_of(originals, self._taxonomy, registry)
        self._versions = written_versions(versions, targetings, documents)

    @property
    def channels(self) -> set[str]:
        """The channels that the row, a version, is for."""
        return {code for one in self._versions if one.row is self._row for code in one.targeting.channels}

    def texts(self, channel: ChannelEntry) -> Iterator[tuple[Any, Json]]:
        """Yield the texts in a channel that depend on the row, with the row that leads each."""
        for leading, text in documents_reached(self._base, self._document, self._versions, channel, self._taxonomy):
            if leading is self._row or isinstance(self._row, ContentItem):
                yield leading, text

    def text(self, channel: ChannelEntry) -> Json | None:
        """Return what most of the row's readers get in a channel."""
        return next((text for _leading, text in self.texts(channel)), None)

    def rendition(self, text: Json, channel: ChannelEntry, placement: str = "") -> Rendition:
        return render(text, channel, self._locale, self._taxonomy, self._tokens, placement)

    def in_placements(
        self, text: Json, channel: ChannelEntry, everywhere: Sequence[Finding]
    ) -> dict[str, list[Finding]]:
        """Return what does not fit in placements of a channel and does elsewhere in it."""
        tighter = {name: self.rendition(text, channel, name).findings for name in channel.placements}
        found = {name: [one for one in findings if one not in everywhere] for name, findings in tighter.items()}
        return {name: findings for name, findings in found.items() if findings}


def _base_beneath(row: ContentItem | Variant) -> ContentItem:
    """Return the language version that ``row`` stands on: as readers see it, before they do as last saved."""
    if isinstance(row, ContentItem):
        return row
    base = row.localization
    return base if base.live else base.get_latest_revision_as_object()


def _newest_rows(key: str) -> list[ContentItem]:
    """Return the language versions of an item in their newest drafts, the original first."""
    rows = ContentItem.objects.filter(key=key).select_related("locale", "type", "latest_revision")
    rows = rows.prefetch_related("type__field_definitions").order_by("-is_source", "locale__language_code")
    return [with_content(row, row.latest_revision) if row.latest_revision else row for row in rows]


def _versions_of(bases: list[ContentItem], *, are_drafts: bool = True) -> list[Variant]:
    """Return the versions of these rows by code, in their newest drafts or, else, those on air as they are there.

    Each knows the very row that is its base.
    """
    by_pk = {row.pk: row for row in bases}
    found = Variant.objects.filter(localization__in=by_pk).select_related("latest_revision").order_by("code")
    if not are_drafts:
        found = found.filter(Q(expire_at=None) | Q(expire_at__gt=timezone.now()), live=True)
    found = found.prefetch_related("audience", "channels")
    for row in found:
        row.localization = by_pk[row.localization_id]
    return [with_content(row, row.latest_revision) if are_drafts and row.latest_revision else row for row in found]


def _takes_anything(channel: ChannelEntry) -> bool:
    return any(field.sources for field in channel.fields)


def _is_meant(channel: ChannelEntry, named: set[str]) -> bool:
    """Tell whether a piece that names these channels is for ``channel``: it or one above is named, or none at all."""
    return not named or not named.isdisjoint((channel.code, *channel.ancestors))


def _channels_of(source: Any, registry: ChannelRegistry) -> set[str]:
    return {registry.by_id[one.channel_id].code for one in source.channels.all() if one.channel_id in registry.by_id}


def newest_source(row: Any) -> Any:
    """Return the source whose facts hold for ``row``, a language version, in its newest draft."""
    if row.is_source:
        return row
    source = ContentItem.objects.sources().filter(key=row.key).first()
    return source.get_latest_revision_as_object() if source else row
