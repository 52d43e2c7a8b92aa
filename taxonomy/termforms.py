"""The forms behind the taxonomy's screens."""

import json
from collections import Counter
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modelcluster.forms import BaseChildFormSet
from wagtail.admin.forms.models import WagtailAdminModelForm

from locales.catalogue import locale_catalogue
from locales.cldr import locale_name
from locales.widgets import SuggestionInput, TextPerLocaleField
from taxonomy.attributes import attribute_fields, attributes_of
from taxonomy.changing import next_position, set_further_parents
from taxonomy.codes import LabelKind, MappingKind, NoteKind
from taxonomy.forms import TermField, TermsField
from taxonomy.languagegrid import LanguageGridField, Texts
from taxonomy.models import Facet, Term, TermPath
from taxonomy.strictjson import DEEPEST, StrictDecoder
from taxonomy.termtexts import FURTHER_NOTES, LABELS, NOTES, set_labels, set_notes, texts_of
from taxonomy.termversions import changed_parts, last_editor, seen_parts

NOT_EXACT = {MappingKind.BROAD, MappingKind.NARROW, MappingKind.RELATED}


class FacetForm(WagtailAdminModelForm):
    """A facet: its code cannot be changed once it is there."""

    names = TextPerLocaleField(
        required=False, help_text=gettext_lazy("What the facet is called in each locale of the hub.")
    )

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


class FurtherNoteFormSet(LanguageFormSet):
    """The notes of the kinds that have no column of their own."""

    def __init__(self, *args: Any, instance: Any = None, queryset: Any = None, **kwargs: Any) -> None:
        if queryset is None and instance is not None:
            queryset = instance.notes.filter(kind__in=FURTHER_NOTES)
        super().__init__(*args, instance=instance, queryset=queryset, **kwargs)

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["kind"].choices = [choice for choice in NoteKind.choices if choice[0] in FURTHER_NOTES]


class MappingFormSet(BaseChildFormSet):
    """Each mapping once, and SKOS S46: an exact match is no broad, narrow or related one."""

    def clean(self) -> None:
        super().clean()
        kinds: dict[str, set[str]] = {}
        for form in _rows_changed(self):
            uri, kind = form.cleaned_data.get("uri"), form.cleaned_data.get("kind")
            of_uri = kinds.setdefault(uri, set())
            if kind in of_uri:
                form.add_error("uri", _("This mapping is there twice."))
            of_uri.add(kind)
            if MappingKind.EXACT in of_uri and of_uri & NOT_EXACT:
                form.add_error("uri", _("An exact match is no broader, narrower or related one (SKOS S46)."))


class WindowFormSet(BaseChildFormSet):
    """Each window once."""

    def clean(self) -> None:
        super().clean()
        seen = set()
        for form in _rows_changed(self):
            days = form.cleaned_data.get("start"), form.cleaned_data.get("end")
            if days in seen:
                form.add_error("start", _("This window is there twice."))
            seen.add(days)


def _rows_changed(formset: BaseChildFormSet) -> list[forms.ModelForm]:
    """Return the rows that stay, if any was changed: what came in by other ways is not judged in passing."""
    if not formset.has_changed():
        return []
    return [form for form in formset.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]


class TermForm(WagtailAdminModelForm):
    """A term with its rows. The facet and the code cannot be changed once the term is there."""

    parent = TermField(required=False, label=gettext_lazy("Parent"), help_text=Term._meta.get_field("parent").help_text)
    further = TermsField(
        required=False,
        is_ordered=False,
        label=gettext_lazy("Further parents"),
        help_text=gettext_lazy("Other terms that this one stands below as well."),
    )
    related = TermsField(required=False, is_ordered=False, help_text=Term._meta.get_field("related").help_text)
    names = LanguageGridField(LABELS, required=False, label=gettext_lazy("Names"))
    meaning = LanguageGridField(NOTES, required=False, label=gettext_lazy("Meaning"))
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Term
        fields = ["code", "uri", "parent", "position", "related", "attributes"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        term = self.instance
        self.definitions = list(term.facet.attribute_definitions.all()) if term.facet_id else []
        self.fields |= attribute_fields(self.definitions, term.attributes)
        declared = {definition.name for definition in self.definitions}
        self.initial["attributes"] = {name: one for name, one in term.attributes.items() if name not in declared}
        self.initial["names"] = texts_of(term.labels.all(), LABELS)
        self.initial["meaning"] = texts_of(term.notes.all(), NOTES)
        if term.pk:
            self.initial["seen"] = json.dumps(seen_parts(term))
            self.fields["code"].disabled = True
            self.initial["further"] = [row.parent_id for row in term.further_parents.all()]
            self.initial["parent"] = term.parent_id
            self.initial["related"] = list(term.related.values_list("pk", flat=True))
        elif term.facet_id:
            self.initial["parent"] = term.parent_id
            self.initial["code"] = f"{term.facet.code}:"
        self.fields["position"].required = False
        self.fields["attributes"].decoder = StrictDecoder
        self.fields["attributes"].error_messages["invalid"] = _(
            "This is no JSON object that can be stored: no NaN, no infinite numbers, no NUL characters, "
            "and at most %(levels)s levels within each other."
        ) % {"levels": DEEPEST}
        self._keep_to_facet()

    def clean_code(self) -> str:
        """Return the code; a new one that differs from another in capitals only would be taken for it."""
        code = self.cleaned_data["code"]
        alike = Term.objects.filter(code__iexact=code).exclude(code=code).exclude(pk=self.instance.pk)
        if not self.instance.pk and (other := alike.values_list("code", flat=True).first()):
            raise ValidationError(_("%(code)s is there already: this differs in capitals only.") % {"code": other})
        return code

    def clean_names(self) -> Texts:
        """Return the names: at least one, unless there was none before, and SKOS S13: no text of two kinds."""
        names = self.cleaned_data["names"]
        if self.instance.pk and "names" not in self.changed_data:
            return names
        was = self.initial["names"].values()
        had_name = not self.instance.pk or any(LabelKind.PREFERRED in kinds for kinds in was)
        if had_name and not any(LabelKind.PREFERRED in kinds for kinds in names.values()):
            raise ValidationError(_("A term needs a name in one language at least."))
        for language, kinds in names.items():
            times = Counter(text for texts in kinds.values() for text in texts)
            if twice := [text for text, number in times.items() if number > 1]:
                told = _("%(language)s: “%(text)s” is there as name and as synonym, or only searched (SKOS S13).")
                raise ValidationError(told % {"language": language, "text": twice[0]})
        return names

    def clean_position(self) -> int:
        """Return the place given; without one the term comes last."""
        place = self.cleaned_data["position"]
        if place is not None:
            return place
        return next_position(self.instance.facet, self.cleaned_data.get("parent"))

    def clean_attributes(self) -> Any:
        """Return the attributes that no definition declares; those that one does have fields of their own."""
        others = self.cleaned_data["attributes"]
        if others is None:
            return {}
        declared = {definition.name for definition in self.definitions}
        twice = sorted(declared & others.keys()) if isinstance(others, dict) else []
        if twice:
            raise ValidationError(
                _("%(twice)s: the facet declares it, it has a field of its own.") % {"twice": ", ".join(twice)}
            )
        return others

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        set_further_parents(self.instance, cleaned.get("further", []))
        if isinstance(cleaned.get("attributes"), dict):
            cleaned["attributes"] = attributes_of(self.definitions, cleaned, cleaned["attributes"])
        if {"related", "parent", "further"} & set(self.changed_data):
            self._refuse_related_in_line(cleaned)
        if self.instance.pk and cleaned.get("seen"):
            self._refuse_unseen(cleaned["seen"])
        return cleaned

    @transaction.atomic
    def save(self, commit: bool = True) -> Term:
        term = super().save(commit=False)
        set_labels(term, self.cleaned_data["names"])
        set_notes(term, self.cleaned_data["meaning"])
        if commit:
            term.save()
            self.save_m2m()
        if commit and "related" in self.changed_data:
            term.facet.raise_version()
        return term

    def _refuse_related_in_line(self, cleaned: dict[str, Any]) -> None:
        """SKOS S27: what is related to a term is not above or below it, nor the term itself."""
        related = {term.pk: term for term in cleaned.get("related") or ()}
        parents = [term for term in (cleaned.get("parent"), *cleaned.get("further", ())) if term]
        above = TermPath.objects.filter(descendant__in=parents, ancestor__in=related).values_list("ancestor", flat=True)
        below = TermPath.objects.filter(ancestor=self.instance.pk, descendant__in=related)  # the term itself too
        for pk in {*above, *below.values_list("descendant", flat=True)}:
            told = _("%(code)s stands above or below this term: it cannot be related to it as well (SKOS S27).")
            told = _("A term is not related to itself.") if pk == self.instance.pk else told
            self.add_error("related", told % {"code": related[pk].code})

    def _refuse_unseen(self, seen: str) -> None:
        """Refuse to write over what somebody else changed since the form was shown; once it was told, let it be."""
        now = seen_parts(self.instance)
        try:
            changed = changed_parts(json.loads(seen), now)
        except (ValueError, AttributeError, RecursionError):
            changed = changed_parts({}, now)
        if not changed:
            return
        self.data = self.data.copy()
        self.data["seen"] = json.dumps(now)
        who = last_editor(self.instance)
        told = _(
            "This term was changed meanwhile%(who)s: %(changed)s. Nothing was saved and what you wrote is still here. "
            "Saving again puts yours in the place of theirs."
        )
        self.add_error(None, told % {"who": f" ({who})" if who else "", "changed": ", ".join(changed)})

    def _keep_to_facet(self) -> None:
        if self.instance.facet_id:
            for name in ("parent", "further"):
                field = self.fields[name]
                field.facet = field.widget.facet = self.instance.facet.code
