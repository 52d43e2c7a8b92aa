from datetime import timedelta

import pytest

from contenthub.delivery.allocation import Arm, Experiment
from contenthub.delivery.experiments import end_experiment, publish_experiment, running_experiments
from contenthub.delivery.models import PublishedExperiment
from tests.delivery.published import DAY, NOW

TEST = Experiment("headline", "home", 0.0, 0.5, "s1", 0.1, 0.05, (Arm("a", 0.5, is_control=True), Arm("b", 0.5)))
WIDER = Experiment("headline", "home", 0.0, 0.5, "s1", 0.2, 0.05, TEST.arms)
SECOND = timedelta(seconds=1)

pytestmark = pytest.mark.django_db


def test_an_experiment_runs_from_its_start_until_its_end_to_the_second():
    publish_experiment(TEST, starts_at=NOW, ends_at=NOW + DAY)

    running = [running_experiments(instant) for instant in (NOW - SECOND, NOW, NOW + DAY - SECOND, NOW + DAY)]

    assert running == [[], [TEST], [TEST], []]


def test_a_growing_ramp_leaves_the_past_as_it_was():
    publish_experiment(TEST, starts_at=NOW - DAY)

    publish_experiment(WIDER, starts_at=NOW)

    assert [running_experiments(instant) for instant in (NOW - SECOND, NOW)] == [[TEST], [WIDER]]


def test_ending_calls_off_what_was_to_come():
    publish_experiment(TEST, starts_at=NOW + DAY)

    end_experiment("headline", at=NOW)

    assert not PublishedExperiment.objects.exists()


def test_ending_one_leaves_the_others(django_assert_num_queries):
    other = Experiment("button", "home", 0.5, 0.5, "s2", 1.0, 0.0, TEST.arms)
    publish_experiment(TEST, starts_at=NOW - DAY)
    publish_experiment(other, starts_at=NOW - DAY)

    end_experiment("headline", at=NOW)

    with django_assert_num_queries(1):
        assert running_experiments(NOW) == [other]
