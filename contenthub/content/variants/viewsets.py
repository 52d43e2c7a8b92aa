"""The editor's screens for versions of items."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from django_filters import ModelChoiceFilter
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, PublishingPanel
from wagtail.admin.ui.tables import Column, LiveStatusTagColumn, UpdatedAtColumn
from wagtail.models import Locale
from wagtail.snippets.views.snippets import SnippetViewSet

from contenthub.delivery.resolving import BODY, CALL_TO_ACTION, HEADLINE, IMAGE, SUMMARY

from ..checkviews import version_checks
from ..models import Variant
from ..panels import AddedFieldsPanel, ChannelChecksPanel
from ..translating.views import translate_variant
from ..widgets import ImageInput
from . import editing
from .cardview import card
from .forms import VariantForm, own_names, target_names
from .panels import AddedOverridesPanel, BasePanel, OverridePanel, VariantEditor, read_targets


class VariantFilters(WagtailFilterSet):
    """What a listing of versions can be narrowed to."""

    language = ModelChoiceFilter(
        queryset=Locale.objects.all(),
        field_name="localization__locale",
        label=_("Language"),
        empty_label=_("Any language"),
    )
    stale = ModelChoiceFilter(
        queryset=Locale.objects.all(),
        label=_("Older than the original in"),
        method="filter_stale",
        empty_label=_("Any language"),
    )

    class Meta:
        model = Variant
        fields: list[str] = []

    def filter_stale(self, variants: QuerySet, name: str, locale: Locale) -> QuerySet:
        return variants.stale().filter(localization__locale=locale)


class VariantViewSet(SnippetViewSet):
    """Versions of items: listed here over all items, made from their items."""

    model = Variant
    icon = "copy"
    menu_label = _("Versions")
    menu_name = "versions"
    menu_order = 92
    add_to_admin_menu = True
    admin_url_namespace = "variants"
    base_url_path = "versions"
    copy_view_enabled = False
    list_per_page = 40
    filterset_class = VariantFilters
    search_backend_name = None
    search_fields = ["code", "headline", "localization__key", "localization__headline"]
    list_display = [
        "code",
        Column("localization", label=_("Item")),
        Column("locale", label=_("Language")),
        LiveStatusTagColumn(),
        UpdatedAtColumn(),
    ]
    add_view_class = editing.VariantCreateView
    edit_view_class = editing.VariantEditView
    delete_view_class = editing.VariantDeleteView
    preview_on_add_view_class = editing.VariantPreviewOnCreateView
    revisions_unschedule_view_class = editing.VariantUnscheduleView
    unpublish_view_class = editing.VariantUnpublishView
    workflow_action_view_class = editing.VariantWorkflowActionView

    edit_handler = VariantEditor(
        [
            BasePanel(),
            MultiFieldPanel(
                [
                    FieldPanel("code"),
                    AddedFieldsPanel(target_names, read_targets),
                    FieldPanel("priority"),
                ],
                heading=_("Whom it is for"),
                icon="group",
            ),
            OverridePanel(HEADLINE, [FieldPanel("headline")], heading=_("Headline")),
            OverridePanel(SUMMARY, [FieldPanel("summary")], heading=_("Summary")),
            OverridePanel(BODY, [FieldPanel("body")], heading=_("Body")),
            OverridePanel(
                CALL_TO_ACTION,
                [FieldPanel("cta_label"), FieldPanel("cta_link"), FieldPanel("cta_action")],
                heading=_("Call to action"),
            ),
            OverridePanel(
                IMAGE,
                [
                    FieldPanel("image", widget=ImageInput),
                    FieldPanel("image_alt"),
                    FieldRowPanel([FieldPanel("image_caption"), FieldPanel("image_credit")]),
                ],
                heading=_("Image"),
            ),
            AddedOverridesPanel(own_names, heading=_("Short texts and fields of the type")),
            ChannelChecksPanel(heading=_("How it fits its channels"), icon="mobile-alt"),
            PublishingPanel(),
        ],
        base_form_class=VariantForm,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return Variant.objects.select_related("localization__locale", "localization__type")

    def get_urlpatterns(self) -> list[Any]:
        return [
            *super().get_urlpatterns(),
            path("localize/<int:pk>/<str:code>/", require_POST(editing.localize), name="localize"),
            path("translate/<int:pk>/", translate_variant, name="translate"),
            path("channels/<int:pk>/", version_checks, name="channel_checks"),
            path("card/", card, name="card"),
            path("moved/<int:pk>/", editing.compare_with_base, name="moved"),
            path("rebase/<int:pk>/", require_POST(editing.rebase_on_base), name="rebase"),
            path("give_back/<int:pk>/", require_POST(editing.give_back_field), name="give_back"),
        ]


variant_viewset = VariantViewSet()
