"""The tree of a facet as JSON: what its page and its script share."""

from collections.abc import Collection, Sequence
from typing import Any

from django.urls import reverse

from taxonomy.dependants import Tally, get_dependants
from taxonomy.facetview import TermView
from taxonomy.search import matching_name, normalised, ranked_terms
from taxonomy.tree import Level, Row, Tree, rows_of

HITS_AT_ONCE = 100
MOST_HITS = 1_000
MOST_SEARCHED_CHARS = 200


def answer_level(tree: Tree, level: Level, chain: Sequence[str], *, searched: str = "") -> dict[str, Any]:
    """Return a level with everything open below it, and the version of the facet that it was read from."""
    writer = _Writer(chain, {row.term.code for row in rows_of(level)}, searched)
    return {"version": tree.facet.version, "level": writer.level(level)}


def answer_search(tree: Tree, text: str, chain: Sequence[str], *, limit: int = HITS_AT_ONCE) -> dict[str, Any]:
    """Return the best hits in their places, and how many there are in all."""
    text = text[:MOST_SEARCHED_CHARS]
    hits = tree.visible(ranked_terms(tree.facet, text, language=chain[0])) if normalised(text) else []
    limit = max(HITS_AT_ONCE, min(limit, MOST_HITS))
    level = tree.pruned(hits[:limit]) if hits else Level(0)
    found = {"total": len(hits), "shown": min(len(hits), limit)}
    found["more"] = min(limit + HITS_AT_ONCE, MOST_HITS) if limit < min(len(hits), MOST_HITS) else None
    return answer_level(tree, level, chain, searched=text) | {"found": found}


class _Writer:
    def __init__(self, chain: Sequence[str], codes: Collection[str], searched: str) -> None:
        self.chain = chain
        self.searched = searched
        self.dependants = get_dependants()
        self.tallies = self.dependants.tallies(codes)

    def level(self, level: Level) -> dict[str, Any]:
        return {"total": level.total, "onward": level.onward, "rows": [self.row(row) for row in level.rows]}

    def row(self, row: Row) -> dict[str, Any]:
        term, tally = row.term, self.tallies.get(row.term.code, Tally())
        return self.name(term) | {
            "place": row.place,
            "children": row.children,
            "retired": term.is_retired,
            "replacedBy": [self.name(successor) for successor in term.replaced_by],
            "parents": [self.name(above) for above in term.broader] if len(term.broader) > 1 else [],
            "further": row.is_further,
            "own": tally.own,
            "below": tally.with_below,
            "itemsUrl": self.dependants.items_url(term.id) if tally.with_below else "",
            "hit": row.is_hit,
            "foundBy": self.found_by(row) if row.is_hit and self.searched else None,
            "level": self.level(row.below) if row.below else None,
        }

    def name(self, term: TermView) -> dict[str, Any]:
        label, language = term.label(self.chain)
        return {
            "id": term.id,
            "code": term.code,
            "label": label,
            "language": language,
            "url": reverse("terms:edit", args=[term.id]),
        }

    def found_by(self, row: Row) -> dict[str, str | None] | None:
        """Return the name that was found, unless it is on the row anyway."""
        name = matching_name(row.term, self.searched)
        if name is None or name[0] in (row.term.label(self.chain)[0], row.term.code, row.term.code.partition(":")[2]):
            return None
        return {"text": name[0], "language": name[1]}
