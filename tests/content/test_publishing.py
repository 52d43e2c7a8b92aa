"""Going on air and off: what is served, from which instant, whatever way it came about."""

import re

import orjson
import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Revision

from contenthub.content.models import ContentItem, ItemTerm
from contenthub.content.publishing import NotPublishable, differences, publish_due, rebuild, sync, unschedule
from contenthub.delivery import store
from contenthub.delivery.models import Document, IndexRow, PastSlug, PublishedItem, SearchText, TermRow
from locales.changes import set_next
from tests.channels.factories import ChannelFactory
from tests.content.editing import draft, localize, publish, schedule
from tests.content.factories import FieldDefinitionFactory, ItemFactory, ItemTypeFactory
from tests.content.times import HOUR, NOON, SECOND
from tests.taxonomy.factories import TermFactory


def served(key, tag="en", *, at=None):
    """Return what the store answers for an item in a locale, or None."""
    row = (
        IndexRow.objects.filter(key=key, locale__language_code=tag, starts_at__lte=at, ends_at__gt=at)
        .select_related("document")
        .first()
    )
    return orjson.loads(row.document.head) if row else None


def headline(key, tag="en", *, at):
    head = served(key, tag, at=at)
    return head and head["headline"]


def everything(*, since=NOON):
    """Return all that the store holds from an instant on, but for row ids."""
    rows = IndexRow.objects.filter(ends_at__gt=since)
    return (
        sorted(rows.values_list("key", "locale", "document__version", "starts_at", "ends_at", "is_stale")),
        sorted(TermRow.objects.filter(row__in=rows).values_list("row__key", "term", "is_own", "starts_at")),
        sorted(Document.objects.values_list("version", "head", "body", "served_from", "served_until")),
        sorted(SearchText.objects.values_list("document__version", "headline")),
        sorted(PastSlug.objects.values_list("slug", "item", "since")),
    )


# --- exact instants -----------------------------------------------------------------------------------------------


def test_a_launch_takes_effect_on_its_second_without_any_command(clock):
    item = ItemFactory(headline="Old", published=True)

    schedule(item, NOON + HOUR, headline="New")

    assert headline(item.key, at=NOON + HOUR - SECOND) == "Old"
    assert headline(item.key, at=NOON + HOUR) == "New"


def test_an_expiry_takes_effect_on_its_second_without_any_command(clock):
    item = ItemFactory()

    publish(item, expire_at=NOON + HOUR)

    assert served(item.key, at=NOON + HOUR - SECOND)["valid_until"] == "2027-03-01T13:00:00+00:00"
    assert served(item.key, at=NOON + HOUR) is None


def test_the_scheduler_coming_late_changes_nothing_in_the_store_and_stamps_the_approved_instant(clock):
    item = ItemFactory()
    schedule(item, NOON + HOUR, headline="First", expire_at=NOON + 9 * HOUR)
    german = localize(item, "de")
    schedule(german, NOON + 2 * HOUR, headline="Zuerst")
    before = everything(since=NOON + 5 * HOUR)
    clock.move_to(NOON + 5 * HOUR)

    done = [(row.locale.language_code, what) for row, what in publish_due()]

    assert done == [("en", "published"), ("de", "published")]
    assert everything(since=NOON + 5 * HOUR) == before
    item.refresh_from_db()
    assert (item.live, item.first_published_at, item.last_published_at) == (True, NOON + HOUR, NOON + HOUR)
    assert list(publish_due()) == []


def test_the_scheduler_coming_after_the_expiry_leaves_nothing_on_air(clock):
    item = ItemFactory()
    schedule(item, NOON + HOUR, expire_at=NOON + 2 * HOUR)
    clock.move_to(NOON + 3 * HOUR)

    done = [what for _, what in publish_due()]

    assert done == ["published", "expired"]
    item.refresh_from_db()
    assert (item.live, item.expired) == (False, True)
    assert served(item.key, at=NOON + 3 * HOUR) is None
    document = Document.objects.get()
    assert (document.served_from, document.served_until) == (NOON + HOUR, NOON + 2 * HOUR)


def test_the_scheduler_goes_on_after_a_bad_row(clock):
    bad, good = ItemFactory(key="a-bad"), ItemFactory(key="b-good")
    schedule(bad, NOON + HOUR)
    schedule(good, NOON + HOUR)
    revision = bad.revisions.get(approved_go_live_at__isnull=False)
    Revision.objects.filter(pk=revision.pk).update(content={**revision.content, "headline": None})
    clock.move_to(NOON + 2 * HOUR)

    done = {row.key: what.partition(":")[0] for row, what in publish_due()}

    assert done == {"a-bad": "failed", "b-good": "published"}
    bad.refresh_from_db()
    assert not bad.live
    assert headline("b-good", at=NOON + 2 * HOUR) == "Headline of b-good"


def test_expiry_by_the_clock_does_not_call_off_a_relaunch(clock):
    item = publish(ItemFactory(), headline="Spring", expire_at=NOON + HOUR)
    schedule(item, NOON + 5 * HOUR, headline="Summer", expire_at=None)
    clock.move_to(NOON + 2 * HOUR)

    assert [what for _, what in publish_due()] == ["expired"]

    assert served(item.key, at=NOON + 2 * HOUR) is None
    assert headline(item.key, at=NOON + 5 * HOUR) == "Summer"
    clock.move_to(NOON + 6 * HOUR)
    assert [what for _, what in publish_due()] == ["published"]
    assert headline(item.key, at=NOON + 6 * HOUR) == "Summer"


def test_the_scheduler_does_not_take_off_what_was_published_anew_behind_its_back(clock):
    item = publish(ItemFactory(), expire_at=NOON + HOUR)
    clock.move_to(NOON + 2 * HOUR)
    run = publish_due()
    publish(item, headline="Anew", expire_at=None)

    assert list(run) == []

    assert headline(item.key, at=NOON + 2 * HOUR) == "Anew"


# --- hotfixes and launches ----------------------------------------------------------------------------------------


def test_a_hotfix_of_live_text_leaves_its_launch_alone(clock):
    item = ItemFactory(published=True)
    schedule(item, NOON + 2 * HOUR, headline="Launch")
    clock.move_to(NOON + HOUR)

    publish(item, headline="Hotfix")

    assert headline(item.key, at=NOON + HOUR) == "Hotfix"
    assert headline(item.key, at=NOON + 2 * HOUR) == "Launch"
    clock.move_to(NOON + 3 * HOUR)
    assert [what for _, what in publish_due()] == ["published"]
    assert headline(item.key, at=NOON + 3 * HOUR) == "Launch"


def test_publishing_what_is_not_on_air_brings_its_launch_forward(clock):
    item = ItemFactory()
    schedule(item, NOON + 2 * HOUR, headline="Launch")

    publish(item, headline="At once")

    assert headline(item.key, at=NOON) == headline(item.key, at=NOON + 3 * HOUR) == "At once"
    assert not item.revisions.filter(approved_go_live_at__isnull=False).exists()


def test_a_launch_that_is_due_but_not_carried_out_is_not_lost_by_a_later_schedule(clock):
    item = ItemFactory()
    schedule(item, NOON + HOUR, headline="Due")
    clock.move_to(NOON + 2 * HOUR)

    schedule(item, NOON + 3 * HOUR, headline="Next")

    assert headline(item.key, at=NOON + 2 * HOUR) == "Due"
    assert headline(item.key, at=NOON + 3 * HOUR) == "Next"
    assert ContentItem.objects.get(key=item.key).first_published_at == NOON + HOUR


def test_a_language_can_be_published_once_its_original_is_on_air_by_the_clock(clock):
    item = ItemFactory()
    schedule(item, NOON + HOUR)
    german = localize(item, "de")
    clock.move_to(NOON + 2 * HOUR)

    publish(german, headline="Deutsch")

    assert headline(item.key, "de", at=NOON + 2 * HOUR) == "Deutsch"
    item.refresh_from_db()
    assert (item.live, item.first_published_at) == (True, NOON + HOUR)


def test_a_due_language_whose_original_was_called_off_is_not_served_and_can_be_called_off(clock):
    item = schedule(ItemFactory(), NOON + HOUR)
    german = schedule(localize(item, "de"), NOON + HOUR)
    unschedule(item, item.scheduled_revision)
    clock.move_to(NOON + 2 * HOUR)

    assert served(item.key, "de", at=NOON + 2 * HOUR) is None
    (done,) = [what for _, what in publish_due()]
    assert done.startswith("refused: The original (English) has not been published yet.")
    unschedule(german, german.scheduled_revision)

    assert not Revision.objects.filter(approved_go_live_at__isnull=False).exists()
    assert list(differences()) == []


def test_calling_off_a_launch_keeps_what_is_on_air_and_leaves_no_trace_of_the_other(clock):
    item = ItemFactory(headline="Old", slug="old", published=True)
    before = everything()
    item = schedule(item, NOON + HOUR, headline="New", slug="new")

    unschedule(item, item.scheduled_revision)

    assert everything() == before


def test_unpublishing_calls_off_the_next_launch_too(clock):
    item = ItemFactory(published=True)
    item = schedule(item, NOON + HOUR, headline="Launch")

    item.unpublish()

    assert served(item.key, at=NOON) is None
    assert served(item.key, at=NOON + HOUR) is None


# --- one transaction ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", ["publish", "unpublish", "delete", "schedule"])
def test_an_error_in_the_store_rolls_everything_back(clock, monkeypatch, act):
    item = ItemFactory(published=True)
    revision = draft(item, headline="New", go_live_at=NOON + HOUR if act == "schedule" else None)
    rows, stored = list(ContentItem.objects.values()), everything()

    def fail(*args, **kwargs):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(store, "write", fail)
    actions = {
        "publish": revision.publish,
        "schedule": revision.publish,
        "unpublish": ContentItem.objects.get(pk=item.pk).unpublish,
        "delete": ContentItem.objects.get(pk=item.pk).delete,
    }

    with pytest.raises(RuntimeError), transaction.atomic():
        actions[act]()

    assert list(ContentItem.objects.values()) == rows
    assert everything() == stored
    assert not Revision.objects.filter(approved_go_live_at__isnull=False).exists()


def test_doing_it_again_changes_nothing(clock):
    item = ItemFactory(published=True, terms=[TermFactory()], channels=[ChannelFactory()])
    publish(localize(item, "de"))
    schedule(item, NOON + HOUR, headline="Later")
    before = everything()

    sync(item.key)
    sync(item.key, "no-such-key")

    assert everything() == before


# --- facts --------------------------------------------------------------------------------------------------------


def test_draft_tags_are_not_served_also_after_unpublishing_and_saving_a_draft(clock):
    tag, secret = TermFactory(code="journey:open"), TermFactory(code="journey:secret")
    item = ItemFactory(published=True, terms=[tag])
    publish(localize(item, "de"))

    draft(item, terms=[secret])
    ContentItem.objects.get(pk=item.pk).unpublish()
    draft(item, terms=[secret])
    sync(item.key)

    assert served(item.key, at=NOON) is None
    assert served(item.key, "de", at=NOON)["terms"] == ["journey:open"]
    assert set(TermRow.objects.values_list("term__code", flat=True)) == {"journey:open"}


def test_facts_change_in_every_language_when_the_original_is_published(clock):
    old, new = TermFactory(code="journey:old"), TermFactory(code="journey:new")
    item = ItemFactory(published=True, terms=[old])
    publish(localize(item, "de"))
    clock.move_to(NOON + HOUR)

    publish(item, terms=[new])

    german = served(item.key, "de", at=NOON + HOUR)
    assert (german["terms"], german["updated_at"]) == (["journey:new"], "2027-03-01T13:00:00+00:00")


def test_scheduled_facts_take_effect_on_their_instant_in_every_language(clock):
    old, new = TermFactory(code="journey:old"), TermFactory(code="journey:new")
    item = ItemFactory(published=True, terms=[old])
    publish(localize(item, "de"))

    schedule(item, NOON + HOUR, terms=[new])

    for tag in ("en", "de", "ja"):
        assert served(item.key, tag, at=NOON + HOUR - SECOND)["terms"] == ["journey:old"]
        assert served(item.key, tag, at=NOON + HOUR)["terms"] == ["journey:new"]


@pytest.mark.parametrize("wait", [None, HOUR - SECOND])
def test_a_language_does_not_go_on_air_before_its_original(clock, wait):
    item = schedule(ItemFactory(), NOON + HOUR)
    german = localize(item, "de")
    before = everything()

    with pytest.raises(NotPublishable, match=r"The original \(English\) has not been published yet"):
        schedule(german, NOON + wait) if wait else publish(german)

    assert everything() == before
    german.refresh_from_db()
    assert not german.live


@pytest.mark.parametrize("wait", [HOUR, 2 * HOUR])
def test_a_language_may_be_scheduled_for_the_instant_of_its_original_or_later(clock, wait):
    item = schedule(ItemFactory(), NOON + HOUR)

    schedule(localize(item, "de"), NOON + wait, headline="Deutsch")

    assert headline(item.key, "de", at=NOON + wait) == "Deutsch"


def test_an_embargo_holds_against_fallback_until_the_first_publication(clock):
    item = ItemFactory(headline="English", published=True)
    assert headline(item.key, "de", at=NOON) == "English"

    german = schedule(localize(item, "de"), NOON + HOUR, headline="Deutsch")

    assert served(item.key, "de", at=NOON) is None
    assert headline(item.key, "de", at=NOON + HOUR) == "Deutsch"
    assert headline(item.key, "ja", at=NOON) == "English"
    unschedule(german, german.scheduled_revision)
    assert headline(item.key, "de", at=NOON) == "English"


def test_forbidden_fallback_holds_by_item_and_by_type_at_once(clock):
    item = ItemFactory(published=True)
    bound = ItemFactory(published=True, fallback_forbidden=True)
    assert served(item.key, "de", at=NOON)["locale"] == "en"
    assert served(bound.key, "de", at=NOON) is None

    kind = ItemTypeFactory()
    kind.fallback_allowed = False
    kind.save()

    assert served(item.key, "de", at=NOON) is None
    assert served(item.key, "en", at=NOON)["locale"] == "en"
    kind.fallback_allowed = True
    kind.save()
    assert served(item.key, "de", at=NOON)["locale"] == "en"
    assert served(bound.key, "de", at=NOON) is None


def test_a_deleted_item_is_withdrawn_and_its_key_begins_anew(clock):
    item = ItemFactory(key="again", published=True, terms=[TermFactory()])

    item.delete()

    assert not IndexRow.objects.exists()
    assert Document.objects.get().served_until == NOON
    fresh = ItemFactory(key="again")
    with pytest.raises(NotPublishable):
        publish(localize(fresh, "de"))
    assert PublishedItem.objects.get(key="again").facts is None


def test_the_original_is_not_deleted_while_other_languages_exist(clock):
    item = ItemFactory(published=True)
    german = publish(localize(item, "de"))

    with pytest.raises(ValidationError, match="This is the original"):
        item.delete()

    assert served(item.key, at=NOON)
    german.delete()
    assert served(item.key, "de", at=NOON)["locale"] == "en"


# --- slugs --------------------------------------------------------------------------------------------------------


def test_a_slug_that_a_launch_will_need_is_taken(clock):
    item = ItemFactory(slug="a", published=True)
    schedule(item, NOON + HOUR, slug="b")
    other = ItemFactory(slug="c", published=True)

    with pytest.raises(NotPublishable, match="has the slug b already"):
        publish(other, slug="b")

    assert served(other.key, at=NOON)["slug"] == "c"
    clock.move_to(NOON + 2 * HOUR)
    assert [what for _, what in publish_due()] == ["published"]
    assert served(item.key, at=NOON + 2 * HOUR)["slug"] == "b"


def test_a_slug_that_was_taken_all_the_same_is_told_and_does_not_stop_the_scheduler(clock):
    item = ItemFactory(slug="a", published=True)
    schedule(item, NOON + HOUR, slug="b")
    ItemFactory(slug="b")  # behind the forms' back
    clock.move_to(NOON + 2 * HOUR)

    assert [what for _, what in publish_due()] == [
        f"refused: {ContentItem.objects.get(slug='b').key} has the slug b already."
    ]
    assert list(differences()) == []


def test_the_same_slug_in_two_languages_is_fine(clock):
    item = ItemFactory(slug="a", published=True)

    german = publish(localize(item, "de"), slug="a")

    assert served(german.key, "de", at=NOON)["slug"] == "a"


# --- rebuilding and checking --------------------------------------------------------------------------------------


def test_rebuilding_makes_the_same_again_and_finds_what_was_lost(clock):
    item = ItemFactory(published=True, terms=[TermFactory()], channels=[ChannelFactory()])
    other = ItemFactory(published=True)
    schedule(item, NOON + HOUR, headline="Later")
    before = everything()
    SearchText.objects.all().delete()
    IndexRow.objects.filter(key=other.key).delete()

    assert list(rebuild()) == [(2, max(item.key, other.key))]

    assert everything() == before


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda: IndexRow.objects.filter(locale__language_code="en").update(slug="other"), "the index tells otherwise"),
        (lambda: IndexRow.objects.filter(locale__language_code="en").delete(), "is missing from"),
        (lambda: TermRow.objects.filter(row__locale__language_code="en").delete(), "the terms differ"),
        (lambda: ContentItem.objects.update(live=False), "should not be served"),
        (lambda: ContentItem.objects.update(key="unheard-of"), "it never reached the store"),
    ],
)
def test_the_check_finds_what_differs(clock, spoil, message):
    ItemFactory(published=True, terms=[TermFactory()])
    assert list(differences()) == []

    spoil()

    assert any(message in str(difference) for difference in differences())


def test_what_ran_out_by_the_clock_is_no_difference(clock):
    publish(ItemFactory(), expire_at=NOON + HOUR)
    clock.move_to(NOON + 2 * HOUR)

    assert list(differences()) == []


def test_a_chain_that_leads_elsewhere_serves_elsewhere_at_once(clock, locales):
    item = ItemFactory(headline="English", published=True)
    publish(localize(item, "ja"), headline="日本語")

    set_next(locales["de"], locales["ja"])

    assert headline(item.key, "de", at=NOON) == headline(item.key, "de-CH", at=NOON) == "日本語"


# --- pictures -----------------------------------------------------------------------------------------------------


@pytest.fixture(params=["field", "block", "own field"])
def pictured(request, clock):
    """A published item that shows a picture, and the picture."""
    picture = get_image_model().objects.create(title="Picture", file=get_test_image_file(), description="Before")
    kind = ItemTypeFactory(code="pictured")
    FieldDefinitionFactory(item_type=kind, name="photos", kind="image")
    block = {"type": "image", "id": "1", "value": {"image": picture.pk, "alt": "", "caption": ""}}
    shown = {
        "field": {"image": picture},
        "block": {"body": [block]},
        "own field": {"fields": {"photos": [{"id": picture.pk, "alt": ""}]}},
    }
    return ItemFactory(type=kind, published=True, **shown[request.param]), picture


def shown(item):
    return [alt for document in Document.objects.filter(served_until=None) for alt in _alts(document)]


def _alts(document):
    return re.findall(r'"alt":"(\w+)"', document.head + document.body)


def test_a_picture_that_changes_in_the_library_changes_where_it_is_shown(pictured):
    item, picture = pictured
    ItemFactory(published=True)
    assert shown(item) == ["Before"]

    picture.description = "After"
    picture.save()

    assert shown(item) == ["After"]
    assert list(differences()) == []


def test_a_picture_that_is_deleted_is_not_served(pictured):
    item, picture = pictured

    picture.delete()

    assert shown(item) == []
    assert served(item.key, at=NOON)["headline"] == item.headline
    assert list(differences()) == []


def test_tags_of_the_row_itself_are_never_read(clock):
    item = ItemFactory(published=True)

    ItemTerm.objects.create(item=item, term=TermFactory())
    sync(item.key)

    assert served(item.key, at=NOON)["terms"] == []
