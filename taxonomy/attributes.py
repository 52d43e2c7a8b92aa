"""The attributes that a facet declares for its terms, as form fields and as the JSON that the API serves."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput

from taxonomy.codes import AttributeKind
from taxonomy.models import FacetAttribute

PREFIX = "attribute_"


def attribute_fields(definitions: Iterable[FacetAttribute], values: dict[str, Any]) -> dict[str, forms.Field]:
    """Return one form field for each definition, by its name in the form, beginning with the term's value."""
    fields = {}
    for definition in definitions:
        field = _field(definition, values.get(definition.name))
        field.label, field.required = definition.label, definition.is_required
        field.initial = _initial(definition, values.get(definition.name))
        fields[f"{PREFIX}{definition.name}"] = field
    return fields


def attributes_of(definitions: Iterable[FacetAttribute], cleaned: dict[str, Any], others: dict[str, Any]) -> Any:
    """Return all attributes of a term: what no definition declares is kept, an empty value is none."""
    attributes = dict(others)
    for definition in definitions:
        value = _stored(definition, cleaned.get(f"{PREFIX}{definition.name}"))
        if value is not None:
            attributes[definition.name] = value
    return attributes


def _field(definition: FacetAttribute, value: Any) -> forms.Field:
    match definition.kind:
        case AttributeKind.NUMBER:
            return forms.FloatField()
        case AttributeKind.BOOLEAN:
            return forms.ChoiceField(choices=[("", "–"), ("true", _("Yes")), ("false", _("No"))])
        case AttributeKind.DATE:
            return forms.DateField(widget=AdminDateInput())
        case AttributeKind.CHOICE:
            offered = definition.values_offered
            gone = [value] if isinstance(value, str) and value not in offered else []
            told = [(one, _("%(value)s (no longer offered)") % {"value": one}) for one in gone]
            return forms.ChoiceField(choices=[("", "–"), *((one, one) for one in offered), *told])
        case _:
            return forms.CharField(max_length=1000)


def _initial(definition: FacetAttribute, value: Any) -> Any:
    if definition.kind == AttributeKind.BOOLEAN and isinstance(value, bool):
        return "true" if value else "false"
    return value


def _stored(definition: FacetAttribute, value: Any) -> Any:
    """Return the value as JSON has it, None for none."""
    if definition.kind == AttributeKind.BOOLEAN and value:
        return value == "true"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return None if value == "" else value
