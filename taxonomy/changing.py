"""Changing the taxonomy safely: each function validates, writes in one transaction and tells dependants.

``Term.save`` keeps the closure and the facet's version in step; what is here adds the rules of each change.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from taxonomy.codes import TermStatus
from taxonomy.dependants import TermChange
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
        raise ValidationError({"code": f"There is no facet for the code {code}."})
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


@transaction.atomic
def move_term(
    term: Term,
    *,
    parent: Term | None,
    further_parents: Sequence[Term] | None = None,
    position: int | None = None,
) -> None:
    """Put a term, and with it its branch, below another parent. None keeps further parents or finds a position.

    Raises:
        ValidationError: the parents are refused (another facet, retired, or below the term itself).
    """
    term.facet.lock()
    if position is not None:
        term.position = position
    elif parent != term.parent:
        term.position = next_position(term.facet, parent)
    term.parent = parent
    if further_parents is not None:
        set_further_parents(term, further_parents)
    term.full_clean()
    term.save()


@transaction.atomic
def retire_term(term: Term, *, successors: Iterable[Term] = (), children_to: Term | None = None) -> None:
    """Take a term out of use. Its code goes on answering, through its successors if it has any.

    One successor is a merge, several are a split. What stands below the term moves below ``children_to``.
    A term retired before gets these successors instead.

    Raises:
        ValidationError: a successor is refused, or current terms stand below and have nowhere to go.
    """
    term.facet.lock()
    successors = list(successors)
    _check_successors(term, successors)
    was_retired = term.is_retired
    _move_children(term, children_to)
    term.replaced_by.set(successors)
    term.status = TermStatus.RETIRED
    term.full_clean()
    term.save()
    if was_retired:
        term.facet.announce({term.pk}, TermChange.MERGED)


@transaction.atomic
def restore_term(term: Term) -> None:
    """Put a retired term back in use; its successors no longer answer for it.

    Raises:
        ValidationError: a parent is retired: restore or change that first.
    """
    term.facet.lock()
    term.status = TermStatus.CURRENT
    try:
        term.full_clean()
    except ValidationError:
        term.status = TermStatus.RETIRED
        raise
    term.replaced_by.clear()
    term.save()


def next_position(facet: Facet, parent: Term | None) -> int:
    """Return the position after the last term below ``parent``."""
    siblings = facet.terms.filter(parent=parent)
    return (siblings.aggregate(last=Max("position"))["last"] or 0) + 1


def set_further_parents(term: Term, parents: Sequence[Term]) -> None:
    """Keep the rows that stay, so that what did not change is not written."""
    kept = {row.parent_id: row for row in term.further_parents.all()}
    term.further_parents = [kept.get(parent.pk) or FurtherParent(parent=parent) for parent in parents]


def _check_successors(term: Term, successors: Sequence[Term]) -> None:
    for successor in successors:
        if successor == term:
            raise ValidationError(f"{term.code} cannot replace itself.")
        if successor.facet_id != term.facet_id:
            raise ValidationError(f"{successor.code} is of another facet and cannot replace {term.code}.")
        if successor.is_retired:
            raise ValidationError(f"{successor.code} is retired itself: choose a current term.")


def _move_children(term: Term, children_to: Term | None) -> None:
    """Put the current terms below ``term`` below another one instead."""
    children = Term.objects.current().filter(parent=term)
    if children_to is None and children.exists():
        raise ValidationError(
            f"{children.count()} current terms stand below {term.code}: say where they go, or retire them first."
        )
    if children_to == term:
        raise ValidationError(f"{term.code} is retired now: say where else the terms below it go.")
    for child in children.order_by("position", "code"):
        move_term(child, parent=children_to)
    for link in FurtherParent.objects.filter(parent=term).select_related("term"):
        child = link.term
        if not child.is_retired:
            others = [row.parent for row in child.further_parents.all() if row.parent_id != term.pk]
            move_term(child, parent=child.parent, further_parents=others)
