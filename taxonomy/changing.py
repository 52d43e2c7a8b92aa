"""Adding a term, and the commonest of ``taxonomy.changes`` for those who hold rows instead of codes."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from taxonomy.changes import Change, Move, Restore, Retire, Split, apply
from taxonomy.models import Facet, FurtherParent, Term, TermLabel


@transaction.atomic
def create_term(
    code: str,
    *,
    labels: Mapping[str, str],
    parent: Term | None = None,
    further_parents: Sequence[Term] = (),
    position: int | None = None,
    **fields: Any,
) -> Term:
    """Add a term to the facet that its code names, after its siblings unless told otherwise.

    Raises:
        ValidationError: the code is taken, malformed or of no facet, or the parents are refused.
    """
    facet = Facet.objects.filter(code=code.partition(":")[0]).first()
    if facet is None:
        raise ValidationError({"code": _("There is no facet for the code %(code)s.") % {"code": code}})
    facet.lock()
    place = next_position(facet, parent) if position is None else position
    term = Term(facet=facet, code=code, parent=parent, position=place, **fields)
    term.labels = [TermLabel(language=language, text=text) for language, text in labels.items()]
    for label in term.labels.all():
        label.full_clean(exclude=["term"], validate_constraints=False)
    set_further_parents(term, further_parents)
    term.full_clean()
    term.save()
    return term


def move_term(
    term: Term,
    *,
    parent: Term | None,
    further_parents: Sequence[Term] | None = None,
    before: Term | None = None,
    after: Term | None = None,
    user: Any = None,
) -> None:
    """Put a term, and with it its branch, below another parent, or beside a sibling. None keeps further parents.

    Raises:
        ValidationError: the parents are refused, or the term stands there already.
    """
    further = None if further_parents is None else tuple(above.code for above in further_parents)
    change = Move(term.code, parent=_code(parent), further=further, before=_code(before), after=_code(after))
    apply(change, user=user)
    term.refresh_from_db()


def retire_term(
    term: Term, *, successors: Iterable[Term] = (), children_to: Term | None = None, user: Any = None
) -> None:
    """Take a term out of use. Its code goes on answering, through its successors if it has any.

    One successor is a merge, several are a split of which every item gets all. What stands below the term moves
    below ``children_to``. A term retired before gets this successor instead.

    Raises:
        ValidationError: a successor is refused, or current terms stand below and have nowhere to go.
    """
    codes = tuple(successor.code for successor in successors)
    if len(codes) > 1:
        change: Change = Split(term.code, into=codes, children_to=_code(children_to))
    else:
        change = Retire(term.code, successor=codes[0] if codes else None, children_to=_code(children_to))
    apply(change, user=user)
    term.refresh_from_db()


def restore_term(term: Term, *, user: Any = None) -> None:
    """Put a retired term back in use; its successors no longer answer for it. Items stay with those.

    Raises:
        ValidationError: it is in use, or a parent is retired: restore or change that first.
    """
    apply(Restore(term.code), user=user)
    term.refresh_from_db()


def next_position(facet: Facet, parent: Term | None) -> int:
    """Return the position after the last term below ``parent``."""
    siblings = facet.terms.filter(parent=parent)
    return (siblings.aggregate(last=Max("position"))["last"] or 0) + 1


def set_further_parents(term: Term, parents: Sequence[Term]) -> None:
    """Keep the rows that stay, so that what did not change is not written."""
    kept = {row.parent_id: row for row in term.further_parents.all()}
    term.further_parents = [kept.get(parent.pk) or FurtherParent(parent=parent) for parent in parents]


def _code(term: Term | None) -> str | None:
    return term.code if term else None
