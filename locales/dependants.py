"""The door upwards: whoever serves by fallback chains hears of changed ones, inside the same transaction."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class ChainsChanged:
    """The codes of all locales whose chain, or what they take from their language, is not what it was.

    Added and deleted locales included.
    """

    codes: frozenset[str]


class LocaleDependants(Protocol):
    """What the setting LOCALES_DEPENDANTS names: a class made without arguments."""

    def counts(self, codes: Collection[str]) -> Mapping[str, int]:
        """Return how many items have text of their own in each locale; those with none may be left out."""

    def impact(self, change: ChainsChanged) -> Mapping[str, int]:
        """Return how many things of each kind a change would touch, by the word the editor reads."""

    def apply(self, change: ChainsChanged) -> None:
        """Bring in step whatever was worked out from the chains; the database already has the new ones."""


class NoDependants:
    """Stands in where the setting is None: nobody serves by the chains."""

    def counts(self, codes: Collection[str]) -> Mapping[str, int]:
        return {}

    def impact(self, change: ChainsChanged) -> Mapping[str, int]:
        return {}

    def apply(self, change: ChainsChanged) -> None:
        return None


def get_dependants() -> LocaleDependants:
    """Return who is to be told, as the setting LOCALES_DEPENDANTS says now."""
    path = settings.LOCALES_DEPENDANTS
    return import_string(path)() if path else NoDependants()
