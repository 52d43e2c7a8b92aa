"""Form fields for a type's own fields: between what a form posts and what the item keeps."""

from typing import Any

from django import forms
from wagtail.admin.widgets import AdminAutoHeightTextInput, AdminDateInput
from wagtail.images import get_image_model
from wagtail.images.widgets import AdminImageChooser

from taxonomy.forms import TermsField
from taxonomy.snapshot import taxonomy_snapshot

from .codes import FieldKind
from .fieldvalues import clean_value
from .links import validate_link
from .models import FieldDefinition


class MoneyWidget(forms.MultiWidget):
    """An amount and a currency side by side."""

    def __init__(self) -> None:
        super().__init__(
            {
                "amount": forms.TextInput({"inputmode": "decimal", "placeholder": "12.50", "aria-label": "Amount"}),
                "currency": forms.TextInput(
                    {"placeholder": "EUR", "maxlength": 3, "size": 3, "aria-label": "Currency"}
                ),
            },
            {"class": "content-money"},
        )

    def decompress(self, value: dict[str, str] | None) -> list[str]:
        return [value["amount"], value["currency"]] if value else ["", ""]


class MoneyField(forms.MultiValueField):
    """An amount of money, cleaned to {"amount", "currency"} or None."""

    widget = MoneyWidget

    def __init__(self, **kwargs: Any) -> None:
        fields = (forms.CharField(required=False), forms.CharField(required=False))
        super().__init__(fields=fields, require_all_fields=False, **kwargs)

    def compress(self, values: list[str]) -> dict[str, str] | None:
        if not values or not any(values):
            return None
        amount, currency = values
        return clean_value(FieldKind.MONEY, {"amount": amount.replace(",", "."), "currency": currency.upper()})


class KeysField(forms.CharField):
    """Keys of items, one a line."""

    widget = AdminAutoHeightTextInput

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:
        return list(dict.fromkeys(super().to_python(value).split()))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (initial or []) != self.to_python(data)


class ImageField(forms.ModelChoiceField):
    """One picture, kept as a list of one."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=get_image_model().objects.all(), widget=AdminImageChooser(), **kwargs)


def form_field(definition: FieldDefinition) -> forms.Field:
    """Return the form field for one of a type's own fields."""
    options = {"label": definition.label, "required": False}
    match definition.kind:
        case FieldKind.NUMBER:
            return forms.DecimalField(**options)
        case FieldKind.BOOLEAN:
            return forms.NullBooleanField(widget=forms.NullBooleanSelect, **options)
        case FieldKind.DATE:
            return forms.DateField(widget=AdminDateInput, **options)
        case FieldKind.MONEY:
            return MoneyField(**options)
        case FieldKind.LINK:
            return forms.CharField(
                validators=[validate_link], help_text="https://…, mailto:…, tel:…, or item: and a key.", **options
            )
        case FieldKind.IMAGE:
            return ImageField(**options)
        case FieldKind.ITEM:
            return KeysField(help_text="Keys of items, one a line.", **options)
        case FieldKind.TERM:
            return TermsField(facet=None, **options)
        case _:
            return forms.CharField(widget=AdminAutoHeightTextInput, **options)


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
            alt = before[0].get("alt", "") if before and before[0]["id"] == value.pk else ""
            return [{"id": value.pk, "alt": alt}, *(before or [])[1:]]
        case FieldKind.TERM:
            return [term.code for term in value]
        case _:
            return clean_value(kind, value)
