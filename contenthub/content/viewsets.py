"""The editor's screens for items and their types."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from django_filters import CharFilter, ModelChoiceFilter
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, ObjectList, PublishingPanel
from wagtail.admin.ui.tables import Column
from wagtail.models import Locale
from wagtail.snippets.views import snippets
from wagtail.snippets.views.snippets import SnippetViewSet

from taxonomy.snapshot import taxonomy_snapshot
from taxonomy.widgets import TermChooser

from .forms import ContentItemForm
from .localizations import create_localization, make_source, statuses_of
from .models import ContentItem, ItemType
from .panels import (
    AddedFieldsPanel,
    ItemEditor,
    LocalizationsPanel,
    SourceInlinePanel,
    channel_names,
    own_field_names,
    read_channels,
    read_own_fields,
    read_tags,
    tag_names,
)
from .publishing import unschedule

PUBLISHING_ACTIONS = {"publish", "workflow-action"}


class ItemFilters(WagtailFilterSet):
    """What a listing of items can be narrowed to."""

    type = ModelChoiceFilter(queryset=ItemType.objects.all(), label=_("Type"), empty_label=_("Any type"))
    missing = ModelChoiceFilter(
        queryset=Locale.objects.all(), label=_("Missing in"), method="filter_missing", empty_label=_("Any language")
    )
    term = CharFilter(label=_("Tagged with"), method="filter_term", widget=TermChooser(facet=None))

    class Meta:
        model = ContentItem
        fields: list[str] = []

    def filter_missing(self, items: QuerySet, name: str, locale: Locale) -> QuerySet:
        return items.exclude(key__in=ContentItem.objects.filter(locale=locale).values("key"))

    def filter_term(self, items: QuerySet, name: str, value: str) -> QuerySet:
        term = taxonomy_snapshot().find_id(int(value)) if value.isdecimal() else None
        if term is None:
            return items.none()
        return items.filter(classification__term__in=term.self_and_descendants_ids).distinct()


class LocalizationsColumn(Column):
    """One chip a locale, showing how the item stands in it."""

    cell_template_name = "content/localizations_cell.html"

    def get_value(self, item: ContentItem) -> Any:
        return item.statuses


class ItemIndexView(snippets.IndexView):
    """All items, one row each, whatever language they began in."""

    default_ordering = "-pk"

    @cached_property
    def locale(self) -> None:
        return None

    def get_base_queryset(self) -> QuerySet:
        return super().get_base_queryset().select_related("type", "locale").defer("body", "extra")

    def search_queryset(self, queryset: QuerySet) -> QuerySet:
        if not (self.is_searching and self.search_query):
            return queryset
        found = ContentItem.objects.matching(self.search_query).values("key")
        return queryset.filter(key__in=found)

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(*args, **kwargs)
        statuses = statuses_of([item.key for item in context["object_list"]])
        for item in context["object_list"]:
            item.statuses = statuses[item.key]
        return context


class PublishGate:
    """What create and edit views share: the gate before going on air, and refusals shown on the form."""

    def get_form(self, form_class: Any = None) -> ContentItemForm:
        form = super().get_form(form_class)
        form.is_publishing = self.request.method == "POST" and self.action in PUBLISHING_ACTIONS
        return form

    def run_action_method(self) -> HttpResponse | None:
        try:
            return super().run_action_method()
        except ValidationError as error:
            # The draft is saved; what could not follow is told, and nothing was published.
            messages.error(self.request, " ".join(error.messages))
            return redirect(self.get_edit_url())


class ItemCreateView(PublishGate, snippets.CreateView):
    """A new item: first its type is chosen, then it is written."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.item_type is None:
            return self.choose_type(request)
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def item_type(self) -> ItemType | None:
        return ItemType.objects.filter(code=self.request.GET.get("type", "")).first()

    def choose_type(self, request: HttpRequest) -> HttpResponse:
        if not self.user_has_permission("add"):
            raise PermissionDenied
        context = {
            "types": ItemType.objects.all(),
            "locales": Locale.objects.all(),
            "locale": self.locale,
            "add_url": self.get_add_url(),
            "index_url": self.index_url,
        }
        return TemplateResponse(request, "content/choose_type.html", context)

    @property
    def index_url(self) -> str:
        return reverse(self.index_url_name)

    def get_add_url(self) -> str:
        url = reverse(self.add_url_name)
        if self.item_type is None:
            return url
        return f"{url}?type={self.item_type.code}&locale={self.locale.language_code}"

    def get_initial_form_instance(self) -> ContentItem:
        return ContentItem(type=self.item_type, locale=self.locale, is_source=True, live=False)

    def get_translations(self) -> list[dict[str, Any]]:
        return []

    def get_page_subtitle(self) -> str:
        return str(self.item_type)


class ItemEditView(PublishGate, snippets.EditView):
    """One language version of an item."""


class ItemDeleteView(snippets.DeleteView):
    """Deletes one language version; an original that others lean on is refused."""

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)
        except ValidationError as error:
            messages.error(self.request, " ".join(error.messages))
            return redirect(self.edit_url_name, self.object.pk)


class ItemUnscheduleView(snippets.RevisionsUnscheduleView):
    """Calls off a launch, in the published store as well."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        unschedule(self.object, self.revision)
        messages.success(request, self.get_success_message())
        return redirect(self.get_next_url())


def localize(request: HttpRequest, pk: int, locale: str) -> HttpResponse:
    """Make the version of an item in one more language, from the version at hand, and go on to edit it."""
    item = get_object_or_404(ContentItem, pk=pk)
    if not request.user.has_perm("content.add_contentitem"):
        raise PermissionDenied
    try:
        made = create_localization(item, get_object_or_404(Locale, language_code=locale), user=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(item_viewset.get_url_name("edit"), pk)
    return redirect(item_viewset.get_url_name("edit"), made.pk)


def make_original(request: HttpRequest, pk: int) -> HttpResponse:
    """Make this language version the original of its item."""
    item = get_object_or_404(ContentItem, pk=pk)
    if not (
        request.user.has_perm("content.change_contentitem") and request.user.has_perm("content.publish_contentitem")
    ):
        raise PermissionDenied
    try:
        make_source(item)
        messages.success(request, _("%(locale)s is the original now.") % {"locale": item.locale})
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(item_viewset.get_url_name("edit"), pk)


class ItemViewSet(SnippetViewSet):
    """Items."""

    model = ContentItem
    icon = "doc-full"
    menu_label = _("Items")
    menu_name = "items"
    menu_order = 90
    add_to_admin_menu = True
    admin_url_namespace = "items"
    base_url_path = "items"
    copy_view_enabled = False
    list_per_page = 40
    search_backend_name = None
    search_fields = ["headline", "internal_title", "key", "slug"]
    filterset_class = ItemFilters
    index_view_class = ItemIndexView
    add_view_class = ItemCreateView
    edit_view_class = ItemEditView
    delete_view_class = ItemDeleteView
    revisions_unschedule_view_class = ItemUnscheduleView
    list_display = [
        "__str__",
        Column("type", label=_("Type"), sort_key="type__code"),
        LocalizationsColumn("localizations", label=_("Languages")),
        Column("key", label=_("Key"), sort_key="key"),
    ]

    edit_handler = ItemEditor(
        [
            LocalizationsPanel(heading=_("Languages"), icon="globe"),
            FieldPanel("headline"),
            FieldPanel("summary"),
            AddedFieldsPanel(own_field_names, read_own_fields, heading=_("Fields of this type"), icon="form"),
            FieldPanel("body"),
            MultiFieldPanel(
                [FieldPanel("cta_label"), FieldPanel("cta_link"), FieldPanel("cta_action")],
                heading=_("Call to action"),
                icon="link-external",
            ),
            MultiFieldPanel(
                [
                    FieldPanel("image"),
                    FieldPanel("image_alt"),
                    FieldPanel("image_caption"),
                    FieldPanel("image_credit"),
                ],
                heading=_("Image"),
                icon="image",
            ),
            InlinePanel("texts", heading=_("Short texts"), label=_("Short text"), icon="pilcrow"),
            AddedFieldsPanel(tag_names, read_tags, heading=_("Tags"), icon="tag"),
            AddedFieldsPanel(channel_names, read_channels, heading=_("Channels"), icon="mail"),
            SourceInlinePanel("references", heading=_("References"), label=_("Reference"), icon="link"),
            MultiFieldPanel(
                [
                    FieldPanel("slug"),
                    FieldPanel("key"),
                    FieldPanel("internal_title"),
                    FieldPanel("priority"),
                    FieldPanel("wanted_locales"),
                    FieldPanel("fallback_forbidden"),
                ],
                heading=_("Settings"),
                icon="cog",
                classname="collapsed",
            ),
            PublishingPanel(),
        ],
        base_form_class=ContentItemForm,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return ContentItem.objects.sources()

    def get_urlpatterns(self) -> list[Any]:
        return [
            *super().get_urlpatterns(),
            path("localize/<int:pk>/<str:locale>/", require_POST(localize), name="localize"),
            path("make_original/<int:pk>/", require_POST(make_original), name="make_original"),
        ]


class ItemTypeForm(WagtailAdminModelForm):
    """A type; its code stays what it is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["code"].disabled = True


class ItemTypeViewSet(SnippetViewSet):
    """Types of items, their fields and rules."""

    model = ItemType
    icon = "clipboard-list"
    menu_label = _("Types")
    menu_name = "item-types"
    menu_order = 95
    add_to_admin_menu = True
    admin_url_namespace = "item_types"
    base_url_path = "item-types"
    copy_view_enabled = False
    list_display = ["__str__", Column("code", label=_("Code")), Column("fallback_allowed", label=_("Fallback"))]
    edit_handler = ObjectList(
        [
            FieldPanel("labels"),
            FieldPanel("code"),
            FieldPanel("fallback_allowed"),
            InlinePanel(
                "field_definitions",
                [
                    FieldPanel("name"),
                    FieldPanel("labels"),
                    FieldPanel("kind"),
                    FieldPanel("required"),
                    FieldPanel("localized"),
                ],
                heading=_("Fields"),
                label=_("Field"),
                icon="form",
            ),
            InlinePanel(
                "rules",
                [
                    FieldPanel("facet"),
                    FieldPanel("minimum"),
                    FieldPanel("maximum"),
                    FieldPanel("leaf_only"),
                    FieldPanel("below", widget=TermChooser(facet=None)),
                ],
                heading=_("Rules for tags"),
                label=_("Rule"),
                icon="tag",
            ),
        ],
        base_form_class=ItemTypeForm,
    )


item_viewset = ItemViewSet()
item_type_viewset = ItemTypeViewSet()
