"""The screens that change a term: asked, previewed, confirmed. A screen opened with an answer shows its preview."""

import hashlib
from typing import Any

import orjson
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from taxonomy import changeforms
from taxonomy.changes import Change, Impact, apply, preview
from taxonomy.changes.telling import counted, named_in, told
from taxonomy.choosing import describe_for_editor, editor_languages
from taxonomy.dependants import get_dependants
from taxonomy.facetview import TermView
from taxonomy.models import ChangePlan, PlanState, Term
from taxonomy.plans import change_steps
from taxonomy.snapshot import taxonomy_snapshot

MOST_NAMED = 50
ITEMS_AT_ONCE = 25


class ChangeTermView(PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView):
    """One change of one term, for those who may change terms."""

    model = Term
    permission_required = "change"
    header_icon = "tag"
    template_name = "taxonomy/admin/change.html"
    form_class: type[changeforms.ChangeForm]
    explanation = ""
    #: Query parameters that answer the form: with one of them its preview is shown at once.
    answers: tuple[str, ...] = ()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.answers is None or any(name in request.GET for name in self.answers):
            form = self.form_class(self.answered(), term=self.view)
            return self.form_valid(form) if form.is_valid() else self.form_invalid(form)
        return super().get(request, *args, **kwargs)

    def answered(self) -> dict[str, Any]:
        """Return what the form would have posted, had it been filled in as the address says."""
        return self.get_initial()

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            change = form.change()
            if self.request.method == "POST" and self.request.POST.get("confirmed") == digest(change):
                apply(change, user=self.request.user, basis=self.request.POST.get("basis") or None)
                messages.success(
                    self.request, _("%(change)s: done.") % {"change": self.told(change)}, buttons=self.message_buttons()
                )
                return redirect(self.edit_url)
            if "collect" in self.request.POST:
                return self.collect(change)
            impact = preview(change)
        except ValidationError as error:
            form.add_error(None, error.messages)
            return self.form_invalid(form)
        return self.render_to_response(self.get_context_data(form=form, change=change, impact=impact))

    def collect(self, change: Change) -> HttpResponse:
        """Put the change into a plan instead of making it."""
        plan = ChangePlan.objects.filter(pk=_number(self.request.POST.get("plan", ""))).first()
        if plan is None:
            plan = ChangePlan.objects.create(title=self.told(change)[:200], made_by=self.request.user)
        change_steps(plan, lambda steps: [*steps, change.as_json()])
        messages.success(
            self.request,
            _("%(change)s: step %(steps)s of “%(plan)s”.")
            % {"change": self.told(change), "steps": len(plan.steps), "plan": plan},
        )
        return redirect("change_plans:plan", plan.pk)

    def told(self, change: Change) -> str:
        return told(change, named_in(taxonomy_snapshot(), editor_languages()))

    def message_buttons(self) -> list[Any]:
        return [messages.button(reverse("terms:history_of", args=[self.term.pk]), _("History and undo"))]

    @cached_property
    def term(self) -> Term:
        return get_object_or_404(Term.objects.select_related("facet"), pk=self.kwargs["pk"])

    @cached_property
    def view(self) -> TermView:
        return taxonomy_snapshot().by_id(self.term.pk)

    @cached_property
    def described(self) -> dict[str, Any]:
        return describe_for_editor(self.view)

    @property
    def edit_url(self) -> str:
        return reverse("terms:edit", args=[self.term.pk])

    def get_initial(self) -> dict[str, Any]:
        return self.form_class.initial_of(self.view, self.request.GET.dict())

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"term": self.view}

    def get_page_subtitle(self) -> str:
        return self.described["label"]

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("terms:index"), "label": _("Terms")},
            {"url": self.edit_url, "label": self.described["label"]},
            {"url": "", "label": self.page_title},
        ]

    def get_context_data(
        self, *, change: Change | None = None, impact: Impact | None = None, **kwargs: Any
    ) -> dict[str, Any]:
        context = super().get_context_data(term=self.described, edit_url=self.edit_url, **kwargs)
        context["explanation"] = self.explanation
        context["plans"] = ChangePlan.objects.filter(state__in=[PlanState.DRAFT, PlanState.SUBMITTED])[:50]
        if change and impact:
            context |= self.preview_context(change, impact)
        return context

    def preview_context(self, change: Change, impact: Impact) -> dict[str, Any]:
        taxonomy = taxonomy_snapshot()
        others = [code for code in impact.terms if code != change.term]
        found = [taxonomy.find(code) for code in others[:MOST_NAMED]]
        return {
            "told": self.told(change),
            "counts": counted(impact.counts),
            "basis": impact.basis,
            "confirmed": digest(change),
            "others": [describe_for_editor(term) for term in found if term],
            "more": max(0, len(others) - MOST_NAMED),
        }


class RenameView(ChangeTermView):
    page_title = gettext_lazy("Rename")
    form_class = changeforms.RenameForm
    explanation = gettext_lazy("Its code stays as it is: nothing that names the term has to change.")


class MoveView(ChangeTermView):
    page_title = gettext_lazy("Move")
    form_class = changeforms.MoveForm
    explanation = gettext_lazy("Everything below the term moves with it. Its items are found under its new place.")
    answers = ("parent", "further", "before", "after")


class MergeView(ChangeTermView):
    page_title = gettext_lazy("Merge")
    form_class = changeforms.MergeForm
    explanation = gettext_lazy(
        "The term is retired. Its items, drafts and schedules get the other term instead, "
        "and its code is answered by that for ever."
    )
    answers = ("into",)


class RetireView(ChangeTermView):
    page_title = gettext_lazy("Retire")
    form_class = changeforms.RetireForm
    explanation = (
        "A retired term is no longer offered for new tags. Its code goes on answering for ever: through the term that "
        "replaces it, if there is one; its items, drafts and schedules then get that one."
    )
    answers = ("successor",)


class RestoreView(ChangeTermView):
    page_title = gettext_lazy("Restore")
    form_class = changeforms.RestoreForm
    explanation = gettext_lazy(
        "The term is offered for new tags again, and no other answers for its code any more. "
        "Items that were re-tagged stay as they are: to get them back, undo the change "
        "instead."
    )
    answers = None


class SplitView(ChangeTermView):
    """Also distributes the items, a page at a time."""

    page_title = gettext_lazy("Split")
    form_class = changeforms.SplitForm
    template_name = "taxonomy/admin/split.html"
    explanation = gettext_lazy(
        "The term is retired, and several answer for it from now on. Say which of them each "
        "item gets; its drafts and schedules follow."
    )

    def form_valid(self, form: Any) -> HttpResponse:
        if self.request.POST.keys() & {"confirmed", "preview", "collect"}:
            return super().form_valid(form)
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        form = context["form"]
        if form.is_bound and "given" in getattr(form, "cleaned_data", {}) and form.codes("into"):
            context |= self.items_context(form)
        return context

    def items_context(self, form: changeforms.SplitForm) -> dict[str, Any]:
        asked = self.request.POST
        search = asked.get("q", "").strip()[:200]
        number = _number(asked.get("page", ""))
        given = form.cleaned_data["given"]
        start = (max(number, 1) - 1) * ITEMS_AT_ONCE
        find = get_dependants().tagged
        found, count = find(self.term.code, search=search, start=start, count=ITEMS_AT_ONCE)
        page = Paginator(range(count), ITEMS_AT_ONCE).get_page(number)
        taxonomy = taxonomy_snapshot()
        return {
            "items": [{"item": item, "given": given.get(item.key, "")} for item in found],
            "page": page,
            "count": count,
            "q": search,
            "given_count": len(given),
            "given_json": orjson.dumps(given).decode(),
            "successors": [describe_for_editor(taxonomy.get(code)) for code in form.codes("into")],
        }


def digest(change: Change) -> str:
    """Return what a confirmation names: exactly the change that was previewed."""
    return hashlib.sha256(orjson.dumps(change.as_json(), option=orjson.OPT_SORT_KEYS)).hexdigest()[:32]


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0
