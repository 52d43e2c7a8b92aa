"""Personal tokens in answers: neutral, or in the syntax of the connection that asks."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from channels.models import Channel, ChannelField, PersonalToken
from contenthub.api import freshness
from contenthub.api.models import Operation
from tests.delivery.published import project, publish, text

ITEM = """{ item(key: "hello") { headline personalTokens { code }
  rendition(channel: "channel:web") { fields personalTokens { code sample } } } }"""


@pytest.fixture(autouse=True)
def hello(hub):
    PersonalToken.objects.create(code="name", sample="Akiko", max_length=20, default="friend")
    web = Channel.objects.get(code="channel:web")
    ChannelField.objects.create(channel=web, name="title", source="headline")
    publish(
        project("hello", {"en": text('Hi "{{name}}" {{unknown}}', texts={"sms": "{{name}}"})}),
        project("plain", {"en": text("Hi")}),
    )


def test_tokens_stand_beside_the_texts_of_an_item_and_of_a_rendition(ask):
    assert ask(ITEM)["item"] == {
        "headline": 'Hi "{{name}}" {{unknown}}',
        "personalTokens": [{"code": "name"}],
        "rendition": {
            "fields": {"title": 'Hi "{{name}}" {{unknown}}'},
            "personalTokens": [{"code": "name", "sample": "Akiko"}],
        },
    }


def test_a_text_without_tokens_asks_for_none(ask):
    with CaptureQueriesContext(connection) as statements:
        data = ask('{ item(key: "plain") { personalTokens { code } } }')

    assert data == {"item": {"personalTokens": []}}
    assert not any("personaltoken" in one["sql"].split("FROM")[1] for one in statements if "version" not in one["sql"])


def test_a_page_reads_bodies_and_tokens_once(ask):
    for number in range(6):
        publish(project(f"more-{number}", {"en": text("Hi {{name}}")}))
    counts = []
    for first in (2, 7):
        with CaptureQueriesContext(connection) as statements:
            data = ask("query ($n: Int!) { items(first: $n) { nodes { personalTokens { code } } } }", n=first)
        assert len(data["items"]["nodes"]) == first
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_search_does_not_find_what_nobody_reads(ask):
    found = "query ($text: String!) { items(filter: {search: $text}) { nodes { key } } }"

    assert ask(found, text="name") == {"items": {"nodes": []}}
    assert {node["key"] for node in ask(found, text="hi")["items"]["nodes"]} == {"hello", "plain"}


def test_a_connection_is_given_its_own_syntax(post, connect):
    braze = {"Authorization": f"Bearer {connect('Braze', token_syntax='braze')}"}
    shop = {"Authorization": f"Bearer {connect('Shop')}"}

    def headline(headers):
        freshness.forget()
        return post(ITEM, **headers).json()["data"]["item"]["headline"]

    for _again in range(2):  # the second time from what was kept
        assert headline(braze) == "Hi \"{{${name} | default: 'friend'}}\" {{unknown}}"
        assert headline(shop) == 'Hi "{{name}}" {{unknown}}'
    PersonalToken.objects.update(default="you")
    assert headline(braze) == "Hi \"{{${name} | default: 'you'}}\" {{unknown}}"


def test_an_etag_is_of_one_syntax(client, connect):
    asked = {"query": '{ item(key: "hello") { headline } }'}
    tags = [
        client.get("/graphql", asked, headers={"Authorization": f"Bearer {connect(name, token_syntax=syntax)}"})["ETag"]
        for name, syntax in (("one", ""), ("two", "liquid"), ("three", "liquid"))
    ]

    assert tags[0] != tags[1] == tags[2]


def test_a_named_operation_writes_tokens_and_cuts_none_in_half(client, connect):
    query = '# object: item\n# maxText: 100\nquery Hello { item(key: "long") { headline summary } }'
    Operation.objects.create(name="hello", text=query, digest="0" * 64)
    publish(project("long", {"en": text("x" * 80 + " {{name}} and on", summary="{{name}}" + "y" * 80)}))
    key = connect("Braze", token_syntax="braze")

    answer = client.get("/o/hello", headers={"Authorization": f"Bearer {key}"}).json()

    assert answer["headline"] == "x" * 80 + " …"
    assert answer["summary"] == "{{${name} | default: 'friend'}}" + "y" * 68 + "…"
