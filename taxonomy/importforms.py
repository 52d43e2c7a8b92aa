"""The form behind an upload."""

import csv
import io
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from taxonomy.codes import URI_CHARS, validate_uri
from taxonomy.fileimports import format_of_upload
from taxonomy.models import Facet
from taxonomy.skos.bounds import LARGEST_BYTES
from taxonomy.uploads import PendingImport

MOST_CODES_BYTES = 8 * 1024 * 1024


class ImportForm(forms.Form):
    """A file to import into a facet, and how it is meant."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("SKOS as Turtle, RDF/XML or JSON-LD; or the hub's own JSON or CSV, also as spreadsheets save it."),
    )
    prefer_file = forms.BooleanField(
        required=False,
        label=_("Where the hub and the file both changed the same, take the file's"),
        help_text=_("Otherwise the hub's stays. Either way each such place is listed before anything is written."),
    )
    codes_from = forms.ChoiceField(
        required=False,
        label=_("Codes of new terms"),
        choices=[("notation", _("From the notation, else the address")), ("address", _("From the address"))],
        widget=forms.RadioSelect,
        initial="notation",
    )
    codes = forms.FileField(
        required=False,
        label=_("Codes of your own"),
        help_text=_("A CSV file with the columns uri and code. The report offers one to start from."),
    )
    base = forms.CharField(
        required=False,
        label=_("Base of relative addresses"),
        max_length=URI_CHARS,
        validators=[validate_uri],
        help_text=_("Only for files that leave it out, for example https://example.org/vocabulary/"),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_BYTES:
            raise ValidationError(
                _("The file has %(size)s bytes; %(largest_bytes)s are allowed.")
                % {"size": f"{file.size:,}", "largest_bytes": f"{LARGEST_BYTES:,}"}
            )
        self.content = file.read()
        self.format = format_of_upload(file.name, self.content)
        return file

    def clean_codes(self) -> dict[str, str]:
        file = self.cleaned_data["codes"]
        if not file:
            return {}
        if file.size > MOST_CODES_BYTES:
            raise ValidationError(_("This file is too large."))
        try:
            text = file.read().decode("utf-8-sig")
            header = text.partition("\n")[0]
            rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=header.count))
            return {row["uri"].strip(): row["code"].strip() for row in rows}
        except (UnicodeDecodeError, csv.Error, KeyError, AttributeError) as error:
            raise ValidationError(_("This is no CSV file with the columns uri and code.")) from error

    def upload(self, facet: Facet, user: Any) -> PendingImport:
        """Return the upload, not saved yet."""
        cleaned = self.cleaned_data
        return PendingImport(
            user=user,
            facet=facet,
            file_name=cleaned["file"].name[-255:],
            format=self.format,
            content=self.content,
            base=cleaned["base"],
            codes=cleaned["codes"],
            use_notation=cleaned["codes_from"] != "address",
            prefer_file=cleaned["prefer_file"],
        )
