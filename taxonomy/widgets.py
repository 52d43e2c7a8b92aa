"""Choosing terms in a form: a combobox with chips that never lists all terms."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy
from wagtail.admin.staticfiles import versioned_static

from taxonomy.choosing import describe_for_editor
from taxonomy.snapshot import taxonomy_snapshot


class TermChooser(forms.Widget):
    """A combobox over one facet (None: over all), with a chip for each chosen term.

    The value posted is the ids of the terms, separated by commas, in the editor's order. Where the order
    means something the first term is marked as primary and chips can be moved.
    """

    template_name = "taxonomy/widgets/term_chooser.html"

    def __init__(
        self,
        facet: str | None = None,
        multiple: bool = False,
        attrs: dict[str, Any] | None = None,
        *,
        is_ordered: bool = True,
        offers_retired: bool = False,
    ) -> None:
        super().__init__(attrs)
        self.facet = facet
        self.multiple = multiple
        self.offers_retired = offers_retired
        self.is_ordered = multiple and is_ordered

    @property
    def media(self) -> forms.Media:
        return forms.Media(
            css={"all": [versioned_static("taxonomy/term-chooser.css")]},
            js=[versioned_static("taxonomy/term-chooser.js")],
        )

    def format_value(self, value: Any) -> str:
        """Return the ids as posted: of a term, of several, or of a text of ids."""
        if value in (None, ""):
            return ""
        values = value if isinstance(value, list | tuple) else [value]
        return ",".join(str(getattr(term, "pk", term)) for term in values)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        ids = self.format_value(value)
        context["widget"] |= {
            "value": ids,
            "facet": self.facet or "",
            "multiple": self.multiple,
            "is_ordered": self.is_ordered,
            "offers_retired": self.offers_retired,
            "url": reverse("taxonomy_choose_terms"),
            "chips": [describe_for_editor(term) for term in _chosen(ids)] if ids else [],
            "texts": TEXTS,
        }
        return context

    def id_for_label(self, id_: str) -> str:
        return id_


TEXTS = {
    "placeholder": gettext_lazy("Search terms"),
    "chosen": gettext_lazy("Chosen terms"),
    "primary": gettext_lazy("primary"),
    "retired": gettext_lazy("retired"),
    "remove": gettext_lazy("Remove %(term)s"),
    "added": gettext_lazy("%(term)s added."),
    "removed": gettext_lazy("%(term)s removed."),
    "moved": gettext_lazy("%(term)s is now number %(place)s."),
    "found": gettext_lazy("%(count)s terms found."),
    "none": gettext_lazy("No term found."),
    "failed": gettext_lazy("The terms could not be read. Try again."),
    "help": gettext_lazy("Alt with the left and right arrow keys moves the term; Delete removes it."),
    "help-unordered": gettext_lazy("Delete removes the term."),
}


def _chosen(ids: str) -> Iterable[Any]:
    snapshot = taxonomy_snapshot()
    found = (snapshot.find_id(int(part)) for part in ids.split(",") if part.strip().isdecimal())
    return (term for term in found if term)
