"""The language versions of an item: making one, and seeing how all of them stand."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Locale, Revision, WorkflowState

from contenthub.accounts.models import User
from contenthub.delivery.models import PublishedItem
from contenthub.delivery.store import lock_items

from .codes import LocalizationState
from .models import ContentItem, ItemChannel, ItemReference, ItemTerm, NamedText
from .publishing import settle, sync
from .regions import languages_of
from .translating.parts import digest_of
from .translating.staleness import go_with, is_stale, move_along, original_of, source_text
from .variants.making import move_targeting

TEXTS = ("slug headline summary body cta_label cta_link cta_action image image_alt image_caption image_credit").split()


@dataclass(frozen=True)
class LocalizationStatus:
    """How one language version of an item stands; ``row`` is None where it does not exist."""

    locale: Locale
    state: LocalizationState
    row: ContentItem | None
    is_stale: bool = False
    scheduled_for: datetime | None = None


def create_localization(origin: ContentItem, locale: Locale, *, user: User | None = None) -> ContentItem:
    """Make a language version as a draft, its texts those of ``origin`` (any language version, as last saved).

    One for a region begins empty where the item has its language: all of it is taken from there. Facts are not
    copied: they belong to the item. Nothing is published.

    Raises:
        ValidationError: there is one already.
    """
    if ContentItem.objects.filter(key=origin.key, locale=locale).exists():
        raise ValidationError(_("This item already has a version in %(locale)s.") % {"locale": locale})
    origin = ContentItem.objects.get(pk=origin.pk).get_latest_revision_as_object()
    with transaction.atomic():
        copy = ContentItem(
            key=origin.key,
            type=origin.type,
            locale=locale,
            is_source=False,
            live=False,
            internal_title=origin.internal_title,
        )
        if not languages_of(copy):
            _begin_with(copy, origin)
        go_with(copy, source_text(original_of(copy)))
        copy.save()
        copy.save_revision(user=user, log_action="wagtail.create", clean=False)
    return copy


def _begin_with(copy: ContentItem, origin: ContentItem) -> None:
    """Give a new language version the texts of another."""
    for name in TEXTS:
        setattr(copy, name, getattr(origin, name))
    copy.own_fields = _localized_values(origin)
    copy.slug = free_slug(copy.slug, copy.locale, key=copy.key)
    copy.texts = [NamedText(name=text.name, text=text.text) for text in origin.texts.all()]


def free_slug(slug: str, locale: Locale, *, key: str) -> str:
    """Return ``slug``, or ``slug-2`` and so on where another item has it in this locale, or is scheduled to."""
    candidate, number = slug, 2
    while ContentItem.objects.slug_owner(candidate, locale.pk, but=key):
        candidate, number = f"{slug[:250]}-{number}", number + 1
    return candidate


def make_source(row: ContentItem) -> None:
    """Make ``row`` the original of its item: the facts move to it, drafts of them included.

    What is served stays as it is.

    Raises:
        ValidationError: one of the two has newer drafts, is scheduled or in review: that would be mixed up.
    """
    with transaction.atomic():
        frozen = lock_items([row.key])[row.key]
        settle(row, now=timezone.now())
        source = ContentItem.objects.sources().get(key=row.key)
        if source.pk == row.pk:
            return
        if (source.live and source.has_unpublished_changes) or (row.live and row.has_unpublished_changes):
            raise ValidationError(_("Publish or discard the newer drafts of both languages first."))
        if source.scheduled_revision or row.scheduled_revision:
            raise ValidationError(_("Call off the scheduled versions of both languages first."))
        if source.workflow_in_progress or row.workflow_in_progress:
            raise ValidationError(_("Finish or call off the reviews of both languages first."))
        source, new = source.get_latest_revision_as_object(), row.get_latest_revision_as_object()
        _move_facts(source, new)
        go_with(source, source_text(source))
        source.is_source, source.source_digest = False, frozen.source_digest
        new.is_source, new.source_values, new.source_digest = True, {}, ""
        for changed in (source, new):
            changed.save()
            revision = changed.save_revision(changed=False, clean=False)
            if changed.live:
                ContentItem.objects.filter(pk=changed.pk).update(live_revision=revision)
        move_targeting(source, new)
        if new.live:
            _compare_with(new, frozen)
        sync(new.key)
    row.refresh_from_db()


def _move_facts(source: ContentItem, new: ContentItem) -> None:
    new.own_fields = {**_fact_values(source), **_localized_values(new)}
    new.priority, new.fallback_forbidden = source.priority, source.fallback_forbidden
    new.classification = [ItemTerm(term=tag.term, sort_order=tag.sort_order) for tag in source.classification.all()]
    new.references = [
        ItemReference(role=one.role, target_key=one.target_key, sort_order=one.sort_order)
        for one in source.references.all()
    ]
    new.channels = [ItemChannel(channel=one.channel, sort_order=one.sort_order) for one in source.channels.all()]
    new.wanted_locales = list(source.wanted_locales.all())
    source.own_fields = _localized_values(source)
    source.priority, source.fallback_forbidden = 0, False
    source.classification, source.references = [], []
    source.channels, source.wanted_locales = [], []


def _compare_with(source: ContentItem, frozen: PublishedItem) -> None:
    """Let the other languages that are up to date be so against the text of the new source."""
    values = source_text(source)
    for row in ContentItem.objects.of_keys([source.key]).filter(is_source=False):
        move_along(row, frozen.source_digest, values)
    PublishedItem.objects.filter(pk=frozen.pk).update(source_digest=digest_of(values))


def localization_statuses(key: str) -> list[LocalizationStatus]:
    """Return the state of one item in every locale of the hub; constant in statements."""
    return statuses_of([key]).get(key, [])


def statuses_of(keys: Iterable[str]) -> dict[str, list[LocalizationStatus]]:
    """Return the states of several items by key, in every locale of the hub, the source's first."""
    rows: dict[str, dict[int, ContentItem]] = {}
    for row in (
        ContentItem.objects.of_keys(keys)
        .select_related("locale")
        .defer("body", "extra", "own_fields", "source_values")
        .prefetch_related("wanted_locales")
    ):
        rows.setdefault(row.key, {})[row.locale_id] = row
    launches = _launches([row.pk for by_locale in rows.values() for row in by_locale.values()])
    originals = dict(PublishedItem.objects.filter(key__in=rows).values_list("key", "source_digest"))
    in_review = reviewed_rows([row.pk for by_locale in rows.values() for row in by_locale.values()])
    locales = list(Locale.objects.all())
    found = {}
    for key, by_locale in rows.items():
        source = next((row for row in by_locale.values() if row.is_source), None)
        wanted = {locale.pk for locale in source.wanted_locales.all()} if source else set()
        ordered = sorted(locales, key=lambda locale: source is None or locale.pk != source.locale_id)
        found[key] = [
            _status(
                locale,
                by_locale.get(locale.pk),
                wanted=not wanted or locale.pk in wanted,
                launches=launches,
                in_review=in_review,
                original=originals.get(key, ""),
            )
            for locale in ordered
        ]
    return found


def _status(
    locale: Locale,
    row: ContentItem | None,
    *,
    wanted: bool,
    launches: dict[int, datetime],
    in_review: set[int],
    original: str,
) -> LocalizationStatus:
    if row is None:
        return LocalizationStatus(locale, LocalizationState.MISSING if wanted else LocalizationState.UNWANTED, None)
    now = timezone.now()
    launch = launches.get(row.pk)
    on_air = row.live or (launch is not None and launch <= now)
    if on_air and row.expire_at and row.expire_at <= now:
        state = LocalizationState.EXPIRED
    elif launch and launch > now:
        state = LocalizationState.SCHEDULED
    elif row.pk in in_review:
        state = LocalizationState.IN_REVIEW
    elif on_air:
        # What is due counts as newer draft until the scheduler has seen to it.
        has_draft = row.has_unpublished_changes and not launch
        state = LocalizationState.LIVE_AND_DRAFT if has_draft else LocalizationState.LIVE
    else:
        state = LocalizationState.EXPIRED if row.expired else LocalizationState.DRAFT
    stale = not row.is_source and is_stale(row.source_digest, original)
    return LocalizationStatus(locale, state, row, is_stale=stale, scheduled_for=launch)


def _launches(pks: list[int]) -> dict[int, datetime]:
    found = Revision.objects.filter(
        content_type__app_label="content",
        content_type__model="contentitem",
        object_id__in=[str(pk) for pk in pks],
        approved_go_live_at__isnull=False,
    ).values_list("object_id", "approved_go_live_at")
    return {int(object_id): instant for object_id, instant in found}


def reviewed_rows(pks: list[int]) -> set[int]:
    """Return which of these rows are in review."""
    running = WorkflowState.objects.active().filter(
        content_type__app_label="content",
        content_type__model="contentitem",
        object_id__in=[str(pk) for pk in pks],
    )
    return {int(object_id) for object_id in running.values_list("object_id", flat=True)}


def _localized_values(row: ContentItem) -> dict[str, Any]:
    return _values(row, localized=True)


def _fact_values(row: ContentItem) -> dict[str, Any]:
    return _values(row, localized=False)


def _values(row: ContentItem, *, localized: bool) -> dict[str, Any]:
    names = {entry.name for entry in row.type.field_definitions.all() if entry.localized == localized}
    return {name: value for name, value in row.own_fields.items() if name in names}
