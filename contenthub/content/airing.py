"""The rows that are on air, scheduled or drafted, read together with all that they are projected from."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from wagtail.models import Locale, Revision


@dataclass(frozen=True)
class Scheduled:
    """What a scheduled revision will put on air, and when."""

    start: datetime
    row: Any


def rows_on_air(items: Iterable[str]) -> defaultdict[str, list[Any]]:
    """Return the localizations that are live, by their item's key."""
    found = defaultdict(list)
    rows = apps.get_model("content", "ContentItem").objects.filter(key__in=items, live=True)
    rows = rows.select_related("type", "locale").defer("extra", "source_values")
    for row in rows.prefetch_related("texts", "type__field_definitions"):
        found[row.key].append(row)
    return found


def rows_scheduled(items: Iterable[str]) -> defaultdict[str, list[Scheduled]]:
    """Return what scheduled revisions will put on air of these items, by key."""
    model = apps.get_model("content", "ContentItem")
    pks = model.objects.filter(key__in=items).values_list("pk", flat=True)
    revisions = Revision.objects.filter(
        base_content_type=ContentType.objects.get_for_model(model),
        object_id__in=list(map(str, pks)),
        approved_go_live_at__isnull=False,
    )
    revisions = {int(revision.object_id): revision for revision in revisions}
    found = defaultdict(list)
    if not revisions:
        return found
    locales = {locale.pk: locale for locale in Locale.objects.all()}
    rows = model.objects.filter(pk__in=revisions).select_related("type", "locale").defer("body", "extra")
    for row in rows.prefetch_related("type__field_definitions"):
        revision = revisions[row.pk]
        found[row.key].append(Scheduled(revision.approved_go_live_at, with_content(row, revision, locales)))
    return found


def variants_on_air(items: Iterable[str]) -> defaultdict[str, list[Any]]:
    """Return the versions that are live, in every language, by their item's key."""
    found = defaultdict(list)
    rows = apps.get_model("content", "Variant").objects.filter(localization__key__in=items, live=True)
    for row in _with_base(rows):
        found[row.key].append(row)
    return found


def variants_scheduled(items: Iterable[str]) -> defaultdict[str, list[Scheduled]]:
    """Return what scheduled revisions of versions will put on air of these items, by key."""
    found = defaultdict(list)
    model = apps.get_model("content", "Variant")
    revisions = Revision.objects.filter(
        base_content_type=ContentType.objects.get_for_model(model), approved_go_live_at__isnull=False
    )
    revisions = {int(revision.object_id): revision for revision in revisions}
    if not revisions:
        return found
    for row in _with_base(model.objects.filter(pk__in=revisions, localization__key__in=items)):
        revision = revisions[row.pk]
        found[row.key].append(Scheduled(revision.approved_go_live_at, with_content(row, revision)))
    return found


def rows_drafted(items: Iterable[str]) -> list[Any]:
    """Return the newest drafts of these items' localizations, of those that have one that is not on air."""
    rows = apps.get_model("content", "ContentItem").objects.filter(key__in=items)
    rows = rows.filter(has_unpublished_changes=True, latest_revision__isnull=False).defer("body", "extra")
    rows = rows.select_related("latest_revision", "type", "locale").prefetch_related("type__field_definitions")
    locales = {locale.pk: locale for locale in Locale.objects.all()} if rows else {}
    return [with_content(row, row.latest_revision, locales) for row in rows]


def variants_drafted(items: Iterable[str], *, locale_id: int | None = None) -> list[Any]:
    """Return the newest drafts of these items' versions, in one locale or in all."""
    rows = apps.get_model("content", "Variant").objects.filter(localization__key__in=items)
    if locale_id is not None:
        rows = rows.filter(localization__locale_id=locale_id)
    rows = _with_base(rows.filter(has_unpublished_changes=True, latest_revision__isnull=False))
    return [with_content(row, row.latest_revision) for row in rows.select_related("latest_revision")]


def with_content(row: Any, revision: Revision, locales: Mapping[int, Locale] | None = None) -> Any:
    """Return ``row``, an item's or a variant's, with the content of ``revision``, without a statement.

    What belongs to the row and to no revision, ``of_the_row``, stays; wanted languages are among ``locales``.
    ``revision.as_object()`` looks up every row that the content names, and fails where one of them is gone.
    """
    content = dict(revision.content)
    wanted = content.pop("wanted_locales", None)
    scheduled = type(row).from_serializable_data(content, check_fks=False)
    if wanted is not None:
        scheduled.wanted_locales = [locales[pk] for pk in wanted if pk in (locales or {})]
    for name in ("pk", "first_published_at", *row.of_the_row):
        setattr(scheduled, name, getattr(row, name))
    return scheduled


def _with_base(variants: Any) -> Any:
    """Return variants with what they have from their base read along."""
    variants = variants.select_related("localization__type", "localization__locale")
    variants = variants.defer("localization__body", "localization__extra", "base_values")
    return variants.prefetch_related("localization__type__field_definitions")
