"""Texts for translators in the admin: out from the listing of items, back by an upload with its report."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.models import Locale

from contenthub.accounts.grants import may_write
from locales.messages import UnreadableFile

from .exchange import LARGEST_BYTES, FileFormat, Report, from_file, import_messages

MOST_FINDINGS = 500


class ExportForm(forms.Form):
    """Into which language, and as what file."""

    locale = forms.ModelChoiceField(
        queryset=Locale.objects.all(), label=gettext_lazy("Into"), widget=forms.Select, empty_label=None
    )
    format = forms.ChoiceField(choices=FileFormat.choices, label=gettext_lazy("Format"), initial=FileFormat.XLIFF2)
    is_open = forms.BooleanField(
        required=False, initial=True, label=gettext_lazy("Only what is missing or older than the original")
    )


class UploadForm(forms.Form):
    """A file that came back, and whether it is only to be looked at."""

    file = forms.FileField(label=gettext_lazy("File"), help_text=gettext_lazy("gettext PO, XLIFF 1.2 or XLIFF 2.x"))
    locale = forms.ModelChoiceField(
        queryset=Locale.objects.all(),
        required=False,
        label=gettext_lazy("Language"),
        help_text=gettext_lazy("Only where the file does not say it."),
        empty_label=gettext_lazy("As the file says"),
    )
    dry_run = forms.BooleanField(required=False, label=gettext_lazy("Report only, make no drafts"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        file = cleaned.get("file")
        if file is None:
            return cleaned
        if file.size > LARGEST_BYTES:
            self.add_error("file", _("The file is too large."))
            return cleaned
        try:
            language, self.messages = from_file(file.read())
        except UnreadableFile as error:
            self.add_error("file", str(error))
            return cleaned
        chosen = cleaned.get("locale")
        if chosen and language and chosen.language_code != language:
            self.add_error("locale", _("The file is in %(language)s.") % {"language": language})
        self.locale = chosen or Locale.objects.filter(language_code=language or "").first()
        if self.locale is None:
            named = _("The hub has no locale %(language)s.") % {"language": language}
            self.add_error("locale", named if language else _("The file names no language: choose it."))
        return cleaned


def file_response(data: bytes, form: FileFormat, target: Locale) -> HttpResponse:
    """Return a file of texts as a download."""
    kind = "text/x-gettext-translation" if form is FileFormat.PO else "application/xliff+xml"
    name = f"translations-{target.language_code}.{form.ending}"
    return HttpResponse(
        data, content_type=f"{kind}; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def import_translations(request: HttpRequest) -> HttpResponse:
    """Take a file of translations; show what became of each text that is not simply written."""
    if not request.user.has_perm("content.change_contentitem"):
        raise PermissionDenied
    form = UploadForm(request.POST or None, request.FILES or None)
    report: Report | None = None
    if request.method == "POST" and form.is_valid():
        if may_write(request.user, form.locale.pk):
            is_dry = form.cleaned_data["dry_run"]
            report = import_messages(form.messages, form.locale, user=request.user, dry_run=is_dry)
        else:
            form.add_error("file", _("You may read %(language)s, not write it.") % {"language": form.locale})
    if request.method == "POST" and report is None:
        messages.error(request, _("Nothing was imported."))
    context = {
        "form": form,
        "report": report,
        "findings": report.findings[:MOST_FINDINGS] if report else (),
        "header_title": _("Import translations"),
        "header_icon": "globe",
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": reverse("items:list"), "label": _("Items")},
            {"url": "", "label": _("Import translations")},
        ],
    }
    return TemplateResponse(request, "content/translating/import.html", context)
