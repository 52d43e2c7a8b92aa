"""The screens on which the tags of many items are changed and given back."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.urls import reverse

from contenthub.accounts.models import User
from contenthub.content.models import ContentItem, Tagging
from taxonomy.changing import retire_term
from tests.content.editing import draft
from tests.content.factories import ItemFactory, ItemTypeFactory
from tests.taxonomy.factories import TermFactory

FORM = reverse("wagtail_bulk_action", args=["content", "contentitem", "tag_items"])


@pytest.fixture
def compare(locales):
    return TermFactory(code="journey:compare", labels={"en": "Compare", "ja": "比較"})


@pytest.fixture
def writer(db):
    """Somebody who may write and not publish."""
    user = User.objects.create_user("writer", password="secret")
    names = ["access_admin", "add_contentitem", "change_contentitem"]
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    return user


def chosen(*items):
    return f"{FORM}?{'&'.join(f'id={item.pk}' for item in items)}&next={reverse('items:list')}"


def describe(client, address, *terms, operation="add", **more):
    data = {"operation": operation, "terms": ",".join(str(term.pk) for term in terms), **more}
    return client.post(address, data)


def read(response):
    assert response.status_code == 200
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ", strip=True).split())


def rows(response):
    found = BeautifulSoup(response.content, "html.parser").select(".content-report tbody tr")
    return [" ".join(row.get_text(" ", strip=True).split()) for row in found]


def tags(item):
    return [tag.term.code for tag in item.get_latest_revision_as_object().classification.all()]


def test_tags_are_described_previewed_changed_and_given_back(admin_client, compare):
    item, tagged = ItemFactory(key="a", headline="First"), ItemFactory(key="b", headline="Second", terms=[compare])
    asked = read(admin_client.get(chosen(item, tagged)))
    assert "On 2 items, in all their languages." in asked

    preview = describe(admin_client, chosen(item, tagged), compare)

    tagging = Tagging.objects.get()
    address = reverse("content_tagging", args=[tagging.pk])
    assert preview.url == address
    shown = admin_client.get(address)
    assert "Add “Compare”" in read(shown)
    assert "1 of 2 items would change. Nothing has changed yet." in read(shown)
    assert rows(shown) == ["First a Article Will change", "Second b Article Nothing to change"]
    assert rows(admin_client.get(f"{address}?outcome=unchanged")) == ["Second b Article Nothing to change"]
    assert tags(item) == []

    done = admin_client.post(reverse("content_tagging_apply", args=[tagging.pk]), follow=True)

    assert "1 item changed." in read(done)
    assert tags(ContentItem.objects.get(key="a")) == ["journey:compare"]
    history = read(admin_client.get(reverse("items:history", args=[item.pk])))
    assert "Tags changed with those of other items: + journey:compare" in history
    assert rows(admin_client.get(reverse("content_taggings")))[0].startswith("Add “Compare” 1 editor")

    undone = admin_client.post(reverse("content_tagging_undo", args=[tagging.pk]), follow=True)

    assert "1 item is as before." in read(undone)
    assert tags(ContentItem.objects.get(key="a")) == []
    again = admin_client.post(reverse("content_tagging_undo", args=[tagging.pk]), follow=True)
    assert "undone already" in read(again)


def test_what_is_not_given_back_is_told_by_item(admin_client, compare):
    item = ItemFactory(key="a", headline="First")
    describe(admin_client, chosen(item), compare)
    pk = Tagging.objects.get().pk
    admin_client.post(reverse("content_tagging_apply", args=[pk]))
    draft(item, terms=[])

    undone = admin_client.post(reverse("content_tagging_undo", args=[pk]), follow=True)

    assert "1 item was left alone: see why below." in read(undone)
    assert rows(undone) == ["First a Article Not undone Its tags in the same facet were changed since."]


def test_everything_that_the_listing_shows_can_be_chosen_at_once(admin_client, compare):
    offer = ItemTypeFactory(code="offer")
    for key, kind in (("spring-a", offer), ("spring-b", offer), ("autumn", offer), ("spring-c", ItemTypeFactory())):
        ItemFactory(key=key, type=kind)

    describe(admin_client, f"{FORM}?id=all&q=spring&type={offer.pk}&next={reverse('items:list')}", compare)

    assert list(Tagging.objects.get().items.values_list("key", flat=True)) == ["spring-a", "spring-b"]


def test_other_actions_keep_to_what_the_listing_shows_as_well(admin_client, locales):
    ItemFactory(key="spring"), ItemFactory(key="autumn")
    address = reverse("wagtail_bulk_action", args=["content", "contentitem", "delete"])

    admin_client.post(f"{address}?id=all&q=spring&next={reverse('items:list')}")

    assert list(ContentItem.objects.values_list("key", flat=True)) == ["autumn"]


def test_more_items_than_can_be_changed_at_once_are_refused(admin_client, compare, monkeypatch):
    monkeypatch.setattr("contenthub.content.tagging.changing.MOST_ITEMS", 1)

    answer = describe(admin_client, chosen(ItemFactory(), ItemFactory()), compare)

    assert "At most 1 items can be changed at once. Narrow the listing first." in read(answer)
    assert not Tagging.objects.exists()


def test_a_change_that_means_nothing_is_refused_on_the_form(admin_client, compare):
    item, gone = ItemFactory(), TermFactory(code="journey:gone")
    retire_term(gone)
    address = chosen(item)

    assert "This field is required." in read(describe(admin_client, address))
    assert "Choose the terms that are to be replaced." in read(
        describe(admin_client, address, compare, operation="replace")
    )
    assert "A term cannot replace itself." in read(
        describe(admin_client, address, compare, operation="replace", replaced=str(compare.pk))
    )
    assert "journey:gone: retired, and cannot be chosen anew." in read(describe(admin_client, address, gone))
    assert describe(admin_client, address, gone, operation="remove").status_code == 302
    assert describe(admin_client, address, compare, operation="replace", replaced=str(gone.pk)).status_code == 302


def test_who_may_not_publish_changes_drafts_only(client, writer, compare, editor):
    item = ItemFactory(key="a", published=True)
    client.force_login(writer)

    assert "Publish this change" not in read(client.get(chosen(item)))
    describe(client, chosen(item), compare, publishes="on")
    client.post(reverse("content_tagging_apply", args=[Tagging.objects.get().pk]))

    item = ContentItem.objects.get(key="a")
    assert (tags(item), item.classification.count()) == (["journey:compare"], 0)


@pytest.mark.parametrize("action", ["apply", "undo"])
def test_who_may_not_publish_neither_makes_nor_undoes_what_publishes(client, admin_client, writer, compare, action):
    item = ItemFactory(key="a", published=True)
    describe(admin_client, chosen(item), compare, publishes="on")
    pk = Tagging.objects.get().pk
    if action == "undo":
        admin_client.post(reverse("content_tagging_apply", args=[pk]))
    before = ContentItem.objects.get(key="a").classification.count()
    client.force_login(writer)

    response = client.post(reverse(f"content_tagging_{action}", args=[pk]))

    assert response.status_code == 302  # to the start, with a message
    assert response.url == reverse("wagtailadmin_home")
    assert ContentItem.objects.get(key="a").classification.count() == before
    assert "Only those who may publish" in read(client.get(reverse("content_tagging", args=[pk])))


def test_who_may_not_write_items_sees_and_changes_nothing(client, admin_client, compare):
    item = ItemFactory()
    describe(admin_client, chosen(item), compare)
    pk = Tagging.objects.get().pk
    stranger = User.objects.create_user("stranger", password="secret")
    stranger.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "view_contentitem"]))
    client.force_login(stranger)
    home = reverse("wagtailadmin_home")

    assert client.get(chosen(item)).url == home
    assert describe(client, chosen(item), compare).url == home
    assert client.get(reverse("content_taggings")).url == home
    assert client.get(reverse("content_tagging", args=[pk])).url == home
    assert client.post(reverse("content_tagging_apply", args=[pk])).url == home
    assert tags(item) == []
    assert Tagging.objects.count() == 1


def test_nothing_is_changed_by_looking(admin_client, compare):
    describe(admin_client, chosen(ItemFactory()), compare)
    pk = Tagging.objects.get().pk

    assert admin_client.get(reverse("content_tagging_apply", args=[pk])).status_code == 405
    assert admin_client.get(reverse("content_tagging_undo", args=[pk])).status_code == 405


@pytest.mark.parametrize("count", [2, 30])
def test_a_preview_costs_the_same_for_few_items_and_many(admin_client, compare, django_assert_max_num_queries, count):
    items = [ItemFactory() for _ in range(count)]
    describe(admin_client, chosen(*items), compare)
    address = reverse("content_tagging", args=[Tagging.objects.get().pk])
    admin_client.get(address)

    with django_assert_max_num_queries(15):
        admin_client.get(address)
