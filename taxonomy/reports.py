"""What is wrong with the terms of a facet, found in memory: unused, doubled, untranslated, too broad, out of time."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from weakref import WeakKeyDictionary

from locales.tags import parent_tags
from taxonomy.dependants import Tally
from taxonomy.facetview import FacetView, TermView
from taxonomy.search import normalised

SHORTEST_NEAR = 5  # characters: shorter names differ by one of them and mean something else
MOST_ALIKE = 50  # names that share all but one character are compared with their neighbours only, beyond that


_alike: WeakKeyDictionary[FacetView, "dict[str, list[Finding]]"] = WeakKeyDictionary()


@dataclass(frozen=True)
class Finding:
    """One line of a report. ``name`` is the text in question, ``other`` what it is mistaken for, ``share`` 0 to 1."""

    term: TermView
    language: str = ""
    name: str = ""
    other: TermView | None = None
    other_name: str = ""
    items: int = 0
    share: float = 0.0
    ended: date | None = None


def unused(facet: FacetView, named: Mapping[str, int]) -> Iterator[Finding]:
    """Yield the current terms that no item and no rule names, nor anything below them."""
    terms = (facet.by_code[code] for code in named if code in facet.by_code)
    used = {one.id for term in terms for one in (term, *term.ancestors)}
    return (Finding(term) for term in facet.current if term.id not in used)


def missing_translations(facet: FacetView, languages: Iterable[str]) -> Iterator[Finding]:
    """Yield each current term for each language that it has no name in, nor in one that the language inherits from."""
    for language in languages:
        answering = (language, *parent_tags(language))
        for term in facet.current:
            if not any(tag in term.labels for tag in answering):
                yield Finding(term, language=language)


def over_broad(facet: FacetView, tallies: Mapping[str, Tally], total: int, threshold: float) -> Iterator[Finding]:
    """Yield the current terms that at least this share of the facet's items are tagged with themselves, most first."""
    found = [
        Finding(term, items=tally.own, share=tally.own / total)
        for term in facet.current
        if total and (tally := tallies.get(term.code)) and tally.own and tally.own / total >= threshold
    ]
    return iter(sorted(found, key=lambda finding: -finding.items))


def retired_but_used(facet: FacetView, named: Mapping[str, int]) -> Iterator[Finding]:
    """Yield the retired terms that items still name."""
    for term in facet.terms:
        if term.is_retired and (items := named.get(term.code)):
            yield Finding(term, items=items)


def past_windows(facet: FacetView, named: Mapping[str, int], today: date) -> Iterator[Finding]:
    """Yield the current terms whose last window is over, with how many items name them, if any."""
    for term in facet.current:
        ended = max((window.end for window in term.windows), default=today)
        if ended < today:
            yield Finding(term, items=named.get(term.code, 0), ended=ended)


def near_duplicates(facet: FacetView, language: str) -> Iterator[Finding]:
    """Yield what ``names_alike`` does, worked out once for each version of the facet."""
    known = _alike.setdefault(facet, {})
    if language not in known:
        known[language] = list(names_alike(facet, language))
    return iter(known[language])


def names_alike(facet: FacetView, language: str) -> Iterator[Finding]:
    """Yield the terms whose names or synonyms in a language are the same but for case, accents, spaces and punctuation,
    or are one character apart (one more, one other, or two that changed places; digits tell names apart).

    Of names that are the same the first in the tree is held against each of the others.
    """
    named: dict[str, list[tuple[TermView, str]]] = {}
    for term in facet.current:
        texts = [term.labels[language]] if language in term.labels else []
        for text in dict.fromkeys([*texts, *term.alternatives.get(language, ())]):
            found = named.setdefault(_bare(text), [])
            if term not in [one for one, _ in found]:
                found.append((term, text))
    for same in named.values():
        (first, name), *others = same
        for other, other_name in others:
            yield Finding(first, language, name, other, other_name)
    for one, two in _pairs_nearby([bare for bare in named if len(bare) >= SHORTEST_NEAR]):
        (first, name), (other, other_name) = named[one][0], named[two][0]
        if first is not other:
            yield Finding(first, language, name, other, other_name)


def is_near(one: str, two: str) -> bool:
    """Say whether two texts differ by one insertion, removal or change, or by two neighbours that changed places.

    >>> is_near("charger", "chargers"), is_near("biek", "bike"), is_near("model 1", "model 2")
    (True, True, False)
    """
    if one == two or abs(len(one) - len(two)) > 1:
        return False
    short, long = sorted((one, two), key=len)
    start = next((place for place, char in enumerate(short) if char != long[place]), len(short))
    if len(short) < len(long):
        return short[start:] == long[start + 1 :] and not long[start].isdigit()
    is_swap = short[start : start + 2] == long[start : start + 2][::-1] and short[start + 2 :] == long[start + 2 :]
    is_change = short[start + 1 :] == long[start + 1 :]
    return (is_swap or is_change) and not (short[start].isdigit() or long[start].isdigit())


def _pairs_nearby(texts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield each pair of texts that are near, once: such texts share what is left when one character is taken away."""
    shared: dict[str, list[int]] = {}
    for number, text in enumerate(texts):
        takeable = (place for place, char in enumerate(text) if not char.isdigit())
        for left in {text, *(text[:place] + text[place + 1 :] for place in takeable)}:
            shared.setdefault(left, []).append(number)
    seen = set()
    for numbers in shared.values():
        for place, one in enumerate(numbers):
            reach = len(numbers) if len(numbers) <= MOST_ALIKE else place + 2
            for two in numbers[place + 1 : reach]:
                if (one, two) not in seen and is_near(texts[one], texts[two]):
                    seen.add((one, two))
    return ((texts[one], texts[two]) for one, two in sorted(seen))


def _bare(text: str) -> str:
    """Return the text without spaces, punctuation and signs; where nothing is left, the text."""
    folded = normalised(text)
    return "".join(char for char in folded if unicodedata.category(char)[0] not in "PSZ") or folded
