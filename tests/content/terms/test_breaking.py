"""A preview of changed terms tells how many items on air would newly break a rule of their type."""

import pytest

from contenthub.content.models import ClassificationRule
from taxonomy.changes import Merge, Move, Rename, Restore, Split, apply, preview, preview_all
from taxonomy.changes.telling import counted
from taxonomy.changing import create_term
from taxonomy.models import Facet
from tests.content.factories import ItemFactory, ItemTypeFactory


@pytest.fixture
def terms(locales):
    """use (ride, care), buy (pay): an item on air for each of the three below, a draft for ride."""
    made = {key: create_term(f"journey:{key}", labels={"en": key}) for key in ("use", "buy")}
    for key, above in (("ride", "use"), ("care", "use"), ("pay", "buy")):
        made[key] = create_term(f"journey:{key}", labels={"en": key}, parent=made[above])
        ItemFactory(key=key, terms=[made[key]], published=True)
    ItemFactory(key="draft", terms=[made["ride"]])
    return made


def demand(terms, **columns):
    below = terms[columns.pop("below")] if "below" in columns else None
    facet = Facet.objects.get(code="journey")
    ClassificationRule.objects.create(item_type=ItemTypeFactory(), facet=facet, below=below, **columns)


def failing(*changes):
    return preview_all(changes).counts.get("failing", 0)


def test_a_move_out_of_the_branch_that_a_rule_asks_for_is_told(terms):
    demand(terms, below="use")

    impact = preview(Move("journey:ride", parent="journey:buy"))

    assert "1 published item newly breaks a rule of its type" in counted(impact.counts)
    assert failing(Move("journey:use", parent="journey:buy")) == 0
    assert failing(Rename("journey:ride", labels={"en": "Go"})) == 0
    # pay breaks the rule already
    assert failing(Move("journey:pay", parent=None)) == 0
    assert failing(Move("journey:pay", parent="journey:use")) == 0


def test_a_term_that_is_no_leaf_any_more_is_told(terms):
    demand(terms, leaf_only=True)

    assert failing(Move("journey:ride", parent="journey:care")) == 1
    assert failing(Move("journey:ride", parent="journey:buy")) == 0


def test_items_are_judged_by_the_tags_that_they_will_have(terms):
    demand(terms, minimum=1, maximum=1)
    two = ItemFactory(key="two", terms=[terms["ride"], terms["care"]], published=True)

    split = {"two": ("journey:pay", "journey:buy"), "ride": ("journey:pay",)}

    assert failing(Merge("journey:ride", into="journey:care")) == 0
    assert failing(Split("journey:ride", into=("journey:pay", "journey:buy"))) == 1
    assert failing(Split("journey:ride", into=("journey:pay", "journey:buy"), items=split)) == 0
    assert failing(Merge("journey:ride", into="journey:care"), Move("journey:care", parent="journey:buy")) == 0
    assert two.live


def test_a_rule_that_means_another_branch_again_is_told(terms):
    demand(terms, below="use")
    apply(Split("journey:use", into=("journey:buy", "journey:care"), children_to="journey:buy"))
    assert failing(Restore("journey:use")) == 3


def test_without_rules_of_the_facet_nothing_is_counted(terms):
    assert failing(Move("journey:ride", parent="journey:buy")) == 0
