from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contenthub.delivery import paging
from contenthub.delivery.codes import Depth, Fallback, ItemOrder
from contenthub.delivery.context import ContextRequest, resolve_context
from contenthub.delivery.counting import count_items, count_terms
from contenthub.delivery.documents import ItemProjection
from contenthub.delivery.filters import ItemFilter, TermFilter, prepare_filter
from contenthub.delivery.models import FOREVER, PastSlug
from contenthub.delivery.reading import find_item, find_item_by_slug, read_page
from contenthub.delivery.refusals import BadArgument, BadCursor
from contenthub.delivery.versions import find_version
from tests.delivery.published import DAY, LONG_AGO, NOW, project, publish, text
from tests.delivery.world import CHANNELS, TERMS


@pytest.fixture
def see(around):
    """Make a context of what a caller gives."""

    def see(**given):
        return resolve_context(ContextRequest(**given), around, may_travel=True)

    return see


@pytest.fixture
def want(around):
    """Make a filter of what a caller gives."""

    def want(**given):
        return prepare_filter(ItemFilter(**given), around, lambda: {"article", "offer"})

    return want


@pytest.fixture
def keys(see, want):
    """The keys of the first page that a filter finds in a context."""

    def keys(filter=None, order=None, **context):
        page = read_page(see(**context), want(**(filter or {})), order=order, first=100)
        return [item.key for item in page.items]

    return keys


# --- single items -------------------------------------------------------------------------------------------


def test_an_item_is_seen_in_the_locale_asked_for_or_the_next_of_its_chain(see):
    publish(project("welcome", {"en": text("Welcome"), "de": text("Willkommen")}))

    seen = {code: find_item(see(locale=code), "welcome") for code in ("en", "de", "de-CH", "ja")}

    assert {code: (item.head["headline"], item.is_fallback) for code, item in seen.items()} == {
        "en": ("Welcome", False),
        "de": ("Willkommen", False),
        "de-CH": ("Willkommen", True),
        "ja": ("Welcome", True),
    }


def test_without_fallback_only_own_texts_are_seen(see):
    publish(project("welcome", {"en": text("Welcome")}))

    assert find_item(see(locale="ja", fallback=Fallback.NONE), "welcome") is None
    assert find_item(see(locale="en", fallback=Fallback.NONE), "welcome").head["headline"] == "Welcome"


def test_an_item_is_seen_from_its_first_instant_until_just_before_its_last(see):
    publish(project("sale", {"en": text(start=NOW + DAY, end=NOW + 2 * DAY)}))
    second = timedelta(seconds=1)

    instants = (NOW, NOW + DAY - second, NOW + DAY, NOW + 2 * DAY - second, NOW + 2 * DAY)
    seen = [bool(find_item(see(at=instant), "sale")) for instant in instants]

    assert seen == [False, False, True, True, False]


def test_the_clock_that_ends_an_answer_is_told(see):
    publish(project("sale", {"en": text(end=NOW + DAY)}), project("stays"))

    assert find_item(see(), "sale").next_change_at == NOW + DAY
    assert find_item(see(), "stays").next_change_at is None


def test_an_own_slug_comes_before_one_served_by_fallback_then_the_key_decides(see):
    publish(
        project("a", {"en": text(slug="start")}),
        project("b", {"en": text(slug="home"), "de": text(slug="start")}),
        project("c", {"en": text(slug="home")}),
    )

    assert find_item_by_slug(see(locale="de"), "start").key == "b"
    assert find_item_by_slug(see(locale="en"), "start").key == "a"
    assert find_item_by_slug(see(locale="ja"), "home").key == "b"
    assert find_item_by_slug(see(locale="ja", fallback=Fallback.NONE), "home") is None
    assert find_item_by_slug(see(), "") is None


def test_a_past_slug_still_finds_its_item_and_todays_owner_comes_first(see):
    publish(project("moved", {"en": text(slug="old")}), project("other", {"en": text(slug="elsewhere")}))
    publish(project("moved", {"en": text("Moved", slug="new")}))

    assert find_item_by_slug(see(), "old").key == "moved"
    assert find_item_by_slug(see(locale="ja"), "old").key == "moved"
    assert find_item_by_slug(see(locale="ja", fallback=Fallback.NONE), "old") is None

    publish(project("other", {"en": text("Other", slug="old")}))

    assert find_item_by_slug(see(), "old").key == "other"


def test_a_past_slug_of_the_locale_comes_before_one_of_its_chain(around, see):
    publish(
        project("english", {"en": text(slug="english"), "de": text(slug="englisch")}),
        project("german", {"en": text(slug="german"), "de": text(slug="deutsch")}),
    )
    ids = {item.key: item.item_id for item in (find_item(see(), key) for key in ("english", "german"))}
    locale_ids = {code: entry.id for code, entry in around.locales.by_code.items()}
    PastSlug.objects.create(slug="past", since=LONG_AGO, item_id=ids["english"], locale_id=locale_ids["en"])
    PastSlug.objects.create(slug="past", since=LONG_AGO, item_id=ids["german"], locale_id=locale_ids["de"])

    assert find_item_by_slug(see(locale="de-CH"), "past").key == "german"
    assert find_item_by_slug(see(locale="ja"), "past").key == "english"


# --- audience -----------------------------------------------------------------------------------------------


def test_a_channel_hides_what_is_meant_for_others(keys):
    publish(
        project("everywhere"),
        project("web", channels=["channel:web"]),
        project("page", channels=["channel:web-page"]),
        project("mail", channels=["channel:email"]),
    )

    assert keys(order=ItemOrder.KEY) == ["everywhere", "mail", "page", "web"]
    assert keys(order=ItemOrder.KEY, channel="channel:web") == ["everywhere", "web"]
    assert keys(order=ItemOrder.KEY, channel="channel:web-page") == ["everywhere", "page", "web"]
    assert keys({"channels": ("channel:email", "channel:web")}, ItemOrder.KEY) == ["everywhere", "mail", "web"]
    assert keys({"channels": ("channel:email",)}, ItemOrder.KEY, channel="channel:web") == ["everywhere"]


def test_given_segments_hide_what_is_meant_for_others_and_imply_what_is_above_them(keys):
    publish(
        project("all"),
        project("young", terms=["segment:young"]),
        project("students", terms=["segment:students"]),
        project("families", terms=["segment:families"]),
    )

    assert keys(order=ItemOrder.KEY) == ["all", "families", "students", "young"]
    assert keys(order=ItemOrder.KEY, segments=()) == ["all"]
    assert keys(order=ItemOrder.KEY, segments=("segment:young",)) == ["all", "young"]
    assert keys(order=ItemOrder.KEY, segments=("segment:students",)) == ["all", "students", "young"]


def test_a_market_hides_what_is_meant_for_others(keys):
    publish(
        project("all"),
        project("japan", terms=["market:JP"]),
        project("asia", terms=["market:142"]),
        project("germany", terms=["market:DE"]),
    )

    assert keys(order=ItemOrder.KEY) == ["all", "asia", "germany", "japan"]
    assert keys(order=ItemOrder.KEY, market="market:JP") == ["all", "asia", "japan"]
    assert keys(order=ItemOrder.KEY, market="market:142") == ["all", "asia"]


# --- filters ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("terms", "found"),
    [
        (TermFilter(), ["buy", "compare", "consider", "none"]),
        (TermFilter(any_of=("journey:consider",)), ["compare", "consider"]),
        (TermFilter(any_of=("journey:consider",), depth=Depth.SELF), ["consider"]),
        (TermFilter(any_of=("journey:compare",), depth=Depth.SELF_AND_ANCESTORS), ["compare", "consider"]),
        (TermFilter(any_of=("journey:compare", "journey:buy")), ["buy", "compare"]),
        (TermFilter(any_of=()), []),
        (TermFilter(all_of=()), ["buy", "compare", "consider", "none"]),
        (TermFilter(all_of=("journey:consider", "journey:compare")), ["compare"]),
        (TermFilter(none_of=("journey:consider",)), ["buy", "none"]),
        (TermFilter(none_of=("journey:consider",), depth=Depth.SELF), ["buy", "compare", "none"]),
        (TermFilter(none_of=()), ["buy", "compare", "consider", "none"]),
        (TermFilter(any_of=("journey:weigh-up",)), ["compare"]),
        (TermFilter(any_of=("journey:consider",), none_of=("journey:compare",)), ["consider"]),
    ],
)
def test_a_term_filter_stands_for_what_its_depth_says(keys, terms, found):
    publish(project("none"), *(project(name, terms=[f"journey:{name}"]) for name in ("consider", "compare", "buy")))

    assert keys({"terms": (("journey", terms),)}, ItemOrder.KEY) == found


def test_a_split_term_stands_for_all_its_successors(keys):
    publish(project("none"), *(project(name, terms=[f"product:{name}"]) for name in ("vpn-mobile", "relay")))

    assert keys({"terms": (("product", TermFilter(any_of=("product:suite",))),)}, ItemOrder.KEY) == [
        "relay",
        "vpn-mobile",
    ]
    assert keys({"terms": (("product", TermFilter(none_of=("product:suite",))),)}) == ["none"]
    assert keys({"terms": (("product", TermFilter(all_of=("product:suite", "product:relay"))),)}) == ["relay"]


def test_all_that_a_filter_gives_must_hold(keys):
    since = NOW - 3 * DAY
    publish(
        project("a", {"en": text("Alpha", start=since)}, type="offer", terms=["journey:buy"]),
        project("b", {"en": text("Alpha", start=since - DAY)}, type="offer", terms=["journey:buy"]),
        project("c", {"en": text("Beta", start=since)}, type="offer", terms=["journey:buy"]),
        project("d", {"en": text("Alpha", start=since)}, type="article", terms=["journey:buy"]),
        project("e", {"en": text("Alpha", start=since)}, type="offer"),
    )
    journey = (("journey", TermFilter(any_of=("journey:buy",))),)

    assert keys({"types": ("offer",), "terms": journey, "search": "alpha", "updated_since": since}) == ["a"]
    assert keys({"updated_since": since}, ItemOrder.KEY) == ["a", "c", "d", "e"]
    assert keys({"keys": ("e", "a", "nothing", "e")}) == ["e", "a"]
    assert keys({"keys": ("e", "a"), "types": ("offer",)}, ItemOrder.KEY) == ["a", "e"]
    for nothing in ({"keys": ()}, {"types": ()}, {"channels": ()}, {"search": "  "}, {"search": "..."}):
        assert keys(nothing) == []


# --- order and paging ---------------------------------------------------------------------------------------


def test_lists_are_in_the_order_asked_for(keys):
    publish(
        project("b", {"en": text("Lemon", start=NOW - 2 * DAY, updated_at=NOW - DAY)}),
        project("a", {"en": text("Lemon", start=NOW - 2 * DAY)}),
        project("c", {"en": text("Tea", summary="with lemon", start=NOW - DAY)}),
    )

    assert keys(order=None) == ["c", "a", "b"]
    assert keys(order=ItemOrder.NEWEST) == ["c", "a", "b"]
    assert keys(order=ItemOrder.OLDEST) == ["a", "b", "c"]
    assert keys(order=ItemOrder.RECENTLY_CHANGED) == ["b", "c", "a"]
    assert keys(order=ItemOrder.KEY) == ["a", "b", "c"]
    assert keys({"search": "lemon"}, ItemOrder.RELEVANCE) == ["a", "b", "c"]
    assert keys({"keys": ("b", "c", "a")}) == ["b", "c", "a"]


def test_keys_are_ordered_by_code_point_on_every_database(keys):
    names = ["a", "B", "a-b", "a.b", "aB", "ab", "a/b", "Z"]
    publish(*(project(name) for name in names))

    assert keys(order=ItemOrder.KEY) == sorted(names)
    assert keys() == sorted(names)


def test_pages_by_relevance_follow_each_other_over_all_ranks(see, want):
    def lemon(headline, summary, days):
        return {"en": text(headline, summary=summary, start=NOW - days * DAY, texts={"more": "lemon"})}

    publish(
        project("rest-new", lemon("Tea", "Cup", 1)),
        project("rest-old", lemon("Tea", "Cup", 9)),
        project("a-both-old", lemon("Tea", "lemon", 8)),
        project("both-new", lemon("Tea", "lemon", 2)),
        project("head-b", lemon("Lemon", None, 5)),
        project("head-a", lemon("Lemon", None, 5)),
        project("head-old", lemon("Lemon", None, 7)),
    )
    found, after = [], None
    for _ in range(7):
        page = read_page(see(), want(search="lemon"), order=ItemOrder.RELEVANCE, first=1, after=after)
        found += [item.key for item in page.items]
        after = page.cursor(0)

    assert found == ["head-a", "head-b", "head-old", "both-new", "a-both-old", "rest-new", "rest-old"]
    assert not page.has_next


def test_relevance_without_a_search_is_refused(see, want):
    with pytest.raises(BadArgument, match=r"give filter\.search too"):
        read_page(see(), want(), order=ItemOrder.RELEVANCE)


@pytest.mark.parametrize("first", [0, -1, 101])
def test_a_page_size_out_of_bounds_is_refused(see, want, first):
    with pytest.raises(BadArgument, match=f"'first' is {first}: ask for 1 to 100 items"):
        read_page(see(), want(), first=first)


def test_paging_stays_exact_while_newer_items_appear(see, want):
    publish(*(project(f"old-{n}", {"en": text(start=NOW - (9 - n) * DAY)}) for n in range(6)))
    page = read_page(see(), want(), first=2)
    publish(*(project(f"new-{n}", {"en": text(start=NOW - timedelta(minutes=n + 1))}) for n in range(3)))

    following = read_page(see(), want(), first=10, after=page.cursor(-1))

    assert [item.key for item in page.items] == ["old-5", "old-4"]
    assert [item.key for item in following.items] == ["old-3", "old-2", "old-1", "old-0"]
    assert (page.has_next, page.has_previous) == (True, False)
    assert (following.has_next, following.has_previous) == (False, True)


@pytest.mark.parametrize(
    ("filter", "order", "context"),
    [
        ({"types": ("offer",)}, None, {}),
        ({"terms": (("journey", TermFilter(none_of=("journey:buy",))),)}, None, {}),
        ({}, ItemOrder.KEY, {}),
        ({}, None, {"locale": "de"}),
        ({}, None, {"fallback": Fallback.NONE}),
        ({}, None, {"channel": "channel:web"}),
        ({}, None, {"market": "market:JP"}),
        ({}, None, {"segments": ()}),
        ({}, None, {"at": NOW + DAY}),
    ],
)
def test_a_cursor_of_another_question_is_refused(see, want, filter, order, context):
    publish(project("a"), project("b"))
    cursor = read_page(see(), want(), first=1).cursor(0)

    with pytest.raises(BadCursor):
        read_page(see(**context), want(**filter), order=order, after=cursor)


@pytest.mark.parametrize("items", [2, 30])
@pytest.mark.parametrize("with_body", [False, True])
def test_a_page_is_one_statement_and_a_search_one_more_whatever_its_size(
    see, want, django_assert_num_queries, items, with_body
):
    publish(*(project(f"item-{n}", terms=["journey:compare", "segment:students"]) for n in range(items)))
    context = see(channel="channel:web", segments=("segment:students",), market="market:JP")
    wanted = want(terms=(("journey", TermFilter(any_of=("journey:consider",))),), search="headline")

    with django_assert_num_queries(2):
        page = read_page(context, wanted, order=ItemOrder.RELEVANCE, first=50, with_body=with_body)
        blocks = [item.blocks for item in page.items] if with_body else None

    assert len(page.items) == items
    assert blocks is None or blocks == [[]] * items


@pytest.mark.parametrize("items", [2, 30])
def test_counts_are_one_statement_each_whatever_is_counted(around, see, want, django_assert_num_queries, items):
    publish(*(project(f"item-{n}", terms=["journey:compare", "product:vpn-mobile"]) for n in range(items)))
    facets = [around.taxonomy.facets[code] for code in ("journey", "product", "campaign")]

    with django_assert_num_queries(2):
        total = count_items(see(), want())
        counts = count_terms(see(), want(), facets)

    assert total == items
    assert {facet: [(each.term.code, each.count) for each in found] for facet, found in counts.items()} == {
        "journey": [("journey:consider", items), ("journey:compare", items)],
        "product": [("product:vpn", items), ("product:vpn-mobile", items)],
        "campaign": [],
    }


# --- versions -----------------------------------------------------------------------------------------------


def test_a_version_answers_what_was_served_also_after_it_was_replaced(see):
    publish(project("welcome", {"en": text("First", blocks=[{"type": "legal_note", "id": "1", "text": "Note"}])}))
    version = find_item(see(), "welcome").version
    publish(project("welcome", {"en": text("Second", start=NOW)}), now=NOW + DAY)

    served = find_version(version, now=NOW + 2 * DAY)

    assert (served.key, served.locale, served.served_until) == ("welcome", "en", NOW + DAY)
    assert served.document["headline"] == "First"
    assert served.document["blocks"] == [{"type": "legal_note", "id": "1", "text": "Note"}]


def test_what_is_only_scheduled_has_no_version_yet(see):
    publish(project("launch", {"en": text(start=NOW + DAY, end=NOW + 2 * DAY)}))
    version = find_item(see(at=NOW + DAY), "launch").version

    assert find_version(version, now=NOW) is None
    assert find_version(version, now=NOW + DAY).served_until is None
    assert find_version(version, now=NOW + 3 * DAY).served_until == NOW + 2 * DAY
    assert find_version("nothing", now=NOW) is None


# --- against a plain reading of the rules -------------------------------------------------------------------

own_terms = st.lists(st.sampled_from([*TERMS, "market:JP", "market:142", "market:DE"]), max_size=6, unique=True)
starts = st.sampled_from([-3, -2, -1, -1, 0, 1]).map(lambda days: NOW + days * DAY)
publications = st.builds(
    lambda start, length, headline: text(headline, start=start, end=start + length * DAY if length else FOREVER),
    starts,
    st.sampled_from([0, 0, 0, 1, 2, 3]),
    st.sampled_from(["red apple", "green apple", "red pear"]),
)
corpora = st.lists(
    st.tuples(
        st.sampled_from(["article", "offer"]),
        own_terms,
        st.just([]) | st.lists(st.sampled_from(list(CHANNELS)), max_size=2, unique=True),
        st.dictionaries(st.sampled_from(["en", "en", "de", "de-CH", "ja"]), publications, min_size=1),
        st.booleans(),
    ),
    min_size=4,
    max_size=9,
).map(
    lambda rows: [
        project(f"item-{n}", texts, type=type, terms=terms, channels=channels, fallback_allowed=fallback)
        for n, (type, terms, channels, texts, fallback) in enumerate(rows)
    ]
)
plain_contexts = st.fixed_dictionaries({"locale": st.just("en"), "fallback": st.just(Fallback.CHAIN)})
narrow_contexts = st.fixed_dictionaries(
    {"locale": st.sampled_from(["en", "de", "de-CH", "ja"]), "fallback": st.sampled_from(Fallback)},
    optional={
        "channel": st.sampled_from(list(CHANNELS)),
        "market": st.sampled_from(["market:JP", "market:DE"]),
        "segments": st.lists(st.sampled_from(["segment:students", "segment:families"]), unique=True).map(tuple),
        "at": st.integers(0, 3).map(lambda days: NOW + days * DAY),
    },
)
contexts = plain_contexts | narrow_contexts


def _term_filter(facet, way, codes, depth):
    return (facet, TermFilter(**{way: tuple(code for code in codes if code.startswith(facet))}, depth=depth))


term_filters = st.builds(
    _term_filter,
    st.sampled_from(["journey", "product"]),
    st.sampled_from(["any_of", "all_of", "none_of"]),
    st.lists(st.sampled_from([code for code in TERMS if code.startswith(("journey", "product"))]), max_size=3),
    st.sampled_from(Depth),
)
filters = st.one_of(
    st.just({}),
    st.fixed_dictionaries({"terms": st.lists(term_filters, min_size=1, max_size=2).map(tuple)}),
    st.fixed_dictionaries(
        {},
        optional={
            "keys": st.lists(st.sampled_from([f"item-{n}" for n in range(9)]), max_size=6).map(tuple),
            "types": st.lists(st.sampled_from(["article", "offer"]), max_size=2).map(tuple),
            "terms": st.tuples(term_filters),
            "channels": st.lists(st.sampled_from(list(CHANNELS)), max_size=2).map(tuple),
            "search": st.sampled_from(["apple", "red", "red apple", ""]),
            "updated_since": st.integers(-3, 1).map(lambda days: NOW + days * DAY),
        },
    ),
)
orders = st.sampled_from([None, *ItemOrder])


class Oracle:
    """The rules of reading, item by item, in plain Python over projections."""

    def __init__(self, taxonomy, locales):
        self.taxonomy = taxonomy
        self.locales = locales

    def above(self, code):
        term = self.taxonomy.get(code)
        return {code, *(each.code for each in term.ancestors)}

    def served(self, item: ItemProjection, context: dict, instant: datetime):
        chain = self.locales.get(context["locale"]).chain
        if context["fallback"] is Fallback.NONE or not item.facts[0].fallback_allowed:
            chain = chain[:1]
        for code in chain:
            for each in item.publications.get(code, ()):
                if each.start <= instant < each.end:
                    return each
        return None

    def for_channels(self, item, channels):
        line = {each for code in channels for each in (code, CHANNELS[code])}
        own = item.facts[0].channels
        return bool(channels) and (not own or bool(line & set(own)))

    def meets(self, item, facet, codes):
        own = {code for code in item.facts[0].terms if code.startswith(facet)}
        return not own or bool(own & {each for code in codes for each in self.above(code)})

    def is_eligible(self, item, context):
        return (
            ("channel" not in context or self.for_channels(item, [context["channel"]]))
            and ("market" not in context or self.meets(item, "market", [context["market"]]))
            and ("segments" not in context or self.meets(item, "segment", context["segments"]))
        )

    def has(self, item, code, depth):
        own = item.facts[0].terms
        if depth is Depth.SELF_AND_DESCENDANTS:
            return any(code in self.above(each) for each in own)
        return any(each in ({code} if depth is Depth.SELF else self.above(code)) for each in own)

    def has_terms(self, item, terms):
        return (
            (terms.any_of is None or any(self.has(item, code, terms.depth) for code in terms.any_of))
            and all(self.has(item, code, terms.depth) for code in terms.all_of or ())
            and not any(self.has(item, code, terms.depth) for code in terms.none_of or ())
        )

    def matches(self, item, shown, wanted):
        words = set(wanted.get("search", "").split())
        return (
            item.key in wanted.get("keys", [item.key])
            and item.facts[0].type in wanted.get("types", [item.facts[0].type])
            and all(self.has_terms(item, terms) for _, terms in wanted.get("terms", ()))
            and ("channels" not in wanted or self.for_channels(item, wanted["channels"]))
            and ("search" not in wanted or (bool(words) and words <= set(shown.head["headline"].split())))
            and ("updated_since" not in wanted or shown.updated_at >= wanted["updated_since"])
        )

    def sort(self, found, order, wanted):
        if order is None and "keys" in wanted:
            return sorted(found, key=lambda each: wanted["keys"].index(each[0].key))
        ways = {
            ItemOrder.OLDEST: lambda each: (each[1].published_at.timestamp(), each[0].key),
            ItemOrder.RECENTLY_CHANGED: lambda each: (-each[1].updated_at.timestamp(), each[0].key),
            ItemOrder.KEY: lambda each: each[0].key,
        }
        return sorted(found, key=ways.get(order, lambda each: (-each[1].published_at.timestamp(), each[0].key)))

    def answer(self, corpus, context, wanted, order):
        instant = context.get("at", NOW)
        shown = [(item, self.served(item, context, instant)) for item in corpus if self.is_eligible(item, context)]
        found = [(item, text) for item, text in shown if text and self.matches(item, text, wanted)]
        return self.sort(found, order, wanted)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    corpus=corpora,
    questions=st.lists(st.tuples(contexts, filters, orders), min_size=4, max_size=12),
    near=st.sampled_from([1, 5, 1_000]),
)
def test_every_answer_is_what_the_rules_say(around, see, want, monkeypatch, corpus, questions, near):
    monkeypatch.setattr(paging, "_NEAR", near)
    oracle = Oracle(around.taxonomy, around.locales)
    publish(*corpus, *(ItemProjection(key=f"item-{n}") for n in range(len(corpus), 9)))

    for context, wanted, order in questions:
        if order is ItemOrder.RELEVANCE and "search" not in wanted:
            continue
        expected = oracle.answer(corpus, context, wanted, order)
        seen, ready = see(**context), want(**wanted)
        items, after = [], None
        while page := read_page(seen, ready, order=order, first=3, after=after):
            items += page.items
            if not page.has_next:
                break
            after = page.cursor(-1)

        assert [(item.key, item.head["headline"]) for item in items] == [
            (item.key, shown.head["headline"]) for item, shown in expected
        ]
        assert count_items(seen, ready) == len(expected)
        for facet, counts in count_terms(seen, ready, list(around.taxonomy.facets.values())).items():
            under = [{code for own in item.facts[0].terms for code in oracle.above(own)} for item, _ in expected]
            codes = {code for each in under for code in each if code.startswith(facet)}
            assert {each.term.code: each.count for each in counts} == {
                code: sum(code in each for each in under) for code in codes
            }
