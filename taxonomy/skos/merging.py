"""The three-way merge: what the file changed since the last import is taken in, what the hub changed stays."""

from collections.abc import Iterable
from typing import NamedTuple

from taxonomy.closure import find_cycle
from taxonomy.codes import LabelKind
from taxonomy.skos.facts import Fact, Facts, parents_of, replacing_each_other

Slot = Fact
SINGLE = {"status", "collection", "members"}


class Conflict(NamedTuple):
    """A place that the hub and the file changed differently. ``kept`` is what was decided."""

    subject: str
    aspect: str
    base: tuple[str, ...]
    hub: tuple[str, ...]
    file: tuple[str, ...]
    kept: str

    def __str__(self) -> str:
        was, hub, file = ("; ".join(values) or "nothing" for values in (self.base, self.hub, self.file))
        return f"{self.aspect}: the hub has {hub}, the file {file} (last import: {was}). Kept: the {self.kept}'s."


def merged(base: Facts, hub: Facts, file: Facts, *, prefer_file: bool = False) -> tuple[Facts, list[Conflict]]:
    """Return the hub's facts with what changed from ``base`` to ``file``, and where both changed the same.

    Where they conflict the hub's stay, or with ``prefer_file`` the file's come. The hub's order is kept.
    """
    tables = [_by_slot(base), _by_slot(hub), _by_slot(file)]
    conflicts: list[Conflict] = []
    chosen: dict[Slot, dict[Fact, None]] = {}
    for slot in dict.fromkeys((*tables[1], *tables[2])):
        was, ours, theirs = (table.get(slot, {}) for table in tables)
        values = {fact: None for fact in ours if fact in theirs or fact not in was}
        values |= {fact: None for fact in theirs if fact not in was}
        if _is_conflict(slot, was.keys(), ours.keys(), theirs.keys(), values):
            values = dict(theirs if prefer_file else ours)
            told = [tuple(_value(fact, slot) for fact in table) for table in (was, ours, theirs)]
            conflicts.append(Conflict(slot[0], _name(slot), *told, "file" if prefer_file else "hub"))
        chosen[slot] = values
    return {fact: file.get(fact, []) for values in chosen.values() for fact in values}, conflicts


def without_circular_successors(facts: Facts, hub: Facts) -> tuple[Facts, list[Conflict]]:
    """Return merged facts in which no terms replace each other: one that would keeps its successors in the hub."""
    subjects = {fact[0] for fact in replacing_each_other(facts) if fact not in hub}
    kept = {fact: said for fact, said in facts.items() if not (fact[1] == "successor" and fact[0] in subjects)}
    conflicts = []
    for subject in sorted(subjects):
        ours, theirs = (
            tuple(fact[2] for fact in table if fact[:2] == (subject, "successor")) for table in (hub, facts)
        )
        conflicts.append(Conflict(subject, "successor (a circle otherwise)", ours, ours, theirs, "hub"))
    return kept | {
        fact: said for fact, said in hub.items() if fact[1] == "successor" and fact[0] in subjects
    }, conflicts


def without_cycles(facts: Facts, hub: Facts) -> tuple[Facts, list[Conflict]]:
    """Return merged facts without circles: a term in one keeps the parents that it has in the hub."""
    conflicts = []
    broader = parents_of(facts)
    in_hub = parents_of(hub)
    while cycle := find_cycle(broader):
        term = next(term for term in cycle if set(broader[term]) != set(in_hub.get(term, ())))
        ours, theirs = tuple(in_hub.get(term, ())), tuple(broader[term])
        conflicts.append(Conflict(term, "broader (a circle otherwise)", ours, ours, theirs, "hub"))
        broader[term] = list(ours)
    changed = {conflict.subject for conflict in conflicts}
    kept = {fact: said for fact, said in facts.items() if not (fact[1] == "broader" and fact[0] in changed)}
    kept |= {fact: said for fact, said in hub.items() if fact[1] == "broader" and fact[0] in changed}
    return kept, conflicts


def _slot(fact: Fact) -> Slot:
    """Return what a fact is a value of."""
    subject, aspect, *values = fact
    if aspect == "label":
        return fact[:4]
    if aspect == "note":
        return subject, aspect, values[0], values[1], values[3]
    if aspect == "name":
        return fact[:3]
    if aspect in ("broader", "successor", *SINGLE):
        return fact[:2]
    return fact


def _by_slot(facts: Iterable[Fact]) -> dict[Slot, dict[Fact, None]]:
    slots: dict[Slot, dict[Fact, None]] = {}
    for fact in facts:
        slots.setdefault(_slot(fact), {})[fact] = None
    return slots


def _is_conflict(slot: Slot, was: Iterable, ours: Iterable, theirs: Iterable, values: dict[Fact, None]) -> bool:
    """Return whether both replaced the same value, or set the one value differently."""
    was, ours, theirs = set(was), set(ours), set(theirs)
    if ours in (theirs, was) or theirs == was:
        return False
    is_single = slot[1] in SINGLE or slot[1] == "name" or slot[1:3] == ("label", LabelKind.PREFERRED)
    if is_single:
        return True
    if slot[1] == "broader" and not was:
        return True  # a root that both put somewhere else
    return bool((was - ours) & (was - theirs) and ours - was and theirs - was)


def _name(slot: Slot) -> str:
    return " ".join(part for part in slot[1:] if part)


def _value(fact: Fact, slot: Slot) -> str:
    if fact[1] == "note":
        return fact[4]
    return " ".join(fact[len(slot) :]) or " ".join(fact[2:])
