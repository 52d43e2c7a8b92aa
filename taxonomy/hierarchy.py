"""Which parents a term may have."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from taxonomy.closure import CyclicHierarchy, ancestor_distances

if TYPE_CHECKING:
    from taxonomy.models import Term


def check_parents(term: "Term", parent: "Term | None", further: Sequence["Term"]) -> None:
    """Refuse parents that the term cannot stand below.

    Raises:
        ValidationError: a parent is of another facet or retired, given twice, below the term itself (the
            message names the cycle), or further parents were given without a primary one.
    """
    if further and parent is None:
        raise ValidationError({"parent": _("A term with further parents has a primary parent too.")})
    parents = [parent, *further] if parent else []
    for above in parents:
        if above.facet_id != term.facet_id:
            raise ValidationError({"parent": _("%(code)s is of another facet.") % {"code": above.code}})
        if above.is_retired and not term.is_retired:
            raise ValidationError(
                {"parent": _("%(code)s is retired: nothing current can stand below it.") % {"code": above.code}}
            )
    if len({above.pk for above in parents}) < len(parents):
        raise ValidationError({"parent": _("A parent was given twice.")})
    if term.pk:
        _refuse_cycle(term, parents)


def _refuse_cycle(term: "Term", parents: Sequence["Term"]) -> None:
    below = set(term.below.values_list("descendant_id", flat=True))
    if not below.intersection(above.pk for above in parents):
        return
    branch = type(term).objects.filter(pk__in=below).prefetch_related("further_parents__parent", "parent")
    broader = {
        row.code: [above.code for above in (row.parent, *(link.parent for link in row.further_parents.all())) if above]
        for row in branch
    }
    broader[term.code] = [above.code for above in parents]
    try:
        ancestor_distances([term.code], broader)
    except CyclicHierarchy as cycle:
        walk = " below ".join(cycle.members)
        raise ValidationError({"parent": _("A term cannot stand below itself: %(walk)s.") % {"walk": walk}}) from cycle
