"""What a vocabulary says, as plain tuples: the common tongue of files, the database and the merge.

A fact is ``(subject, aspect, *values)``; subjects are URIs, the facet itself is the empty subject::

    (term, "label", kind, language, text)          kind: a LabelKind
    (term, "note", kind, language, text, resource)  resource: the note's own URI, or empty
    (term, "broader", parent)                      (term, "related", other), the lesser URI first
    (term, "mapping", kind, uri)                   (term, "notation", text, datatype)
    (term, "status", "retired")                    (term, "successor", other)
    ("", "name", language, text)
    (collection, "collection", "ordered")          or "unordered"
    (collection, "name", language, text)           (collection, "member", uri) or (collection, "members", *uris)

A table of facts maps each to whatever says so: triples of a graph, or nothing. It keeps the order of its source.
"""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from taxonomy.closure import branch

Fact = tuple[str, ...]
Facts = dict[Fact, list[Any]]

FACET = ""
_NOT_STORABLE = re.compile("[\0\ud800-\udfff]")
RETIRED = "retired"


class Severity(StrEnum):
    """Whether an import goes on."""

    NOTE = "note"
    WARNING = "warning"
    REFUSED = "refused"


class Finding(NamedTuple):
    """Something about a file that its owner should know. ``clause`` is the SKOS integrity condition, if it is one."""

    severity: Severity
    clause: str
    place: str
    message: str

    def __str__(self) -> str:
        told = f"{self.clause}: {self.message}" if self.clause else self.message
        return f"{self.place}: {told}" if self.place else told


def storable(text: str) -> str:
    """Return the text without what databases cannot hold: NUL and halves of surrogate pairs."""
    if text.isascii() and "\0" not in text:
        return text
    return _NOT_STORABLE.sub("\ufffd", text)


def parents_of(facts: Iterable[Fact]) -> dict[str, list[str]]:
    """Return the parents of each term that has some, the primary one first."""
    parents: dict[str, list[str]] = {}
    for fact in facts:
        if fact[1] == "broader":
            parents.setdefault(fact[0], []).append(fact[2])
    return parents


def retired_in(facts: Iterable[Fact]) -> set[str]:
    return {fact[0] for fact in facts if fact[1] == "status" and fact[2] == RETIRED}


def replacing_each_other(facts: Iterable[Fact]) -> set[Fact]:
    """Return the links to successors that lead back to where they begin: of such codes none would answer."""
    links = [fact for fact in facts if fact[1] == "successor"]
    successors: dict[str, list[str]] = {}
    for subject, _, successor in links:
        successors.setdefault(subject, []).append(successor)
    return {fact for fact in links if fact[0] in branch([fact[2]], successors)}


def retired_here(hub: Facts, file: Facts) -> dict[str, list[str]]:
    """Return the terms that are retired in the hub, or will be, and not in the file, each with what stands for it.

    That are its successors, else what is above it.
    """
    here = retired_in(hub) - retired_in(file)
    answering: dict[str, list[str]] = {term: [] for term in here}
    for subject, aspect, *values in hub:
        if aspect == "successor" and subject in here:
            answering[subject].append(values[0])
    above = parents_of(hub)
    return {term: found or above.get(term, []) for term, found in answering.items()}


def settled(
    facts: Facts, terms: Mapping[str, Any] | set[str], retired_elsewhere: Mapping[str, list[str]] | None = None
) -> Facts:
    """Return the facts that the hub can hold, given all its ``terms`` to be.

    Links to what is no term, from a term to itself, and to successors in a circle are left out. What is current and
    stands below something retired stands below the nearest current terms above that instead.
    ``retired_elsewhere`` (see ``retired_here``) are retired whatever the facts say, with what stands in their place.
    """
    kept: Facts = {}
    elsewhere = retired_elsewhere or {}
    retired = retired_in(facts) | elsewhere.keys()
    parents = {
        child: [above for above in found if above in terms and above != child]
        for child, found in parents_of(facts).items()
    }
    instead = parents | elsewhere
    circular = replacing_each_other(facts)
    for fact, said in facts.items():
        subject, aspect, *values = fact
        if aspect in ("related", "successor") and not (
            subject in terms and values[0] in terms and subject != values[0]
        ):
            continue
        if aspect == "successor" and (subject not in retired or fact in circular):
            continue
        if aspect != "broader":
            kept[fact] = said
            continue
        if subject not in terms or values[0] not in parents.get(subject, ()):
            continue
        above = values if subject in retired else _current_above(values[0], instead, retired)
        for parent in above:
            if parent != subject:
                kept.setdefault((subject, "broader", parent), []).extend(said)
    return kept


def _current_above(start: str, parents: Mapping[str, list[str]], retired: set[str]) -> list[str]:
    found, seen, waiting = [], set(), [start]
    while waiting:
        term = waiting.pop(0)
        if term in seen:
            continue
        seen.add(term)
        if term in retired:
            waiting += parents.get(term, ())
        else:
            found.append(term)
    return found
