"""Translators who may write some languages: every door asks, and what is closed can be read."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Locale

from contenthub.accounts.grants import EVERYTHING, Grant, grant_of
from contenthub.accounts.models import LanguageGrant, User
from contenthub.content.models import ContentItem, Variant
from tests.content.editing import localize, publish
from tests.content.factories import ItemFactory, VariantFactory
from tests.content.posts import item_form
from tests.taxonomy.factories import TermFactory

RIGHTS = [f"{may}_{model}" for model in ("contentitem", "variant") for may in ("add", "change", "delete", "publish")]


@pytest.fixture
def group(locales):
    group = Group.objects.create(name="Translators")
    group.permissions.set(Permission.objects.filter(codename__in=[*RIGHTS, "access_admin"]))
    return group


def granted(group, *tags, facts=False):
    grant, _ = LanguageGrant.objects.update_or_create(group=group, defaults={"may_change_facts": facts})
    grant.locales.set(Locale.objects.filter(language_code__in=tags))


@pytest.fixture
def translator(group):
    granted(group, "de", "ja")
    user = User.objects.create_user("translator", password="secret")
    user.groups.add(group)
    return user


@pytest.fixture
def desk(client, translator):
    client.force_login(translator)
    return client


@pytest.fixture
def item(locales):
    return ItemFactory(headline="Spring", terms=[TermFactory()], published=True)


def locale_ids(*tags):
    return frozenset(Locale.objects.filter(language_code__in=tags).values_list("pk", flat=True))


def test_what_groups_allow_adds_up(group, translator):
    assert grant_of(translator) == Grant(locale_ids("de", "ja"), facts=False)

    other = Group.objects.create(name="Korean desk")
    other.permissions.set(group.permissions.all())
    granted(other, "ko", facts=True)
    translator.groups.add(other)
    assert grant_of(User.objects.get(pk=translator.pk)) == Grant(locale_ids("de", "ja", "ko"), facts=True)

    # A group that may do nothing with content widens nothing, one without limits widens all.
    translator.groups.add(Group.objects.create(name="Readers"))
    assert grant_of(User.objects.get(pk=translator.pk)).locales == locale_ids("de", "ja", "ko")
    editors = Group.objects.create(name="Editors of all")
    editors.permissions.set(group.permissions.all())
    translator.groups.add(editors)
    assert grant_of(User.objects.get(pk=translator.pk)) == EVERYTHING


def test_nobody_and_superusers_may_do_everything(editor):
    assert grant_of(None) == grant_of(editor) == EVERYTHING


def test_rights_are_read_once_for_many_questions(translator):
    user = User.objects.get(pk=translator.pk)
    with CaptureQueriesContext(connection) as asked:
        for _ in range(5):
            grant_of(user)

    assert len(asked) == 1


def test_a_granted_language_is_written_translated_and_published(desk, item):
    german = localize(item, "de")
    address = reverse("items:edit", args=[german.pk])

    desk.post(address, item_form(headline="Frühling", **{"action-publish": "1"}))

    german.refresh_from_db()
    assert (german.live, german.headline) == (True, "Frühling")


def test_another_language_is_shown_and_cannot_be_written(desk, item):
    korean = publish(localize(item, "ko", headline="봄"))
    before = korean.revisions.count()
    address = reverse("items:edit", args=[korean.pk])

    page = desk.get(address)
    assert page.status_code == 200
    assert "You may read Korean, not write it." in page.content.decode()
    desk.post(address, item_form(headline="Changed"))
    desk.post(address, item_form(headline="Changed", **{"action-publish": "1"}))
    desk.post(reverse("items:translate", args=[korean.pk]), {"text-headline": "Changed", "initial-text-headline": "봄"})
    desk.post(reverse("items:unpublish", args=[korean.pk]))
    desk.post(reverse("items:delete", args=[korean.pk]))

    korean.refresh_from_db()
    assert (korean.live, korean.headline, korean.revisions.count()) == (True, "봄", before)


def test_a_language_is_begun_where_it_is_granted(desk, item):
    for tag in ("ja", "ko"):
        desk.post(reverse("items:localize", args=[item.pk, tag]))

    assert set(ContentItem.objects.values_list("locale__language_code", flat=True)) == {"en", "ja"}


def test_facts_are_shown_and_stay_what_they_are(desk, group, item):
    granted(group, "en", "de")
    tags = [tag.term.code for tag in item.classification.all()]

    page = desk.get(reverse("items:edit", args=[item.pk])).content.decode()
    assert "terms_journey" not in page
    form = item_form(headline="Better", priority="7", terms_journey="", **{"action-publish": "1"})
    desk.post(reverse("items:edit", args=[item.pk]), form)

    item.refresh_from_db()
    assert (item.headline, item.priority) == ("Better", 0)
    assert [tag.term.code for tag in item.classification.all()] == tags


@pytest.mark.parametrize(
    "address",
    [
        lambda item: reverse("items:add"),
        lambda item: reverse("variants:add") + f"?item={item.pk}",
        lambda item: reverse("wagtail_bulk_action", args=["content", "contentitem", "tag_items"]) + f"?id={item.pk}",
    ],
)
def test_whoever_may_not_change_facts_makes_and_tags_no_items(desk, group, item, address):
    granted(group, "en", "de")

    assert desk.get(address(item)).status_code == 302


def test_the_original_is_chosen_by_whoever_may_change_facts(desk, item):
    german = publish(localize(item, "de"))

    desk.post(reverse("items:make_original", args=[german.pk]))

    german.refresh_from_db()
    assert not german.is_source


def test_a_version_is_written_in_granted_languages_only(desk, translator, item):
    variant = VariantFactory(localization=item, code="young", overrides={"headline": "Young"}, published=True)
    german = publish(localize(item, "de"))

    desk.post(reverse("variants:localize", args=[german.pk, "young"]))
    made = Variant.objects.get(localization=german)
    made.save_revision(user=translator)

    with pytest.raises(PermissionDenied):
        variant.save_revision(user=translator)
    assert "You may read English" in desk.get(reverse("variants:edit", args=[variant.pk])).content.decode()


def test_no_way_leads_around_a_model(translator, item):
    revision = item.save_revision()
    for act in (
        lambda: item.save_revision(user=translator),
        lambda: item.save_revision(translator),
        lambda: revision.publish(user=translator),
        lambda: item.unpublish(user=translator),
    ):
        with pytest.raises(PermissionDenied):
            act()


@pytest.mark.parametrize("action", ["publish_items", "unpublish_items"])
def test_bulk_actions_leave_other_languages_as_they_are_and_say_so(desk, item, action):
    german = localize(item, "de")
    if action == "unpublish_items":
        german = publish(german)
    else:
        item.headline = "Newer"
        item.save_revision()

    address = reverse("wagtail_bulk_action", args=["content", "contentitem", action]) + f"?id={item.pk}&next=/admin/"
    answer = desk.post(address, follow=True).content.decode()

    assert "You may read English, not write it." in answer
    item.refresh_from_db()
    german.refresh_from_db()
    assert (item.live, item.headline) == (True, "Spring")
    assert german.live == (action == "publish_items")


def test_items_with_other_languages_are_not_deleted_in_bulk(desk, item):
    localize(item, "de")
    address = reverse("wagtail_bulk_action", args=["content", "contentitem", "delete"]) + f"?id={item.pk}"

    desk.post(address)

    assert ContentItem.objects.filter(key=item.key).count() == 2


def test_a_groups_form_says_which_languages(admin_client, group, locales):
    address = reverse("wagtailusers_groups:edit", args=[group.pk])
    page = admin_client.get(address).content.decode()
    assert "What members may write, translate and publish." in page
    base = {
        "name": "Translators", "page_permissions-TOTAL_FORMS": 0, "page_permissions-INITIAL_FORMS": 0,
        "page_permissions-MAX_NUM_FORMS": 1000, "page_permissions-MIN_NUM_FORMS": 0,
    }  # fmt: skip
    for name in ("collection_permissions", "document_permissions", "image_permissions"):
        base |= {f"{name}-{part}_FORMS": 0 for part in ("TOTAL", "INITIAL")}
        base |= {f"{name}-MAX_NUM_FORMS": 1000, f"{name}-MIN_NUM_FORMS": 0}

    admin_client.post(address, {**base, "languages-locales": [locales["de"].pk]})
    grant = LanguageGrant.objects.get(group=group)
    assert (list(grant.locales.all()), grant.may_change_facts) == ([locales["de"]], False)

    admin_client.post(address, {**base, "languages-may_change_facts": "on"})
    assert not LanguageGrant.objects.exists()
