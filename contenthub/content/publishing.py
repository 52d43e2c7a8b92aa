"""Going on air and off: every way in ends here, and the published store follows in the same transaction.

Wagtail's own actions do the work on its rows. What is added: the row lock, the facts frozen with the source, exact
instants for schedules whatever minute a command runs, schedules that a hotfix does not cancel, and ``sync``.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from wagtail.models import DraftStateMixin, ReferenceIndex, Revision

from contenthub.delivery import checking, store
from contenthub.delivery.bulk import update_rows
from contenthub.delivery.models import FactTerm, PublishedItem
from contenthub.delivery.surroundings import Surroundings, read_surroundings
from taxonomy.snapshot import taxonomy_snapshot

from .airing import with_content
from .facts import freeze, named_terms
from .images import make_renditions
from .projection import project
from .regions import follow_silently
from .translating.staleness import source_digest

CHUNK = 200

log = logging.getLogger(__name__)


class NotPublishable(ValidationError):
    """Raised where an item must not go on air; nothing was changed."""


def sync(*keys: str) -> None:
    """Bring the published store in step with these items. Doing it again changes nothing."""
    for chunk in _chunks(keys):
        with transaction.atomic():
            store.lock_items(chunk)
            _write(chunk, now=timezone.now(), around=read_surroundings())


def _write(keys: Sequence[str], *, now: datetime, around: Surroundings, anew: bool = False) -> None:
    """Bring the published store in step with items that are locked."""
    store.write(project(keys, now=now, around=around), now=now, anew=anew, around=around)


def differences() -> Iterator[checking.Difference]:
    """Yield every place where the published store does not hold what the items say."""
    now = timezone.now()
    for chunk in _chunks(PublishedItem.objects.order_by("key").values_list("key", flat=True)):
        yield from checking.differences(project(chunk, now=now), now=now)
    rows = apps.get_model("content", "ContentItem").objects.filter(live=True).select_related("locale")
    for row in rows.exclude(key__in=PublishedItem.objects.values("key")).only("key", "locale"):
        yield checking.Difference(row.key, row.locale.language_code, "it never reached the store")


def rebuild(*, after: str = "") -> Iterator[tuple[int, str]]:
    """Make what can be made again of every item, in order of key; yield how many are done, and the last key."""
    done = 0
    for chunk in _chunks(PublishedItem.objects.filter(key__gt=after).order_by("key").values_list("key", flat=True)):
        with transaction.atomic():
            store.lock_items(chunk)
            _write(chunk, now=timezone.now(), around=read_surroundings(), anew=True)
        done += len(chunk)
        yield done, chunk[-1]


def purge() -> int:
    """Forget what was served under version ids longer ago than is kept; return how many documents went."""
    return store.purge_documents(timezone.now() - timedelta(days=settings.HUB_DOCUMENT_RETENTION_DAYS))


def publish(item: Any, revision: Revision, wagtail_publish: Callable[..., None], *args: Any, **kwargs: Any) -> None:
    """Publish or schedule a revision of ``item`` through ``wagtail_publish``, then bring the store in step.

    Raises:
        NotPublishable: the source of the item will not have been published by then, or the slug is taken.
    """
    make_renditions(with_content(item, revision))
    with transaction.atomic():
        store.lock_items([item.key])
        now = timezone.now()
        settle(item, now=now, but=revision)
        _put_on_air(item, revision, partial(wagtail_publish, revision, *args, **kwargs), now=now)


def unpublish(item: Any, wagtail_unpublish: Callable[..., None], *args: Any, set_expired: bool, **kwargs: Any) -> None:
    """Take ``item`` off air through ``wagtail_unpublish``, then bring the store in step.

    A person who takes a text off air also calls off its next launch; the clock that ends one text does not.
    """
    with transaction.atomic():
        store.lock_items([item.key])
        now = timezone.now()
        settle(item, now=now)
        launch = next_launch(item, now) if set_expired else None
        wagtail_unpublish(*args, set_expired=set_expired, **kwargs)
        keep_launch(launch)
        sync(item.key)


def unschedule(item: Any, revision: Revision) -> None:
    """Call off the launch of a scheduled revision; what is on air stays."""
    with transaction.atomic():
        store.lock_items([item.key])
        settle(item, now=timezone.now())
        Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=None)
        sync(item.key)


def withdraw(key: str) -> None:
    """Follow the deletion of a localization; with the last one the facts go too, and a new item may take the key."""
    if not apps.get_model("content", "ContentItem").objects.filter(key=key).exists():
        item = store.lock_items([key])[key]
        PublishedItem.objects.filter(pk=item.pk).update(facts=None, facts_since=None, source_digest="", targetings={})
        FactTerm.objects.filter(item=item).delete()
    sync(key)


def settle(item: Any, *, now: datetime, but: Revision | None = None) -> None:
    """Carry out, in all languages of ``item``, what fell due before ``now`` and the scheduler has not yet done.

    It has been on air since its instant; anything that clears schedules would take it off again. What may not go on
    air is not on air, and stays as it is. The item must be locked.
    """
    for row, revision in _due(item.key, now=now, but=but):
        try:
            with transaction.atomic():
                _carry_out(row, revision, now=now)
        except NotPublishable as refusal:
            log.warning("%s [%s] is due and cannot go on air: %s", row.key, row.locale, " ".join(refusal.messages))
    item.refresh_from_db()


def freeze_facts(
    items: Mapping[str, PublishedItem], sources: Iterable[Any], around: Surroundings | None = None
) -> None:
    """Freeze facts and text as they stand on live sources; facts that are as they were keep their instant."""
    sources = list(sources)
    if not sources:
        return
    around = around or read_surroundings()
    changed: list[PublishedItem] = []
    moved = []
    for source in sources:
        item, facts = items[source.key], freeze(source, around.taxonomy, around.channels).as_json()
        before, item.source_digest = item.source_digest, source_digest(source)
        if before and before != item.source_digest:
            moved.append(source)
        if facts != item.facts:
            item.facts, item.facts_since = facts, source.last_published_at
            changed.append(item)
    update_rows([items[source.key] for source in sources], ["facts", "facts_since", "source_digest"])
    if changed:
        note_terms(changed)
    follow_silently(moved, around.locales)


def note_terms(items: Sequence[PublishedItem]) -> None:
    """Note which terms the frozen facts of these items and of their variants name."""
    taxonomy = taxonomy_snapshot()
    terms = [FactTerm(item=item, term_id=taxonomy.get(code).id) for item in items for code in named_terms(item)]
    FactTerm.objects.filter(item__in=items).delete()
    FactTerm.objects.bulk_create(terms, batch_size=1000)


def refuse_before_source(row: Any, *, go_live_at: datetime | None) -> None:
    """Raise NotPublishable where a localization would go live before its source has been published once."""
    if row.is_source or PublishedItem.objects.filter(key=row.key, facts__isnull=False).exists():
        return
    source = type(row).objects.sources().filter(key=row.key).first()
    launch = source.scheduled_revision if source else None
    if launch and launch.approved_go_live_at <= (go_live_at or timezone.now()):
        return
    raise NotPublishable(
        _(
            "The original (%(missing)s) has not been published yet. Publish it first, or "
            "schedule this language for the same instant or later."
        )
        % {"missing": source.locale if source else "missing"}
    )


def publish_due(*, now: datetime | None = None) -> Iterator[tuple[Any, str]]:
    """Carry out on Wagtail's rows what the clock has already done in the store; yield each row and what was done.

    A row that fails is reported and does not stop the others.
    """
    now = now or timezone.now()
    model = apps.get_model("content", "ContentItem")
    due = _scheduled().filter(approved_go_live_at__lte=now).values_list("object_id", flat=True)
    keys = set(model.objects.filter(pk__in=map(int, due)).values_list("key", flat=True))
    for key in sorted(keys):
        with transaction.atomic():
            store.lock_items([key])
            done = [
                (row, attempt("published", partial(_carry_out, row, revision, now=now)))
                for row, revision in _due(key, now=now)
            ]
        yield from done
    for row in model.objects.filter(live=True, expire_at__lte=now).select_related("locale").order_by("key"):
        yield row, attempt("expired", partial(_expire, row, now=now))


def scheduled_keys() -> set[str]:
    """Return the keys of all items of which something is scheduled, variants among it."""
    pks = map(int, _scheduled().values_list("object_id", flat=True))
    items = apps.get_model("content", "ContentItem").objects.filter(pk__in=pks)
    variant = apps.get_model("content", "Variant")
    pks = map(int, launches_of(variant).values_list("object_id", flat=True))
    variants = variant.objects.filter(pk__in=pks)
    return {*items.values_list("key", flat=True), *variants.values_list("localization__key", flat=True)}


def launches_of(model: Any) -> Any:
    """Return the scheduled revisions of all rows of a model, as a queryset."""
    return Revision.objects.filter(
        content_type__app_label="content",
        content_type__model=model._meta.model_name,
        approved_go_live_at__isnull=False,
    )


def _scheduled() -> Any:
    return launches_of(apps.get_model("content", "ContentItem"))


def _due(key: str, *, now: datetime, but: Revision | None = None) -> list[tuple[Any, Revision]]:
    """Return rows and revisions of an item that fell due, in the order of their instants, the source first."""
    rows = apps.get_model("content", "ContentItem").objects.filter(key=key)
    pks = [str(pk) for pk in rows.values_list("pk", flat=True)]
    due = list(_scheduled().filter(object_id__in=pks, approved_go_live_at__lte=now).exclude(pk=but.pk if but else None))
    by_id = {str(row.pk): row for row in rows} if due else {}
    found = [(by_id[revision.object_id], revision) for revision in due]
    return sorted(found, key=lambda pair: (pair[1].approved_go_live_at, not pair[0].is_source))


def _carry_out(row: Any, revision: Revision, *, now: datetime) -> None:
    """Publish a revision that fell due, by nobody's hand."""
    wagtail_publish = partial(DraftStateMixin.publish, row, revision, skip_permission_checks=True)
    _put_on_air(row, revision, wagtail_publish, now=now)


def _put_on_air(item: Any, revision: Revision, wagtail_publish: Callable[[], None], *, now: datetime) -> None:
    """Publish or schedule ``revision`` of an item that is locked and settled, and bring the store in step."""
    revision.refresh_from_db()  # what it knows of the row may be old
    # The scheduler may come late: what was approved for an instant is on air since that instant.
    due_at = revision.approved_go_live_at if is_past(revision.approved_go_live_at, now) else None
    go_live_at = revision.content.get("go_live_at")
    refuse_before_source(item, go_live_at=due_at or (parse_datetime(go_live_at) if go_live_at else None))
    refuse_taken_slug(item, revision.content["slug"])
    # A hotfix of what is on air leaves its next launch alone; publishing what is not on air brings the launch forward.
    is_on_air = item.live and not is_past(item.expire_at, now)
    launch = next_launch(item, now, but=revision) if is_on_air else None
    first_published_at = item.first_published_at

    # Once for the item, instead of once for each of its tags, channels and texts.
    with reference_index_at_rest():
        wagtail_publish()
    item.refresh_from_db()
    written = type(item).objects.with_parts().get(pk=item.pk)
    ReferenceIndex.create_or_update_for_object(written)

    around = read_surroundings()
    if item.live and item.live_revision_id == revision.pk:
        written.last_published_at = due_at or item.last_published_at
        _stamp(item, written, first_published_at=first_published_at, around=around)
        keep_launch(launch)
    _write([item.key], now=timezone.now(), around=around)


def _stamp(item: Any, written: Any, *, first_published_at: datetime | None, around: Surroundings) -> None:
    """Note when ``item`` went on air, and with which facts.

    ``written`` is its row as it now stands, with its parts and the instant since which it is on air.
    """
    frozen, since = PublishedItem.objects.get(key=item.key), written.last_published_at
    item.last_published_at, item.first_published_at = since, first_published_at or since
    type(item).objects.filter(pk=item.pk).update(
        last_published_at=item.last_published_at,
        first_published_at=item.first_published_at,
    )
    if item.is_source:
        freeze_facts({frozen.key: frozen}, [written], around)


def refuse_taken_slug(item: Any, slug: str) -> None:
    """Raise NotPublishable where another item has ``slug`` in the locale of ``item``, or will have it."""
    owner = type(item).objects.slug_owner(slug, item.locale_id, but=item.key)
    if owner:
        raise NotPublishable({"slug": _("%(owner)s has the slug %(slug)s already.") % {"owner": owner, "slug": slug}})


def _expire(row: Any, *, now: datetime) -> None:
    """Take a row off air that ran out, unless it was published anew in the meantime."""
    store.lock_items([row.key])
    row.refresh_from_db()
    if row.live and is_past(row.expire_at, now):
        row.unpublish(set_expired=True)


def next_launch(item: Any, now: datetime, *, but: Revision | None = None) -> Revision | None:
    launches = item.revisions.filter(approved_go_live_at__gt=now)
    return launches.exclude(pk=but.pk if but else None).first()


def keep_launch(launch: Revision | None) -> None:
    """Put a launch back that Wagtail called off."""
    if launch:
        Revision.objects.filter(pk=launch.pk).update(approved_go_live_at=launch.approved_go_live_at)


def reference_index_at_rest() -> AbstractContextManager[None]:
    # Wagtail's module of signal handlers can be imported only when all models are there, this one is needed before.
    return import_string("wagtail.signal_handlers.disable_reference_index_auto_update")()


def is_past(instant: datetime | None, now: datetime) -> bool:
    return instant is not None and instant <= now


def attempt(done: str, action: Callable[[], None]) -> str:
    try:
        with transaction.atomic():
            action()
    except ValidationError as error:
        return "refused: " + " ".join(error.messages)
    except Exception as error:
        log.exception("A row could not follow the clock; the others go on.")
        return f"failed: {error}"
    return done


def _chunks(keys: Iterable[str]) -> Iterator[list[str]]:
    every = list(dict.fromkeys(keys))
    return (every[start : start + CHUNK] for start in range(0, len(every), CHUNK))
