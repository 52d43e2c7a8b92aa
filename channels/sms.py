"""How many parts an SMS is sent in (3GPP TS 23.038 6.2.1, TS 23.040 9.2.3.24.1).

A text of the GSM 7-bit alphabet has 160 septets in one part and 153 in each of several; any other text is sent in
UCS-2 with 70 code units, or 67. A character of the extension table takes two septets, one beyond the Basic
Multilingual Plane two code units; neither is cut in two.
"""

from collections.abc import Iterable
from typing import NamedTuple

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("\f^{}\\[~]|€")


class SmsCount(NamedTuple):
    """What a text costs: ``units`` are septets or UTF-16 code units, ``left`` those still free in the last part."""

    is_gsm: bool
    units: int
    segments: int
    left: int


def count_sms(text: str) -> SmsCount:
    """Return how a text is sent.

    >>> count_sms("Hello €"), count_sms("こんにちは")
    (SmsCount(is_gsm=True, units=8, segments=1, left=152), SmsCount(is_gsm=False, units=5, segments=1, left=65))
    """
    is_gsm = all(character in BASIC or character in EXTENSION for character in text)
    sizes = [2 if (character in EXTENSION if is_gsm else ord(character) > 0xFFFF) else 1 for character in text]
    alone, joined = (160, 153) if is_gsm else (70, 67)
    if sum(sizes) <= alone:
        return SmsCount(is_gsm, sum(sizes), 1, alone - sum(sizes))
    segments, used = _fill(sizes, joined)
    return SmsCount(is_gsm, sum(sizes), segments, joined - used)


def _fill(sizes: Iterable[int], room: int) -> tuple[int, int]:
    """Return how many parts of ``room`` units are needed, and what the last one holds."""
    segments, used = 1, 0
    for size in sizes:
        if used + size > room:
            segments, used = segments + 1, 0
        used += size
    return segments, used
