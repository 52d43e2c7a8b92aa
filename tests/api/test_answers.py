"""Answers that are kept: given again as long as they are right, and not a moment longer than is told."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from channels.models import Channel
from contenthub.api import answers as module
from contenthub.api import freshness
from contenthub.api.answers import answers
from contenthub.delivery.editions import changed_between, fingerprint
from contenthub.delivery.models import Edition
from taxonomy.changing import create_term
from tests.content.editing import publish, schedule
from tests.content.factories import ItemFactory, ItemTypeFactory
from tests.content.times import HOUR, NOON

ITEM = "query ($key: String!) { item(key: $key) { headline } }"
TAGGED = "query ($key: String!) { item(key: $key) { terms { code label } } }"
OFFERS = '{ items(filter: {types: ["offer"]}) { nodes { headline } } }'


@pytest.fixture(autouse=True)
def _kept(settings, doors):
    settings.HUB_ANSWER_CACHE_BYTES = 1_000_000


@pytest.fixture
def asked(ask):
    """Ask, and tell whether the answer was kept: whether content was read for it."""

    def asking(query, **variables):
        freshness.forget()  # as half a second later
        with CaptureQueriesContext(connection) as statements:
            data = ask(query, **variables)
        return data, not any("delivery_document" in one["sql"] for one in statements)

    return asking


@pytest.fixture
def item(clock):
    return ItemFactory(key="spring", headline="Spring", type=ItemTypeFactory(code="offer"), published=True)


def test_a_question_asked_again_is_not_answered_anew(asked, item):
    first, was_kept = asked(ITEM, key="spring")
    again, is_kept = asked(ITEM, key="spring")

    assert (was_kept, is_kept) == (False, True)
    assert first == again == {"item": {"headline": "Spring"}}
    assert not asked(ITEM, key="other")[1]


def test_what_was_published_is_told_and_other_answers_stay(asked, item):
    other = ItemFactory(key="other", headline="Other", published=True)
    asked(ITEM, key="spring")
    asked(ITEM, key="other")
    asked(OFFERS)

    publish(item, headline="Summer")

    assert asked(ITEM, key="spring") == ({"item": {"headline": "Summer"}}, False)
    assert asked(ITEM, key="other") == ({"item": {"headline": "Other"}}, True)
    assert asked(OFFERS)[0] == {"items": {"nodes": [{"headline": "Summer"}]}}
    publish(other, headline="Else")
    assert asked(OFFERS)[1]


@pytest.mark.parametrize(
    "change",
    [
        lambda item: type(item).objects.get(pk=item.pk).unpublish(),
        lambda item: type(item).objects.get(pk=item.pk).delete(),
        lambda item: publish(item, expire_at=NOON + HOUR),
    ],
)
def test_whatever_happens_to_an_item_its_answers_follow(asked, item, change, clock):
    asked(ITEM, key="spring")
    asked(OFFERS)

    change(item)
    clock.move_to(NOON + 2 * HOUR)

    assert asked(ITEM, key="spring")[0] == {"item": None}
    assert asked(OFFERS)[0] == {"items": {"nodes": []}}


def test_an_instant_that_passes_is_met_without_any_writing(asked, item, clock):
    schedule(item, NOON + HOUR, headline="Summer")
    assert asked(ITEM, key="spring")[0] == {"item": {"headline": "Spring"}}

    clock.move_to(NOON + HOUR)

    assert asked(ITEM, key="spring")[0] == {"item": {"headline": "Summer"}}


def test_terms_and_channels_are_told_as_they_are(asked, item):
    create_term("journey:buy", labels={"en": "Buy"})
    query = '{ term(code: "journey:buy") { label } channels { code } }'
    before = asked(query)[0]

    Channel.objects.create(code="channel:new", labels={"en": "New"}, kind="web")

    after = asked(query)[0]
    assert len(after["channels"]) == len(before["channels"]) + 1


def test_what_one_caller_may_see_another_is_not_told(client, settings, item, ask):
    ask(ITEM, key="spring")
    settings.HUB_ANONYMOUS_ACCESS = False

    body = {"query": ITEM, "variables": {"key": "spring"}}
    assert client.post("/graphql", body, content_type="application/json").status_code == 401


@pytest.mark.parametrize("query", ["{ items(first: 0) { totalCount } }", '{ item(key: "spring") { nothing } }'])
def test_errors_are_not_kept(client, settings, query, item):
    settings.HUB_ANONYMOUS_ACCESS = True
    client.post("/graphql", {"query": query}, content_type="application/json")

    assert len(answers._kept) == 0


def test_answers_for_one_subject_and_for_an_instant_are_not_kept(ask, item):
    ask('{ items(context: {subject: "a1b2"}) { totalCount } }')
    ask('{ items(context: {at: "2099-01-01T00:00:00Z"}) { totalCount } }')

    assert len(answers._kept) == 0


def test_memory_is_bounded_and_what_is_used_stays(settings, ask, item):
    settings.HUB_ANSWER_CACHE_BYTES = 6_000
    for number in range(30):
        ask(ITEM, key="spring")
        ask(ITEM, key=f"nobody-{number}")

    assert answers._bytes <= 6_000
    assert len(answers._kept) < 30
    assert answers._bytes == sum(len(one.body) + module._OVERHEAD for one in answers._kept.values())


def test_what_was_written_in_between_is_told_only_if_nothing_is_missing(db):
    def wrote(*tags):
        return Edition.objects.create(tags=list(tags))

    wrote("items")
    start = fingerprint()
    wrote("item:a", "items")
    late = wrote("item:b")
    end = fingerprint()
    assert changed_between(start, end) == {"item:a", "items", "item:b"}
    assert changed_between(end, end) == set()
    assert changed_between(end, start) is None
    late.delete()
    wrote("item:c")
    assert changed_between(start, fingerprint()) is None  # a number is missing: it may come yet


@pytest.fixture
def redis(settings):
    address = "redis://127.0.0.1:6379/9"
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": address,
            "OPTIONS": {"socket_timeout": 0.2, "socket_connect_timeout": 0.2},
        }
    }
    try:
        cache.clear()
    except Exception:
        pytest.skip("There is no Redis on 127.0.0.1:6379.")
    yield
    cache.clear()


def test_processes_share_answers_through_redis(redis, asked, item):
    asked(ITEM, key="spring")
    answers.clear()  # as another process

    assert asked(ITEM, key="spring") == ({"item": {"headline": "Spring"}}, True)
    publish(item, headline="Summer")
    answers.clear()
    assert asked(ITEM, key="spring") == ({"item": {"headline": "Summer"}}, False)


def test_a_cache_that_is_lost_is_left_alone(settings, asked, item, monkeypatch, caplog):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
            "OPTIONS": {"socket_timeout": 0.2, "socket_connect_timeout": 0.2},
        }
    }
    monkeypatch.setattr(answers, "_resting_until", 0.0)

    assert asked(ITEM, key="spring")[0] == {"item": {"headline": "Spring"}}
    assert asked(ITEM, key="spring") == ({"item": {"headline": "Spring"}}, True)
    assert sum("left alone" in line for line in caplog.messages) == 1


def test_a_named_operation_is_answered_from_what_is_kept(asked, item, client, settings):
    settings.HUB_ANONYMOUS_ACCESS = True
    first = client.get("/graphql", {"query": '{ item(key: "spring") { headline } }'})
    again = client.get("/graphql", {"query": '{ item(key: "spring") { headline } }'})

    assert first.json() == again.json()
    assert first.headers["ETag"] == again.headers["ETag"]
    assert first.headers["Surrogate-Key"] == again.headers["Surrogate-Key"]
    assert reverse("graphql")


def test_an_item_is_answered_with_a_term_that_is_younger_than_the_last_look(ask, clock):
    ItemFactory(key="other", terms=[create_term("journey:old", labels={"en": "Old"})], published=True)
    assert ask(TAGGED, key="other")["item"]["terms"] == [{"code": "journey:old", "label": "Old"}]
    term = create_term("journey:new", labels={"en": "New"})
    ItemFactory(key="spring", terms=[term], published=True)

    assert ask(TAGGED, key="spring")["item"] == {"terms": [{"code": "journey:new", "label": "New"}]}


def test_several_requests_share_what_was_seen_at_one_look(ask, item):
    ask(TAGGED, key="spring")

    with CaptureQueriesContext(connection) as statements:
        ask(TAGGED, key="other")

    assert len(statements) == 1
