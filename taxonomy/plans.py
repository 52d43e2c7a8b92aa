"""Plans: changes that are collected, looked at, approved, made and undone as one."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from taxonomy.changes import Change, Impact, apply_all, from_json, preview_all, undo_all
from taxonomy.changes.kinds import find_missing
from taxonomy.models import ChangePlan, PlanRemark, PlanState

MOST_STEPS = 500


def changes_of(steps: Any) -> list[Change]:
    """Return the changes that the steps of a plan tell.

    Raises:
        ValidationError: everything that is wrong with any of them, by step number.
    """
    if not isinstance(steps, list) or not steps:
        raise ValidationError(_("A plan has a list of steps, one or more."))
    if len(steps) > MOST_STEPS:
        raise ValidationError(
            _("A plan has at most %(most)s steps; this one has %(steps)s.") % {"most": MOST_STEPS, "steps": len(steps)}
        )
    changes, wrong = [], []
    for number, step in enumerate(steps, start=1):
        try:
            changes.append(change := from_json(step))
            if missing := find_missing(change):
                wrong.append(f"Step {number}: '{missing}' is missing: a {change.do} needs it.")
        except ValidationError as error:
            wrong += [f"Step {number}: {message}" for message in error.messages]
    if wrong:
        raise ValidationError(wrong)
    return changes


def report(plan: ChangePlan) -> Impact:
    """Return what all steps of the plan would do together. What is so already is passed over.

    Raises:
        ValidationError: a step cannot be done; the message begins with its number.
    """
    return preview_all(changes_of(plan.steps), skip_done=True)


def change_steps(plan: ChangePlan, alter: Callable[[list[Any]], Sequence[Any]], *, version: int | None = None) -> None:
    """Give the plan other steps; it is a draft again.

    Raises:
        ValidationError: it is applied, was changed by somebody else meanwhile, or the steps are malformed.
    """
    with _locked(plan, version=version) as held:
        if not held.is_open:
            raise ValidationError(
                _("The plan “%(plan)s” is %(state)s: begin a new one.")
                % {"plan": held, "state": held.get_state_display().lower()}
            )
        steps = list(alter(list(held.steps)))
        if steps:
            changes_of(steps)
        held.steps, held.state, held.apply_at, held.problem = steps, PlanState.DRAFT, None, ""


def submit(plan: ChangePlan, *, user: Any) -> None:
    """Hand the plan in for approval.

    Raises:
        ValidationError: it is no draft, or one of its steps cannot be done.
    """
    report(plan)
    _turn(plan, PlanState.SUBMITTED, after=(PlanState.DRAFT,), user=user)


def approve(plan: ChangePlan, *, user: Any, version: int | None = None) -> None:
    """Approve the plan, on what it stands on now. Whoever wrote it may do so too, with the permission: many teams are
    one person.

    Raises:
        ValidationError: it was not submitted, or was changed since it was looked at.
    """
    basis = report(plan).basis
    _turn(plan, PlanState.APPROVED, after=(PlanState.SUBMITTED,), user=user, version=version, basis=basis)


def send_back(plan: ChangePlan, *, user: Any) -> None:
    """Make the plan a draft again."""
    after = (PlanState.SUBMITTED, PlanState.APPROVED)
    _turn(plan, PlanState.DRAFT, after=after, user=user, apply_at=None)


def schedule(plan: ChangePlan, at: datetime | None, *, user: Any) -> None:
    """Let the scheduler make the approved plan at an instant; None: not by itself.

    Raises:
        ValidationError: it is not approved, what it touches has changed since it was, or the instant is past.
    """
    if at and at <= timezone.now():
        raise ValidationError(_("This instant is past: apply the plan now, or choose a later one."))
    if at and plan.basis and plan.basis != report(plan).basis:
        raise ValidationError(
            _(
                "What this plan touches was changed since it was approved. Apply it now, or make it a draft again and "
                "have it approved as it stands."
            )
        )
    _turn(plan, PlanState.APPROVED, after=(PlanState.APPROVED,), user=user, apply_at=at, problem="")


@transaction.atomic
def apply_plan(plan: ChangePlan, *, user: Any = None, basis: str | None = None) -> int:
    """Make all steps of an approved plan in one transaction; return how many changed anything.

    ``basis`` is that of the report that was looked at.

    Raises:
        ValidationError: it is not approved, a step cannot be done, or what it touches has changed since.
    """
    _turn(plan, PlanState.APPLIED, after=(PlanState.APPROVED,), user=user, apply_at=None, problem="")
    entries = apply_all(changes_of(plan.steps), user=user, basis=basis, plan=plan, skip_done=True)
    return len(entries)


@transaction.atomic
def undo_plan(plan: ChangePlan, *, user: Any = None) -> None:
    """Undo all changes that the plan made, as one.

    Raises:
        ValidationError: it is not applied, or something later builds on one of them.
    """
    _turn(plan, PlanState.UNDONE, after=(PlanState.APPLIED,), user=user)
    undo_all(list(plan.entries.filter(undone_at=None)), user=user)


def remark(plan: ChangePlan, text: str, *, user: Any) -> None:
    """Say something about the plan.

    Raises:
        ValidationError: there is no text.
    """
    if not text.strip():
        raise ValidationError(_("Write something first."))
    PlanRemark.objects.create(plan=plan, text=text.strip()[:5000], made_by=_known(user))


def apply_due(*, now: datetime | None = None) -> Iterator[tuple[ChangePlan, str]]:
    """Make the approved plans whose instant has come; yield each and what came of it.

    One that cannot be made, or whose terms somebody else changed since it was approved, stays approved, without its
    instant; why is kept with it.
    """
    due = ChangePlan.objects.filter(state=PlanState.APPROVED, apply_at__lte=now or timezone.now())
    for plan in due.order_by("apply_at", "pk"):
        try:
            count = apply_plan(plan, basis=plan.basis or None)
            yield plan, _("%(count)s changes made") % {"count": count}
        except ValidationError as error:
            told = " ".join(error.messages)
            ChangePlan.objects.filter(pk=plan.pk).update(apply_at=None, problem=told)
            yield plan, f"refused: {told}"


def _turn(
    plan: ChangePlan,
    state: PlanState,
    *,
    after: Sequence[PlanState],
    user: Any,
    version: int | None = None,
    **changed: Any,
) -> None:
    with _locked(plan, version=version) as held:
        if held.state not in after:
            raise ValidationError(
                _("The plan “%(plan)s” is %(state)s: it cannot be %(wanted)s.")
                % {"plan": held, "state": held.get_state_display().lower(), "wanted": state.label.lower()}
            )
        if held.state != state:
            PlanRemark.objects.create(plan=held, did=state, made_by=_known(user))
        held.state = state
        for name, value in changed.items():
            setattr(held, name, value)


@contextmanager
def _locked(plan: ChangePlan, *, version: int | None = None) -> Iterator[ChangePlan]:
    """Yield the plan as it is stored, locked; it is saved at the end of the block, with a new version."""
    with transaction.atomic():
        held = ChangePlan.objects.select_for_update().get(pk=plan.pk)
        if version is not None and version != held.version:
            raise ValidationError(_("Somebody else changed this plan in the meantime: look at it again."))
        yield held
        held.version += 1
        held.save()
    plan.refresh_from_db()


def _known(user: Any) -> Any:
    return user if user and user.pk else None
