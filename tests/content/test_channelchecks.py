"""How a piece fits its channels: on the editor's screen, and at the gate."""

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from channels.models import ChannelField, Limit
from contenthub.content.channelchecks import base_of, broken_channels, check_channels, check_item, worst_of
from contenthub.content.readiness import refuse_unready
from contenthub.content.variants.editing import refuse_unready as refuse_unready_version
from taxonomy.changing import create_term
from tests.channels.factories import ChannelFactory
from tests.content.editing import draft, localize
from tests.content.factories import ItemFactory, VariantFactory
from tests.content.forms import edit_url, post_form, post_item


@pytest.fixture
def push(locales):
    """A channel whose title takes ten characters; it would like a picture."""
    channel = ChannelFactory(code="channel:push", labels={"en": "Push"})
    ChannelField.objects.create(channel=channel, name="title", source="text:push | headline", need="obligatory")
    ChannelField.objects.create(channel=channel, name="image", source="image", shape="image", need="advised")
    Limit.objects.create(channel=channel, field="title", maximum=10)
    return channel


@pytest.fixture
def young(locales):
    return create_term("segment:young", labels={"en": "Young"})


def told(row):
    return [(check.channel.code, check.is_meant, check.worst) for check in check_channels(row)]


TOO_LONG = "Push: title has 15 characters; at most 10 fit."


def test_every_channel_that_takes_something_is_checked_those_meant_are_marked(push):
    ChannelFactory(code="channel:takes-nothing")
    other = ChannelFactory(code="channel:other")
    ChannelField.objects.create(channel=other, name="text", source="headline")

    everywhere = ItemFactory(headline="Much too long!!")
    assert told(everywhere) == [("channel:push", True, "error"), ("channel:other", True, None)]
    assert told(ItemFactory(headline="Short", channels=[push])) == [
        ("channel:push", True, "warning"),
        ("channel:other", False, None),
    ]


def test_a_child_of_a_channel_that_is_meant_is_meant_too(push):
    ChannelFactory(code="channel:push-vip", parent=push)

    assert [is_meant for _, is_meant, _ in told(ItemFactory(channels=[push]))] == [True, True]


def test_only_errors_of_channels_that_the_item_names_keep_it_back(push):
    assert list(broken_channels(ItemFactory(headline="Much too long!!"))) == []
    assert list(broken_channels(ItemFactory(headline="Much too long!!", channels=[push]))) == [TOO_LONG]
    assert list(broken_channels(ItemFactory(headline="Fits", channels=[push]))) == []


def test_another_language_is_judged_by_its_own_text_and_the_channels_of_the_original(push):
    german = localize(ItemFactory(headline="Short", channels=[push]), "de")
    german.headline = "Viel zu lang!!!"

    assert list(broken_channels(german)) == [TOO_LONG]


def test_what_does_not_fit_is_not_published_from_the_form(admin_client, push):
    item = ItemFactory(headline="Much too long!!", channels=[push])

    answer = post_item(admin_client, item)

    assert TOO_LONG in answer.content.decode()
    item.refresh_from_db()
    assert not item.live


def test_a_short_text_typed_on_the_same_form_counts(admin_client, push):
    item = ItemFactory(headline="Much too long!!", channels=[push])
    row = {"name": "push", "text": "Short", "id": "", "ORDER": "1", "DELETE": ""}

    post_item(
        admin_client, item, **{f"texts-0-{name}": value for name, value in row.items()}, **{"texts-TOTAL_FORMS": "1"}
    )

    item.refresh_from_db()
    assert item.live


def test_what_does_not_fit_is_not_published_in_bulk_or_by_a_review(push):
    item = ItemFactory(headline="Much too long!!", channels=[push])

    with pytest.raises(ValidationError, match="at most 10 fit"):
        refuse_unready(item)


def test_a_draft_that_does_not_fit_is_saved(admin_client, push):
    item = ItemFactory(headline="Short", channels=[push])

    answer = post_item(admin_client, item, action="", headline="Much too long!!")

    assert answer.status_code == 302


def test_the_editor_shows_how_the_newest_draft_fits(admin_client, push):
    item = ItemFactory(headline="Short", channels=[push], published=True)
    draft(item, headline="Much too long!!")

    shown = BeautifulSoup(admin_client.get(edit_url(item)).content, "html.parser")
    asked = BeautifulSoup(admin_client.get(reverse("items:channel_checks", args=[item.pk])).content, "html.parser")

    for page in (shown, asked):
        summary = " ".join(page.select_one(".content-check--error summary").text.split())
        assert summary == "Push Does not fit title has 15 characters; at most 10 fit. and 1 more"


def test_an_item_is_judged_in_every_language_and_version_in_its_newest_drafts(push, young):
    item = ItemFactory(headline="Short", channels=[push], published=True)
    german = localize(item, "de", headline="Viel zu lang!!!")
    some = {"localization": item, "overrides": {"headline": "Much too long!!"}, "published": True}
    VariantFactory(code="long", terms=[young], **some)
    VariantFactory(localization=german, code="long", overrides={"headline": "Kurz"})
    mended = VariantFactory(code="mended", terms=[create_term("segment:old", labels={"en": "Old"})], **some)
    mended.headline = "Mended"
    mended.save_revision(clean=False)

    found = check_item(german)

    assert [row.locale.language_code for row in found.rows] == ["en", "de"]
    errors = [
        (base_of(piece.row).locale.language_code, getattr(piece.row, "code", ""))
        for piece in found.pieces
        if worst_of(piece.findings) == "error"
    ]
    assert errors == [("en", "long"), ("de", "")]


def test_of_an_item_only_the_channels_it_is_meant_for_are_judged(push):
    other = ChannelFactory(code="channel:other")
    ChannelField.objects.create(channel=other, name="text", source="headline", need="obligatory")

    assert [one.code for one in check_item(ItemFactory(channels=[other])).channels] == ["channel:other"]
    assert len(check_item(ItemFactory()).channels) == 2


def test_judging_an_item_costs_the_same_whatever_its_languages_versions_and_channels(push):
    item = ItemFactory(channels=[push])
    check_item(item)
    costs = []
    for tag in ("de", "ja"):
        base = localize(item, tag)
        VariantFactory(localization=base, code=tag, overrides={"headline": "Much too long!!"})
        ChannelFactory.create_batch(3, parent=push)
        with CaptureQueriesContext(connection) as queries:
            check_item(item)
        costs.append(len(queries))

    assert costs[0] == costs[1]


def test_the_editor_shows_every_language_and_version_with_the_way_to_each(admin_client, push, young):
    item = ItemFactory(headline="Short", channels=[push])
    variant = VariantFactory(localization=item, code="long", terms=[young], overrides={"headline": "Much too long!!"})
    localize(item, "ja", headline="短い")

    answer = admin_client.get(reverse("items:item_checks", args=[item.pk]))
    page = BeautifulSoup(answer.content, "html.parser")

    cells = [" ".join(cell.text.split()) for cell in page.select("table tr > *")]
    assert cells == ["Channel", "English", "Japanese", "Push", "Does not fit: 3", "Look at it: 1"]
    (heading,) = (one for one in page.select("section h3") if "long" in one.text)
    assert " ".join(heading.text.split()) == "Push · English · version long Open"
    assert heading.a["href"] == reverse("variants:edit", args=[variant.pk])
    assert {link["href"][1:] for link in page.select("td a")} <= {part["id"] for part in page.select("section")}
    assert "no-store" in answer.headers["Cache-Control"]


def test_each_finding_names_the_field_in_which_it_is_mended(admin_client, push):
    texts = {"push": "Much too long!!"}
    headline, short = ItemFactory(headline="Much too long!!"), ItemFactory(headline="Fits", texts=texts)

    def mended_in(item):
        page = admin_client.get(reverse("items:channel_checks", args=[item.pk])).content
        buttons = BeautifulSoup(page, "html.parser").select(".content-check__mend")
        return [button["data-channel-checks-field-param"] for button in buttons]

    assert mended_in(headline) == ["headline", "image"]
    assert mended_in(short) == ["texts.push", "image"]


def test_who_may_not_work_on_items_is_not_shown_their_drafts(client, django_user_model, push):
    client.force_login(django_user_model.objects.create_user("guest", password="secret"))

    for door in ("items:channel_checks", "items:item_checks"):
        assert client.get(reverse(door, args=[ItemFactory().pk])).status_code in (302, 403)


def test_checking_costs_the_same_whatever_the_number_of_channels(push):
    german = localize(ItemFactory(channels=[push]), "de")
    check_channels(german)  # the taxonomy is read once a process
    costs = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            check_channels(german)
        costs.append(len(queries))
        ChannelFactory.create_batch(10, parent=push)

    assert costs[0] == costs[1]


def test_channels_below_those_that_the_item_names_keep_it_back_too(push):
    mobile = ChannelFactory(code="channel:mobile", labels={"en": "Mobile"})
    push.parent = mobile
    push.save()

    assert list(broken_channels(ItemFactory(headline="Much too long!!", channels=[mobile]))) == [TOO_LONG]


def test_a_version_that_does_not_fit_is_not_published_from_its_form_or_by_a_review(admin_client, push):
    item = ItemFactory(headline="Short", channels=[push], published=True)
    version = VariantFactory(localization=item, overrides={"headline": "Much too long!!"})

    answer = post_form(admin_client, reverse("variants:edit", args=[version.pk]))

    assert f"Push ({version.code}): title has 15 characters; at most 10 fit." in answer.content.decode()
    version.refresh_from_db()
    assert not version.live
    with pytest.raises(ValidationError, match="at most 10 fit"):
        refuse_unready_version(version.get_latest_revision_as_object())


def test_a_version_of_an_item_for_every_channel_is_judged_in_those_that_it_is_for(push):
    item = ItemFactory(headline="Short", published=True)
    long = {"localization": item, "overrides": {"headline": "Much too long!!"}}

    assert list(broken_channels(VariantFactory(**long))) == []
    assert len(list(broken_channels(VariantFactory(channels=[push], **long)))) == 1


def test_a_version_that_no_reader_of_the_channel_gets_keeps_nothing_back(push):
    other = ChannelFactory(code="channel:other")
    item = ItemFactory(headline="Short", channels=[push], published=True)
    overrides = {"headline": "Much too long!!"}

    assert list(broken_channels(VariantFactory(localization=item, channels=[other], overrides=overrides))) == []


def test_in_a_channel_with_a_text_of_its_own_for_everybody_that_text_is_judged(push, young):
    item = ItemFactory(headline="Much too long!!", channels=[push])
    VariantFactory(localization=item, channels=[push], overrides={"headline": "Fits"}, published=True)

    assert list(broken_channels(item)) == []
    assert worst_of(check_channels(item)[0].rendition.findings) == "warning"


def test_what_a_version_on_air_inherits_keeps_the_language_version_back(push, young):
    ChannelField.objects.create(channel=push, name="text", source="summary")
    Limit.objects.create(channel=push, field="text", maximum=5)
    item = ItemFactory(headline="Short", summary="Brief", channels=[push], published=True)
    VariantFactory(localization=item, code="y", terms=[young], overrides={"headline": "Yo"}, published=True)
    VariantFactory(localization=item, code="z", terms=[young], overrides={"headline": "Never published, too long"})
    item.summary = "Much longer"

    assert list(broken_channels(item)) == [
        "Push: text has 11 characters; at most 5 fit.",
        "Push (y): text has 11 characters; at most 5 fit.",
    ]


def test_a_language_without_whom_a_version_is_for_judges_it_as_the_original_says(push, young):
    other = ChannelFactory(code="channel:other")
    item = ItemFactory(headline="Short", channels=[push], published=True)
    VariantFactory(localization=item, code="y", channels=[other], published=True)
    german = localize(item, "de", headline="Kurz")
    version = VariantFactory(localization=german, code="y", overrides={"headline": "Viel zu lang!!!"})

    assert list(broken_channels(version)) == []


def test_the_editor_of_a_version_shows_how_its_readers_get_it(admin_client, push, young):
    item = ItemFactory(headline="Short", channels=[push], published=True)
    version = VariantFactory(localization=item, terms=[young], overrides={"headline": "Much too long!!"})

    shown = BeautifulSoup(admin_client.get(reverse("variants:edit", args=[version.pk])).content, "html.parser")
    asked = admin_client.get(reverse("variants:channel_checks", args=[version.pk]))

    for page in (shown, BeautifulSoup(asked.content, "html.parser")):
        assert "title has 15 characters" in page.select_one(".content-check--error summary").text
        assert page.select_one(".content-check--error button")["data-channel-checks-field-param"] == "headline"
    assert "no-store" in asked.headers["Cache-Control"]


def test_who_may_not_work_on_versions_is_not_shown_their_drafts(client, django_user_model, push):
    client.force_login(django_user_model.objects.create_user("guest", password="secret"))

    answer = client.get(reverse("variants:channel_checks", args=[VariantFactory().pk]))

    assert answer.status_code in (302, 403)


def test_what_fits_everywhere_but_in_a_placement_is_told_and_keeps_nothing_back(admin_client, push):
    Limit.objects.create(channel=push, field="title", maximum=4, placement="badge")
    item = ItemFactory(headline="Short", channels=[push])

    (check,) = check_channels(item)
    page = admin_client.get(reverse("items:channel_checks", args=[item.pk])).content.decode()

    assert {name: [one.limit for one in found] for name, found in check.in_placements.items()} == {"badge": [4]}
    assert check.worst == "warning"
    assert list(broken_channels(item)) == []
    assert "Does not fit in badge:" in page
