"""Personal tokens in what is written: refused where they are none, told where a translation drops one."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from channels.models import ChannelField, Limit, PersonalToken
from contenthub.content.channelchecks import check_channels
from contenthub.content.personaltokens import findings_of, use_of
from contenthub.content.publishing import NotPublishable
from contenthub.content.readiness import lacks, refuse_unready
from tests.channels.factories import ChannelFactory
from tests.content.editing import draft, localize, publish
from tests.content.factories import ItemFactory, ItemTypeFactory, VariantFactory
from tests.content.files import imported, line, problems
from tests.content.posts import item_form

pytestmark = pytest.mark.django_db

NO_SUCH = "No personal token: {{nick}}. There are: {{name}}, {{points}}."


@pytest.fixture
def tokens(clock):
    PersonalToken.objects.create(code="name", sample="Akiko", max_length=20, default="friend")
    PersonalToken.objects.create(code="points", sample="250", max_length=6)


def rich(html):
    return [{"type": "rich_text", "id": "0b0b0b0b-0000-4000-8000-000000000001", "value": html}]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"headline": "Hi {{nick}}"}, "headline"),
        ({"summary": "Hi {{nick}}"}, "summary"),
        ({"cta_label": "For {{nick}}", "cta_link": "https://a.example/"}, "cta_label"),
        ({"image_alt": "{{nick}}"}, "image_alt"),
        ({"body": rich("<p>Hi {{nick}}</p>")}, "body"),
        ({"texts": {"sms": "Hi {{nick}}"}}, "texts"),
    ],
)
def test_what_looks_like_a_token_and_is_none_keeps_a_text_off_air(tokens, changes, field):
    item = ItemFactory(**changes)

    assert list(lacks(item)) == [(field, NO_SUCH)]
    with pytest.raises(NotPublishable, match="No personal token"):
        refuse_unready(item)


def test_known_tokens_go_on_air_as_they_are_written(tokens, ask):
    item = ItemFactory(key="hello", headline="Hi {{name}}", body=rich("<p>{{points}} <b>points</b></p>"))

    publish(item)

    assert ask('{ item(key: "hello") { headline body personalTokens { code default sample maxLength } } }')["item"] == {
        "headline": "Hi {{name}}",
        "body": "<p>{{points}} <b>points</b></p>",
        "personalTokens": [
            {"code": "name", "default": "friend", "sample": "Akiko", "maxLength": 20},
            {"code": "points", "default": None, "sample": "250", "maxLength": 6},
        ],
    }


def test_a_version_is_kept_off_air_too(tokens):
    base = ItemFactory(published=True)

    with pytest.raises(NotPublishable, match="No personal token"):
        VariantFactory(localization=base, overrides={"headline": "Hi {{nick}}"}, published=True)


def test_an_import_leaves_such_a_line_out(tokens, world, tmp_path):
    good, bad = line(summary="Hi {{name}}"), line(id="page/two", slug="two", title="{{nick}}")

    report = imported(tmp_path, good, bad, line(id="page/three", slug="three", title="{{nick}}", state="draft"))

    assert problems(report) == [f"line 2: text: {NO_SUCH}"]
    assert (report.written.added, report.left_out) == (2, 1)


def test_a_translation_that_drops_a_token_is_told_of_it(tokens, admin_client):
    item = ItemFactory(headline="Hi {{name}}", summary="{{points}} points")
    german = localize(item, "de")
    draft(german, headline="Hallo", summary="{{points}} Punkte {{points}}")

    german.refresh_from_db()
    use = use_of(german.get_latest_revision_as_object(), item)
    assert ([each.code for each in use.used], use.dropped, use.added) == (["points"], ["name"], [])
    assert findings_of(use) == ["Tokens of the original are missing: {{name}}"]
    table = admin_client.get(reverse("items:channel_checks", args=[german.pk]))
    text = " ".join(BeautifulSoup(table.content, "html.parser").text.split())
    assert text.startswith(
        "Tokens of the original are missing: {{name}} "
        "Personal tokens, measured at their longest: {{points}} 250; at most 6 characters"
    )


def test_a_translation_with_a_token_of_its_own_is_told_of_it(tokens):
    german = localize(ItemFactory(headline="Hi"), "de")
    german.headline = "Hallo {{name}} {{unknown}}"

    assert findings_of(use_of(german, ItemFactory(headline="Hi"))) == ["The original has no such tokens: {{name}}"]
    assert findings_of(use_of(german, german)) == []


def test_channels_measure_a_token_at_its_longest(tokens):
    push = ChannelFactory(code="channel:push", labels={"en": "Push"})
    ChannelField.objects.create(channel=push, name="title", source="headline")
    Limit.objects.create(channel=push, field="title", maximum=20)

    (check,) = check_channels(ItemFactory(headline="Hi {{name}}"))

    assert [finding.message for finding in check.rendition.findings] == ["title has 23 characters; at most 20 fit."]


def test_the_plain_preview_shows_samples(tokens, admin_client, settings):
    settings.SECURE_SSL_REDIRECT = False
    item = ItemFactory(type=ItemTypeFactory(code="offer"))
    address = reverse("items:preview_on_edit", args=[item.pk]) + "?mode=written"

    admin_client.post(address, item_form(headline="Hi {{name}}, {{nick}}"))

    assert "<h1>Hi Akiko, {{nick}}</h1>" in admin_client.get(address).content.decode()


def test_a_token_is_kept_while_a_text_uses_it(tokens, admin_client):
    item = ItemFactory(key="page/hi", headline="Hi {{name}}", published=True)
    version = VariantFactory(localization=item, overrides={"summary": "{{points}} left"})
    name, points = PersonalToken.objects.all()

    for token in (name, points):
        answer = admin_client.post(reverse("personal_tokens:delete", args=[token.pk]), follow=True)
        assert f"{token} cannot be deleted while texts use it: page/hi" in answer.content.decode()
    draft(item, headline="Hi")
    assert PersonalToken.objects.count() == 2
    admin_client.post(reverse("personal_tokens:delete", args=[name.pk]))
    assert PersonalToken.objects.filter(code="name").exists()  # it is still on air
    publish(item, headline="Hi")
    version.delete()
    for token in (name, points):
        admin_client.post(reverse("personal_tokens:delete", args=[token.pk]))
    assert not PersonalToken.objects.exists()
