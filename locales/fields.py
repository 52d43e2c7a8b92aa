"""Model fields about languages, for the models of any room."""

from typing import Any

from django import forms
from django.db import models

from locales.widgets import TextPerLocaleField


class NamesField(models.JSONField):
    """Names by language tag, edited with one input for each locale."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("default", dict)
        super().__init__(**kwargs)

    def formfield(self, **kwargs: Any) -> forms.Field:
        options = {"required": not self.blank, "label": self.verbose_name, "help_text": self.help_text}
        return TextPerLocaleField(**options)
