"""Going on air and off: every way in ends here, and the published store follows in the same transaction.

Wagtail's own actions do the work on its rows. What is added: the row lock, the facts frozen with the source, exact
instants for schedules whatever minute a command runs, schedules that a hotfix does not cancel, and ``sync``.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from wagtail.models import Revision

from contenthub.delivery import store
from contenthub.delivery.models import FactTerm, PublishedItem
from taxonomy.snapshot import taxonomy_snapshot

from .facts import freeze
from .images import make_renditions
from .projection import project

CHUNK = 200


class NotPublishable(ValidationError):
    """Raised where an item must not go on air; nothing was changed."""


def sync(*keys: str) -> None:
    """Bring the published store in step with these items. Doing it again changes nothing."""
    now = timezone.now()
    for chunk in _chunks(keys):
        with transaction.atomic():
            store.lock_items(chunk)
            store.write(project(chunk, now=now), now=now)


def differences() -> Iterator[store.Difference]:
    """Yield every place where the published store does not hold what the items say."""
    now = timezone.now()
    for chunk in _chunks(PublishedItem.objects.order_by("key").values_list("key", flat=True)):
        yield from store.differences(project(chunk, now=now), now=now)


def rebuild(*, after: str = "") -> Iterator[tuple[int, str]]:
    """Make what can be made again of every item, in order of key; yield how many are done, and the last key."""
    done = 0
    for chunk in _chunks(PublishedItem.objects.filter(key__gt=after).order_by("key").values_list("key", flat=True)):
        now = timezone.now()
        with transaction.atomic():
            store.lock_items(chunk)
            store.forget(chunk)
            store.write(project(chunk, now=now), now=now)
        done += len(chunk)
        yield done, chunk[-1]


def publish(item: Any, revision: Revision, wagtail_publish: Callable[..., None], *args: Any, **kwargs: Any) -> None:
    """Publish or schedule a revision of ``item`` through ``wagtail_publish``, then bring the store in step.

    Raises:
        NotPublishable: the source of the item will not have been published by then.
    """
    now = timezone.now()
    row = revision.as_object()
    make_renditions(row)
    with transaction.atomic():
        frozen = store.lock_items([item.key])[item.key]
        item.refresh_from_db()
        settle(item, now=now, but=revision)
        # The scheduler may come late: what was approved for an instant is on air since that instant.
        due_at = revision.approved_go_live_at if _is_due(revision, now) else None
        refuse_before_source(row, go_live_at=row.go_live_at if row.go_live_at and row.go_live_at > now else None)
        launch = item.revisions.filter(approved_go_live_at__gt=now).exclude(pk=revision.pk).first()
        was_published_at = item.first_published_at

        wagtail_publish(revision, *args, **kwargs)

        item.refresh_from_db()
        if item.live and item.live_revision_id == revision.pk:
            since = due_at or item.last_published_at
            item.last_published_at = since
            item.first_published_at = was_published_at or since
            type(item).objects.filter(pk=item.pk).update(
                last_published_at=since, first_published_at=item.first_published_at
            )
            if launch:
                Revision.objects.filter(pk=launch.pk).update(approved_go_live_at=launch.approved_go_live_at)
            if item.is_source:
                freeze_facts({frozen.key: frozen}, [type(item).objects.get(pk=item.pk)])
        sync(item.key)


def unpublish(item: Any, wagtail_unpublish: Callable[..., None], *args: Any, set_expired: bool, **kwargs: Any) -> None:
    """Take ``item`` off air through ``wagtail_unpublish``, then bring the store in step.

    A person who takes a text off air also calls off its next launch; the clock that ends one text does not.
    """
    now = timezone.now()
    with transaction.atomic():
        store.lock_items([item.key])
        settle(item, now=now)
        launch = item.revisions.filter(approved_go_live_at__gt=now).first() if set_expired else None
        item.refresh_from_db()
        wagtail_unpublish(*args, set_expired=set_expired, **kwargs)
        if launch:
            Revision.objects.filter(pk=launch.pk).update(approved_go_live_at=launch.approved_go_live_at)
        sync(item.key)


def unschedule(item: Any, revision: Revision) -> None:
    """Call off the launch of a scheduled revision; what is on air stays."""
    with transaction.atomic():
        store.lock_items([item.key])
        settle(item, now=timezone.now())
        Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=None)
        sync(item.key)


def settle(item: Any, *, now: datetime, but: Revision | None = None) -> None:
    """Publish what of ``item`` fell due before ``now`` and was not yet carried out by the scheduler.

    It has been on air since its instant; anything that clears schedules would take it off again.
    """
    due = item.revisions.filter(approved_go_live_at__lte=now)
    if but is not None:
        due = due.exclude(pk=but.pk)
    for revision in due.order_by("approved_go_live_at"):
        revision.publish(skip_permission_checks=True)
    item.refresh_from_db()


def freeze_facts(items: dict[str, PublishedItem], sources: Iterable[Any]) -> None:
    """Freeze the facts as they stand on live sources; those that are as they were keep their instant."""
    taxonomy = taxonomy_snapshot()
    changed, terms = [], []
    for source in sources:
        item, facts = items[source.key], freeze(source).as_json()
        if facts != item.facts:
            item.facts, item.facts_since = facts, source.last_published_at
            changed.append(item)
            terms += [FactTerm(item=item, term_id=taxonomy.get(code).id) for code in facts["terms"]]
    PublishedItem.objects.bulk_update(changed, ["facts", "facts_since"], batch_size=CHUNK)
    FactTerm.objects.filter(item__in=changed).delete()
    FactTerm.objects.bulk_create(terms, batch_size=1000)


def refuse_before_source(row: Any, *, go_live_at: datetime | None) -> None:
    """Raise NotPublishable where a localization would go live before its source has been published once."""
    if row.is_source or PublishedItem.objects.filter(key=row.key, facts__isnull=False).exists():
        return
    source = type(row).objects.sources().filter(key=row.key).first()
    launch = source.scheduled_revision if source else None
    if launch and go_live_at and launch.approved_go_live_at <= go_live_at:
        return
    raise NotPublishable(
        f"The original ({source.locale if source else 'missing'}) has not been published yet. "
        "Publish it first, or schedule this language for the same instant or later."
    )


def publish_due(*, now: datetime | None = None) -> Iterator[tuple[Any, str]]:
    """Carry out on Wagtail's rows what the clock has already done in the store; yield each row and what was done.

    A row that fails is reported and does not stop the others.
    """
    now = now or timezone.now()
    model = apps.get_model("content", "ContentItem")
    due = {
        int(object_id)
        for object_id in Revision.objects.filter(
            approved_go_live_at__lte=now, content_type__app_label="content", content_type__model="contentitem"
        ).values_list("object_id", flat=True)
    }
    for row in model.objects.filter(pk__in=due).order_by("-is_source", "key"):
        yield row, _try("published", lambda row=row: settle(row, now=now))
    for row in model.objects.filter(live=True, expire_at__lte=now).order_by("key"):
        yield row, _try("expired", lambda row=row: row.unpublish(set_expired=True))


def _is_due(revision: Revision, now: datetime) -> bool:
    return revision.approved_go_live_at is not None and revision.approved_go_live_at <= now


def _try(done: str, action: Callable[[], None]) -> str:
    try:
        with transaction.atomic():
            action()
    except ValidationError as error:
        return "refused: " + " ".join(error.messages)
    return done


def _chunks(keys: Iterable[str]) -> Iterator[list[str]]:
    every = list(dict.fromkeys(keys))
    return (every[start : start + CHUNK] for start in range(0, len(every), CHUNK))
