"""Looking at a change and making it: one transaction, written down so that it can be undone."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from taxonomy.changes.graph import SHAPE, Edits, Graph
from taxonomy.changes.impact import Impact
from taxonomy.changes.kinds import Change, Rename
from taxonomy.changes.steps import NothingToDo, Step, step_of
from taxonomy.changes.writing import write
from taxonomy.codes import TermStatus
from taxonomy.dependants import TermChange, TermsChanged, get_dependants
from taxonomy.models import ChangePlan, Facet, Term, TermsJournal
from taxonomy.snapshot import TaxonomySnapshot, taxonomy_snapshot
from taxonomy.transactions import rolled_back


def preview(change: Change) -> Impact:
    """Return what the change would do. Nothing is changed: it is made, looked at and rolled back.

    Raises:
        ValidationError: it cannot be done; the message names the term and the remedy.
    """
    with _by_itself():
        return preview_all([change])


def preview_all(changes: Sequence[Change], *, skip_done: bool = False) -> Impact:
    """Return what the changes, made one after the other, would do together: each thing is counted once.

    ``skip_done``: what is so already is passed over instead of refused. After one that cannot be done the others are
    tried without it, so that all that is wrong is told.

    Raises:
        StepRefused: some of them cannot be done.
    """
    with rolled_back():
        work = _Work(changes)
        basis, before = work.basis(), taxonomy_snapshot()
        refused: dict[int, ValidationError] = {}
        for number, change in enumerate(changes, start=1):
            with _collecting(refused, number), _passing_over(skip_done):
                work.make(change, number)
        try:
            impact = work.impact(basis, before)
        except ValidationError as error:
            refused |= work.refused_above() or {len(changes): error}
        if refused:
            raise StepRefused(refused)
        return impact


def apply(change: Change, *, user: Any = None, basis: str | None = None) -> TermsJournal:
    """Make the change and return its entry in the journal.

    ``basis`` is that of the preview that was looked at.

    Raises:
        ValidationError: it cannot be done, or what it touches has changed since the preview. Nothing was changed.
    """
    with _by_itself():
        (entry,) = apply_all([change], user=user, basis=basis)
    return entry


@transaction.atomic
def apply_all(
    changes: Sequence[Change],
    *,
    user: Any = None,
    basis: str | None = None,
    plan: ChangePlan | None = None,
    skip_done: bool = False,
) -> list[TermsJournal]:
    """Make the changes one after the other, all or none, and return their entries in the journal.

    ``skip_done``: what is so already is passed over instead of refused.

    Raises:
        StepRefused: one of them cannot be done; nothing was changed.
        ValidationError: what they touch has changed since the preview; nothing was changed.
    """
    work = _Work(changes)
    if basis is not None and basis != work.basis():
        terms = ", ".join(dict.fromkeys(change.term for change in changes[:5]))
        raise ValidationError(
            _(
                "What this touches (%(terms)s) was changed in the meantime. Nothing was done: look "
                "at the new preview and confirm again."
            )
            % {"terms": terms},
            code="stale",
        )
    entries = []
    for number, change in enumerate(changes, start=1):
        with _numbered(number), _passing_over(skip_done):
            entries.append(work.carry_out(change, number, user=user, plan=plan))
    return entries


class StepRefused(ValidationError):
    """Raised where changes cannot be done; ``errors`` by the numbers of the steps, which count from 1."""

    def __init__(self, errors: Mapping[int, ValidationError]) -> None:
        self.errors = errors
        super().__init__(
            [f"Step {number}: {reason}" for number, error in sorted(errors.items()) for reason in error.messages]
        )


@dataclass
class _Made:
    """A change that was made of the terms; what the dependants are to be told of it, in order."""

    change: Change
    number: int
    before: Edits
    after: Edits
    told: list[TermsChanged] = field(default_factory=list)


class _Work:
    """The facets that changes are about, locked, and what was made of them so far."""

    def __init__(self, changes: Sequence[Change]) -> None:
        self.changes = changes
        self.graphs: dict[str, Graph] = {}
        self.done: list[_Made] = []
        codes = {change.facet for change in changes}
        facets = {facet.code: facet for facet in Facet.objects.filter(code__in=codes).order_by("pk")}
        for facet in facets.values():
            facet.lock()
            self.graphs[facet.code] = Graph(facet)

    def basis(self) -> str:
        """Return a digest of all that the changes name, stand on and reach, as it is before them."""
        found: dict[str, Any] = {}
        for change in self.changes:
            graph = self.graphs.get(change.facet)
            named = {graph.ids[code] for code in change.codes if code in graph.ids} if graph else set()
            if not graph or not named:
                continue
            reached = graph.branch(named)
            around = named.union(*graph.above(named).values(), *(graph.children[pk] for pk in named))
            found |= {graph.codes[pk]: None for pk in reached}
            found |= {graph.codes[pk]: [graph.states[pk][name] for name in SHAPE] for pk in around}
            if isinstance(change, Rename):
                found[change.term] = [found.get(change.term), graph.labels(graph.ids[change.term])]
        return hashlib.sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()[:32]

    def make(self, change: Change, number: int) -> _Made:
        """Change the terms, and nothing else yet."""
        graph = self.graphs.get(change.facet)
        if graph is None:
            raise ValidationError(_("There is no facet for the code %(term)s.") % {"term": change.term})
        step = step_of(change, graph)
        before = {pk: {name: graph.value(pk, name) for name in edited} for pk, edited in step.edits.items()}
        edits = {pk: dict(edited) for pk, edited in step.edits.items()}
        try:
            moved = write(graph, edits)
        except ValidationError:
            graph.apply(before)
            raise
        made = _Made(change, number, before, edits)
        made.told = list(announcements(graph, made.before, edits, moved, step=step))
        self.done.append(made)
        return made

    def carry_out(self, change: Change, number: int, *, user: Any, plan: ChangePlan | None) -> TermsJournal:
        """Make the change, let the dependants follow, and write it down."""
        made = self.make(change, number)
        dependants, graph = get_dependants(), self.graphs[change.facet]
        impact = self._impact_of([made], dependants)
        followed = [dependants.apply(told) for told in made.told if told.kind != TermChange.RENAMED]
        entry = TermsJournal.objects.create(
            facet=graph.facet,
            plan=plan,
            change=change.as_json(),
            impact=impact,
            before=made.before,
            after=made.after,
            followed=[one for one in followed if one] or None,
            made_by=user if user and user.pk else None,
        )
        entry.terms.set([graph.ids[code] for code in change.codes if code in graph.ids])
        _log(entry, graph.ids[change.term], user)
        return entry

    def impact(self, basis: str, before: TaxonomySnapshot) -> Impact:
        codes = {code for made in self.done for code in self._codes(made)}
        return Impact(self._impact_of(self.done, get_dependants(), before), tuple(sorted(codes)), basis)

    def refused_above(self) -> dict[int, ValidationError]:
        """Return, by step, why what stands on the terms could not follow."""
        refused: dict[int, ValidationError] = {}
        for made in self.done:
            with _collecting(refused, made.number):
                get_dependants().impact(made.told)
        return refused

    def _impact_of(
        self, done: Sequence[_Made], dependants: Any, before: TaxonomySnapshot | None = None
    ) -> dict[str, int]:
        codes = {code for made in done for code in self._codes(made)}
        told = [one for made in done for one in made.told]
        return {"terms": len(codes)} | dependants.impact(told, before=before)

    def _codes(self, made: _Made) -> set[str]:
        graph = self.graphs[made.change.facet]
        return {graph.codes[pk] for pk in made.after}.union(*(told.codes for told in made.told))


def announcements(
    graph: Graph, before: Edits, after: Edits, moved: Iterable[int], *, step: Step | None = None
) -> Iterator[TermsChanged]:
    """Yield what dependants are told of edits: moves first, so that all that follows sees the new tree."""
    code, step = graph.facet.code, step or Step()
    groups: dict[TermChange, set[int]] = {kind: set() for kind in TermChange}
    groups[TermChange.MOVED] = set(moved)
    for pk, edited in after.items():
        if "labels" in edited:
            groups[TermChange.RENAMED].add(pk)
        if edited.keys() & {"status", "replaced_by"}:
            groups[_turn(graph, pk, before[pk])].add(pk)
    for kind in (TermChange.MOVED, TermChange.RESTORED, TermChange.RETIRED, TermChange.MERGED, TermChange.RENAMED):
        if groups[kind]:
            codes = frozenset(graph.codes[pk] for pk in groups[kind])
            merged = kind == TermChange.MERGED
            yield TermsChanged(
                code, codes, kind, step.items if merged else {}, step.remaining if merged else ()
            )  # fmt: skip


def _turn(graph: Graph, pk: int, before: dict[str, Any]) -> TermChange:
    if graph.states[pk]["status"] != TermStatus.RETIRED:
        return TermChange.RESTORED
    return TermChange.MERGED if graph.states[pk]["replaced_by"] else TermChange.RETIRED


def _log(entry: TermsJournal, pk: int, user: Any) -> None:
    data = {"journal": entry.pk, "change": entry.change, "impact": entry.impact}
    log(instance=Term.objects.get(pk=pk), action=f"taxonomy.{entry.change['do']}", user=entry.made_by, data=data)


@contextmanager
def _passing_over(skip_done: bool) -> Iterator[None]:
    try:
        yield
    except NothingToDo:
        if not skip_done:
            raise


@contextmanager
def _numbered(number: int) -> Iterator[None]:
    """Say which step is refused."""
    try:
        yield
    except ValidationError as error:
        raise StepRefused({number: error}) from error


@contextmanager
def _collecting(refused: dict[int, ValidationError], number: int) -> Iterator[None]:
    """Note what is refused of a step, and go on."""
    try:
        yield
    except ValidationError as error:
        refused[number] = error


@contextmanager
def _by_itself() -> Iterator[None]:
    """Tell what is wrong with the one change there is without a number."""
    try:
        yield
    except StepRefused as refusal:
        (error,) = refusal.errors.values()
        raise error from None
