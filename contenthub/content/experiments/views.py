"""The screens for tests."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.log_actions import log

from ..codes import ExperimentState
from ..models import Experiment
from ..panels import SourceInlinePanel
from . import running
from .forms import ExperimentForm
from .panels import ReadArmsPanel, StandingPanel
from .winning import write_back

_MOST_TOLD = 10


@dataclass(frozen=True, slots=True)
class Action:
    """What can be done with a test besides saving it."""

    name: str
    label: str | Promise
    icon: str
    done: str | Promise
    logged: str | Promise
    carry_out: Callable[[int], Experiment]
    saves: bool = False

    @property
    def log_name(self) -> str:
        return f"contenthub.experiment.{self.name}"


START = Action(
    "start",
    _("Save and start the test"),
    "media",
    _("The test “%s” is started."),
    _("Started"),
    running.launch,
    saves=True,
)
STOP = Action("stop", _("Stop the test"), "cross", _("The test “%s” is stopped."), _("Stopped"), running.stop)
AGAIN = Action(
    "prepare_again",
    _("Prepare again, with a new salt"),
    "undo",
    _("The test “%s” is a draft again; everybody will be drawn anew."),
    _("Prepared again, with a new salt"),
    running.prepare_again,
)
ALL_ACTIONS = (START, STOP, AGAIN)
WRITE_BACK = "write_back"
ACTIONS = {
    ExperimentState.DRAFT: (START,),
    ExperimentState.SCHEDULED: (STOP,),
    ExperimentState.RUNNING: (STOP,),
    ExperimentState.STOPPED: (AGAIN,),
}


class EditView(generic.EditView):
    """The form of a test, with what can be done with it."""

    template_name = "content/experiments/edit.html"
    actions = ["edit", WRITE_BACK, *(action.name for action in ALL_ACTIONS)]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.action == WRITE_BACK:
            return self._write_back(self.get_object())
        chosen = self._chosen
        if chosen is None or chosen.saves:
            return super().post(request, *args, **kwargs)
        experiment = self.get_object()
        try:
            self._carry_out(chosen, experiment)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, chosen.done % experiment)
        return redirect("experiments:edit", experiment.pk)

    def form_valid(self, form: ExperimentForm) -> HttpResponse:
        """Save, and start the test if that was asked for: both or neither."""
        try:
            with transaction.atomic():
                return super().form_valid(form)
        except ValidationError as error:
            form.add_error(None, error)
            self.produced_error_code = "validation_error"
            self.produced_error_message = _("The test could not be started.")
            return self.form_invalid(form)

    def save_instance(self) -> Experiment:
        saved = super().save_instance()
        return self._carry_out(self._chosen, saved) if self._chosen else saved

    def get_success_message(self, *args: Any) -> str | None:
        return self._chosen.done % self.object if self._chosen else super().get_success_message(*args)

    def get_success_url(self) -> str:
        return self.get_edit_url() if self._chosen else super().get_success_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        is_decided = context["form"].state is ExperimentState.STOPPED and bool(self.object.winner)
        return context | {
            "experiment_actions": ACTIONS[context["form"].state],
            "can_write_back": is_decided and self.request.user.has_perm("content.publish_contentitem"),
        }

    def _write_back(self, experiment: Experiment) -> HttpResponse:
        if not self.request.user.has_perm("content.publish_contentitem"):
            raise PermissionDenied
        try:
            report = write_back(experiment, user=self.request.user)
        except ValidationError as error:
            messages.error(self.request, " ".join(error.messages))
            return redirect("experiments:edit", experiment.pk)
        log(experiment, f"contenthub.experiment.{WRITE_BACK}", user=self.request.user, data={"arm": experiment.winner})
        done = _("The winner is written into %(count)d texts; the test's versions there are off air.")
        messages.success(self.request, done % {"count": report.written})
        for left in report.left[:_MOST_TOLD]:
            messages.warning(self.request, _("Left alone: %s") % left)
        return redirect("experiments:edit", experiment.pk)

    @property
    def _chosen(self) -> Action | None:
        return next((each for each in ALL_ACTIONS if each.name == self.action), None)

    def _carry_out(self, action: Action, experiment: Experiment) -> Experiment:
        with transaction.atomic():
            changed = action.carry_out(experiment.pk)
            log(changed, action.log_name, user=self.request.user, data={"salt": changed.salt})
        return changed


class DeleteView(generic.DeleteView):
    """Deletes a test that does not run."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        experiment = self.get_object()
        if experiment.state() in running.BOUND:
            messages.error(request, _("The test “%s” runs or is to run: stop it before you delete it.") % experiment)
            return redirect("experiments:edit", experiment.pk)
        return super().dispatch(request, *args, **kwargs)


class IndexView(generic.IndexView):
    """All tests, the newest first."""

    def get_base_queryset(self) -> QuerySet[Experiment]:
        return super().get_base_queryset().prefetch_related("arms")


class _TitleCell(TitleColumn):
    cell_template_name = "content/experiments/title_cell.html"


class _StateCell(Column):
    cell_template_name = "content/experiments/state_cell.html"


class _LayerCell(Column):
    cell_template_name = "content/experiments/layer_cell.html"


class _ArmsCell(Column):
    cell_template_name = "content/experiments/arms_cell.html"


class ExperimentViewSet(ModelViewSet):
    """Tests, in the main menu."""

    model = Experiment
    name = "experiments"
    icon = "tasks"
    menu_label = _("Tests")
    menu_name = "experiments"
    menu_order = 96
    add_to_admin_menu = True
    copy_view_enabled = False
    list_per_page = 40
    search_fields = ["title", "code", "hypothesis"]
    list_filter = ["layer"]
    index_view_class = IndexView
    edit_view_class = EditView
    delete_view_class = DeleteView
    edit_template_name = EditView.template_name
    list_display = [
        _TitleCell("title", label=_("Test"), url_name="experiments:edit"),
        _StateCell("state", label=_("State")),
        _LayerCell("layer", label=_("Part of its layer")),
        _ArmsCell("arms", label=_("Arms")),
        DateColumn("starts_at", label=_("Start")),
        DateColumn("stops_at", label=_("End")),
    ]
    edit_handler = ObjectList(
        [
            StandingPanel(heading=_("Where it stands"), icon="info-circle"),
            MultiFieldPanel(
                [FieldPanel("title"), FieldPanel("code"), FieldPanel("hypothesis")],
                heading=_("What is tested"),
                icon="help",
            ),
            ReadArmsPanel(heading=_("Arms"), icon="list-ul"),
            SourceInlinePanel(
                "arms",
                [FieldRowPanel([FieldPanel("code"), FieldPanel("weight"), FieldPanel("is_control")])],
                heading=_("Arms"),
                label=_("Arm"),
                icon="list-ul",
                min_num=2,
                help_text=_("One of them is the control. Items carry the others as versions for this test."),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("layer"),
                    FieldRowPanel([FieldPanel("share"), FieldPanel("start")]),
                    FieldRowPanel([FieldPanel("ramp"), FieldPanel("holdout")]),
                ],
                heading=_("Who takes part"),
                icon="group",
            ),
            MultiFieldPanel(
                [FieldRowPanel([FieldPanel("starts_at"), FieldPanel("stops_at")]), FieldPanel("winner")],
                heading=_("When"),
                icon="calendar",
            ),
        ],
        base_form_class=ExperimentForm,
    )


experiment_viewset = ExperimentViewSet()
