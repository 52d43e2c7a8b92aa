"""Versions of items as the hub holds them, written and exported one by one: they are few beside the texts."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from wagtail.models import Revision

from contenthub.delivery import store
from contenthub.delivery.resolving import FIELD_PREFIX, TEXT_PREFIX

from ..airing import with_content
from ..models import ContentItem, Variant, VariantChannel, VariantTerm
from ..translating.staleness import go_with, original_of, source_text
from ..variants.making import remember_base
from .held import state_off_air
from .lines import Facts, Known, Localization
from .versionlines import VersionLine, write_version

_COLUMNS = "headline summary cta_label cta_link image_alt image_caption image_credit".split()
ADDED, CHANGED, UNCHANGED = "added", "changed", "unchanged"


def versions_of(keys: Iterable[str], known: Known) -> dict[str, list[tuple[VersionLine, Variant]]]:
    """Return the versions of items as they are exported, by key: by code, the original's first."""
    rows = Variant.objects.filter(localization__key__in=list(keys)).select_related(
        "localization__locale", "localization__type"
    )
    rows = list(rows.prefetch_related("localization__type__field_definitions", "audience", "channels"))
    launches = _launches(rows)
    found: dict[str, list[tuple[VersionLine, Variant]]] = defaultdict(list)
    whom: dict[tuple[str, str], VersionLine] = {}
    for row in sorted(rows, key=lambda row: (row.key, row.code, not row.is_source, row.locale.language_code)):
        one, shown = _on_record(row, known, launches.get(row.pk))
        _tell_whom(one, whom.setdefault((row.key, row.code), one))
        found[row.key].append((one, shown))
    return found


def write_one(one: VersionLine, known: Known, *, overwrite: bool = False, check_only: bool = False) -> str:
    """Write a version and put it on air if it is to be; return ADDED, CHANGED or UNCHANGED.

    Raises:
        ValidationError: the item or its original lacks what the version needs, or an editor's work is in its way.
    """
    with transaction.atomic():
        store.lock_items([one.text.key])
        done = _write(one, known, overwrite=overwrite)
        if check_only:
            transaction.set_rollback(True)
    return done


def _write(one: VersionLine, known: Known, *, overwrite: bool) -> str:
    base = ContentItem.objects.filter(key=one.text.key, locale__language_code=one.text.locale).first()
    if base is None:
        raise ValidationError(f"there is no item {one.text.key} in {one.text.locale}")
    if base.type.code != one.text.kind:
        raise ValidationError(f"kind: {base.key} is stored as {base.type.code}")
    if not base.is_source:
        _refuse_another_audience(one, known)
    row = Variant.objects.filter(localization=base, code=one.code).first()
    if row and _is_so(row, one, known):
        return UNCHANGED
    if row and not overwrite:
        _refuse_over_editors(row, one)
    draft = row.get_latest_revision_as_object() if row else Variant(localization=base, code=one.code, live=False)
    _fill(draft, one, known)
    draft.full_clean(exclude=["base_revision"])
    if row is None or not row.live:
        draft.save()
    remember_base(draft)
    if not base.is_source:
        go_with(draft, source_text(original_of(draft)))
    revision = draft.save_revision(log_action="wagtail.edit" if row else "wagtail.create", clean=False)
    if one.text.state == "live":
        revision.publish()
    elif one.text.state == "off" and row and row.live:
        Variant.objects.get(pk=row.pk).unpublish()
    elif one.text.state == "off":
        now = timezone.now()
        Variant.objects.filter(pk=draft.pk).update(first_published_at=now, last_published_at=now)
    return CHANGED if row else ADDED


def _refuse_another_audience(one: VersionLine, known: Known) -> None:
    """Whom a version is for is said by the original: the line of another language says the same or nothing."""
    origin = Variant.objects.filter(localization__key=one.text.key, localization__is_source=True, code=one.code).first()
    if origin is None:
        raise ValidationError(f"the original of {one.text.key} has no version {one.code}")
    said, _ = _on_record(origin, known, _launches([origin]).get(origin.pk))
    if one.audience and one.audience != said.audience:
        raise ValidationError("for: differs from that of the original")


def _refuse_over_editors(row: Variant, one: VersionLine) -> None:
    if row.locked:
        raise ValidationError("is locked in the hub")
    newest = row.latest_revision
    if newest and newest.user_id and newest.pk != row.live_revision_id:
        raise ValidationError("an editor has a newer draft of it; publish or discard that, or overwrite it")
    if one.text.state == "live" and not row.live and state_off_air(row) == "off":
        raise ValidationError("was taken off air in the hub; publish it there, or overwrite that")


def _is_so(row: Variant, one: VersionLine, known: Known) -> bool:
    """Return whether the hub holds what a line gives, in the state that it gives."""
    if one.text.state == "draft" and row.live:
        held = _as_line(row.get_latest_revision_as_object(), known, state="draft", go_live_at=None)
    else:
        held, _ = _on_record(row, known, _launches([row]).get(row.pk))
        if one.text.state == "draft" and held.text.state == "off":
            held.text.state = "draft"
    if not row.is_source:
        _tell_whom(held, one)
    return write_version(held, known) == write_version(one, known)


def _tell_whom(one: VersionLine, other: VersionLine) -> None:
    """Let a version be for whom another is."""
    one.text.facts, one.experiment, one.arm = other.text.facts, other.experiment, other.arm


def _on_record(row: Variant, known: Known, launch: Revision | None) -> tuple[VersionLine, Variant]:
    """Return what is on air, else what is scheduled, else how it was last saved; and the row that says so."""
    if row.live:
        return _as_line(row, known, state="live", go_live_at=row.go_live_at), row
    if launch:
        shown = with_content(row, launch)
        return _as_line(shown, known, state="live", go_live_at=launch.approved_go_live_at), shown
    shown = row.get_latest_revision_as_object()
    return _as_line(shown, known, state=state_off_air(row), go_live_at=shown.go_live_at), shown


def _launches(rows: Iterable[Variant]) -> dict[int, Revision]:
    found = Revision.objects.filter(
        base_content_type=ContentType.objects.get_for_model(Variant),
        object_id__in=[str(row.pk) for row in rows],
        approved_go_live_at__isnull=False,
    )
    return {int(revision.object_id): revision for revision in found.order_by("-approved_go_live_at")}


def _as_line(row: Variant, known: Known, *, state: str, go_live_at: datetime | None) -> VersionLine:
    taxonomy, overrides = known.lookups.taxonomy, list(row.overrides)
    text = Localization(
        key=row.key,
        locale=row.locale.language_code,
        kind=row.type.code,
        columns={"slug": "", "internal_title": "", **{name: getattr(row, name) for name in _COLUMNS}},
        stream=list(row.body.raw_data),
        texts=[(name, text) for name, text in row.own_texts.items() if text and f"{TEXT_PREFIX}{name}" in overrides],
        fields={name: value for name, value in row.own_fields.items() if f"{FIELD_PREFIX}{name}" in overrides},
        image=row.image_id,
        cta_action=taxonomy.by_id(row.cta_action_id).code if row.cta_action_id else "",
        facts=Facts(
            terms=[taxonomy.by_id(one.term_id).code for one in row.audience.all()],
            channels=[known.channels.by_id[one.channel_id].code for one in row.channels.all()],
            priority=row.priority,
        ),
        state=state,
        go_live_at=go_live_at,
        expire_at=row.expire_at,
    )
    return VersionLine(row.code, overrides, text, row.experiment, row.arm)


def _fill(draft: Variant, one: VersionLine, known: Known) -> None:
    """Let a draft say what a line says; whom it is for it says on the original only."""
    text = one.text
    for name in _COLUMNS:
        setattr(draft, name, text.columns[name])
    draft.overrides = one.overrides
    draft.body, draft.image_id = text.stream, text.image
    draft.cta_action_id = known.lookups.term_id(text.cta_action, "action")
    names = _names(one, TEXT_PREFIX), _names(one, FIELD_PREFIX)
    draft.own_texts = {name: dict(text.texts).get(name, "") for name in names[0]}
    draft.own_fields = {name: {**text.facts.fields, **text.fields}.get(name) for name in names[1]}
    draft.go_live_at, draft.expire_at = text.go_live_at, text.expire_at
    if draft.is_source:
        draft.experiment, draft.arm, draft.priority = one.experiment, one.arm, text.facts.priority
        taxonomy = known.lookups.taxonomy
        draft.audience = [
            VariantTerm(term_id=taxonomy.get(code).id, sort_order=n) for n, code in enumerate(text.facts.terms)
        ]
        draft.channels = [
            VariantChannel(channel_id=known.channels.get(code).id, sort_order=n)
            for n, code in enumerate(text.facts.channels)
        ]


def _names(one: VersionLine, prefix: str) -> list[str]:
    return [name.removeprefix(prefix) for name in one.overrides if name.startswith(prefix)]
