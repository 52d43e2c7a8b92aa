"""The screens of change plans: collecting, one report, remarks, approval, applying, undoing."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets import AdminDateTimeInput

from taxonomy import plans
from taxonomy.changes import from_json
from taxonomy.changes.telling import counted, named_in, told
from taxonomy.choosing import editor_languages
from taxonomy.models import ChangePlan, Term
from taxonomy.snapshot import taxonomy_snapshot

PLANS_AT_ONCE = 25
APPROVE = "taxonomy.approve_changeplan"


class _PlanMixin(PermissionCheckedMixin, WagtailAdminTemplateMixin):
    model = Term
    any_permission_required = ["add", "change", "view"]
    header_icon = "list-ol"


class PlansView(_PlanMixin, TemplateView):
    """All plans, the latest first; a new one is begun here."""

    template_name = "taxonomy/admin/plans.html"
    page_title = gettext_lazy("Change plans")

    def post(self, request: HttpRequest) -> HttpResponse:
        if not self.user_has_permission("change"):
            raise PermissionDenied
        title = request.POST.get("title", "").strip()[:200]
        if not title:
            messages.error(request, _("Give the plan a title."))
            return redirect("change_plans:index")
        return redirect("change_plans:plan", ChangePlan.objects.create(title=title, made_by=request.user).pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = ChangePlan.objects.select_related("made_by").annotate(remark_count=Count("remarks")).order_by("-pk")
        page = Paginator(found, PLANS_AT_ONCE).get_page(self.request.GET.get("p"))
        return super().get_context_data(page=page, can_change=self.user_has_permission("change"), **kwargs)


class InstantForm(forms.Form):
    """When an approved plan is to be made."""

    apply_at = forms.DateTimeField(required=False, widget=AdminDateTimeInput(), label=gettext_lazy("Apply at"))


class PlanView(_PlanMixin, TemplateView):
    """One plan: its steps, what they do together, what was said, and what can be done with it."""

    template_name = "taxonomy/admin/plan.html"

    @cached_property
    def plan(self) -> ChangePlan:
        return get_object_or_404(ChangePlan.objects.select_related("made_by"), pk=self.kwargs["pk"])

    @property
    def page_title(self) -> str:
        return self.plan.title

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        do = request.POST.get("do", "")
        wanted = _DEEDS.get(do)
        if wanted is None:
            messages.error(request, _("There is nothing of this kind to do with a plan."))
            return redirect("change_plans:plan", pk)
        deed, needs_approver = wanted
        is_allowed = request.user.has_perm(APPROVE) if needs_approver else self.user_has_permission("change")
        if not is_allowed:
            raise PermissionDenied
        try:
            done = deed(self.plan, request)
        except ValidationError as error:
            for message in error.messages[:20]:
                messages.error(request, message)
        else:
            messages.success(request, done)
        return redirect("change_plans:plan", pk)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("change_plans:index"), "label": _("Change plans")},
            {"url": "", "label": self.plan.title},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        plan = self.plan
        named = named_in(taxonomy_snapshot(), editor_languages())
        context = super().get_context_data(
            plan=plan,
            steps=[told(from_json(step), named) for step in plan.steps],
            remarks=plan.remarks.select_related("made_by"),
            can_change=self.user_has_permission("change"),
            can_approve=self.request.user.has_perm(APPROVE),
            instant_form=InstantForm(initial={"apply_at": plan.apply_at}),
            time_zone=timezone.get_current_timezone_name(),
            **kwargs,
        )
        if plan.is_open and plan.steps:
            try:
                impact = plans.report(plan)
                context |= {"counts": counted(impact.counts), "basis": impact.basis}
            except ValidationError as error:
                context["obstacles"] = error.messages
        elif not plan.is_open:
            entries = plan.entries.only("impact")
            context["made_count"] = entries.count()
        return context


# --- what can be done with a plan: each returns what is told ------------------------------------------------


def _remove_step(plan: ChangePlan, request: HttpRequest) -> str:
    place = _place(plan, request)
    plans.change_steps(plan, lambda steps: steps[:place] + steps[place + 1 :], version=_version(request))
    return _("Step %(place)s is taken out.") % {"place": place + 1}


def _lift_step(plan: ChangePlan, request: HttpRequest) -> str:
    place = _place(plan, request)
    if place == 0:
        raise ValidationError(_("This is the first step already."))

    def lifted(steps: list[Any]) -> list[Any]:
        return [*steps[: place - 1], steps[place], steps[place - 1], *steps[place + 1 :]]

    plans.change_steps(plan, lifted, version=_version(request))
    return f"Step {place + 1} is step {place} now."


def _remark(plan: ChangePlan, request: HttpRequest) -> str:
    plans.remark(plan, request.POST.get("text", ""), user=request.user)
    return _("Your remark is kept.")


def _submit(plan: ChangePlan, request: HttpRequest) -> str:
    plans.submit(plan, user=request.user)
    return _("The plan is handed in for approval.")


def _send_back(plan: ChangePlan, request: HttpRequest) -> str:
    plans.send_back(plan, user=request.user)
    return _("The plan is a draft again.")


def _approve(plan: ChangePlan, request: HttpRequest) -> str:
    plans.approve(plan, user=request.user, version=_version(request))
    return _("The plan is approved: it can be applied now, or at an instant.")


def _schedule(plan: ChangePlan, request: HttpRequest) -> str:
    form = InstantForm(request.POST)
    if not form.is_valid():
        raise ValidationError(form.errors["apply_at"].as_data())
    at: datetime | None = form.cleaned_data["apply_at"]
    plans.schedule(plan, at, user=request.user)
    return (
        _("The plan will be applied at %(at)s.") % {"at": f"{timezone.localtime(at):%Y-%m-%d %H:%M}"}
        if at
        else _("Its instant is called off.")
    )


def _apply(plan: ChangePlan, request: HttpRequest) -> str:
    count = plans.apply_plan(plan, user=request.user, basis=request.POST.get("basis") or plan.basis or None)
    told = ngettext(
        "The plan is applied: %(count)d change made.", "The plan is applied: %(count)d changes made.", count
    )
    return told % {"count": count}


def _undo(plan: ChangePlan, request: HttpRequest) -> str:
    plans.undo_plan(plan, user=request.user)
    return _("All changes of the plan are undone.")


_DEEDS = {
    "remove": (_remove_step, False),
    "lift": (_lift_step, False),
    "remark": (_remark, False),
    "submit": (_submit, False),
    "send-back": (_send_back, False),
    "approve": (_approve, True),
    "schedule": (_schedule, True),
    "apply": (_apply, True),
    "undo": (_undo, True),
}


def _place(plan: ChangePlan, request: HttpRequest) -> int:
    text = request.POST.get("step", "")
    place = int(text) if text.isdecimal() and len(text) < 6 else -1
    if not 0 <= place < len(plan.steps):
        raise ValidationError(_("This step is not there any more."))
    return place


def _version(request: HttpRequest) -> int | None:
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


class ChangePlanViewSet(ViewSet):
    """The plans, in the menu beside the facets."""

    name = "change_plans"
    url_prefix = "taxonomy/plans"
    icon = "list-ol"
    menu_label = gettext_lazy("Change plans")

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", PlansView.as_view(), name="index"),
            path("<int:pk>/", PlanView.as_view(), name="plan"),
        ]

    @property
    def menu_icon(self) -> str:
        return self.icon
