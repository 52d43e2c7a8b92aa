"""What the original says otherwise since a translation was made: told part by part until somebody has seen to it."""

import pytest
from django.urls import reverse

from contenthub.content.blocks import NeutralBody
from contenthub.content.codes import UnitState
from contenthub.content.localizations import localization_statuses
from contenthub.content.models import ContentItem
from contenthub.content.publishing import differences, sync
from contenthub.content.translating.staleness import changes_of, mark_up_to_date, original_of
from contenthub.content.translating.units import save_draft, units_of, with_texts
from contenthub.delivery.models import IndexRow
from tests.content.editing import draft, localize, publish, schedule
from tests.content.factories import ItemFactory
from tests.content.times import HOUR, NOON
from tests.content.translating.bodies import body


@pytest.fixture
def item(locales):
    return ItemFactory(
        published=True, headline="Spring", summary="All of it", body=NeutralBody().to_python(body()), cta_label="Buy",
        cta_link="https://example.org/",
    )  # fmt: skip


@pytest.fixture
def german(item):
    return publish(localize(item, "de", headline="Frühling"))


def stale_parts(row, *, newest=True):
    row = ContentItem.objects.get(pk=row.pk)
    text = row.get_latest_revision_as_object() if newest else row
    return list(changes_of(text, original_of(text)))


def is_stale(row):
    shown = set(IndexRow.objects.filter(key=row.key, locale=row.locale).values_list("is_stale", flat=True))
    status = next(one for one in localization_statuses(row.key) if one.locale == row.locale)
    listed = ContentItem.objects.stale().filter(pk=row.pk).exists()
    assert shown == {status.is_stale} == {listed}
    assert list(differences()) == []
    return status.is_stale


def test_the_parts_that_changed_are_stale_and_no_others(item, german):
    assert not is_stale(german)

    publish(item, headline="Summer", cta_link="https://example.org/summer")

    assert is_stale(german)
    assert stale_parts(german) == ["headline", "callToAction.link"]
    states = {unit.id: unit.state for unit in units_of(german.get_latest_revision_as_object())}
    assert (states["headline"], states["summary"]) == (UnitState.STALE, UnitState.SAME)


def test_publishing_again_makes_nothing_fresh_and_writing_does_part_by_part(item, german):
    publish(item, headline="Summer", summary="Most of it")

    publish(german)
    assert stale_parts(german) == ["headline", "summary"]

    publish(german, headline="Sommer")
    assert (stale_parts(german), is_stale(german)) == (["summary"], True)

    publish(german, summary="Das meiste")
    assert (stale_parts(german), is_stale(german)) == ([], False)


def test_what_readers_see_is_stale_until_the_new_text_is_published(item, german):
    publish(item, headline="Summer")

    revision = draft(german, headline="Sommer")

    assert (stale_parts(german), is_stale(german)) == ([], True)
    revision.publish()
    assert not is_stale(german)


def test_an_original_that_says_again_what_it_said_makes_all_fresh(item, german):
    publish(item, headline="Summer")
    publish(item, headline="Spring")

    assert (stale_parts(german), is_stale(german)) == ([], False)


def test_text_by_text_a_translation_becomes_fresh(item, german):
    blocks = body()
    heading = next(block for block in blocks if block["type"] == "heading")
    heading["value"]["text"] = "Another heading"
    name = f"body.{heading['id']}.text"
    publish(item, body=NeutralBody().to_python(blocks))
    assert stale_parts(german) == [name]

    german.refresh_from_db()
    save_draft(with_texts(german.get_latest_revision_as_object(), {name: "Noch eine"}))

    assert stale_parts(german) == []


def test_a_new_part_of_the_original_is_missing_and_one_that_is_gone_is_told(item, german):
    blocks = body()
    removed = blocks.pop(0)
    publish(item, body=NeutralBody().to_python(blocks), texts=[], image_credit="Ann")

    names = stale_parts(german)

    assert {name.split(".")[1] for name in names if name.startswith("body.")} == {removed["id"]}
    units = {unit.id: unit.state for unit in units_of(german.get_latest_revision_as_object())}
    assert units["image.credit"] == UnitState.MISSING
    german.refresh_from_db()
    kept = [block for block in german.get_latest_revision_as_object().body.raw_data if block["id"] != removed["id"]]
    publish(german, body=NeutralBody().to_python(list(kept)), image_credit="Ann")
    assert (stale_parts(german), is_stale(german)) == ([], False)


def test_marked_as_up_to_date_is_what_readers_see_and_the_draft_without_a_new_one(item, german):
    publish(item, headline="Spring!", summary="Everything")
    german.refresh_from_db()
    before = german.latest_revision_id

    mark_up_to_date(german, ["headline"])
    sync(item.key)
    assert (stale_parts(german), is_stale(german)) == (["summary"], True)

    mark_up_to_date(german)
    sync(item.key)
    assert (stale_parts(german), stale_parts(german, newest=False), is_stale(german)) == ([], [], False)
    german.refresh_from_db()
    assert (german.latest_revision_id, german.has_unpublished_changes) == (before, False)


def test_what_readers_see_is_not_marked_for_what_a_draft_says(item, german):
    publish(item, headline="Summer")
    draft(german, headline="Sommer")
    german.refresh_from_db()

    mark_up_to_date(german)
    sync(item.key)

    assert is_stale(german)


def test_a_launch_beside_the_originals_is_written_for_what_that_will_say(clock, item, german):
    schedule(item, NOON + 2 * HOUR, headline="Summer")

    schedule(german, NOON + 3 * HOUR, headline="Sommer")

    german.refresh_from_db()
    assert list(IndexRow.objects.filter(key=item.key, locale=german.locale).order_by("starts_at").values_list(
        "starts_at", "is_stale"
    ))[1:] == [(NOON + 2 * HOUR, True), (NOON + 3 * HOUR, False)]  # fmt: skip


def test_an_earlier_draft_brings_back_what_it_went_with(item, german):
    earlier = german.latest_revision
    publish(item, headline="Summer")
    publish(german, headline="Sommer")

    earlier.as_object().save_revision().publish()

    # To write "Frühling" again is to write; what was never touched is as it was.
    assert not is_stale(german)


def test_the_page_shows_what_changed_and_takes_what_is_still_right(admin_client, item, german):
    publish(item, headline="Spring again", summary="<b>Most</b>", cta_link="https://example.org/other")
    address = reverse("items:translate", args=[german.pk])

    page = admin_client.get(address).content.decode()

    assert 'Spring<ins class="addition"> again</ins>' in page
    assert "<b>Most</b>" not in page
    assert "Also changed in the original" in page
    admin_client.post(address, {"right": "headline"})
    assert stale_parts(german) == ["summary", "callToAction.link"]
    admin_client.post(address, {"all_right": "1"})
    assert (stale_parts(german), is_stale(german)) == ([], False)


def test_the_listing_is_narrowed_to_what_is_older_than_its_original(admin_client, item, german, locales):
    other = ItemFactory(headline="Other", published=True)
    publish(localize(other, "de"))
    publish(item, headline="Summer")

    found = admin_client.get(reverse("items:list"), {"stale": locales["de"].pk}).context["object_list"]

    assert [one.key for one in found] == [item.key]
