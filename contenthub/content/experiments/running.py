"""Starting and stopping tests: what is published of them, and what may not change while they run.

While a test runs, its weights, salt, layer and part of it stay as they are: under other weights the same people would
change arm in the middle, and both results would be worth nothing. Who wants to change them stops the test and
prepares it again: it gets a new salt, so that everybody is drawn anew, and both rounds can be told apart.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contenthub.delivery.experiments import end_experiment, publish_experiment

from ..codes import ExperimentState
from ..models import Experiment, ExperimentArm
from ..models.experiments import ALL, new_salt, percent

FROZEN = ("code", "layer", "start", "share", "holdout", "starts_at")
TOO_FEW_ARMS = "A test has two arms at least: one of them the control."
BOUND = frozenset({ExperimentState.SCHEDULED, ExperimentState.RUNNING})


@transaction.atomic
def launch(pk: int, *, now: datetime | None = None) -> Experiment:
    """Let a draft run from its start on, or from now; return it.

    Raises:
        ValidationError: it is no draft, its arms do not make a test, or its part of the layer is taken.
    """
    now = now or this_second()
    experiment = _locked(pk)
    if experiment.state(now) is not ExperimentState.DRAFT:
        raise ValidationError(_("Only a draft can be started."))
    check_arms(experiment.arms.all())
    experiment.starts_at = max(now, experiment.starts_at or now)
    if experiment.stops_at and experiment.stops_at <= experiment.starts_at:
        raise ValidationError({"stops_at": _("The end is past: set a later one, or leave it empty.")})
    refuse_taken(experiment, now=now)
    experiment.launched_at = now
    experiment.save()
    _publish(experiment, since=experiment.starts_at)
    return experiment


def rehearse(codes: Collection[str], *, now: datetime) -> None:
    """Let those of some tests run that have not begun yet, for a preview that rolls it back."""
    for experiment in Experiment.objects.filter(code__in=codes).prefetch_related("arms") if codes else ():
        if experiment.state(now) in (ExperimentState.DRAFT, ExperimentState.SCHEDULED):
            _publish(experiment, since=now)


@transaction.atomic
def stop(pk: int, *, now: datetime | None = None) -> Experiment:
    """End a test that runs or is to run; return it."""
    now = now or this_second()
    experiment = _locked(pk)
    if experiment.state(now) not in BOUND:
        raise ValidationError(_("Only a test that runs, or is to run, can be stopped."))
    experiment.starts_at = min(experiment.starts_at, now)
    experiment.stops_at = now
    experiment.save()
    end_experiment(experiment.code, at=now)
    return experiment


@transaction.atomic
def prepare_again(pk: int, *, now: datetime | None = None) -> Experiment:
    """Make a stopped test a draft with a new salt, in which everything can be changed; return it."""
    experiment = _locked(pk)
    if experiment.state(now) is not ExperimentState.STOPPED:
        raise ValidationError(_("Only a stopped test can be prepared again."))
    experiment.salt = new_salt()
    experiment.launched_at = experiment.starts_at = experiment.stops_at = None
    experiment.winner = ""
    experiment.save()
    return experiment


def follow(experiment: Experiment, *, now: datetime) -> None:
    """Publish what was changed of a test that runs or is to run: its ramp and its end."""
    _publish(experiment, since=max(now, experiment.starts_at))


def check_arms(arms: Collection[ExperimentArm]) -> None:
    """Raise ValidationError unless these arms make a test: two or more, one control, together 100 %."""
    if len(arms) < 2:
        raise ValidationError(TOO_FEW_ARMS)
    codes = [arm.code for arm in arms]
    if twice := sorted({code for code in codes if codes.count(code) > 1}):
        raise ValidationError(_("Two arms are called %(twice)s.") % {"twice": twice[0]})
    controls = sum(arm.is_control for arm in arms)
    if controls != 1:
        raise ValidationError(
            _("%(count)s of the arms is the control: mark exactly one.") % {"count": controls or _("None")}
        )
    total = sum((arm.weight for arm in arms), Decimal(0))
    if total != ALL:
        raise ValidationError(
            _("The weights make %(total)s %%, not 100: %(missing)s.")
            % {"total": percent(total), "missing": _missing(total)}
        )


def refuse_bias(stored: Experiment, changed: Experiment) -> None:
    """Raise ValidationError where a change of a running test would bias it."""
    message = _("This stays as it is while the test runs. Stop the test and prepare it again to change it.")
    errors = {name: message for name in FROZEN if getattr(stored, name) != getattr(changed, name)}
    if changed.ramp < stored.ramp:
        errors["ramp"] = _("The ramp only grows while the test runs: %(ramp)s %% or more.") % {
            "ramp": percent(stored.ramp)
        }
    if errors:
        raise ValidationError(errors)


def refuse_taken(experiment: Experiment, *, now: datetime) -> None:
    """Raise ValidationError where another test has some of the same part of the layer at the same time."""
    for other in neighbours(experiment, now=now):
        overlaps = other.start < experiment.end and experiment.start < other.end
        if other.state(now) in BOUND and overlaps and _at_once(experiment, other):
            message = _(
                "“%(title)s” has %(start)s to %(end)s %% of the layer %(layer)s: take a part that is free (%(is)s)."
            ) % {
                "title": other.title,
                "start": percent(other.start),
                "end": percent(other.end),
                "layer": other.layer,
                "is": free_parts(experiment, now=now) or "nothing is",
            }
            raise ValidationError({"start": message})


def neighbours(experiment: Experiment, *, now: datetime) -> list[Experiment]:
    """Return the other tests of the same layer that have not ended, in the order of their parts."""
    others = Experiment.objects.filter(layer=experiment.layer).exclude(pk=experiment.pk).order_by("start", "pk")
    return [other for other in others if other.state(now) is not ExperimentState.STOPPED]


def first_free(experiment: Experiment, *, now: datetime) -> Decimal | None:
    """Return where a part as wide as the test's fits into its layer; None if nowhere."""
    for begin, end in _gaps(neighbours(experiment, now=now)):
        if end - begin >= experiment.share:
            return begin
    return None


def free_parts(experiment: Experiment, *, now: datetime) -> str:
    """Return the parts of the layer that no test has which was started, in words; empty if there are none."""
    started = [each for each in (*neighbours(experiment, now=now), experiment) if each.state(now) in BOUND]
    gaps = _gaps(sorted(started, key=lambda each: each.start))
    return ", ".join(f"{percent(begin)} to {percent(end)} %" for begin, end in gaps)


def this_second() -> datetime:
    """Return now in whole seconds, as forms hand instants back."""
    return timezone.now().replace(microsecond=0)


def _locked(pk: int) -> Experiment:
    """Return the test, with all tests of its layer locked: none of them is started at the same time."""
    experiment = Experiment.objects.get(pk=pk)
    list(Experiment.objects.filter(layer=experiment.layer).order_by("pk").select_for_update().values_list("pk"))
    experiment.refresh_from_db()
    return experiment


def _publish(experiment: Experiment, *, since: datetime) -> None:
    publish_experiment(experiment.published(), starts_at=since, ends_at=experiment.stops_at)


def _at_once(one: Experiment, other: Experiment) -> bool:
    begins = max(one.starts_at, other.starts_at)
    return all(each.stops_at is None or begins < each.stops_at for each in (one, other))


def _gaps(taken: Iterable[Experiment]) -> list[tuple[Decimal, Decimal]]:
    gaps, reached = [], Decimal(0)
    for each in taken:
        if each.start > reached:
            gaps.append((reached, each.start))
        reached = max(reached, each.end)
    return [*gaps, (reached, ALL)] if reached < ALL else gaps


def _missing(total: Decimal) -> str:
    return (
        _("%(total)s are missing") % {"total": percent(ALL - total)}
        if total < ALL
        else _("%(all)s are too many") % {"all": percent(total - ALL)}
    )
