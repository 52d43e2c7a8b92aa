"""How long a text is, counted the way its channel counts. Pure functions on text without markup."""

import math
from collections.abc import Callable

import regex
import wcwidth

from channels.codes import Measure
from channels.sms import count_sms

WORDS_PER_SECOND = 2.5  # read aloud at a calm pace, 150 a minute
SYLLABLES_PER_SECOND = 5.0  # of scripts written without spaces, and Hangul: 300 characters a minute

_GRAPHEME = regex.compile(r"\X")
_WORD_PARTS = regex.compile(r"(?w)\b")
_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}ー\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_SYLLABLE = regex.compile(rf"(?V1)[[{_UNSPACED}\p{{Hangul}}]&&\p{{L}}]")
_SPOKEN = regex.compile(r"[\p{L}\p{N}]")


def measure(text: str, by: Measure) -> int:
    """Return the length of ``text``; seconds are rounded up."""
    return _MEASURES[by](text)


def count_graphemes(text: str) -> int:
    """Return what a reader would call characters (extended grapheme clusters, UAX #29).

    >>> count_graphemes("👩‍👩‍👧é각")
    3
    """
    return len(_GRAPHEME.findall(text))


def count_width(text: str) -> int:
    """Return the columns that the widest line takes; wide characters take two (UAX #11).

    >>> count_width("abc"), count_width("日本"), count_width("ｶﾅ")
    (3, 4, 2)
    """
    widths = (sum(max(0, wcwidth.wcswidth(part)) for part in _GRAPHEME.findall(line)) for line in text.splitlines())
    return max(widths, default=0)


def count_words(text: str) -> int:
    """Return the words (UAX #29); of scripts written without spaces each character counts.

    >>> count_words("It's twenty-one o'clock."), count_words("今日は")
    (4, 3)
    """
    return sum(1 for part in _WORD_PARTS.split(text) if _SPOKEN.search(part))


def count_seconds(text: str) -> int:
    """Return how long a text takes to be read aloud, in whole seconds, rounded up."""
    syllables = len(_SYLLABLE.findall(text))
    words = count_words(_SYLLABLE.sub(" ", text))
    return math.ceil(round(words / WORDS_PER_SECOND + syllables / SYLLABLES_PER_SECOND, 6))


_MEASURES: dict[Measure, Callable[[str], int]] = {
    Measure.CHARACTERS: len,
    Measure.GRAPHEMES: count_graphemes,
    Measure.BYTES: lambda text: len(text.encode("utf-8", "surrogatepass")),
    Measure.WIDTH: count_width,
    Measure.WORDS: count_words,
    Measure.SECONDS: count_seconds,
    Measure.SMS_SEGMENTS: lambda text: count_sms(text).segments,
}
