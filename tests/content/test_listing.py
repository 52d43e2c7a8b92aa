"""The listing of items: one row an item, found and narrowed in any language."""

import pytest
from django.urls import reverse
from django.utils import timezone

from contenthub.content.models import ContentItem
from tests.content.editing import draft, localize, publish, schedule
from tests.content.factories import ItemFactory, ItemTypeFactory
from tests.content.times import HOUR, NOON
from tests.taxonomy.factories import TermFactory


@pytest.fixture
def listed(admin_client, locales):
    """Return the keys that the listing shows, in its order."""

    def listing(**parameters):
        response = admin_client.get(reverse("items:list"), parameters)
        assert response.status_code == 200
        return [item.key for item in response.context["object_list"]]

    return listing


def test_an_item_is_one_row_whatever_its_languages(listed, admin_client):
    item = ItemFactory(published=True)
    localize(item, "ja")

    assert listed() == [item.key]
    row = admin_client.get(reverse("items:list")).context["object_list"][0]
    states = {status.locale.language_code: str(status.state) for status in row.statuses}
    assert states == {"en": "live", "ja": "draft", "ko": "missing", "de": "missing", "de-CH": "missing"}


def test_what_changed_last_in_any_language_comes_first(listed):
    first, second = ItemFactory(), ItemFactory()
    japanese = localize(first, "ja")
    ItemFactory(key="third")

    draft(japanese, headline="Changed just now")

    assert listed() == [first.key, "third", second.key]


def test_a_search_finds_a_part_of_a_word_in_any_language(listed):
    item = ItemFactory(headline="Spring is here")
    localize(item, "ja", headline="新しい自転車の季節")
    ItemFactory(headline="Winter")

    assert listed(q="自転車") == [item.key]
    assert listed(q="prin") == [item.key]
    assert listed(q=item.key) == [item.key]
    assert listed(q="autumn") == []


def test_items_are_narrowed_to_a_type(listed):
    ItemFactory()
    faq = ItemFactory(type=ItemTypeFactory(code="faq"))

    assert listed(type=faq.type.pk) == [faq.key]


def test_items_are_narrowed_to_a_branch_of_terms(listed):
    root = TermFactory()
    leaf = TermFactory(parent=TermFactory(parent=root))
    item = ItemFactory(terms=[leaf, root])
    ItemFactory(terms=[TermFactory()])

    assert listed(term=root.pk) == [item.key]
    assert listed(term="999999") == listed(term="x") == listed(term="9" * 30) == []


def test_items_are_narrowed_to_those_missing_in_a_language_that_is_wanted(listed, locales):
    missing, there, unwanted = ItemFactory(), ItemFactory(), ItemFactory()
    localize(there, "ja")
    unwanted.wanted_locales = [locales["en"], locales["de"]]
    unwanted.save()

    assert listed(missing=locales["ja"].pk) == [missing.key]
    assert set(listed(missing=locales["de"].pk)) == {missing.key, there.key, unwanted.key}


def test_items_are_narrowed_to_a_state_in_any_language(clock, listed):
    keys = {"draft": ItemFactory(), "live": ItemFactory(published=True), "live_and_draft": ItemFactory(published=True)}
    draft(keys["live_and_draft"], headline="Newer")
    keys["scheduled"] = ItemFactory()
    schedule(keys["scheduled"], NOON + HOUR)
    keys["expired"] = publish(ItemFactory(), expire_at=NOON + HOUR / 2)
    found = {state: {keys[state].key} for state in keys}
    found["live"] |= found["live_and_draft"]

    clock.shift(HOUR * 3 / 4)

    assert {state: set(listed(state=state)) for state in keys} == found


@pytest.mark.parametrize(
    "parameters", [{"state": "x"}, {"type": "x"}, {"missing": "999999"}, {"p": "x"}, {"p": "999"}, {"ordering": "x"}]
)
def test_an_address_that_asks_for_nonsense_is_no_error(admin_client, locales, parameters):
    ItemFactory()

    assert admin_client.get(reverse("items:list"), parameters).status_code in (200, 404)


@pytest.mark.parametrize("ordering", ["_updated_at", "-_updated_at", "type__code", "-type__code"])
def test_the_order_can_be_chosen(listed, ordering):
    keys = [ItemFactory().key, ItemFactory().key]

    assert set(listed(ordering=ordering)) == set(keys)


def test_listing_costs_the_same_whatever_the_number_of_items_terms_and_locales(
    admin_client, locales, django_assert_max_num_queries
):
    def counted():
        admin_client.get(reverse("items:list"))
        with django_assert_max_num_queries(100) as captured:
            admin_client.get(reverse("items:list"), {"q": "item"})
        return len(captured)

    localize(ItemFactory(published=True), "ja")
    few = counted()
    for item in ItemFactory.create_batch(15, terms=TermFactory.create_batch(3), published=True):
        localize(item, "ja")
        localize(item, "ko")

    assert counted() == few


def test_an_item_that_nobody_saved_a_draft_of_is_listed(listed, locales):
    ContentItem.objects.create(
        key="bare", type=ItemTypeFactory(), locale=locales["en"], headline="Bare", first_published_at=timezone.now()
    )

    assert listed() == ["bare"]
