"""Large facets from a seed: the same seed gives the same facet, for tests and for the bench."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

LANGUAGES = "en ja ko de fr es it pt-BR zh-CN zh-TW ru th tr ar he hi vi pl nl sv".split()
SYLLABLES = {
    "ja": "あかさたなはまやらわ",
    "ko": "가나다라마바사아자차",
    "zh-CN": "人大中国上产品选择",
    "zh-TW": "人大中國上產品選擇",
    "ar": "ابتثجحخدذر",
    "he": "אבגדהוזחטי",
    "ru": "абвгдежзик",
    "th": "กขคงจชซญดต",
    "hi": "कखगघचछजझटठ",
}
LATIN = "ba do ke li mu na po ra si tu".split()


@dataclass
class GeneratedTerm:
    """A term of a generated facet; ``parents`` are keys, the primary one first."""

    key: str
    parents: list[str] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)


def generated_terms(
    count: int, *, depth: int = 8, languages: int = 3, several_parents: int = 0, seed: int = 2027
) -> list[GeneratedTerm]:
    """Return terms in levels of growing size, parents first; ``several_parents`` of them have a second parent."""
    chance = random.Random(seed)
    levels = _levels(count, depth)
    terms: list[GeneratedTerm] = []
    above: list[GeneratedTerm] = []
    for size in levels:
        level = []
        for _ in range(size):
            key = f"t{len(terms)}"
            parents = [chance.choice(above).key] if above else []
            labels = {language: _name(chance, language) for language in LANGUAGES[:languages]}
            level.append(GeneratedTerm(key, parents, labels))
            terms.append(level[-1])
        above = level
    deep = [term for term in terms if term.parents]
    for term in chance.sample(deep, min(several_parents, len(deep))):
        place = int(term.key[1:])
        others = [other.key for other in terms[: max(1, place // 2)] if other.key not in term.parents]
        if others and int(others[0][1:]) < place:
            term.parents.append(chance.choice(others))
    return terms


def as_turtle(terms: list[GeneratedTerm], base: str = "https://example.org/large/") -> str:
    """Return the terms as a SKOS vocabulary."""
    return "".join(_turtle(terms, base))


def _turtle(terms: list[GeneratedTerm], base: str) -> Iterator[str]:
    yield f"@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n@prefix : <{base}> .\n"
    yield ":scheme a skos:ConceptScheme .\n"
    for term in terms:
        labels = ", ".join(f'"{text}"@{language}' for language, text in term.labels.items())
        place = "".join(f" ; skos:broader :{parent}" for parent in term.parents) or " ; skos:topConceptOf :scheme"
        yield f":{term.key} a skos:Concept ; skos:inScheme :scheme ; skos:prefLabel {labels}{place} .\n"


def _levels(count: int, depth: int) -> list[int]:
    """Return how many terms each level has: each about as many times larger as makes them ``count`` together."""
    growth = 1.0
    while sum(growth**level for level in range(depth)) < count / 4:
        growth *= 1.02
    sizes = [max(1, round(4 * growth**level)) for level in range(depth)]
    sizes[-1] += count - sum(sizes)
    return sizes if sizes[-1] > 0 else [*([1] * (depth - 1)), max(1, count - depth + 1)]


def _name(chance: random.Random, language: str) -> str:
    syllables = SYLLABLES.get(language, LATIN)
    return "".join(chance.choices(syllables, k=chance.randint(3, 6))).capitalize()
