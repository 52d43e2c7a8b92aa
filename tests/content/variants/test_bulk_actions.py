"""Deleting many versions at once leaves none that leans on what is gone."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from contenthub.accounts.models import LanguageGrant, User
from contenthub.content.models import Variant
from contenthub.content.publishing import differences
from contenthub.content.variants.making import create_variant
from tests.content.editing import localize, publish
from tests.content.factories import ItemFactory, VariantFactory


@pytest.fixture
def versions(locales):
    """A version on the original, and the same in German."""
    item = ItemFactory(published=True)
    original = VariantFactory(localization=item, code="young", overrides={"headline": "Young"}, published=True)
    german = create_variant(publish(localize(item, "de")), "young")
    return original, german


def delete(client, *chosen):
    action = reverse("wagtail_bulk_action", args=["content", "variant", "delete"])
    ids = "&".join(f"id={one.pk}" for one in chosen)
    return client.post(f"{action}?{ids}&next=/admin/", follow=True).content.decode()


def test_a_version_that_other_languages_have_is_refused_and_told(admin_client, versions):
    original, _ = versions
    alone = VariantFactory(code="alone", overrides={"headline": "Alone"}, published=True)

    page = delete(admin_client, original, alone)

    assert "Other languages have this version too." in page
    assert "1 version deleted." in page
    assert set(Variant.objects.values_list("code", flat=True)) == {"young"}
    assert list(differences()) == []


def test_all_languages_of_a_version_are_deleted_together(admin_client, versions):
    assert "2 versions deleted." in delete(admin_client, *versions)
    assert not Variant.objects.exists()
    assert list(differences()) == []


def test_languages_that_are_not_granted_are_refused(client, versions, locales):
    group = Group.objects.create(name="German desk")
    group.permissions.set(Permission.objects.filter(codename__in=["access_admin", "delete_variant", "change_variant"]))
    LanguageGrant.objects.create(group=group).locales.add(locales["ko"])
    user = User.objects.create_user("translator")
    user.groups.add(group)
    client.force_login(user)

    assert "You may read German, not write it." in delete(client, versions[1])
    assert Variant.objects.count() == 2
