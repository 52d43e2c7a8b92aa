"""Which publication answers, against the plain way: looking at every instant."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from contenthub.delivery.intervals import Interval, served_intervals

START = datetime(2027, 1, 1, tzinfo=UTC)
CHAIN = ["de-CH", "de", "en"]
LAST = 12


@dataclass(frozen=True)
class Window:
    start: datetime
    end: datetime


def day(number):
    return START + timedelta(days=number)


@st.composite
def windows_of_one_locale(draw):
    """Windows that do not overlap; they may touch."""
    ends = sorted(draw(st.lists(st.integers(0, LAST), max_size=6, unique=True)))
    pairs = draw(st.sampled_from([list(pairwise(ends)), list(zip(ends[::2], ends[1::2], strict=False))]))
    return [Window(day(start), day(end)) for start, end in pairs]


@given(
    chain=st.lists(st.sampled_from(CHAIN), min_size=1, unique=True),
    windows=st.dictionaries(st.sampled_from(CHAIN), windows_of_one_locale()),
    embargo=st.none() | st.integers(-1, LAST + 1).map(day),
)
def test_at_every_instant_the_first_locale_on_air_answers_and_nobody_before_an_embargo_ends(chain, windows, embargo):
    intervals = served_intervals(chain, windows, embargoed_until=embargo)

    for before, after in pairwise(intervals):
        assert before.end <= after.start
    for number in range(-1, 2 * LAST + 3):
        instant = START + timedelta(hours=12 * number)
        answers = [(one.locale, one.window) for one in intervals if one.start <= instant < one.end]
        on_air = [
            (locale, window)
            for locale in chain
            for window in windows.get(locale, ())
            if window.start <= instant < window.end
        ]
        is_embargoed = embargo is not None and instant < embargo
        assert answers == ([] if is_embargoed else on_air[:1])


@given(windows=st.dictionaries(st.sampled_from(CHAIN), windows_of_one_locale()))
def test_what_goes_on_with_the_same_publication_is_one_interval(windows):
    intervals = served_intervals(CHAIN, windows)

    for before, after in pairwise(intervals):
        assert before.end < after.start or before.window is not after.window


def test_forbidden_fallback_is_a_chain_of_one():
    german = Window(day(1), day(2))

    assert served_intervals(["de-CH"], {"de": [german]}) == []
    assert served_intervals(["de"], {"de": [german]}) == [Interval(day(1), day(2), "de", german)]


def test_an_embargo_cuts_a_fallback_where_it_ends():
    english, german = Window(day(0), day(9)), Window(day(4), day(6))

    intervals = served_intervals(["de", "en"], {"en": [english], "de": [german]}, embargoed_until=day(4))

    assert intervals == [Interval(day(4), day(6), "de", german), Interval(day(6), day(9), "en", english)]
