"""The small catalogues that answers are made with, kept in memory as long as nothing in them changes."""

from collections.abc import Mapping
from functools import cached_property

from channels.models import PersonalToken
from channels.personaltokens import TokenEntry
from channels.registry import ChannelRegistry, channel_registry
from locales.catalogue import LocaleCatalogue, locale_catalogue
from taxonomy.schema import TermNode
from taxonomy.snapshot import TaxonomySnapshot, taxonomy_snapshot

from .item_types import ItemTypeEntry, read_item_types


class TermNodes(dict[str, TermNode]):
    """The terms of a taxonomy as the API shows them in one language, by code, each made when it is first asked for."""

    def __init__(self, taxonomy: TaxonomySnapshot, chain: tuple[str, ...]) -> None:
        super().__init__()
        self._taxonomy = taxonomy
        self._chain = chain

    def __missing__(self, code: str) -> TermNode | None:
        view = self._taxonomy.find(code)
        if view is None:
            return None
        node = self[code] = TermNode(view, self._chain)
        return node


class Catalogues:
    """Each is read when it is first asked for, and then stays as it is."""

    def __init__(self) -> None:
        self._term_nodes: dict[tuple[frozenset[str], tuple[str, ...]], TermNodes] = {}

    def term_nodes(self, facets: frozenset[str], chain: tuple[str, ...], taxonomy: TaxonomySnapshot) -> TermNodes:
        """Return the terms of the taxonomy that a scope leaves of these facets, with labels along a chain."""
        found = self._term_nodes.get((facets, chain))
        if found is None:
            found = self._term_nodes[facets, chain] = TermNodes(taxonomy, chain)
        return found

    @cached_property
    def taxonomy(self) -> TaxonomySnapshot:
        return taxonomy_snapshot()

    @cached_property
    def locales(self) -> LocaleCatalogue:
        return locale_catalogue()

    @cached_property
    def channels(self) -> ChannelRegistry:
        return channel_registry()

    @cached_property
    def item_types(self) -> Mapping[str, ItemTypeEntry]:
        return read_item_types()

    @cached_property
    def tokens(self) -> Mapping[str, TokenEntry]:
        return PersonalToken.catalogue()


_kept: tuple[str, Catalogues] | None = None


def catalogues_of(around: str) -> Catalogues:
    """Return the catalogues of a state (``State.around``): what was read of it, or what is read from now on."""
    global _kept
    kept = _kept
    if kept is None or kept[0] != around:
        kept = _kept = (around, Catalogues())
    return kept[1]
