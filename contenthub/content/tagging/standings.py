"""Where the tags of an item stand: on air, in the newest draft, and in what is scheduled."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from wagtail.models import Revision

from ..exchange.held import launches_of
from ..facts import in_order
from ..localizations import reviewed_rows
from ..models import ContentItem

LIVE, DRAFT, LAUNCH = "live", "draft", "launch"


@dataclass(frozen=True)
class Standing:
    """An original as it is now. ``draft`` is None where the row itself is the newest draft.

    ``tags`` holds the ids of the terms in the editor's order, by place; the draft's are always there.
    """

    row: ContentItem
    draft: Revision | None
    launch: Revision | None
    tags: dict[str, list[int]]

    @property
    def draft_is_launch(self) -> bool:
        return self.launch is not None and self.launch.pk == self.row.latest_revision_id


def read_standings(keys: Sequence[str]) -> list[Standing]:
    """Return how the originals of these items stand, by key. As many statements for many items as for one."""
    found = ContentItem.objects.sources().with_parts().select_related("locale", "type", "latest_revision")
    rows = list(found.filter(key__in=keys).order_by("key"))
    launches = launches_of(rows) if rows else {}
    return [_standing(row, launches.get(row.pk)) for row in rows]


def locked_for(rows: Iterable[ContentItem], user: Any) -> set[int]:
    """Return the ids of the rows that ``user`` may not edit now; asks more only of rows locked or in review."""
    rows = list(rows)
    reviewed = reviewed_rows([row.pk for row in rows])
    locks = {row.pk: row.get_lock() for row in rows if row.locked or row.pk in reviewed}
    return {pk for pk, lock in locks.items() if lock and lock.for_user(user)}


def tags_of_content(content: dict[str, Any]) -> list[int]:
    """Return the ids of the terms that the content of a revision is tagged with, in order."""
    entries = content.get("classification", ())
    ordered = sorted(entries, key=lambda entry: (entry.get("sort_order") is None, entry.get("sort_order") or 0))
    return [entry["term"] for entry in ordered]


def _standing(row: ContentItem, launch: Revision | None) -> Standing:
    draft = row.latest_revision if row.has_unpublished_changes else None
    stored = [tag.term_id for tag in in_order(row.classification.all())]
    tags = {DRAFT: tags_of_content(draft.content) if draft else stored}
    if row.live:
        tags[LIVE] = stored
    if launch:
        tags[LAUNCH] = tags_of_content(launch.content)
    return Standing(row, draft, launch, tags)
