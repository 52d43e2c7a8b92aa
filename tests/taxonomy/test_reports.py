from dataclasses import replace
from datetime import date
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taxonomy import reports
from taxonomy.dependants import Tally
from taxonomy.facetview import FacetView, TermView, Window
from taxonomy.search import normalised

TODAY = date(2027, 3, 1)


def term(number, *, retired=False, windows=(), alternatives=(), **labels):
    return TermView(
        id=number,
        code=f"journey:t{number}",
        facet="journey",
        uri="",
        position=number,
        is_retired=retired,
        attributes={},
        labels=labels,
        alternatives={"en": tuple(alternatives)} if alternatives else {},
        windows=tuple(Window(start, end, "", None, None) for start, end in windows),
    )


def facet(*terms):
    return FacetView(1, "journey", 1, {}, "", 1, True, {}, terms)


def keys(findings):
    return [finding.term.code.partition(":")[2] for finding in findings]


def test_unused_is_what_nothing_names_nor_anything_below():
    above = term(4)
    terms = facet(term(1), term(2), term(3, retired=True), above, replace(term(5), ancestors=(above,)))

    found = reports.unused(terms, {"journey:t1": 4, "journey:t5": 0, "journey:gone": 1})

    assert keys(found) == ["t2"]


def test_a_translation_is_missing_unless_the_language_inherits_it():
    found = reports.missing_translations(facet(term(1, de="Rad"), term(2, en="Bike"), term(3, retired=True)), ["de-CH"])

    assert [(finding.term.id, finding.language) for finding in found] == [(2, "de-CH")]


def test_a_term_is_too_broad_from_the_threshold_on():
    tallies = {
        "journey:t1": Tally(3, 9),
        "journey:t2": Tally(5, 5),
        "journey:t3": Tally(2, 2),
        "journey:t4": Tally(9, 9),
    }
    terms = facet(term(1), term(2), term(3), term(4, retired=True))

    found = list(reports.over_broad(terms, tallies, 10, 0.3))

    assert [(finding.term.id, finding.items, finding.share) for finding in found] == [(2, 5, 0.5), (1, 3, 0.3)]
    assert list(reports.over_broad(terms, tallies, 0, 0.3)) == []


def test_retired_terms_that_are_still_used_and_terms_past_all_their_windows_used_or_not():
    past, open_again = (date(2027, 1, 1), date(2027, 2, 28)), (date(2027, 2, 1), TODAY)
    terms = facet(
        term(1, retired=True),
        term(2, windows=[past]),
        term(3, windows=[past, open_again]),
        term(4, windows=[past]),
        term(5, retired=True),
        term(6),
    )
    named = {f"journey:t{number}": number for number in (1, 2, 3, 6)} | {"journey:t5": 0}

    retired, ended = reports.retired_but_used(terms, named), reports.past_windows(terms, named, TODAY)

    assert [(finding.term.id, finding.items) for finding in retired] == [(1, 1)]
    assert [(finding.term.id, finding.items, finding.ended) for finding in ended] == [
        (2, 2, date(2027, 2, 28)),
        (4, 0, date(2027, 2, 28)),
    ]


@pytest.mark.parametrize(
    ("one", "two", "is_found"),
    [
        ("Charger", "Chargers", True),
        ("E-bikes", "eBikes", True),
        ("Crème brûlée", "creme brulee", True),
        ("Bicycle", "Bycicle", False),  # two changes
        ("Brakes", "Barkes", True),
        ("Model 1", "Model 2", False),
        ("Model 12", "Model 122", False),
        ("Hat", "Cat", False),
        ("電動自転車", "電動自動車", True),
        ("自転車", "自動車", False),
    ],
)
def test_names_are_nearly_the_same(one, two, is_found):
    found = list(reports.names_alike(facet(term(1, en=one), term(2, en=two)), "en"))

    assert [(finding.name, finding.other_name) for finding in found] == [(one, two)] * is_found


def test_synonyms_count_too_and_a_term_is_not_held_against_itself_nor_other_languages():
    terms = facet(
        term(1, en="Bicycles", alternatives=["Bicycle", "Velocipede"]),
        term(2, en="Old bike", alternatives=["Velocipedes"]),
        term(3, de="Bicycles"),
        term(4, en="Bicycles", retired=True),
    )

    found = list(reports.names_alike(terms, "en"))

    assert [(finding.term.id, finding.name, finding.other.id, finding.other_name) for finding in found] == [
        (1, "Velocipede", 2, "Velocipedes")
    ]


@given(st.lists(st.text("ab1 é-", min_size=1, max_size=8), max_size=12))
def test_near_duplicates_are_those_that_comparing_everything_with_everything_finds(names):
    terms = facet(*(term(number, en=name) for number, name in enumerate(names)))
    bare = {number: "".join(char for char in normalised(name) if char.isalnum()) or normalised(name)
            for number, name in enumerate(names)}  # fmt: skip
    firsts = {text: number for number, text in reversed(bare.items())}

    found = {(finding.term.id, finding.other.id) for finding in reports.names_alike(terms, "en")}

    same = {(firsts[text], number) for number, text in bare.items() if firsts[text] != number}
    near = {
        (one, two)
        for one, two in combinations(sorted(firsts.values()), 2)
        if min(len(bare[one]), len(bare[two])) >= reports.SHORTEST_NEAR and one_step_apart(bare[one], bare[two])
    }
    assert found == same | near


def one_step_apart(one, two):
    """Try every step from one text to the other."""
    letters = {char for char in one + two if not char.isdigit()}
    for place in range(len(one) + 1):
        head, tail = one[:place], one[place:]
        steps = {head + letter + tail for letter in letters}
        if tail and not tail[0].isdigit():
            steps |= {head + tail[1:], *(head + letter + tail[1:] for letter in letters)}
            if len(tail) > 1 and not tail[1].isdigit():
                steps.add(head + tail[1] + tail[0] + tail[2:])
        if two in steps and one != two:
            return True
    return False
