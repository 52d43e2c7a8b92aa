"""What a version names itself follows a term that another took the place of, and comes back."""

import pytest

from contenthub.content.blocks import NeutralBody
from contenthub.content.models import Variant
from contenthub.content.publishing import differences
from contenthub.delivery.models import PublishedItem
from taxonomy.changes import Merge, Split, apply, preview, undo
from taxonomy.changing import create_term
from tests.content.factories import FieldDefinitionFactory, ItemFactory, VariantFactory


@pytest.fixture
def terms(clock):
    segments = {name: create_term(f"segment:{name}", labels={"en": name}) for name in ("young", "junior")}
    products = {name: create_term(f"product:{name}", labels={"en": name}) for name in ("aurin", "hamna", "tarn")}
    return segments | products | {"buy": create_term("action:buy", labels={"en": "Buy"})}


@pytest.fixture
def variant(terms):
    item = ItemFactory(published=True)
    FieldDefinitionFactory(name="bikes", kind="term", item_type=item.type)
    blocks = [{"type": "product_reference", "id": "p1", "value": {"term": terms["aurin"].pk, "label": ""}}]
    return VariantFactory(
        localization=item,
        code="young",
        terms=[terms["young"]],
        overrides={"body": NeutralBody().to_python(blocks), "fields.bikes": ["product:aurin"]},
        published=True,
    )


def everything(variant):
    row = Variant.objects.get(pk=variant.pk)
    return (
        [link.term.code for link in row.audience.order_by("sort_order")],
        row.own_fields,
        list(row.body.raw_data),
        list(row.revisions.order_by("pk").values_list("content", flat=True)),
        PublishedItem.objects.get(key=row.key).targetings,
    )


def named(row):
    return [block["value"]["term"] for block in row.body.raw_data], row.own_fields["bikes"]


def test_body_and_own_fields_follow_in_row_and_draft_and_come_back(variant, terms):
    draft = variant.get_latest_revision_as_object()
    draft.headline = "Draft"
    draft.save_revision()
    before = everything(variant)

    change = apply(Merge("product:aurin", into="product:hamna"))

    row = Variant.objects.get(pk=variant.pk)
    assert named(row) == ([terms["hamna"].pk], ["product:hamna"])
    newest = row.get_latest_revision_as_object()
    assert (named(newest), newest.headline) == (named(row), "Draft")
    assert list(differences()) == []
    undo(change)
    assert everything(variant) == before
    assert list(differences()) == []


def test_whom_it_is_for_follows_beside_what_it_says(variant, terms):
    before = everything(variant)

    change = apply(Merge("segment:young", into="segment:junior"))

    row = Variant.objects.get(pk=variant.pk)
    assert [link.term.code for link in row.audience.all()] == ["segment:junior"]
    assert [link.term.code for link in row.get_latest_revision_as_object().audience.all()] == ["segment:junior"]
    assert PublishedItem.objects.get(key=row.key).targetings["young"]["segments"] == ["segment:junior"]
    assert named(row) == ([terms["aurin"].pk], ["product:aurin"])
    undo(change)
    assert everything(variant) == before


def test_a_block_that_holds_one_term_gets_the_first_of_its_successors(variant, terms):
    apply(Split("product:aurin", into=("product:hamna", "product:tarn")))

    assert named(Variant.objects.get(pk=variant.pk)) == ([terms["hamna"].pk], ["product:hamna", "product:tarn"])


def test_an_impact_counts_versions_and_their_items(variant):
    assert preview(Merge("product:aurin", into="product:hamna")).counts["variants"] == 1
