"""The form of a test."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from locales.widgets import SuggestionInput

from ..codes import ExperimentState
from ..models import Experiment
from . import running


class ExperimentForm(WagtailAdminModelForm):
    """A test with its arms. What would bias a test that runs cannot be changed here."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = timezone.now()
        self.state = self.instance.state(self.now)
        layers = Experiment.objects.order_by("layer").values_list("layer", flat=True).distinct()
        self.fields["layer"].widget = SuggestionInput((layer, "") for layer in layers)
        self.fields["start"].required = False
        self.fields["start"].help_text = _("In percent. Left empty: the first part that is free.")
        if not self.instance.pk:
            self.initial["start"] = None
        else:
            self.fields["code"].disabled = True
        self.formsets["arms"].error_messages["too_few_forms"] = running.TOO_FEW_ARMS
        self._offer_winner()
        if self.state is not ExperimentState.DRAFT:
            self._freeze()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("start") is None and "start" not in self.errors and cleaned.get("share"):
            self._place(cleaned)
        return cleaned

    def is_valid(self) -> bool:
        """Judge the arms together as well, once each of them is right."""
        valid = super().is_valid()
        arms = self.formsets.get("arms")
        if arms and arms.is_valid():
            rows = (row for row in arms.forms if row not in arms.deleted_forms)
            kept = [row.instance for row in rows if row.instance.pk or row.has_changed()]
            try:
                running.check_arms(kept)
            except ValidationError as error:
                arms.non_form_errors().extend(error.messages)
                return False
        return valid

    def _post_clean(self) -> None:
        stored = Experiment.objects.filter(pk=self.instance.pk).first()
        super()._post_clean()
        if stored and self.state in running.BOUND:
            try:
                running.refuse_bias(stored, self.instance)
                if self.instance.stops_at and self.instance.stops_at <= self.now:
                    raise ValidationError({"stops_at": _("The end is past: press Stop to end the test now.")})
            except ValidationError as error:
                self.add_error(None, error)

    @transaction.atomic
    def save(self, commit: bool = True) -> Experiment:
        saved = super().save(commit)
        if commit and self.state in running.BOUND and {"ramp", "stops_at"} & set(self.changed_data):
            running.follow(saved, now=self.now)
        return saved

    def _place(self, cleaned: dict[str, Any]) -> None:
        planned = Experiment(pk=self.instance.pk, layer=cleaned.get("layer") or "", share=cleaned["share"])
        cleaned["start"] = running.first_free(planned, now=self.now)
        if cleaned["start"] is None:
            free = running.free_parts(planned, now=self.now) or _("nothing")
            message = _("No part of the layer as wide as that is free (%(free)s is): take less, or another layer.")
            self.add_error("share", message % {"free": free})

    def _offer_winner(self) -> None:
        if self.state is not ExperimentState.STOPPED:
            del self.fields["winner"]
            return
        arms = [("", _("Not decided")), *((arm.code, arm.code) for arm in self.instance.arms.all())]
        help_text = self.fields["winner"].help_text
        self.fields["winner"] = forms.ChoiceField(choices=arms, required=False, help_text=help_text, label=_("Winner"))

    def _freeze(self) -> None:
        frozen = [*running.FROZEN]
        if self.state is ExperimentState.STOPPED:
            frozen += ["ramp", "stops_at"]
        for name in frozen:
            self.fields[name].disabled = True
        del self.formsets["arms"]
