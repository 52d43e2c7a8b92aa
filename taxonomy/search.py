"""Finding terms by what anybody calls them: labels of any kind and language, codes, external ids."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple
from weakref import WeakKeyDictionary

from taxonomy.facetview import FacetView, TermView
from taxonomy.snapshot import taxonomy_snapshot

EXACT, PREFIX, WORD, SUBSTRING, ALL_WORDS = range(5)

# Accents of Latin, Greek and Cyrillic, and vowel points of Hebrew and Arabic: not the marks that make another
# letter of a kana, a Thai or an Indic one.
_ACCENTS = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u0652]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


class _Name(NamedTuple):
    text: str
    language: str | None


_names: WeakKeyDictionary[FacetView, list[tuple[TermView, list[_Name]]]] = WeakKeyDictionary()


@lru_cache(maxsize=4096)
def normalised(text: str) -> str:
    """Return the text without case, accents, width, invisible marks and repeated spaces.

    >>> normalised("  Ｃafé  Crème"), normalised("ガ")
    ('cafe creme', 'ガ')
    """
    decomposed = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    bare = _INVISIBLE.sub("", _ACCENTS.sub("", decomposed))
    return " ".join(unicodedata.normalize("NFC", bare).split())


def search_terms(
    facet: str | None, text: str, *, language: str, limit: int, include_retired: bool = False
) -> list[TermView]:
    """Return the terms of a facet (None: of all) that are called so, the best first.

    Exact matches come first, then beginnings, words, parts of words and texts that hold all the words; what
    matches in ``language`` before what matches elsewhere; then tree order. No text: the first terms of the tree.

    Raises:
        UnknownFacet: there is no such facet.
    """
    snapshot = taxonomy_snapshot()
    facets = snapshot.facets.values() if facet is None else [snapshot.get_facet(facet)]
    found = [hit for view in facets for hit in _hits(view, text, language) if include_retired or not hit[1].is_retired]
    found.sort(key=lambda hit: hit[0])  # stable: tree order within a rank
    return [term for _, term in found[:limit]]


def matching_terms(facet: FacetView, text: str) -> set[TermView]:
    """Return all terms of the facet that are called so, retired ones included."""
    return {term for _, term in _hits(facet, text, None)}


def _hits(facet: FacetView, text: str, language: str | None) -> Iterable[tuple[tuple[int, bool, bool], TermView]]:
    wanted = normalised(text)
    words = wanted.split()
    for term, names in _names_of(facet):
        ranks = (
            (rank, term.is_retired, name.language != language)
            for name in names
            if (rank := _rank(name.text, wanted, words)) is not None
        )
        best = min(ranks, default=None)
        if best:
            yield best, term


def _rank(name: str, wanted: str, words: list[str]) -> int | None:
    if wanted not in name:
        is_found = len(words) > 1 and all(word in name for word in words)
        return ALL_WORDS if is_found else None
    if name == wanted:
        return EXACT
    if name.startswith(wanted):
        return PREFIX
    return WORD if re.search(rf"(?<!\w){re.escape(wanted)}", name) else SUBSTRING


def _names_of(facet: FacetView) -> list[tuple[TermView, list[_Name]]]:
    """Return the normalised names of each term, worked out once for each version of the facet."""
    if facet not in _names:
        _names[facet] = [(term, _names_of_term(term)) for term in facet.terms]
    return _names[facet]


def _names_of_term(term: TermView) -> list[_Name]:
    key = term.code.partition(":")[2]
    anywhere = [term.code, key, *term.hidden, *(name.identifier for name in term.external_ids)]
    return [
        *(_Name(_once_normalised(text), language) for language, text in term.labels.items()),
        *(_Name(_once_normalised(text), language) for language, texts in term.alternatives.items() for text in texts),
        *(_Name(_once_normalised(text), None) for text in anywhere),
    ]


_once_normalised = normalised.__wrapped__
