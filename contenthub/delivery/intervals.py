"""Which publication answers a request for a locale, over time: a pure function."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Protocol


class Window(Protocol):
    """Anything that is on air from ``start`` until just before ``end``."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class Interval:
    """That requests from ``start`` until just before ``end`` are answered with ``window`` of ``locale``."""

    start: datetime
    end: datetime
    locale: str
    window: Window


def served_intervals(
    chain: Sequence[str], windows: Mapping[str, Sequence[Window]], *, embargoed_until: datetime | None = None
) -> list[Interval]:
    """Return the intervals in which ``chain[0]`` is answered, in order; they never overlap.

    At every instant the first locale of the chain that is on air answers. Before ``embargoed_until``, the first
    publication of ``chain[0]`` itself, nothing does: an embargo holds against fallback too. The windows of one
    locale must not overlap.
    """
    found: list[Interval] = []
    instants = sorted({instant for code in chain for window in windows.get(code, ()) for instant in _ends(window)})
    if embargoed_until and instants and embargoed_until not in instants:
        instants = sorted([*instants, embargoed_until])
    for start, end in pairwise(instants):
        if embargoed_until and start < embargoed_until:
            continue
        answer = _first_on_air(chain, windows, start)
        if answer is None:
            continue
        locale, window = answer
        last = found[-1] if found else None
        if last and last.end == start and last.window is window:
            found[-1] = Interval(last.start, end, locale, window)
        else:
            found.append(Interval(start, end, locale, window))
    return found


def _ends(window: Window) -> tuple[datetime, datetime]:
    return window.start, window.end


def _first_on_air(
    chain: Sequence[str], windows: Mapping[str, Sequence[Window]], instant: datetime
) -> tuple[str, Window] | None:
    for locale in chain:
        for window in windows.get(locale, ()):
            if window.start <= instant < window.end:
                return locale, window
    return None
