"""SMS parts: the tables and sizes of 3GPP TS 23.038."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.sms import BASIC, EXTENSION, count_sms


def test_the_tables_have_the_size_of_the_standard():
    assert len(BASIC) == 127  # 128 places, of which one is the escape to the extension table
    assert len(EXTENSION) == 10


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", (True, 0, 1, 160)),
        ("a" * 160, (True, 160, 1, 0)),
        ("a" * 161, (True, 161, 2, 145)),
        ("a" * 306, (True, 306, 2, 0)),
        ("a" * 307, (True, 307, 3, 152)),
        ("€" * 80, (True, 160, 1, 0)),
        ("a" * 152 + "€" + "a" * 7, (True, 161, 2, 144)),  # the euro sign is not cut: one septet stays free
        ("ç", (False, 1, 1, 69)),  # only the capital is in the alphabet
        ("Ç", (True, 1, 1, 159)),
        ("あ" * 70, (False, 70, 1, 0)),
        ("あ" * 71, (False, 71, 2, 63)),
        ("あ" * 134, (False, 134, 2, 0)),
        ("あ" * 135, (False, 135, 3, 66)),
        ("😀" * 35, (False, 70, 1, 0)),
        ("a" * 66 + "😀" + "a" * 4, (False, 72, 2, 61)),  # the pair is not cut: one unit stays free
        ("a" * 159 + "’", (False, 160, 3, 41)),  # one typographic apostrophe makes two parts more
    ],
)
def test_a_text_is_counted_as_it_is_sent(text, expected):
    assert tuple(count_sms(text)) == expected


@given(st.text(alphabet=st.sampled_from("aé€[ ~あ😀\n"), max_size=400))
def test_parts_hold_what_there_is_and_no_part_fewer_would(text):
    count = count_sms(text)
    joined = 153 if count.is_gsm else 67

    assert count.segments == 1 or count.units <= count.segments * joined
    assert count.segments == 1 or count.units > (count.segments - 1) * (joined - 1)
    assert count.left >= 0
