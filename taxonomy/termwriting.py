"""Bringing a facet's terms in step with a term file: compared first, then written in bulk, only what differs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from taxonomy.closure import branch, inverted
from taxonomy.codes import TermStatus
from taxonomy.dependants import TermChange
from taxonomy.models import Facet, Term, TermPath
from taxonomy.termrecords import EMPTY_KEYS, TermFile, TermRecord
from taxonomy.termrows import FURTHER_PARENTS, RELATED, ROW_KINDS, ROWS_AT_ONCE, SUCCESSORS, RowChanges, RowKind

COLUMNS = ("parent", "position", "status", "uri", "attributes", "extra")


class StoredTerms:
    """The terms of a facet as the database has them, by code."""

    def __init__(self, facet: Facet | None) -> None:
        mine = Term.objects.filter(facet=facet if facet and facet.pk else None)
        self.queryset = mine
        self.terms = {term.code: term for term in mine}
        self.further_rows = FURTHER_PARENTS.stored(mine)
        self.further = {code: [above for _, (above,) in rows] for code, rows in self.further_rows.items()}

    @cached_property
    def codes(self) -> dict[int, str]:
        return {term.pk: code for code, term in self.terms.items()}

    @property
    def ids(self) -> dict[str, int]:
        return {code: term.pk for code, term in self.terms.items()}


@dataclass(frozen=True)
class Difference:
    """One thing that a file changes about a term: texts for people."""

    what: str
    gone: tuple[str, ...] = ()
    new: tuple[str, ...] = ()

    def __str__(self) -> str:
        told = [f"- {text}" for text in self.gone] + [f"+ {text}" for text in self.new]
        return f"{self.what}: {'; '.join(told) or 'order'}"


@dataclass
class Written:
    """The codes of the terms that are written, by what happens to them. Restored ones are changed too."""

    added: set[str] = field(default_factory=set)
    differences: dict[str, list[Difference]] = field(default_factory=dict)
    retired: set[str] = field(default_factory=set)
    restored: set[str] = field(default_factory=set)
    moved: set[str] = field(default_factory=set)
    replaced: set[str] = field(default_factory=set)  # retired ones whose successors are new

    @property
    def changed(self) -> set[str]:
        """The terms that were there, stay, and are not as they were."""
        return self.differences.keys() - self.added - self.retired

    def __bool__(self) -> bool:
        return bool(self.added or self.differences or self.retired)


def parents_to_be(file: TermFile, stored: StoredTerms) -> dict[str, list[str]]:
    """Return the parents of each term of the file. Links to terms gone from the file go with these."""
    here = {record.code for record in file.terms}
    broader = {}
    for record in file.terms:
        further = record.further_parents
        if further is None:
            further = [code for code in stored.further.get(record.code, ()) if code in here]
        broader[record.code] = list(dict.fromkeys([record.parent, *further])) if record.parent else []
    return broader


def related_to_be(file: TermFile, stored: Mapping[str, list[tuple[int, tuple[str]]]]) -> dict[str, list[str]]:
    """Return the related terms of each term, by code: SKOS 8.1, each of two says it of the other.

    What one of them says counts for both. Where neither says anything, or one is not in the file, it stays as it is.
    ``stored``: the rows that there are.
    """
    here = {record.code for record in file.terms}
    said = {record.code: record.related for record in file.terms if record.related is not None}
    pairs = {(code, other) for code, found in said.items() for other in found}
    for code, rows in stored.items():
        for _, (other,) in rows:
            if not {code, other} <= here or not {code, other} & said.keys():
                pairs.add((code, other))
    related: dict[str, list[str]] = {code: [] for code in here} if said else {}
    for code, other in sorted({*pairs, *((other, code) for code, other in pairs)}):
        if code in related:
            related[code].append(other)
    return related


class TermComparison:
    """What loading a checked file into a facet comes to. Making one only reads."""

    def __init__(self, file: TermFile, facet: Facet) -> None:
        self.file, self.facet = file, facet
        self.stored = StoredTerms(facet)
        self.broader = parents_to_be(file, self.stored)
        self.written = Written()
        self.rows = RowChanges()
        self._other_columns: set[str] = set()
        self._wanted = {record.code: self._columns(record) for record in file.terms}
        self._compare_columns()
        self._compare_rows()
        gone = (term for code, term in self.stored.terms.items() if code not in self.broader)
        self.missing = {term.code for term in gone if not term.is_retired}
        self.written.retired |= self.missing

    def write(self) -> Written:
        """Write it, in the transaction of the caller: the facet's version rises and dependants are told."""
        written = self.written
        if not written:
            return written
        self._add_terms()
        self._change_terms()
        ids = self.stored.ids
        self.rows.write(ids)
        moved = TermPath.objects.rebuild([self.facet.pk]) - {ids[code] for code in written.added}
        below_moved = branch(written.moved, inverted(self.broader))
        moved |= {ids[code] for code in below_moved if code not in written.added}
        self.facet.raise_version()  # before anyone is told: who reads the snapshot then sees what is told
        self.facet.announce(moved, TermChange.MOVED)
        merged = {record.code for record in self.file.terms if record.replaced_by} & written.retired
        self.facet.announce({ids[code] for code in written.retired - merged}, TermChange.RETIRED)
        self.facet.announce({ids[code] for code in merged | written.replaced}, TermChange.MERGED)
        self.facet.announce({ids[code] for code in written.restored}, TermChange.RESTORED)
        return written

    def _compare_columns(self) -> None:
        for record in self.file.terms:
            code, wanted = record.code, self._wanted[record.code]
            term = self.stored.terms.get(code)
            if term is None:
                self.written.added.add(code)
                if record.is_retired:
                    self.written.retired.add(code)
                continue
            was = {name: getattr(term, name) for name in COLUMNS if name != "parent"}
            was["parent"] = self.stored.codes.get(term.parent_id)
            for name in COLUMNS:
                if was[name] != wanted[name]:
                    self._other_columns.add(code)
                    self._note(code, name, [was[name]], [wanted[name]])
            if was["parent"] != wanted["parent"]:
                self.written.moved.add(code)
            if was["status"] != wanted["status"]:
                (self.written.retired if record.is_retired else self.written.restored).add(code)
        self.written.retired -= self.written.added

    def _columns(self, record: TermRecord) -> dict[str, Any]:
        """Return what the term's own row is to hold, the parent as a code; what the file does not carry stays."""
        term = self.stored.terms.get(record.code)
        attributes, extra, uri = (term.attributes, term.extra, term.uri) if term else ({}, {}, "")
        if record.empty_keys is not None:
            extra = {key: value for key, value in extra.items() if key != EMPTY_KEYS}
            extra |= {EMPTY_KEYS: record.empty_keys} if record.empty_keys else {}
        return {
            "parent": record.parent or None,
            "position": record.position,
            "status": TermStatus.RETIRED if record.is_retired else TermStatus.CURRENT,
            "uri": uri if record.uri is None else record.uri,
            "attributes": attributes if record.attributes is None else record.attributes,
            "extra": extra,
        }

    def _compare_rows(self) -> None:
        related_rows = RELATED.stored(self.stored.queryset)
        for code, others in related_to_be(self.file, related_rows).items():
            self._compare(RELATED, code, [(other,) for other in others], related_rows.get(code, ()))
        for kind in (*ROW_KINDS, SUCCESSORS):
            rows = kind.stored(self.stored.queryset)
            for record in self.file.terms:
                wanted = kind.wanted(record)
                held = [row for row in rows.get(record.code, ()) if kind.is_carried(row[1], self.file)]
                if kind is SUCCESSORS and record.code in self.written.restored:
                    wanted = ()  # no other term answers for its code any more
                if wanted is not None:
                    self._compare(kind, record.code, wanted, held)
        for record in self.file.terms:
            further = [(code,) for code in self.broader[record.code][1:]]
            self._compare(FURTHER_PARENTS, record.code, further, self.stored.further_rows.get(record.code, ()))

    def _compare(self, kind: RowKind, code: str, wanted: Any, held: Any) -> None:
        difference = self.rows.compare(kind, code, wanted, held)
        if difference is None or code in self.written.added:
            return
        self._note(code, kind.name, *difference)
        if kind is SUCCESSORS and self.stored.terms[code].is_retired and code not in self.written.restored:
            self.written.replaced.add(code)

    def _note(self, code: str, what: str, gone: list[Any], new: list[Any]) -> None:
        texts = (tuple(_told(value) for value in values if value not in ("", None)) for values in (gone, new))
        self.written.differences.setdefault(code, []).append(Difference(what, *texts))

    def _add_terms(self) -> None:
        """Add new terms level by level, so that each finds its parent wherever it stands in the file."""
        terms = self.stored.terms
        waiting = [record for record in self.file.terms if record.code not in terms]
        while waiting:
            ready = [record for record in waiting if record.parent is None or record.parent in terms]
            new = [Term(facet=self.facet, code=record.code, **self._row(self._wanted[record.code])) for record in ready]
            Term.objects.bulk_create(new, batch_size=ROWS_AT_ONCE)
            terms.update((term.code, term) for term in new)
            waiting = [record for record in waiting if record.code not in terms]

    def _change_terms(self) -> None:
        different = []
        for code in self._other_columns | self.missing:
            term = self.stored.terms[code]
            wanted = self._row(self._wanted[code]) if code in self._wanted else {"status": TermStatus.RETIRED}
            for name, value in wanted.items():
                setattr(term, name, value)
            different.append(term)
        Term.objects.bulk_update(different, COLUMNS, batch_size=ROWS_AT_ONCE)

    def _row(self, columns: dict[str, Any]) -> dict[str, Any]:
        parent = columns["parent"]
        return columns | {"parent": self.stored.terms[parent] if parent else None}


def write_terms(file: TermFile, facet: Facet) -> Written:
    """Bring the facet's terms in step with a file that has been checked, in the transaction of the caller."""
    return TermComparison(file, facet).write()


def facet_differences(facet: Facet, wanted: Mapping[str, Any]) -> list[Difference]:
    """Return what giving the facet these values of its own fields changes, by field."""
    changed = {name: value for name, value in wanted.items() if getattr(facet, name) != value}
    found = []
    for name, value in changed.items():
        was, new = _entries(getattr(facet, name)), _entries(value)
        gone = tuple(text for text in was if text not in new)
        found.append(Difference(name, gone, tuple(text for text in new if text not in was)))
    return found


def _entries(value: Any) -> list[str]:
    return [f"{key} {held}" for key, held in value.items()] if isinstance(value, dict) else [str(value)] * bool(value)


def _told(value: Any) -> str:
    return " ".join(str(part) for part in value if part not in ("", None)) if isinstance(value, tuple) else str(value)
