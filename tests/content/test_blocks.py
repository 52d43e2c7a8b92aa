"""The blocks of a body: what an editor's form makes of them."""

import pytest
from django.core.exceptions import BadRequest, ValidationError
from django.http import QueryDict

from contenthub.content.blocks import ItemKeyBlock, LinkBlock, NeutralBody, PointBlock
from contenthub.content.models import ContentItem
from tests.taxonomy.factories import FacetFactory, TermFactory


def posted(*blocks):
    """Return what a form posts of blocks: pairs of type and inputs."""
    data = QueryDict(mutable=True)
    data["body-count"] = str(len(blocks))
    for number, (kind, inputs) in enumerate(blocks):
        start = f"body-{number}"
        data[f"{start}-type"], data[f"{start}-order"], data[f"{start}-deleted"] = kind, str(number), ""
        data[f"{start}-id"] = f"block-{number}"
        for name, value in inputs.items():
            data[f"{start}-value{name}"] = value
    return data


def read(*blocks):
    body = NeutralBody()
    return body.clean(body.value_from_datadict(posted(*blocks), {}, "body"))


def test_blocks_keep_their_order_and_keys():
    stream = read(
        ("heading", {"-text": "A heading", "-level": "3"}),
        ("item_reference", {"-key": "legal/terms", "-role": "legal"}),
        ("call_to_action", {"-label": "Go", "-link": "item:offer/spring", "-action": ""}),
    )

    assert [(child.block_type, child.id) for child in stream] == [
        ("heading", "block-0"),
        ("item_reference", "block-1"),
        ("call_to_action", "block-2"),
    ]
    assert stream[1].value == {"key": "legal/terms", "role": "legal"}
    assert stream[2].value["link"] == "item:offer/spring"


def test_a_product_is_a_term_of_its_facet(db):
    term = TermFactory(facet=FacetFactory(code="product"), code="product:bike")

    stream = read(("product_reference", {"-term": str(term.pk), "-label": ""}))

    assert stream[0].value["term"] == term


@pytest.mark.parametrize(
    ("kind", "inputs"),
    [
        ("call_to_action", {"-label": "Go", "-link": "javascript:alert(1)", "-action": ""}),
        ("heading", {"-text": "", "-level": "2"}),
        ("heading", {"-text": "A", "-level": "9"}),
        ("embed", {"-url": "no address", "-title": ""}),
        ("item_reference", {"-key": "", "-role": "related"}),
    ],
)
def test_a_block_that_channels_could_not_show_is_refused(kind, inputs):
    with pytest.raises(ValidationError):
        read((kind, inputs))


def test_two_blocks_with_one_key_are_refused():
    data = posted(("legal_note", {"-text": "A"}), ("legal_note", {"-text": "B"}))
    data["body-1-id"] = "block-0"
    body = NeutralBody()

    with pytest.raises(ValidationError, match="same key"):
        body.clean(body.value_from_datadict(data, {}, "body"))


@pytest.mark.parametrize(
    "data", ["", "body-count=x", "body-count=1", "body-count=1&body-0-type=table&body-0-deleted=&body-0-order=0"]
)
def test_what_no_form_posts_is_a_bad_request(data):
    with pytest.raises(BadRequest):
        NeutralBody().value_from_datadict(QueryDict(data), {}, "body")


@pytest.mark.parametrize(("block", "mode"), [(LinkBlock(), "link"), (ItemKeyBlock(), "key")])
def test_items_are_chosen_by_searching(block, mode):
    html = block.field.widget.render("body-0-value", "")

    assert f'data-content-item-chooser-mode-value="{mode}"' in html
    assert 'role="combobox"' in html


def test_a_point_of_a_list_has_a_name_for_screen_readers():
    assert PointBlock().field.widget.attrs["aria-label"] == "Point"


def test_the_body_of_an_item_takes_these_blocks():
    assert type(ContentItem._meta.get_field("body").stream_block) is NeutralBody
