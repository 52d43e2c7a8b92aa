"""Changing the tags of many items at once: drafts, what is on air, what is scheduled; and undoing it."""

import pytest
from wagtail.models import ModelLogEntry, ReferenceIndex, Task, Workflow, WorkflowTask

from contenthub.accounts.models import User
from contenthub.content.models import ClassificationRule, ContentItem, Tagging
from contenthub.content.publishing import differences, publish_due
from contenthub.content.tagging.changing import TaggingRefused, apply, plan, undo
from contenthub.delivery.models import PublishedItem
from taxonomy.changes import Merge, Retire
from taxonomy.changes import apply as change_terms
from taxonomy.models import Facet
from tests.content.editing import draft, localize, publish, schedule
from tests.content.factories import ItemFactory, ItemTypeFactory
from tests.content.times import HOUR, NOON
from tests.taxonomy.factories import FacetFactory, TermFactory


@pytest.fixture
def terms(locales):
    """Two terms of the facet journey and one of the facet product, by name."""
    return {
        "buy": TermFactory(code="journey:buy"),
        "compare": TermFactory(code="journey:compare"),
        "bike": TermFactory(code="product:bike", facet=FacetFactory(code="product")),
    }


@pytest.fixture
def change(editor, terms):
    """Plan a change of items, and do it unless told otherwise; return it."""

    def changing(operation, names, *items, replaced=(), publishes=False, only_plan=False, user=editor):
        tagging = Tagging(
            user=user,
            operation=operation,
            terms=[terms[name].pk for name in names.split()],
            replaced=[terms[name].pk for name in replaced.split()] if replaced else [],
            publishes=publishes,
        )
        plan(tagging, [item.pk for item in items])
        return tagging if only_plan else apply(tagging, user=user)

    return changing


def row(key):
    return ContentItem.objects.get(key=key, is_source=True)


def names(item):
    ordered = sorted(item.classification.all(), key=lambda tag: tag.sort_order)
    return " ".join(tag.term.code.partition(":")[2] for tag in ordered)


def drafted(key):
    return names(row(key).get_latest_revision_as_object())


def stored(key):
    return names(row(key))


def frozen(key):
    return [code.partition(":")[2] for code in PublishedItem.objects.get(key=key).facts["terms"]]


def outcomes(tagging):
    return dict(tagging.items.values_list("key", "outcome"))


def notes(tagging, key):
    return [note[0] for note in tagging.items.get(key=key).notes]


def references():
    columns = ("object_id", "to_content_type", "to_object_id", "model_path", "content_path")
    return set(ReferenceIndex.objects.filter(base_content_type__model="contentitem").values_list(*columns))


def in_step():
    """Whether the published store and Wagtail's index of references are as if everything were made anew."""
    assert list(differences()) == []
    kept = references()
    for item in ContentItem.objects.all():
        ReferenceIndex.create_or_update_for_object(item)
    return references() == kept


# --- what changes -------------------------------------------------------------------------------------------


def test_a_plan_tells_what_would_change_and_changes_nothing(change, terms):
    ItemFactory(key="a"), ItemFactory(key="b", terms=[terms["buy"]])

    tagging = change("add", "buy", row("a"), row("b"), only_plan=True)

    assert outcomes(tagging) == {"a": "changed", "b": "unchanged"}
    assert (drafted("a"), row("a").revisions.count()) == ("", 1)


def test_drafts_are_tagged_and_each_history_tells_it(change, editor, terms):
    ItemFactory(key="a", terms=[terms["bike"]]), ItemFactory(key="b")

    tagging = change("add", "buy compare", row("a"), row("b"))

    assert (drafted("a"), stored("a"), drafted("b")) == ("bike buy compare", "bike buy compare", "buy compare")
    entry = ModelLogEntry.objects.for_instance(row("a")).get(action="contenthub.tag")
    assert (entry.user, entry.revision_id) == (editor, row("a").latest_revision_id)
    assert entry.data == {
        "tagging": tagging.pk,
        "added": ["journey:buy", "journey:compare"],
        "removed": [],
        "published": False,
        "undo": False,
    }
    assert in_step()


def test_what_is_on_air_stays_unless_the_change_publishes(change, terms):
    item = ItemFactory(key="a", published=True)

    change("add", "buy", item)

    assert (drafted("a"), stored("a"), frozen("a")) == ("buy", "", [])
    assert row("a").has_unpublished_changes
    assert in_step()


def test_publishing_changes_the_live_tags_and_leaves_other_edits_in_the_draft(change, terms):
    item = ItemFactory(key="a", published=True, terms=[terms["compare"]], headline="On air", texts={"short": "Now"})
    localize(item, "ja").get_latest_revision().publish()
    draft(item, headline="Unfinished", terms=[terms["compare"], terms["bike"]])

    tagging = change("replace", "buy", item, replaced="compare", publishes=True)

    live = row("a")
    assert (live.headline, stored("a"), frozen("a")) == ("On air", "buy", ["buy"])
    assert (live.get_latest_revision_as_object().headline, drafted("a")) == ("Unfinished", "buy bike")
    assert live.has_unpublished_changes
    published = live.live_revision.as_object()
    assert (published.headline, names(published), published.texts.first().text) == ("On air", "buy", "Now")
    assert notes(tagging, "a") == ["keeps_draft"]
    assert not ContentItem.objects.get(key="a", is_source=False).has_unpublished_changes
    assert in_step()


def test_publishing_leaves_an_item_without_newer_draft_without_one(change):
    item = ItemFactory(key="a", published=True)

    change("add", "buy", item, publishes=True)

    assert not row("a").has_unpublished_changes
    assert row("a").live_revision_id == row("a").latest_revision_id
    assert publish(row("a"), headline="Next").headline == "Next"
    assert frozen("a") == ["buy"]
    assert in_step()


def test_what_is_scheduled_follows_and_nothing_comes_back_at_its_go_live(change, clock, terms):
    item = ItemFactory(key="a", published=True, terms=[terms["compare"]])
    schedule(item, NOON + HOUR, headline="Launch")
    draft(item, headline="Later", go_live_at=None)
    ItemFactory(key="b", terms=[terms["compare"]])
    schedule(row("b"), NOON + HOUR)

    tagging = change("replace", "buy", item, row("b"), replaced="compare", publishes=True)
    clock.move_to(NOON + HOUR)
    list(publish_due())

    assert (row("a").headline, stored("a"), frozen("a"), drafted("a")) == ("Launch", "buy", ["buy"], "buy")
    assert row("a").get_latest_revision_as_object().headline == "Later"
    assert (row("b").live, stored("b"), frozen("b")) == (True, "buy", ["buy"])
    assert notes(tagging, "a") == ["keeps_draft", "launch_follows"]
    assert in_step()


def test_a_change_of_drafts_leaves_a_launch_as_it_is_and_says_so(change, clock):
    item = ItemFactory(key="a")
    schedule(item, NOON + HOUR)

    tagging = change("add", "buy", item)

    assert notes(tagging, "a") == ["launch_stays"]
    assert row("a").scheduled_revision.content["classification"] == []
    assert drafted("a") == "buy"
    assert in_step()


def test_a_launch_that_fell_due_is_carried_out_first(change, clock):
    item = ItemFactory(key="a", published=True)
    schedule(item, NOON + HOUR, headline="Launched")
    clock.move_to(NOON + 2 * HOUR)

    change("add", "buy", item, publishes=True)

    assert (row("a").headline, frozen("a"), row("a").has_unpublished_changes) == ("Launched", ["buy"], False)
    assert in_step()


# --- what may not change ------------------------------------------------------------------------------------


def test_what_would_break_a_rule_on_air_is_left_alone_and_a_draft_is_warned_of(change, terms):
    kind = ItemTypeFactory()
    ItemFactory(key="a", published=True, terms=[terms["buy"]]), ItemFactory(key="b", terms=[terms["buy"]])
    ClassificationRule.objects.create(item_type=kind, facet=Facet.objects.get(code="journey"), minimum=1)

    tagging = change("remove", "buy", row("a"), row("b"), publishes=True)

    assert outcomes(tagging) == {"a": "breaks_rule", "b": "changed"}
    assert tagging.items.get(key="a").notes == [["rule", "journey", "At least 1 needed, 0 chosen."]]
    assert (drafted("a"), stored("a"), frozen("a")) == ("buy", "buy", ["buy"])
    assert notes(tagging, "b") == ["only_draft", "draft_rule"]
    assert in_step()


def test_a_rule_that_was_broken_before_does_not_hold_up_a_change_that_mends_another(change, terms):
    ItemFactory(key="a", published=True)
    for code in ("journey", "product"):
        ClassificationRule.objects.create(item_type=ItemTypeFactory(), facet=Facet.objects.get(code=code), minimum=1)

    tagging = change("add", "buy", row("a"), publishes=True)

    assert (outcomes(tagging), frozen("a")) == ({"a": "changed"}, ["buy"])


def test_what_is_locked_or_in_anothers_review_is_left_alone(change, editor, terms):
    writer = User.objects.create_user("writer", password="secret")
    ItemFactory(key="a"), ItemFactory(key="b"), ItemFactory(key="c")
    ContentItem.objects.filter(key="a").update(locked=True, locked_by=editor)
    workflow = Workflow.objects.create(name="Review")
    WorkflowTask.objects.create(workflow=workflow, task=Task.objects.create(name="Look", active=True), sort_order=1)
    workflow.start(row("b"), editor)

    tagging = change("add", "buy", row("a"), row("b"), row("c"), user=writer)

    assert outcomes(tagging)["a"] == "locked"
    assert outcomes(tagging)["c"] == "changed"
    assert drafted("a") == ""


def test_a_change_is_made_once(change):
    tagging = change("add", "buy", ItemFactory(key="a"))

    with pytest.raises(TaggingRefused, match="made already"):
        apply(tagging, user=tagging.user)


def test_a_preview_that_nobody_followed_is_forgotten(change, clock):
    old = change("add", "buy", ItemFactory(key="a"), only_plan=True)
    done = change("add", "buy", row("a"))
    clock.move_to(NOON + 200 * HOUR)

    change("add", "compare", row("a"), only_plan=True)

    assert not Tagging.objects.filter(pk=old.pk).exists()
    assert Tagging.objects.filter(pk=done.pk).exists()


@pytest.mark.parametrize(
    ("operation", "replaced"), [("add", ""), ("replace", "bike")], ids=["to add", "to put in the place of others"]
)
def test_a_term_retired_after_the_preview_is_not_given_to_anything(change, editor, terms, operation, replaced):
    item = ItemFactory(key="a", terms=[terms["bike"]], published=True)
    tagging = change(operation, "buy", item, replaced=replaced, publishes=True, only_plan=True)
    change_terms(Merge("journey:buy", into="journey:compare"))

    with pytest.raises(TaggingRefused, match="journey:buy: retired since this was looked at"):
        apply(tagging, user=editor)

    assert (drafted("a"), frozen("a")) == ("bike", ["bike"])
    assert Tagging.objects.get(pk=tagging.pk).state == "planned"


def test_an_item_deleted_after_the_preview_is_told(change, editor):
    item, other = ItemFactory(key="a"), ItemFactory(key="b")
    tagging = change("add", "buy", item, other, only_plan=True)
    item.delete()

    apply(tagging, user=editor)

    assert outcomes(tagging) == {"a": "gone", "b": "changed"}


# --- undoing ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("publishes", [False, True])
def test_an_undo_gives_back_the_tags_in_their_order(change, editor, terms, publishes):
    before = [terms["compare"], terms["bike"], terms["buy"]]
    ItemFactory(key="a", terms=before, published=True), ItemFactory(key="b", terms=before)
    draft(row("a"), headline="Unfinished")
    tagging = change("remove", "compare", row("a"), row("b"), publishes=publishes)
    assert (drafted("a"), drafted("b")) == ("bike buy", "bike buy")

    undo(tagging, user=editor)

    assert (drafted("a"), drafted("b")) == ("compare bike buy", "compare bike buy")
    assert frozen("a") == ["compare", "bike", "buy"]
    assert row("a").get_latest_revision_as_object().headline == "Unfinished"
    assert outcomes(tagging) == {"a": "undone", "b": "undone"}
    assert ModelLogEntry.objects.filter(action="contenthub.tag", data__undo=True).count() == 2
    assert in_step()
    with pytest.raises(TaggingRefused, match="undone already"):
        undo(tagging, user=editor)


def test_an_undo_leaves_the_first_tag_first_and_others_as_they_stand_by_then(change, editor, terms):
    ItemFactory(key="a", terms=[terms["buy"], terms["bike"]])
    ItemFactory(key="b", terms=[terms["bike"], terms["buy"]])
    tagging = change("add", "compare", row("a"), row("b"))
    terms["road"] = TermFactory(code="product:road", facet=terms["bike"].facet)
    draft(row("b"), terms=[terms["road"], terms["bike"], terms["buy"], terms["compare"]])

    undo(tagging, user=editor)

    assert (drafted("a"), drafted("b")) == ("buy bike", "road buy bike")


def test_an_undo_leaves_alone_what_a_later_edit_touched_in_the_same_facet_only(change, editor, terms):
    for key in "abc":
        ItemFactory(key=key, published=True)
    tagging = change("add", "buy", row("a"), row("b"), row("c"), publishes=True)
    draft(row("a"), terms=[terms["buy"], terms["compare"]])
    draft(row("b"), terms=[terms["buy"], terms["bike"]])

    undo(tagging, user=editor)

    assert outcomes(tagging) == {"a": "kept", "b": "undone", "c": "undone"}
    assert notes(tagging, "a") == ["changed_since"]
    assert (drafted("a"), frozen("a")) == ("buy compare", ["buy"])
    assert (drafted("b"), frozen("b"), frozen("c")) == ("bike", [], [])
    assert in_step()


def test_an_undo_of_drafts_does_not_touch_what_was_published_since(change, editor, terms):
    ItemFactory(key="a")
    tagging = change("add", "buy", row("a"))
    publish(row("a"))

    undo(tagging, user=editor)

    assert (drafted("a"), frozen("a")) == ("", ["buy"])
    assert in_step()


def test_an_undo_that_publishes_follows_what_was_published_since(change, editor, terms):
    ItemFactory(key="a")
    tagging = change("add", "buy", row("a"), publishes=True)
    publish(row("a"))

    undo(tagging, user=editor)

    assert (drafted("a"), frozen("a")) == ("", [])
    assert in_step()


def test_an_undo_gives_back_what_replaced_a_term_since_and_takes_it_away_too(change, editor, terms):
    ItemFactory(key="a", terms=[terms["buy"], terms["bike"]], published=True)
    removed = change("remove", "buy", row("a"), publishes=True)
    ItemFactory(key="b", published=True)
    added = change("add", "buy", row("b"), publishes=True)
    change_terms(Merge("journey:buy", into="journey:compare"))

    undo(removed, user=editor)
    undo(added, user=editor)

    assert (drafted("a"), frozen("a")) == ("compare bike", ["compare", "bike"])
    assert (drafted("b"), frozen("b")) == ("", [])
    assert in_step()


def test_an_undo_does_not_give_back_a_term_that_is_out_of_use(change, editor, terms):
    ItemFactory(key="a", terms=[terms["buy"]], published=True)
    tagging = change("remove", "buy", row("a"), publishes=True)
    change_terms(Retire("journey:buy"))

    undo(tagging, user=editor)

    assert tagging.items.get(key="a").notes == [["retired", "journey", "journey:buy"]]
    assert (outcomes(tagging), drafted("a"), frozen("a")) == ({"a": "kept"}, "", [])


def test_an_undo_does_not_break_a_rule(change, editor, terms):
    ItemFactory(key="a", published=True)
    tagging = change("add", "buy", row("a"), publishes=True)
    ClassificationRule.objects.create(item_type=ItemTypeFactory(), facet=Facet.objects.get(code="journey"), minimum=1)

    undo(tagging, user=editor)

    assert tagging.items.get(key="a").notes == [["rule", "journey", "At least 1 needed, 0 chosen."]]
    assert (outcomes(tagging), frozen("a")) == ({"a": "kept"}, ["buy"])


# --- size ---------------------------------------------------------------------------------------------------


def test_a_change_of_many_items_asks_no_more_than_one_of_few(change, editor, django_assert_max_num_queries):
    for number in range(40):
        ItemFactory(key=f"item-{number:02d}", published=True)
    few = change("add", "buy", *ContentItem.objects.filter(key="item-00"), publishes=True, only_plan=True)
    many = change("add", "buy", *ContentItem.objects.exclude(key="item-00"), publishes=True, only_plan=True)

    with django_assert_max_num_queries(150) as one:
        apply(few, user=editor)
    with django_assert_max_num_queries(len(one) + 6) as all_others:
        apply(many, user=editor)
    with django_assert_max_num_queries(len(all_others) + 6):
        undo(many, user=editor)

    assert set(outcomes(many).values()) == {"undone"}
