"""What the item form shows beside its fields: languages, facts, and what changed between two drafts."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from contenthub.content.models import ContentItem
from tests.channels.factories import ChannelFactory
from tests.content.editing import draft, localize, schedule
from tests.content.factories import FieldDefinitionFactory, ItemFactory, ItemTypeFactory
from tests.content.posts import item_form
from tests.content.times import HOUR, NOON
from tests.taxonomy.factories import TermFactory


@pytest.fixture
def shown(admin_client):
    """Return the form of an item as a reader sees it."""

    def showing(item):
        return BeautifulSoup(admin_client.get(reverse("items:edit", args=[item.pk])).content, "html.parser")

    return showing


def texts(soup, selector):
    return [" ".join(found.get_text(" ", strip=True).split()) for found in soup.select(selector)]


def test_wanted_languages_stand_at_once_and_the_others_are_folded_away(shown, locales):
    item = ItemFactory(headline="Original", published=True)
    item.wanted_locales = [locales["en"], locales["ja"]]
    item.save()
    item.save_revision().publish()

    page = shown(item)

    rows = texts(page, ".content-localizations tbody tr")
    assert rows[0].startswith("English en original Live Original Open")
    assert rows[1] == "Japanese ja Missing Write in Japanese"
    assert [row.split()[0] for row in texts(page, "details .content-localizations tbody tr")] == [
        "German",
        "German",
        "Korean",
    ]
    assert texts(page, "details:not(.content-item-checks) summary") == ["3 languages are not wanted for this item"]


def test_a_launch_is_announced_with_its_zone_and_can_be_called_off(clock, shown, locales):
    item = ItemFactory(published=True)
    row = schedule(item, NOON + HOUR)

    page = shown(row)

    assert texts(page, ".content-launch p") == [
        "A version of this language is scheduled for March 1, 2027, 1 p.m. UTC. "
        "What you publish before stays on air until then. Cancel the launch"
    ]
    assert "Scheduled March 1, 2027, 1 p.m. UTC · on air now" in texts(page, ".content-localizations tbody tr")[0]


def test_the_facts_of_the_original_are_read_on_the_other_languages(shown, locales):
    kind = ItemTypeFactory(code="deal")
    FieldDefinitionFactory(item_type=kind, name="price", kind="money", localized=False)
    FieldDefinitionFactory(item_type=kind, name="is_new", kind="boolean", localized=False)
    step = TermFactory(labels={"en": "Compare"}, parent=TermFactory(labels={"en": "Consider"}))
    item = ItemFactory(
        type=kind,
        terms=[step],
        channels=[ChannelFactory(labels={"en": "Web page"})],
        references=[("legal", "legal/terms")],
        fields={"price": {"amount": "12.50", "currency": "EUR"}, "is_new": True},
        priority=3,
    )

    page = shown(localize(item, "ja"))

    assert texts(page, ".content-facts dl > div") == [
        "Journey Consider › Compare",
        "Channels Web page",
        "Price 12.50 EUR",
        "Is_New Yes",
        "References legal: legal/terms",
        "Priority 3",
    ]
    assert page.select_one(".content-facts a")["href"] == reverse("items:edit", args=[item.pk])
    assert not page.select("[name^=terms_], [name=channel_codes], [name=priority], [name^=references-]")


def test_the_original_shows_no_copy_of_its_facts(shown, locales):
    assert not shown(ItemFactory()).select(".content-facts")


def test_tags_channels_and_own_fields_are_compared(admin_client, locales):
    kind = ItemTypeFactory(code="deal")
    FieldDefinitionFactory(item_type=kind, name="code")
    channel, step = ChannelFactory(code="channel:web"), TermFactory(code="journey:compare")
    item = ItemFactory(type=kind, fields={"code": "OLD"})
    admin_client.post(
        reverse("items:edit", args=[item.pk]),
        item_form(headline=item.headline, own_code="NEW", terms_journey=str(step.pk), channel_codes=[channel.code]),
    )

    first, last = item.revisions.order_by("pk").first(), item.revisions.order_by("pk").last()
    page = admin_client.get(reverse("items:revisions_compare", args=[item.pk, first.pk, last.pk])).content.decode()

    assert "journey:compare" in page
    assert "channel:web" in page
    assert "OLD" in page
    assert "NEW" in page


def test_arabic_is_written_from_right_to_left(shown, locales):
    arabic = localize(ItemFactory(), "ar")

    page = shown(arabic)

    for name in ("headline", "summary", "cta_label", "image_alt"):
        field = page.select_one(f"[name={name}]")
        assert (field["dir"], field["lang"]) == ("rtl", "ar")
    assert ContentItem.objects.get(pk=arabic.pk).locale.language_code == "ar"


def test_a_language_with_a_newer_draft_shows_both(shown, locales):
    item = ItemFactory(published=True)
    draft(item, headline="Newer")

    assert "Live, with newer draft" in texts(shown(item), ".content-localizations tbody tr")[0]
