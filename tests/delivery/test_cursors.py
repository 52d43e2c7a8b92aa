import base64
from datetime import UTC, datetime

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contenthub.delivery.cursors import decode_cursor, digest, encode_cursor
from contenthub.delivery.refusals import BadCursor

QUESTION = digest(["en", "NEWEST"])
instants = st.datetimes(datetime(1, 1, 1), datetime(9999, 1, 1), timezones=st.just(UTC))
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))


@given(instants, st.integers(-(2**53), 2**53), texts)
def test_a_cursor_comes_back_as_it_was(instant, number, key):
    cursor = encode_cursor(QUESTION, (instant, number, key))

    assert decode_cursor(cursor, QUESTION, (datetime, int, str)) == (instant, number, key)


@given(st.text(max_size=40))
def test_any_other_text_is_refused(text):
    with pytest.raises(BadCursor):
        decode_cursor(text, QUESTION, (datetime, str))


@pytest.mark.parametrize(
    "content",
    [
        [QUESTION],
        [QUESTION, 1],
        [QUESTION, 1, "a", "b"],
        [QUESTION, "1", "a"],
        [QUESTION, True, "a"],
        [QUESTION, 1.5, "a"],
        [QUESTION, 1, None],
        [QUESTION, 2**62, "a"],
        [QUESTION, -(2**62), "a"],
        [QUESTION, 1, "a\x00"],
        ["another", 1, "a"],
        {"a": 1},
        None,
        7,
        "text",
    ],
)
def test_a_cursor_of_another_shape_is_refused(content):
    cursor = base64.urlsafe_b64encode(orjson.dumps(content)).decode()

    with pytest.raises(BadCursor):
        decode_cursor(cursor, QUESTION, (datetime, str))


def test_questions_that_differ_have_different_digests():
    assert digest(["en", None]) != digest(["en", []])
    assert digest([["a"], []]) != digest([[], ["a"]])
