"""The form on which a change of tags on many items is described."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from taxonomy.forms import TermsField

from ..models import Tagging
from .edits import TagOperation


class TaggingForm(forms.Form):
    """What to do with which terms. ``may_publish``: whether the editor may choose to change what is on air."""

    operation = forms.ChoiceField(
        label=_("What is to be done"),
        choices=TagOperation.choices,
        initial=TagOperation.ADD,
        widget=forms.RadioSelect,
    )
    replaced = TermsField(
        label=_("Terms to be replaced"),
        required=False,
        is_ordered=False,
        accepts_retired=True,
        help_text=_("Items with none of them stay as they are."),
    )
    terms = TermsField(
        label=_("Terms"),
        accepts_retired=True,
        help_text=_("Added terms stand behind those that an item has, the first of which stays its primary term."),
    )
    publishes = forms.BooleanField(
        label=_("Publish this change"),
        required=False,
        help_text=_(
            "What is on air and what is scheduled gets the new tags, and nothing else: other unpublished edits stay "
            "unpublished. Without this only drafts change."
        ),
    )

    def __init__(self, *args: Any, may_publish: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_publish:
            del self.fields["publishes"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        operation, terms = cleaned.get("operation"), cleaned.get("terms") or []
        if operation != TagOperation.REPLACE:
            cleaned["replaced"] = []
        elif "replaced" in cleaned and not cleaned["replaced"]:
            self.add_error("replaced", _("Choose the terms that are to be replaced."))
        retired = [term.code for term in terms if term.is_retired]
        if retired and operation != TagOperation.REMOVE:
            self.add_error("terms", _("%(codes)s: retired, and cannot be chosen anew.") % {"codes": ", ".join(retired)})
        both = {term.pk for term in terms} & {term.pk for term in cleaned.get("replaced") or []}
        if both:
            self.add_error("terms", _("A term cannot replace itself."))
        return cleaned

    def described(self, user: Any) -> Tagging:
        """Return the change, not saved yet."""
        cleaned = self.cleaned_data
        return Tagging(
            user=user,
            operation=cleaned["operation"],
            terms=[term.pk for term in cleaned["terms"]],
            replaced=[term.pk for term in cleaned["replaced"]],
            publishes=cleaned.get("publishes", False),
        )
