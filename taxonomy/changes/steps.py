"""What each change makes of the terms: a table of edits, worked out on the facet as it stands. Nothing is written."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import singledispatch
from typing import Any
from unicodedata import category

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from locales.tags import MalformedTag, canonical_tag
from taxonomy.changes.graph import Edits, Graph
from taxonomy.changes.kinds import Change, Merge, Move, Rename, Restore, Retire, Split
from taxonomy.codes import LABEL_CHARS, LabelKind, TermStatus

_NOT_IN_NAMES = {"Cc", "Cs", "Zl", "Zp"}  # of Unicode: controls, halves of pairs, breaks of lines and paragraphs


class NothingToDo(ValidationError):
    """Raised where the terms are already as a change wants them."""


@dataclass
class Step:
    """The edits of one change; which items go where, if its term is replaced by several."""

    edits: Edits = field(default_factory=lambda: defaultdict(dict))
    items: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    remaining: tuple[str, ...] = ()

    def edit(self, pk: int, **changed: Any) -> None:
        self.edits[pk] |= changed


@singledispatch
def step_of(change: Change, graph: Graph) -> Step:
    """Return what ``change`` makes of the terms in ``graph``.

    Raises:
        ValidationError: it cannot be done, or would change nothing; the message names the term and the remedy.
    """
    raise NotImplementedError


@step_of.register
def _rename(change: Rename, graph: Graph) -> Step:
    step, pk = Step(), graph.get(change.term)
    names = _clean_names(change)
    labels = graph.labels(pk)
    kept, old = [], []
    for language, kind, text in labels:
        if kind == LabelKind.PREFERRED and language in names:
            new = names.pop(language)
            if new is not None:
                kept.append([language, kind, new])
            if new != text:
                old.append([language, text])
        else:
            kept.append([language, kind, text])
    kept += [[language, LabelKind.PREFERRED.value, text] for language, text in names.items() if text is not None]
    if change.keep_old:
        kept += _synonyms(old, kept)
    if kept == labels:
        raise NothingToDo(f"{change.term} is called so already: give at least one other name.")
    if not any(kind == LabelKind.PREFERRED for _language, kind, _text in kept):
        raise ValidationError(_("%(term)s would be without any name: leave it one.") % {"term": change.term})
    step.edit(pk, labels=kept)
    return step


@step_of.register
def _move(change: Move, graph: Graph) -> Step:
    step, pk = Step(), graph.get(change.term)
    parent = graph.find(change.parent, to="stand below")
    state = graph.states[pk]
    if change.further is None:
        further = [above for above in state["further"] if above != parent] if parent else []
    else:
        further = [graph.get(code, to="stand below") for code in change.further]
    if (parent, further) != (state["parent"], state["further"]):
        step.edit(pk, parent=parent, further=further)
    if change.before or change.after:
        _put_beside(step, graph, pk, parent, change)
    elif parent != state["parent"]:
        step.edit(pk, position=_last_position(graph, parent))
    if not step.edits:
        raise NothingToDo(f"{change.term} stands there already.")
    return step


@step_of.register
def _merge(change: Merge, graph: Graph) -> Step:
    step, pk, into = Step(), graph.get(change.term), graph.get(change.into, to="merge into")
    if graph.is_retired(pk) and graph.states[pk]["replaced_by"] == [into]:
        raise NothingToDo(f"{change.term} is merged into {change.into} already.")
    if graph.is_retired(pk):
        raise ValidationError(
            _("%(term)s is retired already: restore it, or give it another successor.") % {"term": change.term}
        )
    _replace(step, graph, pk, [into])
    _move_children(step, graph, pk, into)
    if change.keep_names:
        labels = graph.labels(into)
        names = [[language, text] for language, kind, text in graph.labels(pk) if kind != LabelKind.HIDDEN]
        if new := _synonyms(names, labels):
            step.edit(into, labels=[*labels, *new])
    return step


@step_of.register
def _split(change: Split, graph: Graph) -> Step:
    step, pk = Step(), graph.get(change.term)
    into = [graph.get(code, to="go over to") for code in change.into]
    if len(set(into)) < 2 or len(set(into)) < len(into):
        raise ValidationError(
            _("%(term)s is split into two or more different terms; for one, merge it instead.") % {"term": change.term}
        )
    if graph.is_retired(pk) and graph.states[pk]["replaced_by"] == sorted(into):
        raise NothingToDo(f"{change.term} is split into these already.")
    foreign = {code for codes in change.items.values() for code in codes} | {change.remaining or change.into[0]}
    if foreign := sorted(foreign - set(change.into)):
        raise ValidationError(
            _("Items cannot go to %(foreign)s: it is not among what %(term)s becomes.")
            % {"foreign": ", ".join(foreign), "term": change.term}
        )
    _replace(step, graph, pk, into)
    _move_children(step, graph, pk, graph.find(change.children_to, to="move to"))
    step.items = change.items
    step.remaining = (change.remaining,) if change.remaining else ()
    return step


@step_of.register
def _retire(change: Retire, graph: Graph) -> Step:
    step, pk = Step(), graph.get(change.term)
    successor = graph.find(change.successor, to="be replaced by")
    successors = [successor] if successor else []
    if graph.is_retired(pk) and graph.states[pk]["replaced_by"] == successors:
        raise NothingToDo(f"{change.term} is retired already.")
    _replace(step, graph, pk, successors)
    _move_children(step, graph, pk, graph.find(change.children_to, to="move to"))
    return step


@step_of.register
def _restore(change: Restore, graph: Graph) -> Step:
    step, pk = Step(), graph.get(change.term)
    if not graph.is_retired(pk):
        raise NothingToDo(f"{change.term} is in use: there is nothing to restore.")
    step.edit(pk, status=TermStatus.CURRENT.value, replaced_by=[])
    return step


# --- parts that several have ------------------------------------------------------------------------------


def _replace(step: Step, graph: Graph, pk: int, successors: Sequence[int]) -> None:
    """Retire the term in favour of its successors, which take over its related terms."""
    code = graph.codes[pk]
    for successor in successors:
        if successor == pk:
            raise ValidationError(_("%(code)s cannot replace itself: choose another term.") % {"code": code})
        if graph.is_retired(successor):
            raise ValidationError(
                _("%(successor)s is retired itself: choose a current term.") % {"successor": graph.codes[successor]}
            )
    step.edit(pk, status=TermStatus.RETIRED.value, replaced_by=sorted(successors))
    related = graph.related(pk)
    if successors and related:
        step.edit(pk, related=[])
        for successor in successors:
            theirs = {*graph.related(successor), *related} - {pk, successor}
            step.edit(successor, related=sorted(theirs))


def _move_children(step: Step, graph: Graph, pk: int, target: int | None) -> None:
    """Put the current terms below ``pk`` below ``target``; on the way to ``target`` they take the place of ``pk``.

    Without a target those that stand elsewhere by their primary parent lose the further one.
    """
    children = graph.current_children(pk)
    if children and target == pk:
        raise ValidationError(
            _("%(pk)s is retired now: say where else the terms below it go.") % {"pk": graph.codes[pk]}
        )
    line = {target} | graph.above([target])[target] if target else set()
    places: dict[int | None, int] = {}
    for child in children:
        state = graph.states[child]
        to = graph.states[pk]["parent"] if child in line else target
        if state["parent"] == pk and target:
            further = [above for above in state["further"] if above != to]
            own = to or (further.pop(0) if further else None)
            places[own] = places.get(own, _last_position(graph, own) - 1) + 1
            step.edit(child, parent=own, further=further, position=places[own])
        elif state["parent"] != pk:
            further = [to if above == pk else above for above in state["further"]]
            further = [above for above in dict.fromkeys(further) if above and above != state["parent"]]
            step.edit(child, further=further)


def _put_beside(step: Step, graph: Graph, pk: int, parent: int | None, change: Move) -> None:
    """Give the term the place before or after a sibling; those behind it make room as far as they must."""
    if change.before and change.after:
        raise ValidationError(_("Name the sibling that the term comes before, or the one it comes after, not both."))
    sibling = graph.get(change.before or change.after or "", to="stand beside")
    order = [one for one in graph.siblings(parent) if one != pk]
    if sibling not in order:
        place = f"below {graph.codes[parent]}" if parent else "among the roots"
        raise ValidationError(
            _("%(sibling)s does not stand %(place)s: nothing can be put beside it there.")
            % {"sibling": graph.codes[sibling], "place": place}
        )
    order.insert(order.index(sibling) + (1 if change.after else 0), pk)
    if graph.siblings(parent) == order:
        return
    last, place = -1, order.index(pk)
    for number, one in enumerate(order):
        position = graph.states[one]["position"]
        if number < place:
            last = position
        elif number == place or position <= last:
            last += 1
            if last != position:
                step.edit(one, position=last)
        else:
            break


def _last_position(graph: Graph, parent: int | None) -> int:
    return max((graph.states[pk]["position"] for pk in graph.siblings(parent)), default=0) + 1


def _clean_names(change: Rename) -> dict[str, str | None]:
    names: dict[str, str | None] = {}
    for tag, text in change.labels.items():
        try:
            language = canonical_tag(tag)
        except MalformedTag as error:
            raise ValidationError(str(error)) from error
        if language in names:
            raise ValidationError(_("The name in %(language)s is given twice: give it once.") % {"language": language})
        names[language] = (text or "").strip() or None
        if any(category(character) in _NOT_IN_NAMES for character in names[language] or ""):
            raise ValidationError(
                _("The name in %(language)s has a line break or another control character: take it out.")
                % {"language": language}
            )
        if len(names[language] or "") > LABEL_CHARS:
            raise ValidationError(
                _("The name in %(language)s is longer than %(label_chars)s characters: shorten it.")
                % {"language": language, "label_chars": LABEL_CHARS}
            )
    return names


def _synonyms(names: Iterable[Sequence[str]], labels: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return names as alternative labels, those left out that are there already."""
    there = {(language, text) for language, _, text in labels}
    new = [name for name in dict.fromkeys(map(tuple, names)) if name not in there]
    return [[language, LabelKind.ALTERNATIVE.value, text] for language, text in new]
