"""Writing edits to the terms of one facet, in bulk: rows, closure, version. Used to do and to undo alike."""

from collections.abc import Iterable, Sequence
from typing import Any

from taxonomy.changes.graph import Edits, Graph
from taxonomy.models import Facet, FurtherParent, Term, TermLabel, TermPath
from taxonomy.querysets import ROWS_AT_ONCE

_COLUMNS = ("parent", "position", "status")


def write(graph: Graph, edits: Edits) -> set[int]:
    """Write the edits and bring ``graph`` in step; return the ids of all terms whose place in the tree changed.

    The facet must be locked. Its version rises; nobody is told.

    Raises:
        ValidationError: what would stand afterwards must not (nothing was written).
    """
    reshaped = {pk for pk, changed in edits.items() if changed.keys() & {"parent", "further"}}
    reparented = [pk for pk, changed in edits.items() if changed.get("parent", graph.states[pk]["parent"])
                  != graph.states[pk]["parent"]]  # fmt: skip
    graph.apply(edits)
    graph.check(edits)
    _write_columns(graph, edits)
    for pk, changed in edits.items():
        if "further" in changed:
            _write_further(pk, changed["further"])
        if "replaced_by" in changed:
            _write_links(Term.replaced_by.through, pk, changed["replaced_by"])
        if "related" in changed:
            _write_related(graph, pk, changed["related"])
        if "labels" in changed:
            _write_labels(pk, changed["labels"])
    moved = TermPath.objects.refresh(reshaped) if reshaped else set()
    graph.facet.raise_version()
    return moved | graph.branch(reparented)


def _write_columns(graph: Graph, edits: Edits) -> None:
    rows = []
    for pk, changed in edits.items():
        if changed.keys() & set(_COLUMNS):
            state = graph.states[pk]
            rows.append(Term(pk=pk, parent_id=state["parent"], position=state["position"], status=state["status"]))
    Term.objects.bulk_update(rows, _COLUMNS, batch_size=ROWS_AT_ONCE)


def _write_further(pk: int, wanted: Sequence[int]) -> None:
    stored = list(FurtherParent.objects.filter(term=pk).order_by("pk").values_list("pk", "parent_id"))
    kept = _same([parent for _, parent in stored], wanted)
    FurtherParent.objects.filter(pk__in=[row for row, _ in stored[kept:]]).delete()
    FurtherParent.objects.bulk_create([FurtherParent(term_id=pk, parent_id=parent) for parent in wanted[kept:]])


def _write_labels(pk: int, wanted: Sequence[Sequence[str]]) -> None:
    """Keep the rows up to the first that differs: their order is that of their ids."""
    stored = TermLabel.objects.filter(term=pk).order_by("pk").values_list("pk", "language", "kind", "text")
    stored = list(stored)
    kept = _same([list(row[1:]) for row in stored], [list(row) for row in wanted])
    TermLabel.objects.filter(pk__in=[row[0] for row in stored[kept:]]).delete()
    TermLabel.objects.bulk_create(
        [TermLabel(term_id=pk, language=language, kind=kind, text=text) for language, kind, text in wanted[kept:]]
    )


def _write_links(through: Any, pk: int, wanted: Iterable[int]) -> None:
    wanted, stored = set(wanted), set(through.objects.filter(from_term=pk).values_list("to_term_id", flat=True))
    through.objects.filter(from_term=pk, to_term__in=stored - wanted).delete()
    through.objects.bulk_create([through(from_term_id=pk, to_term_id=one) for one in sorted(wanted - stored)])


def _write_related(graph: Graph, pk: int, wanted: Iterable[int]) -> None:
    """Write both directions; terms of other facets are told by the version of theirs."""
    through = Term.related.through
    wanted, stored = set(wanted), set(through.objects.filter(from_term=pk).values_list("to_term_id", flat=True))
    through.objects.filter(from_term=pk, to_term__in=stored - wanted).delete()
    through.objects.filter(to_term=pk, from_term__in=stored - wanted).delete()
    new = [(pk, one) for one in sorted(wanted - stored)]
    pairs = [*new, *((to, start) for start, to in new)]
    through.objects.bulk_create(
        [through(from_term_id=start, to_term_id=to) for start, to in pairs], ignore_conflicts=True
    )
    foreign = (wanted ^ stored) - graph.states.keys()
    for facet in Facet.objects.filter(terms__in=foreign).distinct() if foreign else ():
        facet.raise_version()
    for other in (wanted ^ stored) & graph.states.keys():
        graph.states[other].pop("related", None)


def _same(stored: Sequence[Any], wanted: Sequence[Any]) -> int:
    """Return how many entries at the beginning are alike."""
    count = 0
    while count < min(len(stored), len(wanted)) and stored[count] == wanted[count]:
        count += 1
    return count
