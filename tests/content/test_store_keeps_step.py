"""Whatever editors, the clock and planners do: the published store serves what it should, now and later."""

import os
from datetime import timedelta
from itertools import count, pairwise

import orjson
import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from contenthub.content.localizations import make_source
from contenthub.content.models import ContentItem, ItemType
from contenthub.content.publishing import NotPublishable, differences, publish_due, rebuild, unschedule
from contenthub.delivery.models import Document, IndexRow, TermRow
from locales.changes import ensure_locale, set_next
from taxonomy import snapshot
from taxonomy.changing import create_term, move_term, restore_term, retire_term
from taxonomy.models import Term
from tests.content.editing import draft, localize, publish, schedule
from tests.content.factories import ItemFactory, ItemTypeFactory
from tests.content.hub_model import FOREVER, Facts, Hub, Item, Row, Text
from tests.content.times import HOUR, NOON

IS_LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
PROFILE = settings(
    max_examples=100 if IS_LONG else 15,
    stateful_step_count=50 if IS_LONG else 25,
    derandomize=not IS_LONG,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
TERMS = {"journey:a": None, "journey:b": "journey:a", "journey:c": None, "journey:d": "journey:c"}
TAGS = ["en", "de", "de-CH", "ja"]

hours = st.integers(1, 6)
terms = st.sampled_from(sorted(TERMS))
facts = st.builds(Facts, st.lists(terms, max_size=2, unique=True).map(tuple), st.booleans())
some = st.integers(0, 30)
runs = count()


class Newsroom(RuleBasedStateMachine):
    """A few items, locales and terms, and all that is done to them."""

    def __init__(self) -> None:
        super().__init__()
        snapshot._loaded.clear()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.now = NOON
        self.clock = time_machine.travel(self.now, tick=False)
        self.traveller = self.clock.start()
        self.hub = Hub()
        self.numbers = count(1)

    def teardown(self) -> None:
        self.clock.stop()
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)
        snapshot._loaded.clear()

    @initialize()
    def open_house(self) -> None:
        for kind, allowed in self.hub.types.items():
            made = ItemTypeFactory(code=kind)
            made.fallback_allowed = allowed
            made.save()
        made = {}
        for code, parent in TERMS.items():
            made[code] = create_term(code, labels={"en": code}, parent=made.get(parent))
        self.hub.parents = dict(TERMS)
        for tag in ("en", "de"):
            self.add_locale(tag=tag)
        self.create_item(kind="article", tag="en", facts=Facts(("journey:a",)))
        self.localize_item(which=0, tag="de")
        self.publish_now(which=0, facts=Facts(("journey:b",)), lasting=None)
        self.schedule_launch(which=1, facts=Facts(()), wait=3, lasting=None)  # an embargo from the beginning

    @rule(which=some, first=facts, then=facts, wait=hours, lasting=st.none() | hours, passing=st.integers(0, 2))
    def a_busy_day(self, which, first, then, wait, lasting, passing):
        """What goes together often: a publication, a launch after it, a hotfix in between or after."""
        for act in (
            lambda: self.publish_now(which=which, facts=first, lasting=lasting),
            lambda: self.schedule_launch(which=which, facts=then, wait=wait, lasting=None),
            lambda: self.wait(passing=passing),
            lambda: self.publish_now(which=which + 1, facts=then, lasting=None),
        ):
            if self.hub.items:
                act()
                self.the_check_finds_nothing()
                self.the_store_serves_what_it_should()

    @precondition(lambda self: self.hub.items)
    @rule(which=some, facts=facts, wait=hours)
    def a_launch_then_a_hotfix(self, which, facts, wait):
        self.schedule_launch(which=which, facts=facts, wait=wait, lasting=None)
        self.the_store_serves_what_it_should()
        self.publish_now(which=which, facts=facts, lasting=None)

    # --- items --------------------------------------------------------------------------------------------

    @rule(kind=st.sampled_from(["article", "legal"]), tag=st.sampled_from(TAGS), facts=facts)
    def create_item(self, kind, tag, facts):
        if len(self.hub.items) == 3 or tag not in self.hub.next:
            return
        key = next(key for key in ("x", "y", "z") if key not in self.hub.items)  # keys come back after deletion
        headline = self.headline()
        ItemFactory(
            key=key,
            locale=tag,
            type=ItemTypeFactory(code=kind),
            headline=headline,
            terms=self.rows_of(facts.tags),
            fallback_forbidden=facts.forbidden,
        )
        self.hub.items[key] = Item(kind, tag, {tag: Row(newest=headline)})

    @precondition(lambda self: self.hub.items)
    @rule(which=some, tag=st.sampled_from(TAGS))
    def localize_item(self, which, tag):
        key, origin, item, _ = self.pick(which)
        if tag in self.hub.next and tag not in item.rows:
            item.rows[tag] = Row(newest=self.headline())
            localize(self.row(key, origin), tag, headline=item.rows[tag].newest)

    @precondition(lambda self: self.hub.items)
    @rule(which=some, facts=facts)
    def save_draft(self, which, facts):
        key, tag, _, _ = self.pick(which)
        changes = self.changes(key, tag, facts)
        draft(self.row(key, tag), **changes)
        self.hub.items[key].rows[tag].newest = changes["headline"]

    @precondition(lambda self: self.hub.items)
    @rule(which=some, facts=facts, lasting=st.none() | hours)
    def publish_now(self, which, facts, lasting):
        key, tag, item, row = self.pick(which)
        changes = self.changes(key, tag, facts)
        row.newest = changes["headline"]
        end = self.now + lasting * HOUR if lasting else None
        is_source = tag == item.source
        if not is_source and item.facts is None:
            with pytest.raises(NotPublishable):
                publish(self.row(key, tag), expire_at=end, **changes)
            return

        publish(self.row(key, tag), expire_at=end, **changes)

        if item.on_air(tag, self.now) is None:
            row.launch = None
        made_from = "" if is_source else item.written_for(self.now, self.now)
        text = Text(changes["headline"], self.now, end or FOREVER, facts if is_source else None, made_from)
        item.put_on_air(tag, text)

    @precondition(lambda self: self.hub.items)
    @rule(which=some, facts=facts, wait=hours, lasting=st.none() | hours)
    def schedule_launch(self, which, facts, wait, lasting):
        key, tag, item, row = self.pick(which)
        changes = self.changes(key, tag, facts)
        row.newest = changes["headline"]
        at = self.now + wait * HOUR
        end = at + lasting * HOUR if lasting else None
        is_source = tag == item.source
        source_launch = item.rows[item.source].launch
        if not is_source and item.facts is None and not (source_launch and source_launch.start <= at):
            with pytest.raises(NotPublishable):
                schedule(self.row(key, tag), at, expire_at=end, **changes)
            return

        schedule(self.row(key, tag), at, expire_at=end, **changes)

        made_from = "" if is_source else item.written_for(at, self.now)
        row.launch = Text(changes["headline"], at, end or FOREVER, facts if is_source else None, made_from)

    @precondition(lambda self: self.hub.items)
    @rule(which=some)
    def call_off_launch(self, which):
        key, tag, _, row = self.pick(which)
        if row.launch:
            stored = self.row(key, tag)
            unschedule(stored, stored.scheduled_revision)
            row.launch = None

    @precondition(lambda self: self.hub.items)
    @rule(which=some)
    def unpublish(self, which):
        key, tag, item, row = self.pick(which)
        if item.on_air(tag, self.now):
            self.row(key, tag).unpublish()
            row.live = row.launch = None

    @precondition(lambda self: self.hub.items)
    @rule(which=some, in_bulk=st.booleans())
    def delete(self, which, in_bulk):
        key, tag, item, _ = self.pick(which)
        if in_bulk:
            ContentItem.objects.filter(key=key).delete()
            del self.hub.items[key]
        elif tag == item.source and len(item.rows) > 1:
            with pytest.raises(ValidationError):
                self.row(key, tag).delete()
        else:
            self.row(key, tag).delete()
            del item.rows[tag]
            if not item.rows:
                del self.hub.items[key]

    @precondition(lambda self: self.hub.items)
    @rule(which=some)
    def change_original(self, which):
        key, tag, item, row = self.pick(which)
        try:
            make_source(self.row(key, tag))
        except ValidationError:
            return
        if tag != item.source:
            old, item.source = item.rows[item.source], tag
            for text in filter(None, (old.live, old.launch)):
                text.made_from = item.source_text
            if row.live and self.row(key, tag).live:
                for text in (text for one in item.rows.values() for text in (one.live, one.launch) if text):
                    if text.made_from == item.source_text:
                        text.made_from = row.live.headline
                item.source_text = row.live.headline

    # --- the clock ----------------------------------------------------------------------------------------

    @rule(passing=hours)
    def wait(self, passing):
        self.now += passing * HOUR
        self.traveller.move_to(self.now)
        self.hub.settle(self.now)

    @rule()
    def run_the_scheduler(self):
        before = stored_state(self.now)

        outcome = {done for _, done in publish_due()}

        assert outcome <= {"published", "expired"}
        assert stored_state(self.now) == before

    @rule()
    def rebuild_all(self):
        before = stored_state(self.now)

        list(rebuild())

        assert stored_state(self.now) == before

    # --- what all items stand on ------------------------------------------------------------------------------

    @rule(tag=st.sampled_from(TAGS))
    def add_locale(self, tag):
        if tag in self.hub.next:
            return
        ensure_locale(tag)
        self.hub.next[tag] = {"en": None, "de-CH": "de"}.get(tag, "en")

    @rule(tag=st.sampled_from(TAGS), to=st.none() | st.sampled_from(TAGS))
    def lead_elsewhere(self, tag, to):
        if tag == "en" or tag not in self.hub.next or (to and (to not in self.hub.next or tag in self.hub.chain(to))):
            return
        set_next(ensure_locale(tag), ensure_locale(to) if to else None)
        self.hub.next[tag] = to

    @rule(code=terms, to=st.none() | terms)
    def move(self, code, to):
        if code in self.hub.successors or to in self.hub.successors or code in self.hub.line(to):
            return
        if self.hub.parents[code] == to:
            return
        move_term(self.term(code), parent=self.term(to) if to else None)
        self.hub.parents[code] = to

    @rule(code=terms, into=st.lists(terms, max_size=2, unique=True))
    def retire(self, code, into):
        has_children = any(
            parent == code and child not in self.hub.successors for child, parent in self.hub.parents.items()
        )
        if code in self.hub.successors or code in into or has_children or self.hub.successors.keys() & set(into):
            return
        retire_term(self.term(code), successors=self.rows_of(into))
        self.hub.successors[code] = tuple(into)
        self.hub.retag(code, tuple(into))

    @rule(code=terms)
    def restore(self, code):
        if code in self.hub.successors and self.hub.parents[code] not in self.hub.successors:
            restore_term(self.term(code))
            del self.hub.successors[code]

    @rule(kind=st.sampled_from(["article", "legal"]))
    def change_mind_about_fallback(self, kind):
        self.hub.types[kind] = not self.hub.types[kind]
        item_type = ItemType.objects.get(code=kind)
        item_type.fallback_allowed = self.hub.types[kind]
        item_type.save()

    # --- what must hold ---------------------------------------------------------------------------------------

    @invariant()
    def the_check_finds_nothing(self):
        assert [str(difference) for difference in differences()] == []

    @invariant()
    def intervals_never_overlap(self):
        rows = IndexRow.objects.order_by("item", "locale", "starts_at").values_list(
            "item", "locale", "starts_at", "ends_at"
        )
        for (item, locale, _, end), (next_item, next_locale, start, _) in pairwise(rows):
            assert (item, locale) != (next_item, next_locale) or end <= start

    @invariant()
    def the_store_serves_what_it_should(self):
        for ahead in (0, 1, 2, 3, 5, 8, 13):
            at = self.now + ahead * HOUR
            assert served(at) == self.hub.served(at), f"{ahead} hours ahead"
        just_before = self.now + HOUR - timedelta(microseconds=1)
        assert served(just_before) == self.hub.served(just_before)

    @invariant()
    def what_is_never_served_leaves_no_document(self):
        assert not Document.objects.filter(served_from__gt=self.now, index_rows=None).exists()
        assert not Document.objects.filter(served_until=None, index_rows=None).exists()

    # --- helpers ----------------------------------------------------------------------------------------------

    def pick(self, which):
        """Return one of all language versions: key, tag, item and row."""
        every = [(key, tag, item, row) for key, item in self.hub.items.items() for tag, row in item.rows.items()]
        return every[which % len(every)]

    def row(self, key, tag):
        return ContentItem.objects.get(key=key, locale__language_code=tag)

    def changes(self, key, tag, facts):
        changes = {"headline": self.headline()}
        if tag == self.hub.items[key].source:
            changes |= {"terms": self.rows_of(facts.tags), "fallback_forbidden": facts.forbidden}
        return changes

    def headline(self):
        return f"Headline {next(self.numbers)}"

    def term(self, code):
        return Term.objects.get(code=code)

    def rows_of(self, codes):
        return [self.term(code) for code in codes]


def served(at):
    """Return what the store answers at an instant, in the form of ``Hub.served``."""
    rows = IndexRow.objects.filter(starts_at__lte=at, ends_at__gt=at).select_related("document", "locale")
    under: dict[int, set[str]] = {}
    for row_id, code in TermRow.objects.values_list("row_id", "term__code"):
        under.setdefault(row_id, set()).add(code)
    found = {}
    for row in rows:
        head = orjson.loads(row.document.head)
        assert row.is_fallback == (head["locale"] != row.locale.language_code)
        found[row.key, row.locale.language_code] = (
            head["headline"],
            head["locale"],
            row.is_stale,
            set(head["terms"]),
            under.get(row.pk, set()),
        )
    return found


def stored_state(now):
    """Return documents and index as they answer from now on."""
    rows = IndexRow.objects.filter(ends_at__gt=now).values_list(
        "key", "locale", "document__version", "ends_at", "is_stale", "published_at", "updated_at", "slug", "type"
    )
    documents = Document.objects.values_list("version", "head", "body")
    return sorted(rows), sorted(documents)


@pytest.mark.django_db
def test_the_store_keeps_step_whatever_happens():
    run_state_machine_as_test(Newsroom, settings=PROFILE)
