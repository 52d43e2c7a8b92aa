"""Pages of terms in tree order, with cursors that hold their place while the tree changes."""

import base64
import binascii
import hashlib
import json
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from taxonomy.facetview import FacetView, TermView
from taxonomy.search import matching_terms
from taxonomy.snapshot import TaxonomySnapshot

TreeKey = tuple[tuple[int, str], ...]


class BadCursor(ValueError):
    """Raised for a cursor that is malformed or belongs to other arguments."""

    argument = "after"

    def __init__(self) -> None:
        super().__init__(
            "The argument 'after' is no cursor of this list: pass an endCursor that the same arguments gave."
        )


class TermQuestion(NamedTuple):
    """Which terms of a facet are asked for: codes and text as given."""

    facet: str
    below: str | None = None
    search: str | None = None
    include_retired: bool = False


@dataclass(frozen=True)
class TermPage:
    """Some terms of a list, and where they stand in it."""

    question: TermQuestion
    terms: Sequence[TermView]
    total: int
    has_next: bool
    has_previous: bool

    def cursor(self, index: int) -> str:
        """Return the cursor of one of the page's terms."""
        return encode_cursor(self.question, tree_key(self.terms[index]))


def read_page(snapshot: TaxonomySnapshot, question: TermQuestion, *, first: int, after: str | None) -> TermPage:
    """Return the terms asked for, in tree order, at most ``first`` of them, behind the cursor ``after``.

    A retired term in ``below`` stands for all its successors.

    Raises:
        UnknownFacet: there is no such facet.
        UnknownTerm: there is no term ``below`` in it.
        BadCursor: the cursor is not of this list.
    """
    facet = snapshot.get_facet(question.facet)
    terms = _matching(snapshot, facet, question)
    start = 0 if after is None else _place(terms, decode_cursor(question, after))
    return TermPage(
        question=question,
        terms=terms[start : start + first],
        total=len(terms),
        has_next=len(terms) > start + first,
        has_previous=start > 0,
    )


def tree_key(term: TermView) -> TreeKey:
    """Return what sorts terms in tree order, whatever else is in the tree."""
    return tuple((above.position, above.code) for above in term.path)


def encode_cursor(question: TermQuestion, key: TreeKey) -> str:
    """Return an opaque text for a place in the list that answers the question."""
    content = json.dumps([_digest(question), *key], separators=(",", ":"))
    return base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")


def decode_cursor(question: TermQuestion, cursor: str) -> TreeKey:
    """Return the place that a cursor stands for.

    Raises:
        BadCursor: it is malformed, or belongs to another question.
    """
    try:
        padded = cursor.encode() + b"=" * (-len(cursor) % 4)
        asked, *key = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        place = tuple((position, code) for position, code in key)
    except (binascii.Error, ValueError, TypeError, RecursionError) as error:
        raise BadCursor from error
    well_typed = all(type(position) is int and type(code) is str for position, code in place)
    if asked != _digest(question) or not place or not well_typed:
        raise BadCursor
    return place


def _matching(snapshot: TaxonomySnapshot, facet: FacetView, question: TermQuestion) -> list[TermView]:
    terms: Sequence[TermView] = facet.terms if question.include_retired else facet.current
    if question.below is not None:
        tops = snapshot.expand_for_filter(question.below)
        branch = {term for top in tops for term in top.descendants()}
        terms = [term for term in terms if term in branch]
    if question.search is not None:
        found = matching_terms(facet, question.search)
        terms = [term for term in terms if term in found]
    return list(terms)


def _place(terms: Sequence[TermView], key: TreeKey) -> int:
    """Return how many terms stand at or before the key."""
    return bisect_right(terms, key, key=tree_key)


def _digest(question: TermQuestion) -> str:
    return hashlib.blake2b(json.dumps(question).encode(), digest_size=9).hexdigest()
