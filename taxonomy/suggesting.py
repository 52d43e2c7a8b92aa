"""Terms that a text names: found by their labels and synonyms, suggested and never set."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from weakref import WeakKeyDictionary

from locales.tags import canonical_tag, parent_tags
from taxonomy.facetview import FacetView, TermView
from taxonomy.search import normalised
from taxonomy.snapshot import TaxonomySnapshot

MOST_CHARS = 100_000

# Kinds of characters. Of some scripts words stand without a space between them; Korean words carry their particles.
_FREE, _KATAKANA, _HANGUL, _SPACED, _NONE = "free", "katakana", "hangul", "spaced", ""
_RANGES = [
    (0x0E00, 0x0EFF, _FREE),  # Thai, Lao
    (0x1000, 0x109F, _FREE),  # Myanmar
    (0x1100, 0x11FF, _HANGUL),
    (0x1780, 0x17FF, _FREE),  # Khmer
    (0x3005, 0x3007, _FREE),
    (0x3040, 0x309F, _FREE),  # Hiragana
    (0x30A0, 0x30FA, _KATAKANA),
    (0x30FC, 0x30FF, _KATAKANA),
    (0x31F0, 0x31FF, _KATAKANA),
    (0x3400, 0x9FFF, _FREE),  # Han
    (0xAC00, 0xD7A3, _HANGUL),
    (0xF900, 0xFAFF, _FREE),
    (0x20000, 0x3FFFF, _FREE),
]
_SHORTEST = {_FREE: 2, _KATAKANA: 2, _HANGUL: 2}
_SHORTEST_ELSE = 3
_HYPHENS = str.maketrans("\u2010\u2011", "--")


class Suggestion(NamedTuple):
    """A term, the name of it that the text holds, and how often the text names the term."""

    term: TermView
    name: str
    count: int


@dataclass(frozen=True)
class _Index:
    """The names of a facet's current terms in one language; ``lengths`` by first character, the longest first."""

    names: dict[str, list[tuple[TermView, str]]]
    lengths: dict[str, tuple[int, ...]]


_indexes: WeakKeyDictionary[FacetView, dict[str, _Index]] = WeakKeyDictionary()


def suggest_terms(
    text: str, *, language: str, taxonomy: TaxonomySnapshot, limit: int = 5
) -> dict[str, list[Suggestion]]:
    """Return, by facet, the current terms whose labels or synonyms in ``language`` stand in the text as whole words.

    What is named most stands first, then what is named earlier. Where names overlap the longest counts. Chinese,
    Japanese and Thai words are found inside sentences. Of a text too long the beginning is read.
    """
    read = _plain(text[:MOST_CHARS])
    starts = [place for place in range(len(read)) if _begins(read, place)]
    found = {}
    for code, facet in taxonomy.facets.items():
        suggestions = _found(read, starts, _index(facet, language))[:limit]
        if suggestions:
            found[code] = suggestions
    return found


def _found(text: str, starts: list[int], index: _Index) -> list[Suggestion]:
    counts: dict[TermView, int] = defaultdict(int)
    names: dict[TermView, str] = {}
    for name in _names_in(text, starts, index):
        for term, written in index.names[name]:
            counts[term] += 1
            names.setdefault(term, written)
    ordered = sorted(counts, key=lambda term: -counts[term])  # stable: by the first place
    return [Suggestion(term, names[term], counts[term]) for term in ordered]


def _names_in(text: str, starts: list[int], index: _Index) -> Iterator[str]:
    passed = 0
    for place in starts:
        if place < passed:
            continue
        for length in index.lengths.get(text[place], ()):
            name = text[place : place + length]
            if name in index.names and _ends(text, place + len(name)):
                passed = place + len(name)
                yield name
                break


def _index(facet: FacetView, language: str) -> _Index:
    """Return the names of a facet in a language, worked out once for each version of the facet."""
    of_facet = _indexes.setdefault(facet, {})
    if language not in of_facet:
        of_facet[language] = _make_index(facet, language)
    return of_facet[language]


def _make_index(facet: FacetView, language: str) -> _Index:
    tag = canonical_tag(language)
    languages = (tag, *parent_tags(tag))
    names: dict[str, list[tuple[TermView, str]]] = defaultdict(list)
    for term in facet.current:
        written = [term.labels[one] for one in languages if one in term.labels]
        written += [text for one in languages for text in term.alternatives.get(one, ())]
        for text in dict.fromkeys(written):
            name = _plain(text)
            if len(name) >= _SHORTEST.get(_kind(name[:1]), _SHORTEST_ELSE):
                names[name].append((term, text))
    lengths: dict[str, set[int]] = defaultdict(set)
    for name in names:
        lengths[name[0]].add(len(name))
    return _Index(dict(names), {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()})


def _plain(text: str) -> str:
    return normalised.__wrapped__(text).translate(_HYPHENS)


def _begins(text: str, place: int) -> bool:
    """Return whether a word may begin at ``place``."""
    return _is_boundary(text, place, joined=(_FREE, _NONE))


def _ends(text: str, place: int) -> bool:
    """Return whether a word may end before ``place``."""
    return _is_boundary(text, place, joined=(_FREE, _HANGUL, _NONE))


def _is_boundary(text: str, place: int, *, joined: tuple[str, ...]) -> bool:
    if place in (0, len(text)):
        return True
    before, after = _kind(text[place - 1]), _kind(text[place])
    return before != after or after in joined


@lru_cache(maxsize=8192)
def _kind(character: str) -> str:
    if not character or not (character.isalnum() or unicodedata.category(character).startswith("M")):
        point = ord(character) if character else 0
        return _KATAKANA if point == 0x30FC else _NONE
    point = ord(character)
    return next((kind for first, last, kind in _RANGES if first <= point <= last), _SPACED)
