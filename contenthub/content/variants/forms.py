"""The form on which a version of an item is written: every field inherits from the base until it is overridden."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.blocks import StreamValue

from channels.registry import channel_registry
from contenthub.accounts.grants import may_change_facts
from contenthub.delivery.resolving import FIELD_PREFIX, TEXT_PREFIX, WHOLE_FIELDS
from locales.catalogue import locale_catalogue
from locales.cldr import direction
from locales.widgets import editor_chain
from taxonomy.forms import TermField, TermsField

from ..channelchecks import broken_channels
from ..codes import ExperimentState
from ..fieldforms import LINK_HELP, LinkField, form_field, from_form, to_form
from ..models import ContentItem, Experiment, Variant, VariantChannel, VariantTerm
from ..regions import givers_of, languages_of
from ..widgets import TreeCheckboxes
from .making import refuse_taken_code
from .overriding import COLUMNS, field_label, lacking
from .publishing import refuse_before_source
from .values import readable

OVERRIDE, TEXT, OWN = "override_", "text_", "own_"
ADDED_TARGETS = ("segments", "markets", "channel_codes", "test_arm")
TARGETS = (*ADDED_TARGETS, "priority")


@dataclass(frozen=True)
class OverridableField:
    """One field as the form shows it: its switch, its inputs, and what it has from the base."""

    name: str
    label: str
    switch: Any
    inputs: list[Any]
    inherited: str
    language: str
    direction: str


class VariantForm(WagtailAdminModelForm):
    """A version's own texts, each with a switch; whom it is for is asked on the original only.

    ``is_publishing`` is set by the view: what a version must have is demanded when it goes on air, not of drafts.
    """

    cta_link = LinkField(label=_("Link"), max_length=2000, required=False, help_text=LINK_HELP)
    cta_action = TermField(facet="action", required=False, label=_("Intended action"))
    is_publishing = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.base: ContentItem = self.instance.localization
        self.definitions = list(self.base.type.field_definitions.all())
        languages = languages_of(self.base)
        self.giver = givers_of(self.base, languages)
        inherited = [name for one in languages for name in one.short_texts]
        self.text_names = list(dict.fromkeys([*inherited, *self.base.short_texts, *self.instance.own_texts]))
        self.fields["code"].disabled = not has_open_code(self.instance)
        if self.has_targets:
            self._add_targets()
        else:
            for name in TARGETS:
                self.fields.pop(name, None)
        self._add_switches()
        self._add_own()
        self._begin_with_base()
        self._mark_language()

    @property
    def has_targets(self) -> bool:
        """Whether it is said here whom the version is for: on the original, by whoever may change facts."""
        return self.instance.is_source and may_change_facts(self.for_user)

    @property
    def names(self) -> list[str]:
        """The names of all fields that can be overridden, in the order of the form."""
        texts = [f"{TEXT_PREFIX}{name}" for name in self.text_names]
        return [*WHOLE_FIELDS, *texts, *(f"{FIELD_PREFIX}{one.name}" for one in self.definitions)]

    def overridable(self, names: list[str]) -> Iterator[OverridableField]:
        """Yield these fields as the form shows them."""
        language = self.base.locale.language_code
        for name in names:
            yield OverridableField(
                name=name,
                label=field_label(name, self.base),
                switch=self[f"{OVERRIDE}{name}"],
                inputs=[self[each] for each in inputs_of(name) if each in self.fields],
                inherited=readable(self.giver(name), name),
                language=language,
                direction=direction(language).lower(),
            )

    # --- fields -------------------------------------------------------------------------------------------

    def _add_targets(self) -> None:
        chain, registry = editor_chain(locale_catalogue()), channel_registry()
        links = list(self.instance.audience.all())
        for name, facet, label in (("segments", "segment", _("Segments")), ("markets", "market", _("Markets"))):
            self.fields[name] = TermsField(facet=facet, is_ordered=False, label=label, required=False)
            self.initial[name] = [link.term_id for link in links if link.term.facet.code == facet]
        self.fields["segments"].help_text = _("Seen by whoever is in one of these segments, or below. None: everybody.")
        self.fields["markets"].help_text = _("Seen inside one of these countries or regions. None: everywhere.")
        chosen = [registry.by_id[one.channel_id].code for one in self.instance.channels.all()]
        offered = [entry for entry in registry.by_code.values() if not entry.is_retired or entry.code in chosen]
        self.fields["channel_codes"] = forms.MultipleChoiceField(
            label=_("Channels"),
            required=False,
            widget=TreeCheckboxes,
            choices=[(entry.code, entry.label(chain)) for entry in offered],
            help_text=_("None chosen: on every channel."),
        )
        self.fields["channel_codes"].widget.depths = {entry.code: entry.depth for entry in offered}
        self.initial["channel_codes"] = chosen
        self.fields["test_arm"] = forms.ChoiceField(
            label=_("Arm of a test"),
            required=False,
            choices=[("", _("No test")), *_arms(self.instance)],
            help_text=_("Only those whom the test puts into this arm see the version, and before any other version."),
        )
        self.initial["test_arm"] = _arm_value(self.instance.experiment, self.instance.arm)
        self.fields["priority"].required = False
        if not offered:
            del self.fields["channel_codes"]

    def _add_switches(self) -> None:
        for name in self.names:
            label = _("%(field)s: own in this version") % {"field": field_label(name, self.base)}
            self.fields[f"{OVERRIDE}{name}"] = forms.BooleanField(required=False, label=label)
            self.initial[f"{OVERRIDE}{name}"] = name in self.instance.overrides

    def _add_own(self) -> None:
        for name in self.text_names:
            self.fields[f"{TEXT}{name}"] = forms.CharField(required=False, max_length=1000, label=name)
            self.initial[f"{TEXT}{name}"] = self.instance.own_texts.get(name, "")
        for definition in self.definitions:
            value = self.instance.own_fields.get(definition.name)
            self.fields[f"{OWN}{definition.name}"] = form_field(definition, value)
            self.initial[f"{OWN}{definition.name}"] = to_form(definition.kind, value)

    def _begin_with_base(self) -> None:
        """Fill what is inherited with the base's text, so that an own text begins with it."""
        overridden = set(self.instance.overrides)
        for name in set(WHOLE_FIELDS) - overridden:
            for column in COLUMNS[name]:
                value = getattr(self.giver(name), column)
                self.initial[column] = value.pk if hasattr(value, "pk") else value
        for name in self.text_names:
            if f"{TEXT_PREFIX}{name}" not in overridden:
                given = self.giver(f"{TEXT_PREFIX}{name}")
                self.initial[f"{TEXT}{name}"] = given.short_texts.get(name, "")
        for definition in self.definitions:
            if f"{FIELD_PREFIX}{definition.name}" not in overridden:
                value = self.giver(f"{FIELD_PREFIX}{definition.name}").own_fields.get(definition.name)
                self.initial[f"{OWN}{definition.name}"] = to_form(definition.kind, value)

    def _mark_language(self) -> None:
        """Tell the browser what language is written; tell the editor in which time zone."""
        language = self.base.locale.language_code
        for name in ("headline", "summary", "cta_label", "image_alt", *(f"{TEXT}{each}" for each in self.text_names)):
            self.fields[name].widget.attrs |= {"lang": language, "dir": direction(language).lower()}
        zone = timezone.get_current_timezone_name()
        for name in ("go_live_at", "expire_at"):
            if name in self.fields:
                self.fields[name].help_text = _("In your time zone, %(zone)s.") % {"zone": zone}

    # --- cleaning -----------------------------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        overrides = [name for name in self.names if cleaned.get(f"{OVERRIDE}{name}")]
        self.instance.overrides = overrides
        for name in set(WHOLE_FIELDS) - set(overrides):
            self._forget(name, cleaned)
        self._keep_own(cleaned, overrides)
        if self.has_targets:
            self._keep_targets(cleaned)
        if not self.fields["code"].disabled and cleaned.get("code"):
            self.instance.code = cleaned["code"]
            try:
                refuse_taken_code(self.instance)
            except ValidationError as error:
                self.add_error("code", error.message_dict["code"])
        return cleaned

    def clean_priority(self) -> int:
        return self.cleaned_data["priority"] or 0

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.is_publishing:
            self._demand()

    def is_valid(self) -> bool:
        """Return whether it can be saved; what goes on air must fit the channels that its readers have."""
        valid = super().is_valid()
        if valid and self.is_publishing:
            for message in broken_channels(self.instance):
                self.add_error(None, message)
        return valid and not self.errors

    def _forget(self, name: str, cleaned: dict[str, Any]) -> None:
        """Drop what the inputs of an inherited field hold, mistakes in them included."""
        for column in COLUMNS[name]:
            self.errors.pop(column, None)
            if column == "body":
                cleaned[column] = StreamValue(self.base.body.stream_block, [], is_lazy=False)
            else:
                cleaned[column] = None if column in ("image", "cta_action") else ""

    def _keep_own(self, cleaned: dict[str, Any], overrides: list[str]) -> None:
        self.instance.own_texts = {
            name: cleaned.get(f"{TEXT}{name}", "") for name in self.text_names if f"{TEXT_PREFIX}{name}" in overrides
        }
        own = {}
        for definition in self.definitions:
            name = f"{OWN}{definition.name}"
            if f"{FIELD_PREFIX}{definition.name}" not in overrides:
                self.errors.pop(name, None)
                continue
            if name not in cleaned:
                continue
            try:
                before = self.instance.own_fields.get(definition.name, self.base.own_fields.get(definition.name))
                kept = from_form(definition.kind, cleaned[name], before)
            except ValidationError as error:
                self.add_error(name, error)
                continue
            if kept is not None:
                own[definition.name] = kept
        self.instance.own_fields = own

    def _keep_targets(self, cleaned: dict[str, Any]) -> None:
        links = {link.term_id: link for link in self.instance.audience.all()}
        terms = [*(cleaned.get("segments") or ()), *(cleaned.get("markets") or ())]
        if not {"segments", "markets"} & self.errors.keys():
            self.instance.audience = [
                _at(place, links.get(term.pk) or VariantTerm(term=term)) for place, term in enumerate(terms)
            ]
        if "test_arm" in cleaned:
            self.instance.experiment, _between, self.instance.arm = cleaned["test_arm"].partition(" ")
        if "channel_codes" in cleaned:
            channels = {link.channel_id: link for link in self.instance.channels.all()}
            wanted = [channel_registry().get(code).id for code in cleaned["channel_codes"]]
            self.instance.channels = [
                _at(place, channels.get(pk) or VariantChannel(channel_id=pk)) for place, pk in enumerate(wanted)
            ]

    def _demand(self) -> None:
        for name, message in lacking(self.instance):
            (first, *_rest) = inputs_of(name)
            self.add_error(first if first in self.fields else None, message)
        go_live_at = self.cleaned_data.get("go_live_at")
        try:
            is_later = go_live_at and go_live_at > timezone.now()
            refuse_before_source(self.instance, go_live_at=go_live_at if is_later else None)
        except ValidationError as error:
            self.add_error(None, error)


def has_open_code(variant: Variant) -> bool:
    """Return whether nothing leans on the code of a version yet: while it is typed, drafts save themselves."""
    if not variant.pk:
        return True
    others = Variant.objects.filter(localization__key=variant.key, code=variant.code).exclude(pk=variant.pk)
    return variant.is_source and variant.first_published_at is None and not others.exists()


def inputs_of(name: str) -> list[str]:
    """Return the names of the inputs in which a field is written."""
    if name.startswith(TEXT_PREFIX):
        return [f"{TEXT}{name.removeprefix(TEXT_PREFIX)}"]
    if name.startswith(FIELD_PREFIX):
        return [f"{OWN}{name.removeprefix(FIELD_PREFIX)}"]
    return list(COLUMNS[name])


def is_added(name: str) -> bool:
    """Tell whether an input is added by the form itself and shown by a panel of ours."""
    return name.startswith((OVERRIDE, TEXT, OWN)) or name in ADDED_TARGETS


def own_names(form: VariantForm) -> list[str]:
    """Return the fields that the base's short texts and its type add."""
    return [name for name in form.names if name not in WHOLE_FIELDS]


def target_names(form: VariantForm) -> list[str]:
    return [name for name in ADDED_TARGETS if name in form.fields]


def _arms(variant: Variant) -> list[tuple[str, str]]:
    """Return the arms of tests that are not over, and the one that the version has."""
    tests = Experiment.objects.prefetch_related("arms").order_by("title")
    arms = {
        _arm_value(test.code, arm.code): f"{test.title}: {arm.code}"
        for test in tests
        if test.state() != ExperimentState.STOPPED
        for arm in test.arms.all()
    }
    if variant.experiment:
        arms.setdefault(_arm_value(variant.experiment, variant.arm), f"{variant.experiment}: {variant.arm}")
    return list(arms.items())


def _arm_value(experiment: str, arm: str) -> str:
    return f"{experiment} {arm}" if experiment else ""


def _at(place: int, part: Any) -> Any:
    part.sort_order = place
    return part
