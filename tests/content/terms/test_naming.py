"""What names a term beside tags counts too: in the reports, and before a term is retired."""

import json

import pytest
from django.urls import reverse

from contenthub.content.dependants import HubTermDependants
from contenthub.content.models import ClassificationRule
from contenthub.content.terms.naming import named_in
from taxonomy.changes import Retire, apply, preview
from taxonomy.changing import create_term
from taxonomy.models import Facet
from tests.content.factories import FieldDefinitionFactory, ItemFactory, ItemTypeFactory, VariantFactory


@pytest.fixture
def actions(locales):
    names = ("buy", "order", "rent", "call", "visit", "ruled", "free")
    return {name: create_term(f"action:{name}", labels={"en": name}) for name in names}


@pytest.fixture
def named(actions):
    """An item that names order in a block, rent in a field and buy as its action, tag and version; a rule."""
    FieldDefinitionFactory(item_type=ItemTypeFactory(), name="wishes", kind="term")
    block = {"type": "call_to_action", "id": "x", "value": {"label": "Go", "link": "", "action": actions["order"].pk}}
    item = ItemFactory(
        key="a",
        terms=[actions["buy"]],
        cta_action=actions["buy"],
        body=json.dumps([block]),
        fields={"wishes": ["action:rent"]},
        published=True,
    )
    VariantFactory(localization=item, cta_action=actions["call"], terms=[actions["visit"]], published=True)
    ItemFactory(key="b", cta_action=actions["buy"], published=True)
    facet = Facet.objects.get(code="action")
    ClassificationRule.objects.create(item_type=ItemTypeFactory(), facet=facet, below=actions["ruled"])
    return item


def test_every_place_is_counted_once_for_an_item(named):
    found = named_in("action")

    assert found == {
        "action:buy": 2,
        "action:order": 1,
        "action:rent": 1,
        "action:call": 1,
        "action:visit": 1,
        "action:ruled": 0,
    }


def test_the_reports_do_not_call_them_unused_and_list_them_once_retired(named, admin_client):
    address = {name: reverse(f"taxonomy_report_{name}") for name in ("unused", "retired_used")}

    unused = admin_client.get(address["unused"], {"facet": "action"}).content.decode()
    apply(Retire("action:order"))
    retired = admin_client.get(address["retired_used"], {"facet": "action"}).content.decode()

    assert [name for name in ("buy", "order", "rent", "ruled", "free") if f"action:{name}" in unused] == ["free"]
    assert "action:order" in retired


def test_who_retires_a_term_is_told_of_what_names_it(named):
    told = preview(Retire("action:order")).counts
    version = preview(Retire("action:call")).counts

    assert (told["items"], told["localizations"], told["answers"] > 0) == (1, 1, True)
    assert (version["items"], version["variants"]) == (1, 1)
    assert preview(Retire("action:free")).counts == {"terms": 1}


def test_an_item_whose_version_names_a_term_is_listed_with_it(named):
    found, count = HubTermDependants().tagged("action:call", search="", start=0, count=5)

    assert ([item.key for item in found], count) == (["a"], 1)
