from tests.api.test_items import BASE, IMAGE
from tests.delivery.published import project, publish, text

LINK = {"kind": "URL", "url": "https://example.org/"}
BLOCKS = [
    {"type": "heading", "id": "1", "text": "First", "level": 2},
    {"type": "rich_text", "id": "2", "html": "<p>Some <b>bold</b> text</p>"},
    {"type": "image", "id": "3", "image": IMAGE, "caption": "On the road"},
    {"type": "quote", "id": "4", "text": "Yes", "source": None},
    {"type": "list", "id": "5", "items": ["a", "b"], "ordered": True},
    {"type": "call_to_action", "id": "6", "cta": {"label": "Go", "link": LINK, "action": None}},
    {"type": "question", "id": "7", "question": "Why?", "answer": "<p>Because.</p>"},
    {"type": "table", "id": "8", "header": ["x"], "rows": [["1"], ["2"]]},
    {"type": "embed", "id": "9", "url": "https://example.org/v", "title": None},
    {"type": "product_reference", "id": "10", "term": "product:vpn", "label": None},
    {"type": "item_reference", "id": "11", "key": "other", "role": "related"},
    {"type": "item_reference", "id": "12", "key": "gone", "role": "related"},
    {"type": "legal_note", "id": "13", "text": "Terms apply."},
    {"type": "call_to_action", "id": "14", "cta": {"label": "Nowhere", "link": None, "action": None}},
    {"type": "of a later version", "id": "15"},
]


def test_each_block_has_a_type_of_its_own(hub, ask):
    publish(project("other", {"en": text("Other")}), project("item", {"en": text(blocks=BLOCKS)}))

    blocks = ask("""{
      item(key: "item") {
        blocks {
          __typename id
          ... on HeadingBlock { text level }
          ... on RichTextBlock { html markdown: html(format: MARKDOWN) plain: html(format: PLAIN) }
          ... on ImageBlock { image { url } caption }
          ... on QuoteBlock { text source }
          ... on ListBlock { items ordered }
          ... on CallToActionBlock { callToAction { label link { url } } }
          ... on QuestionBlock { question answer }
          ... on TableBlock { header rows }
          ... on EmbedBlock { url title }
          ... on ProductReferenceBlock { term { code } label }
          ... on ItemReferenceBlock { item { headline } role }
          ... on LegalNoteBlock { text }
        }
      }
    }""")["item"]["blocks"]

    assert blocks == [
        {"__typename": "HeadingBlock", "id": "1", "text": "First", "level": 2},
        {
            "__typename": "RichTextBlock",
            "id": "2",
            "html": "<p>Some <b>bold</b> text</p>",
            "markdown": "Some **bold** text",
            "plain": "Some bold text",
        },
        {
            "__typename": "ImageBlock",
            "id": "3",
            "image": {"url": f"{BASE}/media/a.webp"},
            "caption": "On the road",
        },
        {"__typename": "QuoteBlock", "id": "4", "text": "Yes", "source": None},
        {"__typename": "ListBlock", "id": "5", "items": ["a", "b"], "ordered": True},
        {
            "__typename": "CallToActionBlock",
            "id": "6",
            "callToAction": {"label": "Go", "link": {"url": "https://example.org/"}},
        },
        {"__typename": "QuestionBlock", "id": "7", "question": "Why?", "answer": "<p>Because.</p>"},
        {"__typename": "TableBlock", "id": "8", "header": ["x"], "rows": [["1"], ["2"]]},
        {"__typename": "EmbedBlock", "id": "9", "url": "https://example.org/v", "title": None},
        {"__typename": "ProductReferenceBlock", "id": "10", "term": {"code": "product:vpn"}, "label": None},
        {"__typename": "ItemReferenceBlock", "id": "11", "item": {"headline": "Other"}, "role": "related"},
        {"__typename": "ItemReferenceBlock", "id": "12", "item": None, "role": "related"},
        {"__typename": "LegalNoteBlock", "id": "13", "text": "Terms apply."},
    ]


def test_the_body_is_one_text_in_the_form_asked_for(hub, ask):
    blocks = [BLOCKS[0], BLOCKS[1], BLOCKS[2], BLOCKS[9]]
    publish(project("item", {"en": text(blocks=blocks)}))

    item = ask("""{
      item(key: "item", context: {locale: "de"}) {
        html: body markdown: body(format: MARKDOWN) plain: body(format: PLAIN)
      }
    }""")["item"]

    assert item == {
        "html": "<h2>First</h2>\n<p>Some <b>bold</b> text</p>\n"
        f'<figure><img src="{BASE}/media/a.webp" alt="A bicycle" width="800" height="600">'
        "<figcaption>On the road</figcaption></figure>\n<p>product:vpn auf Deutsch</p>",
        "markdown": "## First\n\nSome **bold** text\n\n"
        f"![A bicycle]({BASE}/media/a.webp)\n\nOn the road\n\nproduct:vpn auf Deutsch",
        "plain": "First\n\nSome bold text\n\nOn the road\n\nproduct:vpn auf Deutsch",
    }
