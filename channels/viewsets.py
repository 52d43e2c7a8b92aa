"""The screens for channels: a listing in tree order and a form. A channel is retired, never deleted."""

from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, Table, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from channels.codes import Measure
from channels.forms import ChannelForm
from channels.models import Channel
from channels.registry import ChannelEntry, LimitEntry, channel_registry
from locales.catalogue import locale_catalogue
from locales.widgets import editor_chain

ASIDE = "channel-listing__aside"  # left out on phones


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """One line of the listing."""

    pk: int
    entry: ChannelEntry
    label: str
    parent: str
    own_limits: tuple[str, ...]
    inherited_limits: tuple[str, ...]


class LabelColumn(TitleColumn):
    """The name, set in by the depth in the tree."""

    cell_template_name = "channels/admin/label_cell.html"


class LimitsColumn(Column):
    """Own limits, then those of the ancestors."""

    cell_template_name = "channels/admin/limits_cell.html"

    class Media:
        css = {"all": ["channels/listing.css"]}


class IndexView(generic.IndexView):
    """All channels in tree order."""

    columns = [
        LabelColumn("label", label=_("Channel"), url_name="channels:edit"),
        Column("entry.code", label=_("Code"), classname=ASIDE),
        Column("parent", label=_("Parent"), classname=ASIDE),
        Column("entry.kind", label=_("Kind"), classname=ASIDE),
        LimitsColumn("limits", label=_("Limits"), classname="channel-listing__limits"),
    ]

    def get_table(self, object_list: list[Channel]) -> Table:
        return super().get_table(channel_rows({channel.pk for channel in object_list}))


def channel_rows(ids: set[int]) -> list[ChannelRow]:
    """Return the lines of the listing for these channels, in tree order."""
    registry = channel_registry()
    chain = editor_chain(locale_catalogue())
    rows = []
    for entry in registry.by_code.values():
        parent = registry.find(entry.parent) if entry.parent else None
        inherited = tuple(limit for limit in entry.limits if parent and limit in parent.limits)
        rows.append(
            ChannelRow(
                pk=entry.id,
                entry=entry,
                label=entry.label(chain),
                parent=parent.label(chain) if parent else "",
                own_limits=tuple(_told(limit) for limit in entry.limits if limit not in inherited),
                inherited_limits=tuple(map(_told, inherited)),
            )
        )
    return [row for row in rows if row.pk in ids]


def _told(limit: LimitEntry) -> str:
    where = {"field": limit.field, "placement": limit.placement}
    field = _("%(field)s in %(placement)s") % where if limit.placement else limit.field
    return f"{field}: {limit.maximum:,} {Measure(limit.measure).label}"


class EditView(generic.EditView):
    """A channel's form. Rooms above learn of a change by Wagtail's hook ``after_edit_channel``, as of a snippet's."""

    def run_after_hook(self) -> Any:
        return self.run_hook("after_edit_channel", self.request, self.object)


class ChannelViewSet(ModelViewSet):
    """Channels in the main menu."""

    model = Channel
    name = "channels"
    icon = "mobile-alt"
    menu_label = _("Channels")
    menu_order = 250
    add_to_admin_menu = True
    copy_view_enabled = False
    list_per_page = 200
    index_view_class = IndexView
    edit_view_class = EditView
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("code"), FieldPanel("kind")]),
                    FieldRowPanel([FieldPanel("parent"), FieldPanel("position")]),
                    FieldPanel("is_retired"),
                ],
                heading=_("Channel"),
            ),
            FieldPanel("labels"),
            InlinePanel(
                "fields",
                panels=[
                    FieldRowPanel([FieldPanel("name"), FieldPanel("shape"), FieldPanel("need")]),
                    FieldPanel("source"),
                    FieldRowPanel([FieldPanel("ratio"), FieldPanel("minimum_width")]),
                ],
                heading=_("Fields"),
                label=_("Field"),
                help_text=_(
                    "What the channel takes, and from where. Fields of the parent hold too: name one "
                    "again to change it. A new channel without a parent and without fields gets those of "
                    "its kind."
                ),
            ),
            InlinePanel(
                "limits",
                panels=[
                    FieldRowPanel([FieldPanel("field"), FieldPanel("maximum"), FieldPanel("measure")]),
                    FieldRowPanel([FieldPanel("placement"), FieldPanel("severity")]),
                ],
                heading=_("Limits"),
                label=_("Limit"),
                help_text=_("Where a channel sets none for a field, the limit of its nearest parent holds."),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("allowed_hosts"),
                    FieldPanel("deep_link"),
                    FieldRowPanel([FieldPanel("utm_source"), FieldPanel("utm_medium")]),
                ],
                heading=_("Links"),
            ),
        ],
        base_form_class=ChannelForm,
    )

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_common_view_kwargs(**kwargs) | {"delete_url_name": None}

    def get_urlpatterns(self) -> list[URLPattern]:
        return [pattern for pattern in super().get_urlpatterns() if pattern.name != "delete"]
