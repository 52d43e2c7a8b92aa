"""Undoing a change: allowed while nothing later builds on it, and then everything is as it was."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from taxonomy.changes.engine import announcements
from taxonomy.changes.graph import Graph
from taxonomy.changes.writing import write
from taxonomy.dependants import TermChange, get_dependants
from taxonomy.models import Facet, Term, TermsJournal
from taxonomy.transactions import rolled_back


def undo(entry: TermsJournal, *, user: Any = None) -> None:
    """Give the terms, and what followed them, what they had before the change.

    Raises:
        ValidationError: a plan made it, or something later builds on it, each named by a message; nothing was changed.
    """
    # A plan is approved, made and undone whole: one step of it by itself would be what nobody approved.
    if entry.plan_id:
        raise ValidationError(
            _("%(entry)s was made by the plan “%(plan)s”: undo the whole plan.")
            % {"entry": _told(entry), "plan": entry.plan}
        )
    undo_all([entry], user=user)


@transaction.atomic
def undo_all(entries: Sequence[TermsJournal], *, user: Any = None) -> None:
    """Undo several changes as one, the last first.

    Raises:
        ValidationError: something later builds on one of them; nothing was changed.
    """
    together = {entry.pk for entry in entries}
    for entry in sorted(entries, key=lambda entry: -entry.pk):
        _undo(entry, user, together)


def what_builds_on(entry: TermsJournal) -> list[str]:
    """Return what keeps the change from being undone, a sentence each; nothing: it can be undone."""
    try:
        with rolled_back():
            _undo(entry, None, {entry.pk})
    except ValidationError as error:
        return error.messages
    return []


def _undo(entry: TermsJournal, user: Any, together: set[int]) -> None:
    facet = Facet.objects.get(pk=entry.facet_id)
    facet.lock()
    entry.refresh_from_db()
    if entry.is_undone:
        raise ValidationError(_("%(entry)s is undone already.") % {"entry": _told(entry)})
    graph = Graph(facet)
    before, after = entry.states("before"), entry.states("after")
    _refuse_changed(entry, graph, after, together)
    current = {pk: {name: graph.value(pk, name) for name in edited} for pk, edited in after.items()}
    try:
        moved = write(graph, before)
    except ValidationError as error:
        named = {one for state in before.values() for one in (state.get("parent"), *state.get("further", ())) if one}
        raise ValidationError([*error.messages, *_later(entry, set(after) | named, together)]) from error
    told = list(announcements(graph, current, before, moved))
    dependants = get_dependants()
    _refuse_new_uses(graph, told)
    for followed in reversed(entry.followed or []):
        dependants.put_back(followed)
    for one in told:
        if one.kind != TermChange.RENAMED:
            # Nothing is to go over to successors again: what it was tagged with is put back.
            dependants.apply(replace(one, kind=TermChange.RETIRED) if one.kind == TermChange.MERGED else one)
    entry.undone_at, entry.undone_by = timezone.now(), user if user and user.pk else None
    entry.save(update_fields=["undone_at", "undone_by"])
    term = Term.objects.get(code=entry.change["term"])
    log(instance=term, action="taxonomy.undo", user=entry.undone_by, data={"journal": entry.pk, "change": entry.change})


def _refuse_changed(entry: TermsJournal, graph: Graph, after: dict[int, Any], together: set[int]) -> None:
    """Refuse where a term is not as the change left it."""
    changed = [
        graph.codes[pk]
        for pk, state in after.items()
        if any(graph.value(pk, name) != value for name, value in state.items())
    ]
    if changed:
        builds = _later(entry, {graph.ids[code] for code in changed}, together)
        named = ", ".join(changed[:5]) + (" …" if len(changed) > 5 else "")
        builds = builds or [
            _("%(named)s changed since, in the term's own form or by an import: change it back first.")
            % {"named": named},
            *_logged(entry, [graph.ids[code] for code in changed]),
        ]
        raise ValidationError(
            [_("%(entry)s cannot be undone: something later builds on it.") % {"entry": _told(entry)}, *builds]
        )


def _refuse_new_uses(graph: Graph, told: Iterable[Any]) -> None:
    """Refuse to retire a term again, in favour of others, that items were tagged with in the meantime."""
    dependants = get_dependants()
    for one in told:
        for code in sorted(one.codes) if one.kind == TermChange.MERGED else ():
            items, count = dependants.tagged(code, search="", start=0, count=3)
            if count:
                named = ", ".join(item.key for item in items)
                raise ValidationError(
                    _("%(count)s items were tagged with %(code)s since: %(named)s. Re-tag them first.")
                    % {"count": count, "code": code, "named": named}
                )


def _later(entry: TermsJournal, pks: set[int], together: set[int]) -> list[str]:
    """Return the later changes that touch the same terms."""
    later = TermsJournal.objects.filter(facet=entry.facet_id, pk__gt=entry.pk, undone_at=None).exclude(pk__in=together)
    named = set(entry.terms.values_list("pk", flat=True)) | pks
    found = [
        one
        for one in later.select_related("made_by").prefetch_related("terms").order_by("pk")
        if named & (one.changed_ids | {term.pk for term in one.terms.all()})
    ]
    return [_("%(one)s came later: undo that first.") % {"one": _told(one)} for one in found[:10]]


def _logged(entry: TermsJournal, pks: Iterable[int]) -> list[str]:
    """Return what Wagtail's log has of the terms and of imports into their facet since, the latest first."""
    at_terms = Q(content_type=ContentType.objects.get_for_model(Term), object_id__in=list(map(str, pks)))
    at_facet = Q(content_type=ContentType.objects.get_for_model(Facet), object_id=str(entry.facet_id))
    found = ModelLogEntry.objects.filter(timestamp__gt=entry.made_at).select_related("user")
    found = found.filter(at_terms & Q(action="wagtail.edit") | at_facet & Q(action="taxonomy.import"))
    return [
        _("Since then: %(did)s (%(name)s, %(at)s UTC by %(who)s).")
        % {"did": one.message, "name": one.label, "at": f"{one.timestamp:%Y-%m-%d %H:%M}", "who": one.user_display_name}
        for one in found.order_by("-timestamp", "-pk")[:5]
    ]


def _told(entry: TermsJournal) -> str:
    who = f" by {entry.made_by}" if entry.made_by else ""
    return f"#{entry.pk} ({entry.change['do']} {entry.change['term']}, {entry.made_at:%Y-%m-%d %H:%M} UTC{who})"
