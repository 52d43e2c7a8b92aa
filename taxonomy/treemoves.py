"""Moving terms in the tree: shown first, then done, then undone if it was a mistake."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import View

from taxonomy.changes import Impact, Move, apply, preview, undo
from taxonomy.changes.telling import counted
from taxonomy.choosing import editor_languages
from taxonomy.facetview import FacetView, TermView
from taxonomy.models import TermsJournal
from taxonomy.treeviews import FacetTreeMixin, number_in


class TreeMoveView(FacetTreeMixin, View):
    """Show what a move would do; with the ``basis`` of what was shown, do it.

    Posted are ids: ``term``, where it is taken ``from`` (empty: the roots), the term that it goes ``below`` (empty:
    it becomes a root), and the sibling that it comes ``before`` or ``after``. What is refused is an answer, too: its
    ``error`` says why, and nothing was changed.
    """

    permission_required = "change"

    def post(self, request: HttpRequest, code: str) -> JsonResponse:
        try:
            move = move_asked(self.facet, request.POST)
            if not request.POST.get("basis"):
                return JsonResponse(self.told(move, preview(move)))
            entry = apply(move, user=request.user, basis=request.POST["basis"])
        except ValidationError as error:
            is_stale = getattr(error, "code", None) == "stale"
            return JsonResponse({"error": " ".join(error.messages), "stale": is_stale})
        message = _("'%(term)s' is moved.") % {"term": self.label(self.facet.by_code[move.term])}
        return JsonResponse({"done": message, "entry": entry.pk})

    def told(self, move: Move, impact: Impact) -> dict[str, Any]:
        """Return what the editor is asked to confirm."""
        term = self.facet.by_code[move.term]
        below = len(term.descendants())
        names = {"term": self.label(term), "count": below}
        title = _("Move '%(term)s'") % names
        if below:
            title = ngettext(
                "Move '%(term)s' and the term below it", "Move '%(term)s' and the %(count)s terms below it", below
            ) % {"term": names["term"], "count": below}
        return {
            "title": title,
            "place": self.place(term, move),
            "touched": counted(impact.counts),
            "basis": impact.basis,
            "orderOnly": set(impact.counts) <= {"terms"} and _stays(term, move),
        }

    def place(self, term: TermView, move: Move) -> str:
        if _stays(term, move):
            return _("It stays below the same terms and changes its order.")
        kept = [one.code for one in term.broader[1:]] if move.further is None else move.further
        above = list(dict.fromkeys(code for code in (move.parent, *kept) if code)) if move.parent else []
        if not above:
            return _("It becomes a root of the facet.")
        paths = [" › ".join(self.label(one) for one in self.facet.by_code[code].path) for code in above]
        return _("It will stand below: %(terms)s") % {"terms": "; ".join(paths)}

    def label(self, term: TermView) -> str:
        return term.label(editor_languages())[0]


class TreeUndoView(FacetTreeMixin, View):
    """Undo a change of this facet, while nothing later builds on it."""

    permission_required = "change"

    def post(self, request: HttpRequest, code: str) -> JsonResponse:
        entry = TermsJournal.objects.filter(pk=number_in(request.POST, "entry"), facet=self.facet.id).first()
        if entry is None:
            return JsonResponse({"error": _("There is no such change.")})
        try:
            undo(entry, user=request.user)
        except ValidationError as error:
            return JsonResponse({"error": " ".join(error.messages)})
        return JsonResponse({"done": _("Undone.")})


def move_asked(facet: FacetView, asked: Mapping[str, str]) -> Move:
    """Return the move that was asked for by ids.

    A term that is taken from a further parent keeps its first place, and gets another further parent.

    Raises:
        ValidationError: a term is not in the facet any more, or not where it is to be taken from.
    """
    term, below = _term(facet, asked, "term"), _term(facet, asked, "below")
    source = _term(facet, asked, "from")
    if term is None:
        raise ValidationError(_("Say which term is to be moved."))
    beside = {name: found.code for name in ("before", "after") if (found := _term(facet, asked, name))}
    if source is term.parent:
        return Move(term.code, parent=below and below.code, further=_further(term, below), **beside)
    if source not in term.broader:
        raise ValidationError(_("'%(code)s' does not stand there any more.") % {"code": term.code})
    if below is None:
        raise ValidationError(_("This is a further place of the term: only its first place can become a root."))
    further = [below if above is source else above for above in term.broader[1:]]
    if below is source:
        raise ValidationError(_("The order is that of the term's first place: order it there."))
    codes = dict.fromkeys(above.code for above in further if above is not term.parent)
    return Move(term.code, parent=term.parent.code, further=tuple(codes))


def _further(term: TermView, below: TermView | None) -> tuple[str, ...] | None:
    """Return what is left of the further parents where one of them becomes the first, or the term a root."""
    if below is None or below in term.broader[1:]:
        return tuple(above.code for above in term.broader[1:] if above is not below) if below else ()
    return None


def _stays(term: TermView, move: Move) -> bool:
    further = tuple(above.code for above in term.broader[1:]) if move.further is None else move.further
    now = [above.code for above in term.broader]
    return [code for code in (move.parent, *further) if code] == now


def _term(facet: FacetView, asked: Mapping[str, str], name: str) -> TermView | None:
    if not asked.get(name):
        return None
    term = facet.by_id.get(number_in(asked, name))
    if term is None:
        raise ValidationError(_("A term is not in the facet any more: look at the tree as it stands now."))
    return term
