"""Choosing an item in a form."""

from django.urls import reverse

from tests.content.editing import localize
from tests.content.factories import ItemFactory


def choose(client, **parameters):
    return client.get(reverse("content_choose_items"), parameters).json()["items"]


def test_an_item_is_found_in_any_language_with_its_languages_and_states(admin_client, locales):
    item = ItemFactory(key="bike", headline="Bicycle", published=True)
    localize(item, "ja", headline="自転車")
    ItemFactory(headline="Lamp")

    assert choose(admin_client, q="転車") == [
        {
            "key": "bike",
            "title": "Bicycle",
            "language": "en",
            "type": "Article",
            "locales": [
                {"code": "en", "state": "live", "label": "Live"},
                {"code": "ja", "state": "draft", "label": "Draft"},
            ],
        }
    ]


def test_items_are_named_by_their_keys_in_the_order_asked(admin_client, locales):
    ItemFactory(key="a")
    ItemFactory(key="b")

    assert [item["key"] for item in choose(admin_client, keys=["b", "none", "a", "b"])] == ["b", "a"]


def test_without_a_word_the_newest_items_are_offered(admin_client, locales):
    keys = [item.key for item in ItemFactory.create_batch(20)]

    assert [item["key"] for item in choose(admin_client)] == keys[:-16:-1]


def test_choosing_costs_the_same_whatever_is_found(admin_client, locales, django_assert_max_num_queries):
    def counted():
        choose(admin_client, q="item")
        with django_assert_max_num_queries(40) as captured:
            choose(admin_client, q="item")
        return len(captured)

    ItemFactory()
    few = counted()
    for item in ItemFactory.create_batch(12):
        localize(item, "ja")

    assert counted() == few
