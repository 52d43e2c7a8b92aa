"""Lengths as channels count them; vectors from UAX #29, UAX #11 and UTS #51."""

import pytest

from channels.codes import Measure
from channels.measuring import count_graphemes, count_seconds, count_width, count_words, measure


@pytest.mark.parametrize(
    ("text", "graphemes", "width"),
    [
        ("", 0, 0),
        ("abc", 3, 3),
        ("e\u0301", 1, 1),  # a letter with a combining mark
        ("👍🏽", 1, 2),  # with a skin tone
        ("👨‍👩‍👧‍👦", 1, 2),  # joined with U+200D
        ("🇯🇵🇰🇷", 2, 4),  # flags are pairs of regional indicators
        ("1️⃣", 1, 2),  # a keycap
        ("\u1112\u1161\u11ab", 1, 2),  # a Hangul syllable of three jamo
        ("한국어", 3, 6),
        ("นี่", 1, 1),  # a Thai consonant with vowel and tone above it
        ("กำ", 1, 2),
        ("日本語", 3, 6),
        ("ｶﾀｶﾅ", 4, 4),  # halfwidth
        ("ＡＢ", 2, 4),  # fullwidth
        ("مرحبا", 5, 5),
        ("\r\n", 1, 0),
        ("ab\n日本", 5, 4),  # the widest line counts
    ],
)
def test_characters_and_columns(text, graphemes, width):
    assert (count_graphemes(text), count_width(text)) == (graphemes, width)


@pytest.mark.parametrize(
    ("text", "words", "seconds"),
    [
        ("", 0, 0),
        ("  … — !", 0, 0),
        ("It's done.", 2, 1),
        ("one two three four five", 5, 2),
        ("in 3.5 days", 3, 2),
        ("今日は晴れです", 7, 2),
        ("안녕하세요 여러분", 2, 2),
        ("مرحبا بكم", 2, 1),
        ("a " * 150, 150, 60),
        ("あ" * 300, 300, 60),
    ],
)
def test_words_and_speech(text, words, seconds):
    assert (count_words(text), count_seconds(text)) == (words, seconds)


@pytest.mark.parametrize("by", Measure)
def test_every_measure_counts_any_text(by):
    assert measure("", by) <= 1
    assert measure("Grüße aus 京都 😀\ud800\x00", by) >= 1


def test_measures_differ():
    counted = {by.value: measure("Grüße 😀", by) for by in Measure}

    assert counted == {
        "characters": 7,
        "graphemes": 7,
        "bytes": 12,
        "width": 8,
        "words": 1,
        "seconds": 1,
        "sms_segments": 1,
    }
