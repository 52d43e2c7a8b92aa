"""Items in the shape of a channel, through the API."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from channels.models import Channel, ChannelField, Limit
from tests.delivery.published import delta, project, publish, text

ASKED = """query ($key: String!, $channel: String, $context: ContextInput, $placement: String) {
  item(key: $key, context: $context) {
    rendition(channel: $channel, placement: $placement) {
      channel { code placements label } fields shapes fits
      findings { field rule severity message measured limit }
    }
  }
}"""


@pytest.fixture
def banner(hub):
    """A channel below channel:web that takes a title of twelve characters, six in the sidebar, and a price."""
    web = Channel.objects.get(code="channel:web")
    ChannelField.objects.create(channel=web, name="title", source="text:banner | headline", need="obligatory")
    banner = Channel.objects.create(code="channel:banner", labels={"en": "Banner"}, parent=web, kind="web")
    ChannelField.objects.create(channel=banner, name="price", source="field:price", need="advised")
    for placement, maximum in (("", 12), ("sidebar", 6)):
        Limit.objects.create(channel=banner, field="title", placement=placement, maximum=maximum)
    price = {"name": "price", "kind": "money", "value": {"amount": "12.50", "currency": "EUR"}, "place": 0}
    spring = {"en": text("Spring is here"), "de": text("Frühling", fields=[price])}
    publish(project("spring", spring), project("banner", {"en": text("Long headline", texts={"banner": "Short"})}))


def test_an_item_is_shaped_and_measured_for_the_channel_asked_for(banner, ask):
    rendition = ask(ASKED, key="spring", channel="channel:banner")["item"]["rendition"]

    assert rendition == {
        "channel": {"code": "channel:banner", "placements": ["sidebar"], "label": "Banner"},
        "fields": {"title": "Spring is here", "price": None},
        "shapes": {"title": "plain", "price": "plain"},
        "fits": False,
        "findings": [
            {
                "field": "title",
                "rule": "characters",
                "severity": "ERROR",
                "message": "title has 14 characters; at most 12 fit.",
                "measured": 14,
                "limit": 12,
            },
            {
                "field": "price",
                "rule": "missing",
                "severity": "WARNING",
                "message": "price is empty.",
                "measured": None,
                "limit": None,
            },
        ],
    }


def test_a_rendition_is_written_in_the_served_locale(banner, ask):
    fields = ask(ASKED, key="spring", channel="channel:banner", context={"locale": "de"})["item"]["rendition"]["fields"]

    assert fields == {"title": "Frühling", "price": "12,50\u00a0€"}


def test_the_channel_of_the_context_is_the_default_and_without_one_there_is_none(banner, ask):
    shaped = ask(ASKED, key="banner", context={"channel": "channel:banner"})["item"]["rendition"]

    assert (shaped["channel"]["code"], shaped["fields"]["title"], shaped["fits"]) == ("channel:banner", "Short", True)
    assert ask(ASKED, key="banner")["item"] == {"rendition": None}


def test_a_placement_has_its_own_limits(banner, ask):
    asked = {"key": "spring", "channel": "channel:banner", "context": {"locale": "de"}}

    assert ask(ASKED, **asked)["item"]["rendition"]["fits"] is True
    assert ask(ASKED, **asked, placement="sidebar")["item"]["rendition"]["findings"][0]["limit"] == 6


def test_an_item_is_resolved_again_for_the_channel_asked_for(banner, ask):
    vip = delta("vip", headline="For VIPs", channels=("channel:banner",))
    web = delta("web", headline="On the web", channels=("channel:web",), priority=-1)
    publish(project("more", {"en": text("Plain")}, variants=[vip, web]))
    query = """{ item(key: "more", context: {channel: "channel:web"}) { headline
      own: rendition { fields } banner: rendition(channel: "channel:banner") { fields } }
      plain: item(key: "more") { headline banner: rendition(channel: "channel:banner") { fields } } }"""

    answer = ask(query)

    assert answer["item"]["headline"] == "On the web"
    assert answer["item"]["own"]["fields"]["title"] == "On the web"
    assert answer["item"]["banner"]["fields"]["title"] == "For VIPs"
    assert answer["plain"] == {"headline": "Plain", "banner": {"fields": {"title": "For VIPs", "price": None}}}


def test_links_lead_where_the_context_s_channel_has_them(banner, ask):
    Channel.objects.filter(code="channel:banner").update(utm_source="banner", deep_link="app://open/{key}")
    link = {"kind": "URL", "url": "https://a.example"}
    to_item = {"kind": "ITEM", "key": "spring"}
    calls = {key: {"label": "Go", "link": leads, "action": None} for key, leads in (("web", link), ("app", to_item))}
    publish(*(project(key, {"en": text(cta=cta)}, terms=["campaign:winter"]) for key, cta in calls.items()))
    query = """query ($context: ContextInput) { items(filter: {keys: ["web", "app"]}, context: $context) {
      nodes { callToAction { link { url } } } } }"""

    def urls(**context):
        return [node["callToAction"]["link"]["url"] for node in ask(query, context=context)["items"]["nodes"]]

    assert urls() == ["https://a.example", "item:spring"]
    assert urls(channel="channel:banner") == [
        "https://a.example?utm_source=banner&utm_campaign=winter",
        "app://open/spring",
    ]


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        ({"channel": "channel:nowhere"}, "UNKNOWN_CODE", "There is no channel 'channel:nowhere'."),
        (
            {"channel": "channel:banner", "placement": "roof"},
            "BAD_ARGUMENT",
            "channel:banner has no placement 'roof': it has sidebar.",
        ),
    ],
)
def test_what_there_is_not_is_refused(banner, post, arguments, code, told):
    (error,) = post(ASKED, {"key": "spring", **arguments}).json()["errors"]

    assert (error["extensions"]["code"], error["message"]) == (code, told)


@pytest.mark.parametrize("number", [2, 20])
def test_renditions_of_a_page_cost_the_registry_and_nothing_more(banner, ask, number):
    publish(*(project(f"more-{place}") for place in range(number)))
    query = "query ($first: Int!) { items(first: $first) { nodes { %s } } }"
    ask(query % "headline", first=number)
    with CaptureQueriesContext(connection) as plain:
        ask(query % "body", first=number)

    with CaptureQueriesContext(connection) as shaped:
        ask(query % 'rendition(channel: "channel:banner") { fields findings { message } }', first=number)

    assert len(shaped) == len(plain) + 3  # which the registry is read in
