import html as html_text

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.codes import TextFormat
from channels.markup import as_format, as_markdown, as_plain, escape_markdown


@pytest.mark.parametrize(
    ("html", "markdown", "plain"),
    [
        ("", "", ""),
        ("<p>One</p><p>Two</p>", "One\n\nTwo", "One\n\nTwo"),
        ("<p>A &lt;b&gt; &amp; c</p>", r"A \<b\> \& c", "A <b> & c"),
        ("<p>a<br>b<br/>c</p>", "a\\\nb\\\nc", "a\nb\nc"),
        ("<p>A <b>bold</b> and <i>slanted</i> word</p>", "A **bold** and *slanted* word", "A bold and slanted word"),
        ("<p>A<strong> spaced </strong>word</p>", "A **spaced** word", "A spaced word"),
        (
            '<p>See <a href="https://example.org/a_b">the <b>page</b></a>.</p>',
            "See [the **page**](https://example.org/a_b).",
            "See the page (https://example.org/a_b).",
        ),
        (
            '<p><a href="https://example.org">https://example.org</a></p>',
            "[https://example.org](https://example.org)",
            "https://example.org",
        ),
        ('<p><a href="https://e.org/a(b) c">x</a></p>', "[x](https://e.org/a%28b%29%20c)", "x (https://e.org/a(b) c)"),
        ("<h2>Title</h2><p>Text</p>", "## Title\n\nText", "Title\n\nText"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b", "- a\n- b"),
        ("<ol><li>a</li><li><p>b</p><p>c</p></li></ol>", "1. a\n2. b\n\n   c", "1. a\n2. b\n\n   c"),
        (
            "<ul><li>a<ol><li>b</li></ol></li><li>c</li></ul>",
            "- a\n\n  1. b\n- c",
            "- a\n\n  1. b\n- c",
        ),
        ("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b", "a\n\nb"),
        ("<p>a</p><hr><p>b</p>", "a\n\n---\n\nb", "a\n\nb"),
        ("<p>Use <code>a`b</code></p>", "Use ``a`b``", "Use a`b"),
        ("<p>H<sub>2</sub>O and <u>more</u></p>", "H<sub>2</sub>O and <u>more</u>", "H2O and more"),
        ("<p># no heading</p>", r"\# no heading", "# no heading"),
        ("<p>1. no list</p>", r"1\. no list", "1. no list"),
        ("<p>2026 is a year</p>", "2026 is a year", "2026 is a year"),
        ("<p>- no entry</p>", r"\- no entry", "- no entry"),
        (
            "Loose <b>text</b><p>and a paragraph</p>",
            "Loose **text**\n\nand a paragraph",
            "Loose text\n\nand a paragraph",
        ),
        ("<p>重要：<b>「今日」</b>です</p>", "重要：<strong>「今日」</strong>です", "重要：「今日」です"),
        ("<p>これは<b>重要</b>です</p>", "これは**重要**です", "これは重要です"),
    ],
)
def test_rich_text_reads_the_same_in_every_form(html, markdown, plain):
    assert as_format(html, TextFormat.HTML) == html
    assert as_format(html, TextFormat.MARKDOWN) == markdown
    assert as_format(html, TextFormat.PLAIN) == plain


words = st.text(st.sampled_from(list("ab1 .)#*_`[]<>&~|\\+-=!\"'")), min_size=1, max_size=12)


@settings(max_examples=150, deadline=None)
@given(st.lists(words.filter(str.strip), min_size=1, max_size=3))
def test_markdown_shows_every_character_as_it_is(paragraphs):
    markdown_it = pytest.importorskip("markdown_it")
    html = "".join(f"<p>{html_text.escape(text)}</p>" for text in paragraphs)

    shown = markdown_it.MarkdownIt("commonmark").render(as_markdown(html))

    assert as_plain(shown) == as_plain(html)
    assert shown.count("<p>") == len(paragraphs)


@settings(max_examples=100, deadline=None)
@given(words, words, words)
def test_emphasis_survives_whatever_stands_around_it(before, inside, after):
    markdown_it = pytest.importorskip("markdown_it")
    html = f"<p>x{html_text.escape(before)}<b>{html_text.escape(inside)}</b>{html_text.escape(after)}x</p>"

    shown = markdown_it.MarkdownIt("commonmark").render(as_markdown(html))

    assert shown.count("<strong>") == bool(inside.strip())
    assert as_plain(shown) == as_plain(html)


@settings(max_examples=50, deadline=None)
@given(words)
def test_escaped_text_is_one_paragraph(text):
    markdown_it = pytest.importorskip("markdown_it")

    shown = markdown_it.MarkdownIt("commonmark").render(escape_markdown(text.strip() or "x"))

    assert as_plain(shown) == " ".join((text.strip() or "x").split())
