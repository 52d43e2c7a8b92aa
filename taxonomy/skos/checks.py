"""What is wrong or odd in a vocabulary, one function a rule, with the clause of SKOS that it breaks."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from taxonomy.closure import ancestor_distances, find_cycle
from taxonomy.codes import LabelKind, MappingKind
from taxonomy.skos.facts import Facts, Finding, Severity, parents_of, replacing_each_other, retired_in

MOST_CYCLES = 20


def find_problems(facts: Facts, terms: Mapping[str, Any], tops: set[str]) -> Iterator[Finding]:
    """Yield what the facts of a file break. ``tops``: the declared top concepts."""
    cycles = list(cycles_in(facts))
    yield from cycles
    yield from self_links(facts)
    yield from dangling_links(facts, terms)
    yield from labels_of_two_kinds(facts)
    yield from shared_labels(facts)
    yield from mappings_of_two_kinds(facts)
    yield from orphans(facts, terms, tops)
    yield from misplaced_successors(facts, terms)
    yield from circular_successors(facts)
    if not cycles:
        yield from related_ancestors(facts)


def cycles_in(facts: Facts) -> Iterator[Finding]:
    """Yield each circle of broader terms: a tree cannot hold it."""
    broader = {term: [above for above in found if above != term] for term, found in parents_of(facts).items()}
    for _ in range(MOST_CYCLES):
        cycle = find_cycle(broader)
        if cycle is None:
            return
        told = f"A concept cannot stand below itself: {' below '.join(cycle)}."
        yield Finding(Severity.REFUSED, "", cycle[0], told)
        broader[cycle[0]] = [above for above in broader[cycle[0]] if above != cycle[1]]


def self_links(facts: Facts) -> Iterator[Finding]:
    """Yield concepts that are broader than, or related to, themselves."""
    for subject, aspect, *values in facts:
        if aspect in ("broader", "related") and values[0] == subject:
            yield _warning("", subject, f"It is {aspect} itself, which is left out; exports keep it.")


def dangling_links(facts: Facts, terms: Mapping[str, Any]) -> Iterator[Finding]:
    for subject, aspect, *values in facts:
        if aspect == "broader" and subject in terms and values[0] not in terms:
            yield _warning("", subject, f"What stands above it, {values[0]}, is no concept of the file.")


def labels_of_two_kinds(facts: Facts) -> Iterator[Finding]:
    """SKOS S13: preferred, alternative and hidden labels are disjoint."""
    kinds = defaultdict(list)
    for fact in facts:
        if fact[1] == "label":
            kinds[fact[0], fact[3], fact[4]].append(fact[2])
    for (term, language, text), found in kinds.items():
        if len(found) > 1:
            yield _warning("S13", term, f"'{text}' ({language}) is its {' and its '.join(found)} label.")


def shared_labels(facts: Facts) -> Iterator[Finding]:
    """Yield concepts that are called alike: good practice, no clause."""
    retired, first = retired_in(facts), {}
    for subject, aspect, *values in facts:
        if aspect == "label" and values[0] == LabelKind.PREFERRED and subject not in retired:
            name = values[1], values[2].casefold()
            other = first.setdefault(name, subject)
            if other != subject:
                yield _warning("", subject, f"It is called '{values[2]}' ({values[1]}), as is {other}.")


def mappings_of_two_kinds(facts: Facts) -> Iterator[Finding]:
    """SKOS S46: an exact match is no broad, narrow or related one."""
    kinds = defaultdict(set)
    for subject, aspect, *values in facts:
        if aspect == "mapping":
            kinds[subject, values[1]].add(values[0])
    for (term, target), found in kinds.items():
        others = found & {MappingKind.BROAD, MappingKind.NARROW, MappingKind.RELATED}
        if MappingKind.EXACT in found and others:
            yield _warning("S46", term, f"Its match with {target} is exact and {' and '.join(sorted(others))}.")


def orphans(facts: Facts, terms: Mapping[str, Any], tops: set[str]) -> Iterator[Finding]:
    """Yield concepts without any place where others have one."""
    parents = parents_of(facts)
    placed = tops | parents.keys() | {above for found in parents.values() for above in found}
    if placed:
        for term in terms:
            if term not in placed:
                yield _warning("", term, "Nothing is above or below it and it is no top concept: an orphan.")


def circular_successors(facts: Facts) -> Iterator[Finding]:
    """Yield concepts that replace each other, or themselves."""
    for subject, _, successor in replacing_each_other(facts):
        what = "itself" if successor == subject else f"{successor}, and that in the end by it"
        yield _warning("", subject, f"It is replaced by {what}: this is left out; exports keep it.")


def misplaced_successors(facts: Facts, terms: Mapping[str, Any]) -> Iterator[Finding]:
    retired = retired_in(facts)
    for subject, aspect, *values in facts:
        if aspect == "successor" and subject in terms and subject not in retired:
            yield _warning("", subject, "It is replaced, but not deprecated: it stays current, exports keep the link.")
        elif aspect == "successor" and values[0] not in terms:
            yield _warning("", subject, f"What replaces it, {values[0]}, is no concept of the file.")
        elif aspect == "broader" and values[0] in retired and subject not in retired and subject in terms:
            told = f"It stands below {values[0]}, which is deprecated: the hub puts it below what stands above that."
            yield _warning("", subject, told)


def below_retired_here(facts: Facts, placed: Facts, here: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield current concepts that a file puts below what was retired ``here``; ``placed`` says where they stand."""
    retired, parents = retired_in(facts), parents_of(placed)
    for subject, aspect, *values in facts:
        if aspect == "broader" and values[0] in here and subject not in retired:
            above = ", ".join(parents.get(subject, ()))
            place = f"the hub puts it below {above}" if above else "the hub puts it at the top"
            yield _warning("", subject, f"It stands below {values[0]}, which was retired here: {place}.")


def related_ancestors(facts: Facts) -> Iterator[Finding]:
    """SKOS S27: what is related to a concept is not above or below it."""
    pairs = [(fact[0], fact[2]) for fact in facts if fact[1] == "related" and fact[0] != fact[2]]
    broader = {term: [above for above in found if above != term] for term, found in parents_of(facts).items()}
    above = ancestor_distances({term for pair in pairs for term in pair}, broader)
    for one, other in pairs:
        if other in above[one] or one in above[other]:
            yield _warning("S27", one, f"It is related to {other} and in the same line of broader concepts.")


def _warning(clause: str, place: str, message: str) -> Finding:
    return Finding(Severity.WARNING, clause, place, message)
