"""The forms behind the taxonomy's screens."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.functional import cached_property
from modelcluster.forms import BaseChildFormSet
from wagtail.admin.forms.models import WagtailAdminModelForm

from locales.catalogue import locale_catalogue
from locales.cldr import locale_name
from locales.widgets import SuggestionInput, TextPerLocaleField
from taxonomy.changing import next_position, set_further_parents
from taxonomy.codes import LabelKind
from taxonomy.forms import TermField, TermsField
from taxonomy.models import Facet, Term


class FacetForm(WagtailAdminModelForm):
    """A facet: its code cannot be changed once it is there."""

    names = TextPerLocaleField(required=False, help_text="What the facet is called in each locale of the hub.")

    class Meta:
        model = Facet
        fields = ["code", "names", "uri", "position"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].disabled = self.instance.pk is not None


class LanguageFormSet(BaseChildFormSet):
    """Rows with a text in a language: the hub's locales are offered, any language tag is taken."""

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["language"].widget = SuggestionInput(self.suggestions)
        form.fields["language"].help_text = ""  # said once, above the rows

    @cached_property
    def suggestions(self) -> list[tuple[str, str]]:
        return [(tag, locale_name(tag, tag)) for tag in locale_catalogue().by_code]


class LabelFormSet(LanguageFormSet):
    """The labels of a term: one preferred label a language."""

    def clean(self) -> None:
        super().clean()
        seen = set()
        for form in self.forms:
            row = getattr(form, "cleaned_data", {})
            if row.get("DELETE") or row.get("kind") != LabelKind.PREFERRED or "language" not in row:
                continue
            language = form.instance.language  # in canonical form
            if language in seen:
                raise ValidationError(f"There are two preferred labels in {language}: a term has one a language.")
            seen.add(language)


class TermForm(WagtailAdminModelForm):
    """A term with its rows. The facet and the code cannot be changed once the term is there."""

    parent = TermField(required=False, help_text=Term._meta.get_field("parent").help_text)
    further = TermsField(
        required=False,
        is_ordered=False,
        label="Further parents",
        help_text="Other terms that this one stands below as well.",
    )
    related = TermsField(required=False, is_ordered=False, help_text=Term._meta.get_field("related").help_text)

    class Meta:
        model = Term
        fields = ["code", "uri", "parent", "position", "related", "attributes"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        term = self.instance
        if term.pk:
            self.fields["code"].disabled = True
            self.initial["further"] = [row.parent_id for row in term.further_parents.all()]
            self.initial["parent"] = term.parent_id
            self.initial["related"] = list(term.related.values_list("pk", flat=True))
        elif term.facet_id:
            self.initial["code"] = f"{term.facet.code}:"
        self.fields["position"].required = False
        self._keep_to_facet()

    def clean_position(self) -> int:
        """Return the place given; without one the term comes last."""
        place = self.cleaned_data["position"]
        if place is not None:
            return place
        return next_position(self.instance.facet, self.cleaned_data.get("parent"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        set_further_parents(self.instance, cleaned.get("further", []))
        return cleaned

    @transaction.atomic
    def save(self, commit: bool = True) -> Term:
        term = super().save(commit)
        if commit and "related" in self.changed_data:
            term.facet.raise_version()
        return term

    def _keep_to_facet(self) -> None:
        if self.instance.facet_id:
            for name in ("parent", "further"):
                field = self.fields[name]
                field.facet = field.widget.facet = self.instance.facet.code


class RetireForm(forms.Form):
    """What becomes of a term that is retired, and of what stands below it."""

    successors = TermsField(
        required=False,
        is_ordered=False,
        label="Replaced by",
        help_text="One term: a merge, its code answers for this one. Several: a split. None: nothing replaces it.",
    )
    children_to = TermField(required=False, label="Terms below it move below")

    def __init__(self, *args: Any, term: Term, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.facet = field.widget.facet = term.facet.code
        if not Term.objects.current().filter(parent=term).exists():
            del self.fields["children_to"]


class RestoreForm(forms.Form):
    """Nothing to say but yes."""
