import pytest
from django.core.exceptions import ValidationError

from contenthub.content.richtext import clean_html, validate_html


@pytest.mark.parametrize(
    "html",
    [
        "<p>Plain</p>",
        "no tags at all",
        "<P>a<BR />b<br>c</P>",
        "<p>5 < 6 &amp; 7 &nbsp;&lt;script&gt;</p>",
        "<p data-block-key='x1y2z'>from the editor</p>",
        "<p><a href=\"https://example.org/?a=1&b=2\">a</a> <a href='mailto:a@b.org'>b</a></p>",
        '<p><a href="tel:+49301">c</a></p>',
        '<p><a href="/relative">a</a></p>',
        "<ul><li>one<li>two</ul><ol><li>x</li></ol><h2>H</h2><blockquote>q</blockquote><hr>",
        "<p><b>b</b><i>i</i><u>u</u><s>s</s><sub>1</sub><sup>2</sup><code>c</code></p>",
    ],
)
def test_neutral_markup_passes_however_it_is_spelled(html):
    validate_html(html)


@pytest.mark.parametrize(
    ("html", "named"),
    [
        ("<script>alert(1)</script>", "<script>"),
        ("<p onclick='x()'>a</p>", "onclick in <p>"),
        ("<p style='color: red'>a</p>", "style in <p>"),
        ("<p><img src=x onerror=alert(1)></p>", "<img>"),
        ("<svg/onload=alert(1)>", "<svg>"),
        ("<iframe src='https://example.org'></iframe>", "<iframe>"),
        ('<a href="javascript:alert(1)">a</a>', "the address javascript:alert(1)"),
        ('<a href="&#106;ava&#x9;script:alert(1)">a</a>', "the address java\tscript:alert(1)"),
        ('<a href=" JAVASCRIPT:alert(1)">a</a>', "the address  JAVASCRIPT:alert(1)"),
        ('<a href="data:text/html,x">a</a>', "the address data:text/html,x"),
        ("<p><a>a</a></p>", "a link whose address cannot be followed"),
        ('<p><a linktype="page" id="3">a</a></p>', "a link whose address cannot be followed"),
        ("<b>" * 41 + "x" + "</b>" * 41, "elements more than 40 deep within each other"),
        ('<a href="https://example.org" target="_blank">a</a>', "target in <a>"),
        ("<p>a</p><!-- b -->", "a comment"),
        ("<!doctype html><p>a</p>", "a declaration"),
        ("<?php echo 1 ?>", "an instruction"),
        ("a</div>", "</div>"),
    ],
)
def test_anything_else_is_refused_and_named(html, named):
    with pytest.raises(ValidationError) as refusal:
        validate_html(html)

    assert refusal.value.messages[0].startswith(f"The text holds markup that is not allowed: {named}. ")


def test_cleaning_leaves_neutral_markup_only():
    html = '<p onclick="x" data-block-key="k">a <b>b</b><script>c</script><a href="javascript:d">e</a></p>'

    assert clean_html(html) == "<p>a <b>b</b><a>e</a></p>"
