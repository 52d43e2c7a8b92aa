"""Rows out of revisions: what they name is looked up at once, and what is gone is left out."""

import pytest

from contenthub.content.models import ContentItem
from tests.content.factories import ItemFactory
from tests.taxonomy.factories import TermFactory

pytestmark = pytest.mark.django_db
GONE = 4711


def test_what_is_gone_is_left_out_and_the_rest_stays():
    kept = TermFactory()
    item = ItemFactory(terms=[kept], texts={"short": "Short"})
    content = item.latest_revision.content | {"image": GONE, "cta_action": GONE}
    content["classification"].append({"pk": None, "sort_order": 1, "item": item.pk, "term": GONE})

    row = item.with_content_json(content)

    assert [tag.term_id for tag in row.classification.all()] == [kept.pk]
    assert (row.image_id, row.cta_action_id, row.short_texts) == (None, None, {"short": "Short"})
    assert (row.type, row.locale) == (item.type, item.locale)


@pytest.mark.parametrize("tags", [1, 12])
def test_names_are_looked_up_by_kind(tags, django_assert_num_queries):
    item = ItemFactory(terms=[TermFactory() for _ in range(tags)])
    content = item.latest_revision.content

    with django_assert_num_queries(1):
        row = ContentItem.from_serializable_data(content)

    assert len(row.classification.all()) == tags
