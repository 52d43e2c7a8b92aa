"""A past instant is answered as it was answered then."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contenthub.delivery import store
from contenthub.delivery.codes import ItemOrder
from contenthub.delivery.context import ContextRequest, judging_audience, resolve_context
from contenthub.delivery.deciding import decide
from contenthub.delivery.documents import VariantPublication
from contenthub.delivery.filters import ItemFilter, TermFilter, prepare_filter
from contenthub.delivery.models import Document, IndexRow, PastRow, PastVariantRow, PublishedItem, VariantRow
from contenthub.delivery.reading import find_item, find_item_by_slug, read_page
from contenthub.delivery.recalling import past_open, recall
from contenthub.delivery.refusals import BadArgument
from contenthub.delivery.tracing import Trace
from taxonomy.changing import retire_term
from taxonomy.models import Term
from taxonomy.snapshot import taxonomy_snapshot
from tests.delivery.corpora import VariantMaker
from tests.delivery.published import DAY, NOW, delta, project, publish, text
from tests.delivery.world import CHANNELS, TERMS

HOUR = timedelta(hours=1)
KEYS = ("a", "b", "c")
SEGMENTS = {code: parent for code, parent in TERMS.items() if code.startswith("segment:")}


@pytest.fixture
def hub(around):
    return Hub(around)


class Hub:
    """The small hub as it is read at any instant, ``now`` being that of its clock."""

    def __init__(self, around):
        self._around = around
        self.now = NOW

    def around(self):
        self._around.now, self._around.taxonomy = self.now, taxonomy_snapshot()
        return self._around

    def see(self, **given):
        return resolve_context(ContextRequest(**given), self.around(), may_travel=True)

    def want(self, **given):
        return prepare_filter(ItemFilter(**given), self.around(), lambda: {"article", "offer"})


def test_an_item_is_seen_as_it_was(hub):
    publish(project("a", {"en": text("Old", slug="old")}, terms=["journey:buy"]), now=NOW)
    publish(project("a", {"en": text("New", slug="new", start=NOW + HOUR)}, terms=["journey:compare"]), now=NOW + HOUR)
    hub.now = NOW + DAY

    with past_open():
        then = hub.see(at=NOW + HOUR / 2)
        assert find_item(then, "a").head["headline"] == "Old"
        assert find_item_by_slug(then, "old").key == "a"
        assert [each.slug for each in find_item(then, "a").localizations()] == ["old"]
        buying = (("journey", TermFilter(any_of=("journey:buy",))),)
        assert [item.key for item in read_page(then, hub.want(keys=("a", "b"), terms=buying)).items] == ["a"]
        assert [item.key for item in read_page(then, hub.want(keys=("a",), search="old")).items] == ["a"]
        assert read_page(then, hub.want(keys=("a",), search="new")).items == []
    assert find_item(hub.see(), "a").head["headline"] == "New"


def test_nothing_that_was_brought_back_stays(hub):
    for number in range(3):
        at = NOW + number * HOUR
        publish(project("a", {"en": text(f"Number {number}", start=at)}, variants=[delta("v", start=at)]), now=at)
    hub.now = NOW + DAY
    before = [model.objects.count() for model in (IndexRow, VariantRow, PastRow, PastVariantRow, Document)]

    with past_open():
        assert find_item(hub.see(at=NOW + HOUR / 2), "a").head["headline"] == "Number 0"
        assert find_item(hub.see(at=NOW + HOUR / 2), "a").has_variants

    assert [model.objects.count() for model in (IndexRow, VariantRow, PastRow, PastVariantRow, Document)] == before
    with pytest.raises(RuntimeError, match="within past_open"):
        recall(hub.see(at=NOW + HOUR / 2), key="a")


def test_what_is_asked_of_the_past_must_be_named(hub):
    hub.now = NOW + DAY
    then = hub.see(at=NOW)

    with past_open():
        for ask in (read_page, lambda context, wanted: decide(context, wanted, taxonomy_snapshot())):
            with pytest.raises(BadArgument, match="items that are named") as refused:
                ask(then, hub.want())
            assert refused.value.argument == "filter.keys"
            with pytest.raises(BadArgument, match="101 keys are more than 100"):
                ask(then, hub.want(keys=tuple(map(str, range(101)))))
        assert read_page(then, hub.want(keys=())).items == []
    with pytest.raises(BadArgument, match="a draft was not on air then"):
        hub.see(at=NOW, preview="token")


def test_a_text_that_stood_in_for_another_did_so_only_while_it_did(hub):
    english, german = text("English"), text("Deutsch", start=NOW + HOUR)
    publish(project("a", {"en": english}), now=NOW)
    publish(project("a", {"en": english, "de": german}), now=NOW + HOUR)
    publish(project("a", {"en": english}), now=NOW + 2 * HOUR)
    hub.now = NOW + DAY

    with past_open():
        seen = [find_item(hub.see(locale="de", at=NOW + hours * HOUR), "a").head["headline"] for hours in (0.5, 1.5, 3)]
    assert seen == ["English", "Deutsch", "English"]


def test_what_was_referred_to_is_seen_as_it_was(hub):
    publish(project("a", references=[("more", "b")]), project("b", {"en": text("Before")}), now=NOW)
    publish(project("b", {"en": text("After", start=NOW + HOUR)}), now=NOW + HOUR)
    hub.now = NOW + DAY

    with past_open():
        (referred,) = find_item(hub.see(at=NOW + HOUR / 2), "a").references()
        assert referred.head["headline"] == "Before"


def test_a_decision_of_the_past_and_its_trace(hub):
    for headline, hours, priority in (("Old", 0, 5), ("New", 1, 0)):
        offer = project("a", {"en": text(headline, start=NOW + hours * HOUR)}, priority=priority)
        publish(offer, project("b", {"en": text("B")}, priority=1), project("c"), now=NOW + hours * HOUR)
    publish(project("a", {"en": []}), now=NOW + 2 * HOUR)
    hub.now = NOW + DAY

    def best(hours):
        then = judging_audience(hub.see(at=NOW + hours * HOUR), hub.around())
        found = decide(then, hub.want(keys=("a", "b")), taxonomy_snapshot(), first=2)
        steps = Trace(found, hub.around(), tells_off_air=False).steps()
        return [item.head["headline"] for item in found.items], steps[0].kept + steps[0].dropped

    with past_open():
        assert [best(hours) for hours in (0.5, 1.5, 2.5)] == [(["Old", "B"], 2), (["B", "New"], 2), (["B"], 1)]


def test_terms_of_the_past_are_found_under_those_that_answer_today(hub, settings):
    settings.TAXONOMY_DEPENDANTS = settings.LOCALES_DEPENDANTS = None
    young = delta("young", segments=("segment:students",), headline="Young")
    publish(project("a", terms=["product:relay"], variants=[young]), now=NOW)
    publish(project("a", {"en": []}), now=NOW + HOUR)
    for code, into in (("product:relay", "product:vpn"), ("segment:students", "segment:families")):
        retire_term(Term.objects.get(code=code), successors=[Term.objects.get(code=into)])
    hub.now = NOW + DAY

    with past_open():
        then = hub.see(at=NOW + HOUR / 2, segments=("segment:families",))
        under = (("product", TermFilter(any_of=("product:vpn",))),)
        (item,) = read_page(then, hub.want(keys=("a",), terms=under)).items
        assert item.head["headline"] == "Young"


def test_making_the_store_again_forgets_nothing_of_the_past(hub):
    first = project("a", {"en": text("Old")}, variants=[delta("v", headline="Old v")])
    second = project("a", {"en": text("New", start=NOW + HOUR)}, variants=[delta("v", headline="New v")])
    publish(first, now=NOW)
    publish(second, now=NOW + HOUR)
    before = list(PastRow.objects.values()), list(PastVariantRow.objects.values())
    starts = set(IndexRow.objects.values_list("starts_at")), set(VariantRow.objects.values_list("starts_at"))

    store.lock_items(["a"])
    store.write([second], now=NOW + DAY, anew=True)

    assert (list(PastRow.objects.values()), list(PastVariantRow.objects.values())) == before
    assert (
        set(IndexRow.objects.values_list("starts_at")),
        set(VariantRow.objects.values_list("starts_at")),
    ) == starts


def test_the_past_goes_with_its_documents(hub):
    publish(project("a", {"en": text("Old")}, variants=[delta("v", headline="Old v")]), now=NOW)
    publish(project("a", {"en": text("New", start=NOW + HOUR)}), now=NOW + HOUR)
    publish(project("a", {"en": text("Newest", start=NOW + DAY)}), now=NOW + DAY)

    assert store.purge_documents(NOW + 2 * HOUR) == 2
    assert not PastVariantRow.objects.exists()
    assert {row.document.head.count("New") for row in PastRow.objects.select_related("document")} == {1}
    hub.now = NOW + 2 * DAY
    with past_open():
        assert find_item(hub.see(at=NOW + HOUR / 2), "a") is None


# --- against what was answered then -------------------------------------------------------------------------


@st.composite
def states(draw):
    """One item as the content room may project it at an instant: texts, facts and variants."""
    key = draw(st.sampled_from(KEYS))
    texts = {
        code: (f"{key} {code} {draw(st.integers(0, 3))}", draw(st.sampled_from([None, None, 2])))
        for code in draw(st.sets(st.sampled_from(["en", "de", "ja"])))
    }
    facts = {
        "type": draw(st.sampled_from(["article", "offer"])),
        "terms": draw(st.lists(st.sampled_from(sorted(TERMS)), max_size=2, unique=True)),
        "channels": draw(st.lists(st.sampled_from(sorted(CHANNELS)), max_size=1)),
        "priority": draw(st.integers(0, 1)),
        "fallback_allowed": draw(st.booleans()),
        "references": [("more", draw(st.sampled_from(KEYS)))],
    }
    return key, texts, facts, draw(st.integers(0, 99)), draw(st.booleans())


def _projection(state, now):
    key, texts, facts, seed, has_variants = state
    maker = VariantMaker(seed, segments=SEGMENTS, channels=CHANNELS, now=now)
    variants = {
        code: [
            VariantPublication(
                code=made.code,
                start=now,
                end=now + 3 * HOUR,
                published_at=now,
                updated_at=now,
                targeting=made.targeting,
                head=made.head,
                body=made.body,
            )
            for made in maker.variants(2)
        ]
        for code in (texts if has_variants else ())
    }
    publications = {
        code: text(headline, start=now, slug=key, end=now + hours * HOUR if hours else text().end)
        for code, (headline, hours) in texts.items()
    }
    return project(key, publications or {"en": []}, variants=variants, **facts)


CONTEXTS = [
    {"locale": "en"},
    {"locale": "de-CH"},
    {"locale": "ja", "segments": ("segment:students",)},
    {"locale": "de", "channel": "channel:web-page", "segments": ()},
]


def _answers(hub, at=None):
    """Return what items, lists and decisions answer in several contexts."""
    found = []
    for known in CONTEXTS:
        context = hub.see(**known, at=at)
        wanted = hub.want(keys=KEYS)
        buying = hub.want(keys=KEYS, terms=(("journey", TermFilter(none_of=("journey:buy",))),), types=("offer",))
        pages = [
            read_page(context, wanted, order=ItemOrder.RECENTLY_CHANGED),
            read_page(context, buying, order=ItemOrder.KEY),
            read_page(context, hub.want(keys=KEYS, search="a en 1")),
        ]
        best = decide(judging_audience(context, hub.around()), wanted, taxonomy_snapshot(), first=3)
        found.append([[_told(item) for item in page.items] for page in pages])
        found.append([_told(item) for item in best.items])
        found.append([_told(item) for page in pages[:1] for one in page.items for item in one.references()])
    return found


def _told(item):
    localizations = [(each.locale, each.slug, each.is_stale) for each in item.localizations()]
    return item.version, item.is_fallback, [each.code for each in item.winning], localizations


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=st.lists(states(), min_size=2, max_size=5))
def test_the_past_answers_what_was_answered_then(hub, history):
    with transaction.atomic():
        PublishedItem.objects.all().delete()
        answered = {}
        for number, state in enumerate(history):
            hub.now = NOW + number * HOUR
            publish(_projection(state, hub.now), now=hub.now)
            hub.now += HOUR / 2
            answered[hub.now] = _answers(hub)
        hub.now = NOW + 30 * HOUR
        for instant, told in answered.items():
            with past_open():
                assert _answers(hub, at=instant) == told
        transaction.set_rollback(True)


def test_the_past_is_brought_back_in_a_few_statements_however_many_items(hub, django_assert_max_num_queries):
    for number in (0, 1):
        publish(*(project(f"k{key}", {"en": text(f"{number}")}) for key in range(50)), now=NOW + number * HOUR)
    hub.now = NOW + DAY
    then = hub.see(at=NOW + HOUR / 2)

    with past_open(), django_assert_max_num_queries(40, connection=connection):
        page = read_page(then, hub.want(keys=tuple(f"k{key}" for key in range(50))), first=50)
    assert {item.head["headline"] for item in page.items} == {"0"}


@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer at a time, and a time-out of its own"
)
def test_a_question_about_the_past_does_not_stand_in_the_way_of_those_who_publish(hub):
    def patience():
        with connection.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            return cursor.fetchone()[0]

    with past_open():
        assert patience() == "500ms"
    assert patience() == "0"
