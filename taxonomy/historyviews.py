"""What was changed, by whom, and taking it back."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from taxonomy.changes import from_json, undo, what_builds_on
from taxonomy.changes.telling import Named, counted, named_in, told
from taxonomy.choosing import describe_for_editor, editor_languages
from taxonomy.models import Facet, Term, TermsJournal
from taxonomy.snapshot import taxonomy_snapshot

CHANGES_AT_ONCE = 25


class _HistoryMixin(PermissionCheckedMixin, WagtailAdminTemplateMixin):
    model = Term
    header_icon = "history"

    @cached_property
    def named(self) -> Named:
        return named_in(taxonomy_snapshot(), editor_languages())

    def row(self, entry: TermsJournal) -> dict[str, Any]:
        """Return an entry as it is shown."""
        return {
            "entry": entry,
            "told": told(from_json(entry.change), self.named),
            "counts": counted(entry.impact),
            "undo_url": reverse("terms:undo", args=[entry.pk]),
        }


class HistoryView(_HistoryMixin, TemplateView):
    """The changes of one facet, or of one term, the latest first."""

    any_permission_required = ["add", "change", "view"]
    template_name = "taxonomy/admin/history.html"
    page_title = gettext_lazy("Changes")

    @cached_property
    def facet(self) -> Facet:
        return self.term.facet if self.term else get_object_or_404(Facet, code=self.kwargs["code"])

    @cached_property
    def term(self) -> Term | None:
        if "pk" not in self.kwargs:
            return None
        return get_object_or_404(Term.objects.select_related("facet"), pk=self.kwargs["pk"])

    def entries(self) -> QuerySet[TermsJournal]:
        owner = self.term or self.facet
        return owner.journal.select_related("made_by", "undone_by", "plan").defer("before", "after", "followed")

    def get_page_subtitle(self) -> str:
        if self.term:
            return describe_for_editor(taxonomy_snapshot().by_id(self.term.pk))["label"]
        return str(self.facet)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        items = [{"url": reverse("facets:tree", args=[self.facet.code]), "label": str(self.facet)}]
        if self.term:
            items.append({"url": reverse("terms:edit", args=[self.term.pk]), "label": self.get_page_subtitle()})
        return [*self.breadcrumbs_items, *items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Paginator(self.entries(), CHANGES_AT_ONCE).get_page(self.request.GET.get("p"))
        return super().get_context_data(
            rows=[self.row(entry) for entry in page],
            page=page,
            can_change=self.user_has_permission("change"),
            facet_history_url=reverse("facets:history_of", args=[self.facet.code]) if self.term else "",
            **kwargs,
        )


class UndoView(_HistoryMixin, TemplateView):
    """Asks, and says what stands in the way; takes the change back."""

    permission_required = "change"
    template_name = "taxonomy/admin/undo.html"
    page_title = gettext_lazy("Undo")

    @cached_property
    def entry(self) -> TermsJournal:
        entries = TermsJournal.objects.select_related("facet", "made_by", "undone_by", "plan")
        return get_object_or_404(entries, pk=self.kwargs["pk"])

    @property
    def history_url(self) -> str:
        return reverse("facets:history_of", args=[self.entry.facet.code])

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """What a plan made is undone with its plan."""
        entry = TermsJournal.objects.filter(pk=kwargs["pk"], plan__isnull=False).first()
        return redirect("change_plans:plan", entry.plan_id) if entry else super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            undo(self.entry, user=request.user)
        except ValidationError as error:
            return self.render_to_response(self.get_context_data(obstacles=error.messages))
        messages.success(request, _("Undone: %(told)s.") % {"told": self.row(self.entry)["told"]})
        return redirect(self.history_url)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": self.history_url, "label": _("Changes of %(facet)s") % {"facet": self.entry.facet}},
            {"url": "", "label": self.page_title},
        ]

    def get_context_data(self, *, obstacles: list[str] | None = None, **kwargs: Any) -> dict[str, Any]:
        found = what_builds_on(self.entry) if obstacles is None else obstacles
        return super().get_context_data(
            row=self.row(self.entry), obstacles=found, history_url=self.history_url, **kwargs
        )
