"""Who stands above whom when a term may have several parents: pure functions on a table of parents."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


class CyclicHierarchy(ValueError):
    """Raised when a term stands above itself. ``members`` walks upwards and ends where it began."""

    def __init__(self, members: Sequence[Hashable]) -> None:
        super().__init__(f"A term cannot stand above itself: {' > '.join(map(str, members))}.")
        self.members = tuple(members)


def ancestor_distances(
    terms: Iterable[Key],
    broader: Mapping[Key, Sequence[Key]],
    known: Mapping[Key, Mapping[Key, int]] | None = None,
) -> dict[Key, dict[Key, int]]:
    """Return for each of ``terms`` every term above it with its distance, itself at 0.

    The distance is the shortest one. ``known`` holds answers already at hand; the walk stops at them.

    Raises:
        CyclicHierarchy: a term stands above itself.

    >>> ancestor_distances(["c"], {"c": ["b", "a"], "b": ["a"]})
    {'c': {'c': 0, 'b': 1, 'a': 1}}
    """
    found: dict[Key, dict[Key, int]] = dict(known or {})
    wanted = list(terms)
    for start in wanted:
        line = [start]
        while line:
            term = line[-1]
            parents = broader.get(term, ())
            missing = next((parent for parent in parents if parent not in found), None)
            if term in found:
                line.pop()
            elif missing is None:
                found[term] = _one_step_up(term, [found[parent] for parent in parents])
                line.pop()
            elif missing in line:
                raise CyclicHierarchy([*line[line.index(missing) :], missing])
            else:
                line.append(missing)
    return {term: found[term] for term in wanted}


def branch(roots: Iterable[Key], narrower: Mapping[Key, Sequence[Key]]) -> dict[Key, int]:
    """Return ``roots`` and everything below them with the shortest distance to a root, nearest first."""
    found = dict.fromkeys(roots, 0)
    queue = list(found)
    for term in queue:
        for child in narrower.get(term, ()):
            if child not in found:
                found[child] = found[term] + 1
                queue.append(child)
    return found


def find_cycle(broader: Mapping[Key, Sequence[Key]]) -> tuple[Key, ...] | None:
    """Return one cycle, walking upwards and ending where it began, or None."""
    try:
        ancestor_distances(broader, broader)
    except CyclicHierarchy as cycle:
        return cycle.members
    return None


def inverted(broader: Mapping[Key, Sequence[Key]]) -> dict[Key, list[Key]]:
    """Return the same table read downwards."""
    narrower: dict[Key, list[Key]] = {}
    for term, parents in broader.items():
        for parent in parents:
            narrower.setdefault(parent, []).append(term)
    return narrower


def _one_step_up(term: Key, parents: Sequence[Mapping[Key, int]]) -> dict[Key, int]:
    distances = {term: 0}
    for above in parents:
        for ancestor, steps in above.items():
            distances[ancestor] = min(steps + 1, distances.get(ancestor, steps + 1))
    return distances
