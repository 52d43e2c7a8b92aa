"""What keeps a language version off air."""

import pytest

from contenthub.content.models import ClassificationRule
from contenthub.content.publishing import NotPublishable
from contenthub.content.readiness import lacks, refuse_unready
from taxonomy.models import Facet
from tests.content.editing import localize
from tests.content.factories import FieldDefinitionFactory, ItemFactory, ItemTypeFactory
from tests.taxonomy.factories import TermFactory


@pytest.fixture
def deal(db):
    """A type with a required text in every language, a required fact, and a rule for the journey."""
    kind = ItemTypeFactory(code="deal")
    FieldDefinitionFactory(item_type=kind, name="claim", required=True)
    FieldDefinitionFactory(item_type=kind, name="price", kind="money", localized=False, required=True)
    ClassificationRule.objects.create(item_type=kind, facet=Facet.objects.get(code="journey"), minimum=1)
    return kind


def test_an_original_needs_texts_facts_and_tags(deal):
    item = ItemFactory(type=deal, headline="")

    assert list(lacks(item)) == [
        ("headline", "Nothing can be published without a headline."),
        ("own_claim", "This is needed before the item can be published."),
        ("own_price", "This is needed before the item can be published."),
        ("terms_journey", "At least 1 needed, 0 chosen."),
    ]


def test_another_language_needs_its_texts_only(deal, locales):
    japanese = localize(ItemFactory(type=deal), "ja")

    assert [field for field, _ in lacks(japanese)] == ["own_claim"]


def test_an_original_with_everything_is_ready(deal):
    fields = {"claim": "Cheap", "price": {"amount": "1", "currency": "EUR"}}
    item = ItemFactory(type=deal, terms=[TermFactory()], fields=fields)

    refuse_unready(item)

    assert list(lacks(item)) == []


def test_a_slug_taken_meanwhile_is_told(db):
    ItemFactory(slug="taken")
    item = ItemFactory()
    item.slug = "taken"

    assert list(lacks(item)) == [("slug", "Another item has the slug taken already.")]


def test_a_refusal_names_the_fields_as_the_form_does(deal):
    with pytest.raises(NotPublishable) as refusal:
        refuse_unready(ItemFactory(type=deal))

    assert refusal.value.messages == [
        "Claim: This is needed before the item can be published.",
        "Price: This is needed before the item can be published.",
        "Journey: At least 1 needed, 0 chosen.",
    ]
