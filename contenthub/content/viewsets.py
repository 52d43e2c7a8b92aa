"""The editor's screens for items and their types."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList, PublishingPanel
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.snippets import SnippetViewSet

from taxonomy.widgets import TermChooser

from . import editing, listing
from .checkviews import channel_checks, item_checks
from .forms import ContentItemForm
from .models import ContentItem, ItemType
from .panels import (
    AddedFieldsPanel,
    ChannelChecksPanel,
    FactsPanel,
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
from .reviewviews import review_links, revoke_link
from .ruleviews import ItemTypeEditView
from .tagging.panel import TagsPanel
from .translating.views import translate
from .variants.panels import VariantsPanel
from .variants.whypage import why
from .widgets import ImageInput, ItemInput


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
    filterset_class = listing.ItemFilters
    index_view_class = listing.ItemIndexView
    add_view_class = editing.ItemCreateView
    edit_view_class = editing.ItemEditView
    delete_view_class = editing.ItemDeleteView
    preview_on_add_view_class = editing.ItemPreviewOnCreateView
    revisions_unschedule_view_class = editing.ItemUnscheduleView
    unpublish_view_class = editing.ItemUnpublishView
    workflow_action_view_class = editing.ItemWorkflowActionView

    edit_handler = ItemEditor(
        [
            LocalizationsPanel(heading=_("Languages"), icon="globe"),
            VariantsPanel(heading=_("Versions for some readers"), icon="copy"),
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
                    FieldPanel("image", widget=ImageInput),
                    FieldPanel("image_alt"),
                    FieldRowPanel([FieldPanel("image_caption"), FieldPanel("image_credit")]),
                ],
                heading=_("Image"),
                icon="image",
            ),
            InlinePanel("texts", heading=_("Short texts"), label=_("Short text"), icon="pilcrow"),
            FactsPanel(heading=_("Facts of the item"), icon="tag"),
            TagsPanel(tag_names, read_tags, heading=_("Tags"), icon="tag"),
            AddedFieldsPanel(channel_names, read_channels, heading=_("Channels"), icon="mail"),
            ChannelChecksPanel(heading=_("How it fits its channels"), icon="mobile-alt"),
            SourceInlinePanel(
                "references",
                [FieldPanel("role"), FieldPanel("target_key", widget=ItemInput)],
                heading=_("References"),
                label=_("Reference"),
                icon="link",
            ),
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
            path("localize/<int:pk>/<str:locale>/", require_POST(editing.localize), name="localize"),
            path("channels/<int:pk>/", channel_checks, name="channel_checks"),
            path("channels/<int:pk>/all/", item_checks, name="item_checks"),
            path("translate/<int:pk>/", translate, name="translate"),
            path("why/<int:pk>/", why, name="why"),
            path("review-links/<int:pk>/", review_links, name="review_links"),
            path("review-links/<int:pk>/<int:link>/", require_POST(revoke_link), name="revoke_review_link"),
            path("make_original/<int:pk>/", require_POST(editing.make_original), name="make_original"),
        ]


class ItemTypeForm(WagtailAdminModelForm):
    """A type; its code stays what it is, and so do the fields that items fill."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["code"].disabled = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for row in self.formsets["field_definitions"].deleted_forms:
            if row.instance.pk:
                try:
                    row.instance.refuse_removal()
                except ValidationError as error:
                    self.add_error(None, error)
        return cleaned


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
    edit_view_class = ItemTypeEditView
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


def refuse_used_types(request: HttpRequest, objects: Iterable[Any]) -> HttpResponse | None:
    """Refuse to delete types that items have, one type or many at once."""
    types = [one for one in objects if isinstance(one, ItemType)]
    counted = [(one, one.items.sources().count()) for one in types if one.items.exists()]
    if not counted:
        return None
    for one, count in counted:
        having = ngettext("%(count)d item has", "%(count)d items have", count) % {"count": count}
        messages.error(
            request, _("%(having)s the type %(one)s: it cannot be deleted.") % {"having": having, "one": one}
        )
    return redirect("item_types:edit", types[0].pk) if len(types) == 1 else redirect("item_types:list")


item_viewset = ItemViewSet()
item_type_viewset = ItemTypeViewSet()
