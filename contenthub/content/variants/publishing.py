"""Variants going on air and off: as items do, and with whom they are for frozen by the original's."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import datetime
from functools import partial
from typing import Any

from django.apps import apps
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from wagtail.models import DraftStateMixin, Revision

from channels.registry import channel_registry
from contenthub.delivery import store
from contenthub.delivery.models import PublishedItem
from taxonomy.snapshot import taxonomy_snapshot

from ..airing import with_content
from ..facts import freeze_targeting
from ..images import make_renditions
from ..publishing import NotPublishable, attempt, is_past, keep_launch, launches_of, next_launch, note_terms, sync
from ..translating.staleness import follow_where_silent, source_digest
from .overriding import lacking

log = logging.getLogger(__name__)


def publish(variant: Any, revision: Revision, wagtail_publish: Callable[..., None], *args: Any, **kwargs: Any) -> None:
    """Publish or schedule a revision of ``variant`` through ``wagtail_publish``, then bring the store in step.

    Raises:
        NotPublishable: it overrides with what cannot be served, or the original has not said whom it is for.
    """
    make_renditions(with_content(variant, revision))
    with transaction.atomic():
        store.lock_items([variant.key])
        now = timezone.now()
        settle(variant, now=now, but=revision)
        _put_on_air(variant, revision, partial(wagtail_publish, revision, *args, **kwargs), now=now)


def unpublish(
    variant: Any, wagtail_unpublish: Callable[..., None], *args: Any, set_expired: bool, **kwargs: Any
) -> None:
    """Take ``variant`` off air through ``wagtail_unpublish``, then bring the store in step.

    A person who takes a version off air also calls off its next launch; the clock that ends it does not.
    """
    with transaction.atomic():
        store.lock_items([variant.key])
        now = timezone.now()
        settle(variant, now=now)
        launch = next_launch(variant, now) if set_expired else None
        wagtail_unpublish(*args, set_expired=set_expired, **kwargs)
        keep_launch(launch)
        sync(variant.key)


def unschedule(variant: Any, revision: Revision) -> None:
    """Call off the launch of a scheduled revision; what is on air stays."""
    with transaction.atomic():
        store.lock_items([variant.key])
        settle(variant, now=timezone.now())
        Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=None)
        sync(variant.key)


def withdraw(key: str, code: str) -> None:
    """Follow the deletion of a variant; with the last language whom it was for is forgotten too."""
    if not _variants().filter(localization__key=key, code=code).exists():
        item = PublishedItem.objects.filter(key=key).first()
        if item and code in item.targetings:
            del item.targetings[code]
            item.save(update_fields=["targetings"])
            note_terms([item])
    sync(key)


def settle(variant: Any, *, now: datetime, but: Revision | None = None) -> None:
    """Carry out, for all variants of the item, what fell due before ``now``. The item must be locked."""
    for row, revision in _due(variant.key, now=now, but=but):
        try:
            with transaction.atomic():
                _carry_out(row, revision, now=now)
        except NotPublishable as refusal:
            log.warning("%s %s is due and cannot go on air: %s", row.key, row.code, " ".join(refusal.messages))
    variant.refresh_from_db()


def publish_due(*, now: datetime | None = None) -> Iterator[tuple[Any, str]]:
    """Carry out on variants' rows what the clock has already done in the store; yield each row and what was done."""
    now = now or timezone.now()
    due = launches_of(_model()).filter(approved_go_live_at__lte=now).values_list("object_id", flat=True)
    keys = set(_variants().filter(pk__in=map(int, due)).values_list("localization__key", flat=True))
    for key in sorted(keys):
        with transaction.atomic():
            store.lock_items([key])
            done = [
                (row, attempt("published", partial(_carry_out, row, revision, now=now)))
                for row, revision in _due(key, now=now)
            ]
        yield from done
    for row in _variants().filter(live=True, expire_at__lte=now).order_by("pk"):
        yield row, attempt("expired", partial(_expire, row, now=now))


def refuse_before_source(variant: Any, *, go_live_at: datetime | None) -> None:
    """Raise NotPublishable where the original has not published, and will not by then, whom the version is for."""
    if variant.is_source or PublishedItem.objects.filter(key=variant.key, targetings__has_key=variant.code).exists():
        return
    source = variant.find_original()
    launch = source.scheduled_revision if source else None
    if launch and launch.approved_go_live_at <= (go_live_at or timezone.now()):
        return
    raise NotPublishable(
        _(
            "The original has not published the version %(code)s yet, and only it says whom the "
            "version is for. Publish it there first, with or without texts of its own."
        )
        % {"code": variant.code}
    )


def _put_on_air(variant: Any, revision: Revision, wagtail_publish: Callable[[], None], *, now: datetime) -> None:
    """Publish or schedule ``revision`` of a variant whose item is locked and settled, and bring the store in step."""
    revision.refresh_from_db()
    due_at = revision.approved_go_live_at if is_past(revision.approved_go_live_at, now) else None
    go_live_at = revision.content.get("go_live_at")
    refuse_before_source(variant, go_live_at=due_at or (parse_datetime(go_live_at) if go_live_at else None))
    lacks = [message for _, message in lacking(with_content(variant, revision))]
    if lacks:
        raise NotPublishable(lacks)
    is_on_air = variant.live and not is_past(variant.expire_at, now)
    launch = next_launch(variant, now, but=revision) if is_on_air else None
    first_published_at = variant.first_published_at

    wagtail_publish()

    variant.refresh_from_db()
    if variant.live and variant.live_revision_id == revision.pk:
        _stamp(variant, since=due_at or variant.last_published_at, first_published_at=first_published_at)
        keep_launch(launch)
    sync(variant.key)


def _stamp(variant: Any, *, since: datetime, first_published_at: datetime | None) -> None:
    """Note when ``variant`` went on air and, if it is the original's, for whom."""
    variant.last_published_at, variant.first_published_at = since, first_published_at or since
    _variants().filter(pk=variant.pk).update(
        last_published_at=variant.last_published_at, first_published_at=variant.first_published_at
    )
    if not variant.is_source:
        return
    _let_languages_follow(variant)
    item = PublishedItem.objects.get(key=variant.key)
    target = asdict(freeze_targeting(_variants().get(pk=variant.pk), taxonomy_snapshot(), channel_registry()))
    frozen = item.targetings.get(variant.code, {})
    if {**frozen, "since": None} == {**_plain(target), "since": None}:
        return
    item.targetings[variant.code] = {**_plain(target), "since": since.isoformat()}
    item.save(update_fields=["targetings"])
    note_terms([item])


def _let_languages_follow(variant: Any) -> None:
    """Note what the original's variant now says; other languages go with it in what they leave to their base."""
    _variants().filter(pk=variant.pk).update(source_digest=source_digest(variant))
    for row in _variants().filter(localization__key=variant.key, code=variant.code).exclude(pk=variant.pk):
        follow_where_silent(row, variant, lambda text, name: name in text.overrides)


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def _carry_out(row: Any, revision: Revision, *, now: datetime) -> None:
    """Publish a revision that fell due, by nobody's hand."""
    wagtail_publish = partial(DraftStateMixin.publish, row, revision, skip_permission_checks=True)
    _put_on_air(row, revision, wagtail_publish, now=now)


def _due(key: str, *, now: datetime, but: Revision | None = None) -> list[tuple[Any, Revision]]:
    """Return variants of an item and the revisions that fell due, by their instants, the original's first."""
    rows = {str(row.pk): row for row in _variants().filter(localization__key=key)}
    due = launches_of(_model()).filter(object_id__in=rows, approved_go_live_at__lte=now)
    found = [(rows[revision.object_id], revision) for revision in due if but is None or revision.pk != but.pk]
    return sorted(found, key=lambda pair: (pair[1].approved_go_live_at, not pair[0].is_source))


def _expire(row: Any, *, now: datetime) -> None:
    """Take a variant off air that ran out, unless it was published anew in the meantime."""
    store.lock_items([row.key])
    row.refresh_from_db()
    if row.live and is_past(row.expire_at, now):
        row.unpublish(set_expired=True)


def _model() -> Any:
    return apps.get_model("content", "Variant")


def _variants() -> Any:
    return _model().objects.select_related("localization__locale", "localization__type")
