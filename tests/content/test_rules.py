"""What tags an item must have before it goes on air."""

import pytest

from contenthub.content.models import ClassificationRule
from contenthub.content.rules import allows, rule_hint, rule_status, terms_by_facet, violations
from taxonomy.changing import retire_term
from taxonomy.models import Term
from taxonomy.snapshot import taxonomy_snapshot
from tests.taxonomy.factories import FacetFactory, TermFactory


@pytest.fixture
def rule(db, settings):
    """Make a rule for the facet journey, which holds top, top > mid > leaf, and other."""
    settings.TAXONOMY_DEPENDANTS = None
    top = TermFactory(code="journey:top", labels={"en": "Top"})
    mid = TermFactory(code="journey:mid", parent=top)
    TermFactory(code="journey:leaf", parent=mid)
    TermFactory(code="journey:other")

    def make(**columns):
        return ClassificationRule(facet=FacetFactory(code="journey"), **columns)

    make.top = top
    return make


def broken(rule, *names):
    taxonomy = taxonomy_snapshot()
    tags = terms_by_facet([f"journey:{name}" for name in names], taxonomy)
    return [message for _, message in violations([rule], tags, taxonomy)]


def status_of(rule, *names):
    taxonomy = taxonomy_snapshot()
    return rule_status(rule, [taxonomy.get(f"journey:{name}") for name in names], taxonomy)


@pytest.mark.parametrize(
    ("columns", "names", "messages"),
    [
        ({"minimum": 1}, [], ["At least 1 needed, 0 chosen."]),
        ({"minimum": 1}, ["top"], []),
        ({"maximum": 1}, ["top", "other"], ["At most 1 allowed, 2 chosen."]),
        ({"maximum": 0}, ["top"], ["At most 0 allowed, 1 chosen."]),
        ({"minimum": 2, "maximum": 2}, ["top", "other"], []),
        ({"leaf_only": True}, ["leaf", "other"], []),
        ({"leaf_only": True}, ["mid"], ["journey:mid has terms below it: choose one of those."]),
    ],
)
def test_a_rule_names_what_breaks_it(rule, columns, names, messages):
    assert broken(rule(**columns), *names) == messages


def test_below_a_branch_is_the_branch_and_all_under_it(rule):
    below_top = rule(below=rule.top)

    assert broken(below_top, "top", "leaf") == []
    assert broken(below_top, "other") == ["journey:other is not below journey:top."]


def test_a_term_whose_only_narrower_terms_are_retired_is_a_leaf(rule):
    retire_term(Term.objects.get(code="journey:leaf"))

    assert broken(rule(leaf_only=True), "mid") == []


def test_a_rule_follows_what_replaced_the_term_that_it_names(rule):
    below_top = rule(below=rule.top)
    new = TermFactory(code="journey:new")
    TermFactory(code="journey:newer", parent=new)
    TermFactory(code="journey:apart")
    retire_term(Term.objects.get(code="journey:other"), successors=[new])
    retire_term(rule.top, successors=[new], children_to=new)

    assert broken(below_top, "newer") == []
    assert broken(below_top, "other") == []  # the tag stands for its successor, too
    assert broken(below_top, "leaf") == []
    assert broken(below_top, "apart") == ["journey:apart is not below journey:new."]


@pytest.mark.parametrize(
    ("columns", "names", "status"),
    [
        ({}, ["top"], ("1 chosen", True)),
        ({"minimum": 1}, ["top", "other"], ("2 of at least 1 chosen", True)),
        ({"minimum": 1}, [], ("0 of at least 1 chosen", False)),
        ({"minimum": 1, "maximum": 1}, ["top"], ("1 of exactly 1 chosen", True)),
        ({"minimum": 1, "maximum": 3, "leaf_only": True}, ["leaf"], ("1 of 1 to 3 chosen, leaf terms only", True)),
        ({"maximum": 1}, ["top", "other"], ("2 of at most 1 chosen", False)),
        ({"maximum": 0}, [], ("no terms allowed", True)),
        ({"maximum": 0}, ["top"], ("1 chosen, no terms allowed", False)),
    ],
)
def test_what_a_rule_asks_and_what_is_chosen_is_told_beside_the_field(rule, columns, names, status):
    told = status_of(rule(**columns), *names)

    assert (told.text, told.is_kept, told.problems) == (*status, ())


def test_terms_that_a_rule_does_not_want_are_told_by_name(rule):
    told = status_of(rule(minimum=2, below=rule.top), "other")

    assert told.text == "1 of at least 2 chosen, only below Top"
    assert told.problems == ("journey:other is not below journey:top.",)


def test_a_rule_lets_a_term_be_suggested_or_not(rule):
    taxonomy = taxonomy_snapshot()
    other, leaf, mid = (taxonomy.get(f"journey:{name}") for name in ("other", "leaf", "mid"))

    assert allows(rule(minimum=2, below=rule.top), mid, taxonomy)
    assert not allows(rule(below=rule.top), other, taxonomy)
    assert not allows(rule(leaf_only=True), mid, taxonomy)
    assert allows(rule(leaf_only=True), leaf, taxonomy)
    assert not allows(rule(maximum=0), leaf, taxonomy)


@pytest.mark.parametrize(
    ("columns", "hint"),
    [
        ({}, ""),
        ({"minimum": 1, "maximum": 1}, "To publish: exactly 1."),
        (
            {"minimum": 1, "maximum": 3, "leaf_only": True},
            "To publish: at least 1, at most 3, only terms with nothing below them.",
        ),
    ],
)
def test_what_a_rule_asks_is_told_away_from_any_item(rule, columns, hint):
    assert rule_hint(rule(**columns)) == hint
