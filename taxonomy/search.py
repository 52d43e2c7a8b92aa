"""Finding terms by what anybody calls them: labels of any kind and language, codes, external ids."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple
from weakref import WeakKeyDictionary

from taxonomy.facetview import FacetView, TermView
from taxonomy.snapshot import taxonomy_snapshot

EXACT, PREFIX, WORD, SUBSTRING, ALL_WORDS = range(5)

# Accents of Latin, Greek and Cyrillic, and vowel points of Hebrew and Arabic: not the marks that make another
# letter of a kana, a Thai or an Indic one.
_ACCENTS = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u0652]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


_END = "\0"  # between names: no name holds it

_Rank = tuple[int, bool, bool]


class _Names(NamedTuple):
    """All names of a facet in one text, so that they are searched as fast as the machine reads.

    Name ``i`` begins at ``starts[i]`` and ends one before ``starts[i + 1]``; ``owners[i]`` is its term and language.
    """

    text: str
    starts: list[int]
    owners: list[tuple[TermView, str | None]]


_names: WeakKeyDictionary[FacetView, _Names] = WeakKeyDictionary()


@lru_cache(maxsize=4096)
def normalised(text: str) -> str:
    """Return the text without case, accents, width, invisible marks and repeated spaces.

    >>> normalised("  Ｃafé  Crème"), normalised("ガ")
    ('cafe creme', 'ガ')
    """
    return " ".join(_folded(text).split())


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


def ranked_terms(facet: FacetView, text: str, *, language: str) -> list[TermView]:
    """Return all terms of the facet that are called so, retired ones included, the best first."""
    return [term for _, term in sorted(_hits(facet, text, language), key=lambda hit: hit[0])]


def matching_name(term: TermView, text: str) -> tuple[str, str | None] | None:
    """Return the name by which a text finds the term, and its language (None: none); the best of several."""
    called = list(_called(term))
    wanted = normalised(text)
    hits = _found(_joined(normalised(name) for name, _ in called), wanted) if wanted else ()
    best = min(hits, default=None)
    return called[best[1]] if best else None


def matching_terms(facet: FacetView, text: str) -> set[TermView]:
    """Return all terms of the facet that are called so, retired ones included."""
    return {term for _, term in _hits(facet, text, None)}


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    bare = _INVISIBLE.sub("", _ACCENTS.sub("", decomposed))
    return unicodedata.normalize("NFC", bare)


def _hits(facet: FacetView, text: str, language: str | None) -> Iterable[tuple[_Rank, TermView]]:
    """Yield each term that is called so, in tree order, with its best rank."""
    wanted = normalised(text)
    if not wanted:
        return [((PREFIX, term.is_retired, False), term) for term in facet.terms]
    names = _names_of(facet)
    best: dict[TermView, _Rank] = {}
    for rank, index in _found(names, wanted):
        term, named_in = names.owners[index]
        found = (rank, term.is_retired, named_in != language)
        if term not in best or found < best[term]:
            best[term] = found
    return [(best[term], term) for term in sorted(best, key=lambda term: term.order)]


def _found(names: _Names, wanted: str) -> Iterable[tuple[int, int]]:
    """Yield rank and number of every name that holds the text, or all its words."""
    text, starts = names.text, names.starts
    at = text.find(wanted)
    while at >= 0:
        index = bisect_right(starts, at) - 1
        start, end = starts[index], starts[index + 1] - 1
        rank = _rank(text[start:end], wanted, at - start)
        yield rank, index
        at = text.find(wanted, at + 1 if rank == SUBSTRING else end)  # a later place in the name may begin a word
    words = wanted.split()
    if len(words) > 1:
        rarest = max(words, key=len)
        at = text.find(rarest)
        while at >= 0:
            index = bisect_right(starts, at) - 1
            name = text[starts[index] : starts[index + 1] - 1]
            if all(word in name for word in words):
                yield ALL_WORDS, index
            at = text.find(rarest, starts[index + 1] - 1)


def _rank(name: str, wanted: str, at: int) -> int:
    if at == 0:
        return EXACT if name == wanted else PREFIX
    before = name[at - 1]
    return SUBSTRING if before.isalnum() or before == "_" else WORD


def _names_of(facet: FacetView) -> _Names:
    """Return the normalised names of the facet's terms, worked out once for each version of the facet."""
    if facet not in _names:
        _names[facet] = _read_names(facet)
    return _names[facet]


def _read_names(facet: FacetView) -> _Names:
    owners: list[tuple[TermView, str | None]] = []
    called = []
    for term in facet.terms:
        for name, language in _called(term):
            owners.append((term, language))
            called.append(name.replace(_END, ""))
    # folded as one text: names do not touch each other across the end of one
    texts = [" ".join(name.split()) for name in _folded(_END.join(called)).split(_END)]
    return _joined(texts, owners)


def _joined(texts: Iterable[str], owners: Sequence[tuple[TermView, str | None]] = ()) -> _Names:
    texts = list(texts)
    lengths = (len(name) + 1 for name in texts)
    return _Names(_END.join(texts) + _END, list(accumulate(lengths, initial=0)), list(owners))


def _called(term: TermView) -> Iterable[tuple[str, str | None]]:
    """Yield whatever the term is called, as written, with the language."""
    yield from ((text, language) for language, text in term.labels.items())
    yield from ((text, language) for language, texts in term.alternatives.items() for text in texts)
    anywhere = [term.code, term.code.partition(":")[2], *term.hidden]
    yield from ((text, None) for text in anywhere)
    yield from ((name.identifier, None) for name in term.external_ids)
