"""The form of a connection, and that of a new key."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateInput

from channels.registry import channel_registry
from contenthub.api.item_types import read_item_types
from contenthub.api.models import Operation
from contenthub.delivery.consumers.codes import Right
from locales.catalogue import locale_catalogue
from locales.cldr import locale_name
from locales.widgets import editor_chain
from taxonomy.snapshot import taxonomy_snapshot

_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:\d{1,5})?", re.IGNORECASE)

Choices = list[tuple[str, str]]


class CodesField(forms.MultipleChoiceField):
    """Several codes, ticked; those chosen before stay, though what they name is gone."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def offer(self, choices: Choices, chosen: Iterable[str]) -> None:
        known = {code for code, _ in choices}
        self.choices = [*choices, *((code, f"{code} (gone)") for code in chosen if code not in known)]


class OriginsField(forms.CharField):
    """Origins of pages, one a line."""

    widget = forms.Textarea(attrs={"rows": 3, "spellcheck": "false"})

    def prepare_value(self, value: Any) -> str:
        return value if isinstance(value, str) else "\n".join(value or ())

    def to_python(self, value: Any) -> list[str]:
        lines = [line.strip().rstrip("/") for line in (value or "").split("\n")]
        origins = list(dict.fromkeys(line for line in lines if line))
        for origin in origins:
            if origin != "*" and not _ORIGIN.fullmatch(origin):
                raise ValidationError(
                    _("'%(origin)s' is no origin: write https://shop.example, or * for every page.")
                    % {"origin": origin}
                )
        return [origin.lower() for origin in origins]


class ConsumerForm(WagtailAdminModelForm):
    """A connection with what it may see and do."""

    channels = CodesField(label=gettext_lazy("Channels"))
    locales = CodesField(label=gettext_lazy("Languages"))
    item_types = CodesField(label=gettext_lazy("Types"))
    facets = CodesField(label=gettext_lazy("Facets"))
    operations = CodesField(label=gettext_lazy("Operations"))
    rights = CodesField(label=gettext_lazy("May also"))
    allowed_origins = OriginsField(required=False, label=gettext_lazy("Allowed origins"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in _choices().items():
            self.fields[name].offer(choices, getattr(self.instance, name))
        for name in ("channels", "locales", "item_types", "facets", "operations", "allowed_origins"):
            self.fields[name].help_text = self.instance._meta.get_field(name).help_text

    def clean_locales(self) -> list[str]:
        """Return the languages, the hub's default first."""
        return list(self.cleaned_data["locales"])


class KeyForm(forms.Form):
    """How long a new key is to open."""

    expires_on = forms.DateField(
        required=False,
        label=gettext_lazy("Last day"),
        help_text=gettext_lazy("It opens until the end of this day (UTC). Left empty: until it is revoked."),
        widget=AdminDateInput,
    )

    def clean_expires_on(self) -> date | None:
        day = self.cleaned_data["expires_on"]
        today = timezone.now().date()
        if day and not today <= day <= today + timedelta(days=36_500):
            raise ValidationError(_("The key would have expired before it was made, or never: choose a nearer day."))
        return day


def _choices() -> dict[str, Choices]:
    catalogue = locale_catalogue()
    chain = editor_chain(catalogue)
    types = read_item_types().values()
    return {
        "channels": [
            (entry.code, f"{'— ' * (entry.depth - 1)}{entry.label(chain)}") for entry in channel_registry().current
        ],
        "locales": [(code, f"{locale_name(code, code)} ({code})") for code in catalogue.by_code],
        "item_types": [(kind.code, next(iter(kind.labels.values()), kind.code)) for kind in types],
        "facets": [(facet.code, facet.label(chain)[0]) for facet in taxonomy_snapshot().facets.values()],
        "operations": [(name, name) for name in Operation.objects.values_list("name", flat=True)],
        "rights": list(Right.choices),
    }
