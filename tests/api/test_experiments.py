import pytest

from contenthub.delivery.allocation import Arm, Experiment
from contenthub.delivery.experiments import publish_experiment
from tests.delivery.published import DAY, NOW, project, publish

HERO = Experiment(
    "hero-headline", "homepage", 0.0, 0.5, "hero-headline-1", 0.6, 0.1,
    (Arm("control", 0.5, is_control=True), Arm("warm", 0.3), Arm("bold", 0.2)),
)  # fmt: skip
LIST = "{ experiments { code layer start share salt ramp holdout arms { code weight isControl } } }"
ITEM = 'query ($context: ContextInput) { item(key: "welcome", context: $context) { key } }'


@pytest.fixture
def test(hub):
    publish(project("welcome"))
    publish_experiment(HERO, starts_at=NOW - DAY, ends_at=NOW + DAY)


def test_running_experiments_come_with_all_that_is_needed_to_compute_arms(test, ask):
    assert ask(LIST) == {
        "experiments": [
            {
                "code": "hero-headline",
                "layer": "homepage",
                "start": 0.0,
                "share": 0.5,
                "salt": "hero-headline-1",
                "ramp": 0.6,
                "holdout": 0.1,
                "arms": [
                    {"code": "bold", "weight": 0.2, "isControl": False},
                    {"code": "control", "weight": 0.5, "isControl": True},
                    {"code": "warm", "weight": 0.3, "isControl": False},
                ],
            }
        ]
    }


def test_an_experiment_that_ended_is_gone_to_the_second(test, hub, ask):
    hub.move_to(NOW + DAY)

    assert ask(LIST) == {"experiments": []}


@pytest.mark.parametrize("count", [1, 20])
def test_experiments_are_one_statement(hub, ask, django_assert_num_queries, count):
    for number in range(count):
        publish_experiment(Experiment(f"e{number}", "l", 0, 1, "s", 1, 0, HERO.arms), starts_at=NOW - DAY)

    with django_assert_num_queries(1):
        assert len(ask(LIST)["experiments"]) == count


@pytest.mark.parametrize("subject", ["jo@example.org", "+49 170", ""])
def test_a_subject_that_tells_who_the_customer_is_is_refused(test, refused, subject):
    code, _, argument = refused(ITEM, context={"subject": subject})

    assert (code, argument) == ("BAD_ARGUMENT", "context.subject")


@pytest.mark.parametrize("given", [("nope", "warm"), ("hero-headline", "nope")])
def test_an_unknown_experiment_or_arm_is_told_or_refused_where_strict(test, ask, notices, refused, given):
    context = {"assignments": [{"experiment": given[0], "arm": given[1]}]}

    assert notices(ITEM, context=context) == [("UNKNOWN_CODE", "context.assignments")]
    assert ask(ITEM, context=context)["item"] == {"key": "welcome"}
    assert refused(ITEM, context={**context, "strict": True})[::2] == ("UNKNOWN_CODE", "context.assignments")
