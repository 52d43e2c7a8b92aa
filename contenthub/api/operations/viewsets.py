"""The screens that show which operations there are, their addresses and what they take; they come from files."""

from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from graphql import OperationDefinitionNode
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button
from wagtail.permission_policies import BasePermissionPolicy
from wagtail.permissions import register_permission_policy

from contenthub.api.documents import InvalidQuery
from contenthub.api.execution import prepare
from contenthub.api.models import Operation
from contenthub.api.schema import schema

from .options import OTHERWISE, Options, describe, read_options
from .variables import definitions, required


class ReadOnly(BasePermissionPolicy):
    """Whoever works in the admin may look, and nobody may change: what is shown comes from files."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action == "view" and user.is_active and user.has_perm("wagtailadmin.access_admin")


def address_of(operation: Operation) -> str:
    return reverse("operation", args=[operation.name])


class IndexView(generic.IndexView):
    """All operations by name, with what they are for."""

    columns = [
        TitleColumn("name", label=gettext_lazy("Operation"), url_name="operations:inspect"),
        Column("about", label=gettext_lazy("What it is for"), accessor=lambda one: describe(one.text)),
        Column("address", label=gettext_lazy("Address"), accessor=address_of),
        DateColumn("changed_at", label=gettext_lazy("Changed"), width="12%"),
    ]


class InspectView(generic.InspectView):
    """One operation: its address, its variables, how its answer is handed over, and its query."""

    page_title = gettext_lazy("Operation")

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        return []

    def get_fields_context(self) -> list[dict[str, Any]]:
        options = read_options(self.object.text)
        address = self.request.build_absolute_uri(address_of(self.object))
        shown = [
            (_("What it is for"), describe(self.object.text)),
            (_("Address"), format_html("<code>GET {}</code>", address)),
            (_("Variables"), self._variables()),
            (_("Answer"), _answer(options)),
            (_("Query"), format_html('<pre tabindex="0">{}</pre>', self.object.text)),
        ]
        return [{"label": label, "value": value, "component": None} for label, value in shown]

    def _variables(self) -> SafeString | str:
        try:
            operations = prepare(self.object.text).operations
        except InvalidQuery as error:
            return _("It does not fit the schema any more: %(message)s") % {"message": error.errors[0].message}
        operation = next(each for name, each in operations.items() if name != OTHERWISE)
        return _as_list(operation) or _("None")


def _as_list(operation: OperationDefinitionNode) -> SafeString:
    kinds = definitions(operation, schema.graphql_schema)
    demanded = set(required(operation, kinds))
    lines = [(name, kind, _("must be given") if name in demanded else "") for name, kind in kinds.items()]
    return (
        format_html("<ul>{}</ul>", format_html_join("", "<li><code>{}</code> {} {}</li>", lines))
        if lines
        else SafeString()
    )


def _answer(options: Options) -> str:
    """Return in words how an answer is handed over."""
    told = [_("A list, under items.") if options.is_list else _("One flat object.")]
    told.append(
        {
            "404": _("Where nothing is found: status 404."),
            "found": _("Where nothing is found: found is false, with status 200."),
            "item": _("Where nothing is found: the item %(key)s.") % {"key": options.default_key},
        }[options.on_empty]
    )
    told.append(_("At most %(count)s bytes.") % {"count": f"{options.most_bytes:,}"})
    if options.most_item_bytes:
        told.append(_("At most %(count)s bytes an item.") % {"count": f"{options.most_item_bytes:,}"})
    if options.most_text:
        told.append(_("At most %(count)s characters a text.") % {"count": f"{options.most_text:,}"})
    return " ".join(told)


register_permission_policy(Operation, ReadOnly(Operation))


class OperationViewSet(ModelViewSet):
    """Operations, in the settings menu."""

    model = Operation
    name = "operations"
    icon = "code"
    menu_label = gettext_lazy("Operations")
    menu_order = 310
    add_to_settings_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = True
    list_per_page = 50
    search_fields = ["name", "text"]
    form_fields = ["name"]
    index_view_class = IndexView
    inspect_view_class = InspectView
