"""The listing and the form of connections. Keys have screens of their own."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button

from contenthub.delivery.consumers.codes import Kind
from contenthub.delivery.consumers.models import Consumer

from .forms import ConsumerForm
from .keyviews import MakeKeyView, RevokeKeyView


def state_of(consumer: Consumer) -> str:
    """Return in a word or two whether a connection works, and if not, why."""
    states = [key.state for key in consumer.keys.all()]
    if not consumer.is_active:
        return _("Switched off")
    if "live" in states:
        return _("Works")
    return _("All keys expired or revoked") if states else _("Has no key yet")


def last_used(consumer: Consumer) -> datetime | None:
    """Return when any key of a connection was last used, give or take ten minutes; None: never."""
    return max((key.last_used_at for key in consumer.keys.all() if key.last_used_at), default=None)


def live_keys(consumer: Consumer) -> str:
    """Return the beginnings of the keys that open."""
    return ", ".join(str(key) for key in consumer.keys.all() if key.state == "live") or "–"


class LastUsedColumn(DateColumn):
    """The last use, or that there was none."""

    cell_template_name = "api/connections/last_used_cell.html"


class IndexView(generic.IndexView):
    """All connections by name, with their state and last use."""

    columns = [
        TitleColumn("name", label=gettext_lazy("Connection"), url_name="connections:edit"),
        Column("kind", label=gettext_lazy("Kind"), accessor=lambda consumer: Kind(consumer.kind).name.capitalize()),
        Column("state", label=gettext_lazy("State"), accessor=state_of),
        Column("keys", label=gettext_lazy("Live keys"), accessor=live_keys),
        LastUsedColumn("last_used", label=gettext_lazy("Last used"), accessor=last_used),
    ]

    def get_base_queryset(self) -> QuerySet[Consumer]:
        return super().get_base_queryset().prefetch_related("keys")


class EditView(generic.EditView):
    """One connection, with its keys above the form."""

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        make = Button(_("Make a key"), url=reverse("connections:make_key", args=[self.object.pk]), icon_name="key")
        return [*super().header_more_buttons, make]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(keys=self.object.keys.all(), state=state_of(self.object), **kwargs)


class ConnectionViewSet(ModelViewSet):
    """Connections, in the settings menu."""

    model = Consumer
    name = "connections"
    icon = "link"
    menu_label = gettext_lazy("Connections")
    menu_order = 300
    add_to_settings_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    list_per_page = 50
    search_fields = ["name"]
    index_view_class = IndexView
    edit_view_class = EditView
    edit_template_name = "api/connections/edit.html"
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [FieldRowPanel([FieldPanel("name"), FieldPanel("kind")]), FieldPanel("is_active")],
                heading=gettext_lazy("Connection"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("channels"),
                    FieldPanel("locales"),
                    FieldPanel("item_types"),
                    FieldPanel("facets"),
                ],
                heading=gettext_lazy("What it sees"),
                help_text=gettext_lazy(
                    "What is left out here does not exist for this connection: not in lists, not in counts."
                ),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("rights"),
                    FieldPanel("operations"),
                    FieldPanel("persisted_only"),
                    FieldPanel("key_in_address"),
                    FieldPanel("allowed_origins"),
                ],
                heading=gettext_lazy("What it may do"),
            ),
            FieldPanel("token_syntax"),
            FieldRowPanel(
                [
                    FieldPanel("requests_per_minute"),
                    FieldPanel("most_at_once"),
                    FieldPanel("cache_seconds"),
                ],
                heading=gettext_lazy("How much"),
            ),
        ],
        base_form_class=ConsumerForm,
    )

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("make-key/<int:pk>/", MakeKeyView.as_view(), name="make_key"),
            path("revoke-key/<int:pk>/<int:key>/", RevokeKeyView.as_view(), name="revoke_key"),
        ]
