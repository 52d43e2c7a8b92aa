"""The forms behind the screens that change a term: each makes one change of ``taxonomy.changes``."""

from collections.abc import Mapping
from typing import Any

import orjson
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from locales.widgets import TextPerLocaleField
from taxonomy.changes import Change, Merge, Move, Rename, Restore, Retire, Split
from taxonomy.facetview import TermView
from taxonomy.forms import TermField, TermsField
from taxonomy.models import Term


class ChangeForm(forms.Form):
    """What is asked about one change of one term."""

    def __init__(self, *args: Any, term: TermView, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.term = term
        for field in self.fields.values():
            if isinstance(field, TermsField):
                field.facet = field.widget.facet = term.facet

    def change(self) -> Change:
        """Return the change that the cleaned data ask for."""
        raise NotImplementedError

    @classmethod
    def initial_of(cls, term: TermView, asked: Mapping[str, str]) -> dict[str, Any]:
        """Return what the form begins with: the term as it is, or what the address asks for."""
        return {}

    def code(self, name: str) -> str | None:
        chosen: Term | None = self.cleaned_data.get(name)
        return chosen.code if chosen else None

    def codes(self, name: str) -> tuple[str, ...]:
        return tuple(chosen.code for chosen in self.cleaned_data.get(name) or ())


class RenameForm(ChangeForm):
    names = TextPerLocaleField(
        label=gettext_lazy("Names"), help_text=gettext_lazy("The preferred label in each language. An empty one goes.")
    )
    keep_old = forms.BooleanField(
        required=False,
        label=gettext_lazy("Keep the old names as synonyms"),
        help_text=gettext_lazy("They are still found in a search."),
    )

    @classmethod
    def initial_of(cls, term: TermView, asked: Mapping[str, str]) -> dict[str, Any]:
        return {"names": dict(term.labels)}

    def change(self) -> Change:
        names, labels = self.cleaned_data["names"], self.term.labels
        given = {tag: names.get(tag) for tag in {**labels, **names} if names.get(tag) != labels.get(tag)}
        return Rename(self.term.code, labels=given, keep_old=self.cleaned_data["keep_old"])


class MoveForm(ChangeForm):
    parent = TermField(required=False, label=gettext_lazy("Below"), help_text=gettext_lazy("Empty: to the top level."))
    further = TermsField(
        required=False, is_ordered=False, label=gettext_lazy("Also below"), help_text=gettext_lazy("Further parents.")
    )
    beside = TermField(
        required=False,
        label=gettext_lazy("Beside"),
        help_text=gettext_lazy("A term of the same level. Empty: at the end."),
    )
    side = forms.ChoiceField(
        choices=[("before", gettext_lazy("Before it")), ("after", gettext_lazy("After it"))],
        required=False,
        label=gettext_lazy("Where"),
        initial="after",
    )

    @classmethod
    def initial_of(cls, term: TermView, asked: Mapping[str, str]) -> dict[str, Any]:
        further = ",".join(str(one.id) for one in term.broader[1:])
        parent = str(term.parent.id) if term.parent else ""
        side = "before" if "before" in asked else "after"
        beside = asked.get(side, "")
        return {
            "parent": asked.get("parent", parent),
            "further": asked.get("further", further),
            "beside": beside,
            "side": side,
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("further") and "parent" in cleaned and not cleaned["parent"]:
            self.add_error(
                "parent", _("Choose one of the terms under “Also below” here; at the top level, leave none there.")
            )
        return cleaned

    def change(self) -> Change:
        beside, parent = self.code("beside"), self.code("parent")
        further = tuple(code for code in self.codes("further") if code != parent)
        is_before = self.cleaned_data["side"] == "before"
        return Move(
            self.term.code,
            parent=parent,
            further=further,
            before=beside if is_before else None,
            after=None if is_before else beside,
        )


class MergeForm(ChangeForm):
    into = TermField(
        label=gettext_lazy("Merge into"),
        help_text=gettext_lazy("This term answers for it from now on, and takes what is below it."),
    )
    keep_names = forms.BooleanField(
        required=False,
        initial=True,
        label=gettext_lazy("Keep its names as synonyms"),
        help_text=gettext_lazy("They are still found in a search."),
    )

    @classmethod
    def initial_of(cls, term: TermView, asked: Mapping[str, str]) -> dict[str, Any]:
        return {"into": asked.get("into", ""), "keep_names": True}

    def change(self) -> Change:
        return Merge(self.term.code, into=self.code("into") or "", keep_names=self.cleaned_data["keep_names"])


class _ChildrenForm(ChangeForm):
    children_to = TermField(required=False, label=gettext_lazy("Terms below it move below"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not any(not child.is_retired for child in self.term.children):
            del self.fields["children_to"]


class RetireForm(_ChildrenForm):
    successor = TermField(
        required=False,
        label=gettext_lazy("Replaced by"),
        help_text=gettext_lazy(
            "The term that answers for it from now on, and that its items get. Empty: nothing replaces it."
        ),
    )
    field_order = ["successor", "children_to"]

    @classmethod
    def initial_of(cls, term: TermView, asked: Mapping[str, str]) -> dict[str, Any]:
        own = str(term.replaced_by[0].id) if len(term.replaced_by) == 1 else ""
        return {"successor": asked.get("successor", own), "children_to": asked.get("children_to", "")}

    def change(self) -> Change:
        return Retire(self.term.code, successor=self.code("successor"), children_to=self.code("children_to"))


class RestoreForm(ChangeForm):
    """Nothing to say but yes."""

    def change(self) -> Change:
        return Restore(self.term.code)


class SplitForm(_ChildrenForm):
    """The successors, and which of them each item gets. What was given on other pages travels in ``given``."""

    EVERY = "*"

    into = TermsField(
        is_ordered=False,
        label=gettext_lazy("Split into"),
        help_text=gettext_lazy("Two or more terms that answer for it from now on."),
    )
    remaining = TermField(
        required=False,
        label=gettext_lazy("All remaining items get"),
        help_text=gettext_lazy("One of these terms. Empty: all of them."),
    )
    given = forms.CharField(required=False, widget=forms.HiddenInput)
    field_order = ["into", "children_to", "remaining", "given"]

    def clean_into(self) -> list[Term]:
        into = self.cleaned_data["into"]
        if len(into) < 2:
            raise ValidationError(_("Choose two terms or more; for one, merge instead."))
        return into

    def clean_given(self) -> dict[str, str]:
        """Return a code, or "*" for all successors, by item key: of other pages, and of the one that was shown."""
        try:
            given = orjson.loads(self.cleaned_data["given"] or "{}")
        except orjson.JSONDecodeError:
            given = None
        if not isinstance(given, dict) or not all(isinstance(code, str) for code in given.values()):
            # Told above the form: the field itself is hidden.
            self.add_error(None, _("What was chosen on other pages is unreadable: begin again."))
            return {}
        for name, key in self.data.items():
            if name.startswith("key-"):
                given[key] = self.data.get(f"item-{name.removeprefix('key-')}", "")
        codes = {*self.codes("into"), self.EVERY}
        return {key: code for key, code in given.items() if code in codes}

    def change(self) -> Change:
        into = self.codes("into")
        given = self.cleaned_data["given"]
        return Split(
            self.term.code,
            into=into,
            items={key: into if code == self.EVERY else (code,) for key, code in given.items()},
            remaining=self.code("remaining"),
            children_to=self.code("children_to"),
        )
