"""The part of a group's form that says what its rights reach to."""

from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from wagtail.models import Locale

from .models import LanguageGrant


class LanguageGrantForm(forms.ModelForm):
    """Languages and facts of one group; saved as nothing where nothing is narrowed."""

    locales = forms.ModelMultipleChoiceField(
        queryset=Locale.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=LanguageGrant._meta.get_field("locales").verbose_name,
        help_text=LanguageGrant._meta.get_field("locales").help_text,
    )

    class Meta:
        model = LanguageGrant
        fields = ("locales", "may_change_facts")

    def __init__(self, data: Any = None, files: Any = None, instance: Group | None = None) -> None:
        self.group = instance or Group()
        stored = LanguageGrant.objects.filter(group=self.group).first() if self.group.pk else None
        super().__init__(data, files, instance=stored or LanguageGrant(), prefix="languages")

    def save(self, commit: bool = True) -> LanguageGrant:
        if not self.cleaned_data["locales"] and self.cleaned_data["may_change_facts"]:
            if self.instance.pk:
                self.instance.delete()
            return self.instance
        self.instance.group = self.group
        return super().save(commit)

    def as_admin_panel(self) -> SafeString:
        return render_to_string("accounts/language_grant.html", {"form": self})
