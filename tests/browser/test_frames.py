"""What the cards of the wall draw: every field that a channel has, each by its shape."""

import pytest
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file

from tests.browser.test_preview import address_of_the_wall, make_channel
from tests.content.factories import ItemFactory

pytestmark = pytest.mark.browser

BODY = [
    {"type": "heading", "value": {"text": "Why cold", "level": "2"}},
    {"type": "rich_text", "value": '<p>Be <b>warm</b>, <i>here</i>: <a href="https://a.example/">look</a>.</p>'},
    {"type": "list", "value": {"items": ["1 < 2 & 3", "* not bold *"], "ordered": True}},
    {"type": "quote", "value": {"text": "So\nsaid", "source": "She"}},
    {"type": "table", "value": {"data": [["A", "B|C"]], "first_row_is_table_header": False}},
    {"type": "legal_note", "value": {"text": "Terms <apply>"}},
]


@pytest.fixture
def shown(page, hub):
    """Open the wall on an item whose summary looks like HTML."""
    make_channel("channel:push", "mobile", 0, title=("headline", "plain"))

    def show(code, **also):
        item = ItemFactory(headline="Title", summary="<b>1</b> < 2\nand more", body=BODY, published=True, **also)
        page.goto(address_of_the_wall(page, item))
        card = page.locator(f"[data-channel='{code}'] .card__body")
        card.wait_for()
        return card

    return show


def test_fields_that_a_kind_does_not_know_are_shown_below_its_frame(hub, shown):
    make_channel(
        "channel:chat", "messaging", 1, title=("headline", "plain"), text=("summary", "plain"), ssml=("body", "ssml")
    )
    card = shown("channel:chat")

    assert card.locator(".field").first.inner_text() == "title\n\nTitle"
    assert card.locator(".bubble p").all_inner_texts() == ["<b>1</b> < 2", "and more"]
    spoken = card.locator(".field blockquote p").all_inner_texts()
    assert spoken[:3] == ["Why cold", "Be warm, here: look.", "1 < 2 & 3 * not bold *"]


def test_blocks_are_a_page_of_their_own_wherever_they_stand(hub, shown):
    make_channel("channel:site", "web", 1, kicker=("summary", "plain"), body=("body", "blocks"), more=("body", "html"))
    card = shown("channel:site")

    assert card.locator(".field").first.inner_text() == "kicker\n\n<b>1</b> < 2\n\nand more"
    assert [frame.get_attribute("sandbox") for frame in card.locator("iframe").all()] == ["", ""]
    blocks = card.frame_locator("iframe").first
    assert blocks.locator("h2").inner_text() == "Why cold"
    assert blocks.locator("p b").inner_text() == "warm"
    assert blocks.locator("ol li").all_inner_texts() == ["1 < 2 & 3", "* not bold *"]
    assert blocks.locator("td").all_inner_texts() == ["A", "B|C"]
    assert blocks.locator("small").inner_text() == "Terms <apply>"


def test_plain_text_is_text_where_other_channels_have_html(hub, shown):
    make_channel("channel:banner", "web", 1, title=("headline", "plain"), body=("summary", "plain"))
    card = shown("channel:banner")

    assert card.locator("iframe").count() == 0
    assert card.locator("p").all_inner_texts() == ["<b>1</b> < 2", "and more"]


def test_markdown_is_read_with_its_headings_paragraphs_and_lists(hub, shown, axe, page):
    make_channel("channel:letter", "print", 1, title=("headline", "plain"), body=("body + summary", "markdown"))
    card = shown("channel:letter").locator(".sheet")

    assert card.locator("h3").all_inner_texts() == ["Title", "Why cold"]
    assert card.locator("> p").all_inner_texts()[0] == "Be warm, here: look."
    assert card.locator("p strong").inner_text() == "warm"
    assert card.locator("p em").inner_text() == "here"
    assert card.locator("p .leads").get_attribute("title") == "https://a.example/"
    assert card.locator("ol li").all_inner_texts() == ["1 < 2 & 3", "* not bold *"]
    assert card.locator("blockquote p").all_inner_texts() == ["So\nsaid", "— She"]
    assert card.locator("td").all_inner_texts() == ["A", "B|C"]
    assert card.locator("> p").all_inner_texts()[-2:] == ["Terms <apply>", "<b>1</b> < 2 and more"]
    assert axe(page, ".wall") == []


def test_every_kind_is_readable_in_every_look(hub, shown, axe, page, server, settings):
    settings.WAGTAILADMIN_BASE_URL = server.url
    picture = get_image_model().objects.create(title="Picture", file=get_test_image_file(), description="A field")
    parts = {
        "text": ("summary", "plain"),
        "title": ("headline", "plain"),
        "body": ("body", "markdown"),
        "image": ("image", "image"),
        "more": ("summary", "plain"),
    }
    kinds = ("web", "email", "mobile", "sms", "social", "store", "voice", "messaging", "call-centre", "print", "other")
    for place, kind in enumerate(kinds, start=1):
        make_channel(f"channel:{kind}", kind, place, **parts)
    shown("channel:web", image=picture, image_alt="A field")

    for look in ("dark", "bare", "light"):
        page.get_by_label("Look").select_option(look)
        page.locator("body.dark" if look == "dark" else "body:not(.dark)").wait_for()
        page.locator(".missing" if look == "bare" else ".card img").first.wait_for()
        assert axe(page, "body") == []
