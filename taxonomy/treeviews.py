"""The page of a facet's tree, and the two questions that its script asks."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets.button import Button, HeaderButton

from locales.catalogue import locale_catalogue
from locales.cldr import locale_name
from locales.tags import MalformedTag, canonical_tag
from taxonomy.choosing import editor_languages
from taxonomy.facetview import FacetView, TermView
from taxonomy.models import Term
from taxonomy.snapshot import UnknownFacet, taxonomy_snapshot
from taxonomy.tree import Path, Tree
from taxonomy.treeanswers import HITS_AT_ONCE, answer_level, answer_search
from taxonomy.widgets import TermChooser

MOST_OPEN = 300


class FacetTreeMixin(PermissionCheckedMixin):
    """A question about the tree of the facet that the address names, for those who may see terms."""

    model = Term
    any_permission_required = ["add", "change", "view"]

    @cached_property
    def facet(self) -> FacetView:
        try:
            return taxonomy_snapshot().get_facet(self.kwargs["code"])
        except UnknownFacet as error:
            raise Http404(str(error)) from error

    @cached_property
    def tree(self) -> Tree:
        return Tree(self.facet, with_retired="hide-retired" not in self.request.GET)

    @cached_property
    def chain(self) -> list[str]:
        """The languages of the labels: the one asked for, then that of the editor."""
        try:
            asked = [canonical_tag(self.request.GET["language"])] if self.request.GET.get("language") else []
        except MalformedTag:
            asked = []
        return [*asked, *editor_languages()]

    @cached_property
    def shown(self) -> TermView | None:
        """The term to open the tree at."""
        return self.facet.by_id.get(number_in(self.request.GET, "term"))


class TreeView(FacetTreeMixin, WagtailAdminTemplateMixin, TemplateView):
    """One facet as a tree; what is not open is asked for when it is opened."""

    template_name = "taxonomy/admin/tree.html"
    page_title = _("Terms")
    header_icon = "tag"

    def get_page_subtitle(self) -> str:
        return self.facet.label(editor_languages())[0]

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("facets:index"), "label": _("Facets")},
            {"url": "", "label": self.get_page_subtitle()},
        ]

    @cached_property
    def header_buttons(self) -> list[Button]:
        add = HeaderButton(_("Add a term"), url=self.add_url, icon_name="plus")
        return [add] if self.user_has_permission("add") else []

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        as_list = f"{reverse('terms:index')}?facet={self.facet.code}"
        edit = Button(_("Edit the facet"), url=reverse("facets:edit", args=[self.facet.id]), icon_name="edit")
        as_file = Button(
            _("Export"), url=reverse("facets:export", args=[self.facet.code]), icon_name="download", priority=110
        )
        from_file = Button(
            _("Import"), url=reverse("facets:import", args=[self.facet.code]), icon_name="upload", priority=100
        )
        findings = f"{reverse('taxonomy_reports')}?facet={self.facet.code}"
        may_import = self.user_has_permission("add") and self.user_has_permission("change")
        history = reverse("facets:history_of", args=[self.facet.code])
        return [
            edit,
            Button(_("Reports"), url=findings, icon_name="warning", priority=95),
            Button(_("Changes"), url=history, icon_name="history", priority=80),
            Button(_("Terms as a list"), url=as_list, icon_name="list-ul", priority=90),
            *([from_file] if may_import else []),
            as_file,
        ]

    @property
    def add_url(self) -> str:
        return f"{reverse('terms:add')}?facet={self.facet.code}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        level = self.tree.opened(shown=self.shown)
        return super().get_context_data(
            facet=self.facet,
            first=answer_level(self.tree, level, self.chain),
            languages=self.languages(),
            add_url=self.add_url if self.user_has_permission("add") else "",
            is_empty=not self.facet.terms,
            can_change=self.user_has_permission("change"),
            current_count=len(self.facet.current),
            retired_count=len(self.facet.terms) - len(self.facet.current),
            chooser=TermChooser(self.facet.code).render("target", None, {"id": "term-tree-target"}),
            chooser_media=TermChooser(self.facet.code).media,
            texts=TEXTS,
            **kwargs,
        )

    def languages(self) -> list[tuple[str, str]]:
        """Return the languages that labels can be shown in, with their names."""
        tags = dict.fromkeys([*locale_catalogue().by_code, *sorted(self.facet.languages)])
        return [(tag, locale_name(tag, editor_languages()[0])) for tag in tags]


def tree_url(term: Term) -> str:
    """Return the address of the tree that is open at a term."""
    return f"{reverse('facets:tree', args=[term.facet.code])}?term={term.pk}"


class TreeRowsView(FacetTreeMixin, View):
    """Answer one level (``below`` a term, from ``offset``), or the whole tree with the branches at ``open``."""

    def get(self, request: HttpRequest, code: str) -> JsonResponse:
        if "below" not in request.GET:
            paths = (_path(text) for text in request.GET.get("open", "").split(",")[:MOST_OPEN])
            level = self.tree.opened([path for path in paths if path], shown=self.shown)
            return JsonResponse(answer_level(self.tree, level, self.chain))
        parent = None
        if request.GET["below"]:
            parent = self.facet.by_id.get(number_in(request.GET, "below"))
            if parent is None:
                return JsonResponse({"error": str(_("This term is not in the facet any more."))}, status=404)
        level = self.tree.level(parent, number_in(request.GET, "offset"))
        return JsonResponse(answer_level(self.tree, level, self.chain))


class TreeSearchView(FacetTreeMixin, View):
    """Answer where in the tree the terms stand that are called ``q``."""

    def get(self, request: HttpRequest, code: str) -> JsonResponse:
        limit = number_in(request.GET, "limit") or HITS_AT_ONCE
        return JsonResponse(answer_search(self.tree, request.GET.get("q", ""), self.chain, limit=limit))


def number_in(asked: Mapping[str, str], name: str) -> int:
    """Return a number that was asked with; what is none is 0, which no row has."""
    return _number(asked.get(name, ""))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def _path(text: str) -> Path:
    path = tuple(_number(part) for part in text.split(".")[:100])
    return path if all(path) else ()


TEXTS = {
    "found": _("%(total)s terms found."),
    "found-one": _("1 term found."),
    "found-best": _("%(total)s terms found; the best %(shown)s are shown."),
    "none": _("No term is called so."),
    "more-hits": _("Show more hits"),
    "more": _("Show more (%(count)s)"),
    "all": _("Show all %(count)s"),
    "loading": _("Loading…"),
    "failed": _("The terms could not be read."),
    "changed": _("The facet was changed meanwhile: this is how it stands now."),
    "retired": _("retired"),
    "replaced": _("replaced by"),
    "several": _("%(count)s parents"),
    "several-title": _("Stands below %(terms)s"),
    "further": _("also here"),
    "further-title": _("A further parent: the term's first place is below %(terms)s"),
    "items-own": _("%(own)s items of its own"),
    "items-all": _("%(below)s items with everything below"),
    "items-none": _("no items"),
    "found-by": _("found by “%(name)s”"),
    "edit": _("Edit %(term)s"),
    "add-below": _("Add a term below %(term)s"),
    "move": _("Move %(term)s"),
    "cut": _("%(term)s is cut: Control+V puts it below another term, Escape leaves it where it is."),
    "left": _("%(term)s stays where it is."),
    "undo": _("Undo"),
    "touched": _("Affected: %(things)s."),
    "stale": _("The tree was changed meanwhile. Nothing was moved: this is how it stands now."),
    "cleared": _("The whole tree is shown."),
}
