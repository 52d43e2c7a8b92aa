"""Translating side by side: what is shown, what is saved, and that nobody's text is lost."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.urls import reverse

from contenthub.accounts.models import User
from contenthub.content.blocks import NeutralBody
from contenthub.content.translating.units import units_of
from tests.content.editing import draft, localize, publish
from tests.content.factories import ItemFactory
from tests.content.translating.bodies import body


@pytest.fixture
def german(locales):
    item = ItemFactory(published=True, headline="Spring <now>", summary="Short", body=NeutralBody().to_python(body()))
    return localize(item, "de", headline="Frühling", summary="", body=[])


@pytest.fixture
def address(german):
    return reverse("items:translate", args=[german.pk])


def page_of(client, address):
    return BeautifulSoup(client.get(address).content, "html.parser")


def filled(page, **changes):
    """Return what the page's form posts, with changes by the ids of units."""
    fields = page.select("form [name^=text-], form [name^=initial-text-]")
    given = {each["name"]: each.text if each.name == "textarea" else each.get("value", "") for each in fields}
    given = {name: value.removeprefix("\n") for name, value in given.items()}
    return given | {f"text-{name}": text for name, text in changes.items()}


def text_of(item, name):
    item.refresh_from_db()
    return next(unit.target for unit in units_of(item.get_latest_revision_as_object()) if unit.id == name)


def test_texts_stand_side_by_side_each_in_its_language(admin_client, german, address):
    page = page_of(admin_client, address)

    pair = page.select_one(".content-translate__pair")
    assert pair.select_one(".content-translate__source").text.strip() == "Spring <now>"
    assert pair.select_one("textarea").text.strip() == "Frühling"
    assert (pair.select_one("textarea")["lang"], pair.select_one(".content-translate__source")["lang"]) == ("de", "en")
    assert len(page.select(".content-translate__pair")) == len(units_of(german))
    assert "15 texts are still to be written." in page.text


def test_only_what_was_changed_is_saved_as_a_draft(admin_client, german, address):
    publish(german)
    before = german.live_revision_id

    answer = admin_client.post(address, filled(page_of(admin_client, address), summary="Kurz"))

    assert answer.status_code == 302
    german.refresh_from_db()
    assert (german.summary, german.has_unpublished_changes) == ("", True)
    latest = german.get_latest_revision_as_object()
    assert (latest.summary, latest.headline, len(latest.body)) == ("Kurz", "Frühling", 0)
    assert german.live_revision_id != before or german.live


def test_rich_text_is_written_in_its_editor_and_untouched_text_is_no_change(admin_client, german, address):
    content = '{"blocks": [{"key": "a", "text": "Weit", "type": "unstyled", "depth": 0, "inlineStyleRanges": [],' + (
        ' "entityRanges": []}], "entityMap": {}}'
    )
    admin_client.post(address, filled(page_of(admin_client, address), **{"body.r1": content}))
    revision = german.latest_revision_id

    assert ">Weit</p>" in text_of(german, "body.r1")
    german.refresh_from_db()
    revision = german.latest_revision_id
    admin_client.post(address, filled(page_of(admin_client, address)))
    german.refresh_from_db()
    assert german.latest_revision_id == revision


def test_two_translators_lose_nothing(admin_client, german, address):
    mine = page_of(admin_client, address)
    draft(german, headline="Lenz", summary="Knapp")

    answer = admin_client.post(address, filled(mine, headline="Frühjahr", cta="")).content.decode()
    assert "Somebody changed this text meanwhile. It now says: Lenz" in answer
    assert "Frühjahr" in answer
    assert text_of(german, "headline") == "Lenz"

    admin_client.post(address, filled(mine, **{"body.h1.text": "Fahren"}))
    assert [text_of(german, name) for name in ("headline", "summary", "body.h1.text")] == ["Lenz", "Knapp", "Fahren"]


def test_what_does_not_fit_is_told_beside_its_text_and_nothing_is_saved(admin_client, german, address):
    revision = german.latest_revision_id

    answer = admin_client.post(address, filled(page_of(admin_client, address), headline="x" * 256, summary="Kurz"))

    page = BeautifulSoup(answer.content, "html.parser")
    assert "256 characters; at most 255 fit." in page.select_one(".content-translate__pair [role=alert]").text
    assert "x" * 256 in page.select_one("textarea").text
    german.refresh_from_db()
    assert german.latest_revision_id == revision


def test_arabic_is_written_from_right_to_left(admin_client, german):
    arabic = localize(german.__class__.objects.sources().get(key=german.key), "ar")

    page = page_of(admin_client, reverse("items:translate", args=[arabic.pk]))

    assert page.select_one("textarea")["dir"] == "rtl"
    assert page.select_one(".content-translate__source")["dir"] == "ltr"


def test_the_original_has_nothing_to_translate_and_rights_are_asked_for(client, admin_client, german, address):
    source = german.__class__.objects.sources().get(key=german.key)
    assert admin_client.get(reverse("items:translate", args=[source.pk])).status_code == 404

    visitor = User.objects.create_user("visitor", password="secret")
    visitor.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(visitor)
    assert client.get(address).status_code == 302


def test_what_is_locked_is_read_only(admin_client, german, address, editor):
    other = User.objects.create_superuser("other", password="secret")
    type(german).objects.filter(pk=german.pk).update(locked=True, locked_by=other)
    given = filled(page_of(admin_client, address), headline="Neu")

    answer = admin_client.post(address, given)

    assert "Save draft" not in answer.content.decode()
    assert text_of(german, "headline") == "Frühling"
