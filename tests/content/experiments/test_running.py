from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import ValidationError

from contenthub.content.codes import ExperimentState
from contenthub.content.experiments import running as experimenting
from contenthub.content.models import Experiment
from contenthub.delivery.allocation import Arm
from contenthub.delivery.experiments import running_experiments
from tests.content.factories import ExperimentFactory
from tests.delivery.published import DAY, NOW

SECOND = timedelta(seconds=1)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOW, tick=False):
        yield


def codes_running(instant=NOW):
    return [each.code for each in running_experiments(instant)]


def launch(**given):
    return experimenting.launch(ExperimentFactory(**given).pk)


def test_a_draft_runs_from_the_moment_it_is_started_with_parts_of_one():
    draft = ExperimentFactory(code="hero", start=10, share=40, ramp=20, holdout=5)

    experimenting.launch(draft.pk)

    (running,) = running_experiments(NOW)
    assert (running.code, running.start, running.share, running.ramp, running.holdout) == ("hero", 0.1, 0.4, 0.2, 0.05)
    assert running.arms == (Arm("control", 0.5, is_control=True), Arm("warm", 0.5))
    assert running.salt == draft.salt


def test_the_clock_alone_starts_and_stops_it():
    test = launch(code="hero", starts_at=NOW + DAY, stops_at=NOW + 2 * DAY)

    instants = [NOW, NOW + DAY - SECOND, NOW + DAY, NOW + 2 * DAY - SECOND, NOW + 2 * DAY]
    assert [codes_running(each) for each in instants] == [[], [], ["hero"], ["hero"], []]
    assert [test.state(each).value for each in instants] == ["scheduled", "scheduled", "running", "running", "stopped"]


def test_a_start_that_is_past_means_now():
    assert launch(starts_at=NOW - DAY).starts_at == NOW


@pytest.mark.parametrize(
    ("arms", "message"),
    [
        ({"control": 50}, "A test has two arms at least: one of them the control."),
        ({"warm": 50, "bold": 50}, "None of the arms is the control: mark exactly one."),
        ({"control": 50, "warm": 40}, "The weights make 90 %, not 100: 10 are missing."),
        ({"control": 60, "warm": 50}, "The weights make 110 %, not 100: 10 are too many."),
    ],
)
def test_arms_that_make_no_test_are_refused_and_nothing_is_published(arms, message):
    with pytest.raises(ValidationError) as refusal:
        launch(arms=arms)

    assert refusal.value.messages == [message]
    assert codes_running() == []
    assert Experiment.objects.get().state() is ExperimentState.DRAFT


def test_thirds_make_a_whole():
    launch(arms={"control": Decimal("33.34"), "warm": Decimal("33.33"), "bold": Decimal("33.33")})

    assert sum(arm.weight for arm in running_experiments(NOW)[0].arms) == pytest.approx(1)


@pytest.mark.parametrize(("start", "share"), [(0, 100), (40, 20), (0, Decimal("30.01")), (59, 1)])
def test_two_tests_never_share_a_part_of_one_layer(start, share):
    launch(code="first", start=30, share=30)

    with pytest.raises(ValidationError) as refusal:
        launch(code="second", start=start, share=share)

    assert refusal.value.messages == [
        "“First” has 30 to 60 % of the layer main: take a part that is free (0 to 30 %, 60 to 100 %)."
    ]
    assert codes_running() == ["first"]


def test_what_ended_or_is_elsewhere_or_at_another_time_takes_nothing():
    launch(code="ended", stops_at=NOW + DAY)
    launch(code="elsewhere", layer="other")
    launch(code="later", starts_at=NOW + 2 * DAY)
    with time_machine.travel(NOW + DAY, tick=False):
        launch(code="between", stops_at=NOW + 2 * DAY)

    assert codes_running(NOW + DAY) == ["between", "elsewhere"]


def test_stopping_ends_it_at_once_and_calls_off_what_was_to_come():
    running, planned = launch(code="one"), launch(code="two", layer="other", starts_at=NOW + DAY)

    with time_machine.travel(NOW + SECOND, tick=False):
        experimenting.stop(running.pk)
        experimenting.stop(planned.pk)

    assert codes_running(NOW) == ["one"]
    assert codes_running(NOW + SECOND) == codes_running(NOW + 2 * DAY) == []


def test_preparing_again_draws_everybody_anew():
    test = launch(code="hero")
    with time_machine.travel(NOW + DAY, tick=False):
        experimenting.stop(test.pk)

        again = experimenting.prepare_again(test.pk)

        assert again.state() is ExperimentState.DRAFT
        assert again.salt != test.salt
        experimenting.launch(test.pk)
    assert [each.salt for day in (0, 1) for each in running_experiments(NOW + day * DAY)] == [test.salt, again.salt]


@pytest.mark.parametrize(
    ("action", "state"),
    [
        (experimenting.launch, "running"),
        (experimenting.launch, "stopped"),
        (experimenting.stop, "draft"),
        (experimenting.stop, "stopped"),
        (experimenting.prepare_again, "draft"),
        (experimenting.prepare_again, "running"),
    ],
)
def test_what_does_not_suit_the_state_is_refused(action, state):
    test = ExperimentFactory()
    if state != "draft":
        experimenting.launch(test.pk)
    if state == "stopped":
        experimenting.stop(test.pk, now=NOW + SECOND)

    with pytest.raises(ValidationError):
        action(test.pk, now=NOW + DAY)

    assert Experiment.objects.get().state(NOW + DAY).value == state


def test_the_first_free_part_is_found():
    launch(code="first", start=0, share=30)
    launch(code="second", start=50, share=40)

    free = [experimenting.first_free(Experiment(layer="main", share=Decimal(share)), now=NOW) for share in (10, 20, 21)]

    assert free == [30, 30, None]
