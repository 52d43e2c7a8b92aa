"""The whole taxonomy in memory, one copy a process; a facet is read again only when its version changed."""

import threading
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from django.db import connection

from taxonomy.facetreading import read_facet
from taxonomy.facetview import ExternalName, FacetView, TermView
from taxonomy.models import Facet


class UnknownTerm(LookupError):
    """Raised for a code that no term has or had. ``argument`` is where the API takes one."""

    argument = "below"

    def __init__(self, code: str) -> None:
        super().__init__(f"There is no term '{code}'.")
        self.code = code


class UnknownFacet(LookupError):
    """Raised for a code that no facet has. ``argument`` is where the API takes one."""

    argument = "facet"

    def __init__(self, code: str) -> None:
        super().__init__(f"There is no facet '{code}'.")
        self.code = code


class Notice(NamedTuple):
    """What a caller is told beside the answer."""

    code: str
    message: str


class Resolution(NamedTuple):
    """The term that answers a code, and what to tell about it."""

    term: TermView
    notice: Notice | None


class TaxonomySnapshot:
    """All facets with their terms at one moment. ``facets`` is in the facets' order."""

    def __init__(self, facets: Iterable[FacetView]) -> None:
        self.facets: dict[str, FacetView] = {facet.code: facet for facet in facets}

    def find(self, code: str) -> TermView | None:
        """Return the term with this code, retired or not, or None."""
        facet = self.facets.get(code.partition(":")[0])
        return facet.by_code.get(code) if facet else None

    def get(self, code: str) -> TermView:
        """Return the term with this code, retired or not.

        Raises:
            UnknownTerm: there is none.
        """
        term = self.find(code)
        if term is None:
            raise UnknownTerm(code)
        return term

    def get_facet(self, code: str) -> FacetView:
        """Return the facet with this code.

        Raises:
            UnknownFacet: there is none.
        """
        try:
            return self.facets[code]
        except KeyError:
            raise UnknownFacet(code) from None

    def facet_id(self, code: str) -> int:
        """Return the database id of a facet, also of one that this snapshot leaves out.

        Raises:
            UnknownFacet: there is none.
        """
        return self.get_facet(code).id

    def find_id(self, term_id: int) -> TermView | None:
        """Return the term with this database id, or None."""
        return next((facet.by_id[term_id] for facet in self.facets.values() if term_id in facet.by_id), None)

    def by_id(self, term_id: int) -> TermView:
        """Return the term with this database id.

        Raises:
            UnknownTerm: there is none.
        """
        term = self.find_id(term_id)
        if term is None:
            raise UnknownTerm(str(term_id))
        return term

    def find_external(self, system: str, identifier: str) -> TermView | None:
        """Return the term that another system calls so, or None."""
        name = ExternalName(system, identifier)
        for facet in self.facets.values():
            if name in facet.by_external_id:
                return facet.by_external_id[name]
        return None

    def related(self, term: TermView) -> tuple[TermView, ...]:
        """Return the related terms, of whatever facet, by code."""
        found = (self.find_id(pk) for pk in term.related_ids)
        return tuple(sorted((term for term in found if term), key=lambda term: term.code))

    def resolve(self, code: str) -> Resolution:
        """Return the term that answers ``code``.

        A retired term with exactly one successor is answered by it, followed to the end; with several or
        none, and where the successors lead in a circle, by the retired term itself.

        Raises:
            UnknownTerm: there is no such term.
        """
        return resolution(self.get(code))

    def expand_for_filter(self, code: str) -> tuple[TermView, ...]:
        """Return the terms that ``code`` stands for in a filter: all successors to the end, else itself.

        Raises:
            UnknownTerm: there is no such term.
        """
        return final_successors(self.get(code))


def resolution(term: TermView) -> Resolution:
    """Return the term that answers for ``term``, with a notice if it is retired."""
    if not term.is_retired:
        return Resolution(term, None)
    answer, passed = term, {term}
    while answer.is_retired and len(answer.replaced_by) == 1:
        (answer,) = answer.replaced_by
        if answer in passed:
            answer = term
            break
        passed.add(answer)
    if answer is not term:
        return Resolution(answer, Notice("TERM_REPLACED", f"{term.code} is retired: {answer.code} answers for it."))
    successors = ", ".join(successor.code for successor in term.replaced_by)
    told = f"{term.code} is retired" + (f", replaced by {successors}." if successors else ".")
    return Resolution(term, Notice("TERM_RETIRED", told))


def final_successors(term: TermView) -> tuple[TermView, ...]:
    """Return all successors of a retired term, followed to the end, in tree order; else the term itself."""
    ends, passed, waiting = [], {term}, [term]
    while waiting:
        step = waiting.pop()
        onward = step.replaced_by if step.is_retired else ()
        if not onward:
            ends.append(step)
        waiting += [successor for successor in onward if successor not in passed]
        passed.update(onward)
    return tuple(sorted(ends, key=lambda end: end.order)) or (term,)


VERSIONS_KEPT = 2  # a change that is tried out and rolled back leaves the version before it in use

_loaded: dict[str, tuple[FacetView, ...]] = {}
_loading = threading.Lock()


def taxonomy_snapshot() -> TaxonomySnapshot:
    """Return the taxonomy as it stands now: one statement, and more only for facets that changed."""
    with connection.cursor() as cursor:
        cursor.execute(_statement())
        versions = cursor.fetchall()
    return TaxonomySnapshot(_facet(*row) for row in versions)


@cache
def _statement() -> str:
    """Return the statement for the facets' versions; it never changes, and making it costs more than running it."""
    versions = Facet.objects.order_by("position", "code").values_list("code", "pk", "version")
    text, _params = versions.query.sql_with_params()
    return text


def _facet(code: str, facet_id: int, version: int) -> FacetView:
    found = _find_loaded(code, facet_id, version)
    if found is None:
        with _loading:
            found = _find_loaded(code, facet_id, version)
            if found is None:
                found = read_facet(facet_id)
                _loaded[code] = (found, *_loaded.get(code, ()))[:VERSIONS_KEPT]
    return found


def _find_loaded(code: str, facet_id: int, version: int) -> FacetView | None:
    loaded = _loaded.get(code, ())
    return next((facet for facet in loaded if (facet.id, facet.version) == (facet_id, version)), None)
