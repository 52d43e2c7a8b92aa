"""Form fields whose value is a term, or several in the editor's order."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from taxonomy.models import Term
from taxonomy.widgets import TermChooser

MOST_TERMS = 200
LARGEST_ID = 2**63 - 1


class TermsField(forms.Field):
    """Terms of one facet (None: of any), cleaned to a list of distinct terms in the order chosen.

    Where the order means nothing, ``is_ordered=False`` keeps the editor from thinking that it does.
    A retired term may stay where it was chosen before; it cannot be chosen anew, save with ``accepts_retired``.
    """

    is_multiple = True
    default_error_messages = {
        "malformed": gettext_lazy("This is not a list of terms."),
        "too_many": gettext_lazy("At most %(limit)s terms can be chosen."),
        "unknown": gettext_lazy("A chosen term does not exist."),
        "twice": gettext_lazy("%(code)s is chosen twice."),
        "foreign": gettext_lazy("%(code)s is not of the facet %(facet)s."),
        "retired": gettext_lazy("%(code)s is retired and cannot be chosen anew."),
        "several": gettext_lazy("Only one term can be chosen."),
    }

    def __init__(
        self, facet: str | None = None, *, is_ordered: bool = True, accepts_retired: bool = False, **kwargs: Any
    ) -> None:
        chooser = TermChooser(facet, multiple=self.is_multiple, is_ordered=is_ordered, offers_retired=accepts_retired)
        kwargs.setdefault("widget", chooser)
        super().__init__(**kwargs)
        self.facet = facet
        self.accepts_retired = accepts_retired
        self.chosen_before: frozenset[int] = frozenset()

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        """Remember what the form began with: only that may be retired."""
        self.chosen_before = frozenset(_ids(form.get_initial_for_field(self, field_name)))
        return super().get_bound_field(form, field_name)

    def prepare_value(self, value: Any) -> str:
        return self.widget.format_value(value)

    def to_python(self, value: Any) -> Any:
        ids = self._parsed(value)
        terms = Term.objects.select_related("facet").in_bulk(ids)
        for number, pk in enumerate(ids):
            if pk not in terms:
                raise self._error("unknown")
            if pk in ids[:number]:
                raise self._error("twice", code=terms[pk].code)
            self._check(terms[pk])
        return [terms[pk] for pk in ids]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return not self.disabled and _ids(initial) != _ids(data)

    def _parsed(self, value: Any) -> list[int]:
        try:
            ids = _ids(value)
        except ValueError as error:
            raise self._error("malformed") from error
        if len(ids) > MOST_TERMS:
            raise self._error("too_many", limit=MOST_TERMS)
        return ids

    def _check(self, term: Term) -> None:
        if self.facet and term.facet.code != self.facet:
            raise self._error("foreign", code=term.code, facet=self.facet)
        if term.is_retired and not self.accepts_retired and term.pk not in self.chosen_before:
            raise self._error("retired", code=term.code)

    def _error(self, name: str, **params: Any) -> ValidationError:
        return ValidationError(self.error_messages[name], code=name, params=params)


class TermField(TermsField):
    """One term of one facet (None: of any), cleaned to the term or None."""

    is_multiple = False

    def to_python(self, value: Any) -> Term | None:
        terms = super().to_python(value)
        if len(terms) > 1:
            raise self._error("several")
        return terms[0] if terms else None


def _ids(value: Any) -> list[int]:
    """Return the ids of terms, of ids, or of a text of ids.

    Raises:
        ValueError: the text is something else.
    """
    if value in (None, ""):
        return []
    if isinstance(value, str):
        ids = [_id(part) for part in value.split(",")]
    else:
        several: Iterable[Any] = value if isinstance(value, Iterable) else [value]
        ids = [int(getattr(term, "pk", term)) for term in several]
    return ids


def _id(text: str) -> int:
    number = int(text) if text.strip().isdecimal() and len(text) < 20 else -1
    if not 0 < number <= LARGEST_ID:
        raise ValueError(f"'{text}' is no id.")
    return number
