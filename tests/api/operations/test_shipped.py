"""The operations that ship keep to the published ceilings of the tools they are made for."""

import re

import orjson
import pytest

from contenthub.api.operations.loading import SHIPPED, load_operations
from tests.delivery.published import project, publish, text

LONG = "The quiet motor carries you over every hill. " * 400
IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")


@pytest.fixture
def loaded(hub):
    load_operations([SHIPPED])
    cta = {"label": "Go", "link": {"kind": "URL", "url": "https://shop.example/"}, "action": "action:learn"}
    block = {"type": "rich_text", "id": "1", "html": f"<p>{LONG}</p>"}
    terms = ["journey:compare", "journey:buy", "product:vpn", "action:learn"]
    publish(
        project("offer/a b", {"en": text("An offer", summary="Short.", cta=cta, blocks=[block])}, terms=terms),
        project("offer/wide", {"en": text("幅" * 300, summary="幅" * 400)}, terms=terms),
        project("offer/huge", {"en": text("Huge", summary="x" * 31_000)}, terms=terms),
        *(project(f"more/{number:02d}", {"en": text("More", blocks=[block] * 20)}) for number in range(30)),
    )


def asked(client, name, **parameters):
    response = client.get(f"/o/{name}", parameters)
    assert response.status_code == 200, response.content
    return response


def is_flat(item):
    return all(not isinstance(value, dict | list) for value in item.values())


def test_braze_gets_one_flat_object_with_the_reason(loaded, client):
    response = asked(client, "braze-content", locale="en", journey="journey:compare", segments="segment:nobody, ,")

    body = response.json()
    assert len(response.content) <= 1_000_000
    assert body["found"] is True
    assert body["key"].startswith("offer/")
    assert (body["_locale"], body["journey"]) == ("en", "journey:compare,journey:buy")
    assert {"_version", "_decision", "_why", "_arm", "_notices"} <= body.keys()
    assert is_flat(body)


def test_braze_is_told_that_nothing_fits_without_an_error_that_would_drop_the_send(hub, client):
    load_operations([SHIPPED])

    body = asked(client, "braze-content").json()

    assert body["found"] is False


def test_an_iterable_feed_has_items_and_where_to_go_on(loaded, client):
    response = asked(client, "iterable-feed", journey="journey:compare", first="2")

    body = response.json()
    assert len(response.content) <= 1_000_000
    assert (len(body["items"]), bool(body["next"])) == (2, True)
    assert len(asked(client, "iterable-feed", journey="journey:compare", after=body["next"]).json()["items"]) == 1


def test_an_iterable_catalog_takes_ids_sizes_and_names(loaded, client):
    items, after = [], ""
    while True:
        response = asked(client, "iterable-catalog", after=after, first="10")
        assert len(response.content) <= 4_000_000
        items += response.json()["items"]
        if not response.json()["hasMore"]:
            break
        after = response.json()["next"]

    assert all(re.fullmatch(r"[A-Za-z0-9-]{1,255}", item["id"]) for item in items)
    assert all(len(orjson.dumps(item)) <= 30_000 for item in items)
    assert all(IDENTIFIER.fullmatch(name) for item in items for name in item)
    assert {"offer/a b", "offer/wide"} <= {item["key"] for item in items}
    assert "offer/huge" not in {item["key"] for item in items}


def test_journey_optimizer_takes_one_kilobyte_and_thirty_flat_attributes(loaded, client):
    body = asked(client, "journey-optimizer-items", first="100").json()

    assert all(len(orjson.dumps(item)) <= 1_000 and len(item) <= 30 and is_flat(item) for item in body["items"])
    assert "An offer" in {item["name"] for item in body["items"]}
    assert body["_notices"] == "Items longer than 1,000 bytes were left out: 2."


def test_salesforce_takes_texts_of_four_thousand_characters(loaded, client):
    body = asked(client, "salesforce-content", journey="journey:compare").json()

    assert is_flat(body)
    assert all(IDENTIFIER.fullmatch(name) for name in body)
    assert all(len(value) <= 4_000 for value in body.values() if isinstance(value, str))


@pytest.mark.parametrize("name", sorted(file.stem for file in SHIPPED.glob("*.graphql")))
def test_every_shipped_operation_costs_few_statements(loaded, client, name, django_assert_max_num_queries):
    asked(client, name)

    with django_assert_max_num_queries(16):
        asked(client, name)
