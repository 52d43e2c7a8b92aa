"""Which published pieces do not fit a channel, and how the editor of a profile is told."""

import pytest
from bs4 import BeautifulSoup
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from channels.models import ChannelField, Limit
from channels.registry import channel_registry
from contenthub.content.channelreport import look, look_at_all
from tests.channels.factories import ChannelFactory
from tests.content.editing import draft, localize, publish
from tests.content.factories import ItemFactory, VariantFactory

REPORT = "/admin/reports/channels/"


@pytest.fixture
def push(locales):
    channel = ChannelFactory(code="channel:push", labels={"en": "Push"})
    ChannelField.objects.create(channel=channel, name="title", source="headline", need="obligatory")
    return channel


def limit(channel, maximum=10):
    Limit.objects.create(channel=channel, field="title", maximum=maximum)


def found(channel, **how):
    seen = look(channel_registry().get(channel.code), now=timezone.now(), **how)
    return [(one.key, one.locale, one.variant) for one in seen.misfits], seen.items, seen.last


def test_every_language_and_version_on_air_is_judged_by_the_profile_as_it_is_now(push):
    a = ItemFactory(key="a", headline="Short", channels=[push], published=True)
    publish(localize(a, "de"), headline="Viel zu lang geraten")
    VariantFactory(localization=a, code="young", overrides={"headline": "Much too long now"}, published=True)
    VariantFactory(localization=a, code="draft", overrides={"headline": "Never published, too long"})
    ItemFactory(key="b", headline="Much too long as well", published=True)  # names no channel: the gate lets it pass
    ItemFactory(key="c", headline="Never published, too long", channels=[push])
    assert found(push) == ([], 1, None)

    limit(push)
    draft(a, headline="A draft that is too long")

    assert found(push) == ([("a", "de", ""), ("a", "en", "young")], 1, None)


def test_items_are_looked_at_a_few_at_a_time_in_as_many_statements(push):
    limit(push, 1)
    for number in range(5):
        ItemFactory(key=f"k{number}", headline="Long", channels=[push], published=True)
    entry = channel_registry().get(push.code)

    assert found(push, most=2) == ([("k0", "en", ""), ("k1", "en", "")], 2, "k1")
    assert found(push, most=2, after="k3") == ([("k4", "en", "")], 1, None)
    assert [one.key for one in look_at_all(entry, now=timezone.now())] == [f"k{number}" for number in range(5)]
    counts = []
    for most in (1, 5):
        with CaptureQueriesContext(connection) as queries:
            look(entry, now=timezone.now(), most=most)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_report_names_each_piece_with_what_does_not_fit(admin_client, push):
    limit(push)
    item = ItemFactory(key="a", headline="Much too long", channels=[push], published=True)

    page = BeautifulSoup(admin_client.get(REPORT, {"channel": push.code}).content, "html.parser")

    cells = [cell.get_text(" ", strip=True) for cell in page.select("table.content-report tbody tr > *")]
    assert cells == ["Much too long a", "English", "–", "Error : title has 13 characters; at most 10 fit."]
    assert page.select_one("tbody a")["href"] == reverse("items:edit", args=[item.pk])
    assert page.select_one("[aria-live]").get_text(" ", strip=True) == "1 piece does not fit · 1 item looked at"


@pytest.mark.parametrize("asked", [{}, {"channel": "channel:none"}, {"after": "\0"}, {"after": "ž" * 300}])
def test_the_report_answers_whatever_is_asked(admin_client, push, asked):
    assert admin_client.get(REPORT, asked).status_code == 200


def test_a_channel_that_no_item_names_is_told(admin_client, push):
    assert "No item on air names this channel." in admin_client.get(REPORT, {"channel": push.code}).text


def test_without_channels_the_report_says_so(admin_client):
    assert "No channel has fields yet" in admin_client.get(REPORT).text


def test_who_saves_a_profile_is_offered_the_report(admin_client, push):
    rows = {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000}
    data = {"code": push.code, "kind": "mobile", "parent": "", "position": "1", "labels-en": "Push"}
    data |= {f"{kind}-{name}": number for kind in ("limits", "fields") for name, number in rows.items()}

    saved = admin_client.post(reverse("channels:edit", args=[push.pk]), data, follow=True)

    assert any("channel=channel%3Apush" in str(message) for message in saved.context["messages"])


def test_the_report_is_for_those_who_write(client, push, django_user_model):
    client.force_login(django_user_model.objects.create_user("nobody", password="secret"))

    assert client.get(REPORT).status_code == 302


def test_the_command_names_everything_and_fails_for_an_error(push, capsys):
    ItemFactory(key="a", headline="Long", channels=[push], published=True)
    call_command("check_channels")
    assert capsys.readouterr().out == "no error on air, 0 warnings\n"

    limit(push, 1)

    with pytest.raises(CommandError, match="1 errors and 0 warnings on air"):
        call_command("check_channels", push.code)
    assert capsys.readouterr().out == "channel:push: a en: error: title has 4 characters; at most 1 fit.\n"
    with pytest.raises(CommandError, match="There is no channel 'channel:none'"):
        call_command("check_channels", "channel:none")
