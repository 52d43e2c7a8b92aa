"""Writing changed tags of many items: rows, revisions, history and the published store, in few statements."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Value
from wagtail.models import ModelLogEntry, ReferenceIndex, Revision

from contenthub.delivery.models import PublishedItem
from taxonomy.models import Term
from taxonomy.snapshot import taxonomy_snapshot

from ..models import ContentItem, ItemTerm, Tagging
from ..publishing import freeze_facts, sync
from .edits import added_and_removed
from .standings import DRAFT, LAUNCH, LIVE, Standing

LOG_ACTION = "contenthub.tag"


@dataclass
class TagWrite:
    """What is to become of one item: its tags by place, where they change; and the revisions made for it."""

    standing: Standing
    after: dict[str, list[int]]
    live: Revision | None = None
    launch: Revision | None = None
    draft: Revision | None = None
    pks: dict[int, int] = field(default_factory=dict)

    @property
    def row(self) -> ContentItem:
        return self.standing.row

    @property
    def row_tags(self) -> list[int] | None:
        """Return what the row itself is to be tagged with; it follows the draft until it is on air."""
        return self.after.get(LIVE if self.row.live else DRAFT)


def write_tags(writes: Sequence[TagWrite], *, tagging: Tagging, user: Any, now: datetime, is_undo: bool) -> None:
    """Carry out the writes, of items that are locked and whose standings were read under the lock.

    What is on air and what is scheduled change only where ``after`` names them. All other edits of a draft stay in the
    draft: the live text gets a revision of its own, the draft another one behind it.
    """
    writes = [write for write in writes if write.after]
    if not writes:
        return
    _store_tags([write for write in writes if write.row_tags is not None])
    _make_revisions(writes, user=user, now=now)
    _name_revisions(writes, now=now)
    _log(writes, tagging=tagging, user=user, now=now, is_undo=is_undo)
    _publish([write for write in writes if write.live or LAUNCH in write.after])


def _store_tags(writes: Sequence[TagWrite]) -> None:
    """Bring the rows' own tags in step, and Wagtail's index of references with them."""
    dropped, moved, added = [], [], []
    for write in writes:
        stored = {tag.term_id: tag for tag in write.row.classification.all()}
        wanted = write.row_tags
        dropped += [tag for term, tag in stored.items() if term not in wanted]
        for place, term in enumerate(wanted):
            tag = stored.get(term)
            if tag is None:
                added.append(ItemTerm(item=write.row, term_id=term, sort_order=place))
            elif tag.sort_order != place:
                tag.sort_order = place
                moved.append(tag)
            if tag is not None:
                write.pks[term] = tag.pk
    # Past Wagtail's signals, which would read the whole item anew for each tag.
    ItemTerm.objects.filter(pk__in=[tag.pk for tag in dropped])._raw_delete(using=connection.alias)
    ItemTerm.objects.bulk_update(moved, ["sort_order"], batch_size=500)
    ItemTerm.objects.bulk_create(added, batch_size=500)
    by_row = {write.row.pk: write for write in writes}
    for tag in added:
        by_row[tag.item_id].pks[tag.term_id] = tag.pk
    _index_references(dropped, added)


def _index_references(dropped: Iterable[ItemTerm], added: Iterable[ItemTerm]) -> None:
    """Write what ``ReferenceIndex.create_or_update_for_object`` would, without reading every item anew."""
    item_type = ContentType.objects.get_for_model(ContentItem)
    term_type = ContentType.objects.get_for_model(Term)
    gone = [_content_path(tag) for tag in dropped]
    ReferenceIndex.objects.filter(base_content_type=item_type, content_path__in=gone).delete()
    ReferenceIndex.objects.bulk_create(
        (
            ReferenceIndex(
                content_type=item_type,
                base_content_type=item_type,
                object_id=str(tag.item_id),
                to_content_type=term_type,
                to_object_id=str(tag.term_id),
                model_path="classification.item.term",
                content_path=_content_path(tag),
                content_path_hash=ReferenceIndex._get_content_path_hash(_content_path(tag)),
            )
            for tag in added
        ),
        batch_size=500,
        ignore_conflicts=True,
    )


def _content_path(tag: ItemTerm) -> str:
    return f"classification.{tag.pk}.term"


def _make_revisions(writes: Sequence[TagWrite], *, user: Any, now: datetime) -> None:
    item_type = ContentType.objects.get_for_model(ContentItem)
    made = []

    def revise(write: TagWrite, place: str, content: dict[str, Any], approved: datetime | None = None) -> Revision:
        revision = Revision(
            content_type=item_type,
            base_content_type=item_type,
            object_id=str(write.row.pk),
            created_at=now,
            user=user,
            object_str=Value(str(write.row)),  # an expression: rows are then spelled out, see writing.py
            content=_with_tags(content, write.after[place], write),
            approved_go_live_at=approved,
        )
        made.append(revision)
        return revision

    called_off = []
    for write in writes:
        standing, after = write.standing, write.after
        of_row = write.row.serializable_data() if LIVE in after or not standing.draft else None
        if LIVE in after:
            write.live = revise(write, LIVE, of_row)
        if LAUNCH in after:
            called_off.append(standing.launch.pk)
            if not standing.draft_is_launch:
                write.launch = revise(write, LAUNCH, standing.launch.content, standing.launch.approved_go_live_at)
        if DRAFT in after and (standing.draft or not write.live):
            approved = standing.launch.approved_go_live_at if LAUNCH in after and standing.draft_is_launch else None
            write.draft = revise(write, DRAFT, standing.draft.content if standing.draft else of_row, approved)
    Revision.objects.filter(pk__in=called_off).update(approved_go_live_at=None)
    Revision.objects.bulk_create(made, batch_size=100)


def _with_tags(content: dict[str, Any], tags: Sequence[int], write: TagWrite) -> dict[str, Any]:
    named = {entry["term"]: entry.get("pk") for entry in content.get("classification", ())}
    return content | {
        "classification": [
            {"pk": write.pks.get(term) or named.get(term), "sort_order": place, "item": write.row.pk, "term": term}
            for place, term in enumerate(tags)
        ]
    }


def _name_revisions(writes: Sequence[TagWrite], *, now: datetime) -> None:
    for write in writes:
        row = write.row
        if write.live:
            row.live_revision, row.last_published_at = write.live, now
            if not write.standing.draft:
                row.latest_revision = write.live
        if write.draft:
            row.latest_revision, row.has_unpublished_changes = write.draft, True
    columns = ["latest_revision", "live_revision", "has_unpublished_changes", "last_published_at"]
    ContentItem.objects.bulk_update([write.row for write in writes], columns, batch_size=100)


def _log(writes: Sequence[TagWrite], *, tagging: Tagging, user: Any, now: datetime, is_undo: bool) -> None:
    """Leave the change in each item's own history; one id joins all that were changed together."""
    taxonomy, item_type, together = taxonomy_snapshot(), ContentType.objects.get_for_model(ContentItem), uuid.uuid4()
    entries = []
    for write in writes:
        place = DRAFT if DRAFT in write.after else next(iter(write.after))
        added, removed = added_and_removed(write.standing.tags[place], write.after[place])
        data = {
            "tagging": tagging.pk,
            "added": [taxonomy.by_id(term).code for term in added],
            "removed": [taxonomy.by_id(term).code for term in removed],
            "published": write.live is not None,
            "undo": is_undo,
        }
        entries.append(
            ModelLogEntry(
                content_type=item_type,
                object_id=str(write.row.pk),
                label=str(write.row),
                action=LOG_ACTION,
                data=data,
                timestamp=now,
                uuid=together,
                user=user,
                revision=write.draft or write.live or write.launch,
                content_changed=True,
            )
        )
    ModelLogEntry.objects.bulk_create(entries, batch_size=500)


def _publish(writes: Sequence[TagWrite]) -> None:
    """Freeze the facts of what is on air anew, and bring the published store in step."""
    if not writes:
        return
    keys = [write.row.key for write in writes]
    on_air = [write.row.pk for write in writes if write.live]
    items = {item.key: item for item in PublishedItem.objects.filter(key__in=keys)}
    freeze_facts(items, ContentItem.objects.filter(pk__in=on_air).with_parts())
    sync(*keys)
