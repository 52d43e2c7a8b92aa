from types import SimpleNamespace

import graphene
import pytest

from channels.registry import channel_registry
from channels.schema import ChannelQueries
from locales.catalogue import locale_catalogue
from locales.changes import ensure_locale
from tests.channels.factories import ChannelFactory, LimitFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_dependants(settings):
    settings.LOCALES_DEPENDANTS = None


def ask(query):
    """Return data and errors of a query over the channels alone."""
    context = SimpleNamespace(locales=locale_catalogue(), channels=channel_registry(), notice=lambda *notice: None)
    result = graphene.Schema(query=ChannelQueries).execute(query, context_value=context)
    return result.data, result.errors


@pytest.mark.parametrize("children", [1, 25])
def test_all_channels_cost_three_queries_whatever_their_number(django_assert_num_queries, children):
    root = ChannelFactory(code="channel:web", position=0)
    for child in ChannelFactory.create_batch(children, parent=root):
        LimitFactory(channel=child)

    with django_assert_num_queries(3):
        data, errors = ask("{ channels { code label kind parent { code label } limits { field measure maximum } } }")

    assert errors is None
    assert data["channels"][0]["parent"] is None
    assert [channel["parent"]["code"] for channel in data["channels"][1:]] == ["channel:web"] * children


def test_a_channel_tells_its_name_kind_parent_and_limits():
    ensure_locale("ja")
    root = ChannelFactory(code="channel:web", labels={"en": "Web site", "ja": "ウェブサイト"})
    banner = ChannelFactory(code="channel:web-banner", parent=root, labels={"en": "Web banner"})
    LimitFactory(channel=banner, field="title", maximum=60)

    data, errors = ask(
        '{ channel(code: "channel:web-banner")'
        ' { code label ja: label(locale: "ja") kind parent { ja: label(locale: "ja-JP") }'
        " limits { field measure maximum } } }"
    )

    assert errors is None
    assert data["channel"] == {
        "code": "channel:web-banner",
        "label": "Web banner",
        "ja": "Web banner",
        "kind": "web",
        "parent": {"ja": "ウェブサイト"},
        "limits": [{"field": "title", "measure": "characters", "maximum": 60}],
    }


def test_a_retired_channel_answers_by_code_but_is_not_listed():
    ChannelFactory(code="channel:fax", is_retired=True)

    data, errors = ask('{ channels { code } channel(code: "channel:fax") { code } }')

    assert errors is None
    assert data == {"channels": [], "channel": {"code": "channel:fax"}}


def test_a_code_that_no_channel_has_is_null():
    assert ask('{ channel(code: "channel:fax") { code } }') == ({"channel": None}, None)
