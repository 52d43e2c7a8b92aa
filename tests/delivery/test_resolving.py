"""The resolver against a slow and obvious oracle, over corpora made at random."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contenthub.delivery.models import FOREVER
from contenthub.delivery.resolving import cascade, eligible, field_names, next_change, rank_variants, resolve
from contenthub.delivery.targeting import Standing, Targeting, Unmet, unmet_by
from tests.delivery.corpora import MadeVariant, VariantMaker, delta, picture

NOW = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
SEGMENTS = {"segment:a": None, "segment:a-b": "segment:a", "segment:a-b-c": "segment:a-b", "segment:x": None}
MARKETS = {"market:eu": None, "market:fr": "market:eu", "market:jp": None}
CHANNELS = {"channel:web": None, "channel:web-page": "channel:web", "channel:email": None}
EXPERIMENTS = {"test:colour": ("blue", "red"), "test:price": ("high", "low")}
TEXTS, FIELDS = ("push_title", "short"), ("price", "size")
BASE = {
    "key": "k",
    "headline": "base",
    "summary": "base",
    "cta": None,
    "image": picture("base"),
    "texts": [{"name": name, "text": "base"} for name in TEXTS],
    "fields": [{"name": name, "kind": "text", "value": "base"} for name in FIELDS],
}

worlds = st.builds(
    lambda seed: VariantMaker(
        seed, segments=SEGMENTS, markets=MARKETS, channels=CHANNELS, experiments=EXPERIMENTS, now=NOW
    ),
    st.integers(0, 2**32),
)


def made(maker, most=8):
    count = maker.random.randint(0, most)
    return maker.variants(count, texts=(*TEXTS, "extra"), fields=(*FIELDS, "weight")), maker.standing()


def variant(code, *, overrides=("headline",), start=NOW - timedelta(days=1), end=FOREVER, **target):
    return MadeVariant(code, Targeting(**target), start, end, *delta(code, overrides))


# --- the oracle: no sorting key, no early end, one field at a time -------------------------------------------


def fits(one, standing, instant):
    target = one.targeting
    on_air = one.start <= instant and instant < one.end
    segment = not target.segments or set(target.segments) & set(standing.segments)
    market = not target.markets or set(target.markets) & set(standing.markets)
    channel = not target.channels or set(target.channels) & set(standing.channels)
    arm = not target.experiment or standing.arms.get(target.experiment) == target.arm
    return bool(on_air and segment and market and channel and arm)


def beats(one, other, standing):
    def depths(each, facet):
        return max([0, *(getattr(standing, facet)[code] for code in getattr(each.targeting, facet)
                         if code in getattr(standing, facet))])  # fmt: skip

    for mine, theirs in [
        (one.targeting.experiment != "", other.targeting.experiment != ""),
        (one.targeting.priority, other.targeting.priority),
        *((depths(one, facet), depths(other, facet)) for facet in ("segments", "markets", "channels")),
    ]:
        if mine != theirs:
            return mine > theirs
    return one.code < other.code


def best(candidates, standing):
    return next((one for one in candidates if all(one is other or beats(one, other, standing) for other in candidates)),
                None)  # fmt: skip


def value_of(head, name):
    kind, _, own = name.partition(".")
    if kind in ("texts", "fields"):
        return next((entry for entry in head[kind] if entry["name"] == own), None)
    return head.get({"callToAction": "cta"}.get(name, name))


# --- laws ---------------------------------------------------------------------------------------------------


@settings(max_examples=150, deadline=None)
@given(maker=worlds)
def test_every_field_comes_from_the_best_variant_that_overrides_it_and_else_from_the_base(maker):
    variants, standing = made(maker)

    found = resolve(BASE, variants, standing, NOW)

    fitting = [one for one in variants if fits(one, standing, NOW)]
    assert set(map(id, found.eligible)) == set(map(id, fitting))
    assert found.winner is best(fitting, standing)
    for name in {*field_names(BASE), *(name for one in fitting for name in one.head["overrides"])}:
        giver = best([one for one in fitting if name in one.head["overrides"]], standing)
        assert found.provenance[name] is giver
        if name != "body":
            assert value_of(found.head, name) == value_of(giver.head if giver else BASE, name)


@settings(max_examples=60, deadline=None)
@given(maker=worlds)
def test_the_order_of_what_comes_in_decides_nothing(maker):
    variants, standing = made(maker)
    shuffled = list(variants)
    maker.random.shuffle(shuffled)

    ranked = rank_variants(variants, standing, NOW)

    assert ranked == rank_variants(shuffled, standing, NOW)
    for higher, lower in pairwise(ranked):
        assert beats(higher.variant, lower.variant, standing)
        assert not beats(lower.variant, higher.variant, standing)


@settings(max_examples=100, deadline=None)
@given(maker=worlds)
def test_a_variant_that_neither_wins_nor_gives_a_field_may_go(maker):
    variants, standing = made(maker)
    found = resolve(BASE, variants, standing, NOW)

    for idle in variants:
        if idle in found.winning:
            continue
        without = resolve(BASE, [one for one in variants if one is not idle], standing, NOW)
        assert (without.head, without.provenance, without.winner) == (found.head, found.provenance, found.winner)
        assert without.winning == found.winning


@settings(max_examples=60, deadline=None)
@given(maker=worlds)
def test_a_context_that_meets_more_loses_no_variant(maker):
    variants, standing = made(maker)
    wider = replace(standing, segments={**dict.fromkeys(SEGMENTS, 1), **standing.segments})

    assert set(map(id, eligible(variants, standing, NOW))) <= set(map(id, eligible(variants, wider, NOW)))


@settings(max_examples=60, deadline=None)
@given(maker=worlds)
def test_between_two_changes_the_answer_stays_as_it_is(maker):
    variants, standing = made(maker)
    before = eligible(variants, standing, NOW)

    until = next_change(variants, NOW)

    last = (until or FOREVER) - timedelta(microseconds=1)
    assert eligible(variants, standing, last) == before


# --- single rules -------------------------------------------------------------------------------------------

SEGMENT_LINE = {"segment:a": 1, "segment:a-b": 2}


@pytest.mark.parametrize(
    ("higher", "lower"),
    [
        (
            variant("z", experiment="test:colour", arm="red", priority=-9),
            variant("a", priority=9, segments=("segment:a-b",)),
        ),
        (variant("z", priority=1), variant("a", segments=("segment:a-b",))),
        (
            variant("z", segments=("segment:a-b",)),
            variant("a", segments=("segment:a",), markets=("market:fr",), channels=("channel:web-page",)),
        ),
        (variant("z", segments=("segment:x", "segment:a-b")), variant("a", segments=("segment:a",))),
        (variant("z", markets=("market:fr",)), variant("a", markets=("market:eu",), channels=("channel:web-page",))),
        (variant("z", channels=("channel:web-page",)), variant("a", channels=("channel:web",))),
        (variant("a"), variant("b")),
    ],
)
def test_arm_then_priority_then_segment_then_market_then_channel_then_code(higher, lower):
    standing = Standing(
        segments=SEGMENT_LINE,
        markets={"market:eu": 1, "market:fr": 2},
        channels={"channel:web": 1, "channel:web-page": 2},
        arms={"test:colour": "red"},
    )

    assert eligible([lower, higher], standing, NOW) == [higher, lower]


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (variant("v", end=NOW), Unmet.NOT_LIVE),
        (variant("v", start=NOW + timedelta(microseconds=1)), Unmet.NOT_LIVE),
        (variant("v", segments=("segment:x",)), Unmet.SEGMENT),
        (variant("v", markets=("market:jp",)), Unmet.MARKET),
        (variant("v", channels=("channel:email",)), Unmet.CHANNEL),
        (variant("v", experiment="test:colour", arm="red"), Unmet.ARM),
        (variant("v", start=NOW, end=NOW + timedelta(microseconds=1)), None),
        (variant("v", segments=("segment:x", "segment:a")), None),
    ],
)
def test_a_variant_that_does_not_fit_says_why(one, reason):
    assert unmet_by(one, Standing(segments=SEGMENT_LINE), NOW) is reason


def test_overriding_with_nothing_empties_the_field_and_not_overriding_inherits_it():
    emptied = MadeVariant("v", Targeting(), NOW, FOREVER, *delta("v", ["summary", "texts.short"], lambda: True))

    found = cascade(BASE, [emptied])

    assert found.head["summary"] is None
    assert found.head["texts"] == [{"name": "push_title", "text": "base"}]
    assert found.head["headline"] == "base"
    assert found.head["fields"] == BASE["fields"]


def test_what_a_variant_replaces_stands_where_the_base_had_it_and_what_it_adds_comes_last():
    replaced = variant("v", overrides=("texts.push_title", "texts.extra"))

    texts = cascade(BASE, [replaced]).head["texts"]

    assert [text["name"] for text in texts] == ["push_title", "short", "extra"]
    assert [text["text"] for text in texts] == ["push_title of v", "base", "extra of v"]


def test_the_base_itself_is_never_changed():
    kept = {**BASE, "texts": list(BASE["texts"])}

    cascade(BASE, [variant("v", overrides=("headline", "texts.short", "fields.price"))])

    assert kept == BASE


def test_the_same_seed_makes_the_same_variants():
    def corpus():
        return VariantMaker(7, segments=SEGMENTS, experiments=EXPERIMENTS, now=NOW).variants(20, texts=TEXTS)

    random.seed(1)
    first = corpus()
    random.seed(2)

    assert first == corpus()
