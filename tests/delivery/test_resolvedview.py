"""Lists over what readers get, against resolving everything and filtering in memory."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contenthub.delivery.checking import differences
from contenthub.delivery.codes import ItemOrder
from contenthub.delivery.context import Context, ContextRequest, resolve_context
from contenthub.delivery.counting import count_items
from contenthub.delivery.documents import VariantPublication
from contenthub.delivery.filters import ItemFilter, prepare_filter
from contenthub.delivery.reading import find_item, read_page
from contenthub.delivery.targeting import Assignment
from tests.delivery.corpora import VariantMaker
from tests.delivery.published import DAY, NOW, delta, project, publish, text
from tests.delivery.world import CHANNELS, TERMS

SEGMENTS = {code: parent for code, parent in TERMS.items() if code.startswith("segment:")}
EXPERIMENTS = {"test": ("a", "b")}
WORDS = "motor battery hill morning".split()


@pytest.fixture
def see(around):
    def see(arms=None, **given) -> Context:
        context = resolve_context(ContextRequest(**given), around, may_travel=True)
        assignments = tuple(Assignment(experiment, arm) for experiment, arm in (arms or {}).items())
        return replace(context, assignments=assignments, standing=replace(context.standing, arms=arms or {}))

    return see


@pytest.fixture
def want(around):
    return lambda **given: prepare_filter(ItemFilter(**given), around, lambda: {"article"})


def keys(context, wanted, **page):
    return [item.key for item in read_page(context, wanted, **page).items]


def of_students(code="students", **what):
    return delta(code, segments=("segment:students",), **what)


# --- single rules -------------------------------------------------------------------------------------------


def test_an_item_is_answered_with_the_variant_that_fits_and_says_where_each_field_is_from(see):
    base = text("Base", summary="For all", texts={"short": "Short"})
    young = delta("young", segments=("segment:young",), headline="Young", summary="For the young")
    publish(project("k", {"en": base}, variants=[young, of_students(headline="Students", texts={"short": ""})]))

    item = find_item(see(segments=("segment:students",)), "k")

    assert (item.head["headline"], item.head["summary"], item.head["texts"]) == ("Students", "For the young", [])
    assert [each.code for each in item.winning] == ["students", "young"]
    assert {name: giver and giver.code for name, giver in item.resolution.provenance.items()} == {
        "headline": "students", "summary": "young", "texts.short": "students",
        "body": None, "callToAction": None, "image": None,
    }  # fmt: skip
    assert find_item(see(), "k").head["headline"] == "Base"
    assert find_item(see(segments=("segment:families",)), "k").head["headline"] == "Base"


def test_no_rendition_mixes_languages(see):
    variants = {"en": [delta("v", headline="English v")], "de": [delta("v", summary="Deutsche v")]}
    publish(project("k", {"en": text("English"), "de": text("Deutsch")}, variants=variants))

    german, japanese = find_item(see(locale="de-CH"), "k"), find_item(see(locale="ja"), "k")

    assert (german.head["headline"], german.head["summary"]) == ("Deutsch", "Deutsche v")
    assert (japanese.head["headline"], japanese.head["summary"]) == ("English v", None)


def test_a_variant_comes_and_goes_at_its_instant_and_the_answer_tells_when(see):
    publish(project("k", variants=[delta("v", headline="For a day", start=NOW + DAY, end=NOW + 2 * DAY)]))
    second = timedelta(seconds=1)

    headlines = [find_item(see(at=at), "k").head["headline"] for at in (NOW + DAY - second, NOW + DAY, NOW + 2 * DAY)]

    assert headlines == ["Headline of k", "For a day", "Headline of k"]
    assert find_item(see(), "k").next_change_at == NOW + DAY
    assert find_item(see(at=NOW + DAY), "k").next_change_at == NOW + 2 * DAY
    assert find_item(see(at=NOW + 2 * DAY), "k").next_change_at is None


def test_a_variant_that_the_context_never_meets_does_not_shorten_its_answer(see):
    publish(project("k", variants=[of_students(headline="Soon", start=NOW + DAY)]))

    assert find_item(see(), "k").next_change_at is None
    assert find_item(see(segments=("segment:students",)), "k").next_change_at == NOW + DAY


def test_a_search_finds_what_the_context_gets_and_nothing_else(see, want):
    blocks = [{"type": "heading", "id": "1", "text": "A quiet motor", "level": 2}]
    publish(
        project("in", {"en": text("Plain")}, variants=[of_students(headline="Motor days")]),
        project("out", {"en": text("Motor")}, variants=[of_students(headline="Plain")]),
        project("parts", {"en": text("Quiet", summary="x")}, variants=[of_students(summary="Motor")]),
        project("body", {"en": text("Quiet", blocks=blocks)}, variants=[of_students(blocks=[])]),
        project("base", {"en": text("Quiet motor")}),
    )
    students = see(segments=("segment:students",))

    assert keys(see(), want(search="motor"), order=ItemOrder.KEY) == ["base", "body", "out"]
    assert keys(students, want(search="motor"), order=ItemOrder.KEY) == ["base", "in", "parts"]
    assert keys(students, want(search="quiet motor"), order=ItemOrder.RELEVANCE) == ["base", "parts"]
    assert count_items(students, want(search="motor")) == 3
    assert count_items(see(), want(search="motor")) == 3


def test_what_a_variant_changed_counts_as_changed_for_those_who_get_it(see, want):
    publish(
        project("old", {"en": text(start=NOW - 9 * DAY)}, variants=[of_students(headline="x", updated_at=NOW - DAY)]),
        project("new", {"en": text(start=NOW - 2 * DAY)}),
    )
    students, recent = see(segments=("segment:students",)), want(updated_since=NOW - 3 * DAY)

    assert keys(see(), want(), order=ItemOrder.RECENTLY_CHANGED) == ["new", "old"]
    assert keys(students, want(), order=ItemOrder.RECENTLY_CHANGED) == ["old", "new"]
    assert (keys(see(), recent), keys(students, recent, order=ItemOrder.KEY)) == (["new"], ["new", "old"])
    first = read_page(students, want(), order=ItemOrder.RECENTLY_CHANGED, first=1)
    assert keys(students, want(), order=ItemOrder.RECENTLY_CHANGED, first=1, after=first.cursor(0)) == ["new"]


@pytest.mark.parametrize("count", [1, 40])
def test_a_page_is_one_statement_and_one_more_for_its_variants(see, want, django_assert_num_queries, count):
    publish(
        *(
            project(f"k{number}", variants=[of_students(headline="x"), delta("all", blocks=[])])
            for number in range(count)
        )
    )
    context, wanted = see(segments=("segment:students",)), want()

    with django_assert_num_queries(2):
        page = read_page(context, wanted, first=100, with_body=True)
        assert {(item.head["headline"], len(item.blocks)) for item in page.items} == {("x", 0)}


def test_a_page_without_variants_is_one_statement(see, want, django_assert_num_queries):
    publish(*(project(f"k{number}") for number in range(3)))
    context, wanted = see(segments=("segment:students",)), want()

    with django_assert_num_queries(1):
        assert [item.head["headline"] for item in read_page(context, wanted).items]


# --- the law ------------------------------------------------------------------------------------------------


def corpus(seed):
    """Return items at random, each with a text and some variants, and a maker of contexts."""
    maker = VariantMaker(seed, segments=SEGMENTS, channels=CHANNELS, experiments=EXPERIMENTS, now=NOW)
    draw = maker.random
    items = []
    for number in range(draw.randint(1, 6)):
        changed = NOW - draw.randint(1, 5) * DAY
        base = text(words(draw), summary=words(draw), start=NOW - 9 * DAY, updated_at=changed)
        variants = [publication(made, draw) for made in maker.variants(draw.randint(0, 4))]
        items.append(project(f"k{number}", {"en": base}, variants=variants))
    return items, maker


def publication(made, draw):
    head = {**made.head}
    for name in ("headline", "summary"):
        if head.get(name):
            head[name] = words(draw)
    since = NOW - draw.randint(1, 5) * DAY
    return VariantPublication(made.code, made.start, made.start, since, made.targeting, head, made.body, made.end)


def words(draw):
    return " ".join(draw.sample(WORDS, draw.randint(1, 2)))


def context_of(standing, see):
    channel = max(standing.channels, key=standing.channels.get) if standing.channels else None
    return see(segments=tuple(standing.segments), channel=channel, arms=dict(standing.arms))


def searched(head, word):
    return word in f"{head['headline']} {head['summary'] or ''}".split()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), word=st.sampled_from(WORDS), days=st.integers(0, 6))
def test_a_list_is_what_resolving_everything_and_filtering_in_memory_gives(see, want, seed, word, days):
    with transaction.atomic():
        items, maker = corpus(seed)
        publish(*items)
        context = context_of(maker.standing(), see)
        resolved = [item for one in items if (item := find_item(context, one.key))]
        since = NOW - days * DAY

        found = keys(context, want(search=word), order=ItemOrder.KEY)
        changed = keys(context, want(updated_since=since), order=ItemOrder.RECENTLY_CHANGED)
        both = want(search=word, updated_since=since)

        hits = [item for item in resolved if searched(item.head, word)]
        assert found == sorted(item.key for item in hits)
        recent = [item for item in resolved if item.head["updated_at"] >= since.isoformat()]
        newest_first = sorted(recent, key=lambda item: item.key)
        newest_first.sort(key=lambda item: item.head["updated_at"], reverse=True)
        assert changed == [item.key for item in newest_first]
        assert count_items(context, both) == sum(item in recent for item in hits)
        assert differences(items, now=NOW) == []
        transaction.set_rollback(True)
