"""The reports on the taxonomy: narrowed by facet and language, linked to the terms, and for spreadsheets."""

from collections.abc import Iterator
from typing import Any

import django_filters
from django import forms
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.views.reports import ReportView

from locales.catalogue import locale_catalogue
from locales.cldr import locale_name
from taxonomy import reports
from taxonomy.choosing import editor_languages
from taxonomy.dependants import get_dependants
from taxonomy.facetview import FacetView, TermView
from taxonomy.models import Facet, Term
from taxonomy.reports import Finding
from taxonomy.snapshot import taxonomy_snapshot

SEES_TERMS = ["add", "change", "view"]
THRESHOLD_PERCENT = 30


class FacetFilter(WagtailFilterSet):
    """One facet, or all."""

    facet = django_filters.ChoiceFilter(label=_("Facet"), empty_label=_("All"), widget=forms.RadioSelect)

    class Meta:
        model = Term
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["facet"].extra["choices"] = [(facet.code, str(facet)) for facet in Facet.objects.all()]


class LanguageFilter(FacetFilter):
    """One language, or all of the hub."""

    language = django_filters.ChoiceFilter(label=_("Language"), empty_label=_("All"), widget=forms.RadioSelect)

    class Meta(FacetFilter.Meta):
        pass

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown_in = editor_languages()[0]
        self.filters["language"].extra["choices"] = [
            (tag, locale_name(tag, shown_in)) for tag in locale_catalogue().by_code
        ]


class OneLanguageFilter(LanguageFilter):
    """One language: the hub's default, unless told otherwise."""

    class Meta(FacetFilter.Meta):
        pass

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["language"].extra["empty_label"] = None


class ShareFilter(FacetFilter):
    """From which share of the items on a term is called broad."""

    threshold = django_filters.NumberFilter(
        label=_("From this share of the facet's items, in percent"), min_value=1, max_value=100
    )

    class Meta(FacetFilter.Meta):
        pass


class TermReportView(ReportView):
    """One report on terms; ``find`` says what is in it."""

    model = Term
    any_permission_required = SEES_TERMS
    header_icon = "tag"
    filterset_class: type[FacetFilter] = FacetFilter
    name: str
    told: Any
    fields: tuple[str, ...] = ()
    default_ordering = None

    def find(self, facet: FacetView) -> Iterator[Finding]:
        raise NotImplementedError

    def get_queryset(self) -> list[Finding]:
        asked = self.asked.get("facet")
        facets = taxonomy_snapshot().facets
        return [found for facet in facets.values() if not asked or facet.code == asked for found in self.find(facet)]

    def filter_queryset(self, queryset: list[Finding]) -> list[Finding]:
        return queryset

    @cached_property
    def asked(self) -> dict[str, Any]:
        return self.filters.form.cleaned_data if self.filters.is_valid() else {}

    def named(self, facet: FacetView) -> dict[str, int]:
        return get_dependants().named_in(facet.code)

    @cached_property
    def index_url_name(self) -> str:
        return f"taxonomy_report_{self.name}"

    @cached_property
    def index_results_url_name(self) -> str:
        return f"taxonomy_report_{self.name}_results"

    def get_page_subtitle(self) -> str:
        return ""

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("taxonomy_reports"), "label": _("Reports on the taxonomy")},
            {"url": "", "label": self.get_header_title()},
        ]

    @cached_property
    def columns(self) -> list[Column]:
        title = TitleColumn("label", label=_("Term"), accessor=lambda found: _label(found.term), get_url=self.edit_url)
        code = Column("code", label=_("Code"), accessor=lambda found: found.term.code)
        above = Column("path", label=_("Below"), accessor=lambda found: _path(found.term))
        return [title, code, above, *(COLUMNS[name] for name in self.fields)]

    def edit_url(self, found: Finding) -> str | None:
        if not self.user_has_permission("change"):
            return None
        anchor = f"#names-{found.language}" if found.language else ""
        return f"{reverse('terms:edit', args=[found.term.id])}{anchor}"

    # --- for spreadsheets ------------------------------------------------------------------------------------

    @cached_property
    def list_export(self) -> list[str]:
        return ["facet", "label", "code", "path", *self.fields]

    @cached_property
    def export_headings(self) -> dict[str, Any]:
        first = {"facet": _("Facet"), "label": _("Term"), "code": _("Code"), "path": _("Below")}
        return first | {name: COLUMNS[name].label for name in self.fields}

    def to_row_dict(self, item: Finding) -> dict[str, Any]:
        term = item.term
        first = {"facet": term.facet, "label": _label(term), "code": term.code, "path": _path(term)}
        row = first | {name: COLUMNS[name].get_value(item) for name in self.fields}
        return {name: _harmless(value) for name, value in row.items()}

    def get_filename(self) -> str:
        return slugify(str(self.page_title))


class UnusedView(TermReportView):
    name = "unused"
    page_title = _("Unused terms")
    told = _("Terms in use that no item and no rule of a type names, nor anything below them.")

    def find(self, facet: FacetView) -> Iterator[Finding]:
        return reports.unused(facet, self.named(facet))


class NearDuplicatesView(TermReportView):
    name = "near_duplicates"
    page_title = _("Names that are nearly the same")
    told = _("Terms whose names or synonyms differ by nothing but case, accents and punctuation, or by one character.")
    filterset_class = OneLanguageFilter
    fields = ("name", "other_name", "other")

    def find(self, facet: FacetView) -> Iterator[Finding]:
        return reports.near_duplicates(facet, self.language)

    @cached_property
    def language(self) -> str:
        return self.asked.get("language") or locale_catalogue().default.code

    def get_page_subtitle(self) -> str:
        return locale_name(self.language, editor_languages()[0])


class MissingTranslationsView(TermReportView):
    name = "missing_translations"
    page_title = _("Missing translations")
    told = _("Terms in use without a name in a language of the hub.")
    filterset_class = LanguageFilter
    fields = ("language",)

    def find(self, facet: FacetView) -> Iterator[Finding]:
        asked = self.asked.get("language")
        return reports.missing_translations(facet, [asked] if asked else locale_catalogue().by_code)


class OverBroadView(TermReportView):
    name = "over_broad"
    page_title = _("Terms that are too broad")
    told = _("Terms that so many of the facet's items are tagged with that they tell little apart.")
    filterset_class = ShareFilter
    fields = ("items", "share")

    def find(self, facet: FacetView) -> Iterator[Finding]:
        dependants = get_dependants()
        total, tallies = dependants.items_in(facet.code), dependants.facet_tallies(facet.code)
        return reports.over_broad(facet, tallies, total, self.threshold / 100)

    @property
    def threshold(self) -> float:
        return float(self.asked.get("threshold") or THRESHOLD_PERCENT)

    def get_page_subtitle(self) -> str:
        return _("from %(percent)s %% of the facet's items") % {"percent": f"{self.threshold:g}"}


class RetiredUsedView(TermReportView):
    name = "retired_used"
    page_title = _("Retired terms that are still used")
    told = _("Terms out of use that items still name: as a tag, a call to action, in a block or a field.")
    fields = ("items", "successors")

    def find(self, facet: FacetView) -> Iterator[Finding]:
        return reports.retired_but_used(facet, self.named(facet))


class PastUsedView(TermReportView):
    name = "past_used"
    page_title = _("Terms past their time")
    told = _("Terms whose last window is over, and how many items still name them.")
    fields = ("ended", "items")

    def find(self, facet: FacetView) -> Iterator[Finding]:
        return reports.past_windows(facet, self.named(facet), timezone.localdate())


REPORTS: tuple[type[TermReportView], ...] = (
    UnusedView,
    NearDuplicatesView,
    MissingTranslationsView,
    OverBroadView,
    RetiredUsedView,
    PastUsedView,
)


class ReportsView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """All reports on the taxonomy, each with what it is about."""

    model = Term
    any_permission_required = SEES_TERMS
    template_name = "taxonomy/admin/reports.html"
    page_title = _("Reports on the taxonomy")
    header_icon = "tag"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        facet = taxonomy_snapshot().facets.get(self.request.GET.get("facet", ""))
        chosen = f"?facet={facet.code}" if facet else ""
        listed = [(f"{reverse(f'taxonomy_report_{one.name}')}{chosen}", one.page_title, one.told) for one in REPORTS]
        return super().get_context_data(reports=listed, facet=facet and facet.label(editor_languages())[0], **kwargs)


def report_urls() -> list[URLPattern]:
    """Return the addresses of the reports."""
    found = [path("taxonomy/reports/", ReportsView.as_view(), name="taxonomy_reports")]
    for one in REPORTS:
        address, name = one.name.replace("_", "-"), f"taxonomy_report_{one.name}"
        found.append(path(f"taxonomy/reports/{address}/", one.as_view(), name=name))
        results = one.as_view(results_only=True)
        found.append(path(f"taxonomy/reports/{address}/results/", results, name=f"{name}_results"))
    return found


def _label(term: TermView | None) -> str:
    return term.label(editor_languages())[0] if term else ""


def _path(term: TermView) -> str:
    return " › ".join(_label(above) for above in term.path[:-1])


def _harmless(value: Any) -> Any:
    """Keep a spreadsheet from taking a text for a formula (OWASP, CSV injection)."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


COLUMNS = {
    "language": Column("language", label=_("Language")),
    "name": Column("name", label=_("Name")),
    "other_name": Column("other_name", label=_("Other name")),
    "other": TitleColumn(
        "other",
        label=_("Of the term"),
        accessor=lambda found: f"{_label(found.other)} ({found.other.code})",
        get_url=lambda found: reverse("terms:edit", args=[found.other.id]),
    ),
    "items": Column("items", label=_("Items")),
    "share": Column("share", label=_("Share"), accessor=lambda found: f"{found.share:.0%}"),
    "successors": Column(
        "successors",
        label=_("Replaced by"),
        accessor=lambda found: ", ".join(_label(one) for one in found.term.replaced_by) or "–",
    ),
    "ended": Column("ended", label=_("Ended")),
}
