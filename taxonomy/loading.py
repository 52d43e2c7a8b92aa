"""Loading term files: all checked first, then each written in one transaction; loading twice changes nothing."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from django.db import transaction

from taxonomy.closure import find_cycle
from taxonomy.codes import alike_codes
from taxonomy.models import ExternalId, Facet, Term
from taxonomy.termfiles import read_term_file
from taxonomy.termrecords import FileProblems, Problem, TermFile
from taxonomy.termwriting import (
    Difference,
    StoredTerms,
    TermComparison,
    Written,
    facet_differences,
    parents_to_be,
    write_terms,
)


class LoadReport(NamedTuple):
    """What one file did, or would do. Restored terms are among the changed ones."""

    path: str
    facet: str
    added: int
    changed: int
    retired: int
    restored: int
    unchanged: int
    written: Written
    of_facet: Sequence[Difference] = ()
    warnings: Sequence[Problem] = ()

    def __str__(self) -> str:
        told = f"{self.added} added, {self.changed} changed, {self.retired} retired, {self.unchanged} unchanged"
        return f"{told} ({self.restored} restored)" if self.restored else told

    def lines(self) -> Iterator[str]:
        """Yield each thing that is added, changed or retired."""
        yield from (f"facet   {one}" for one in self.of_facet)
        yield from (f"added   {code}" for code in sorted(self.written.added))
        for code in sorted(self.written.changed):
            yield f"changed {code}  {'; '.join(map(str, self.written.differences[code]))}"
        yield from self.retirements()

    def retirements(self) -> Iterator[str]:
        return (f"retired {code}" for code in sorted(self.written.retired))


def load(paths: Iterable[Path | str], *, dry_run: bool = False) -> list[LoadReport]:
    """Load the files and return what each did. A term gone from its file is retired, a returning one restored.

    With ``dry_run`` nothing is written: each report says what loading its file alone would do.

    Raises:
        FileProblems: everything that is wrong with any of the files; nothing was changed.
    """
    files, problems = [], []
    for path in paths:
        try:
            file = read_term_file(Path(path))
            files.append(file)
            problems += find_problems(file)
        except FileProblems as error:
            problems += error.problems
    if problems:
        raise FileProblems(problems)
    return [_look_at(file) if dry_run else _load_file(file) for file in files]


@transaction.atomic
def load_file(file: TermFile, facet: Facet) -> Written:
    """Load a file that was read and looked at before into its facet, which must not have changed since.

    Raises:
        FileProblems: it does not fit the taxonomy; nothing was changed.
    """
    facet.lock()
    if problems := find_problems(file):
        raise FileProblems(problems)
    if changes_of_facet(facet, file):
        _describe(facet, file)
    return write_terms(file, facet)


def changes_of_facet(facet: Facet, file: TermFile) -> list[Difference]:
    """Return what the file changes about the facet itself: its names and attributes."""
    return facet_differences(facet, _described(file))


def find_problems(file: TermFile) -> list[Problem]:
    """Return what keeps a readable file from being loaded into the taxonomy as it stands now."""
    facet = Facet.objects.filter(code=file.facet).first()
    problems = list(_hierarchy_problems(file, StoredTerms(facet))) + list(_taken_names(file))
    if facet is None and file.names is None:
        told = f"There is no facet {file.facet}: load a JSON file with its labels first."
        problems.append(Problem(file.path, "", told))
    if facet and not file.terms and facet.terms.current().exists():
        told = f"It holds no terms: loading it would retire everything in {file.facet}."
        problems.append(Problem(file.path, "", told))
    return problems


def find_warnings(file: TermFile, facet: Facet) -> list[Problem]:
    """Return what is odd about a file that can be loaded: new codes that are easily taken for others."""
    places = {record.code: record.place for record in file.terms}
    stored = set(Term.objects.filter(facet=facet.pk or 0).values_list("code", flat=True))
    told = "The code {} and {} differ in capitals only. A code is for ever: better give it another."
    alike = alike_codes((code for code in places if code not in stored), stored)
    return [Problem(file.path, places[code], told.format(code, other)) for code, other in alike]


def _hierarchy_problems(file: TermFile, stored: StoredTerms) -> Iterable[Problem]:
    here = {record.code for record in file.terms}
    for record in file.terms:
        for code in filter(None, [record.parent, *(record.further_parents or ())]):
            if code not in here:
                yield Problem(file.path, record.place, f"The parent '{code}' is not in the file.")
        for code in record.related or ():
            if code not in here or code == record.code:
                told = f"The related term '{code}' is {'the term itself' if code in here else 'not in the file'}."
                yield Problem(file.path, record.place, told)
        if record.further_parents and not record.parent:
            yield Problem(file.path, record.place, "A term with further parents has a primary parent too.")
    broader = parents_to_be(file, stored)
    if cycle := find_cycle({code: [above for above in parents if above in here] for code, parents in broader.items()}):
        place = next(record.place for record in file.terms if record.code == cycle[0])
        yield Problem(file.path, place, f"A term cannot stand below itself: {' below '.join(cycle)}.")


def _taken_names(file: TermFile) -> Iterable[Problem]:
    """Return the names in other systems that terms have which are not in the file."""
    here = {record.code for record in file.terms}
    systems = {system for record in file.terms for system, _ in record.names_elsewhere}
    taken = ExternalId.objects.filter(system__in=systems).values_list("system", "identifier", "term__code")
    holders = {(system, name): code for system, name, code in taken if code not in here}
    for record in file.terms:
        for system, name in record.names_elsewhere:
            if (system, name) in holders:
                told = f"The {system}_id '{name}' belongs to {holders[system, name]}."
                yield Problem(file.path, record.place, told)


@transaction.atomic
def _load_file(file: TermFile) -> LoadReport:
    facet = Facet.objects.filter(code=file.facet).first() or _new_facet(file)
    of_facet, warnings = changes_of_facet(facet, file), find_warnings(file, facet)
    written = load_file(file, facet)  # which checks again: another process may have been faster
    return _report(file, written, of_facet, warnings)


def _look_at(file: TermFile) -> LoadReport:
    facet = Facet.objects.filter(code=file.facet).first() or Facet(code=file.facet)
    written = TermComparison(file, facet).written
    return _report(file, written, changes_of_facet(facet, file), find_warnings(file, facet))


def _report(
    file: TermFile, written: Written, of_facet: Sequence[Difference], warnings: Sequence[Problem]
) -> LoadReport:
    return LoadReport(
        path=file.path,
        facet=file.facet,
        added=len(written.added),
        changed=len(written.changed),
        retired=len(written.retired),
        restored=len(written.restored),
        unchanged=len({record.code for record in file.terms} - written.added - written.differences.keys()),
        written=written,
        of_facet=of_facet,
        warnings=warnings,
    )


def _new_facet(file: TermFile) -> Facet:
    facet = Facet(code=file.facet)
    _describe(facet, file)
    return facet


def _describe(facet: Facet, file: TermFile) -> None:
    for name, value in _described(file).items():
        setattr(facet, name, value)
    facet.full_clean()
    facet.save()


def _described(file: TermFile) -> dict[str, Any]:
    """Return what the file says of the facet itself, by field; what it does not carry stays."""
    said = {"names": file.names, "attributes": file.attributes}
    return {name: value for name, value in said.items() if value is not None}
