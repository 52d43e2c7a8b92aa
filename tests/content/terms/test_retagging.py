"""What names a term follows it, wherever it is written, and comes back."""

import json

import orjson
import pytest
from django.core.exceptions import ValidationError

from contenthub.content.dependants import HubTermDependants
from contenthub.content.models import ClassificationRule, ContentItem
from contenthub.content.publishing import differences
from contenthub.delivery.models import FactTerm, IndexRow, PublishedItem
from taxonomy.changes import Merge, Retire, Split, apply, preview, undo, what_builds_on
from taxonomy.changing import create_term
from taxonomy.models import Facet
from tests.content.editing import draft, localize, publish, schedule
from tests.content.factories import FieldDefinitionFactory, ItemFactory, ItemTypeFactory
from tests.content.times import HOUR, NOON


@pytest.fixture
def terms(clock):
    return {name: create_term(f"journey:{name}", labels={"en": name}) for name in "abcd"}


@pytest.fixture
def actions(clock):
    return {name: create_term(f"action:{name}", labels={"en": name}) for name in ("buy", "order", "rent")}


def merge(old, new):
    return apply(Merge(old.code, into=new.code))


def tags(item):
    return [tag.term.code[-1] for tag in ContentItem.objects.get(pk=item.pk).classification.order_by("sort_order")]


def tags_in(revision):
    revision.refresh_from_db()
    return [tag.term.code[-1] for tag in revision.as_object().classification.all()]


def served(item, tag="en"):
    row = IndexRow.objects.filter(key=item.key, locale__language_code=tag).latest("starts_at")
    return orjson.loads(row.document.head)


def everything(item):
    """Return all that is stored of an item's terms, history included, and what is served."""
    rows = ContentItem.objects.filter(key=item.key).order_by("pk")
    frozen = PublishedItem.objects.filter(key=item.key).first()
    return (
        [tags(row) for row in rows],
        [(row.cta_action_id, row.own_fields, list(row.body.raw_data), row.source_digest) for row in rows],
        [list(row.revisions.order_by("pk").values_list("content", "approved_go_live_at")) for row in rows],
        frozen and (frozen.facts, frozen.source_digest),
        sorted(FactTerm.objects.filter(item__key=item.key).values_list("term__code", flat=True)),
        sorted(IndexRow.objects.filter(key=item.key).values_list("document__version", "starts_at", "is_stale")),
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [("a", "b"), ("ac", "bc"), ("ca", "cb"), ("ab", "b"), ("ba", "b"), ("cadb", "cbd"), ("bca", "bc"), ("cd", "cd")],
)
def test_tags_keep_their_order_and_none_is_there_twice(terms, before, after):
    item = ItemFactory(terms=[terms[name] for name in before], published=True)

    merge(terms["a"], terms["b"])

    assert tags(item) == tags_in(item.latest_revision) == list(after)
    assert [code[-1] for code in served(item)["terms"]] == list(after)
    assert PublishedItem.objects.get(key=item.key).facts["terms"] == [f"journey:{name}" for name in after]
    assert list(differences()) == []


def test_drafts_and_launches_follow_history_does_not_and_undo_puts_all_back_exactly(terms):
    item = ItemFactory(terms=[terms["c"], terms["a"]], published=True)
    old = draft(item, terms=[terms["a"], terms["d"]])
    schedule(item, NOON + HOUR, terms=[terms["a"], terms["b"]])
    newest = draft(item, terms=[terms["d"], terms["a"], terms["b"]])
    launch = item.scheduled_revision
    before = everything(item)

    impact = preview(Merge("journey:a", into="journey:b"))
    entry = merge(terms["a"], terms["b"])

    assert tags(item) == ["c", "b"]
    assert (tags_in(launch), tags_in(newest), tags_in(old)) == (["b"], ["d", "b"], ["a", "d"])
    assert list(differences()) == []
    counts = dict(impact.counts)
    assert counts == entry.impact == {"terms": 2, "items": 1, "localizations": 1, "answers": counts["answers"]}
    assert counts["answers"] == IndexRow.objects.count()
    undo(entry)
    assert everything(item) == before
    assert list(differences()) == []


def test_a_split_gives_each_item_what_it_was_given(terms):
    one, two, three = (ItemFactory(terms=[terms["d"], terms["a"]], published=True) for _ in range(3))
    given = {one.key: ("journey:b",), two.key: ("journey:c", "journey:b")}

    entry = apply(Split("journey:a", into=("journey:b", "journey:c"), items=given))

    assert (tags(one), tags(two), tags(three)) == (["d", "b"], ["d", "c", "b"], ["d", "b", "c"])
    assert list(differences()) == []
    undo(entry)
    assert [tags(item) for item in (one, two, three)] == [["d", "a"]] * 3
    apply(Split("journey:a", into=("journey:b", "journey:c"), items=given, remaining="journey:c"))
    assert (tags(one), tags(three)) == (["d", "b"], ["d", "c"])


def test_a_split_refuses_items_that_are_not_there(terms):
    change = Split("journey:a", into=("journey:b", "journey:c"), items={"nowhere": ("journey:b",)})

    for attempt in (preview, apply):
        with pytest.raises(ValidationError, match="There is no item nowhere"):
            attempt(change)


def test_actions_own_fields_and_blocks_follow_in_every_language_and_translations_stay_up_to_date(terms, actions):
    kind = ItemTypeFactory()
    FieldDefinitionFactory(item_type=kind, name="steps", kind="term", localized=False)
    FieldDefinitionFactory(item_type=kind, name="wishes", kind="term")
    body = [
        {"type": "call_to_action", "id": "x", "value": {"label": "Go", "link": "", "action": actions["buy"].pk}},
        {"type": "heading", "id": "y", "value": {"text": "action:buy", "level": "2"}},
    ]
    item = ItemFactory(
        cta_action=actions["buy"],
        cta_label="Buy",
        body=json.dumps(body),
        fields={"steps": ["action:buy", "action:order"], "wishes": ["action:rent", "action:buy"]},
        published=True,
    )
    german = publish(localize(item, "de"))
    before = everything(item)

    entry = merge(actions["buy"], actions["order"])

    for row in ContentItem.objects.filter(key=item.key):
        for held in (row, row.get_latest_revision_as_object()):
            assert held.cta_action == actions["order"]
            assert held.body.raw_data[0]["value"]["action"] == actions["order"].pk
            assert held.own_fields["wishes"] == ["action:rent", "action:order"]
    head = served(german, "de")
    assert head["cta"]["action"] == "action:order"
    assert {one["name"]: one["value"] for one in head["fields"]}["steps"] == ["action:order"]
    assert not IndexRow.objects.filter(is_stale=True).exists()
    assert list(differences()) == []
    undo(entry)
    assert everything(item) == before


def test_rules_follow_a_successor_and_keep_to_all_of_several(terms):
    kind, journey = ItemTypeFactory(), Facet.objects.get(code="journey")
    rule = ClassificationRule.objects.create(item_type=kind, facet=journey, below=terms["a"])

    for attempt in (preview, apply):
        with pytest.raises(ValidationError, match="takes only terms below journey:a: name a term that replaces it"):
            attempt(Retire("journey:a"))
    split = apply(Split("journey:a", into=("journey:b", "journey:c")))
    rule.refresh_from_db()
    assert (rule.below, split.impact["rules"]) == (terms["a"], 1)
    undo(split)
    entry = merge(terms["a"], terms["b"])

    rule.refresh_from_db()
    assert (rule.below, entry.impact["rules"]) == (terms["b"], 1)
    undo(entry)
    rule.refresh_from_db()
    assert rule.below == terms["a"]


def test_a_draft_written_since_is_put_back_too_and_one_that_builds_on_it_is_named(terms):
    item = ItemFactory(terms=[terms["a"]], published=True)
    other = ItemFactory(terms=[terms["b"]], published=True)
    entry = merge(terms["a"], terms["b"])
    draft(item, headline="Other words")
    draft(item, terms=[terms["b"], terms["c"]])

    assert what_builds_on(entry) == [f"{item.key} was tagged otherwise since: change its tags back first."]
    with pytest.raises(ValidationError):
        undo(entry)
    assert tags(item) == ["b"]
    draft(item, terms=[terms["b"]], headline="Newer words")
    undo(entry)

    assert (tags(item), tags(other)) == (["a"], ["b"])
    newest = ContentItem.objects.get(pk=item.pk).get_latest_revision_as_object()
    assert ([tag.term for tag in newest.classification.all()], newest.headline) == ([terms["a"]], "Newer words")
    assert list(differences()) == []


def test_what_was_published_since_is_put_back_as_its_draft_was(terms):
    item = ItemFactory(terms=[terms["b"]], published=True)
    revision = draft(item, terms=[terms["a"], terms["c"]])
    entry = merge(terms["a"], terms["b"])
    revision.refresh_from_db()
    revision.publish()

    undo(entry)

    assert tags(item) == ["a", "c"]
    assert list(differences()) == []


def test_a_screen_is_told_which_items_carry_a_term_itself(terms):
    first = ItemFactory(key="x-first", terms=[terms["a"]], headline="Three wheels")
    second = ItemFactory(key="x-second", published=True)
    draft(second, terms=[terms["a"]])
    ItemFactory(terms=[create_term("journey:below", labels={"en": "below"}, parent=terms["a"])])
    tagged = HubTermDependants().tagged

    found, count = tagged("journey:a", search="", start=0, count=1)
    assert ([one.key for one in found], count, found[0].is_live) == ([first.key], 2, False)
    assert [one.key for one in tagged("journey:a", search="", start=1, count=9)[0]] == [second.key]
    assert [one.key for one in tagged("journey:a", search="wheels", start=0, count=9)[0]] == [first.key]


@pytest.mark.parametrize("items", [2, 12])
def test_re_tagging_costs_no_statement_more_for_each_item(terms, items, django_assert_max_num_queries):
    for _ in range(items):
        ItemFactory(terms=[terms["a"]], published=True)

    with django_assert_max_num_queries(125):
        merge(terms["a"], terms["b"])
