"""The language versions of an item."""

import pytest
from django.core.exceptions import ValidationError

from contenthub.content.codes import LocalizationState
from contenthub.content.localizations import create_localization, free_slug, localization_statuses, make_source
from contenthub.content.models import ContentItem
from contenthub.content.publishing import differences, publish_due
from contenthub.delivery.models import Document, IndexRow
from tests.content.editing import draft, localize, publish, schedule
from tests.content.factories import FieldDefinitionFactory, ItemFactory, ItemTypeFactory
from tests.content.times import HOUR, NOON
from tests.taxonomy.factories import TermFactory


def states(key):
    return {one.locale.language_code: one.state for one in localization_statuses(key)}


def store_rows():
    return sorted(IndexRow.objects.values_list("key", "locale", "document__version", "starts_at", "is_stale"))


def test_a_language_version_begins_as_a_draft_with_the_newest_texts_and_no_facts(clock, locales):
    kind = ItemTypeFactory()
    FieldDefinitionFactory(item_type=kind, name="price", kind="money")
    FieldDefinitionFactory(item_type=kind, name="code", localized=False)
    price = {"amount": "5", "currency": "EUR"}
    item = ItemFactory(
        slug="hello",
        texts={"push": "Now!"},
        fields={"price": price, "code": "X"},
        terms=[TermFactory()],
        published=True,
    )
    draft(item, headline="Newer")
    before = store_rows()

    made = create_localization(item, locales["de"])

    made = ContentItem.objects.get(pk=made.pk)
    assert (made.live, made.first_published_at, made.live_revision, made.is_source) == (False, None, None, False)
    assert (made.headline, made.slug, made.own_fields) == ("Newer", "hello", {"price": price})
    assert [(text.name, text.text) for text in made.texts.all()] == [("push", "Now!")]
    assert list(made.classification.all()) == []
    assert made.translation_key == ContentItem.objects.get(pk=item.pk).translation_key
    assert store_rows() == before


def test_there_is_one_version_a_language(clock, locales):
    item = ItemFactory()
    localize(item, "de")

    with pytest.raises(ValidationError, match="already has a version"):
        create_localization(item, locales["de"])

    assert ContentItem.objects.count() == 2


def test_a_free_slug_counts_on_past_rows_and_launches(clock, locales):
    item = ItemFactory(slug="hello", published=True)
    schedule(item, NOON + HOUR, slug="hello-2")

    assert free_slug("hello", locales["en"], key="other") == "hello-3"
    assert free_slug("hello", locales["en"], key=item.key) == "hello"
    assert free_slug("hello", locales["de"], key="other") == "hello"
    assert free_slug("", locales["en"], key="other") == ""


def test_every_language_says_how_it_stands(clock, locales):
    item = ItemFactory(published=True)
    item.wanted_locales = [locales["de"], locales["ja"], locales["ko"]]
    item.save()
    schedule(localize(item, "de"), NOON + HOUR)
    localize(item, "ja")
    draft(item, headline="Newer")

    assert states(item.key) == {
        "en": LocalizationState.LIVE_AND_DRAFT,
        "de": LocalizationState.SCHEDULED,
        "ja": LocalizationState.DRAFT,
        "ko": LocalizationState.MISSING,
        "de-CH": LocalizationState.UNWANTED,
    }
    clock.move_to(NOON + 2 * HOUR)
    assert states(item.key)["de"] == LocalizationState.LIVE


def test_the_original_may_change_without_any_change_in_what_is_served(clock):
    tag = TermFactory()
    item = ItemFactory(terms=[tag], fallback_forbidden=True, priority=3, published=True)
    german = publish(localize(item, "de"), headline="Deutsch")
    publish(localize(item, "ja"))
    before = store_rows()

    make_source(german)

    item.refresh_from_db()
    assert (item.is_source, german.is_source) == (False, True)
    assert [one.term for one in german.classification.all()] == [tag]
    assert (german.priority, german.fallback_forbidden, item.priority) == (3, True, 0)
    assert list(item.classification.all()) == []
    assert store_rows() == before
    assert list(differences()) == []
    publish(german, headline="Neu")
    assert set(IndexRow.objects.values_list("locale__language_code", "is_stale")) == {
        ("en", True),
        ("ja", True),
        ("de", False),
    }
    assert set(Document.objects.values_list("locale_code", flat=True)) == {"de", "en", "ja"}


def test_the_newest_draft_of_what_was_taken_off_air_goes_along_when_the_original_changes(clock):
    item = ItemFactory(headline="Old", published=True)
    german = publish(localize(item, "de"))
    draft(item, headline="Newest")
    ContentItem.objects.get(pk=item.pk).unpublish()

    make_source(german)

    assert ContentItem.objects.get(pk=item.pk).get_latest_revision_as_object().headline == "Newest"


@pytest.mark.parametrize("state", ["newer draft", "scheduled"])
def test_the_original_does_not_change_while_something_is_under_way(clock, state):
    item = ItemFactory(published=True)
    german = publish(localize(item, "de"))
    if state == "scheduled":
        schedule(german, NOON + HOUR)
    else:
        draft(item, headline="Newer")

    with pytest.raises(ValidationError):
        make_source(ContentItem.objects.get(pk=german.pk))

    assert ContentItem.objects.get(is_source=True).pk == item.pk


def test_what_is_due_is_carried_out_before_the_original_changes(clock):
    item = ItemFactory()
    schedule(item, NOON + HOUR)
    german = localize(item, "de")
    clock.move_to(NOON + 2 * HOUR)

    make_source(german)

    assert ContentItem.objects.get(pk=item.pk).live
    assert list(publish_due()) == []
    assert list(differences()) == []
