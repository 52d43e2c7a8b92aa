"""Types of items: what of them stays as it is while items have them."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from contenthub.content.models import ContentItem, FieldDefinition, ItemType
from tests.content.editing import draft, localize, schedule
from tests.content.factories import FieldDefinitionFactory, ItemFactory, ItemTypeFactory
from tests.content.forms import edit_url, filled_in
from tests.content.times import HOUR, NOON


@pytest.fixture
def price(locales):
    return FieldDefinitionFactory(name="price", kind="text", sort_order=-1)


@pytest.fixture
def post_type(admin_client, locales):
    """Open the form of the type article, change inputs by name, and save it; return the messages and the page."""

    def posting(**changes):
        url = reverse("item_types:edit", args=[ItemType.objects.get(code="article").pk])
        answer = admin_client.post(url, {**filled_in(admin_client.get(url)), **changes})
        return answer, answer.content.decode()

    return posting


def kinds():
    fields = FieldDefinition.objects.filter(item_type__code="article", name="price")
    return list(fields.values_list("name", "kind", "localized"))


@pytest.mark.parametrize(("name", "value"), [("kind", "number"), ("localized", False), ("name", "cost")])
def test_what_a_filled_field_is_read_by_cannot_be_changed(price, name, value):
    ItemFactory(fields={"price": "12"})
    localize(ItemFactory(fields={"price": "13"}), "ja")
    setattr(price, name, value)

    with pytest.raises(ValidationError) as refused:
        price.full_clean()

    assert refused.value.message_dict == {name: ["The field price is filled in 2 items: this cannot be changed."]}


def test_a_field_counts_as_filled_by_the_newest_draft_alone(price):
    item = ItemFactory(published=True)
    draft(item, own_fields={"price": "12"})

    assert price.count_filled() == 1


def test_a_field_counts_as_filled_by_what_is_scheduled(clock, price):
    item = ItemFactory(published=True)
    schedule(item, NOON + HOUR, own_fields={"price": "12"})
    draft(item, own_fields={}, go_live_at=None)

    assert price.count_filled() == 1


def test_a_field_that_no_item_fills_may_be_changed(price):
    ItemFactory(fields={"other": "12"})
    ItemFactory(type=ItemTypeFactory(code="memo"), fields={"price": "12"})
    price.kind, price.localized = "number", False

    price.full_clean()

    assert price.count_filled() == 0


def test_a_filled_field_may_change_its_names_and_whether_it_is_demanded(price):
    ItemFactory(fields={"price": "12"})
    price.labels, price.required = {"en": "Amount"}, True

    price.full_clean()


def test_the_form_says_why_a_kind_cannot_be_changed(price, post_type, admin_client):
    item = ItemFactory(fields={"price": "12"})

    answer, page = post_type(**{"field_definitions-0-kind": "image"})

    assert answer.status_code == 200
    assert "The field price is filled in 1 item: this cannot be changed." in page
    assert kinds() == [("price", "text", True)]
    assert admin_client.get(edit_url(item)).status_code == 200


def test_the_form_changes_the_kind_of_an_empty_field(price, post_type):
    answer, _ = post_type(**{"field_definitions-0-kind": "image"})

    assert answer.status_code == 302
    assert kinds() == [("price", "image", True)]


def test_a_filled_field_is_not_removed(price, post_type):
    ItemFactory(fields={"price": "12"})

    answer, page = post_type(**{"field_definitions-0-DELETE": "on"})

    assert answer.status_code == 200
    assert "The field price is filled in 1 item: it cannot be removed." in page
    assert kinds() == [("price", "text", True)]


def test_an_empty_field_is_removed(price, post_type):
    answer, _ = post_type(**{"field_definitions-0-DELETE": "on"})

    assert answer.status_code == 302
    assert kinds() == []


def delete_url(kind):
    return reverse("item_types:delete", args=[kind.pk])


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_type_that_items_have_is_not_deleted(admin_client, locales, method):
    item = ItemFactory()
    localize(item, "ja")

    answer = getattr(admin_client, method)(delete_url(item.type), follow=True)

    assert answer.redirect_chain == [(reverse("item_types:edit", args=[item.type.pk]), 302)]
    assert [str(message).strip() for message in answer.context["messages"]] == [
        "1 item has the type Article: it cannot be deleted."
    ]
    assert ItemType.objects.filter(code="article").exists()
    assert ContentItem.objects.count() == 2


def test_a_type_that_no_item_has_is_deleted(admin_client, locales):
    kind = ItemTypeFactory(code="memo")

    answer = admin_client.post(delete_url(kind))

    assert answer.status_code == 302
    assert not ItemType.objects.filter(code="memo").exists()


def test_of_many_types_none_is_deleted_where_items_have_one(admin_client, locales):
    used, unused = ItemFactory().type, ItemTypeFactory(code="memo")
    listing = reverse("item_types:list")
    address = reverse("wagtail_bulk_action", args=["content", "itemtype", "delete"])

    answer = admin_client.post(f"{address}?id={used.pk}&id={unused.pk}&next={listing}", follow=True)

    assert answer.redirect_chain == [(listing, 302)]
    assert "1 item has the type Article: it cannot be deleted." in answer.content.decode()
    assert ItemType.objects.filter(code__in=["article", "memo"]).count() == 2
