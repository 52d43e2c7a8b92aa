"""The reads of the taxonomy in its own words, and the one write that keeps the closure in step."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Self

from django.db import models
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from taxonomy.closure import ancestor_distances
from taxonomy.codes import TermStatus

ROWS_AT_ONCE = 500


class FacetQuerySet(models.QuerySet):
    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete facets that the hub does not depend on and that have no terms.

        Raises:
            ProtectedError: one of them is built in, or has terms.
        """
        builtin = list(self.filter(is_builtin=True))
        if builtin:
            names = ", ".join(facet.code for facet in builtin)
            raise ProtectedError(
                _("The hub needs the facet %(names)s: it cannot be deleted.") % {"names": names}, set(builtin)
            )
        return super().delete()

    delete.alters_data = True
    delete.queryset_only = True


class TermQuerySet(models.QuerySet):
    def current(self) -> Self:
        """Return the terms that are not retired."""
        return self.filter(status=TermStatus.CURRENT)

    def in_facet(self, code: str) -> Self:
        return self.filter(facet__code=code)

    def in_branch(self, *codes: str) -> Self:
        """Return the terms with these codes and everything beneath them, by every parent."""
        return self.filter(above__ancestor__code__in=codes).distinct()

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refuse: codes answer for ever.

        Raises:
            ProtectedError: there was something to delete.
        """
        refused = set(self)
        if refused:
            raise ProtectedError(_("Terms are never deleted, only retired."), refused)
        return 0, {}

    delete.alters_data = True
    delete.queryset_only = True


class TermPathQuerySet(models.QuerySet):
    def refresh(self, term_ids: Collection[int]) -> set[int]:
        """Bring the paths of these terms and of everything below them in step with their parents.

        Returns the ids of the terms for which anything changed.
        """
        below = self.filter(ancestor__in=term_ids).values_list("descendant_id", flat=True)
        return self._store(set(term_ids) | set(below))

    def rebuild(self, facet_ids: Iterable[int]) -> set[int]:
        """Work out every path of these facets anew. Returns the ids of the terms for which anything changed."""
        terms = self._terms().filter(facet__in=list(facet_ids))
        return self._store(set(terms.values_list("pk", flat=True)))

    def _store(self, term_ids: set[int]) -> set[int]:
        broader = self._broader(term_ids)
        outside = {parent for parents in broader.values() for parent in parents} - term_ids
        wanted = ancestor_distances(term_ids, broader, self._stored(outside))
        stored = self._stored(term_ids)
        changed = {term for term in term_ids if wanted[term] != stored.get(term, {})}
        for batch in _batches(changed & stored.keys()):
            self.filter(descendant__in=batch).delete()
        self.bulk_create(
            [
                self.model(ancestor_id=ancestor, descendant_id=term, distance=distance)
                for term in sorted(changed)
                for ancestor, distance in wanted[term].items()
            ],
            batch_size=ROWS_AT_ONCE,
        )
        return changed

    def _broader(self, term_ids: Collection[int]) -> dict[int, list[int]]:
        """Return the parents of each term, the primary one first."""
        further = self._terms().model._meta.get_field("further_parents").related_model
        broader: dict[int, list[int]] = {}
        for batch in _batches(term_ids):
            for pk, parent_id in self._terms().filter(pk__in=batch).values_list("pk", "parent_id"):
                broader[pk] = [parent_id] if parent_id else []
            rows = further.objects.using(self.db).filter(term__in=batch).order_by("pk")
            for pk, parent_id in rows.values_list("term_id", "parent_id"):
                broader[pk].append(parent_id)
        return broader

    def _stored(self, term_ids: Collection[int]) -> dict[int, dict[int, int]]:
        stored: dict[int, dict[int, int]] = defaultdict(dict)
        for batch in _batches(term_ids):
            rows = self.filter(descendant__in=batch).values_list("descendant_id", "ancestor_id", "distance")
            for term, ancestor, distance in rows:
                stored[term][ancestor] = distance
        return stored

    def _terms(self) -> models.QuerySet:
        return self.model._meta.get_field("descendant").related_model.objects.using(self.db)


def _batches(ids: Iterable[int]) -> Iterable[list[int]]:
    """Return the ids in lists short enough for one statement of any database."""
    ordered = sorted(ids)
    return (ordered[start : start + ROWS_AT_ONCE] for start in range(0, len(ordered), ROWS_AT_ONCE))
