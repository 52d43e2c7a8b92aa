"""What a variant may set instead of its base: names of fields, and the columns that hold their values."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels.models import PersonalToken
from channels.personaltokens import refusal, texts_in
from contenthub.delivery.resolving import (
    BODY,
    CALL_TO_ACTION,
    FIELD_PREFIX,
    HEADLINE,
    IMAGE,
    SUMMARY,
    TEXT_PREFIX,
    WHOLE_FIELDS,
)

COLUMNS = {
    HEADLINE: ("headline",),
    SUMMARY: ("summary",),
    BODY: ("body",),
    CALL_TO_ACTION: ("cta_label", "cta_link", "cta_action"),
    IMAGE: ("image", "image_alt", "image_caption", "image_credit"),
}
NAMES = {
    HEADLINE: gettext_lazy("Headline"),
    SUMMARY: gettext_lazy("Summary"),
    BODY: gettext_lazy("Body"),
    CALL_TO_ACTION: gettext_lazy("Call to action"),
    IMAGE: gettext_lazy("Image"),
}
# What belongs to the item, by the names that somebody may try.
_OF_THE_ITEM = frozenset(
    "type slug key terms tags classification journey campaign product segment action market channels references "
    "priority publishedAt".split()
)


def check_overrides(names: Iterable[str], own_fields: Iterable[str]) -> list[str]:
    """Return the names of overridden fields, each once, in the order of the editor's form.

    Raises:
        ValidationError: a name is no field, or one that belongs to the item as a whole.
    """
    known = set(own_fields)
    given = list(dict.fromkeys(names))
    for name in given:
        if name in _OF_THE_ITEM or name.partition(".")[0] in _OF_THE_ITEM:
            raise ValidationError(
                _(
                    "A version cannot override '%(name)s': tags, type, channels and addresses belong to "
                    "the item as a whole."
                )
                % {"name": name}
            )
        is_text = name.startswith(TEXT_PREFIX) and len(name) > len(TEXT_PREFIX)
        is_own = name.startswith(FIELD_PREFIX) and name.removeprefix(FIELD_PREFIX) in known
        if name not in WHOLE_FIELDS and not is_text and not is_own:
            raise ValidationError(_("There is no field '%(name)s' to override.") % {"name": name})
    whole = [name for name in WHOLE_FIELDS if name in given]
    return [*whole, *(name for name in given if name not in WHOLE_FIELDS)]


def value_of(row: Any, name: str) -> Any:
    """Return what a row, base or variant, has in a field: plain values that can be compared."""
    if name.startswith(TEXT_PREFIX):
        return row.short_texts.get(name.removeprefix(TEXT_PREFIX), "")
    if name.startswith(FIELD_PREFIX):
        return row.own_fields.get(name.removeprefix(FIELD_PREFIX))
    if name == BODY:
        return list(row.body.raw_data)
    values = [getattr(row, _attribute(column)) for column in COLUMNS[name]]
    return values if len(values) > 1 else values[0]


def lacking(variant: Any) -> Iterator[tuple[str, str]]:
    """Yield field and message for each override that keeps ``variant`` off air: what must not be empty."""
    required = {f"{FIELD_PREFIX}{one.name}" for one in variant.type.field_definitions.all() if one.required}
    for name in variant.overrides:
        if name == HEADLINE and not variant.headline:
            yield name, "A headline can be overridden, but not with nothing: write one, or give it back to the base."
        elif name in required and value_of(variant, name) in (None, "", []):
            yield (
                name,
                _("%(variant)s is needed: write it, or give it back to the base.")
                % {"variant": field_label(name, variant)},
            )
    tokens = cache(PersonalToken.catalogue)
    for name in variant.overrides:
        if message := refusal(texts_in(value_of(variant, name)), tokens):
            yield name, message


def field_label(name: str, base: Any) -> str:
    """Return what editors call a field."""
    if name in NAMES:
        return str(NAMES[name])
    if name.startswith(TEXT_PREFIX):
        return name.removeprefix(TEXT_PREFIX)
    labels = {one.name: one.label for one in base.type.field_definitions.all()}
    own = name.removeprefix(FIELD_PREFIX)
    return labels.get(own, own)


def _attribute(column: str) -> str:
    return f"{column}_id" if column in ("image", "cta_action") else column
