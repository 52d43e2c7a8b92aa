"""Writing many localizations at once: rows, revisions, facts and the published store in one transaction."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from wagtail.models import Locale, Revision

from contenthub.delivery import store
from locales.catalogue import locale_catalogue

from .lines import Facts, Known, Localization, write_line
from .models import ContentItem, ItemChannel, ItemReference, ItemTerm, NamedText
from .models.items import translation_key_of
from .projection import digests
from .publishing import freeze_facts, settle, sync

COLUMNS = (
    "internal_title slug headline summary body cta_label cta_link cta_action_id image_id image_alt image_caption "
    "image_credit own_fields extra priority fallback_forbidden go_live_at expire_at expired live "
    "first_published_at last_published_at source_digest"
).split()
PARTS = {NamedText: "texts", ItemTerm: "classification", ItemChannel: "channels", ItemReference: "references"}
TEXT_COLUMNS = "internal_title slug headline summary cta_label cta_link image_alt image_caption image_credit".split()


@dataclass(frozen=True)
class Written:
    """How many localizations were added, changed, and already as given."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0

    def __add__(self, other: "Written") -> "Written":
        return Written(self.added + other.added, self.changed + other.changed, self.unchanged + other.unchanged)


def source_of(localizations: list[Localization]) -> Localization:
    """Return which of an item's new localizations is the source: the default locale's, else the first."""
    default = locale_catalogue().default.code
    return next((one for one in localizations if one.locale == default), localizations[0])


@transaction.atomic
def write_items(items: Mapping[str, list[Localization]], known: Known) -> Written:
    """Write the localizations of whole items; those that are already so are left alone."""
    return _Batch(items, known).write()


def localization_of(row: ContentItem, known: Known) -> Localization:
    """Return a row in the form of lines; facts only where it is the source."""
    taxonomy = known.lookups.taxonomy
    localized, facts_fields = {}, {}
    for definition in row.type.field_definitions.all():
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
        image=known.lookups.image_files.get(row.image_id, ""),
        cta_action=taxonomy.by_id(row.cta_action_id).code if row.cta_action_id else "",
        extra=row.extra,
        facts=facts,
        state="live" if row.live or row.go_live_at else "draft",
        go_live_at=row.go_live_at,
        expire_at=row.expire_at,
    )


def with_all_parts(rows: Any) -> Any:
    """Return a queryset of rows with everything read along that ``localization_of`` asks for."""
    return rows.select_related("locale", "type").prefetch_related(
        "classification", "references", "texts", "channels", "wanted_locales", "type__field_definitions"
    )


class _Batch:
    """One transaction's worth of items."""

    def __init__(self, items: Mapping[str, list[Localization]], known: Known) -> None:
        self.items = items
        self.known = known
        self.now = timezone.now()
        self.frozen = store.lock_items(items)
        self.locales = {locale.language_code: locale for locale in Locale.objects.all()}
        self.stored = self._stored()
        self.rows: list[tuple[ContentItem, Localization]] = []

    def write(self) -> Written:
        added = unchanged = 0
        for key, localizations in self.items.items():
            source_tag = self._source_locale(key, localizations)
            for one in localizations:
                given = one if one.locale == source_tag else replace(one, facts=Facts())
                row = self.stored[key].get(one.locale)
                if row is not None and self._is_so(row, given):
                    unchanged += 1
                    continue
                added += row is None
                self.rows.append((self._row(row, given, is_source=one.locale == source_tag), given))
        if self.rows:
            self._save()
            sync(*dict.fromkeys(row.key for row, _ in self.rows))
        return Written(added=added, changed=len(self.rows) - added, unchanged=unchanged)

    def _stored(self) -> dict[str, dict[str, ContentItem]]:
        rows: dict[str, dict[str, ContentItem]] = defaultdict(dict)
        found = list(with_all_parts(ContentItem.objects.of_keys(self.items)))
        due = set(
            Revision.objects.filter(
                base_content_type=self._content_type(),
                object_id__in=[str(row.pk) for row in found],
                approved_go_live_at__lte=self.now,
            ).values_list("object_id", flat=True)
        )
        for row in found:
            if str(row.pk) in due:
                settle(row, now=self.now)
                row = with_all_parts(ContentItem.objects.filter(pk=row.pk)).get()
            rows[row.key][row.locale.language_code] = row
        return rows

    def _content_type(self) -> ContentType:
        return ContentType.objects.get_for_model(ContentItem)

    def _source_locale(self, key: str, localizations: list[Localization]) -> str:
        stored = next((tag for tag, row in self.stored[key].items() if row.is_source), None)
        return stored or source_of(localizations).locale

    def _is_so(self, row: ContentItem, given: Localization) -> bool:
        """Return whether the row holds what is given, on air or as its newest draft."""
        held = localization_of(row, self.known)
        if given.state == "draft" and row.live:
            draft = localization_of(row.get_latest_revision_as_object(), self.known)
            held = replace(draft, state="draft")
        return write_line(held, self.known) == write_line(given, self.known)

    # --- rows -------------------------------------------------------------------------------------------

    def _row(self, row: ContentItem | None, given: Localization, *, is_source: bool) -> ContentItem:
        """Return the row as it is to be, with its parts in memory."""
        lookups = self.known.lookups
        if row is None:
            row = ContentItem(
                key=given.key,
                translation_key=translation_key_of(given.key),
                type=self.known.types[given.kind],
                locale=self.locales[given.locale],
                is_source=is_source,
                live=False,
            )
        for name, value in given.columns.items():
            setattr(row, name, value)
        row.body = given.stream
        row.own_fields = {**given.facts.fields, **given.fields}
        row.image_id = lookups.image_ids.get(given.image) if given.image else None
        row.cta_action_id = lookups.term_id(given.cta_action, "action")
        row.extra = given.extra
        row.priority = given.facts.priority
        row.fallback_forbidden = given.facts.fallback_forbidden
        row.go_live_at, row.expire_at = given.go_live_at, given.expire_at
        row.texts = [
            NamedText(name=name, text=text, sort_order=place) for place, (name, text) in enumerate(given.texts)
        ]
        # Facts are set on every row, empty where it is not the source: what is set is not looked up.
        row.classification = [
            ItemTerm(term_id=lookups.taxonomy.get(code).id, sort_order=place)
            for place, code in enumerate(given.facts.terms)
        ]
        row.references = [
            ItemReference(role=role, target_key=key, sort_order=place)
            for place, (role, key) in enumerate(given.facts.references)
        ]
        row.channels = [
            ItemChannel(channel_id=self.known.channels.get(code).id, sort_order=place)
            for place, code in enumerate(given.facts.channels)
        ]
        row.wanted_locales = [self.locales[tag] for tag in given.facts.wanted_locales if tag in self.locales]
        return row

    # --- saving -----------------------------------------------------------------------------------------

    def _save(self) -> None:
        source_digests = self._source_digests()
        for row, given in self.rows:
            if self._goes_live(given):
                row.live, row.expired, row.has_unpublished_changes = True, False, False
                row.last_published_at = self.now
                row.first_published_at = row.first_published_at or self.now
            else:
                row.has_unpublished_changes = True
            if not row.is_source:
                row.source_digest = source_digests.get(row.key, row.source_digest)
        new = [row for row, _ in self.rows if row.pk is None]
        # A draft of what is on air lives in its revision only; the row goes on saying what is on air.
        drafts = [row for row, given in self.rows if row.pk and row.live and not self._goes_live(given)]
        changed = [row for row, _ in self.rows if row.pk and row not in drafts]
        ContentItem.objects.bulk_create(new, batch_size=200)
        for row in changed:
            ContentItem.objects.filter(pk=row.pk).update(**{name: getattr(row, name) for name in COLUMNS})
        self._save_parts(new + changed, stored=changed)
        for (row, given), revision in zip(self.rows, self._save_revisions(), strict=True):
            row.latest_revision = revision
            if self._goes_live(given):
                row.live_revision = revision
        ContentItem.objects.bulk_update(
            (row for row, _ in self.rows),
            ["latest_revision", "live_revision", "has_unpublished_changes"],
            batch_size=200,
        )
        freeze_facts(self.frozen, [row for row, given in self.rows if row.is_source and self._goes_live(given)])

    def _goes_live(self, given: Localization) -> bool:
        return given.state == "live" and not (given.go_live_at and given.go_live_at > self.now)

    def _source_digests(self) -> dict[str, str]:
        """Return the digest of each item's source text as it now stands."""
        sources = {row.key: row for by_locale in self.stored.values() for row in by_locale.values() if row.is_source}
        sources |= {row.key: row for row, _ in self.rows if row.is_source}
        wanted = {row.key for row, _ in self.rows if not row.is_source}
        return digests(row for key, row in sources.items() if key in wanted)

    def _save_parts(self, rows: list[ContentItem], *, stored: list[ContentItem]) -> None:
        """Replace what hangs on the rows by what they hold in memory."""
        old = [row.pk for row in stored]
        for model, name in PARTS.items():
            model.objects.filter(item__in=old).delete()
            parts = [part for row in rows for part in _parts(row, name)]
            model.objects.bulk_create(parts, batch_size=500)
        through = ContentItem.wanted_locales.through
        through.objects.filter(contentitem__in=old).delete()
        through.objects.bulk_create(
            (
                through(contentitem_id=row.pk, locale_id=locale.pk)
                for row in rows
                for locale in row.wanted_locales.all()
            ),
            batch_size=500,
        )

    def _save_revisions(self) -> list[Revision]:
        content_type = self._content_type()
        return Revision.objects.bulk_create(
            (
                Revision(
                    content_type=content_type,
                    base_content_type=content_type,
                    object_id=str(row.pk),
                    created_at=self.now,
                    object_str=str(row),
                    content=row.serializable_data(),
                    approved_go_live_at=self._launch(given),
                )
                for row, given in self.rows
            ),
            batch_size=200,
        )

    def _launch(self, given: Localization) -> datetime | None:
        return given.go_live_at if given.state == "live" and not self._goes_live(given) else None


def _parts(row: ContentItem, name: str) -> Iterable[Any]:
    for part in getattr(row, name).all():
        part.pk, part.item = None, row
        yield part
