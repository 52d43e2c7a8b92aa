"""The form on which a locale is added or changed."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Locale

from locales.catalogue import locale_catalogue
from locales.changes import chains_through, profile_of, save_locale, starting_profile
from locales.cldr import content_languages, locale_name
from locales.dependants import get_dependants
from locales.models import LocaleProfile
from locales.tags import MalformedTag, UnknownLanguage, supported_tag
from locales.time_zones import time_zones
from locales.widgets import SuggestionInput

RULE = gettext_lazy("Its language if the hub has it, else the default locale")
NOTHING = "Nothing: the chain ends here"


class NextLocaleField(forms.ModelChoiceField):
    """A choice among the other locales, by name and code."""

    def label_from_instance(self, locale: Locale) -> str:
        code = locale.language_code
        return f"{locale_name(code, code)} ({code})"


class LocaleForm(forms.ModelForm):
    """Language code, next locale and time zone of one locale, and whether it takes from its language what is empty."""

    required_css_class = "required"
    language_code = forms.CharField(
        label=gettext_lazy("Language"),
        max_length=100,
        help_text=gettext_lazy("Language tag such as en, ja or pt-BR. Type a part of the language's name to find it."),
    )
    next = NextLocaleField(
        Locale.objects.none(),
        label=gettext_lazy("Next locale"),
        required=False,
        help_text=LocaleProfile._meta.get_field("next").help_text,
    )
    time_zone = forms.CharField(
        required=False,
        label=gettext_lazy("Time zone"),
        help_text=LocaleProfile._meta.get_field("time_zone").help_text,
        max_length=64,
    )
    inherits = forms.BooleanField(
        required=False,
        initial=True,
        label=gettext_lazy("Takes from its language what it leaves empty"),
        help_text=LocaleProfile._meta.get_field("inherits").help_text,
    )

    class Meta:
        model = Locale
        fields = ["language_code"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_new = self.instance.pk is None
        self.fields["time_zone"].widget = SuggestionInput((zone, "") for zone in time_zones())
        self.fields["next"].queryset = Locale.objects.exclude(pk=self.instance.pk)
        self.fields["next"].empty_label = RULE if self.is_new else NOTHING
        if self.is_new:
            self._offer_languages()
        else:
            self._show_profile()

    def clean_language_code(self) -> str:
        code = self.cleaned_data["language_code"]
        if not self.is_new and code == self.instance.language_code:
            return code
        try:
            canonical = supported_tag(code)
        except (MalformedTag, UnknownLanguage) as error:
            raise ValidationError(str(error)) from error
        if code != canonical:
            raise ValidationError(
                _("The canonical form of %(code)s is %(canonical)s: write it so.")
                % {"code": code, "canonical": canonical}
            )
        return code

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.errors:
            return
        profile = starting_profile(self.instance) if self.is_new else profile_of(self.instance)
        profile.time_zone = self.cleaned_data["time_zone"]
        profile.inherits = self.cleaned_data.get("inherits", profile.inherits)
        if "next" in self.fields:
            profile.next = self.cleaned_data["next"] or (profile.next if self.is_new else None)
        try:
            profile.clean()
        except ValidationError as error:
            self.add_error(None, error)
        self.profile = profile

    def save(self, commit: bool = True) -> Locale:
        """Save the locale with its profile; both belong together, so there is no saving without the database."""
        save_locale(self.instance, self.profile)
        return self.instance

    def _offer_languages(self) -> None:
        self.fields["next"].help_text = _("What is served where this locale has no text of its own.")
        used = locale_catalogue().by_code
        self.fields["language_code"].widget = SuggestionInput(
            (code, f"{name} · {locale_name(code, code)}") for code, name in content_languages() if code not in used
        )

    def _show_profile(self) -> None:
        entry = locale_catalogue().by_id[self.instance.pk]
        profile = profile_of(self.instance)
        self.initial |= {
            "next": profile.next_id,
            "time_zone": profile.time_zone,
            "inherits": profile.inherits,
        }
        is_supported = self.instance.language_code in dict(content_languages())
        self.fields["language_code"].disabled = is_supported
        if is_supported:
            self.fields["language_code"].help_text = _("%(code)s. It stays as it is.") % {
                "code": locale_name(entry.code, entry.code)
            }
        if entry.is_default:
            del self.fields["next"], self.fields["inherits"]
            return
        change = chains_through(self.instance)
        impact = get_dependants().impact(change)
        if any(impact.values()):
            touched = ", ".join(f"{count} {word}" for word, count in impact.items() if count)
            self.fields["next"].help_text += _(" A change reaches %(touched)s.") % {"touched": touched}
