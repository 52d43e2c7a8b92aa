"""Which arms a context is in: those the caller brings, else those its subject is allocated to."""

from types import SimpleNamespace

import pytest

from channels.registry import channel_registry
from contenthub.delivery.allocation import Arm, Experiment
from contenthub.delivery.context import ContextRequest, resolve_context
from contenthub.delivery.targeting import Assignment, AssignmentSource
from locales.catalogue import locale_catalogue
from taxonomy.snapshot import taxonomy_snapshot
from tests.delivery.published import NOW

ARMS = (Arm("control", 0.5, is_control=True), Arm("warm", 0.5))
ALL, NOBODY, HELD_OUT = (
    Experiment("all", "one", 0.0, 1.0, "s1", 1.0, 0.0, ARMS),
    Experiment("nobody", "two", 0.0, 1.0, "s2", 0.0, 0.0, ARMS),
    Experiment("held-out", "three", 0.0, 1.0, "s3", 0.0, 1.0, ARMS),
)


@pytest.fixture
def assign(db):
    told = []

    def assign(**given):
        around = SimpleNamespace(
            taxonomy=taxonomy_snapshot(),
            locales=locale_catalogue(),
            channels=channel_registry(),
            experiments=lambda instant: [ALL, HELD_OUT, NOBODY],
            now=NOW,
            notice=lambda *notice: told.append(notice[2]),
        )
        context = resolve_context(ContextRequest(**given), around)
        return context.assignments, dict(context.standing.arms), told

    return assign


def test_a_subject_is_allocated_in_every_running_experiment(assign):
    assignments, arms, told = assign(subject="visitor-1")

    assert assignments == (
        Assignment("all", "control", source=AssignmentSource.ALLOCATED),
        Assignment("held-out", None, is_holdout=True, source=AssignmentSource.ALLOCATED),
    )
    assert (arms, told) == ({"all": "control"}, [])


def test_an_arm_that_the_caller_brings_stands_over_the_subjects(assign):
    assignments, arms, _ = assign(subject="visitor-1", assignments=(("all", "warm"), ("held-out", "control")))

    assert assignments == (Assignment("all", "warm"), Assignment("held-out", "control"))
    assert {each.source for each in assignments} == {AssignmentSource.GIVEN}
    assert arms == {"all": "warm", "held-out": "control"}


def test_what_is_unknown_is_told_and_the_subject_counts(assign):
    assignments, _, told = assign(subject="visitor-1", assignments=(("all", "nope"), ("gone", "warm")))

    assert [(each.experiment, each.arm) for each in assignments] == [("all", "control"), ("held-out", None)]
    assert told == ["context.assignments", "context.assignments"]


def test_without_a_subject_there_is_no_arm(assign):
    assert assign() == ((), {}, [])
