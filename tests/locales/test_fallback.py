from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locales.fallback import fallback_chain, find_cycle, starting_next

codes = st.sampled_from(["en", "de", "de-CH", "fr", "pt", "pt-BR", "ja"])
tables = st.dictionaries(codes, st.none() | codes)


def test_the_chain_is_the_walk_from_locale_to_locale():
    assert fallback_chain("pt-BR", {"pt-BR": "pt", "pt": "en", "en": None}) == ["pt-BR", "pt", "en"]
    assert fallback_chain("ja", {}) == ["ja"]


@given(codes, tables)
def test_every_chain_ends_and_never_repeats(locale, table):
    chain = fallback_chain(locale, table)

    assert chain[0] == locale
    assert len(chain) == len(set(chain))
    assert all(table[before] == after for before, after in pairwise(chain))


@given(codes, tables)
def test_a_cycle_is_found_exactly_where_the_walk_comes_back(locale, table):
    cycle = find_cycle(locale, table)

    comes_back = table.get(fallback_chain(locale, table)[-1]) == locale
    assert bool(cycle) == comes_back
    assert not cycle or cycle[0] == cycle[-1] == locale


@pytest.mark.parametrize(
    ("locale", "available", "expected"),
    [
        ("de-CH", ["en", "de"], "de"),
        ("de-CH", ["en"], "en"),
        ("es-MX", ["en", "es", "es-419"], "es-419"),
        ("zh-TW", ["en", "zh"], "en"),
        ("ja", ["en", "de"], "en"),
        ("en", ["en", "de"], None),
    ],
)
def test_a_new_locale_starts_with_its_language_else_with_the_default(locale, available, expected):
    assert starting_next(locale, available, default="en") == expected
