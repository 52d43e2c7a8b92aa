"""The experiments that run: published when they start, read by everybody who asks for arms."""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from .allocation import Arm, Experiment
from .models import FOREVER, PublishedExperiment


def running_experiments(instant: datetime) -> list[Experiment]:
    """Return the experiments that run at an instant, by code: one statement."""
    rows = PublishedExperiment.objects.filter(starts_at__lte=instant, ends_at__gt=instant).order_by("code")
    return [_read(definition) for definition in rows.values_list("definition", flat=True)]


@transaction.atomic
def publish_experiment(experiment: Experiment, *, starts_at: datetime, ends_at: datetime | None = None) -> None:
    """Let an experiment run from ``starts_at`` on in this form, until ``ends_at`` or until it is ended."""
    end_experiment(experiment.code, at=starts_at)
    PublishedExperiment.objects.create(
        code=experiment.code, starts_at=starts_at, ends_at=ends_at or FOREVER, definition=asdict(experiment)
    )


@transaction.atomic
def end_experiment(code: str, *, at: datetime) -> None:
    """Let an experiment run no longer than ``at``; what was to start then or later is called off."""
    rows = PublishedExperiment.objects.filter(code=code)
    rows.filter(starts_at__gte=at).delete()
    rows.filter(ends_at__gt=at).update(ends_at=at)


def _read(definition: dict) -> Experiment:
    return Experiment(**{**definition, "arms": tuple(Arm(**arm) for arm in definition["arms"])})
