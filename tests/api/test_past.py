"""A past instant, asked through the API: named items as they were, beside what is on air now."""

from datetime import timedelta

import pytest

from contenthub.delivery.models import Edition, IndexRow
from tests.content.editing import publish as publish_item
from tests.content.factories import ItemFactory
from tests.content.times import NOON
from tests.delivery.published import DAY, NOW, project, publish, text

HOUR = timedelta(hours=1)
BOTH = """query ($then: DateTime) {
  before: item(key: "a", context: {at: $then}) { headline version references { headline } }
  now: item(key: "a") { headline }
  list: items(filter: {keys: ["b", "a"]}, context: {at: $then}) { nodes { key headline } totalCount }
  best: decide(filter: {keys: ["a"]}, context: {at: $then}) { items { headline } trace { considered } }
}"""


@pytest.fixture
def past(hub):
    """One item published twice, another beside it, and an hour in between that is long past."""
    publish(project("a", {"en": text("Old")}, references=[("more", "b")]), project("b", {"en": text("B old")}))
    later = NOW + 2 * HOUR
    publish(project("a", {"en": text("New", start=later)}), project("b", {"en": text("B new", start=later)}), now=later)
    hub.move_to(NOW + DAY)
    return (NOW + HOUR).isoformat()


def test_items_lists_and_decisions_answer_as_they_did_beside_what_is_on_air(past, ask):
    before = IndexRow.objects.count(), Edition.objects.count()

    answer = ask(BOTH, then=past)

    assert answer["before"].pop("version")
    assert answer == {
        "before": {"headline": "Old", "references": [{"headline": "B old"}]},
        "now": {"headline": "New"},
        "list": {"nodes": [{"key": "b", "headline": "B old"}, {"key": "a", "headline": "Old"}], "totalCount": 2},
        "best": {"items": [{"headline": "Old"}], "trace": {"considered": 1}},
    }
    assert (IndexRow.objects.count(), Edition.objects.count()) == before


@pytest.mark.parametrize(
    "asked", ["items(context: {at: $at}) { totalCount }", "decide(context: {at: $at}) { items { key } }"]
)
def test_the_past_wants_keys(past, refused, asked):
    code, message, argument = refused(f"query ($at: DateTime) {{ {asked} }}", at=past)

    assert (code, argument) == ("BAD_ARGUMENT", "filter.keys")
    assert message == "A past instant is answered for items that are named: give their keys, or leave 'at' out."


def test_what_editors_published_and_took_off_air_is_told(clock, doors, ask):
    item = ItemFactory(key="a", headline="First", published=True)
    clock.shift(HOUR)
    publish_item(item, headline="Second")
    clock.shift(HOUR)
    item.refresh_from_db()
    item.unpublish()
    clock.shift(DAY)

    def headline(hours):
        at = (NOON + hours * HOUR).isoformat()
        found = ask('query ($at: DateTime) { item(key: "a", context: {at: $at}) { headline } }', at=at)["item"]
        return found and found["headline"]

    assert [headline(hours) for hours in (-1, 0, 0.5, 1, 1.5, 2, 3)] == [
        None, "First", "First", "Second", "Second", None, None,
    ]  # fmt: skip
