import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contenthub.delivery import ranking
from contenthub.delivery.context import ContextRequest, judging_audience, resolve_context
from contenthub.delivery.deciding import decide
from contenthub.delivery.documents import ItemProjection
from contenthub.delivery.filters import ItemFilter, prepare_filter
from contenthub.delivery.refusals import BadArgument
from tests.delivery.published import DAY, NOW, project, publish, text
from tests.delivery.test_reading import Oracle, filters, narrow_contexts, own_terms, publications
from tests.delivery.world import CHANNELS


@pytest.fixture
def choose(around):
    """Decide for a context and a filter as a caller gives them."""

    def choose(context=None, wanted=None, first=10, exclude=()):
        seen = resolve_context(ContextRequest(**(context or {})), around, may_travel=True)
        ready = prepare_filter(ItemFilter(**(wanted or {})), around, lambda: ["article", "offer"])
        return decide(judging_audience(seen, around), ready, around.taxonomy, first=first, exclude=exclude)

    return choose


def keys(decision):
    return [item.key for item in decision.items]


def test_the_nearest_to_what_the_moment_is_about_comes_first(choose):
    publish(
        project("below", terms=["journey:compare"]),
        project("same", terms=["journey:consider"]),
        project("both", terms=["journey:compare", "product:vpn-mobile"]),
        project("elsewhere", terms=["journey:buy"]),
        project("preferred", terms=["journey:buy"], priority=1),
    )

    decision = choose({"about": (("journey", ("journey:consider",)), ("product", ("product:vpn",)))})

    assert keys(decision) == ["preferred", "both", "same", "below", "elsewhere"]
    assert [tuple(each.fit) for each in decision.chosen] == [
        (1, 0, 0, 0),
        (0, 2, 2, 0),
        (0, 1, 0, 0),
        (0, 1, 1, 0),
        (0, 0, 0, 0),
    ]


def test_the_deeper_segment_comes_first_and_an_item_for_others_never(choose):
    publish(
        project("all"),
        project("young", terms=["segment:young"]),
        project("students", terms=["segment:students"]),
        project("families", terms=["segment:families"]),
        project("japan", terms=["market:JP"]),
    )

    assert keys(choose({"segments": ("segment:students",)})) == ["students", "young", "all"]
    assert keys(choose()) == ["all"]
    assert keys(choose({"market": "market:JP"})) == ["all", "japan"]


def test_rows_that_meet_several_are_not_overlooked_where_too_many_meet_one(choose, monkeypatch):
    monkeypatch.setattr(ranking, "_MOST_ENTRIES", 2)
    publish(
        *(project(f"on-topic-{number}", terms=["journey:consider"]) for number in range(5)),
        project("both", terms=["journey:consider", "segment:students"], priority=0),
    )
    moment = {"about": (("journey", ("journey:consider",)),), "segments": ("segment:students",)}

    assert keys(choose(moment, first=1)) == ["both"]


def test_what_is_excluded_or_for_another_channel_is_not_chosen(choose):
    publish(project("a"), project("b"), project("mail", channels=["channel:email"]))

    assert keys(choose({"channel": "channel:web-page"}, exclude=["a", "nothing", "\0"])) == ["b"]


def test_what_expires_is_gone_at_its_instant(choose):
    publish(project("a", {"en": text(end=NOW + DAY)}), project("b", {"en": text(start=NOW + DAY)}))

    assert keys(choose({"at": NOW + DAY - DAY / 86_400})) == ["a"]
    assert keys(choose({"at": NOW + DAY})) == ["b"]


def test_the_id_follows_the_question_and_what_is_published(choose):
    publish(project("a"), project("b"))
    context = {"segments": ("segment:students",)}
    first = choose(context, first=1).id

    assert choose(context, first=1).id == first
    others = [choose(context, first=2), choose(first=1), choose(context, first=1, exclude=["b"])]
    others.append(choose({**context, "about": (("journey", ("journey:buy",)),)}, first=1))
    publish(project("a", {"en": text("Another headline")}))
    others.append(choose(context, first=1))
    assert len({first, *(each.id for each in others)}) == 6


@pytest.mark.parametrize("first", [0, 51, -1])
def test_a_number_out_of_bounds_is_refused(choose, first):
    with pytest.raises(BadArgument) as refusal:
        choose(first=first)

    assert refusal.value.argument == "first"


def test_too_many_exclusions_are_refused(choose):
    with pytest.raises(BadArgument) as refusal:
        choose(exclude=["x"] * 1001)

    assert refusal.value.argument == "exclude"


@pytest.mark.parametrize("count", [3, 150])
def test_a_decision_costs_the_same_whatever_is_published(choose, around, django_assert_max_num_queries, count):
    publish(*(project(f"item-{n:03}", terms=["journey:compare", "product:vpn"]) for n in range(count)))
    about = (("journey", ("journey:consider",)), ("product", ("product:vpn",)))

    with django_assert_max_num_queries(6):
        assert keys(choose({"about": about}, first=2)) == ["item-000", "item-001"]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["index_row_ranked", "term_row_ranked", "term_row_newest"])
def test_the_indexes_that_are_walked_outlive_every_migration(name):
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, f"delivery_{name.split('_')[0]}row")

    assert found[name]["index"]


# --- against a plain reading of the rules -------------------------------------------------------------------

topics = st.fixed_dictionaries(
    {},
    optional={
        "journey": st.lists(st.sampled_from(["journey:consider", "journey:compare", "journey:buy"]), max_size=2),
        "campaign": st.lists(st.just("campaign:winter"), max_size=1),
        "product": st.lists(st.sampled_from(["product:vpn", "product:vpn-mobile", "product:relay"]), max_size=2),
    },
).map(lambda given: tuple((facet, tuple(codes)) for facet, codes in given.items()))
moments = st.builds(lambda context, about: {**context, "about": about}, narrow_contexts, topics)
corpora = st.lists(
    st.tuples(
        own_terms,
        st.just([]) | st.lists(st.sampled_from(list(CHANNELS)), max_size=2, unique=True),
        st.dictionaries(st.sampled_from(["en", "en", "de", "ja"]), publications, min_size=1),
        st.sampled_from([0, 0, 0, 0, 5, -1]),
    ),
    min_size=6,
    max_size=14,
).map(
    lambda rows: [
        project(f"item-{n}", texts, terms=terms, channels=channels, priority=priority)
        for n, (terms, channels, texts, priority) in enumerate(rows)
    ]
)


class DecidingOracle(Oracle):
    """The order of decisions, in plain Python over all items."""

    def line(self, code):
        """Return by code how many steps each term on the line of ``code`` is away."""
        steps, waiting = {code: 0}, [(code, 0, "broader"), (code, 0, "children")]
        for at, step, way in waiting:
            for beyond in getattr(self.taxonomy.get(at), way):
                steps[beyond.code] = min(step + 1, steps.get(beyond.code, step + 1))
                waiting.append((beyond.code, step + 1, way))
        return steps

    def rank(self, item, shown, context):
        own, met, steps = item.facts[0].terms, 0, 0
        for _, codes in context["about"]:
            near = [line[each] for line in map(self.line, codes) for each in own if each in line]
            met, steps = met + bool(near), steps + min(near, default=0)
        segments = {each for code in context.get("segments", ()) for each in self.above(code)}
        depth = max((self.taxonomy.get(each).depth for each in own if each in segments), default=0)
        return -item.facts[0].priority, -met, steps, -depth, -shown.published_at.timestamp(), item.key

    def choose(self, corpus, context, wanted, exclude):
        judged = {"segments": (), **context}
        found = [
            (item, shown)
            for item, shown in self.answer(corpus, judged, wanted, None)
            if item.key not in exclude
            and ("market" in context or not any(each.startswith("market") for each in item.facts[0].terms))
        ]
        return sorted(found, key=lambda each: self.rank(*each, context))


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    corpus=corpora,
    questions=st.lists(
        st.tuples(moments, filters, st.integers(1, 4), st.lists(st.sampled_from(["item-0", "item-1"]), max_size=2)),
        min_size=4,
        max_size=10,
    ),
    sizes=st.sampled_from(
        [
            (4, 8, 60, 120, 1000, 0),
            (2, 1, 3, 120, 1000, 0),
            (2, 1, 3, 120, 9, 0),
            (2, 1, 3, 120, 0, 1000),
            (2, 2, 6, 1, 0, 2),
            (64, 8, 60, 120, 0, 0),
        ]
    ),
)
def test_every_decision_is_what_the_rules_say(around, choose, monkeypatch, corpus, questions, sizes):
    names = ("_PROBE", "_FIRST_STREAMS", "_MOST_STREAMS", "_MOST_WALKS", "_MOST_ENTRIES", "_MOST_MEETING")
    for name, size in zip(names, sizes, strict=True):
        monkeypatch.setattr(ranking, name, size)
    oracle = DecidingOracle(around.taxonomy, around.locales)
    publish(*corpus, *(ItemProjection(key=f"item-{n}") for n in range(len(corpus), 14)))

    for context, wanted, first, exclude in questions:
        expected = oracle.choose(corpus, context, wanted, exclude)

        decision = choose(context, wanted, first, exclude)

        assert [(item.key, item.head["headline"]) for item in decision.items] == [
            (item.key, shown.head["headline"]) for item, shown in expected[:first]
        ]
        assert decision.id == choose(context, wanted, first, exclude).id
