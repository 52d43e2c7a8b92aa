"""The screens for personal tokens, in the settings menu."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from channels.models import PersonalToken
from channels.personaltokens import Syntax

_TOOLS = [syntax for syntax in Syntax if syntax != Syntax.NEUTRAL]


class TokenForm(WagtailAdminModelForm):
    """A token, with an input for what each tool calls it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for syntax in _TOOLS:
            self.fields[_input(syntax)].initial = self.instance.names.get(syntax.value, "")
        if self.instance.pk:
            self.fields["code"].disabled = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        names = {syntax.value: cleaned.get(_input(syntax), "").strip() for syntax in _TOOLS}
        self.instance.names = {syntax: name for syntax, name in names.items() if name}
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() - {"names"}

    def _update_errors(self, errors: forms.ValidationError) -> None:
        """Put what is wrong with a name above the form: its input is not named as the model's field."""
        by_field = errors.error_dict if hasattr(errors, "error_dict") else {}
        if "names" in by_field:
            by_field.setdefault("__all__", []).extend(by_field.pop("names"))
        super()._update_errors(errors)


def _input(syntax: Syntax) -> str:
    return f"name_{syntax.value}"


def _name_field(syntax: Syntax) -> forms.CharField:
    tool, _colon, example = syntax.label.partition(": ")
    return forms.CharField(
        required=False,
        max_length=100,
        label=tool,
        help_text=format_lazy(gettext_lazy("Written {example}"), example=example),
    )


for _syntax in _TOOLS:
    TokenForm.base_fields[_input(_syntax)] = _name_field(_syntax)


class DeleteView(generic.DeleteView):
    """Rooms above keep a token that is used, by Wagtail's hook ``before_delete_personal_token``."""

    def run_before_hook(self) -> Any:
        return self.run_hook("before_delete_personal_token", self.request, self.object)


class TokenViewSet(ModelViewSet):
    """Personal tokens."""

    model = PersonalToken
    name = "personal_tokens"
    icon = "user"
    menu_label = gettext_lazy("Personal tokens")
    menu_order = 310
    add_to_settings_menu = True
    copy_view_enabled = False
    list_per_page = 100
    search_fields = ["code", "sample", "default"]
    delete_view_class = DeleteView
    list_display = [
        TitleColumn("token", label=gettext_lazy("Token"), accessor=str, url_name="personal_tokens:edit"),
        Column("sample", label=gettext_lazy("Sample")),
        Column("default", label=gettext_lazy("Default")),
        Column("max_length", label=gettext_lazy("Maximum length")),
    ]
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [
                    FieldPanel("code"),
                    FieldRowPanel([FieldPanel("sample"), FieldPanel("max_length")]),
                    FieldPanel("default"),
                ],
                heading=gettext_lazy("Token"),
            ),
            MultiFieldPanel(
                [FieldPanel(_input(syntax)) for syntax in _TOOLS],
                heading=gettext_lazy("Names in tools"),
                help_text=gettext_lazy(
                    "What the tool calls the attribute, if not by the code: "
                    "profile.person.name.firstName. Which of them a connection is given is set with the "
                    "connection."
                ),
            ),
        ],
        base_form_class=TokenForm,
    )
