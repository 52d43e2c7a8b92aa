"""A whole facet as plain data, to compare before and after."""

from taxonomy.models import Term, TermPath


def graph_of(facet: str) -> dict:
    """Return everything that the graph of a facet says, by code; rows in their order."""
    terms = Term.objects.filter(facet__code=facet).select_related("parent").order_by("code")
    paths = {}
    for ancestor, descendant, distance in TermPath.objects.filter(descendant__facet__code=facet).values_list(
        "ancestor__code", "descendant__code", "distance"
    ):
        paths.setdefault(descendant, {})[ancestor] = distance
    return {
        term.code: {
            "parent": term.parent and term.parent.code,
            "further": [row.parent.code for row in term.further_parents.order_by("pk")],
            "position": term.position,
            "status": term.status,
            "replaced_by": sorted(term.replaced_by.values_list("code", flat=True)),
            "related": sorted(term.related.values_list("code", flat=True)),
            "labels": list(term.labels.order_by("pk").values_list("language", "kind", "text")),
            "above": paths[term.code],
        }
        for term in terms
    }
