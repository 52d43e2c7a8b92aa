"""The report of an import, in lines for people."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from taxonomy.skos.plans import Plan

SHOWN = 10


def report_lines(plan: Plan, *, everything: bool = False) -> Iterator[str]:
    """Yield what importing would do: codes proposed, changes, retirements, conflicts, findings."""
    most = None if everything else SHOWN
    written = plan.written
    yield f"{plan.source.name} into the facet {plan.facet.code}"
    names = [f"{new.code}  {new.label}  <{new.uri}>" for new in plan.new_terms]
    yield from _listed("new terms, with the codes that they get for ever", names, most)
    if not plan.refusals:
        changed = [f"{code}  {'; '.join(map(str, written.differences[code]))}" for code in sorted(written.changed)]
        yield from _listed("changes of the facet itself", plan.changes_of_facet, most)
        yield from _listed("changed terms", changed, most)
        yield from _listed("retired terms", sorted(written.retired), most)
        yield from _listed("terms put back in use", sorted(written.restored), most)
        codes = plan.codes
        told = [f"{codes.get(conflict.subject, conflict.subject)}  {conflict}" for conflict in plan.conflicts]
        yield from _listed("conflicts", told, most)
    for severity in ("refused", "warning", "note"):
        found = [str(finding) for finding in plan.findings if finding.severity == severity]
        yield from _listed(
            {"refused": "reasons to refuse it", "warning": "warnings", "note": "notes"}[severity], found, most
        )


def finding_counts(plan: Plan) -> Counter:
    """Return how many findings there are of each clause."""
    return Counter(finding.clause or finding.severity.value for finding in plan.findings)


def _listed(title: str, lines: Sequence[Any], most: int | None) -> Iterator[str]:
    if not lines:
        return
    yield f"{len(lines)} {title}:"
    for line in lines[:most]:
        yield f"  {line}"
    if most is not None and len(lines) > most:
        yield f"  … and {len(lines) - most} more (--all shows them)"
