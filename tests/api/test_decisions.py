import pytest

from contenthub.delivery.allocation import Arm, Experiment
from contenthub.delivery.experiments import publish_experiment
from tests.delivery.published import DAY, NOW, delta, project, publish, text

DECIDE = """query ($filter: ItemFilter, $context: ContextInput!, $first: Int! = 1, $exclude: [String!]) {
  decide(filter: $filter, context: $context, first: $first, exclude: $exclude) { id items { key } } }"""
TRACE = """query ($filter: ItemFilter, $context: ContextInput!, $exclude: [String!], $candidates: Int! = 20) {
  decide(filter: $filter, context: $context, exclude: $exclude) { trace {
    considered steps { name kept dropped } candidates(first: $candidates) { key outcome reason score } } } }"""


@pytest.fixture
def offers(hub):
    publish(
        project("all"),
        project("compare", terms=["journey:compare"]),
        project("students", terms=["segment:students"]),
        project("families", terms=["segment:families"]),
        project("japan", terms=["market:JP"]),
        project("mail", channels=["channel:email"]),
        project("tomorrow", {"en": text(start=NOW + DAY)}),
        project("an-offer", type="offer"),
    )


def keys(decision):
    return [item["key"] for item in decision["items"]]


def test_the_best_items_for_a_moment_come_best_first(offers, ask):
    context = {
        "about": {"journey": ["journey:consider"]},
        "segments": ["segment:students"],
        "market": "market:JP",
        "channel": "channel:web-page",
    }

    decision = ask(DECIDE, context=context, first=3, exclude=["all"], filter={"types": ["article"]})["decide"]

    assert keys(decision) == ["compare", "students", "japan"]


def test_a_decision_about_nothing_that_there_is_chooses_nothing(offers, ask):
    decision = ask(DECIDE, context={}, filter={"keys": []})["decide"]

    assert decision["items"] == []
    assert decision["id"]


def test_segments_and_market_left_out_mean_none(offers, ask):
    decision = ask(DECIDE, context={}, first=50)["decide"]

    assert set(keys(decision)) == {"all", "compare", "mail", "an-offer"}


def test_the_trace_tells_what_each_step_kept_and_what_became_of_each_item(settings, offers, ask):
    settings.HUB_ANONYMOUS_RIGHTS = ["drafts"]
    context = {"segments": ["segment:students"], "channel": "channel:web-page"}
    wanted = {"types": ["article"]}

    trace = ask(TRACE, context=context, filter=wanted, exclude=["compare"])["decide"]["trace"]

    assert trace["considered"] == 8
    assert [(step["name"], step["kept"], step["dropped"]) for step in trace["steps"]] == [
        ("filter", 7, 1),
        ("live", 6, 1),
        ("channel", 5, 1),
        ("audience", 4, 1),
        ("market", 3, 1),
        ("excluded", 2, 1),
        ("ranked", 1, 1),
    ]
    assert [(one["key"], one["outcome"]) for one in trace["candidates"]] == [
        ("students", "CHOSEN"),
        ("all", "RANKED_BELOW"),
        ("compare", "EXCLUDED"),
        ("japan", "MARKET"),
        ("families", "AUDIENCE"),
        ("mail", "CHANNEL"),
        ("tomorrow", "NOT_LIVE"),
    ]
    assert [one["reason"] for one in trace["candidates"]] == [
        "Rank 1: priority 0, meets a segment of depth 2; then the newest, then by key.",
        "Rank 2, 1 chosen before it: priority 0; then the newest, then by key.",
        "The caller excluded it.",
        "It is meant for market:JP; the context is in none of them.",
        "It is meant for segment:families; the context meets none of them.",
        "It is meant for channel:email, not for channel:web-page.",
        "It goes on air in en at 2026-11-22T12:00:00Z.",
    ]
    best = {"rank": 1, "priority": 0, "facetsMet": 0, "steps": 0, "audienceDepth": 2}
    assert (trace["candidates"][0]["score"], trace["candidates"][2]["score"]) == (best, None)


def test_the_trace_does_not_tell_callers_without_the_right_of_what_is_not_on_air(offers, ask):
    trace = ask(TRACE, context={}, candidates=50)["decide"]["trace"]

    assert trace["considered"] == 7
    assert trace["steps"][1] == {"name": "live", "kept": 7, "dropped": 0}
    assert "tomorrow" not in {one["key"] for one in trace["candidates"]}


@pytest.mark.parametrize("count", [1, 3, 5])
def test_as_many_candidates_come_as_were_asked_for(offers, ask, count):
    trace = ask(TRACE, context={"segments": ["segment:students"]}, candidates=count)["decide"]["trace"]

    assert len(trace["candidates"]) == count


def test_a_text_that_only_fallback_would_serve_is_not_live_without_it(offers, ask):
    context = {"locale": "de", "fallback": "NONE"}

    trace = ask(TRACE, context=context, filter={"keys": ["all"]})["decide"]["trace"]

    assert [one["reason"] for one in trace["candidates"]] == [
        "It has no text of its own in de, and fallback is turned off."
    ]


@pytest.mark.parametrize(
    ("variables", "code", "argument"),
    [
        ({"context": {}, "first": 0}, "BAD_ARGUMENT", "first"),
        ({"context": {}, "first": 51}, "BAD_ARGUMENT", "first"),
        ({"context": {}, "filter": {"types": ["nope"]}}, "UNKNOWN_CODE", "filter.types"),
        ({"context": {"about": {"journey": ["nope"]}, "strict": True}}, "UNKNOWN_CODE", "context.about.journey"),
        ({"context": {"about": {"journey": ["x"] * 51}}}, "BAD_ARGUMENT", "context.about.journey"),
        ({"context": {"subject": "jo@example.org"}}, "BAD_ARGUMENT", "context.subject"),
        ({"context": {}, "exclude": ["x"] * 1001}, "BAD_ARGUMENT", "exclude"),
    ],
)
def test_what_cannot_be_used_is_refused(offers, refused, variables, code, argument):
    assert refused(DECIDE, **variables)[::2] == (code, argument)


@pytest.mark.parametrize("first", [0, 101])
def test_a_number_of_candidates_out_of_bounds_is_refused(offers, refused, first):
    assert refused(TRACE, context={}, candidates=first)[::2] == ("BAD_ARGUMENT", "first")


def test_terms_that_a_moment_is_not_about_are_told(offers, ask, notices):
    context = {"about": {"journey": ["journey:nope", "journey:weigh-up"], "product": ["journey:buy"]}}

    assert notices(DECIDE, context=context) == [
        ("UNKNOWN_CODE", "context.about.journey"),
        ("TERM_REPLACED", "context.about.journey"),
        ("UNKNOWN_CODE", "context.about.product"),
    ]
    assert keys(ask(DECIDE, context=context)["decide"]) == ["compare"]


def test_a_decision_says_which_arms_it_stands_for(hub, ask):
    arms = (Arm("control", 0.5, is_control=True), Arm("warm", 0.5))
    for code, holdout in (("hero", 0), ("out", 1), ("elsewhere", 0)):
        publish_experiment(Experiment(code, code, 0, 1, "s", 1, holdout, arms), starts_at=NOW - DAY)
    variants = [
        delta("warm", headline="Warm", experiment="hero", arm="warm"),
        delta("out", headline="Out", experiment="out", arm="warm"),
    ]
    publish(project("tested", variants=variants))
    query = """query ($context: ContextInput!) { decide(context: $context) {
      items { headline variant { code } } assignments { experiment arm isHoldout source }
      trace { candidates { variant } } } }"""

    context = {"subject": "visitor-1", "assignments": [{"experiment": "hero", "arm": "warm"}]}
    decision = ask(query, context=context)["decide"]

    assert decision["items"] == [{"headline": "Warm", "variant": {"code": "warm"}}]
    assert decision["assignments"] == [
        {"experiment": "hero", "arm": "warm", "isHoldout": False, "source": "GIVEN"},
        {"experiment": "out", "arm": None, "isHoldout": True, "source": "ALLOCATED"},
    ]
    assert decision["trace"]["candidates"] == [{"variant": "warm"}]


@pytest.mark.parametrize("count", [2, 40, 80])
def test_a_decision_costs_as_many_statements_whatever_it_finds(hub, ask, django_assert_num_queries, count):
    publish(*(project(f"item-{n:02}", terms=["journey:compare"]) for n in range(count)))

    # Taxonomy, locales, the priorities; the walk of the best class, the terms of what it found, the documents.
    with django_assert_num_queries(6):
        decision = ask(DECIDE, context={"about": {"journey": ["journey:compare"]}}, first=2)["decide"]

    assert keys(decision) == ["item-00", "item-01"]


def test_a_trace_costs_nothing_until_it_is_asked_for(offers, ask, django_assert_num_queries):
    with django_assert_num_queries(4):
        ask("{ decide(context: {}) { trace { __typename } } }")
