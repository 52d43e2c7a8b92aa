"""What is done to many items at once."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from contenthub.accounts.models import User
from contenthub.content.models import ClassificationRule, ContentItem
from contenthub.content.publishing import differences
from contenthub.delivery.models import PublishedItem
from taxonomy.models import Facet
from tests.content.editing import draft, localize
from tests.content.factories import ItemFactory, ItemTypeFactory


@pytest.fixture
def act(admin_client, locales):
    """Do something to items as the listing does; return the messages."""

    def acting(action, *items, client=admin_client):
        chosen = "&".join(f"id={item.pk}" for item in items)
        address = reverse("wagtail_bulk_action", args=["content", "contentitem", action])
        asked = client.get(f"{address}?{chosen}&next={reverse('items:list')}")
        assert asked.status_code in (200, 302)
        response = client.post(f"{address}?{chosen}&next={reverse('items:list')}", follow=True)
        assert response.status_code == 200
        return [str(message).strip() for message in response.context["messages"]]

    return acting


def live():
    return set(ContentItem.objects.filter(live=True).values_list("key", "locale__language_code"))


def test_items_are_published_in_all_their_languages_the_original_first(act):
    item, other = ItemFactory(key="a"), ItemFactory(key="b")
    localize(item, "ja")

    messages = act("publish_items", item, other)

    assert live() == {("a", "en"), ("a", "ja"), ("b", "en")}
    assert "3 language versions published or scheduled." in messages[0]


def test_what_is_on_air_as_written_is_left_alone(act):
    item = ItemFactory(key="a", published=True)
    changed = ItemFactory(key="b", published=True)
    draft(changed, headline="Newer")

    messages = act("publish_items", item, changed)

    assert "1 language version published or scheduled." in messages[0]
    assert ContentItem.objects.get(key="b").headline == "Newer"


def test_an_item_that_breaks_a_rule_is_told_and_the_others_are_published(act):
    rule = ClassificationRule(item_type=ItemTypeFactory(), facet=Facet.objects.get(code="journey"), minimum=1)
    rule.save()
    broken = ItemFactory(key="a", headline="Untagged")
    fine = ItemFactory(key="b", type=ItemTypeFactory(code="faq"))

    messages = act("publish_items", broken, fine)

    assert live() == {("b", "en")}
    assert "Untagged (English): Journey: At least 1 needed, 0 chosen." in messages
    assert not PublishedItem.objects.filter(key="a").exists()


def test_a_locked_item_is_left_alone(act):
    locker = User.objects.create_superuser("locker", password="secret")
    item = ItemFactory(key="a", headline="Locked")
    ContentItem.objects.filter(pk=item.pk).update(locked=True, locked_by=locker)

    messages = act("publish_items", item)

    assert live() == set()
    assert "Locked (English): It is locked." in messages


def test_items_are_taken_off_air_in_all_their_languages(act):
    item = ItemFactory(key="a", published=True)
    japanese = localize(item, "ja")
    japanese.get_latest_revision().publish()
    ItemFactory(key="b", published=True)

    act("unpublish_items", item)

    assert live() == {("b", "en")}


def test_items_are_deleted_in_all_their_languages(act):
    item, alone, kept = ItemFactory(key="a", published=True), ItemFactory(key="b"), ItemFactory(key="c", published=True)
    localize(item, "ja").get_latest_revision().publish()

    messages = act("delete", item, alone)

    assert list(ContentItem.objects.all()) == [kept]
    assert list(PublishedItem.objects.filter(facts__isnull=False).values_list("key", flat=True)) == ["c"]
    assert list(differences()) == []
    assert messages == ["2 Items deleted."]


def test_who_deletes_many_is_told_of_the_other_languages(admin_client, locales):
    item = ItemFactory()

    asked = admin_client.get(
        f"{reverse('wagtail_bulk_action', args=['content', 'contentitem', 'delete'])}?id={item.pk}"
    )

    assert "in all their languages" in asked.content.decode()
    assert ContentItem.objects.count() == 1


def test_who_may_not_delete_cannot_delete_many(act, client):
    item = ItemFactory()
    writer = User.objects.create_user("writer", password="secret")
    names = ["access_admin", "add_contentitem", "change_contentitem"]
    writer.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(writer)

    act("delete", item, client=client)

    assert list(ContentItem.objects.all()) == [item]


def test_who_may_not_publish_cannot_publish_many(act, client):
    item = ItemFactory()
    writer = User.objects.create_user("writer", password="secret")
    names = ["access_admin", "add_contentitem", "change_contentitem"]
    writer.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(writer)

    act("publish_items", item, client=client)

    assert live() == set()
