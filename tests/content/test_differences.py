"""What went and what came between two texts."""

import pytest

from contenthub.content.differences import difference


@pytest.mark.parametrize(
    ("then", "now", "shown"),
    [
        ("Save 10 % today", "Save 20 % today", "Save -10+20 % today"),
        ("春の特価", "夏の特価", "-春+夏の特価"),
        ("새로운 봄", "새로운 여름", "새로운 -봄+여름"),
        ("", "New", "+New"),
        ("Gone", "", "-Gone"),
        ("Same", "Same", "Same"),
    ],
)
def test_words_are_compared_and_signs_where_there_are_no_spaces(then, now, shown):
    html = str(difference(then, now))

    html = html.replace('<del class="deletion">', "-").replace('<ins class="addition">', "+")
    assert html.replace("</del>", "").replace("</ins>", "") == shown


def test_texts_are_escaped():
    assert "<script>" not in difference("<script>", "<b onclick=x>")
