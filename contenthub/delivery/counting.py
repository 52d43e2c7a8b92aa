"""How many items a question finds, in all and per term."""

from collections.abc import Collection
from typing import NamedTuple

from django.db.models import Count

from taxonomy.snapshot import FacetView, TermView

from .context import Context
from .filters import ItemFilter, ReadyFilter, matching_rows, restricts, visible_rows
from .models import TermRow
from .resolvedview import with_shifts


class TermCount(NamedTuple):
    """How many distinct items stand under a term."""

    term: TermView
    count: int


def count_items(context: Context, wanted: ReadyFilter) -> int:
    """Return how many items the filter finds in the context."""
    wanted = with_shifts(wanted, context)
    return matching_rows(visible_rows(context), wanted, context).count()


def count_terms(context: Context, wanted: ReadyFilter, facets: Collection[FacetView]) -> dict[str, list[TermCount]]:
    """Return by facet how many of the items found stand under each term, most first, then in tree order.

    One statement, whatever the number of facets. A row is one item: an item answers once in a locale.
    """
    wanted = with_shifts(wanted, context)
    rows = TermRow.objects.filter(locale_id=context.locale.id, facet_id__in=[facet.id for facet in facets])
    if restricts(context) or wanted.given != ItemFilter():
        rows = rows.filter(row_id__in=matching_rows(visible_rows(context), wanted, context).values("id"))
    else:
        rows = rows.filter(starts_at__lte=context.instant, ends_at__gt=context.instant)
    # Grouped by facet as well, though the term decides it: that is the order of the index.
    numbers = rows.values_list("facet_id", "term_id").annotate(Count("id"))
    found: dict[int, list[TermCount]] = {facet.id: [] for facet in facets}
    terms = {facet.id: facet.by_id for facet in facets}
    for facet_id, term_id, count in numbers:
        if term_id in terms[facet_id]:
            found[facet_id].append(TermCount(terms[facet_id][term_id], count))
    return {facet.code: sorted(found[facet.id], key=lambda each: (-each.count, each.term.order)) for facet in facets}
