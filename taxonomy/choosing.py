"""What the chooser shows of a term, and the view that it asks while the editor types."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.translation import get_language

from taxonomy.codes import NoteKind
from taxonomy.facetview import TermView
from taxonomy.search import search_terms
from taxonomy.snapshot import UnknownFacet, taxonomy_snapshot

MOST_FOUND = 20
MOST_CHOSEN = 200


def describe(term: TermView, chain: Sequence[str]) -> dict[str, Any]:
    """Return what a chip or an option shows, in the languages of the chain."""
    label, language = term.label(chain)
    notes = term.notes_of(NoteKind.SCOPE_NOTE, chain) or term.notes_of(NoteKind.DEFINITION, chain)
    return {
        "id": term.id,
        "code": term.code,
        "label": label,
        "language": language,
        "path": " › ".join(above.label(chain)[0] for above in term.path[:-1]),
        "hint": notes[0] if notes else "",
        "retired": term.is_retired,
    }


def describe_for_editor(term: TermView) -> dict[str, Any]:
    """Return what a chip or an option shows, in the language of the admin."""
    return describe(term, editor_languages())


def editor_languages() -> list[str]:
    """Return the chain for labels on the screens of the admin."""
    return [get_language() or "en"]


def choose_terms(request: HttpRequest) -> JsonResponse:
    """Answer the terms of ``facet`` that are called ``q``, or those with the given ``ids``, as JSON.

    ``retired``: retired terms as well.
    """
    chain = editor_languages()
    if "ids" in request.GET:
        snapshot = taxonomy_snapshot()
        ids = [int(part) for part in request.GET["ids"].split(",")[:MOST_CHOSEN] if part.strip().isdecimal()]
        found = [term for term in map(snapshot.find_id, ids) if term]
    else:
        try:
            found = search_terms(
                request.GET.get("facet") or None,
                request.GET.get("q", "")[:200],
                language=chain[0],
                limit=MOST_FOUND,
                include_retired="retired" in request.GET,
            )
        except UnknownFacet as error:
            return JsonResponse({"error": str(error)}, status=404)
    return JsonResponse({"terms": [describe(term, chain) for term in found]})
