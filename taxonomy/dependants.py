"""The one door upwards: what stands on terms, and what must follow when terms change."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from taxonomy.snapshot import TaxonomySnapshot  # it reads the models, which call on the dependants

Json = dict[str, Any]


class TermChange(StrEnum):
    """What happened to the terms of one change."""

    RENAMED = "renamed"
    MOVED = "moved"
    RETIRED = "retired"
    MERGED = "merged"
    RESTORED = "restored"


@dataclass(frozen=True)
class TermsChanged:
    """Terms of one facet whose ancestors, status, successors or names changed.

    A moved branch names every term in it. ``MERGED`` is a retirement with successors, or new successors
    of a term retired before: what stands on the terms goes over to their ``replaced_by``. ``items`` says, by key,
    which of them an item gets, in order; an item that is not named gets ``remaining``, without that all of them.
    """

    facet: str
    codes: frozenset[str]
    kind: TermChange
    items: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    remaining: tuple[str, ...] = ()


@dataclass(frozen=True)
class TaggedItem:
    """An item that carries a term, as a screen shows it."""

    key: str
    title: str
    language: str
    type: str
    is_live: bool
    edit_url: str


@dataclass(frozen=True)
class Tally:
    """How many items are tagged with a term itself, and with it or anything below it, drafts included."""

    own: int = 0
    with_below: int = 0


@dataclass(frozen=True)
class Asker:
    """A caller of the API that asked for a term, and when last, to ten minutes; ``url`` leads to it, if anywhere."""

    name: str
    last_asked_at: datetime
    url: str = ""


class Dependants(Protocol):
    """What the rows above the taxonomy answer and do. Its class is named by ``TAXONOMY_DEPENDANTS``."""

    def counts(self, term_codes: Collection[str]) -> dict[str, int]:
        """Return how many items use each of these terms, itself or through a term below it; zero left out."""

    def tallies(self, term_codes: Collection[str]) -> dict[str, Tally]:
        """Return how many items are tagged with each term, as the rows of editors stand; zero left out."""

    def facet_tallies(self, facet: str) -> dict[str, Tally]:
        """Return the same for every term of a facet that has some."""

    def named_in(self, facet: str) -> dict[str, int]:
        """Return how many items name each term of a facet itself, tagged with it or in any other place.

        Terms that only a rule names are there with 0, those that nothing names are left out.
        """

    def items_in(self, facet: str) -> int:
        """Return how many items are tagged with any term of a facet."""

    def items_url(self, term_id: int) -> str:
        """Return where editors see the items under a term; empty where there is no such page."""

    def rules_below(self, code: str) -> list[tuple[str, str]]:
        """Return the rules that ask for terms of this branch: what each says, and where it is edited."""

    def asked_by(self, code: str) -> list[Asker]:
        """Return who asked for a term, the latest first."""

    def impact(self, changes: Sequence[TermsChanged], *, before: "TaxonomySnapshot | None" = None) -> dict[str, int]:
        """Return what the changes would touch, by name, each thing counted once over all of them; zero left out.

        Asked in a transaction in which the terms are changed already; for a preview, which rolls them back, with the
        taxonomy as it was ``before``: what they would make worse is counted too.

        Raises:
            ValidationError: something that stands on the terms could not follow; the message says what.
        """

    def apply(self, change: TermsChanged) -> Json | None:
        """Bring dependent rows in step, in the transaction of the change, the closure being right already.

        Returns what ``put_back`` needs, as JSON; None: there is nothing to put back.

        Raises:
            ValidationError: something that stands on the terms cannot follow; the message says what.
        """

    def put_back(self, followed: Json) -> None:
        """Give rows that followed a change what they had before, the terms being as they were already.

        Raises:
            ValidationError: some were changed since; one message each.
        """

    def tagged(self, code: str, *, search: str, start: int, count: int) -> tuple[list[TaggedItem], int]:
        """Return some of the items that name a term itself, also by a version, published or not, by key; and how many
        there are.
        """


class NoDependants:
    """Nothing stands on the taxonomy."""

    def counts(self, term_codes: Collection[str]) -> dict[str, int]:
        return {}

    def tallies(self, term_codes: Collection[str]) -> dict[str, Tally]:
        return {}

    def facet_tallies(self, facet: str) -> dict[str, Tally]:
        return {}

    def named_in(self, facet: str) -> dict[str, int]:
        return {}

    def items_in(self, facet: str) -> int:
        return 0

    def items_url(self, term_id: int) -> str:
        return ""

    def rules_below(self, code: str) -> list[tuple[str, str]]:
        return []

    def asked_by(self, code: str) -> list[Asker]:
        return []

    def impact(self, changes: Sequence[TermsChanged], *, before: "TaxonomySnapshot | None" = None) -> dict[str, int]:
        return {}

    def apply(self, change: TermsChanged) -> Json | None:
        return None

    def put_back(self, followed: Json) -> None:
        pass

    def tagged(self, code: str, *, search: str, start: int, count: int) -> tuple[list[TaggedItem], int]:
        return [], 0


def get_dependants() -> Dependants:
    """Return what the setting names, made anew; a do-nothing one when it names nothing."""
    path = getattr(settings, "TAXONOMY_DEPENDANTS", None)
    return import_string(path)() if path else NoDependants()
