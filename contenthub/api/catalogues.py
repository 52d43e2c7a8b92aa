"""The small catalogues that answers are made with, kept in memory as long as nothing in them changes.

Taxonomy and locales are not among them: rows are written for them, and are read beside them as they stand.
"""

from collections.abc import Mapping
from functools import cached_property

from channels.models import PersonalToken
from channels.personaltokens import TokenEntry
from channels.registry import ChannelRegistry, channel_registry

from .item_types import ItemTypeEntry, read_item_types


class Catalogues:
    """Each is read when it is first asked for, and then stays as it is."""

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
