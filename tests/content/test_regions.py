"""Texts for a region: what they leave empty is what their language says, on air, on every screen and over time."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from channels.models import ChannelField, PersonalToken
from channels.registry import channel_registry
from contenthub.content.blocks import NeutralBody
from contenthub.content.channelchecks import check_channels, check_item
from contenthub.content.codes import UnitState
from contenthub.content.localizations import create_localization, localization_statuses
from contenthub.content.models import ContentItem, NamedText
from contenthub.content.personaltokens import findings_of, use_of
from contenthub.content.publishing import differences
from contenthub.content.readiness import lacks
from contenthub.content.translating.units import units_of, with_texts
from contenthub.content.variants.cards import read_card
from contenthub.content.variants.making import create_variant
from frontend_preview.tokens import Ticket
from locales.changes import ensure_locale, profile_of, save_locale
from tests.channels.factories import ChannelFactory
from tests.content.editing import draft, localize, publish, schedule
from tests.content.factories import FieldDefinitionFactory, ItemFactory, ItemTypeFactory, VariantFactory, override
from tests.content.files import exported, imported, line, problems
from tests.content.forms import post_item
from tests.content.times import HOUR, NOON
from tests.content.translating.bodies import body
from tests.delivery.world import build_world

QUERY = """query ($key: String!, $context: ContextInput!) {
    item(key: $key, context: $context) { headline summary slug locale { code } } }"""


@pytest.fixture
def item(locales):
    return ItemFactory(published=True, headline="Bicycles", summary="For the spring")


@pytest.fixture
def german(item):
    return publish(localize(item, "de", headline="Fahrräder", summary="Für den Frühling", slug="fahrraeder"))


@pytest.fixture
def swiss(german):
    """A version for Switzerland that says nothing of its own yet."""
    return ContentItem.objects.get(pk=create_localization(german, ensure_locale("de-CH")).pk)


@pytest.fixture
def hub(db):
    """What lines of files name: terms, channels and types."""
    build_world()


@pytest.fixture
def served(ask):
    def reading(item, locale="de-CH", **given):
        found = ask(QUERY, key=item.key, context={"locale": locale, **given})["item"]
        assert list(differences()) == []
        return found and (found["headline"], found["summary"], found["locale"]["code"])

    return reading


def test_it_begins_empty_and_says_what_its_language_says(swiss, served, ask):
    assert (swiss.headline, swiss.summary, swiss.slug) == ("", "", "")

    publish(swiss, headline="Velos")

    assert served(swiss) == ("Velos", "Für den Frühling", "de-CH")
    assert ask(QUERY, key=swiss.key, context={"locale": "de-CH"})["item"]["slug"] == "fahrraeder"
    assert served(swiss, "de") == ("Fahrräder", "Für den Frühling", "de")


def test_it_follows_its_language_when_that_is_published_anew(swiss, german, served):
    publish(swiss, headline="Velos")

    publish(german, summary="Für den Sommer")

    assert served(swiss) == ("Velos", "Für den Sommer", "de-CH")


def test_it_stands_alone_while_its_language_is_off_air(swiss, german, served):
    publish(swiss, headline="Velos")

    german.unpublish()

    assert served(swiss) == ("Velos", None, "de-CH")


def test_without_a_headline_from_anywhere_the_next_language_is_served(swiss, german, served):
    publish(swiss, summary="Für de Früelig")
    assert served(swiss) == ("Fahrräder", "Für de Früelig", "de-CH")

    german.unpublish()

    assert served(swiss) == ("Bicycles", "For the spring", "en")


def test_a_launch_of_its_language_is_seen_at_its_instant(swiss, german, served, clock):
    publish(swiss, headline="Velos")
    schedule(german, NOON + HOUR, summary="Für den Sommer")

    assert served(swiss) == ("Velos", "Für den Frühling", "de-CH")
    assert served(swiss, at=(NOON + HOUR).isoformat()) == ("Velos", "Für den Sommer", "de-CH")


def test_it_is_refused_while_there_is_nowhere_to_take_a_headline_from(item, locales):
    swiss = localize(localize(item, "de", headline="Fahrräder"), "de-CH", headline="")

    ((field, message),) = lacks(swiss)

    assert (field, "German" in message) == ("headline", True)


def test_what_its_type_needs_may_come_from_its_language(locales):
    kind = ItemTypeFactory()
    FieldDefinitionFactory(item_type=kind, name="terms", kind="text", localized=True, required=True)
    source = ItemFactory(type=kind, published=True, own_fields={"terms": "As agreed"})
    german = localize(source, "de", own_fields={"terms": "Wie vereinbart"})
    swiss = localize(german, "de-CH")
    assert [field for field, _ in lacks(swiss)] == ["own_terms"]

    publish(german)

    assert list(lacks(swiss)) == []


def test_a_locale_that_stands_alone_takes_nothing(swiss, german, served):
    publish(swiss, headline="Velos")
    profile = profile_of(swiss.locale)

    profile.inherits = False
    save_locale(swiss.locale, profile)

    assert served(swiss) == ("Velos", None, "de-CH")
    assert create_localization(german, ensure_locale("de-AT")).headline == ""
    profile = profile_of(ensure_locale("de-LI"))
    profile.inherits = False
    save_locale(profile.locale, profile)
    assert create_localization(german, profile.locale).headline == "Fahrräder"


def test_a_change_of_the_original_reaches_it_through_its_language_alone(item, german, swiss):
    publish(swiss, headline="Velos")

    def stale():
        return {one.locale.language_code for one in localization_statuses(item.key) if one.is_stale}

    publish(item, summary="For the summer")
    assert stale() == {"de"}
    publish(item, headline="Bikes")
    assert stale() == {"de", "de-CH"}


def test_translators_see_what_it_has_from_its_language(swiss, admin_client):
    draft(swiss, headline="Velos")
    swiss = ContentItem.objects.get(pk=swiss.pk).get_latest_revision_as_object()

    units = {unit.id: unit for unit in units_of(swiss)}
    page = admin_client.get(reverse("items:translate", args=[swiss.pk])).content.decode()

    assert (units["headline"].state, units["headline"].target) == (UnitState.TRANSLATED, "Velos")
    assert (units["summary"].state, units["summary"].inherited) == (UnitState.INHERITED, "Für den Frühling")
    assert 'placeholder="Für den Frühling"' in page


def test_one_text_of_a_body_is_translated_within_that_of_the_language(item, german, swiss):
    source = publish(item, body=NeutralBody().to_python(body("h1", "q1")), image_alt="")
    publish(german, body=NeutralBody().to_python(body("h1", "q1", h1={"text": "Los", "level": "2"})))
    swiss = ContentItem.objects.get(pk=swiss.pk).get_latest_revision_as_object()
    assert next(unit for unit in units_of(swiss) if unit.id == "body.h1.text").inherited == "Los"

    with_texts(swiss, {"body.q1.text": "Schön"}, source=source)

    assert [(one["id"], one["value"]["text"]) for one in swiss.body.raw_data] == [("h1", "Los"), ("q1", "Schön")]


def test_the_form_shows_what_is_taken_and_publishes_without_a_headline(swiss, admin_client, served):
    page = admin_client.get(reverse("items:edit", args=[swiss.pk])).content.decode()
    assert 'placeholder="Fahrräder"' in page
    assert "Für den Frühling" in BeautifulSoup(page, "html.parser").find(id="id_summary")["placeholder"]

    post_item(admin_client, swiss, summary="Für de Früelig")

    assert ContentItem.objects.get(pk=swiss.pk).live
    assert served(swiss) == ("Fahrräder", "Für de Früelig", "de-CH")


def test_a_text_taken_from_its_language_is_shown_as_text_and_no_markup(item, admin_client):
    german = publish(localize(item, "de", headline="<i>&amp;", cta_label="<i>&amp;", cta_link="https://a.example/"))
    swiss = create_localization(german, ensure_locale("de-CH"))

    page = admin_client.get(reverse("items:edit", args=[swiss.pk])).content.decode()

    assert "<i>&amp;" not in page
    assert "Empty, it is as in German: &lt;i&gt;&amp;amp; → https://a.example/" in page
    assert 'placeholder="&lt;i&gt;&amp;amp;"' in page


def test_channels_are_checked_with_what_is_taken(swiss):
    channel = ChannelFactory(code="channel:push", labels={"en": "Push"})
    ChannelField.objects.create(channel=channel, name="title", source="headline", need="obligatory")
    ChannelField.objects.create(channel=channel, name="text", source="text:push", need="obligatory")
    german = ContentItem.objects.get(key=swiss.key, locale__language_code="de")

    def missing(*found):
        return [finding.field for findings in found for finding in findings]

    of_all = [piece.findings for piece in check_item(swiss).pieces if piece.row.pk == swiss.pk]
    assert missing(*of_all) == missing(*(one.rendition.findings for one in check_channels(swiss))) == ["text"]

    publish(german, texts=[NamedText(name="push", text="Los")])
    assert check_channels(swiss)[0].worst is None
    assert [piece for piece in check_item(swiss).pieces if piece.row.pk == swiss.pk] == []


def test_its_versions_stand_over_what_is_taken(item, swiss, served):
    publish(swiss, headline="Velos")
    VariantFactory(localization=item, code="young", overrides={"headline": "Bikes"}, published=True)
    young = create_variant(ContentItem.objects.get(pk=swiss.pk), "young")
    override(young, headline="Göppel")
    young.save_revision(clean=False).publish()

    assert served(swiss, segments=[]) == ("Göppel", "Für den Frühling", "de-CH")


def test_a_preview_of_the_language_shows_in_its_region(swiss, german, served, editor):
    publish(swiss, headline="Velos")
    german.summary = "Für den Herbst"
    token = Ticket(german._meta.label_lower, german.pk, "all", editor.pk).sign()
    german.update_page_preview(token)

    assert served(swiss, preview=token) == ("Velos", "Für den Herbst", "de-CH")
    assert served(swiss) == ("Velos", "Für den Frühling", "de-CH")


def test_it_is_previewed_with_its_language_before_either_is_on_air(item, served, editor):
    german = localize(item, "de", headline="Fahrräder", summary="Für den Frühling")
    swiss = create_localization(german, ensure_locale("de-CH"))
    swiss.headline = "Velos"
    token = Ticket(swiss._meta.label_lower, swiss.pk, "all", editor.pk).sign()
    swiss.update_page_preview(token)

    assert served(swiss, preview=token) == ("Velos", "Für den Frühling", "de-CH")
    assert served(swiss) == ("Bicycles", "For the spring", "en")


def test_the_form_of_a_version_shows_what_its_base_has_from_the_language(item, swiss, admin_client):
    VariantFactory(localization=item, code="young", published=True)
    young = create_variant(swiss, "young")

    page = admin_client.get(reverse("variants:edit", args=[young.pk])).content.decode()

    assert "Für den Frühling" in page


def test_a_card_shows_what_a_channel_takes_from_the_language(swiss):
    push = ChannelFactory(code="channel:push")
    ChannelField.objects.create(channel=push, name="title", source="text:push | headline", need="obligatory")

    card = read_card(swiss, channel_registry().get("channel:push"))

    assert [(text.name, text.value, text.is_own) for text in card.texts] == [("headline", "Fahrräder", False)]


def test_a_token_that_the_language_says_is_not_missing(locales):
    PersonalToken.objects.create(code="name", sample="Mia", max_length=20)
    source = ItemFactory(published=True, headline="Hi {{name}}")
    german = publish(localize(source, "de", headline="Hallo {{name}}"))
    swiss = create_localization(german, ensure_locale("de-CH"))
    assert findings_of(use_of(swiss, source)) == []

    swiss.headline = "Hoi"

    assert findings_of(use_of(swiss, source)) == ["Tokens of the original are missing: {{name}}"]


def test_a_file_brings_texts_for_regions_in_and_out_as_they_are(hub, served, tmp_path):
    german, swiss = (
        line(locale="de", title="Deutsch", summary="Lang"),
        line(locale="de-CH", title=..., summary=..., slug=...),
    )
    imported(tmp_path, line(title="English"), german, swiss)
    row = ContentItem.objects.get(key="page/one", locale__language_code="de-CH")

    assert (row.headline, row.live) == ("", True)
    assert served(row) == ("Deutsch", "Lang", "de-CH")
    assert "title" not in next(one for one in exported(tmp_path) if one["locale"] == "de-CH")


def test_a_file_is_told_where_a_region_has_no_language_to_take_a_title_from(hub, tmp_path):
    report = imported(tmp_path, line(title="English"), line(locale="de-CH", title=...))

    assert "title: is needed where no language is on air to take one from" in problems(report)[0]
