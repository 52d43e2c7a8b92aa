"""Inputs of the item form that neither Django nor Wagtail has."""

from typing import Any

from django import forms
from django.core.exceptions import BadRequest
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.staticfiles import versioned_static
from wagtail.images.widgets import AdminImageChooser


class ItemInput(forms.TextInput):
    """The key of an item: typed, or chosen from what a search finds."""

    template_name = "content/widgets/item_input.html"
    mode = "key"

    @property
    def media(self) -> forms.Media:
        return forms.Media(
            css={"all": [versioned_static("taxonomy/term-chooser.css")]},
            js=[versioned_static("content/item-chooser.js")],
        )

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"] |= {"mode": self.mode, "url": reverse_lazy("content_choose_items"), "texts": TEXTS}
        return context


class LinkInput(ItemInput):
    """A link as editors write it; one that begins with ``item:`` is searched for."""

    mode = "link"


class ItemsInput(ItemInput):
    """Keys of several items, in the editor's order, posted as one text with a space between keys."""

    mode = "keys"

    def format_value(self, value: Any) -> str:
        return " ".join(value) if isinstance(value, list) else value or ""


class MoneyInput(forms.MultiWidget):
    """An amount and a currency side by side."""

    template_name = "content/widgets/money.html"

    def __init__(self, label: str = "") -> None:
        amount = {"inputmode": "decimal", "placeholder": "12.50", "aria-label": f"{label}: {_('amount')}", "dir": "ltr"}
        currency = {"placeholder": "EUR", "maxlength": 3, "aria-label": f"{label}: {_('currency')}", "dir": "ltr"}
        super().__init__({"amount": forms.TextInput(amount), "currency": forms.TextInput(currency)})

    def decompress(self, value: dict[str, str] | None) -> list[str]:
        return [value["amount"], value["currency"]] if value else ["", ""]


class ImageInput(AdminImageChooser):
    """Wagtail's chooser of pictures; it cannot draw what is no id."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        value = super().value_from_datadict(data, files, name)
        if value and not (str(value).isdecimal() and len(str(value)) < 19):
            raise BadRequest(f"'{name}' is not the id of a picture.")
        return value


class TreeCheckboxes(forms.CheckboxSelectMultiple):
    """Checkboxes of a small tree, each set in by its depth; ``depths`` maps values to depths, a root being 1."""

    template_name = "content/widgets/tree_checkboxes.html"
    depths: dict[str, int] = {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {**super().create_option(name, value, *args, **kwargs), "depth": self.depths.get(value, 1)}


TEXTS = {
    "placeholder": _("Search items or type a key"),
    "results": _("Items found"),
    "chosen": _("Chosen items"),
    "found": _("%(count)s items found."),
    "none": _("No item found."),
    "unknown": _("No item has the key %(key)s yet."),
    "added": _("%(item)s added."),
    "removed": _("%(item)s removed."),
    "moved": _("%(item)s is now number %(place)s."),
    "remove": _("Remove %(item)s"),
    "failed": _("The items could not be read. Try again."),
}
