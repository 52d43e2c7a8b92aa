"""The screens of the taxonomy: facets and terms. Nothing is deleted here."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup
from wagtail.admin.widgets.button import Button

from taxonomy.changemenu import change_buttons, change_urls
from taxonomy.choosing import describe_for_editor
from taxonomy.dependants import Tally, get_dependants
from taxonomy.historyviews import HistoryView
from taxonomy.importviews import ExportView, ImportReportView, ImportView
from taxonomy.listing import TermIndexView
from taxonomy.models import Facet, Term
from taxonomy.planviews import ChangePlanViewSet
from taxonomy.snapshot import taxonomy_snapshot
from taxonomy.termforms import FacetForm, FurtherNoteFormSet, MappingFormSet, TermForm, WindowFormSet
from taxonomy.termpanels import AttributesPanel, RowsPanel, TermEditor, UsesPanel
from taxonomy.treemoves import TreeMoveView, TreeUndoView
from taxonomy.treeviews import TreeRowsView, TreeSearchView, TreeView, number_in, tree_url


class _KeepingViewSet(ModelViewSet):
    """Rows that are added and changed, never copied or deleted."""

    copy_view_enabled = False
    add_to_reference_index = False

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_common_view_kwargs(**kwargs) | {"delete_url_name": None}

    def get_urlpatterns(self) -> list[URLPattern]:
        return [pattern for pattern in super().get_urlpatterns() if pattern.name != "delete"]

    def get_permissions_to_register(self) -> QuerySet[Permission]:
        return super().get_permissions_to_register().exclude(codename__startswith="delete_")


class FacetIndexView(generic.IndexView):
    """The facets; each opens as its tree."""

    def _get_title_column(self, field_name: str, column_class: type = TitleColumn, **kwargs: Any) -> Column:
        column = self._get_title_column_class(column_class)
        return column("__str__", label=_("Facet"), accessor=str, get_url=self._tree_url, **kwargs)

    def _tree_url(self, facet: Facet) -> str:
        return reverse("facets:tree", args=[facet.code])


class FacetViewSet(_KeepingViewSet):
    """The facets, few and in order."""

    model = Facet
    name = "facets"
    icon = "list-ul"
    menu_label = gettext_lazy("Facets")
    index_view_class = FacetIndexView
    list_display = [
        "__str__",
        "code",
        Column("terms", label=gettext_lazy("Current terms"), accessor=lambda facet: facet.terms.current().count()),
        Column(
            "is_builtin",
            label=gettext_lazy("Built in"),
            accessor=lambda facet: _("Yes") if facet.is_builtin else _("No"),
        ),
    ]
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("code"), FieldPanel("position")]),
            FieldPanel("names"),
            FieldPanel("uri"),
            InlinePanel(
                "attribute_definitions",
                panels=[
                    FieldRowPanel([FieldPanel("name"), FieldPanel("kind"), FieldPanel("is_required")]),
                    FieldPanel("labels"),
                    FieldPanel("choices"),
                ],
                heading=gettext_lazy("Attributes of its terms"),
                help_text=gettext_lazy("Further facts of each term, for the systems that read the hub."),
                label=gettext_lazy("Attribute"),
            ),
        ],
        base_form_class=FacetForm,
    )

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("tree/<slug:code>/", TreeView.as_view(), name="tree"),
            path("tree/<slug:code>/rows/", TreeRowsView.as_view(), name="tree_rows"),
            path("tree/<slug:code>/search/", TreeSearchView.as_view(), name="tree_search"),
            path("tree/<slug:code>/move/", TreeMoveView.as_view(), name="tree_move"),
            path("tree/<slug:code>/undo/", TreeUndoView.as_view(), name="tree_undo"),
            path("tree/<slug:code>/import/", ImportView.as_view(), name="import"),
            path("tree/<slug:code>/import/<uuid:pk>/", ImportReportView.as_view(), name="import_report"),
            path("tree/<slug:code>/export/", ExportView.as_view(), name="export"),
            path("tree/<slug:code>/changes/", HistoryView.as_view(), name="history_of"),
        ]


class AddTermView(generic.CreateView):
    """A new term of the facet that the address names; without one the facet is asked for."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.facet is None:
            context = self.choice_context()
            return TemplateResponse(request, "taxonomy/admin/choose_facet.html", context)
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.get(request) if self.facet is None else super().post(request, *args, **kwargs)

    @cached_property
    def facet(self) -> Facet | None:
        return Facet.objects.filter(code=self.request.GET.get("facet", "")).first()

    def choice_context(self) -> dict[str, Any]:
        return {
            "facets": Facet.objects.all(),
            "page_title": _("New term"),
            "header_title": _("New term"),
            "header_icon": self.header_icon,
            "breadcrumbs_items": self.get_breadcrumbs_items(),
        }

    def get_initial_form_instance(self) -> Term:
        parent = self.facet.terms.filter(pk=number_in(self.request.GET, "parent")).first()
        return Term(facet=self.facet, parent=parent)

    def get_page_subtitle(self) -> str:
        return _("Term of %(facet)s") % {"facet": self.facet} if self.facet else "Term"

    def get_add_url(self) -> str:
        address = super().get_add_url()
        return f"{address}?{urlencode({'facet': self.facet.code})}" if self.facet else address

    def get_success_url(self) -> str:
        return tree_url(self.object)


class EditTermView(generic.EditView):
    """One term, with the steps of its life in the menu of the header."""

    def get_queryset(self) -> QuerySet[Term]:
        return Term.objects.select_related("facet", "parent")

    @transaction.atomic
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        facet = Facet.objects.filter(terms__pk=self.kwargs["pk"]).first()
        if facet:
            facet.lock()  # what is compared with what was seen stays so until it is saved
        return super().post(request, *args, **kwargs)

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        found = change_buttons(self.object) if self.user_has_permission("change") else []
        shown = Button(_("Show in the tree"), url=tree_url(self.object), icon_name="list-ul", priority=50)
        return [*super().header_more_buttons, shown, *found]

    def get_page_subtitle(self) -> str:
        return self.described["label"]

    def get_success_url(self) -> str:
        return tree_url(self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        view = taxonomy_snapshot().by_id(self.object.pk)
        return super().get_context_data(
            described=self.described,
            successors=[describe_for_editor(term) for term in view.replaced_by],
            items_with_below=self.items_with_below,
            **kwargs,
        )

    @property
    def items_with_below(self) -> int:
        """How many items carry the term or anything below it: what a rename or a move here changes for readers."""
        if self.object.is_retired or not self.user_has_permission("change"):
            return 0
        return get_dependants().tallies([self.object.code]).get(self.object.code, Tally()).with_below

    @cached_property
    def described(self) -> dict[str, Any]:
        return describe_for_editor(taxonomy_snapshot().by_id(self.object.pk))


class TermViewSet(_KeepingViewSet):
    """The terms of all facets, as a tree."""

    model = Term
    name = "terms"
    icon = "tag"
    menu_label = gettext_lazy("Terms")
    list_per_page = 50
    index_view_class = TermIndexView
    add_view_class = AddTermView
    edit_view_class = EditTermView
    edit_template_name = "taxonomy/admin/edit_term.html"
    edit_handler = TermEditor(
        [
            FieldPanel("code"),
            FieldPanel("names", heading=gettext_lazy("Names and synonyms")),
            FieldPanel("meaning", heading=gettext_lazy("Meaning and use")),
            MultiFieldPanel(
                [FieldPanel("parent"), FieldPanel("further"), FieldPanel("position"), FieldPanel("related")],
                heading=gettext_lazy("Place in the tree"),
            ),
            AttributesPanel(heading=gettext_lazy("Attributes")),
            RowsPanel(
                "windows",
                formset=WindowFormSet,
                panels=[
                    FieldRowPanel([FieldPanel("start"), FieldPanel("end"), FieldPanel("label")]),
                    FieldRowPanel([FieldPanel("event_start"), FieldPanel("event_end")]),
                ],
                heading=gettext_lazy("When it is in use"),
                label=gettext_lazy("Window"),
                help_text=gettext_lazy("Without a window the term is always in use."),
            ),
            InlinePanel(
                "external_ids",
                panels=[FieldRowPanel([FieldPanel("system"), FieldPanel("identifier")])],
                heading=gettext_lazy("Names in other systems"),
                label=gettext_lazy("External id"),
            ),
            RowsPanel(
                "mappings",
                formset=MappingFormSet,
                panels=[FieldRowPanel([FieldPanel("kind"), FieldPanel("uri")])],
                heading=gettext_lazy("Mappings to other vocabularies"),
                label=gettext_lazy("Mapping"),
            ),
            RowsPanel(
                "notes",
                formset=FurtherNoteFormSet,
                panels=[FieldRowPanel([FieldPanel("language"), FieldPanel("kind")]), FieldPanel("text")],
                heading=gettext_lazy("Further notes"),
                help_text=gettext_lazy("In each language, by its tag: en, ja, pt-BR."),
                label=gettext_lazy("Note"),
                classname="collapsed",
            ),
            InlinePanel(
                "notations",
                panels=[FieldRowPanel([FieldPanel("text"), FieldPanel("datatype")])],
                heading=gettext_lazy("Notations"),
                label=gettext_lazy("Notation"),
                help_text=gettext_lazy("Symbols that belong to no language, for example class marks."),
            ),
            MultiFieldPanel(
                [FieldPanel("uri"), FieldPanel("attributes")],
                heading=gettext_lazy("For other systems"),
                classname="collapsed",
            ),
            UsesPanel(heading=gettext_lazy("Where it is used")),
        ],
        base_form_class=TermForm,
    )

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            *change_urls(),
        ]


class TaxonomyViewSetGroup(ModelViewSetGroup):
    """The menu entry."""

    menu_label = gettext_lazy("Taxonomy")
    menu_name = "taxonomy"
    menu_icon = "tag"
    menu_order = 240
    items = (FacetViewSet, TermViewSet, ChangePlanViewSet)
