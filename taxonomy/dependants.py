"""The one door upwards: what stands on terms, and what must follow when terms change."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class TermChange(StrEnum):
    """What happened to the terms of one change."""

    MOVED = "moved"
    RETIRED = "retired"
    MERGED = "merged"
    RESTORED = "restored"


@dataclass(frozen=True)
class TermsChanged:
    """Terms of one facet whose ancestors, status or successors changed.

    A moved branch names every term in it. ``MERGED`` is a retirement with successors, or new successors
    of a term retired before.
    """

    facet: str
    codes: frozenset[str]
    kind: TermChange


class Dependants(Protocol):
    """What the rows above the taxonomy answer and do. Its class is named by ``TAXONOMY_DEPENDANTS``."""

    def counts(self, term_codes: Collection[str]) -> dict[str, int]:
        """Return how many items use each of these terms, itself or through a term below it; zero left out."""

    def impact(self, change: TermsChanged) -> int:
        """Return how many items the change would touch."""

    def apply(self, change: TermsChanged) -> None:
        """Bring dependent rows in step, in the transaction of the change, the closure being right already."""


class NoDependants:
    """Nothing stands on the taxonomy."""

    def counts(self, term_codes: Collection[str]) -> dict[str, int]:
        return {}

    def impact(self, change: TermsChanged) -> int:
        return 0

    def apply(self, change: TermsChanged) -> None:
        pass


def get_dependants() -> Dependants:
    """Return what the setting names, made anew; a do-nothing one when it names nothing."""
    path = getattr(settings, "TAXONOMY_DEPENDANTS", None)
    return import_string(path)() if path else NoDependants()
