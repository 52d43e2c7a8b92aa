"""How well an item fits a moment: pure functions on its terms. The order of decisions is defined here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from taxonomy.snapshot import TermView

ABOUT_FACETS = ("journey", "campaign", "product", "action")


@dataclass(frozen=True, slots=True)
class Topic:
    """What a moment is about in one facet: the ``terms`` named, and how far from the nearest of them others stand.

    ``steps`` holds only terms on the same line as one of them: it itself, those above it and those below it.
    """

    facet: str
    facet_id: int
    terms: tuple[TermView, ...]
    steps: Mapping[int, int]


class Fit(NamedTuple):
    """How well an item fits, in the order in which it counts; ``steps`` are over all facets met, fewer is better."""

    priority: int
    facets_met: int = 0
    steps: int = 0
    audience_depth: int = 0

    @property
    def order(self) -> tuple[int, int, int, int]:
        """What to sort by: the better the smaller."""
        return -self.priority, -self.facets_met, self.steps, -self.audience_depth


class Contender(NamedTuple):
    """An index row that may be chosen; ``published_at`` is compared only, in whatever form the database gives it."""

    row_id: int
    published_at: int | str
    key: str
    fit: Fit


def make_topic(facet: str, facet_id: int, terms: Sequence[TermView]) -> Topic:
    """Return what ``terms`` of a facet make a moment be about."""
    steps: dict[int, int] = {}
    for term in terms:
        for near, step in (*term.steps_up.items(), *term.steps_down.items()):
            steps[near.id] = min(step, steps.get(near.id, step))
    return Topic(facet, facet_id, tuple(terms), steps)


def fit_of(priority: int, own: Iterable[int], topics: Iterable[Topic], segments: Mapping[int, int]) -> Fit:
    """Return how well an item with the terms ``own`` (ids) fits; ``segments`` are the depths of those that are met."""
    own = tuple(own)
    nearest = [min((topic.steps[pk] for pk in own if pk in topic.steps), default=None) for topic in topics]
    met = [steps for steps in nearest if steps is not None]
    return Fit(priority, len(met), sum(met), max((segments[pk] for pk in own if pk in segments), default=0))


def in_order(contenders: Iterable[Contender]) -> list[Contender]:
    """Return contenders best first: by fit, then the newest, then by key. Keys are unique, so there is never a tie."""
    return sorted(_newest_first(contenders), key=lambda each: each.fit.order)


def by_priority(contenders: Iterable[Contender]) -> list[Contender]:
    """Return contenders in the order of the index: by priority, then the newest, then by key."""
    return sorted(_newest_first(contenders), key=lambda each: -each.fit.priority)


def _newest_first(contenders: Iterable[Contender]) -> list[Contender]:
    by_key = sorted(contenders, key=lambda each: each.key)
    return sorted(by_key, key=lambda each: each.published_at, reverse=True)
