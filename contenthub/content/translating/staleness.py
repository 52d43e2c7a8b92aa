"""Which text of the original a language version goes with, part by part: what changed since is *stale*.

A localization, and a variant in its language, keeps what the original said in each part when that part was written
or found right, as ``source_values`` by part id, and a digest of all of it. Both belong to the text, so every revision
has its own.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone
from wagtail.models import Revision

from ..airing import with_content
from .parts import Part, digest_of, parts_of, values_of

VALUES, DIGEST = "source_values", "source_digest"


@dataclass(frozen=True)
class Change:
    """What the original says otherwise in one part than when the translation was made. None: nothing."""

    part: Part
    then: Any
    now: Any


def source_text(source: Any) -> dict[str, Any]:
    """Return what an original says, by part: what translations go with."""
    return values_of(parts_of(source))


def source_digest(source: Any) -> str:
    """Return what tells one text of an original from another."""
    return digest_of(source_text(source))


def is_stale(made_from: str, original: str) -> bool:
    """Return whether an original whose text has the digest ``original`` changed since; what nobody noted, did not."""
    return bool(made_from and original and made_from != original)


def original_of(row: Any, *, now: datetime | None = None) -> Any:
    """Return the original that ``row``, a localization or a variant, is written for; None where there is none.

    It is as readers see it, or as they will when ``row`` itself goes live; while they see none, as last saved.
    """
    found = row.find_original()
    return found and text_on_air(found, row.go_live_at, now=now)


def text_on_air(found: Any, at: datetime | None, *, now: datetime | None = None) -> Any:
    """Return ``found`` as it will be on air at ``at``, by default now; where it is not, as last saved."""
    return find_on_air(found, at, now=now) or found.get_latest_revision_as_object()


def find_on_air(found: Any, at: datetime | None, *, now: datetime | None = None) -> Any:
    """Return ``found`` as ``text_on_air`` does, None where it is not on air."""
    now = now or timezone.now()
    launch = found.scheduled_revision
    if launch and launch.approved_go_live_at <= max(now, at or now):
        launched = with_content(found, launch)
        return launched if launched.expire_at is None or launched.expire_at > now else None
    return found if found.live and (found.expire_at is None or found.expire_at > now) else None


def go_with(row: Any, values: Mapping[str, Any]) -> None:
    """Set in memory what the original says that ``row`` goes with."""
    row.source_values, row.source_digest = dict(values), digest_of(values)


def note_what_was_written(row: Any, before: Any, original: Any, *, older: Mapping[str, Any]) -> None:
    """Let the parts of ``row`` that say otherwise than ``before`` go with what the original says now, in memory.

    ``older`` has what it said instead where a part was written for an older original.
    """
    now, then = (values_of(parts_of(one, like=original)) for one in (row, before))
    said = source_text(original)
    values, written_for = dict(row.source_values or said), {**said, **older}
    for name in now.keys() | then.keys():
        if now.get(name) != then.get(name):
            _follow(values, written_for, name)
    # What neither has any more is nobody's work.
    go_with(row, {name: value for name, value in values.items() if name in said or name in now})


def changes_of(row: Any, original: Any) -> dict[str, Change]:
    """Return what the original says otherwise than what ``row`` goes with, in its order, what is gone from it last.

    Of a row that does not say what it goes with there are none.
    """
    if not row.source_values:
        return {}
    parts = parts_of(original)
    said = values_of(parts)
    gone = {name: part for name, part in parts_of(row, like=original).items() if name not in parts}
    return {
        name: Change(part, row.source_values.get(name), said.get(name))
        for name, part in (parts | gone).items()
        if row.source_values.get(name) != said.get(name)
    }


def mark_up_to_date(row: Any, names: Iterable[str] | None = None) -> None:
    """Note that a localization is right as it stands although the original changed; ``names`` None: in every part.

    No text changes, so there is no new draft: row and drafts are noted alike wherever they say the same as the
    newest. The item must be locked; ``sync`` follows.
    """
    newest, original = row.get_latest_revision_as_object(), original_of(row.get_latest_revision_as_object())
    said = source_text(original)
    shown = values_of(parts_of(newest, like=original))
    wanted = None if names is None else set(names)

    def marked(text: Any) -> dict[str, Any]:
        own = values_of(parts_of(text, like=original))
        values = dict(text.source_values)
        for name in said.keys() | values.keys() if wanted is None else wanted:
            if own.get(name) == shown.get(name):
                _follow(values, said, name)
        return values

    _note(row, marked)


def move_along(row: Any, old: str | None, values: Mapping[str, Any]) -> None:
    """Let row and drafts that go with the text of digest ``old`` go with ``values``; None: whatever they go with."""
    _note(row, lambda text: values if old in (None, text.source_digest) else text.source_values)


def follow_where_silent(row: Any, original: Any, writes: Callable[[Any, str], bool]) -> None:
    """Let row and drafts go with what ``original`` says now in the fields that they do not write themselves."""
    parts = parts_of(original)
    said = values_of(parts)

    def followed(text: Any) -> dict[str, Any]:
        values, own = dict(text.source_values), parts_of(text, like=original)
        for name in said.keys() | values.keys() if values else ():
            part = parts.get(name) or own.get(name)
            if part is None or not writes(text, part.field):
                _follow(values, said, name)
        return values

    _note(row, followed)


def _note(row: Any, values_for: Any) -> None:
    """Set what row, newest draft and launch go with, without a new revision."""
    stored = type(row).objects.get(pk=row.pk)
    values = values_for(stored)
    if values != stored.source_values:
        go_with(stored, values)
        type(row).objects.filter(pk=row.pk).update(**{name: getattr(stored, name) for name in (VALUES, DIGEST)})
    kept = {stored.latest_revision_id, stored.live_revision_id} - {None}
    for revision in stored.revisions.filter(Q(pk__in=kept) | Q(approved_go_live_at__isnull=False)):
        text = with_content(stored, revision)
        values = values_for(text)
        if values != text.source_values:
            revision.content = {**revision.content, VALUES: dict(values), DIGEST: digest_of(values)}
            Revision.objects.filter(pk=revision.pk).update(content=revision.content)


def _follow(values: dict[str, Any], said: Mapping[str, Any], name: str) -> None:
    if name in said:
        values[name] = said[name]
    else:
        values.pop(name, None)
