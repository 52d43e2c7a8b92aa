"""Whatever is done to terms, and taken back: the tree is sound, every code answers, and what is served follows."""

from itertools import count

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from contenthub.content.models import ContentItem
from contenthub.content.publishing import differences
from locales.changes import ensure_locale
from taxonomy import plans, snapshot
from taxonomy.changes import Merge, Move, Rename, Restore, Retire, Split, apply, preview, undo, undo_all
from taxonomy.changing import create_term
from taxonomy.models import ChangePlan, Term, TermsJournal
from taxonomy.snapshot import taxonomy_snapshot
from tests.content.editing import draft, publish, schedule
from tests.content.factories import ItemFactory
from tests.content.test_store_keeps_step import IS_LONG, PROFILE
from tests.content.times import HOUR
from tests.taxonomy.graphs import graph_of

SHORTER = PROFILE if IS_LONG else settings(PROFILE, max_examples=6, stateful_step_count=12)
KEYS = "abcdef"
CODES = [f"journey:{key}" for key in KEYS]
codes = st.sampled_from(CODES)
maybe = st.none() | codes
changes = st.one_of(
    st.builds(Rename, codes, st.dictionaries(st.sampled_from(["en", "ja"]), st.sampled_from("xyz")), st.booleans()),
    st.builds(Move, codes, maybe, st.none() | st.lists(codes, max_size=2).map(tuple)),
    st.builds(Move, codes, maybe, before=codes),
    st.builds(Merge, codes, codes, st.booleans()),
    st.builds(Split, codes, st.lists(codes, min_size=2, max_size=3, unique=True).map(tuple), children_to=maybe),
    st.builds(Retire, codes, maybe, maybe),
    st.builds(Restore, codes),
)
some = st.integers(0, 30)


class Taxonomists(RuleBasedStateMachine):
    """Six terms, three items, and all that is done to them."""

    @initialize()
    def begin(self):
        snapshot._loaded.clear()
        self.rollback = transaction.atomic()
        self.rollback.__enter__()
        ensure_locale("en")
        for place, code in enumerate(CODES):
            parent = Term.objects.filter(code=CODES[(place - 1) // 2]).first() if place else None
            create_term(code, labels={"en": code}, parent=parent)
        self.items = [ItemFactory(terms=self.rows(CODES[n : n + 2]), published=n < 3) for n in (1, 2, 3)]
        schedule(self.items[0], timezone.now() + HOUR, terms=self.rows(CODES[2:5]))
        draft(self.items[0], terms=self.rows(CODES[:2]), go_live_at=None)
        self.numbers = count(1)

    def teardown(self):
        if hasattr(self, "rollback"):
            transaction.set_rollback(True)
            self.rollback.__exit__(None, None, None)
        snapshot._loaded.clear()

    @rule(change=changes)
    def make(self, change):
        """Make a change: what its preview says is what comes, and taking it back at once leaves no trace."""
        before = state()
        try:
            impact = preview(change)
        except ValidationError:
            with pytest.raises(ValidationError):
                apply(change)
            assert state() == before
            return
        assert state() == before

        entry = apply(change, basis=impact.basis)

        assert entry.impact == impact.counts
        after = state()
        if next(self.numbers) % 2:
            undo(entry)
            assert state() == before
            apply(change)
            assert state()["graph"] == after["graph"]

    @rule(steps=st.lists(changes, min_size=2, max_size=3))
    def plan(self, steps):
        """Make several as a plan, all or none, and undo it as one."""
        before = state()
        plan = ChangePlan.objects.create(title="Plan", steps=[step.as_json() for step in steps])
        try:
            plans.submit(plan, user=None)
        except ValidationError:
            assert state() == before
            return
        plans.approve(plan, user=None)
        plans.apply_plan(plan)
        if next(self.numbers) % 2:
            plans.undo_plan(plan)
            assert state() == before

    @precondition(lambda self: TermsJournal.objects.filter(undone_at=None).exists())
    @rule(which=some)
    def undo_any(self, which):
        """Undo whatever was done: it works whole or not at all."""
        entries = list(TermsJournal.objects.filter(undone_at=None, plan=None))
        if not entries:
            return
        before = state()
        try:
            undo(entries[which % len(entries)])
        except ValidationError:
            assert state() == before

    @rule()
    def undo_everything(self):
        """The whole way back, as far as nobody wrote anything else in between."""
        entries = list(TermsJournal.objects.filter(undone_at=None, plan=None))
        before = state()
        try:
            undo_all(entries)
        except ValidationError:
            assert state() == before

    @rule(which=some, tags=st.lists(codes, max_size=3, unique=True), way=st.sampled_from([draft, publish, "schedule"]))
    def write(self, which, tags, way):
        current = [term for term in self.rows(tags) if not term.is_retired]
        item = ContentItem.objects.get(pk=self.items[which % 3].pk)
        if way == "schedule":
            schedule(item, timezone.now() + next(self.numbers) * HOUR, terms=current)
        else:
            way(item, terms=current)

    @invariant()
    def the_closure_is_what_walking_upwards_finds(self):
        if hasattr(self, "items"):
            graph = graph_of("journey")
            for code, term in graph.items():
                assert term["above"] == walked(graph, code)

    @invariant()
    def every_code_answers_and_current_terms_stand_below_current_ones(self):
        if hasattr(self, "items"):
            taxonomy = taxonomy_snapshot()
            for code in CODES:
                term, answer = taxonomy.get(code), taxonomy.resolve(code).term
                assert not term.is_retired or answer is term or len(term.replaced_by) == 1
                assert term.is_retired or not any(above.is_retired for above in term.broader)

    @invariant()
    def what_is_served_is_what_the_tree_says_and_nothing_dangles(self):
        if hasattr(self, "items"):
            assert [str(difference) for difference in differences()] == []
            replaced = set(
                Term.objects.filter(status="retired", replaced_by__isnull=False).values_list("pk", flat=True)
            )
            assert not replaced & named_now()

    def rows(self, codes):
        return list(Term.objects.filter(code__in=codes).order_by("code"))


def state():
    """Return the whole graph, and where items name terms."""
    return {"graph": graph_of("journey"), "tags": tags()}


def tags():
    found = {}
    for row in ContentItem.objects.order_by("pk"):
        found[row.pk, "row"] = list(row.classification.order_by("sort_order").values_list("term", flat=True))
        for revision in row.revisions.all():
            kept = sorted(revision.content["classification"], key=lambda tag: tag["sort_order"])
            found[row.pk, revision.pk] = ([tag["term"] for tag in kept], revision.approved_go_live_at)
    return found


def named_now():
    """Return the terms that rows, newest drafts and launches name."""
    named = set()
    for row in ContentItem.objects.all():
        named |= set(row.classification.values_list("term", flat=True))
        for revision in row.revisions.all():
            if revision.pk == row.latest_revision_id or revision.approved_go_live_at:
                named |= {tag["term"] for tag in revision.content["classification"]}
    return named


def walked(graph, code):
    """Return the distance to everything above, level by level."""
    found, level = {code: 0}, [code]
    while level:
        above = [up for one in level for up in (graph[one]["parent"], *graph[one]["further"]) if up]
        level = [up for up in dict.fromkeys(above) if up not in found]
        found |= dict.fromkeys(level, max(found.values()) + 1)
        assert len(found) <= len(graph)
    return found


@pytest.mark.django_db
def test_terms_are_changed_and_changed_back_without_a_trace():
    run_state_machine_as_test(Taxonomists, settings=SHORTER)
