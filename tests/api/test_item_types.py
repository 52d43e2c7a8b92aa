import pytest

from contenthub.content.models import ClassificationRule, FieldDefinition, ItemType
from taxonomy.models import Facet, Term


@pytest.fixture
def recipe(hub):
    """An item type with a field and two rules."""
    kind = ItemType.objects.create(code="recipe", labels={"en": "Recipe", "de": "Rezept"}, fallback_allowed=False)
    FieldDefinition.objects.create(
        item_type=kind, name="minutes", labels={"en": "Minutes"}, kind="number", required=True, localized=False
    )
    for code, limits in (
        ("journey", {"minimum": 1, "maximum": 2, "leaf_only": True}),
        ("product", {"below": Term.objects.get(code="product:vpn")}),
    ):
        ClassificationRule.objects.create(item_type=kind, facet=Facet.objects.get(code=code), **limits)
    return kind


def test_an_item_type_tells_its_fields_and_rules(recipe, ask):
    kind = ask("""{
      itemType(code: "recipe") {
        code label inGerman: label(locale: "de-CH") inJapanese: label(locale: "ja") fallbackAllowed
        fields { name label kind required localized }
        rules { facet { code label } minimum maximum leafOnly below { code label } }
      }
    }""")["itemType"]

    assert kind == {
        "code": "recipe",
        "label": "Recipe",
        "inGerman": "Rezept",
        "inJapanese": "Recipe",
        "fallbackAllowed": False,
        "fields": [{"name": "minutes", "label": "Minutes", "kind": "number", "required": True, "localized": False}],
        "rules": [
            {
                "facet": {"code": "journey", "label": "Journey"},
                "minimum": 1,
                "maximum": 2,
                "leafOnly": True,
                "below": None,
            },
            {
                "facet": {"code": "product", "label": "Product"},
                "minimum": 0,
                "maximum": None,
                "leafOnly": False,
                "below": {"code": "product:vpn", "label": "product:vpn in English"},
            },
        ],
    }


def test_a_rule_names_what_its_branch_was_merged_into(recipe, ask):
    recipe.rules.filter(facet__code="journey").update(below=Term.objects.get(code="journey:weigh-up"))

    rules = ask('{ itemType(code: "recipe") { rules { below { code } } } }')["itemType"]["rules"]

    assert [rule["below"]["code"] for rule in rules] == ["journey:compare", "product:vpn"]


def test_an_unknown_item_type_is_null(hub, ask):
    assert ask('{ itemType(code: "nothing") { code } }') == {"itemType": None}


@pytest.mark.parametrize("more", [0, 15])
def test_item_types_cost_three_statements_and_the_locales(recipe, ask, django_assert_num_queries, more):
    ItemType.objects.bulk_create(ItemType(code=f"more-{n:02d}", labels={}) for n in range(more))
    query = "{ itemTypes { code label fields { name } rules { minimum } } }"

    with django_assert_num_queries(4):
        kinds = ask(query)["itemTypes"]

    codes = [kind["code"] for kind in kinds]
    assert codes == sorted(codes)
    assert len([code for code in codes if code.startswith("more-")]) == more
