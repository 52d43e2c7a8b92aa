"""Reading one facet from the database into memory: a handful of statements whatever its size."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from sys import intern
from typing import Any

from django.db.models import QuerySet

from taxonomy.closure import ancestor_distances
from taxonomy.codes import LabelKind, TermStatus
from taxonomy.facetview import Correspondence, ExternalName, FacetView, Note, TermView, Window
from taxonomy.models import (
    ExternalId,
    Facet,
    FurtherParent,
    Term,
    TermLabel,
    TermMapping,
    TermNote,
    TermWindow,
)


def read_facet(facet_id: int) -> FacetView:
    """Return the facet as it stands now.

    Raises:
        Facet.DoesNotExist: it was deleted.
    """
    while True:
        version = Facet.objects.values_list("version", flat=True).get(pk=facet_id)
        rows = _Rows(facet_id)
        facet = Facet.objects.get(pk=facet_id)
        if facet.version == version:  # else it changed between the statements
            return _assembled(facet, rows)


class _Rows:
    """The rows of one facet, each kind by the id of its term."""

    def __init__(self, facet_id: int) -> None:
        columns = ("pk", "code", "uri", "position", "status", "attributes", "extra", "parent_id")
        self.terms = list(Term.objects.filter(facet=facet_id).order_by("position", "code").values_list(*columns))
        mine = {"term__facet": facet_id}
        labels = TermLabel.objects.filter(**mine).order_by("pk")
        self.labels = list(labels.values_list("term_id", "kind", "language", "text"))
        self.notes = _grouped(TermNote.objects.filter(**mine), ("kind", "language", "text"), Note)
        windows = TermWindow.objects.filter(**mine)
        self.windows = _grouped(windows, ("start", "end", "label", "event_start", "event_end"), Window)
        names = ExternalId.objects.filter(**mine)
        self.external_ids = _grouped(names, ("system", "identifier"), ExternalName)
        self.mappings = _grouped(TermMapping.objects.filter(**mine), ("kind", "uri"), Correspondence)
        further = FurtherParent.objects.filter(**mine).order_by("pk")
        self.further_parents = _lists(further.values_list("term_id", "parent_id"))
        self.replaced_by = _linked(Term.replaced_by.through.objects.filter(from_term__facet=facet_id))
        self.related = _linked(Term.related.through.objects.filter(from_term__facet=facet_id))


def _assembled(facet: Facet, rows: _Rows) -> FacetView:
    terms = {
        pk: TermView(
            id=pk,
            code=code,
            facet=intern(facet.code),
            uri=uri,
            position=position,
            is_retired=status == TermStatus.RETIRED,
            attributes=attributes,
            extra=extra,
            notes=tuple(rows.notes.get(pk, ())),
            windows=tuple(rows.windows.get(pk, ())),
            external_ids=tuple(rows.external_ids.get(pk, ())),
            mappings=tuple(rows.mappings.get(pk, ())),
            related_ids=tuple(rows.related.get(pk, ())),
        )
        for pk, code, uri, position, status, attributes, extra, _ in rows.terms
    }
    _name(terms, rows)
    _join(terms, rows)
    return FacetView(
        id=facet.pk,
        code=facet.code,
        version=facet.version,
        names=facet.names,
        uri=facet.uri,
        position=facet.position,
        is_builtin=facet.is_builtin,
        attributes=facet.attributes,
        terms=_in_tree_order(terms.values()),
    )


def _name(terms: dict[int, TermView], rows: _Rows) -> None:
    for pk, kind, language, text in rows.labels:
        term, language = terms[pk], intern(language)
        if kind == LabelKind.PREFERRED:
            term.labels[language] = text
        elif kind == LabelKind.ALTERNATIVE:
            term.alternatives[language] = (*term.alternatives.get(language, ()), text)
        else:
            term.hidden = (*term.hidden, text)


def _join(terms: dict[int, TermView], rows: _Rows) -> None:
    """Let the terms know each other."""
    broader = {pk: [parent_id] if parent_id else [] for pk, *_, parent_id in rows.terms}
    for pk, parents in rows.further_parents.items():
        broader[pk] += parents
    children = defaultdict(list)
    for pk, parents in broader.items():  # by position, then code, as the terms were read
        for parent in parents:
            children[parent].append(terms[pk])
    above = ancestor_distances(terms, broader)
    heights = {pk: len(found) for pk, found in above.items()}
    for pk, term in terms.items():
        term.broader = tuple(terms[parent] for parent in broader[pk])
        term.parent = term.broader[0] if term.broader else None
        term.children = tuple(children[pk])
        # whatever stands above an ancestor has fewer ancestors than it
        line = sorted((found for found in above[pk] if found != pk), key=lambda found: (heights[found], found))
        term.ancestors = tuple(terms[found] for found in line)
        term.replaced_by = tuple(sorted((terms[pk] for pk in rows.replaced_by.get(pk, ())), key=_place))


def _in_tree_order(terms: Iterable[TermView]) -> tuple[TermView, ...]:
    """Return parents before children, siblings by position and code, by primary parents; number them so."""
    ordered = []
    waiting = [term for term in terms if term.parent is None][::-1]
    while waiting:
        term = waiting.pop()
        term.order = len(ordered)
        term.depth = term.parent.depth + 1 if term.parent else 1
        ordered.append(term)
        waiting.extend(child for child in reversed(term.children) if child.parent is term)
    return tuple(ordered)


def _place(term: TermView) -> tuple[int, str]:
    return term.position, term.code


def _linked(links: QuerySet) -> dict[int, list[int]]:
    return _lists(links.order_by("pk").values_list("from_term_id", "to_term_id"))


def _grouped(queryset: QuerySet, columns: tuple[str, ...], made: Callable[..., Any]) -> dict[int, list[Any]]:
    """Return what the model's own order says of each term."""
    return _lists((pk, made(*values)) for pk, *values in queryset.values_list("term_id", *columns))


def _lists(pairs: Iterable[tuple[Hashable, Any]]) -> dict[Any, list[Any]]:
    grouped = defaultdict(list)
    for key, value in pairs:
        grouped[key].append(value)
    return grouped
