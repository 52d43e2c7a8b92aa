"""Two texts beside each other, as one in which what went and what came is marked."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

# Scripts without spaces between words are compared sign by sign, others word by word.
_TOKEN = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]|\w+|\s+|.")


def difference(then: str, now: str) -> SafeString:
    """Return HTML of ``now`` with what it lacks of ``then`` in ``del`` and what it has besides in ``ins``."""
    return format_html_join("", "{}", ((part,) for part in _parts(_TOKEN.findall(then), _TOKEN.findall(now))))


def _parts(then: list[str], now: list[str]) -> Iterator[SafeString | str]:
    for kind, begin, end, start, stop in SequenceMatcher(None, then, now, autojunk=False).get_opcodes():
        gone, come = "".join(then[begin:end]), "".join(now[start:stop])
        if kind == "equal":
            yield come
            continue
        if gone:
            yield format_html('<del class="deletion">{}</del>', gone)
        if come:
            yield format_html('<ins class="addition">{}</ins>', come)
