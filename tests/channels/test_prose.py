import pytest

from channels.codes import TextFormat
from channels.prose import body_text, spoken_text

IMAGE = {"url": "/m/a b.webp", "alt": 'A "bike"', "caption": None, "width": 800, "height": 600}
URL = {"kind": "URL", "url": "https://example.org/?a=1&b=2"}
ITEM = {"kind": "ITEM", "key": "offer"}
MAIL = {"kind": "EMAIL", "url": "mailto:a@example.org"}


def cta(label, link):
    return {"type": "call_to_action", "id": "c", "cta": {"label": label, "link": link, "action": None}}


@pytest.mark.parametrize(
    ("block", "html", "markdown", "plain"),
    [
        ({"type": "heading", "text": "A < B", "level": 3}, "<h3>A &lt; B</h3>", r"### A \< B", "A < B"),
        ({"type": "rich_text", "html": "<p>a <b>b</b></p>"}, "<p>a <b>b</b></p>", "a **b**", "a b"),
        (
            {"type": "image", "image": IMAGE, "caption": "On <tour>"},
            '<figure><img src="/m/a b.webp" alt="A &quot;bike&quot;" width="800" height="600">'
            "<figcaption>On &lt;tour&gt;</figcaption></figure>",
            '![A "bike"](/m/a%20b.webp)\n\nOn \\<tour\\>',
            "On <tour>",
        ),
        (
            {"type": "image", "image": IMAGE, "caption": None},
            '<figure><img src="/m/a b.webp" alt="A &quot;bike&quot;" width="800" height="600"></figure>',
            '![A "bike"](/m/a%20b.webp)',
            'A "bike"',
        ),
        (
            {"type": "quote", "text": "Yes.\nReally.", "source": "Ann & Bo"},
            "<blockquote><p>Yes.<br>Really.</p><footer>Ann &amp; Bo</footer></blockquote>",
            "> Yes.\\\n> Really.\n>\n> — Ann \\& Bo",
            "“Yes.\nReally.”\n— Ann & Bo",
        ),
        (
            {"type": "list", "items": ["a & b", "c\nd"], "ordered": False},
            "<ul><li>a &amp; b</li><li>c\nd</li></ul>",
            "- a \\& b\n- c d",
            "- a & b\n- c d",
        ),
        (
            {"type": "list", "items": ["a", "b"], "ordered": True},
            "<ol><li>a</li><li>b</li></ol>",
            "1. a\n2. b",
            "1. a\n2. b",
        ),
        (
            cta("Buy [now]", URL),
            '<p><a href="https://example.org/?a=1&amp;b=2">Buy [now]</a></p>',
            r"[Buy \[now\]](https://example.org/?a=1&b=2)",
            "Buy [now]: https://example.org/?a=1&b=2",
        ),
        (cta("Offer", ITEM), '<p><a href="item:offer">Offer</a></p>', "[Offer](item:offer)", "Offer"),
        (
            cta("Write", MAIL),
            '<p><a href="mailto:a@example.org">Write</a></p>',
            "[Write](mailto:a@example.org)",
            "Write: a@example.org",
        ),
        (cta("Nowhere", None), None, None, None),
        (
            {"type": "question", "question": "Why?", "answer": "<p>So.</p>"},
            "<h3>Why?</h3><p>So.</p>",
            "### Why?\n\nSo.",
            "Why?\nSo.",
        ),
        (
            {"type": "table", "header": ["a", "b"], "rows": [["1|2", "<3>"], ["4"]]},
            "<table><thead><tr><th>a</th><th>b</th></tr></thead>"
            "<tbody><tr><td>1|2</td><td>&lt;3&gt;</td></tr><tr><td>4</td></tr></tbody></table>",
            "| a | b |\n| --- | --- |\n| 1\\|2 | \\<3\\> |\n| 4 |  |",
            "a | b\n1|2 | <3>\n4",
        ),
        (
            {"type": "table", "header": [], "rows": [["1"]]},
            "<table><tbody><tr><td>1</td></tr></tbody></table>",
            "|  |\n| --- |\n| 1 |",
            "1",
        ),
        (
            {"type": "embed", "url": "https://example.org/v", "title": "Film"},
            '<p><a href="https://example.org/v">Film</a></p>',
            "[Film](https://example.org/v)",
            "Film: https://example.org/v",
        ),
        ({"type": "product_reference", "term": "product:x", "label": None}, "<p>X</p>", "X", "X"),
        ({"type": "product_reference", "term": "product:x", "label": "Mine"}, "<p>Mine</p>", "Mine", "Mine"),
        ({"type": "item_reference", "key": "offer", "role": "related"}, None, None, None),
        (
            {"type": "legal_note", "text": "* Terms\napply"},
            "<p><small>* Terms<br>apply</small></p>",
            "\\* Terms\\\napply",
            "* Terms\napply",
        ),
    ],
)
def test_each_block_reads_the_same_in_every_form(block, html, markdown, plain):
    forms = {form: body_text([block], form, {"product:x": "X"}.__getitem__) for form in TextFormat}

    assert forms == {TextFormat.HTML: html, TextFormat.MARKDOWN: markdown, TextFormat.PLAIN: plain}


def test_blocks_are_parted_and_no_block_is_no_text():
    blocks = [{"type": "heading", "text": "One", "level": 2}, {"type": "legal_note", "text": "Two"}]

    assert body_text(blocks, TextFormat.HTML, str) == "<h2>One</h2>\n<p><small>Two</small></p>"
    assert body_text(blocks, TextFormat.MARKDOWN, str) == "## One\n\nTwo"
    assert body_text(blocks, TextFormat.PLAIN, str) == "One\n\nTwo"
    assert body_text([], TextFormat.HTML, str) is None


@pytest.mark.parametrize(
    ("block", "spoken"),
    [
        ({"type": "heading", "text": "A\nB", "level": 3}, "A B"),
        ({"type": "rich_text", "html": '<p>a <a href="https://example.org">b</a><br>c</p><p>d</p>'}, "a b c\n\nd"),
        ({"type": "image", "image": IMAGE, "caption": None}, 'A "bike"'),
        ({"type": "quote", "text": "Yes.\nReally.", "source": "Ann"}, "Yes. Really.\nAnn"),
        ({"type": "list", "items": ["a\nb", "c"], "ordered": True}, "a b\nc"),
        (cta("Buy", URL), "Buy"),
        (cta("Nowhere", None), ""),
        ({"type": "question", "question": "Why?", "answer": "<p>So.</p>"}, "Why?\n\nSo."),
        ({"type": "table", "header": [], "rows": [["1", " ", "2"], [""]]}, "1, 2"),
        ({"type": "embed", "url": "https://example.org/v", "title": None}, ""),
        ({"type": "item_reference", "key": "offer", "role": "related"}, ""),
    ],
)
def test_each_block_is_read_aloud_without_marks_and_addresses(block, spoken):
    assert spoken_text([block], str) == spoken
