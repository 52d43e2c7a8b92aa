"""Who asked for which terms: seen on the term's own page, written after the answer was sent."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from contenthub.delivery.consumers import usage
from contenthub.delivery.consumers.models import TermUse
from taxonomy.changing import create_term
from tests.content.times import HOUR, NOON

QUERY = """query ($segments: [String!]) {
    items(filter: {journey: {anyOf: ["journey:buy"]}}, context: {segments: $segments}) { totalCount } }"""


@pytest.fixture(autouse=True)
def _terms(clock, doors):
    for code in ("journey:buy", "segment:students"):
        create_term(code, labels={"en": code})


@pytest.fixture
def shop(connect, post):
    """Ask as a connection; without a key as nobody."""
    key = connect("shop")

    def asking(query=QUERY, with_key=True, **variables):
        return post(query, variables, **({"Authorization": f"Bearer {key}"} if with_key else {}))

    return asking


def uses():
    return set(TermUse.objects.values_list("consumer__name", "term__code", "last_asked_at"))


def test_terms_of_filters_and_contexts_are_noted_literal_or_not(shop):
    shop(segments=["segment:students", "segment:nobody"])

    assert uses() == {("shop", "journey:buy", NOON), ("shop", "segment:students", NOON)}


def test_it_is_noted_now_and_then(shop, clock):
    shop()
    clock.move_to(NOON + HOUR / 12)
    with CaptureQueriesContext(connection) as asked:
        shop()
    assert not any("termuse" in one["sql"] for one in asked)

    clock.move_to(NOON + HOUR)
    shop()
    assert uses() == {("shop", "journey:buy", NOON + HOUR)}


def test_nobody_is_not_noted_and_what_is_refused_is_not_either(shop):
    shop(with_key=False)
    shop("{ items(first: 1, nothing: 1) { totalCount } }")

    assert uses() == set()


def test_a_process_does_not_remember_without_end(monkeypatch, shop):
    monkeypatch.setattr(usage, "_MOST_TERMS", 1)
    shop(segments=["segment:students"])
    shop()

    assert len(usage._noted_terms) == 1


def test_the_page_of_a_term_tells(shop, admin_client):
    shop()
    pk = TermUse.objects.get().term_id

    page = admin_client.get(reverse("terms:edit", args=[pk])).content.decode()

    assert "Who asked for it" in page
    assert ">shop</a>" in page
