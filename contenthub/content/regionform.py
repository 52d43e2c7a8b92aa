"""What the form of a text for a region shows of its language: what each field takes while it is empty."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from contenthub.delivery.resolving import CALL_TO_ACTION, FIELD_PREFIX, TEXT_PREFIX, WHOLE_FIELDS

from .readiness import OWN
from .regions import writes
from .variants.overriding import COLUMNS
from .variants.values import readable

TOLD_CHARS = 150


def show_inherited(form: Any) -> None:
    """Show at each field of a form what it takes from the form's ``languages`` while it is empty.

    A text stands in its place; of what has no place for a text it is told.
    """
    form.fields["headline"].required = False
    for name, input_name in _inputs(form):
        giver = next((one for one in form.languages if writes(one, name)), None)
        if giver is None:
            continue
        field, text = form.fields[input_name], readable(giver, name)
        if type(field) is forms.CharField and name != CALL_TO_ACTION:
            field.widget.attrs["placeholder"] = text
            continue
        shown = {"language": giver.locale, "text": Truncator(text).chars(TOLD_CHARS)}
        note = _("Empty, it is as in %(language)s: %(text)s") % shown
        field.help_text = format_html("{} {}", field.help_text, note)


def inherited_texts(form: Any) -> list[str]:
    """Return the names of the short texts that a form's languages give."""
    names = dict.fromkeys(name for one in form.languages for name in one.short_texts)
    return [name for name in names if any(writes(one, f"{TEXT_PREFIX}{name}") for one in form.languages)]


def _inputs(form: Any) -> Iterator[tuple[str, str]]:
    """Yield each field written in each language, and the input at which it is explained."""
    yield from ((name, COLUMNS[name][0]) for name in WHOLE_FIELDS)
    yield from ((f"{FIELD_PREFIX}{one.name}", f"{OWN}{one.name}") for one in form.definitions if one.localized)
