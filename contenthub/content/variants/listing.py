"""All versions of an item at a glance: whom each is for, how it stands, and in which languages it has texts."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import WorkflowState

from channels.registry import channel_registry
from locales.catalogue import locale_catalogue
from locales.widgets import editor_chain
from taxonomy.snapshot import taxonomy_snapshot

from ..codes import LocalizationState
from ..facts import freeze_targeting
from ..models import ContentItem, Variant
from ..publishing import launches_of
from ..translating.staleness import is_stale
from .making import BaseNow


@dataclass(frozen=True)
class Target:
    """One thing that a version is for, as the editor reads it."""

    kind: str
    icon: str
    label: str


@dataclass(frozen=True)
class LanguageState:
    """How a version stands in one language of the item."""

    tag: str
    state: LocalizationState
    title: str
    is_stale: bool = False


@dataclass(frozen=True)
class VariantLine:
    """One version of an item; ``here`` is its row in the language at hand, None where it has none."""

    code: str
    state: LocalizationState
    targets: list[Target] = field(default_factory=list)
    languages: list[LanguageState] = field(default_factory=list)
    priority: int = 0
    here: Variant | None = None
    scheduled_for: datetime | None = None
    until: datetime | None = None
    has_moved: bool = False
    is_stale: bool = False


def variant_lines(base: ContentItem) -> list[VariantLine]:
    """Return the versions of the item that ``base`` is a language of, by code; constant in statements."""
    rows: dict[str, dict[str, Variant]] = defaultdict(dict)
    variants = Variant.objects.filter(localization__key=base.key).defer("body", "source_values")
    variants = variants.select_related("localization__locale", "localization__type").defer("localization__body")
    for row in variants.prefetch_related("audience", "channels").order_by("code"):
        rows[row.code][row.locale.language_code] = row
    every = [row for by_locale in rows.values() for row in by_locale.values()]
    launches = _launches(every)
    in_review = _in_review(every)
    tags = list(
        ContentItem.objects.of_keys([base.key])
        .order_by("-is_source", "locale__language_code")
        .values_list("locale__language_code", flat=True)
    )
    describe, now = _Describer(), BaseNow(base)
    lines = []
    for code, by_locale in rows.items():
        source = next((row for row in by_locale.values() if row.is_source), None)
        here = by_locale.get(base.locale.language_code)
        shown = here or source or next(iter(by_locale.values()))
        original = source.source_digest if source else ""
        lines.append(
            VariantLine(
                code=code,
                state=state_of(shown, launches.get(shown.pk), shown.pk in in_review),
                targets=list(describe.targets(source)) if source else [],
                languages=[_language(tag, by_locale.get(tag), launches, in_review, original) for tag in tags],
                priority=source.priority if source else 0,
                here=here,
                scheduled_for=launches.get(shown.pk),
                until=shown.expire_at if shown.live else None,
                has_moved=bool(here and now.moved_below(here)),
                is_stale=bool(here and _is_stale(here, original)),
            )
        )
    return lines


def state_of(row: Variant, launch: datetime | None, is_in_review: bool) -> LocalizationState:
    """Return how one version stands in its language."""
    now = timezone.now()
    on_air = row.live or (launch is not None and launch <= now)
    if on_air and row.expire_at and row.expire_at <= now:
        return LocalizationState.EXPIRED
    if launch and launch > now:
        return LocalizationState.SCHEDULED
    if is_in_review:
        return LocalizationState.IN_REVIEW
    if on_air:
        return (
            LocalizationState.LIVE_AND_DRAFT if row.has_unpublished_changes and not launch else LocalizationState.LIVE
        )
    return LocalizationState.EXPIRED if row.expired else LocalizationState.DRAFT


class _Describer:
    """Names what versions are for in the editor's language."""

    def __init__(self) -> None:
        self.taxonomy, self.channels = taxonomy_snapshot(), channel_registry()
        self.chain = editor_chain(locale_catalogue())

    def targets(self, variant: Variant) -> Iterator[Target]:
        target = freeze_targeting(variant, self.taxonomy, self.channels)
        for kind, icon, codes in ((_("Segment"), "group", target.segments), (_("Market"), "globe", target.markets)):
            for code in codes:
                yield Target(kind, icon, self.taxonomy.get(code).label(self.chain)[0])
        for code in target.channels:
            yield Target(_("Channel"), "mail", self.channels.get(code).label(self.chain))
        if target.experiment:
            yield Target(_("Test"), "order", f"{target.experiment}: {target.arm}")


def _language(
    tag: str, row: Variant | None, launches: dict[int, datetime], in_review: set[int], original: str
) -> LanguageState:
    if row is None:
        return LanguageState(tag, LocalizationState.MISSING, _("no text: readers get the item as it is"))
    state = state_of(row, launches.get(row.pk), row.pk in in_review)
    title = str(state.label)
    if not row.overrides:
        title = _("%(state)s, inherits everything") % {"state": title}
    if stale := _is_stale(row, original):
        title = f"{title} · {_('Changed in the original')}"
    return LanguageState(tag, state, title, stale)


def _is_stale(row: Variant, original: str) -> bool:
    """Return whether the original's version, its text of the digest ``original``, changed since ``row`` was written."""
    return not row.is_source and is_stale(row.source_digest, original)


def _launches(rows: list[Variant]) -> dict[int, datetime]:
    found = launches_of(Variant).filter(object_id__in=[str(row.pk) for row in rows])
    return {int(pk): instant for pk, instant in found.values_list("object_id", "approved_go_live_at")}


def _in_review(rows: list[Variant]) -> set[int]:
    running = WorkflowState.objects.active().filter(
        content_type__app_label="content", content_type__model="variant", object_id__in=[str(row.pk) for row in rows]
    )
    return {int(object_id) for object_id in running.values_list("object_id", flat=True)}
