import pytest
from django.core.exceptions import ValidationError

from contenthub.content.exchange.pictures import Pictures
from contenthub.content.exchange.streams import Lookups, body_of, link_of, stream_of, target_of
from taxonomy.changing import create_term
from taxonomy.snapshot import taxonomy_snapshot

pytestmark = pytest.mark.django_db


@pytest.fixture
def lookups(db):
    create_term("product:vpn", labels={"en": "VPN"})
    create_term("action:learn", labels={"en": "Learn"})
    return Lookups(taxonomy_snapshot(), Pictures())


BODY = [
    {"type": "heading", "key": "h2", "text": "Two"},
    {"type": "heading", "key": "h3", "text": "Three", "level": 3},
    {"type": "paragraph", "key": "p", "html": "<p>a <strong>b</strong></p>"},
    {"type": "quote", "key": "q", "text": "said", "source": "who"},
    {"type": "list", "key": "l", "items": ["a", "b"], "ordered": True},
    {"type": "list", "key": "k", "items": ["a", "b"], "item_keys": ["x", "item-1"], "ordered": False},
    {"type": "call_to_action", "key": "c", "label": "Go", "url": "https://example.org", "action": "action:learn"},
    {"type": "call_to_action", "key": "ci", "label": "Go", "item": "page/one"},
    {"type": "question", "key": "f", "question": "Why?", "answer": "<p>So.</p>"},
    {"type": "table", "key": "t", "header": ["a", "b"], "rows": [["1", ""], ["3", "4"]]},
    {"type": "table", "key": "t2", "rows": [["1"]]},
    {"type": "embed", "key": "e", "url": "https://example.org/film", "title": "Film"},
    {"type": "product_reference", "key": "pr", "term": "product:vpn", "label": "The VPN"},
    {"type": "item_reference", "key": "ir", "item": "page/one", "role": "related"},
    {"type": "legal_note", "key": "n", "text": "Terms apply."},
]


def test_a_body_comes_out_as_it_went_in(lookups):
    assert body_of(stream_of(BODY, lookups), lookups) == BODY


def test_a_block_without_a_key_gets_the_same_one_every_time(lookups):
    body = [{"type": "legal_note", "text": "a"}, {"type": "legal_note", "key": "k", "text": "b"}]

    assert [block["id"] for block in stream_of(body, lookups)] == ["block-1", "k"]


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ("text", "body, block 1: expected an object"),
        ({"type": "video"}, "body, block 1: unknown type 'video'"),
        ({"type": ["heading"]}, "body, block 1: unknown type ['heading']"),
        ({"type": "legal_note", "key": 5, "text": "a"}, "body, block 1: expected a key of 1 to 255 characters"),
        ({"type": "heading", "text": "a", "colour": "red"}, "body, block 1 (heading): unknown key colour"),
        ({"type": "heading", "text": "a", "level": 5}, "body, block 1 (heading): level must be 2, 3 or 4"),
        ({"type": "heading", "text": "a", "level": 2.0}, "body, block 1 (heading): level must be 2, 3 or 4"),
        ({"type": "heading", "text": " "}, "body, block 1 (heading): expected text in text"),
        ({"type": "heading", "text": "a" * 256}, "body, block 1 (heading): text is longer than 255 characters"),
        (
            {"type": "paragraph", "html": "<script>a</script>"},
            "body, block 1 (paragraph): The text holds markup that is not allowed: <script>. "
            "Allowed are paragraphs, headings, lists, emphasis and links.",
        ),
        ({"type": "list", "items": []}, "body, block 1 (list): expected a list of texts in items"),
        ({"type": "list", "items": ["a"], "ordered": "no"}, "body, block 1 (list): expected true or false in ordered"),
        *(
            (
                {"type": "list", "items": ["a", "b"], "item_keys": keys},
                "body, block 1 (list): expected in item_keys a key of its own for each of the items",
            )
            for keys in (None, "ab", ["a"], ["a", "a"], ["a", ""], ["a", 2], ["a", "b", "c"])
        ),
        (
            {"type": "table", "header": ["a"], "rows": [["1", "2"]]},
            "body, block 1 (table): expected a header and rows of texts, all of one length",
        ),
        ({"type": "table", "header": ["a"]}, "body, block 1 (table): expected lists in header and rows"),
        (
            {"type": "embed", "url": "http://example.org"},
            "body, block 1 (embed): expected an address that begins with https://",
        ),
        (
            {"type": "product_reference", "term": "product:x"},
            "body, block 1 (product_reference): unknown term product:x",
        ),
        (
            {"type": "product_reference", "term": "action:learn"},
            "body, block 1 (product_reference): action:learn is not a term of the facet product",
        ),
        ({"type": "image", "image": "a.png"}, "body, block 1 (image): expected an image with file and alt"),
    ],
)
def test_a_broken_block_is_named_by_its_place(lookups, block, message):
    with pytest.raises(ValidationError) as refusal:
        stream_of([block], lookups)

    assert refusal.value.messages == [message]


def test_two_blocks_cannot_have_one_key(lookups):
    with pytest.raises(ValidationError, match="body, block 2: the key a is used twice"):
        stream_of([{"type": "legal_note", "key": "a", "text": "x"}] * 2, lookups)


def test_links_come_out_as_they_went_in():
    for target in ({}, {"url": "https://example.org/"}, {"item": "page/one"}):
        assert target_of(link_of(target)) == target
