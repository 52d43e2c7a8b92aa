import pytest
from bs4 import BeautifulSoup

from frontend_preview.neutral import render_neutral

IMAGE = {"url": "/media/hero.webp", "alt": "A hill", "caption": "Spring", "width": 800, "height": 300}


def page(document, *, direction="LTR", language="en"):
    return BeautifulSoup(render_neutral(document, direction, language), "html.parser")


def block_page(block):
    return page({"headline": "Title", "blocks": [{"id": "1", **block}]}).main


def test_an_empty_document_is_still_a_page():
    shown = page({"headline": ""})

    assert shown.h1.text == ""
    assert shown.main.select("img, dl, .cta") == []


def test_the_page_says_its_language_and_direction():
    shown = page({"headline": "عنوان"}, direction="RTL", language="ar")

    assert (shown.html["lang"], shown.html["dir"], shown.title.text) == ("ar", "rtl", "عنوان")


def test_headline_summary_image_and_call_to_action_head_the_page():
    cta = {"label": "Buy", "link": {"kind": "URL", "url": "https://example.org/?a=1&b=2"}, "action": None}

    head = page({"headline": "Title", "summary": "Short", "image": IMAGE, "cta": cta}).header

    assert (head.h1.text, head.select_one(".summary").text) == ("Title", "Short")
    assert head.img.attrs == {"src": "/media/hero.webp", "alt": "A hill", "width": "800", "height": "300"}
    assert head.figcaption.text == "Spring"
    assert (head.a.text, head.a["href"]) == ("Buy", "https://example.org/?a=1&b=2")


def test_everything_but_rich_text_is_escaped():
    script = "<script>alert(1)</script>"
    document = {
        "headline": script,
        "summary": script,
        "image": IMAGE | {"alt": script, "caption": script},
        "cta": {"label": script, "url": "https://example.org"},
        "texts": [{"name": script, "text": script}],
        "fields": [{"name": script, "value": script}],
        "blocks": [
            {"type": "heading", "id": "1", "text": script, "level": 2},
            {"type": "quote", "id": "2", "text": script, "source": script},
            {"type": "list", "id": "3", "items": [script], "ordered": False},
            {"type": "table", "id": "4", "header": [script], "rows": [[script]]},
            {"type": "legal_note", "id": "5", "text": script},
        ],
    }

    shown = page(document)

    assert shown.select("script") == []
    assert shown.text.count(script) >= 12


def test_the_page_holds_no_script_and_no_style_or_font_from_elsewhere():
    shown = page({"headline": "Title"})

    assert shown.select("script, iframe, [src]") == []
    assert [link["href"] for link in shown.select("link")] == ["data:,"]  # no icon, lest the browser asks for one
    assert "url(" not in shown.style.text
    assert "@import" not in shown.style.text


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", " JavaScript:alert(1)", "data:text/html,x", "http://[", "vbscript:x"]
)
def test_an_address_that_is_not_safe_to_follow_is_shown_but_not_linked(url):
    shown = page({"headline": "", "cta": {"label": "Go", "link": {"kind": "URL", "url": url}}}).main

    assert shown.select("a") == []
    assert url.strip() in shown.text


def test_a_link_to_an_item_shows_its_key():
    shown = page({"headline": "", "cta": {"label": "Go", "link": {"kind": "ITEM", "key": "offer/spring"}}}).main

    assert shown.select("a") == []
    assert shown.select_one(".cta").text == "Go"
    assert shown.bdi.text == "offer/spring"


@pytest.mark.parametrize(
    ("block", "selector", "text"),
    [
        ({"type": "heading", "text": "Part", "level": 2}, "h2", "Part"),
        ({"type": "heading", "text": "Part", "level": 3}, "h3", "Part"),
        ({"type": "heading", "text": "Part", "level": 4}, "h4", "Part"),
        ({"type": "rich_text", "html": "<p>One <strong>two</strong></p>"}, "p strong", "two"),
        ({"type": "image", "image": IMAGE, "caption": "Own"}, "figcaption", "Own"),
        ({"type": "image", "image": IMAGE, "caption": None}, "figcaption", "Spring"),
        ({"type": "quote", "text": "Said", "source": "Someone"}, "blockquote p", "Said"),
        ({"type": "list", "items": ["One"], "ordered": True}, "ol li", "One"),
        ({"type": "list", "items": ["One"], "ordered": False}, "ul li", "One"),
        ({"type": "call_to_action", "cta": {"label": "Go", "link": {"url": "https://example.org"}}}, "a.cta", "Go"),
        ({"type": "question", "question": "Why?", "answer": "<p>So.</p>"}, "section h3", "Why?"),
        ({"type": "question", "question": "Why?", "answer": "<p>So.</p>"}, "section p", "So."),
        ({"type": "table", "header": ["A"], "rows": [["1"]]}, "th[scope=col]", "A"),
        ({"type": "table", "header": [], "rows": [["1"]]}, "td", "1"),
        ({"type": "embed", "url": "https://example.org/v", "title": None}, "a", "https://example.org/v"),
        ({"type": "product_reference", "term": "product:so-1", "label": None}, ".card", "product:so-1"),
        ({"type": "item_reference", "key": "faq/a", "role": "related"}, ".card bdi", "faq/a"),
        ({"type": "legal_note", "text": "Terms apply."}, ".legal p", "Terms apply."),
    ],
)
def test_every_block_type_is_shown(block, selector, text):
    assert block_page(block).select_one(selector).text == text


def test_a_block_of_a_type_to_come_is_left_out():
    assert block_page({"type": "hologram"}).get_text(strip=True) == "Title"


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ({"kind": "text", "value": "Some"}, "Some"),
        ({"kind": "number", "value": 1.5}, "1.5"),
        ({"kind": "boolean", "value": True}, "✓"),
        ({"kind": "boolean", "value": False}, "–"),
        ({"kind": "date", "value": "2026-12-01"}, "2026-12-01"),
        ({"kind": "money", "value": {"amount": "12.50", "currency": "EUR"}}, "12.50 EUR"),
        ({"kind": "link", "value": {"kind": "ITEM", "key": "offer/a"}}, "offer/a"),
        ({"kind": "link", "value": {"kind": "URL", "url": "https://example.org"}}, "https://example.org"),
        ({"kind": "term", "value": ["product:a", "product:b"]}, "product:a, product:b"),
        ({"kind": "item", "value": ["offer/a"]}, "offer/a"),
        ({"kind": "text", "value": None}, ""),
    ],
)
def test_the_fields_of_the_type_are_listed_by_name(field, text):
    listed = page({"headline": "", "fields": [{"name": "field", **field}]}).dl

    assert (listed.dt.text, listed.dd.get_text(strip=True)) == ("field", text)


def test_images_of_a_field_and_named_texts_are_listed():
    listed = page(
        {
            "headline": "",
            "texts": [{"name": "teaser", "text": "Look"}],
            "fields": [{"name": "gallery", "kind": "image", "value": [IMAGE, IMAGE]}],
        }
    ).dl

    assert [term.text for term in listed.select("dt")] == ["teaser", "gallery"]
    assert len(listed.select("dd img")) == 2
