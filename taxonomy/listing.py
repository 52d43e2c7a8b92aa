"""The listing of terms in tree order: read from memory, a page at a time."""

from typing import Any

import django_filters
from django import forms
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn
from wagtail.admin.views import generic

from taxonomy.choosing import describe_for_editor
from taxonomy.codes import TermStatus
from taxonomy.dependants import get_dependants
from taxonomy.facetview import TermView
from taxonomy.models import Facet, Term
from taxonomy.search import matching_terms
from taxonomy.snapshot import TaxonomySnapshot, taxonomy_snapshot


class TermFilters(WagtailFilterSet):
    """What the listing can be narrowed to."""

    facet = django_filters.ChoiceFilter(
        label=gettext_lazy("Facet"), empty_label=gettext_lazy("All"), widget=forms.RadioSelect
    )
    status = django_filters.ChoiceFilter(
        label=gettext_lazy("Status"),
        choices=TermStatus.choices,
        empty_label=gettext_lazy("All"),
        widget=forms.RadioSelect,
    )

    class Meta:
        model = Term
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["facet"].extra["choices"] = [(facet.code, str(facet)) for facet in Facet.objects.all()]


class TermColumn(TitleColumn):
    """The name, set in by its depth in the tree; in a search with the path instead."""

    cell_template_name = "taxonomy/admin/term_cell.html"

    def __init__(self, *args: Any, is_flat: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_flat = is_flat

    def get_cell_context_data(self, instance: TermView, parent_context: dict[str, Any]) -> dict[str, Any]:
        context = super().get_cell_context_data(instance, parent_context)
        return context | {"term": describe_for_editor(instance), "indent": 0 if self.is_flat else instance.depth - 1}


class TermIndexView(generic.IndexView):
    """All terms, or those of one facet, in tree order."""

    filterset_class = TermFilters
    is_searchable = True
    show_other_searches = False

    def get_queryset(self) -> list[TermView]:
        terms = [term for facet in self.taxonomy.facets.values() for term in facet.terms]
        return self.search_queryset(self.filter_queryset(terms))

    def filter_queryset(self, queryset: list[TermView]) -> list[TermView]:
        if not self.filters.is_valid():
            return queryset
        facet, status = (self.filters.form.cleaned_data[name] for name in ("facet", "status"))
        is_retired = status == TermStatus.RETIRED
        return [
            term
            for term in queryset
            if (not facet or term.facet == facet) and (not status or term.is_retired == is_retired)
        ]

    def search_queryset(self, queryset: list[TermView]) -> list[TermView]:
        if not self.is_searching:
            return queryset
        facets = self.taxonomy.facets.values()
        found = {term for facet in facets for term in matching_terms(facet, self.search_query)}
        return [term for term in queryset if term in found]

    def get_table(self, object_list: list[TermView]) -> Any:
        self.counts = get_dependants().counts([term.code for term in object_list])
        return super().get_table(object_list)

    def get_add_url(self) -> str | None:
        """Return where a term is added to the facet that is listed."""
        address = super().get_add_url()
        facet = self.request.GET.get("facet")
        return f"{address}?{urlencode({'facet': facet})}" if address and facet else address

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TermColumn("label", label=_("Term"), get_url=self._edit_url, is_flat=self.is_searching),
            Column("facet", label=_("Facet")),
            Column("languages", label=_("Languages"), accessor=lambda term: ", ".join(sorted(term.labels)) or "–"),
            Column("items", label=_("Items"), accessor=lambda term: self.counts.get(term.code, 0)),
            StatusTagColumn(
                "status",
                label=_("Status"),
                accessor=lambda term: _("Retired") if term.is_retired else _("Current"),
                primary=lambda term: not term.is_retired,
            ),
        ]

    def _edit_url(self, term: TermView) -> str | None:
        return reverse(self.edit_url_name, args=[term.id]) if self.user_has_permission("change") else None

    @cached_property
    def taxonomy(self) -> TaxonomySnapshot:
        return taxonomy_snapshot()
