"""Importing an uploaded file of any format into a facet: a report first, then exactly what it says."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from taxonomy.loading import changes_of_facet, find_problems, find_warnings, load_file
from taxonomy.models import Facet
from taxonomy.skos.facts import Finding, Severity
from taxonomy.skos.files import SUFFIXES
from taxonomy.skos.importing import carry_out, plan_import
from taxonomy.skos.plans import FacetChanged, ImportRefused, Source
from taxonomy.skos.spelling import UnreadableFile
from taxonomy.termfiles import READERS, read_term_file
from taxonomy.termrecords import FileProblems, Problem, TermFile
from taxonomy.termwriting import Difference, TermComparison, Written
from taxonomy.uploads import PendingImport

Report = dict[str, Any]

TERM_FORMATS = {suffix.removeprefix("."): suffix for suffix in READERS}
MOST_TOLD = 50
MOST_FINDINGS = 1000


def format_of_upload(name: str, content: bytes) -> str:
    """Return "csv", "json" or the name of an RDF format; JSON with a context or addresses is JSON-LD.

    Raises:
        ValidationError: the name tells none.
    """
    suffix = Path(name).suffix.lower()
    if suffix == ".json" and not any(key in content for key in (b'"@context"', b'"@id"', b'"@graph"')):
        return "json"
    if suffix == ".txt" and content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "csv"  # "Unicode text" of a spreadsheet
    if suffix in SUFFIXES:
        return SUFFIXES[suffix]
    if suffix == ".csv":
        return "csv"
    known = ", ".join(dict.fromkeys([*READERS, *SUFFIXES]))
    raise ValidationError(_("The name of the file must end in one of %(known)s.") % {"known": known})


def report_on(upload: PendingImport) -> Report:
    """Return what importing would do, as JSON. Nothing is written.

    Raises:
        ValidationError: the file cannot be read; one message each.
    """
    try:
        return _terms_report(upload) if upload.format in TERM_FORMATS else _skos_report(upload)
    except UnreadableFile as error:
        raise ValidationError(str(error)) from error
    except FileProblems as error:
        raise ValidationError(_told(error.problems)) from error


@transaction.atomic
def import_upload(upload: PendingImport, *, may_change_facet: bool) -> Written:
    """Do what the report of an upload says, and forget the upload.

    Raises:
        ValidationError: the facet changed since the report, the file cannot be imported, or changes what the facet
            is called for someone who may not. Nothing was changed.
    """
    facet = Facet.objects.get(pk=upload.facet_id)
    facet.lock()
    if not PendingImport.objects.filter(pk=upload.pk).exists():
        raise ValidationError(_("This file was imported or put away already."))
    if facet.version != upload.report["version"]:
        raise ValidationError(str(FacetChanged()))
    try:
        if upload.format in TERM_FORMATS:
            file = _term_file(upload)
            _refuse_change_of_facet(changes_of_facet(facet, file), may_change_facet)
            written = load_file(file, facet)
        else:
            plan = plan_import(facet.code, _source(upload))
            _refuse_change_of_facet(plan.changes_of_facet, may_change_facet)
            written = carry_out(plan)
    except (ImportRefused, FacetChanged, FileProblems, UnreadableFile) as error:
        raise ValidationError(str(error)) from error
    upload.delete()
    return written


def needs_right_to_facet(changes: Iterable[Difference]) -> bool:
    """Return whether these changes of a facet are for those who may change facets: all but a first address."""
    return any(one.what != "uri" for one in changes)


def _refuse_change_of_facet(changes: Iterable[Difference], may_change_facet: bool) -> None:
    if needs_right_to_facet(changes) and not may_change_facet:
        raise ValidationError(
            _("The file changes the facet itself, which needs the permission to change facets. Nothing was changed.")
        )


def _skos_report(upload: PendingImport) -> Report:
    plan = plan_import(upload.facet.code, _source(upload))
    conflicts = [[plan.codes.get(one.subject, one.subject), str(one)] for one in plan.conflicts]
    return {
        "version": plan.version,
        "new": [[new.code, new.label, new.uri] for new in plan.new_terms],
        "conflicts": conflicts,
        **_found(plan.findings),
        "is_refused": bool(plan.refusals),
        "changes_anything": plan.changes_anything,
        **_facet_changes(plan.changes_of_facet),
        **_changes(plan.written),
    }


def _terms_report(upload: PendingImport) -> Report:
    file = _term_file(upload)
    if problems := find_problems(file):
        raise FileProblems(problems)
    facet = upload.facet
    written = TermComparison(file, facet).written
    names = {record.code: next(iter(record.labels.values()), "") for record in file.terms}
    of_facet = changes_of_facet(facet, file)
    return {
        "version": facet.version,
        "new": [[record.code, names[record.code], ""] for record in file.terms if record.code in written.added],
        "conflicts": [],
        **_found([Finding(Severity.WARNING, "", one.place, one.message) for one in find_warnings(file, facet)]),
        "is_refused": False,
        "changes_anything": bool(written) or bool(of_facet),
        **_facet_changes(of_facet),
        **_changes(written),
    }


def _found(findings: list[Finding]) -> Report:
    """Return how many findings there are of each severity, and the first of them."""
    shown: dict[Severity, list[list[str]]] = {severity: [] for severity in Severity}
    for one in findings:
        if len(shown[one.severity]) < MOST_FINDINGS:
            shown[one.severity].append([one.severity.value, one.clause, one.place, one.message])
    counts = Counter(one.severity.value for one in findings)
    return {
        "findings": [row for rows in shown.values() for row in rows],
        "counts": {severity.value: counts[severity.value] for severity in Severity},
    }


def _facet_changes(changes: list[Difference]) -> Report:
    return {"facet": [_brief(one) for one in changes], "needs_right_to_facet": needs_right_to_facet(changes)}


def _changes(written: Written) -> Report:
    def differences(codes: Iterable[str]) -> list[list[Any]]:
        return [
            [code, [_brief(one) for one in written.differences.get(code, ())[:MOST_TOLD]]] for code in sorted(codes)
        ]

    return {
        "changed": differences(written.changed - written.restored),
        "retired": sorted(written.retired),
        "restored": sorted(written.restored),
    }


def _brief(difference: Difference) -> str:
    told = str(difference)
    return told if len(told) <= 500 else told[:499] + "…"


def _term_file(upload: PendingImport) -> TermFile:
    path = Path(upload.file_name).with_suffix(TERM_FORMATS[upload.format])
    file = read_term_file(Path(path.name), bytes(upload.content))
    if file.facet != upload.facet.code:
        told = f"It holds the terms of the facet {file.facet}, not of {upload.facet.code}."
        raise FileProblems([Problem(file.path, "", told)])
    return file


def _source(upload: PendingImport) -> Source:
    return Source(
        name=upload.file_name,
        content=bytes(upload.content),
        format=upload.format,
        base=upload.base,
        codes=upload.codes,
        use_notation=upload.use_notation,
        prefer_file=upload.prefer_file,
    )


def _told(problems: list[Problem]) -> list[str]:
    lines = [": ".join(filter(None, (problem.place, problem.message))) for problem in problems[:MOST_TOLD]]
    more = len(problems) - len(lines)
    return [*lines, f"… and {more} more."] if more else lines
