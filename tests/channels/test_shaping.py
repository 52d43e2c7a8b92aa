"""Documents in the shapes of channels, and what is found not to fit."""

import re

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from channels import findings, links
from channels.codes import Need, Severity, Shape
from channels.pieces import Surroundings
from channels.registry import ChannelEntry, FieldEntry, LimitEntry, LinkPolicy
from channels.shaping import shape
from channels.sources import parse_source

PICTURE = {
    "url": "/media/main.webp",
    "alt": "A bike",
    "caption": None,
    "credit": None,
    "width": 1600,
    "height": 900,
    "focal_point": None,
    "sources": [
        {"url": "/media/small.webp", "width": 400, "height": 225, "mime_type": "image/webp"},
        {"url": "/media/middle.webp", "width": 800, "height": 450, "mime_type": "image/webp"},
    ],
}
DOCUMENT = {
    "headline": "Ride & rest",
    "summary": "Three days in spring.",
    "cta": {"label": "Book", "link": {"kind": "URL", "url": "https://shop.example/book"}, "action": None},
    "image": PICTURE,
    "texts": [{"name": "short", "text": "Ride now"}],
    "fields": [{"name": "price", "kind": "money", "value": {"amount": "9", "currency": "EUR"}}],
    "blocks": [
        {"type": "heading", "id": "h", "text": "Why", "level": 2},
        {"type": "rich_text", "id": "r", "html": '<p>Read <a href="https://a.example/?a=1&amp;b=2">on</a>.</p>'},
        {"type": "legal_note", "id": "l", "text": "Subject to change."},
    ],
}
AROUND = Surroundings(
    term_label=str,
    full_address=lambda url: f"https://hub.example{url}",
    field_text=lambda field: f"{field['value']['amount']} €",
    language="ar",
    direction="rtl",
    campaign="campaign:spring",
)


def field(name, source, form=Shape.PLAIN, need=Need.OPTIONAL, **more):
    return FieldEntry(name, parse_source(source), form, need, **more)


def channel(*fields, limits=(), links=None):
    return ChannelEntry(1, "channel:x", None, (), "x", tuple(limits), {"en": "X"}, False, fields, links or LinkPolicy())


def rendered(*fields, document=DOCUMENT, placement="", **more):
    return shape(document, channel(*fields, **more), AROUND, placement)


def test_each_field_is_fed_by_its_source_in_its_shape():
    fields = rendered(
        field("title", "text:push_title | headline"),
        field("text", "text:short + link"),
        field("html", "headline", Shape.HTML),
        field("body", "body"),
        field("markdown", "body", Shape.MARKDOWN),
        field("price", "field:price"),
        field("legal", "legal"),
        field("button", "link_label"),
        field("nothing", "text:missing"),
        field("hidden", ""),
    ).fields

    assert fields == {
        "title": "Ride & rest",
        "text": "Ride now https://shop.example/book",
        "html": "<p>Ride &amp; rest</p>",
        "body": "Why\n\nRead on (https://a.example/?a=1&b=2).\n\nSubject to change.",
        "markdown": "## Why\n\nRead [on](https://a.example/?a=1&b=2).\n\nSubject to change.",
        "price": "9 €",
        "legal": "Subject to change.",
        "button": "Book",
        "nothing": None,
    }


def test_speech_is_escaped_in_its_language_and_has_no_addresses():
    spoken = rendered(field("ssml", "headline + body", Shape.SSML)).fields["ssml"]

    assert spoken == (
        '<speak version="1.1" xmlns="http://www.w3.org/2001/10/synthesis" xml:lang="ar">'
        "<p>Ride &amp; rest</p><p>Why</p><p>Read on.</p><p>Subject to change.</p></speak>"
    )


def test_points_and_rows_are_spoken_as_sentences():
    blocks = [
        {"type": "rich_text", "id": "r", "html": "<p>So:</p><ul><li>Store<ol><li>dry</li></ol></li><li>Put</li></ul>"},
        {"type": "list", "id": "l", "items": ["One & all", "Two"], "ordered": True},
        {"type": "table", "id": "t", "header": ["a", "b"], "rows": [["1", "2"], ["", "3"]]},
        {"type": "list", "id": "s", "items": ["Alone"], "ordered": False},
    ]
    spoken = rendered(field("ssml", "body + link", Shape.SSML), document=DOCUMENT | {"blocks": blocks}).fields["ssml"]

    assert spoken.partition(">")[2] == (
        "<p>So:</p><p><s>Store</s><s>dry</s><s>Put</s></p><p><s>One &amp; all</s><s>Two</s></p>"
        "<p><s>a, b</s><s>1, 2</s><s>3</s></p><p>Alone</p></speak>"
    )


def test_texts_that_stand_alone_do_not_run_into_each_other():
    fields = rendered(
        field("voice", "headline + summary"),
        field("sms", "text:short + link"),
        field("price", "headline + field:price"),
    ).fields

    assert fields == {
        "voice": "Ride & rest\n\nThree days in spring.",
        "sms": "Ride now https://shop.example/book",
        "price": "Ride & rest 9 €",
    }


def test_addresses_are_not_read_aloud():
    limits = [LimitEntry("a", "seconds", 1)]

    assert [one.measured for one in rendered(field("a", "body"), limits=limits).findings] == [3]


def test_mail_carries_its_style_on_the_elements_and_asks_no_host():
    html = rendered(field("html", "body", Shape.EMAIL_HTML)).fields["html"]

    assert "<style" not in html
    assert 'dir="rtl"' in html
    assert re.search(r'<h2 style="[^"]*line-height', html)
    assert "<link" not in html
    assert "<script" not in html


MAIL = "headline + image + summary + body + link_label + link + legal"


def test_a_mail_is_a_whole_message_and_its_legal_notes_stand_once_at_its_end():
    fields = rendered(field("html", MAIL, Shape.EMAIL_HTML), field("text", MAIL.replace(" + image", ""))).fields
    mail = BeautifulSoup(fields["html"], "html.parser").select_one("td.text")

    picture, button = mail.img, mail.select_one("a.button")
    assert mail.h1.text == "Ride & rest"
    assert (picture["src"], picture["alt"]) == ("https://hub.example/media/main.webp", "A bike")
    assert (button["href"], button.text) == ("https://shop.example/book", "Book")
    assert "background-color" in button["style"]
    assert mail.get_text("|", strip=True) == ("Ride & rest|Three days in spring.|Why|Read|on|.|Book|Subject to change.")
    assert fields["text"] == (
        "Ride & rest\n\nThree days in spring.\n\nWhy\n\nRead on (https://a.example/?a=1&b=2).\n\n"
        "Book: https://shop.example/book\n\nSubject to change."
    )


def test_pictures_in_mail_are_no_wider_than_the_page():
    blocks = [{"type": "image", "id": "i", "image": PICTURE | {"width": 300, "height": 200}, "caption": None}]
    html = rendered(field("html", "image + body", Shape.EMAIL_HTML), document=DOCUMENT | {"blocks": blocks}).fields[
        "html"
    ]

    sizes = [(image["width"], image["height"]) for image in BeautifulSoup(html, "html.parser").select("img")]
    assert sizes == [("552", "310"), ("300", "200")]


def test_a_call_to_action_that_leads_to_no_address_is_words_in_mail():
    cta = {"label": "Book", "link": {"kind": "ITEM", "key": "page/ride"}, "action": None}
    result = rendered(field("html", "headline + link_label + link", Shape.EMAIL_HTML), document=DOCUMENT | {"cta": cta})

    mail = BeautifulSoup(result.fields["html"], "html.parser").select_one("td.text")
    assert (mail.get_text("|", strip=True), mail.a) == ("Ride & rest|Book", None)
    assert [one.rule for one in result.findings] == ["link_address"]


def test_links_carry_tracking_wherever_they_stand():
    policy = LinkPolicy(utm_source="news")
    result = rendered(field("link", "link", Shape.LINK), field("html", "body", Shape.HTML), links=policy)

    assert result.fields["link"] == "https://shop.example/book?utm_source=news&utm_campaign=spring"
    assert 'href="https://a.example/?a=1&amp;b=2&amp;utm_source=news&amp;utm_campaign=spring"' in result.fields["html"]


def led_to_items(cta_need=Need.OPTIONAL, **more):
    """Return a rendition of links to items: in a field of its own, in running text, and in plain text."""
    cta = {"label": "Book <now>", "link": {"kind": "ITEM", "key": "page/ride"}, "action": None}
    words = '<p>Read <a href="item:guide">the <b>guide</b></a>.</p>'
    blocks = [{"type": "call_to_action", "id": "c", "cta": cta}, {"type": "rich_text", "id": "r", "html": words}]
    return rendered(
        field("text", "headline + link"),
        field("link", "link", Shape.LINK, cta_need),
        field("body", "body"),
        field("html", "body", Shape.HTML),
        field("markdown", "body", Shape.MARKDOWN),
        field("blocks", "body", Shape.BLOCKS),
        document=DOCUMENT | {"cta": cta, "blocks": blocks},
        **more,
    )


def test_a_link_to_an_item_is_an_address_where_the_channel_has_one():
    app = led_to_items(links=LinkPolicy(deep_link="app://{key}"))

    assert app.fields["text"] == "Ride & rest app://page/ride"
    assert app.fields["link"] == "app://page/ride"
    assert app.fields["body"] == "Book <now>: app://page/ride\n\nRead the guide (app://guide)."
    assert '<a href="app://page/ride">Book &lt;now&gt;</a>' in app.fields["html"]
    assert app.findings == ()


def test_without_an_address_for_items_readers_have_the_words_and_programs_the_key():
    bare = led_to_items()

    assert bare.fields["text"] == "Ride & rest"
    assert bare.fields["body"] == "Book <now>\n\nRead the guide."
    assert bare.fields["html"] == "<p>Book &lt;now&gt;</p>\n<p>Read the <b>guide</b>.</p>"
    assert bare.fields["markdown"] == "Book \\<now\\>\n\nRead the **guide**."
    assert bare.fields["link"] == "item:page/ride"
    assert bare.fields["blocks"][0]["cta"]["link"] == {"kind": "ITEM", "key": "page/ride"}
    assert 'href="item:guide"' in bare.fields["blocks"][1]["html"]


def test_a_link_to_an_item_without_an_address_is_found_and_keeps_nothing_back():
    bare = led_to_items(cta_need=Need.OBLIGATORY)

    found = [(one.field, one.rule, one.severity) for one in bare.findings]
    in_body = [(name, "link_address", Severity.WARNING) for name in ("body", "html", "markdown", "blocks")]
    assert found == [
        ("text", "link_address", Severity.WARNING),
        ("link", "link_address", Severity.WARNING),
        *(one for one in in_body for _ in range(2)),
    ]
    assert bare.findings[0].message == ("A link leads to the item 'page/ride': the channel has no address for items.")


def test_a_picture_comes_in_the_smallest_size_that_is_wide_enough():
    def url(**more):
        return rendered(field("image", "image", Shape.IMAGE, **more)).fields["image"]["url"]

    assert url() == "https://hub.example/media/main.webp"
    assert url(minimum_width=600) == "https://hub.example/media/middle.webp"
    assert url(minimum_width=5000) == "https://hub.example/media/main.webp"


@pytest.mark.parametrize(
    ("entry", "more", "expected"),
    [
        (field("a", "text:none", need=Need.OBLIGATORY), {}, [("missing", Severity.ERROR, None, None)]),
        (field("a", "text:none", need=Need.ADVISED), {}, [("missing", Severity.WARNING, None, None)]),
        (field("a", "text:none"), {}, []),
        (field("a", "headline", Shape.IMAGE, Need.OBLIGATORY), {}, [("missing", Severity.ERROR, None, None)]),
        (
            field("a", "text:blank", Shape.SSML, Need.ADVISED),
            {"document": DOCUMENT | {"texts": [{"name": "blank", "text": " "}]}},
            [("missing", Severity.WARNING, None, None)],
        ),
        (
            field("a", "headline"),
            {"limits": [LimitEntry("a", "characters", 10), LimitEntry("b", "characters", 1)]},
            [("characters", Severity.ERROR, 11, 10)],
        ),
        (field("a", "headline"), {"limits": [LimitEntry("a", "characters", 11)]}, []),
        (
            field("a", "headline"),
            {"limits": [LimitEntry("a", "words", 1, "", Severity.WARNING)]},
            [("words", Severity.WARNING, 2, 1)],
        ),
        (
            field("a", "body", Shape.HTML),
            {"links": LinkPolicy(allowed_hosts=("shop.example",))},
            [("link_host", Severity.ERROR, None, None)],
        ),
        (field("a", "image", Shape.IMAGE, ratio="1:1"), {}, [("ratio", Severity.WARNING, None, None)]),
        (field("a", "image", Shape.IMAGE, ratio="16:9"), {}, []),
        (field("a", "image", Shape.IMAGE, minimum_width=2000), {}, [("width", Severity.ERROR, 1600, 2000)]),
        (
            field("a", "image", Shape.IMAGE, Need.OBLIGATORY),
            {"document": DOCUMENT | {"image": PICTURE | {"alt": ""}}},
            [("alternative_text", Severity.ERROR, None, None)],
        ),
    ],
)
def test_what_does_not_fit_is_found(entry, more, expected):
    result = rendered(entry, **more)

    assert [(one.rule, one.severity, one.measured, one.limit) for one in result.findings] == expected
    assert result.fits == all(severity != Severity.ERROR for _, severity, *_ in expected)


@pytest.mark.parametrize("form", [Shape.HTML, Shape.EMAIL_HTML, Shape.MARKDOWN, Shape.SSML, Shape.PLAIN])
def test_bytes_are_those_of_what_is_sent(form):
    result = rendered(field("a", "body", form), limits=[LimitEntry("a", "bytes", 1)])

    assert [one.measured for one in result.findings] == [len(result.fields["a"].encode())]


def test_what_is_found_is_told_in_the_reader_s_language(monkeypatch):
    for module in (findings, links):
        monkeypatch.setattr(module, "_", lambda text: f"✓ {text}")
    cta = {"label": "Go", "link": {"kind": "URL", "url": "https://[broken"}, "action": None}

    result = rendered(
        field("empty", "text:none", need=Need.ADVISED),
        field("long", "headline"),
        field("link", "link", Shape.LINK),
        document=DOCUMENT | {"cta": cta},
        limits=[LimitEntry("long", "characters", 1)],
    )

    assert [one.message for one in result.findings] == [
        "✓ empty is empty.",
        "✓ long has 11 characters; at most 1 fit.",
        "✓ 'https://[broken' is no address.",
    ]


def test_a_placement_has_limits_of_its_own():
    limits = [LimitEntry("a", "characters", 20), LimitEntry("a", "characters", 5, "sidebar")]

    everywhere = rendered(field("a", "headline"), limits=limits)
    sidebar = rendered(field("a", "headline"), limits=limits, placement="sidebar")

    assert everywhere.findings == ()
    assert [one.message for one in sidebar.findings] == ["a has 11 characters; at most 5 fit."]


@given(st.text(), st.sampled_from(list(Shape)))
def test_any_text_can_be_shaped(text, form):
    document = DOCUMENT | {"headline": text, "summary": None, "image": None, "cta": None, "blocks": []}

    result = rendered(field("a", "headline + summary + image + link + body", form), document=document)

    assert set(result.fields) == {"a"}
