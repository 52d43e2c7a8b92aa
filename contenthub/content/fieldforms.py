"""Form fields for a type's own fields: between what a form posts and what the item keeps."""

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminAutoHeightTextInput, AdminDateInput
from wagtail.images import get_image_model

from locales.cldr import is_currency
from taxonomy.forms import TermsField
from taxonomy.snapshot import taxonomy_snapshot

from .codes import FieldKind
from .fieldvalues import clean_value
from .links import validate_link
from .models import FieldDefinition
from .widgets import ImageInput, ItemsInput, LinkInput, MoneyInput

LINK_HELP = "https://…, mailto:…, tel:…, or the name of an item to link to."
LARGEST_NUMBER = 10**15  # beyond it a double, which is what JSON readers keep, loses units

# A comma may stand for the point, but not where it might part thousands.
_AMOUNT = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6}|,[0-9]{1,2})?\Z")


class MoneyField(forms.MultiValueField):
    """An amount of money, cleaned to {"amount", "currency"} or None."""

    default_error_messages = {
        "amount": gettext_lazy(
            "Write the amount with digits and a point and no thousands separators, for example 1250.00."
        ),
        "currency": "'%(currency)s' is no ISO 4217 currency such as EUR.",
    }

    def __init__(self, **kwargs: Any) -> None:
        fields = (forms.CharField(required=False), forms.CharField(required=False))
        widget = MoneyInput(str(kwargs.get("label", "")))
        super().__init__(fields=fields, require_all_fields=False, widget=widget, **kwargs)

    def compress(self, values: list[str]) -> dict[str, str] | None:
        if not values or not any(values):
            return None
        amount, currency = (unicodedata.normalize("NFKC", value) for value in values)
        if not _AMOUNT.match(amount):
            raise ValidationError(self.error_messages["amount"], code="amount")
        if not is_currency(currency.upper()):
            raise ValidationError(self.error_messages["currency"], code="currency", params={"currency": currency})
        return {"amount": amount.replace(",", "."), "currency": currency.upper()}


class KeysField(forms.CharField):
    """Keys of items in the editor's order, cleaned to a list without repetition."""

    widget = ItemsInput

    def to_python(self, value: Any) -> list[str]:
        return list(dict.fromkeys(super().to_python(value).split()))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (initial or []) != self.to_python(data)


class LinkField(forms.CharField):
    """A link as editors write it."""

    widget = LinkInput
    default_validators = [validate_link]


class ImageField(forms.ModelChoiceField):
    """One picture, kept as a list of one."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=get_image_model().objects.all(), widget=ImageInput(), **kwargs)


def form_field(definition: FieldDefinition, value: Any) -> forms.Field:
    """Return the form field for one of a type's own fields, fit for the ``value`` that it holds."""
    options = {"label": definition.label, "required": False}
    match definition.kind:
        case FieldKind.NUMBER:
            return forms.DecimalField(min_value=-LARGEST_NUMBER, max_value=LARGEST_NUMBER, **options)
        case FieldKind.BOOLEAN:
            return forms.NullBooleanField(widget=forms.NullBooleanSelect, **options)
        case FieldKind.DATE:
            return forms.DateField(widget=AdminDateInput, **options)
        case FieldKind.MONEY:
            return MoneyField(**options)
        case FieldKind.LINK:
            return LinkField(help_text=LINK_HELP, **options)
        case FieldKind.IMAGE:
            return ImageField(**options)
        case FieldKind.ITEM:
            return KeysField(**options)
        case FieldKind.TERM:
            return TermsField(facet=None, **options)
        case _:
            has_lines = isinstance(value, str) and "\n" in value
            return forms.CharField(widget=AdminAutoHeightTextInput if has_lines else forms.TextInput, **options)


def to_form(kind: str, value: Any) -> Any:
    """Return a kept value as the form field begins with it."""
    match kind:
        case FieldKind.IMAGE:
            return value[0]["id"] if value else None
        case FieldKind.TERM:
            taxonomy = taxonomy_snapshot()
            found = (taxonomy.find(code) for code in value or ())
            return [term.id for term in found if term]
        case _:
            return value


def from_form(kind: str, value: Any, before: Any) -> Any:
    """Return what a form field was cleaned to as the item keeps it; None for nothing.

    Raises:
        ValidationError: it cannot be kept.
    """
    if value in (None, "", []):
        return None
    match kind:
        case FieldKind.NUMBER:
            return int(value) if value == value.to_integral_value() else float(value)
        case FieldKind.DATE:
            return value.isoformat()
        case FieldKind.IMAGE:
            alts = {entry["id"]: entry.get("alt", "") for entry in before or []}
            others = [entry for entry in (before or [])[1:] if entry["id"] != value.pk]
            return [{"id": value.pk, "alt": alts.get(value.pk, "")}, *others]
        case FieldKind.TERM:
            return [term.code for term in value]
        case _:
            return clean_value(kind, value)
