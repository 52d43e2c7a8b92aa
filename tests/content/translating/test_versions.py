"""Versions in other languages go with the original's version: what changed there since is told, and translated."""

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from contenthub.accounts.models import LanguageGrant, User
from contenthub.content.codes import UnitState
from contenthub.content.localizations import make_source
from contenthub.content.models import ContentItem, Variant
from contenthub.content.publishing import differences
from contenthub.content.translating.exchange import import_messages, messages_of
from contenthub.content.translating.staleness import changes_of, original_of
from contenthub.content.translating.units import units_of
from contenthub.content.variants.listing import variant_lines
from contenthub.content.variants.making import create_variant, moved_fields, remember_base
from tests.content.editing import localize, publish
from tests.content.factories import ItemFactory, VariantFactory, override
from tests.content.translating.test_views import filled


@pytest.fixture
def item(locales):
    return ItemFactory(published=True, headline="Spring", summary="All of it")


@pytest.fixture
def young(item):
    overrides = {"headline": "Spring, young", "summary": "All of it, young"}
    return VariantFactory(localization=item, code="young", overrides=overrides, published=True)


@pytest.fixture
def german(item, young):
    """The version in German, on air: it says its own headline and leaves the summary to its base."""
    base = publish(localize(item, "de", headline="Frühling", summary="Alles"))
    return write(create_variant(base, "young"), headline="Frühling, jung")


def write(variant, *, is_published=True, **values):
    draft = Variant.objects.get(pk=variant.pk).get_latest_revision_as_object()
    override(draft, **values)
    if not draft.live:
        draft.save()
    remember_base(draft)
    revision = draft.save_revision(clean=False)
    if is_published:
        revision.publish()
    return Variant.objects.get(pk=variant.pk)


def changed_parts(variant):
    text = Variant.objects.get(pk=variant.pk).get_latest_revision_as_object()
    return list(changes_of(text, original_of(text)))


def is_stale(variant):
    (line,) = variant_lines(ContentItem.objects.get(pk=variant.localization_id))
    language = next(one for one in line.languages if one.tag == variant.locale.language_code)
    listed = Variant.objects.stale().filter(pk=variant.pk).exists()
    assert language.is_stale == listed == ("Changed in the original" in language.title)
    assert line.is_stale == (listed and line.here.pk == variant.pk)
    assert list(differences()) == []
    return listed


def address_of(variant):
    return reverse("variants:translate", args=[variant.pk])


def page_of(client, variant):
    return BeautifulSoup(client.get(address_of(variant)).content, "html.parser")


def test_what_the_original_s_version_says_otherwise_since_is_stale_until_it_is_written(german, young):
    assert not is_stale(german)

    write(young, headline="Summer, young")
    assert (is_stale(german), changed_parts(german), is_stale(young)) == (True, ["headline"], False)

    write(german, headline="Sommer, jung")
    assert (is_stale(german), changed_parts(german)) == (False, [])


def test_a_draft_of_the_original_makes_nothing_stale_and_one_of_the_language_nothing_fresh(german, young):
    write(young, headline="Summer, young", is_published=False)
    assert (is_stale(german), changed_parts(german)) == (False, [])

    write(young, headline="Summer, young")
    write(german, headline="Sommer, jung", is_published=False)
    assert (is_stale(german), changed_parts(german)) == (True, [])


def test_what_a_language_leaves_to_its_base_goes_with_the_original_silently(german, young):
    write(young, summary="Most of it, young")

    assert (is_stale(german), changed_parts(german)) == (False, [])
    states = {unit.id: unit.state for unit in units_of(german)}
    assert states == {"headline": UnitState.TRANSLATED, "summary": UnitState.MISSING}


def test_taking_the_original_s_version_off_air_and_on_again_makes_nothing_stale(german, young):
    young.unpublish()
    assert not is_stale(german)
    write(young, is_published=False, summary="In between")
    assert not is_stale(german)

    write(young, headline="Summer, young")

    assert is_stale(german)


def test_texts_of_a_version_stand_side_by_side_with_what_readers_get_without_them(admin_client, german, young):
    write(young, headline="Summer, young")

    page = page_of(admin_client, german)

    headline, summary = page.select(".content-translate__pair")
    assert headline.select_one("textarea").text.strip() == "Frühling, jung"
    assert "Spring" in headline.select_one("del, .deletion").text
    assert headline.select_one("[name=right]")
    assert summary.select_one(".content-translate__source").text.strip() == "All of it, young"
    assert summary.select_one("textarea")["placeholder"] == "Alles"
    assert "2 texts are still to be written." in page.text


def test_what_is_written_beside_the_original_becomes_a_draft_that_overrides_it(admin_client, german):
    answer = admin_client.post(
        address_of(german), filled(page_of(admin_client, german), summary="Alles, jung"), follow=True
    )

    assert "Saved as a draft" in answer.content.decode()
    german.refresh_from_db()
    draft = german.get_latest_revision_as_object()
    assert (draft.overrides, draft.summary, german.summary) == (["headline", "summary"], "Alles, jung", "")


def test_a_text_that_is_emptied_is_given_back_to_the_base(admin_client, german):
    admin_client.post(address_of(german), filled(page_of(admin_client, german), headline=""))

    german.refresh_from_db()
    assert german.get_latest_revision_as_object().overrides == []


def test_a_version_is_marked_as_up_to_date_without_a_new_draft(admin_client, german, young):
    write(young, headline="Spring, young!")
    before = german.revisions.count()
    edit = admin_client.get(reverse("variants:edit", args=[german.pk])).content.decode()
    assert "has changed in 1 field since this language was written" in edit

    admin_client.post(address_of(german), {**filled(page_of(admin_client, german)), "all_right": "1"})

    assert (is_stale(german), changed_parts(german), german.revisions.count()) == (False, [], before)


def test_only_who_may_write_the_language_translates_its_versions(client, german, locales):
    translator = User.objects.create_user("hana", password="a")
    translator.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(translator)
    assert client.get(address_of(german)).status_code == 302

    desk = Group.objects.create(name="Japanese desk")
    desk.permissions.add(Permission.objects.get(codename="change_variant"))
    LanguageGrant.objects.create(group=desk).locales.add(locales["ja"])
    translator.groups.add(desk)
    page = page_of(client, german)
    assert page.select("textarea")
    assert "Save draft" not in page.text

    client.post(address_of(german), filled(page, headline="Mine"))
    german.refresh_from_db()
    assert german.get_latest_revision_as_object().headline == "Frühling, jung"


@pytest.mark.parametrize("name", ["young", "nobody"])
def test_there_is_nothing_to_translate_in_the_original_itself(admin_client, german, young, name):
    pk = young.pk if name == "young" else 0
    assert admin_client.get(reverse("variants:translate", args=[pk])).status_code == 404


def test_agencies_are_told_what_is_older_and_confirm_it(german, young, item, locales):
    write(young, headline="Spring, young!")
    messages = [one for one in messages_of([item], locales["de"], is_open=True) if "@young#headline" in one.context]
    assert [(one.target, one.is_fuzzy) for one in messages] == [("Frühling, jung", True)]

    report = import_messages([replace(one, is_fuzzy=False) for one in messages], locales["de"])

    assert (report.confirmed, report.findings, is_stale(german)) == (1, [], False)


def test_a_text_translated_from_an_older_version_goes_on_counting_as_older(german, young, item, locales):
    (message,) = [one for one in messages_of([item], locales["de"]) if one.context.endswith("@young#headline")]
    write(young, headline="Summer, young")

    import_messages([replace(message, target="Lenz, jung")], locales["de"])

    assert changed_parts(german) == ["headline"]


def test_with_another_original_versions_that_were_up_to_date_stay_so(german, young, item, locales):
    japanese = publish(localize(item, "ja", headline="春"))
    japanese = write(create_variant(japanese, "young"), headline="若い春", summary="すべて")
    write(young, headline="Summer, young")
    write(german, headline="Sommer, jung")
    assert (is_stale(german), is_stale(japanese)) == (False, True)

    make_source(ContentItem.objects.get(pk=german.localization_id))

    young = Variant.objects.get(pk=young.pk)
    assert (is_stale(young), changed_parts(young), is_stale(japanese)) == (False, [], True)
    write(german, headline="Hochsommer, jung")
    assert (is_stale(young), changed_parts(young)) == (True, ["headline"])


def test_a_version_for_a_region_is_marked_when_the_language_moves_that_its_base_takes_from(german, item):
    swiss = publish(localize(item, "de-CH", headline=""))
    version = write(create_variant(swiss, "young"), headline="Früelig, jung")
    assert moved_fields(version, swiss) == []

    publish(german.localization, headline="Lenz")

    (moved,) = moved_fields(version, ContentItem.objects.get(pk=swiss.pk))
    assert (moved.name, moved.then, moved.now) == ("headline", "Frühling", "Lenz")


def test_the_list_of_versions_shows_those_of_a_language_that_are_older(admin_client, german, young, locales):
    listing = reverse("variants:list")
    assert "young" not in _rows(admin_client.get(f"{listing}?stale={locales['de'].pk}"))

    write(young, headline="Summer, young")

    assert "young" in _rows(admin_client.get(f"{listing}?stale={locales['de'].pk}"))
    assert "young" not in _rows(admin_client.get(f"{listing}?stale={locales['ja'].pk}"))
    assert "young" not in _rows(admin_client.get(f"{listing}?language={locales['ja'].pk}"))


def _rows(answer):
    return " ".join(cell.text for cell in BeautifulSoup(answer.content, "html.parser").select("table.listing td"))
