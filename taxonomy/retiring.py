"""The screens that retire a term and put it back in use."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from taxonomy.changing import restore_term, retire_term
from taxonomy.choosing import describe_for_editor
from taxonomy.dependants import TermChange, TermsChanged, get_dependants
from taxonomy.models import Term
from taxonomy.snapshot import taxonomy_snapshot
from taxonomy.termforms import RestoreForm, RetireForm


class _TermActionView(PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView):
    """One step in the life of a term, for those who may change terms: asked first, then done and logged."""

    model = Term
    permission_required = "change"
    header_icon = "tag"
    kind: TermChange
    told: str

    def act(self, form: Any) -> None:
        """Do it; what the domain refuses becomes an error of the form."""
        raise NotImplementedError

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            self.act(form)
        except ValidationError as error:
            form.add_error(None, error.messages)
            return self.form_invalid(form)
        messages.success(self.request, self.told.format(term=self.described["label"]))
        return redirect(self.edit_url)

    @cached_property
    def term(self) -> Term:
        return get_object_or_404(Term.objects.select_related("facet", "parent"), pk=self.kwargs["pk"])

    @cached_property
    def described(self) -> dict[str, Any]:
        return describe_for_editor(taxonomy_snapshot().by_id(self.term.pk))

    @property
    def edit_url(self) -> str:
        return reverse("terms:edit", args=[self.term.pk])

    def get_page_subtitle(self) -> str:
        return self.described["label"]

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("terms:index"), "label": "Terms"},
            {"url": self.edit_url, "label": self.described["label"]},
            {"url": "", "label": self.page_title},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        change = TermsChanged(self.term.facet.code, frozenset([self.term.code]), self.kind)
        return super().get_context_data(
            term=self.described,
            impact=get_dependants().impact([change]).get("items", 0),
            edit_url=self.edit_url,
            **kwargs,
        )


class RetireTermView(_TermActionView):
    """Retire a term, or give a retired one other successors."""

    template_name = "taxonomy/admin/retire_term.html"
    page_title = "Retire"
    form_class = RetireForm
    kind = TermChange.RETIRED
    told = "'{term}' is retired."

    def act(self, form: RetireForm) -> None:
        retire_term(
            self.term,
            successors=form.cleaned_data["successors"],
            children_to=form.cleaned_data.get("children_to"),
            user=self.request.user,
        )

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"term": self.term}

    def get_initial(self) -> dict[str, Any]:
        return {"successors": list(self.term.replaced_by.values_list("pk", flat=True))}


class RestoreTermView(_TermActionView):
    """Put a retired term back in use."""

    template_name = "taxonomy/admin/restore_term.html"
    page_title = "Restore"
    form_class = RestoreForm
    kind = TermChange.RESTORED
    told = "'{term}' is in use again."

    def act(self, form: RestoreForm) -> None:
        restore_term(self.term, user=self.request.user)
