"""What editors write to feed a field."""

import pytest

from channels.sources import UnreadableSource, choose, parse_source


@pytest.mark.parametrize(
    ("written", "parsed"),
    [
        ("", ()),
        ("  ", ()),
        ("headline", (("headline",),)),
        ("text:push_title|headline", (("text:push_title",), ("headline",))),
        (" summary + link | field:promo_code ", (("summary", "link"), ("field:promo_code",))),
    ],
)
def test_a_source_is_read(written, parsed):
    assert parse_source(written) == parsed


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("title", "'title' is none of headline, summary, body, link, link_label, image, legal, text:NAME"),
        ("text:", "'text:' is none of"),
        ("text:Push Title", "'text:Push Title' is none of"),
        ("headline |", "Something is missing beside a + or a |."),
        ("+ headline", "Something is missing beside a + or a |."),
    ],
)
def test_a_source_that_names_nothing_known_is_refused(written, told):
    with pytest.raises(UnreadableSource, match="^" + told.replace("|", r"\|").replace("+", r"\+")):
        parse_source(written)


def test_the_first_alternative_with_something_in_front_is_taken_and_gaps_behind_are_left_out():
    there = {"summary": "S", "link": None, "headline": "H"}
    asked = parse_source("text:sms + link | summary + link + headline | headline")

    assert choose(asked, there.get) == ["S", "H"]
    assert choose(parse_source("link + headline"), there.get) == []
