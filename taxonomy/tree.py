"""What the tree of a facet shows: levels a page at a time, opened branches, and hits in their places."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from taxonomy.facetview import FacetView, TermView

PAGE_ROWS = 100
MOST_ROWS = 3_000  # of one answer: what was opened beyond that is closed again

Path = tuple[int, ...]  # ids of terms from a root downwards: one place of a term that may have several


@dataclass
class Row:
    """A term in one of its places. ``below`` is None where the branch is closed; ``place`` counts from 1."""

    term: TermView
    above: TermView | None
    place: int
    children: int
    is_hit: bool = False
    below: "Level | None" = None

    @property
    def is_further(self) -> bool:
        """Whether the term is shown below a parent that is not its primary one."""
        return self.above is not self.term.parent


@dataclass
class Level:
    """Some of the terms directly below one place.

    ``total`` counts all of them; ``onward`` is the offset that the next page begins at, None where nothing is missing.
    Rows in their order may stand apart from the page: their ``place`` tells.
    """

    total: int
    rows: list[Row] = field(default_factory=list)
    onward: int | None = None


class Tree:
    """The terms of a facet as one editor wants to see them, with or without the retired ones."""

    def __init__(self, facet: FacetView, *, with_retired: bool = True) -> None:
        self.facet = facet
        self.with_retired = with_retired

    def level(self, parent: TermView | None, offset: int = 0) -> Level:
        """Return a page of the terms directly below ``parent`` (None: of the roots), all of them closed."""
        terms = self._below(parent)
        page = terms[offset : offset + PAGE_ROWS]
        rows = [self._row(term, parent, offset + index + 1) for index, term in enumerate(page)]
        end = offset + len(rows)
        return Level(len(terms), rows, end if end < len(terms) else None)

    def opened(self, paths: Iterable[Path] = (), *, shown: TermView | None = None) -> Level:
        """Return the roots with the branches at ``paths`` open.

        A term to be ``shown`` is marked and stands in its primary place, whatever page of its level it is on.
        """
        wanted = {path[:depth] for path in paths for depth in range(1, len(path) + 1)}
        line = () if shown is None else tuple(term.id for term in shown.path)
        wanted |= {line[:depth] for depth in range(1, len(line))}
        return self._opened(None, (), wanted, line, [MOST_ROWS])

    def pruned(self, hits: Collection[TermView]) -> Level:
        """Return only the hits and what stands above them, open; a hit shows below each of its parents."""
        places = {path for term in hits for path in _places(term)}
        shown: dict[Path, set[TermView]] = {}
        for path in places:
            for depth, term in enumerate(path):
                shown.setdefault(tuple(above.id for above in path[:depth]), set()).add(term)
        return self._pruned(None, (), shown, set(hits))

    def visible(self, terms: Iterable[TermView]) -> list[TermView]:
        """Return those of the terms that the editor wants to see."""
        return [term for term in terms if self.with_retired or not term.is_retired]

    def _below(self, parent: TermView | None) -> Sequence[TermView]:
        return self.visible(self.facet.roots if parent is None else parent.children)

    def _row(self, term: TermView, above: TermView | None, place: int) -> Row:
        return Row(term, above, place, len(self._below(term)))

    def _opened(self, parent: TermView | None, path: Path, wanted: set[Path], line: Path, left: list[int]) -> Level:
        level = self.level(parent)
        if line[: len(path)] == path and len(line) > len(path):
            self._add_beyond_page(level, parent, line[len(path)])
        left[0] -= len(level.rows)
        for row in level.rows:
            here = (*path, row.term.id)
            row.is_hit = here == line
            if here in wanted and row.children and left[0] > 0:
                row.below = self._opened(row.term, here, wanted, line, left)
        return level

    def _add_beyond_page(self, level: Level, parent: TermView | None, term_id: int) -> None:
        if any(row.term.id == term_id for row in level.rows):
            return
        for place, term in enumerate(self._below(parent), start=1):
            if term.id == term_id:
                level.rows.append(self._row(term, parent, place))

    def _pruned(
        self, parent: TermView | None, path: Path, shown: dict[Path, set[TermView]], hits: set[TermView]
    ) -> Level:
        terms = self._below(parent)
        kept = [(place, term) for place, term in enumerate(terms, start=1) if term in shown[path]]
        level = Level(len(terms), onward=0 if len(kept) < len(terms) else None)
        for place, term in kept:
            row = self._row(term, parent, place)
            row.is_hit = term in hits
            here = (*path, term.id)
            if here in shown:
                row.below = self._pruned(term, here, shown, hits)
            level.rows.append(row)
        return level


def rows_of(level: Level) -> Iterable[Row]:
    """Return every row of a level and of what is open below it."""
    for row in level.rows:
        yield row
        if row.below:
            yield from rows_of(row.below)


def _places(term: TermView) -> list[tuple[TermView, ...]]:
    """Return where a term is looked for: its primary place, and one below each further parent."""
    return [(*above.path, term) for above in term.broader] or [(term,)]
