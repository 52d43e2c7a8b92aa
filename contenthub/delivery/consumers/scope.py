"""What a consumer may see: the hub's catalogues with everything else left out.

A resolver that asks these catalogues, and reads rows through ``visible_rows``, cannot tell what is hidden from what
does not exist.
"""

from dataclasses import dataclass

from channels.registry import ChannelRegistry
from locales.catalogue import LocaleCatalogue, LocaleEntry
from taxonomy.snapshot import TaxonomySnapshot


@dataclass(frozen=True, slots=True)
class Scope:
    """The codes that a consumer is limited to; where there are none, nothing is hidden.

    ``locales`` are those that may be asked for: what is served in them by fallback is seen too. The first is the
    consumer's default. ``keys`` are those of items.
    """

    channels: tuple[str, ...] = ()
    locales: tuple[str, ...] = ()
    item_types: frozenset[str] = frozenset()
    facets: frozenset[str] = frozenset()
    keys: frozenset[str] = frozenset()

    @property
    def question(self) -> list | None:
        """The scope as plain values, None if it hides nothing: what a cursor and an ETag belong to."""
        if self == EVERYTHING:
            return None
        parts = (self.item_types, self.facets, self.keys)
        return [sorted(self.channels), list(self.locales), *map(sorted, parts)]

    def shows_type(self, code: str) -> bool:
        return not self.item_types or code in self.item_types

    def shows_facet(self, code: str) -> bool:
        return not self.facets or code in self.facets

    def taxonomy(self, whole: TaxonomySnapshot) -> TaxonomySnapshot:
        """Return the facets that are seen."""
        if not self.facets:
            return whole
        return ScopedTaxonomy(whole, self.facets)

    def channel_registry(self, whole: ChannelRegistry) -> ChannelRegistry:
        """Return the channels of the scope with what stands below them, and what stands above them."""
        if not self.channels:
            return whole
        chosen = set(self.channels)
        below = [entry for entry in whole.by_code.values() if chosen & {entry.code, *entry.ancestors}]
        seen = {code for entry in below for code in (entry.code, *entry.ancestors)}
        return ChannelRegistry(entry for entry in whole.by_code.values() if entry.code in seen)

    def locale_catalogue(self, whole: LocaleCatalogue) -> LocaleCatalogue:
        """Return the locales that may be asked for; ``get`` finds those as well that they fall back to."""
        return ScopedLocales(whole, self.locales) if self.locales else whole

    def rows(self, channels: ChannelRegistry, locales: LocaleCatalogue) -> "RowScope | None":
        """Return what the scope means for rows of the store; channels and locales are those that are seen."""
        if self == EVERYTHING:
            return None
        return RowScope(
            # Where every locale of the scope is gone, nothing is left to see.
            types=(self.item_types or None) if locales.by_code else frozenset(),
            channel_ids=frozenset(channels.by_id) if self.channels else None,
            keys=self.keys or None,
            question=tuple(map(str, self.question or ())),
        )


EVERYTHING = Scope()


@dataclass(frozen=True, slots=True)
class RowScope:
    """Which rows of the published store are seen; None restricts nothing. ``question`` tells scopes apart."""

    types: frozenset[str] | None
    channel_ids: frozenset[int] | None
    question: tuple[str, ...]
    keys: frozenset[str] | None = None


class ScopedTaxonomy(TaxonomySnapshot):
    """The facets that a consumer sees. Audience is judged by the others all the same."""

    def __init__(self, whole: TaxonomySnapshot, codes: frozenset[str]) -> None:
        super().__init__(facet for facet in whole.facets.values() if facet.code in codes)
        self._whole = whole

    def facet_id(self, code: str) -> int:
        return self._whole.facet_id(code)


class ScopedLocales(LocaleCatalogue):
    """The locales that a consumer may ask for."""

    def __init__(self, whole: LocaleCatalogue, codes: tuple[str, ...]) -> None:
        super().__init__(entry for entry in whole.by_code.values() if entry.code in codes)
        self._whole = whole
        self._first = next((code for code in codes if code in self.by_code), None)
        self._served = {code for entry in self.by_code.values() for code in entry.chain}

    @property
    def default(self) -> LocaleEntry:
        """The hub's default locale if it is among them, else the first of the scope."""
        own = next((entry for entry in self.by_code.values() if entry.is_default), None)
        return own or (self.by_code[self._first] if self._first else self._whole.default)

    def get(self, tag: str) -> LocaleEntry:
        return self._whole.get(tag) if tag in self._served else super().get(tag)
