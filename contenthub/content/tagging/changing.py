"""Changing the tags of many items: what would happen, doing it, and undoing it, each for all or not at all.

A change edits drafts. One that publishes also changes what is on air and what is scheduled, by the change alone: other
unpublished edits stay unpublished, and nothing comes back at a go-live.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contenthub.delivery import store

from ..models import ContentItem, Tagging, TaggingEntry, TaggingOutcome, TaggingState
from ..publishing import settle
from .judging import Judge, Judged
from .standings import Standing, read_standings
from .writing import TagWrite, write_tags

CHUNK = 100
MOST_ITEMS = 2000
PREVIEWS_KEPT = timedelta(days=7)


class TaggingRefused(ValidationError):
    """Raised where a change of tags cannot be made or undone as a whole; nothing was changed."""


def plan(tagging: Tagging, pks: Iterable[int]) -> Tagging:
    """Store a change with what it would do to the originals with these ids; nothing of them changes.

    Raises:
        TaggingRefused: there are too many, or none.
    """
    originals = ContentItem.objects.sources().filter(pk__in=list(pks)[: MOST_ITEMS + 1])
    keys = list(originals.order_by("key").values_list("key", flat=True))
    if not keys:
        raise TaggingRefused(_("None of the chosen items is there any more."))
    if len(keys) > MOST_ITEMS:
        raise TaggingRefused(
            _("At most %(most)s items can be changed at once. Narrow the listing first.") % {"most": MOST_ITEMS}
        )
    with transaction.atomic():
        _forget_previews()
        tagging.save()
        judge = Judge(tagging)
        for chunk in _chunks(keys):
            TaggingEntry.objects.bulk_create(_tagged(tagging, one) for one in judge.judge(read_standings(chunk)))
    return tagging


def apply(tagging: Tagging, *, user: Any) -> Tagging:
    """Do what was planned, as the items stand now, in one transaction; each item's outcome says what became of it.

    Raises:
        TaggingRefused: it was done already, or a term that it gives was retired since.
    """
    with transaction.atomic():
        tagging = _locked(tagging, TaggingState.PLANNED)
        now, judge = timezone.now(), Judge(tagging, user=user)
        if judge.retired_since:
            raise TaggingRefused(
                _("%(codes)s: retired since this was looked at. Nothing was changed: begin again with current terms.")
                % {"codes": ", ".join(judge.retired_since)}
            )
        for entries in _entry_chunks(tagging):
            standings = _lock_and_read(tagging, [entry.key for entry in entries], now=now)
            judged = judge.judge(standings)
            _write(judged, tagging=tagging, user=user, now=now, is_undo=False)
            found = {one.standing.row.key: one for one in judged}
            for entry in entries:
                _note(entry, found.get(entry.key))
            TaggingEntry.objects.bulk_update(entries, ["outcome", "notes", "before", "after"])
        tagging.state, tagging.applied_at = TaggingState.APPLIED, now
        tagging.save(update_fields=["state", "applied_at"])
    return tagging


def undo(tagging: Tagging, *, user: Any) -> Tagging:
    """Give the items back the tags that the change took or gave, in one transaction. A term that was replaced since is
    given back as what replaced it.

    An item whose tags in a touched facet were changed since, that is locked, or that would break a rule keeps them, and
    its notes say why.

    Raises:
        TaggingRefused: it was not done, or was undone already.
    """
    with transaction.atomic():
        tagging = _locked(tagging, TaggingState.APPLIED)
        now, judge = timezone.now(), Judge(tagging, user=user)
        for entries in _entry_chunks(tagging, outcome=TaggingOutcome.CHANGED):
            standings = _lock_and_read(tagging, [entry.key for entry in entries], now=now)
            judged = judge.judge_undo(standings, {entry.key: entry for entry in entries})
            _write(judged, tagging=tagging, user=user, now=now, is_undo=True)
            found = {one.standing.row.key: one for one in judged}
            for entry in entries:
                one = found.get(entry.key)
                is_undone = one is not None and one.outcome == TaggingOutcome.CHANGED
                entry.outcome = TaggingOutcome.UNDONE if is_undone else TaggingOutcome.KEPT
                entry.notes = one.notes if one else [["gone"]]
            TaggingEntry.objects.bulk_update(entries, ["outcome", "notes"])
        tagging.state, tagging.undone_at = TaggingState.UNDONE, now
        tagging.save(update_fields=["state", "undone_at"])
    return tagging


def _forget_previews() -> None:
    """Delete previews that nobody followed."""
    Tagging.objects.filter(state=TaggingState.PLANNED, created_at__lt=timezone.now() - PREVIEWS_KEPT).delete()


def _locked(tagging: Tagging, state: TaggingState) -> Tagging:
    tagging = Tagging.objects.select_for_update().get(pk=tagging.pk)
    if tagging.state != state:
        raise TaggingRefused(
            {
                TaggingState.PLANNED: _("This change has not been made yet."),
                TaggingState.APPLIED: _("This change has been made already."),
                TaggingState.UNDONE: _("This change has been undone already."),
            }[TaggingState(tagging.state)]
        )
    return tagging


def _lock_and_read(tagging: Tagging, keys: list[str], *, now: datetime) -> list[Standing]:
    if tagging.publishes:
        store.lock_items(keys)
    # Read whole, so that the rows are locked before anything of them is.
    list(ContentItem.objects.sources().filter(key__in=keys).order_by("key").select_for_update().values_list("pk"))
    standings = read_standings(keys)
    due = (
        [one for one in standings if one.launch and one.launch.approved_go_live_at <= now] if tagging.publishes else []
    )
    for one in due:
        settle(one.row, now=now)
    return read_standings(keys) if due else standings


def _write(judged: Sequence[Judged], *, tagging: Tagging, user: Any, now: datetime, is_undo: bool) -> None:
    writes = [TagWrite(one.standing, one.after) for one in judged if one.outcome == TaggingOutcome.CHANGED]
    write_tags(writes, tagging=tagging, user=user, now=now, is_undo=is_undo)


def _tagged(tagging: Tagging, judged: Judged) -> TaggingEntry:
    entry = TaggingEntry(tagging=tagging, item=judged.standing.row, key=judged.standing.row.key)
    _note(entry, judged)
    return entry


def _note(entry: TaggingEntry, judged: Judged | None) -> None:
    entry.outcome = judged.outcome if judged else TaggingOutcome.GONE
    entry.notes = judged.notes if judged else []
    entry.before = judged.before if judged else {}
    entry.after = judged.after_touched if judged else {}


def _entry_chunks(tagging: Tagging, **of: Any) -> Iterator[list[TaggingEntry]]:
    keys = list(tagging.items.filter(**of).order_by("key").values_list("key", flat=True))
    for chunk in _chunks(keys):
        yield list(tagging.items.filter(key__in=chunk).order_by("key"))


def _chunks(keys: list[str]) -> Iterator[list[str]]:
    return (keys[start : start + CHUNK] for start in range(0, len(keys), CHUNK))
