"""Writing in a card of the preview: each text becomes a draft of the channel's own version, and nothing else."""

from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from wagtail.models import Revision

from channels.models import Channel, ChannelField
from contenthub.accounts.models import LanguageGrant, User
from contenthub.content.models import Variant
from contenthub.delivery.models import VariantRow
from taxonomy.changing import create_term
from tests.content.editing import draft, localize, publish
from tests.content.factories import FieldDefinitionFactory, ItemFactory, VariantFactory

pytestmark = pytest.mark.django_db


def make_channel(code, **sources):
    channel = Channel.objects.create(code=code, kind="mobile", labels={"en": code})
    for place, (name, source) in enumerate(sources.items()):
        shape = {"image": "image", "link": "link"}.get(name, "plain")
        ChannelField.objects.create(channel=channel, name=name, source=source, shape=shape, sort_order=place)
    return channel


@pytest.fixture
def push(locales):
    return make_channel(
        "channel:push", title="text:push_title | headline", body="summary + link", button="link_label", image="image"
    )


@pytest.fixture
def item(push):
    return ItemFactory(
        key="k", headline="For all", summary="Long", cta_label="Go on", cta_link="https://a.example/", published=True
    )


class Card:
    """The door, as one card in a browser goes through it."""

    def __init__(self, client, locale="en", channel="channel:push", key="k"):
        self.client = client
        where = {"key": key, "locale": locale, "channel": channel}
        self.address = f"{reverse('variants:card')}?{urlencode(where)}"
        self.seen = self.own = None

    def read(self):
        return self._take(self.client.get(self.address))

    def write(self, field, text=None, **given):
        body = {"field": field, "text": text, "seen": self.seen, "own": self.own, **given}
        return self._take(self.client.post(self.address, {name: one for name, one in body.items() if one is not None}))

    def _take(self, answer):
        assert "no-store" in answer.headers["Cache-Control"]
        content = answer.json()
        if answer.status_code != 200:
            return answer.status_code, content["message"]
        self.seen = content["revision"]
        return content


@pytest.fixture
def card(admin_client, item):
    return Card(admin_client)


def values(content):
    return {text["name"]: text["value"] for text in content["texts"]}


def test_a_card_offers_the_texts_that_its_channel_shows(card):
    content = card.read()

    assert values(content) == {"headline": "For all", "summary": "Long", "callToAction": "Go on"}
    assert (content["version"], content["revision"]) == (None, None)
    assert [text["maximum"] for text in content["texts"]] == [255, None, 255]
    assert not any(text["isOwn"] for text in content["texts"])


def test_of_alternatives_the_one_is_offered_that_the_channel_takes(admin_client, push):
    item = ItemFactory(key="k", headline="H", summary="", texts={"push_title": "P"})
    card = Card(admin_client)
    assert values(card.read()) == {"texts.push_title": "P", "summary": "", "callToAction": ""}

    # What is emptied gives way to the next, and stays to be given back.
    assert values(card.write("texts.push_title", "")) == {
        "texts.push_title": "",
        "headline": "H",
        "summary": "",
        "callToAction": "",
    }
    assert item.variants.get().own_texts == {"push_title": ""}


def test_texts_of_the_type_are_offered_where_they_are_written_in_each_language(admin_client, locales):
    make_channel("channel:push", a="field:own", b="field:shared", c="field:price", d="field:gone", e="body | legal")
    FieldDefinitionFactory(name="own", labels={"en": "Own"})
    FieldDefinitionFactory(name="shared", localized=False)
    FieldDefinitionFactory(name="price", kind="money")
    ItemFactory(key="k", fields={"own": "mine", "shared": "ours"})

    card = Card(admin_client)
    (text,) = card.read()["texts"]
    assert (text["name"], text["label"], text["value"], text["maximum"]) == ("fields.own", "Own", "mine", None)
    assert values(card.write("fields.own", "yours")) == {"fields.own": "yours"}


def test_what_is_written_becomes_a_draft_for_the_channel_alone(card, item):
    card.read()

    content = card.write("headline", "For push")

    variant = Variant.objects.get()
    assert content["version"] == {"code": "push", "address": reverse("variants:edit", args=[variant.pk])}
    assert (content["texts"][0]["value"], content["texts"][0]["inherited"]) == ("For push", "For all")
    assert (variant.overrides, variant.headline, variant.live) == (["headline"], "For push", False)
    assert [one.channel.code for one in variant.channels.all()] == ["channel:push"]
    assert variant.base_values == {"headline": "For all"}
    assert not VariantRow.objects.exists()
    variant.get_latest_revision().publish()
    assert VariantRow.objects.get().code == "push"


def test_a_call_to_action_keeps_its_link_and_its_action(card, item):
    action = create_term("action:subscribe", labels={"en": "Subscribe"})
    draft(item, cta_action=action)
    card.read()
    card.write("callToAction", "Now")

    variant = Variant.objects.get()
    assert (variant.cta_label, variant.cta_link, variant.cta_action) == ("Now", "https://a.example/", action)


def test_typing_grows_one_draft_and_another_hand_begins_its_own(card, item, client):
    card.read()
    for text in ("F", "Fo", "For"):
        card.own = card.write("headline", text)["revision"]
    of_versions = Revision.objects.for_instance(Variant.objects.get())
    assert of_versions.count() == 2  # the empty one that it began with, and what is typed

    card.own = None
    card.write("headline", "Anew")
    assert of_versions.count() == 3


def test_what_is_on_air_or_scheduled_is_never_written_over(card, item):
    card.read()
    card.own = card.write("headline", "On air")["revision"]
    Revision.objects.get(pk=card.own).publish()

    card.write("headline", "Next")

    variant = Variant.objects.get()
    assert (variant.headline, variant.has_unpublished_changes) == ("On air", True)
    assert variant.live_revision_id != variant.latest_revision_id


def test_a_field_is_given_back_to_the_base(card, item):
    card.read()
    card.write("headline", "For push")

    content = card.write("headline")

    assert values(content)["headline"] == "For all"
    assert content["texts"][0]["isOwn"] is False
    assert Variant.objects.get().overrides == []
    assert card.write("summary")["version"]["code"] == "push"  # nothing to give back: nothing happens


def test_giving_back_where_there_is_no_version_makes_none(card, item):
    card.read()

    assert card.write("headline")["version"] is None
    assert not Variant.objects.exists()


def test_the_channels_version_is_the_one_for_nobody_in_particular(card, item, push):
    students = create_term("segment:students", labels={"en": "Students"})
    other = make_channel("channel:other", title="headline")
    VariantFactory(localization=item, code="push", terms=[students], channels=[push])
    VariantFactory(localization=item, code="wide", channels=[push, other])
    card.read()

    assert card.write("headline", "For push")["version"]["code"] == "push-2"
    assert Variant.objects.get(code="push").headline == ""


@pytest.fixture
def mobile(push):
    wider = make_channel("channel:mobile")
    push.parent = wider
    push.save()
    return wider


def test_a_card_inherits_what_its_readers_get_without_it(card, item, push, mobile):
    students = create_term("segment:students", labels={"en": "Students"})
    told = {"headline": "For telephones", "callToAction": ("Tap", "https://tap.example/")}
    wide = VariantFactory(localization=item, code="telephones", channels=[mobile], overrides=told, published=True)
    VariantFactory(localization=item, code="everywhere", overrides={"headline": "No", "summary": "Brief"})
    VariantFactory(localization=item, code="students", terms=[students], overrides={"headline": "No"}, priority=9)
    VariantFactory(localization=item, code="web", channels=[make_channel("channel:web")], overrides={"headline": "No"})
    newer = wide.get_latest_revision_as_object()
    newer.headline = "For telephones, soon"
    newer.save_revision(clean=False)

    content = card.read()
    assert values(content) == {"headline": "For telephones, soon", "summary": "Brief", "callToAction": "Tap"}
    assert [text["giver"] for text in content["texts"]] == ["telephones", "everywhere", "telephones"]
    given = {"texts.push_title": None, "summary": "everywhere", "callToAction": "telephones", "image": None}
    assert content["feeds"] == {"headline": "telephones", **given}
    content = card.write("headline", "For push")
    assert content["feeds"] == {"headline": "push", **given}
    assert (content["texts"][0]["inherited"], content["texts"][0]["giver"]) == ("For telephones, soon", "telephones")
    assert values(card.write("headline"))["headline"] == "For telephones, soon"
    card.write("callToAction", "Swipe")
    assert Variant.objects.get(code="push").cta_link == "https://tap.example/"


def test_another_language_inherits_from_versions_as_the_original_says_whom_they_are_for(
    admin_client, item, push, mobile
):
    japanese = publish(localize(item, "ja", headline="みんなに"))
    for code, channels in (("telephones", [mobile]), ("web", [make_channel("channel:web")])):
        VariantFactory(localization=item, code=code, channels=channels)
        VariantFactory(localization=japanese, code=code, overrides={"headline": f"{code}向け"})

    text = Card(admin_client, locale="ja").read()["texts"][0]

    assert (text["value"], text["giver"]) == ("telephones向け", "telephones")


def test_whom_a_draft_is_for_counts_as_its_newest_revision_says(card, item, push):
    made = VariantFactory(localization=item, code="mine", channels=[push], published=True)
    assert card.read()["version"]["code"] == "mine"

    newer = made.get_latest_revision_as_object()
    newer.channels = []
    newer.save_revision(clean=False)

    assert card.read()["version"] is None


def test_another_language_writes_its_own_version_for_whom_the_original_says(admin_client, item):
    publish(localize(item, "ja", headline="みんなに", summary="長い"))
    card = Card(admin_client, locale="ja")
    assert values(card.read())["headline"] == "みんなに"

    card.write("headline", "プッシュ")

    japanese, origin = Variant.objects.get(localization__locale__language_code="ja"), item.variants.get()
    assert (origin.code, origin.overrides, len(origin.channels.all())) == ("push", [], 1)
    assert (japanese.code, japanese.headline) == ("push", "プッシュ")
    assert values(Card(admin_client).read())["headline"] == "For all"


def test_nobody_writes_over_what_he_has_not_seen(card, item):
    card.read()
    card.write("headline", "First")
    other = Card(card.client)
    other.read()
    other.write("headline", "Second")

    assert card.write("headline", "Third")[0] == 409
    assert Variant.objects.get().headline == "Second"
    card.seen = None
    assert card.write("headline", "Third")[0] == 409


@pytest.mark.parametrize(
    ("field", "text", "message"),
    [
        ("headline", "x" * 256, "At most 255 characters, please."),
        ("headline", "a\0b", "Null characters are not allowed."),
        ("body", "x", "The channel does not show this field."),
        ("image", "1", "The channel does not show this field."),
        ("texts.__proto__", "x", "The channel does not show this field."),
        ("", "x", "This field is required."),
    ],
)
def test_what_no_version_can_hold_is_refused(card, item, field, text, message):
    card.read()

    assert card.write(field, text) == (400, message)
    assert card.write("headline", "x", seen="-")[0] == 400
    assert not Variant.objects.exists()


def test_a_card_of_nothing_is_refused(admin_client, item):
    assert Card(admin_client, key="preview").read()[0] == 404
    assert Card(admin_client, locale="ko").read()[0] == 404
    assert Card(admin_client, key="k\0").read()[0] == 404
    assert Card(admin_client, locale="en\0").read()[0] == 404
    assert Card(admin_client, channel="channel:push\0").read()[0] == 400
    assert admin_client.get(reverse("variants:card")).status_code == 404
    assert Card(admin_client, channel="channel:none").read()[0] == 400
    assert admin_client.delete(Card(admin_client).address).status_code == 405


def test_a_locked_version_stays_as_it_is(card, item, editor):
    card.read()
    card.write("headline", "Mine")
    Variant.objects.update(locked=True, locked_by=User.objects.create_superuser("somebody"))

    status, message = card.write("headline", "Yours")

    assert (status, "locked" in message) == (400, True)
    assert Variant.objects.get().get_latest_revision_as_object().headline == "Mine"


@pytest.fixture
def translator(item):
    group = Group.objects.create(name="Translators")
    rights = ["access_admin", "change_contentitem", "change_variant", "add_variant"]
    group.permissions.set(Permission.objects.filter(codename__in=rights))
    LanguageGrant.objects.create(group=group, may_change_facts=False).locales.set(
        [localize(item, "ja", headline="日本語").locale]
    )
    user = User.objects.create_user("translator")
    user.groups.add(group)
    return user


def test_a_translator_writes_granted_languages_and_makes_nothing_for_anybody_new(client, item, push, translator):
    client.force_login(translator)
    japanese, english = Card(client, locale="ja"), Card(client)
    assert japanese.write("headline", "x") == (403, "You may translate items, not change what they are.")

    VariantFactory(localization=item, code="push", channels=[push])
    english.read()
    assert english.write("headline", "x") == (403, "You may read English, not write it.")
    assert values(japanese.write("headline", "訳"))["headline"] == "訳"
    assert Variant.objects.get(code="push", localization=item).overrides == []


def test_strangers_and_readers_do_not_write(client, item, translator):
    card = Card(client)
    assert client.get(card.address).status_code == 302
    translator.groups.get().permissions.remove(Permission.objects.get(codename="change_variant"))
    client.force_login(translator)

    assert card.read() == (403, "You may not change versions.")
    assert card.write("headline", "x")[0] == 403


def test_a_card_is_written_with_the_token_of_its_own_page_only(editor, item):
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    card = Card(client)
    token = card.read()["csrf"]

    assert client.post(card.address, {"field": "headline", "text": "x"}).status_code == 403
    written = client.post(card.address, {"field": "headline", "text": "x"}, headers={"X-CSRFToken": token})
    assert values(written.json())["headline"] == "x"
