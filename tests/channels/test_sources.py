"""What editors write to feed a field."""

import pytest

from channels.codes import Shape
from channels.sources import UnreadableSource, choose, parse_source, refuse_unfit


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


@pytest.mark.parametrize(
    ("source", "shape"),
    [
        ("", Shape.IMAGE),
        ("image | field:photo", Shape.IMAGE),
        ("link | text:link | field:x", Shape.LINK),
        ("image", Shape.HTML),
        ("image", "round"),
    ],
)
def test_what_may_hold_a_shape_feeds_it(source, shape):
    refuse_unfit(parse_source(source), shape)


@pytest.mark.parametrize(
    ("source", "shape", "told"),
    [
        ("headline", Shape.IMAGE, "'headline' cannot feed a field of the shape picture."),
        ("image | text:photo", Shape.IMAGE, "'text:photo' cannot feed a field of the shape picture."),
        ("link | link_label", Shape.LINK, "'link_label' cannot feed a field of the shape link."),
    ],
)
def test_what_never_holds_a_shape_is_refused(source, shape, told):
    with pytest.raises(UnreadableSource) as refused:
        refuse_unfit(parse_source(source), shape)

    assert str(refused.value) == told
