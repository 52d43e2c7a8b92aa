"""Keys at the door: how they come in, what they open, and what a refusal tells."""

import base64
from datetime import timedelta

import pytest
from django.utils import timezone

from contenthub.delivery.consumers import directory
from contenthub.delivery.consumers.issuing import issue_key, revoke_key
from contenthub.delivery.consumers.models import Consumer, ConsumerKey, ConsumersVersion

QUERY = "{ __typename }"
UNKNOWN = "The key opens nothing: it is unknown, revoked or expired, or its connection is switched off."


@pytest.fixture(autouse=True)
def _closed_house(settings):
    settings.HUB_ANONYMOUS_ACCESS = False


def basic(text):
    return "Basic " + base64.b64encode(text.encode()).decode()


def refusal(response):
    (error,) = response.json()["errors"]
    return response.status_code, error["extensions"]["code"], error["message"]


@pytest.mark.parametrize(
    "headers",
    [
        lambda key: {"Authorization": f"Bearer {key}"},
        lambda key: {"Authorization": f"bearer  {key} "},
        lambda key: {"Authorization": basic(f"{key}:")},
        lambda key: {"Authorization": basic(f"hub:{key}")},
        lambda key: {"X-Hub-Key": key},
    ],
)
def test_a_key_comes_as_a_bearer_as_basic_or_in_a_header_of_its_own(connect, post, headers):
    key = connect()

    assert post(QUERY, **headers(key)).json()["data"] == {"__typename": "Query"}


def test_the_header_for_keys_can_be_chosen(connect, post, settings):
    settings.HUB_KEY_HEADER = "X-Api-Token"
    key = connect()

    assert post(QUERY, **{"X-Api-Token": key}).status_code == 200
    assert post(QUERY, **{"X-Hub-Key": key}).status_code == 401


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        ({}, "The hub wants to know who asks: send the key of a consumer."),
        ({"Authorization": "Bearer hub_abcdefgh_nothing"}, UNKNOWN),
        ({"Authorization": f"Bearer {'x' * 5_000}"}, UNKNOWN),
        ({"Authorization": "Bearer"}, "'Authorization' is read as 'Bearer KEY', or Basic with the key in it."),
        ({"Authorization": "Basic !!"}, "'Authorization' is read as 'Bearer KEY', or Basic with the key in it."),
        ({"Authorization": "Digest x"}, "'Authorization' is read as 'Bearer KEY', or Basic with the key in it."),
    ],
)
def test_who_has_no_key_that_opens_is_told_how_to_come_in(db, post, headers, message):
    response = post(QUERY, **headers)

    assert refusal(response) == (401, "UNAUTHENTICATED", message)
    assert response.headers["WWW-Authenticate"].startswith("Bearer ")


def test_a_wrong_key_is_refused_where_anybody_may_read(db, post, settings):
    settings.HUB_ANONYMOUS_ACCESS = True

    assert post(QUERY).status_code == 200
    assert post(QUERY, Authorization="Bearer hub_wrong").status_code == 401


def test_a_key_opens_until_it_expires_is_revoked_or_its_connection_is_switched_off(connect, post):
    def status(key):
        directory.forget()
        return post(QUERY, Authorization=f"Bearer {key}").status_code

    first = connect()
    consumer = Consumer.objects.get()
    second = issue_key(consumer, expires_at=timezone.now() + timedelta(days=1)).whole
    assert (status(first), status(second)) == (200, 200)

    revoke_key(ConsumerKey.objects.get(prefix=first[:12]))
    assert (status(first), status(second)) == (401, 200)

    ConsumerKey.objects.filter(prefix=second[:12]).update(expires_at=timezone.now() - timedelta(seconds=1))
    ConsumersVersion.bump()
    assert status(second) == 401

    third = issue_key(consumer).whole
    consumer.is_active = False
    consumer.save()
    assert status(third) == 401


def test_a_process_that_knows_a_key_sees_within_five_seconds_that_it_is_revoked(connect, post, monkeypatch):
    key = connect()
    now = [1_000.0]
    monkeypatch.setattr("contenthub.delivery.consumers.directory.time.monotonic", lambda: now[0])
    directory.forget()
    assert post(QUERY, Authorization=f"Bearer {key}").status_code == 200

    revoke_key(ConsumerKey.objects.get())
    now[0] += directory.LOOK_EVERY_SECONDS

    assert directory.LOOK_EVERY_SECONDS < 5
    assert post(QUERY, Authorization=f"Bearer {key}").status_code == 401


def test_a_known_key_costs_no_statement_but_the_note_of_its_first_use(connect, post, django_assert_num_queries):
    key = connect()
    post(QUERY, Authorization=f"Bearer {key}")
    used = ConsumerKey.objects.get().last_used_at

    with django_assert_num_queries(0):
        post(QUERY, Authorization=f"Bearer {key}")

    assert timezone.now() - used < timedelta(minutes=1)


def test_rights_are_those_of_the_key(connect, post, settings):
    settings.HUB_ANONYMOUS_ACCESS = True
    settings.HUB_ANONYMOUS_RIGHTS = ["introspection"]
    schema = "{ __schema { queryType { name } } }"
    bare, reading = connect("bare"), connect("reading", rights=["introspection"])

    assert post(schema, Authorization=f"Bearer {bare}").status_code == 403
    assert post(schema, Authorization=f"Bearer {reading}").status_code == 200


def test_a_key_in_an_address_is_refused(connect, client):
    key = connect()

    response = client.get("/graphql", {"query": QUERY, "access_key": key})

    assert refusal(response)[:2] == (403, "FORBIDDEN")
    assert key not in response.content.decode()


def test_a_publishable_key_runs_no_query_of_its_own(connect, post):
    key = connect(kind="publishable")

    assert refusal(post(QUERY, Authorization=f"Bearer {key}"))[:2] == (403, "OPERATION_REQUIRED")


def test_only_pages_that_a_publishable_connection_names_may_use_its_key(connect, post):
    key = connect(kind="publishable", allowed_origins=["https://shop.example"])

    def asked(origin):
        return post(QUERY, Authorization=f"Bearer {key}", Origin=origin)

    assert asked("https://shop.example").headers["Access-Control-Allow-Origin"] == "https://shop.example"
    assert refusal(asked("https://evil.example")) == (
        403,
        "FORBIDDEN",
        "Pages of https://evil.example may not use this key: its connection does not name them.",
    )
    assert "Access-Control-Allow-Origin" not in asked("https://evil.example").headers


def test_a_browser_is_told_beforehand_whether_a_page_may_call(connect, client):
    connect(kind="publishable", allowed_origins=["https://shop.example"])
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization, x-other"}

    yes = client.options("/graphql", headers={"Origin": "https://shop.example", **asked})
    no = client.options("/graphql", headers={"Origin": "https://evil.example", **asked})

    assert (yes.status_code, no.status_code) == (204, 204)
    assert yes.headers["Access-Control-Allow-Origin"] == "https://shop.example"
    assert yes.headers["Access-Control-Allow-Headers"] == "authorization"
    assert "Access-Control-Allow-Origin" not in no.headers


def test_answers_of_different_callers_are_told_apart_by_caches(connect, post):
    vary = post(QUERY, Authorization=f"Bearer {connect()}").headers["Vary"]

    assert {name.strip() for name in vary.split(",")} >= {"Accept", "Authorization", "X-Hub-Key", "Origin"}
