"""What the hub holds of items, in the form of lines: to compare with what an import gives, and to export."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from wagtail.models import Revision

from ..models import ContentItem
from .lines import Facts, Known, Localization, write_line

TEXT_COLUMNS = "internal_title slug headline summary cta_label cta_link image_alt image_caption image_credit".split()


def revisions() -> Any:
    """Return all revisions of items, as a queryset."""
    return Revision.objects.filter(base_content_type=ContentType.objects.get_for_model(ContentItem))


def localization_of(row: ContentItem, known: Known, *, state: str, go_live_at: datetime | None) -> Localization:
    """Return a row, or a revision of one, in the form of lines; facts only where it is the source."""
    taxonomy = known.lookups.taxonomy
    localized, facts_fields = {}, {}
    for definition in known.types[row.type.code].field_definitions.all():
        if definition.name in row.own_fields:
            (localized if definition.localized else facts_fields)[definition.name] = row.own_fields[definition.name]
    facts = Facts()
    if row.is_source:
        facts = Facts(
            terms=[taxonomy.by_id(tag.term_id).code for tag in row.classification.all()],
            channels=[known.channels.by_id[one.channel_id].code for one in row.channels.all()],
            references=[(one.role, one.target_key) for one in row.references.all()],
            fields=facts_fields,
            priority=row.priority,
            wanted_locales=sorted(locale.language_code for locale in row.wanted_locales.all()),
            fallback_forbidden=row.fallback_forbidden,
        )
    return Localization(
        key=row.key,
        locale=row.locale.language_code,
        kind=row.type.code,
        columns={name: getattr(row, name) for name in TEXT_COLUMNS},
        stream=list(row.body.raw_data),
        texts=[(text.name, text.text) for text in row.texts.all()],
        fields=localized,
        image=row.image_id,
        cta_action=taxonomy.by_id(row.cta_action_id).code if row.cta_action_id else "",
        extra=row.extra,
        facts=facts,
        state=state,
        go_live_at=go_live_at,
        expire_at=row.expire_at,
    )


def launches_of(rows: Iterable[ContentItem]) -> dict[int, Revision]:
    """Return the scheduled revision of each row that has one, by the row's id."""
    found = revisions().filter(object_id__in=[str(row.pk) for row in rows], approved_go_live_at__isnull=False)
    return {int(revision.object_id): revision for revision in found.order_by("-approved_go_live_at")}


def on_record(row: ContentItem, known: Known, launch: Revision | None) -> Localization:
    """Return how a row is exported: what is on air, else what is scheduled, else how it was last saved."""
    if row.live:
        return localization_of(row, known, state="live", go_live_at=row.go_live_at)
    if launch:
        return _of_revision(row, launch, known, state="live", go_live_at=launch.approved_go_live_at)
    return localization_of(row, known, state=state_off_air(row), go_live_at=row.go_live_at)


class Held:
    """What the hub holds of the items of one batch. The items must be locked, and settled."""

    def __init__(self, keys: Iterable[str], known: Known) -> None:
        self.known = known
        self.rows: dict[str, dict[str, ContentItem]] = defaultdict(dict)
        for row in ContentItem.objects.of_keys(keys).with_parts():
            self.rows[row.key][row.locale.language_code] = row
        every = [row for by_locale in self.rows.values() for row in by_locale.values()]
        self.launches = launches_of(every)
        self._editors = set(
            Revision.objects.filter(
                pk__in=[row.latest_revision_id for row in every if row.latest_revision_id], user__isnull=False
            ).values_list("pk", flat=True)
        )

    def source_of(self, key: str) -> ContentItem | None:
        return next((row for row in self.rows[key].values() if row.is_source), None)

    def facts_of(self, source: ContentItem) -> Facts:
        """Return the facts of a source as they are exported."""
        return on_record(source, self.known, self.launches.get(source.pk)).facts

    def is_so(self, row: ContentItem, given: Localization) -> bool:
        """Return whether the hub holds what is given, in the state that is given."""
        held = self._counterpart(row, given)
        return held is not None and write_line(held, self.known) == write_line(given, self.known)

    def has_editors_draft(self, row: ContentItem) -> bool:
        """Return whether the newest that was written of a row is an editor's and not on air."""
        return row.latest_revision_id in self._editors and row.latest_revision_id != row.live_revision_id

    def was_taken_off_air(self, row: ContentItem) -> bool:
        return not row.live and state_off_air(row) == "off"

    def _counterpart(self, row: ContentItem, given: Localization) -> Localization | None:
        """Return what of a row is to be compared with what is given: what is on air, scheduled or in draft."""
        launch = self.launches.get(row.pk)
        if given.is_launch:
            if launch is None:
                return None
            return _of_revision(row, launch, self.known, state="live", go_live_at=launch.approved_go_live_at)
        if given.state == "draft" and row.live and row.latest_revision_id:
            return _of_revision(row, row.latest_revision, self.known, state="draft", go_live_at=None)
        if launch and not row.live:
            return None
        state = "live" if row.live else state_off_air(row)
        if given.state == "draft" and state == "off":
            state = "draft"
        return localization_of(row, self.known, state=state, go_live_at=row.go_live_at)


def taken_slugs(given: Iterable[Localization]) -> dict[tuple[str, str], str]:
    """Return who has, or is scheduled to have, the slugs that are given: keys by locale and slug."""
    slugs = {one.columns["slug"] for one in given} - {""}
    rows = ContentItem.objects.filter(slug__in=slugs)
    taken = {(tag, slug): key for tag, slug, key in rows.values_list("locale__language_code", "slug", "key")}
    launches = revisions().filter(approved_go_live_at__isnull=False, content__slug__in=list(slugs))
    pks = dict(launches.values_list("object_id", "content__slug"))
    for pk, tag, key in ContentItem.objects.filter(pk__in=pks).values_list("pk", "locale__language_code", "key"):
        taken.setdefault((tag, pks[str(pk)]), key)
    return taken


def state_off_air(row: ContentItem) -> str:
    """Return the state of a row that is not on air: ran out by itself, taken off, or never published."""
    if row.first_published_at is None:
        return "draft"
    return "live" if row.expired and row.expire_at and row.expire_at <= timezone.now() else "off"


def _of_revision(
    row: ContentItem, revision: Revision, known: Known, *, state: str, go_live_at: datetime | None
) -> Localization:
    written = row.with_content_json(revision.content)
    written.type, written.locale = row.type, row.locale
    return localization_of(written, known, state=state, go_live_at=go_live_at)
