"""Writing what a term file says of a facet, in bulk, and only what differs."""

from dataclasses import dataclass, field
from typing import Any

from taxonomy.closure import branch, inverted
from taxonomy.codes import TermStatus
from taxonomy.dependants import TermChange
from taxonomy.models import Facet, Term, TermPath
from taxonomy.termrecords import EMPTY_KEYS, TermFile, TermRecord
from taxonomy.termrows import FURTHER_PARENTS, ROW_KINDS, ROWS_AT_ONCE, RowChanges

COLUMNS = ("parent_id", "position", "status", "uri", "attributes", "extra")


class StoredTerms:
    """The terms of a facet as the database has them, by code."""

    def __init__(self, facet: Facet | None) -> None:
        self.terms = {term.code: term for term in facet.terms.all()} if facet else {}
        self.further_rows = FURTHER_PARENTS.stored(Term.objects.filter(facet=facet)) if facet else {}
        codes = {term.pk: code for code, term in self.terms.items()}
        self.further = {codes[pk]: [codes[above] for _, (above,) in rows] for pk, rows in self.further_rows.items()}


@dataclass
class Written:
    """The codes of the terms that were written, by what happened to them. Restored ones are changed too."""

    added: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    retired: set[str] = field(default_factory=set)
    restored: set[str] = field(default_factory=set)
    moved: set[str] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.retired)


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


def write_terms(file: TermFile, facet: Facet) -> Written:
    """Bring the facet's terms in step with a file that has been checked, in the transaction of the caller.

    The version of the facet rises, and dependants are told, if that changes anything.
    """
    stored = StoredTerms(facet)
    broader = parents_to_be(file, stored)
    written = Written()
    _add_terms(file, facet, stored, written)
    _change_terms(file, stored, written)
    _change_rows(file, facet, stored, broader, written)
    _retire_missing(broader, stored, written)
    if written:
        moved = TermPath.objects.rebuild([facet.pk]) - {stored.terms[code].pk for code in written.added}
        below_moved = branch(written.moved, inverted(broader))
        moved |= {stored.terms[code].pk for code in below_moved if code not in written.added}
        facet.raise_version()  # before anyone is told: who reads the snapshot then sees what is told
        facet.announce(moved, TermChange.MOVED)
        facet.announce({stored.terms[code].pk for code in written.retired}, TermChange.RETIRED)
        facet.announce({stored.terms[code].pk for code in written.restored}, TermChange.RESTORED)
    return written


def _add_terms(file: TermFile, facet: Facet, stored: StoredTerms, written: Written) -> None:
    """Add new terms level by level, so that each finds its parent wherever it stands in the file."""
    waiting = [record for record in file.terms if record.code not in stored.terms]
    written.added = {record.code for record in waiting}
    while waiting:
        ready = [record for record in waiting if record.parent is None or record.parent in stored.terms]
        new = [Term(facet=facet, code=record.code, **_columns(record, stored)) for record in ready]
        Term.objects.bulk_create(new, batch_size=ROWS_AT_ONCE)
        stored.terms.update((term.code, term) for term in new)
        waiting = [record for record in waiting if record.code not in stored.terms]


def _change_terms(file: TermFile, stored: StoredTerms, written: Written) -> None:
    different = []
    for record in file.terms:
        term = stored.terms[record.code]
        was, wanted = {name: getattr(term, name) for name in COLUMNS}, _columns(record, stored, term)
        if wanted == was:
            continue
        for name, value in wanted.items():
            setattr(term, name, value)
        different.append(term)
        written.changed.add(record.code)
        if was["parent_id"] != wanted["parent_id"]:
            written.moved.add(record.code)
        if was["status"] == TermStatus.RETIRED:
            written.restored.add(record.code)
    columns = [column.removesuffix("_id") for column in COLUMNS]
    Term.objects.bulk_update(different, columns, batch_size=ROWS_AT_ONCE)
    ids = [stored.terms[code].pk for code in written.restored]
    Term.replaced_by.through.objects.filter(from_term__in=ids).delete()


def _columns(record: TermRecord, stored: StoredTerms, term: Term | None = None) -> dict[str, Any]:
    """Return what the term's own row is to hold; what the file does not carry stays."""
    attributes, extra, uri = (term.attributes, term.extra, term.uri) if term else ({}, {}, "")
    if record.empty_keys is not None:
        extra = {key: value for key, value in extra.items() if key != EMPTY_KEYS}
        extra |= {EMPTY_KEYS: record.empty_keys} if record.empty_keys else {}
    return {
        "parent_id": stored.terms[record.parent].pk if record.parent else None,
        "position": record.position,
        "status": TermStatus.CURRENT,
        "uri": uri if record.uri is None else record.uri,
        "attributes": attributes if record.attributes is None else record.attributes,
        "extra": extra,
    }


def _change_rows(
    file: TermFile, facet: Facet, stored: StoredTerms, broader: dict[str, list[str]], written: Written
) -> None:
    changes = RowChanges()
    ids = {code: term.pk for code, term in stored.terms.items()}
    for kind in ROW_KINDS:
        rows = kind.stored(Term.objects.filter(facet=facet))
        for record in file.terms:
            wanted = kind.wanted(record)
            held = [row for row in rows.get(ids[record.code], ()) if kind.is_carried(row[1], file)]
            if wanted is not None and changes.compare(kind, ids[record.code], wanted, held):
                written.changed.add(record.code)
    for record in file.terms:
        further = [(ids[code],) for code in broader[record.code][1:]]
        held = stored.further_rows.get(ids[record.code], [])
        if changes.compare(FURTHER_PARENTS, ids[record.code], further, held):
            written.changed.add(record.code)
    written.changed -= written.added
    changes.write()


def _retire_missing(broader: dict[str, list[str]], stored: StoredTerms, written: Written) -> None:
    gone = [term for term in stored.terms.values() if term.code not in broader and not term.is_retired]
    for term in gone:
        term.status = TermStatus.RETIRED
    Term.objects.bulk_update(gone, ["status"], batch_size=ROWS_AT_ONCE)
    written.retired = {term.code for term in gone}
