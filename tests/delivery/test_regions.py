"""Texts for a region over those of its language, against the plain way: field by field, instant by instant."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from contenthub.delivery.regions import in_region
from tests.delivery.published import NOW, text

HALF_DAY = timedelta(hours=12)
LAST = 10


def day(number):
    return NOW + timedelta(days=number)


def whole(head, body, fields):
    """Return a text as a flat mapping of what it says, what is empty left out."""
    said = {name: head[name] for name in ("headline", "summary", "cta", "image") if head[name]}
    said |= {f"texts.{one['name']}": one["text"] for one in head["texts"]}
    said |= {f"fields.{one['name']}": one["value"] for one in fields}
    return said | ({"body": body["blocks"]} if body["blocks"] else {})


@st.composite
def saying(draw, mark, *, start, end):
    """Return a text that says some of its fields, each in a way of its own."""
    says = draw(st.sets(st.sampled_from(["headline", "summary", "cta", "body", "push", "sms", "price"])))
    return text(
        f"{mark} headline" if "headline" in says else "",
        summary=mark if "summary" in says else None,
        cta={"label": mark, "link": None, "action": None} if "cta" in says else None,
        blocks=[{"type": "heading", "id": mark, "text": mark, "level": 2}] if "body" in says else (),
        texts={name: mark for name in ("push", "sms") if name in says},
        fields=[{"name": "price", "kind": "text", "value": mark, "place": 0}] if "price" in says else (),
        slug=mark if draw(st.booleans()) else "",
        is_stale=draw(st.booleans()),
        start=start,
        end=end,
    )


@st.composite
def over_time(draw, mark):
    ends = sorted(draw(st.lists(st.integers(0, LAST), max_size=4, unique=True)))
    return [draw(saying(f"{mark}{start}", start=day(start), end=day(end))) for start, end in pairwise(ends)]


@given(own=over_time("CH"), languages=st.lists(st.sampled_from(["419", "de"]).flatmap(over_time), max_size=2))
def test_at_every_instant_each_field_is_the_nearest_text_s_that_says_it(own, languages):
    answers = [answer for one in own for answer in in_region(one, languages)]

    for before, after in pairwise(answers):
        assert before.end <= after.start
    for number in range(2 * LAST + 2):
        instant = NOW + number * HALF_DAY
        on_air = [next((one for one in found if one.start <= instant < one.end), None) for found in (own, *languages)]
        said, is_on_air = {}, on_air[0] is not None
        for one in reversed([one for one in on_air if one]):
            said |= whole(one.head, one.body, one.fields)
        got = next((one for one in answers if one.start <= instant < one.end), None)
        if not is_on_air or "headline" not in said:
            assert got is None
            continue
        assert whole(got.head, got.body, got.fields) == said
        assert got.slug == next((one.slug for one in on_air if one and one.slug), "")
        assert got.is_stale == any(one.is_stale for one in on_air if one)
        assert got.published_at == on_air[0].published_at


def test_short_texts_keep_the_order_of_the_language():
    german = text("Deutsch", texts={"push": "Los", "sms": "Kurz"})
    swiss = text("", texts={"sms": "Churz", "whatsapp": "Hoi"})

    (answer,) = in_region(swiss, [[german]])

    names = [(one["name"], one["text"]) for one in answer.head["texts"]]
    assert names == [("push", "Los"), ("sms", "Churz"), ("whatsapp", "Hoi")]
    assert answer.head["headline"] == "Deutsch"
