"""From rows to documents."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file

from contenthub.content.models import ContentItem
from contenthub.content.projection import project
from contenthub.content.publishing import sync
from tests.channels.factories import ChannelFactory
from tests.content.editing import draft, localize, publish, schedule
from tests.content.factories import FieldDefinitionFactory, ItemFactory, ItemTypeFactory
from tests.content.times import HOUR, NOON
from tests.taxonomy.factories import TermFactory


def projected(key):
    (one,) = project([key], now=NOON)
    return one


@pytest.fixture
def picture(db):
    return get_image_model().objects.create(title="Picture", file=get_test_image_file(), description="A field")


def test_an_item_that_never_was_on_air_is_not_projected(clock):
    item = ItemFactory()

    assert project([item.key, "unheard-of"], now=NOON) == []


def test_text_facts_and_fields_are_projected(clock, picture):
    kind = ItemTypeFactory(code="deal")
    FieldDefinitionFactory(item_type=kind, name="price", kind="money")
    FieldDefinitionFactory(item_type=kind, name="code", localized=False)
    item = ItemFactory(
        type=kind,
        terms=[TermFactory(code="journey:buy")],
        channels=[ChannelFactory(code="channel:web")],
        references=[("legal", "terms")],
        texts={"push": "Now!"},
        fields={"price": {"amount": "5", "currency": "EUR"}, "code": "XMAS"},
        summary="Sum",
        cta_label="Go",
        cta_link="item:terms",
        image=picture,
        published=True,
    )

    one = projected(item.key)

    (facts,), ((english,),) = one.facts, one.publications.values()
    assert (facts.type, facts.terms, facts.channels, facts.references) == (
        "deal",
        ("journey:buy",),
        ("channel:web",),
        (("legal", "terms"),),
    )
    assert [(one["name"], one["kind"], one["value"]) for one in (*facts.fields, *english.fields)] == [
        ("code", "text", "XMAS"),
        ("price", "money", {"amount": "5", "currency": "EUR"}),
    ]
    assert english.head["cta"] == {"label": "Go", "link": {"kind": "ITEM", "key": "terms"}, "action": None}
    assert english.head["texts"] == [{"name": "push", "text": "Now!"}]
    assert (english.head["image"]["alt"], english.head["image"]["width"]) == ("A field", 640)


def test_every_block_is_projected_and_one_whose_picture_is_gone_left_out(clock, picture):
    blocks = [
        ("heading", {"text": "T", "level": "2"}, {"text": "T", "level": 2}),
        ("rich_text", "<p>x<script>y</script></p>", {"html": "<p>x</p>"}),
        ("quote", {"text": "Q", "source": ""}, {"text": "Q", "source": None}),
        ("list", {"items": ["a", "b"], "ordered": True}, {"items": ["a", "b"], "ordered": True}),
        ("legal_note", {"text": "L"}, {"text": "L"}),
        ("item_reference", {"key": "k", "role": "r"}, {"key": "k", "role": "r"}),
        ("embed", {"url": "https://example.org/v", "title": ""}, {"url": "https://example.org/v", "title": None}),
    ]
    body = [{"type": kind, "id": str(n), "value": value} for n, (kind, value, _) in enumerate(blocks)]
    body.append({"type": "image", "id": "9", "value": {"image": picture.pk + 1, "alt": "", "caption": ""}})
    item = ItemFactory(body=body, published=True)

    (english,) = projected(item.key).publications["en"]

    assert english.body["blocks"] == [
        {"type": kind, "id": str(n), **shown} for n, (kind, _, shown) in enumerate(blocks)
    ]


def test_what_is_scheduled_is_projected_as_it_will_be_read_from_the_rows(clock):
    item = ItemFactory(texts={"b": "2", "a": "1"}, terms=[TermFactory(), TermFactory()], channels=[ChannelFactory()])
    schedule(item, NOON + HOUR, headline="Later")
    before = projected(item.key)
    clock.move_to(NOON + 2 * HOUR)

    ContentItem.objects.get().latest_revision.publish()

    after = projected(item.key)
    assert after.publications == before.publications
    assert after.facts == before.facts


def test_a_scheduled_revision_that_names_what_is_gone_is_projected_without_it(clock, picture):
    gone, stays = ChannelFactory(), ChannelFactory(code="channel:stays")
    item = ItemFactory(channels=[gone, stays], image=picture)
    schedule(item, NOON + HOUR, headline="Later")
    item.channels.clear()
    item.save()
    gone.delete()
    ContentItem.objects.update(image=None)
    picture.delete()

    sync(item.key)

    one = projected(item.key)
    assert one.facts[0].channels == ("channel:stays",)
    assert one.publications["en"][0].head["image"] is None


def test_a_language_is_stale_from_the_instant_the_original_changes_until_it_is_published_again(clock):
    item = ItemFactory(headline="One", published=True)
    german = publish(localize(item, "de"), headline="Eins")
    schedule(item, NOON + HOUR, headline="Two")

    def states():
        return [(one.start, one.is_stale) for one in projected(item.key).publications["de"]]

    assert states() == [(NOON, False), (NOON + HOUR, True)]
    schedule(german, NOON + 2 * HOUR, headline="Zwei")
    assert states() == [(NOON, False), (NOON + HOUR, True), (NOON + 2 * HOUR, False)]


def test_a_change_of_facts_alone_makes_no_language_stale(clock):
    item = ItemFactory(published=True)
    publish(localize(item, "de"))

    publish(item, terms=[TermFactory()])

    assert [one.is_stale for one in projected(item.key).publications["de"]] == [False]


def _items(number, picture):
    made = []
    for _ in range(number):
        item = ItemFactory(
            terms=[TermFactory()], channels=[ChannelFactory()], texts={"push": "x"}, image=picture, published=True
        )
        for tag in ("de", "ja"):
            publish(localize(item, tag))
        schedule(item, NOON + HOUR, headline="Later")
        made.append(item.key)
    return made


def test_projecting_costs_the_same_number_of_statements_whatever_the_number_of_items(clock, picture):
    costs = []
    for number in (1, 6):
        keys = _items(number, picture)
        with CaptureQueriesContext(connection) as queries:
            project(keys, now=NOON)
        costs.append([query["sql"] for query in queries])

    assert len(costs[0]) == len(costs[1]), costs[1]
    assert len(costs[0]) <= 20


def test_publishing_an_item_with_three_languages_costs_a_bounded_number_of_statements(clock, picture):
    (key,) = _items(1, picture)
    item = ContentItem.objects.sources().get(key=key)
    first, second = (draft(item, headline=f"Hotfix {number}", go_live_at=None) for number in range(2))
    first.publish()

    with CaptureQueriesContext(connection) as queries:
        second.publish()

    assert len(queries) <= 150, len(queries)
