"""The pages that take files into a facet and give it out as files."""

import csv
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.log_actions import log

from taxonomy.choosing import editor_languages
from taxonomy.dump import dump_csv, dump_json
from taxonomy.fileimports import import_upload, report_on
from taxonomy.importforms import ImportForm
from taxonomy.models import Facet, Term
from taxonomy.skos.exporting import CannotWrite, export_facet
from taxonomy.snapshot import taxonomy_snapshot
from taxonomy.uploads import PendingImport

SHOWN = 200


class _FacetPage(PermissionCheckedMixin, WagtailAdminTemplateMixin):
    """A page about the facet that the address names."""

    model = Term
    any_permission_required = ["add", "change", "view"]
    header_icon = "tag"

    @cached_property
    def facet(self) -> Facet:
        return get_object_or_404(Facet, code=self.kwargs["code"])

    @property
    def tree_url(self) -> str:
        return reverse("facets:tree", args=[self.facet.code])

    def get_page_subtitle(self) -> str:
        return taxonomy_snapshot().get_facet(self.facet.code).label(editor_languages())[0]

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("facets:index"), "label": _("Facets")},
            {"url": self.tree_url, "label": self.get_page_subtitle()},
            {"url": "", "label": self.page_title},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(facet=self.facet, tree_url=self.tree_url, **kwargs)


class _ImportPage(_FacetPage):
    """For those who may add and change terms."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated and not may_import(self):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


def may_import(page: PermissionCheckedMixin) -> bool:
    """Return whether the page's user may add and change terms."""
    return page.user_has_permission("add") and page.user_has_permission("change")


class ImportView(_ImportPage, FormView):
    """Take a file, look at it and go on to its report. Nothing is written to the facet."""

    template_name = "taxonomy/admin/import.html"
    page_title = gettext_lazy("Import")
    form_class = ImportForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        PendingImport.objects.purge()
        return super().get(request, *args, **kwargs)

    def form_valid(self, form: ImportForm) -> HttpResponse:
        upload = form.upload(self.facet, self.request.user)
        try:
            upload.report = report_on(upload)
        except ValidationError as error:
            form.add_error("file", error.messages)
            return self.form_invalid(form)
        PendingImport.objects.purge()
        PendingImport.objects.filter(user=self.request.user, facet=self.facet).delete()
        upload.save()
        return redirect("facets:import_report", self.facet.code, upload.pk)


class ImportReportView(_ImportPage, TemplateView):
    """What importing a file would do. Confirmed, it is done; put away, the file is forgotten."""

    template_name = "taxonomy/admin/import_report.html"
    page_title = gettext_lazy("Import: look before it is done")

    @cached_property
    def upload(self) -> PendingImport:
        mine = PendingImport.objects.fresh().filter(user=self.request.user, facet=self.facet).select_related("facet")
        return get_object_or_404(mine, pk=self.kwargs["pk"])

    @property
    def may_change_facet(self) -> bool:
        return self.request.user.has_perm("taxonomy.change_facet")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.GET.get("as") == "codes":
            return self.codes_file()
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("do") != "import":
            self.upload.delete()
            messages.success(request, _("The file was put away. Nothing was changed."))
            return redirect(self.tree_url)
        name = self.upload.file_name
        try:
            written = import_upload(self.upload, may_change_facet=self.may_change_facet)
        except ValidationError as error:
            return self.looked_at_again(error)
        counts = {"added": len(written.added), "changed": len(written.changed), "retired": len(written.retired)}
        log(instance=self.facet, action="taxonomy.import", data={"file": name, **counts})
        told = _("'%(file)s' is imported: %(added)s added, %(changed)s changed, %(retired)s retired.")
        messages.success(request, told % {"file": name, **counts})
        return redirect(self.tree_url)

    def looked_at_again(self, error: ValidationError) -> HttpResponse:
        """Say why it was not done, and show what it would come to now."""
        messages.error(self.request, " ".join(error.messages))
        upload = PendingImport.objects.filter(pk=self.kwargs["pk"]).first()
        if upload is None:
            return redirect(self.tree_url)
        try:
            upload.report = report_on(upload)
        except ValidationError:
            upload.delete()
            return redirect("facets:import", self.facet.code)
        upload.save(update_fields=["report"])
        return redirect("facets:import_report", self.facet.code, upload.pk)

    def codes_file(self) -> HttpResponse:
        """Answer the proposed codes as a file that an upload takes."""
        answer = _download(f"{self.facet.code}-codes.csv", "text/csv; charset=utf-8")
        answer.write("\ufeff")
        rows = csv.writer(answer)
        rows.writerow(["uri", "code", "label"])
        rows.writerows([uri, code, label.lstrip("=+-@\t\r")] for code, label, uri in self.upload.report["new"])
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        report = self.upload.report
        findings = {severity: [] for severity in ("refused", "warning", "note")}
        for severity, clause, place, message in report["findings"]:
            findings[severity].append((clause, place, message))
        return super().get_context_data(
            upload=self.upload,
            report=report,
            is_forbidden=report.get("needs_right_to_facet") and not self.may_change_facet,
            findings=findings,
            counts=report["counts"],
            shown=SHOWN,
            has_addresses=any(uri for _, _, uri in report["new"]),
            **kwargs,
        )


EXPORTS = {
    "turtle": (
        "ttl",
        "text/turtle; charset=utf-8",
        gettext_lazy("SKOS, Turtle"),
        gettext_lazy("Whole and easy to read; the best choice."),
    ),
    "xml": ("rdf", "application/rdf+xml", gettext_lazy("SKOS, RDF/XML"), gettext_lazy("For older tools.")),
    "json-ld": ("jsonld", "application/ld+json", gettext_lazy("SKOS, JSON-LD"), gettext_lazy("For web developers.")),
    "json": (
        "json",
        "application/json",
        gettext_lazy("JSON"),
        gettext_lazy("The terms in use with windows, attributes and external ids."),
    ),
    "csv": (
        "csv",
        "text/csv; charset=utf-8",
        gettext_lazy("CSV"),
        gettext_lazy("The tree, source ids and labels of the terms in use."),
    ),
    "excel": (
        "csv",
        "text/csv; charset=utf-8",
        gettext_lazy("CSV for Excel"),
        gettext_lazy("The same with semicolons and a byte order mark."),
    ),
}


class ExportView(_FacetPage, TemplateView):
    """Choose a format; with one, download the facet."""

    template_name = "taxonomy/admin/export.html"
    page_title = gettext_lazy("Export")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        format = request.GET.get("format")
        if format is None:
            return super().get(request, *args, **kwargs)
        if format not in EXPORTS:
            raise Http404
        try:
            text = self.text(format)
        except CannotWrite as error:
            messages.error(request, str(error))
            return redirect("facets:export", self.facet.code)
        suffix, kind, *_rest = EXPORTS[format]
        answer = _download(f"{self.facet.code}.{suffix}", kind)
        answer.write(text)
        return answer

    def text(self, format: str) -> str:
        if format in ("turtle", "xml", "json-ld"):
            return export_facet(self.facet, format)
        view = taxonomy_snapshot().get_facet(self.facet.code)
        if format == "excel":
            return "\ufeff" + dump_csv(view, delimiter=";")
        return dump_csv(view) if format == "csv" else dump_json(view)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        formats = [(format, name, told) for format, (_suffix, _kind, name, told) in EXPORTS.items()]
        return super().get_context_data(formats=formats, **kwargs)


def _download(name: str, kind: str) -> HttpResponse:
    return HttpResponse(
        content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )
