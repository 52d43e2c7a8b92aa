"""Writing many localizations at once: rows, revisions, facts and the published store in one transaction."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.utils import timezone
from wagtail.models import Locale, ModelLogEntry, Revision

from contenthub.delivery import store
from contenthub.delivery.bulk import insert_objects, update_rows
from locales.catalogue import locale_catalogue

from ..models import ContentItem, ItemChannel, ItemReference, ItemTerm, NamedText
from ..models.items import translation_key_of
from ..publishing import freeze_facts, settle, sync
from ..translating.staleness import go_with, source_text
from .held import Held, revisions, taken_slugs
from .judging import Judge, Source
from .lines import Facts, Known, Localization

COLUMNS = (
    "internal_title slug headline summary body cta_label cta_link cta_action image image_alt image_caption "
    "image_credit own_fields extra priority fallback_forbidden go_live_at expire_at expired live "
    "first_published_at last_published_at source_values source_digest"
).split()
PARTS = {NamedText: "texts", ItemTerm: "classification", ItemChannel: "channels", ItemReference: "references"}
ALWAYS, NEVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Written:
    """How many localizations were added, changed and already as given; why others were left out, by key and locale."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def __add__(self, other: "Written") -> "Written":
        return Written(
            self.added + other.added,
            self.changed + other.changed,
            self.unchanged + other.unchanged,
            {**self.refused, **other.refused},
        )


def write_items(
    items: Mapping[str, list[Localization]], known: Known, *, overwrite: bool = False, check_only: bool = False
) -> Written:
    """Write localizations, those of one item together; those that are already so are left alone.

    What an editor wrote or took off air is changed with ``overwrite`` only. ``check_only`` says what would be done.

    Raises:
        LocalesMissing: the hub lacks locales that the items are in or want.
        DatabaseError: something else wrote the same at the same time; nothing was written.
    """
    with transaction.atomic():
        batch = _Batch(items, known, overwrite=overwrite)
        written = batch.compare()
        if check_only:
            transaction.set_rollback(True)
        else:
            batch.save()
    return written


@dataclass
class _Change:
    """A row as it is to be, with its parts in memory, and what was given for it."""

    row: ContentItem
    given: Localization
    is_new: bool
    was_live: bool
    revision: Revision | None = None


class LocalesMissing(Exception):
    """Raised where what is to be written names locales that the hub does not have yet; nothing was written."""

    def __init__(self, tags: set[str]) -> None:
        super().__init__(", ".join(sorted(tags)))
        self.tags = tags


class _Batch:
    """One transaction's worth of items."""

    def __init__(self, items: Mapping[str, list[Localization]], known: Known, *, overwrite: bool) -> None:
        self.items = items
        self.known = known
        self.frozen = store.lock_items(items)
        self.now = timezone.now()
        if self._settle():
            self.frozen = store.lock_items(items)
        self.held = Held(items, known)
        self.slugs = taken_slugs(one for given in items.values() for one in given)
        catalogue = locale_catalogue()
        self.judge = Judge(items, known, self.held, self.slugs, catalogue, overwrite=overwrite)
        self.default = catalogue.default.code
        self.locales = {locale.language_code: locale for locale in Locale.objects.all()}
        self.content_type = ContentType.objects.get_for_model(ContentItem)
        self.changes: list[_Change] = []

    def _settle(self) -> bool:
        """Carry out what fell due and the scheduler has not done yet."""
        rows = dict(ContentItem.objects.of_keys(self.items).values_list("pk", "key"))
        due = revisions().filter(object_id__in=[str(pk) for pk in rows], approved_go_live_at__lte=self.now)
        keys = {rows[int(pk)] for pk in due.values_list("object_id", flat=True)}
        for row in ContentItem.objects.sources().of_keys(keys):
            settle(row, now=self.now)
        return bool(keys)

    # --- what is to be done -----------------------------------------------------------------------------

    def compare(self) -> Written:
        """Find out what is to be written, and what must not be."""
        refused: dict[tuple[str, str], str] = {}
        unchanged = 0
        for key, localizations in self.items.items():
            source = self.held.source_of(key)
            first = source.locale.language_code if source else self.default
            beside: Source | None = None
            # The source first: the others are judged by it. A new item's is its line in the default locale, else the
            # first good one.
            for one in sorted(localizations, key=lambda one: one.locale != first):
                row = self.held.rows[key].get(one.locale)
                is_source = row.is_source if row else source is None and beside is None
                given = one if is_source else replace(one, facts=Facts())
                is_so = row is not None and self.held.is_so(row, given)
                why_not = self.judge.why_not(one) or (
                    "" if is_so else self.judge.why_not_now(one, row, is_source=is_source)
                )
                if not is_source and not why_not:
                    beside = beside or self._stored_source(source)
                    why_not = self.judge.why_not_beside(one, beside, is_so=is_so)
                if why_not:
                    refused[key, one.locale] = why_not
                    continue
                if is_source:
                    beside = Source(one.locale, one.facts, self._published_from(key, one.published_from))
                self.slugs[one.locale, one.columns["slug"]] = key
                if is_so:
                    unchanged += 1
                else:
                    self.changes.append(self._change(row, given, is_source=is_source))
        added = sum(change.is_new for change in self.changes)
        return Written(added=added, changed=len(self.changes) - added, unchanged=unchanged, refused=refused)

    def _stored_source(self, source: ContentItem) -> Source:
        launch = self.held.launches.get(source.pk)
        launches_at = launch.approved_go_live_at if launch else NEVER
        return Source(
            source.locale.language_code, self.held.facts_of(source), self._published_from(source.key, launches_at)
        )

    def _published_from(self, key: str, otherwise: datetime) -> datetime:
        """Return when the source of an item is first published; the earliest instant where it already was."""
        return otherwise if self.frozen[key].facts is None else ALWAYS

    def _change(self, row: ContentItem | None, given: Localization, *, is_source: bool) -> _Change:
        """Return the row as it is to be, with its parts in memory."""
        lookups = self.known.lookups
        change = _Change(row, given, is_new=row is None, was_live=bool(row and row.live))
        if row is None:
            row = change.row = ContentItem(
                key=given.key,
                translation_key=translation_key_of(given.key),
                type=self.known.types[given.kind],
                locale=self.locales.get(given.locale),
                is_source=is_source,
                live=False,
            )
        for name, value in given.columns.items():
            setattr(row, name, value)
        row.body = given.stream
        row.own_fields = {**given.facts.fields, **given.fields}
        row.image_id = given.image
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
        return change

    # --- saving -----------------------------------------------------------------------------------------

    def save(self) -> None:
        """Write what ``compare`` found, and bring the published store in step."""
        if not self.changes:
            return
        named = {tag for change in self.changes for tag in (change.given.locale, *change.given.facts.wanted_locales)}
        if missing := named - self.locales.keys():
            raise LocalesMissing(missing)
        originals = self._original_texts()
        for change in self.changes:
            self._stamp(change)
            if not change.row.is_source:
                go_with(change.row, originals[change.row.key])
        new = [change.row for change in self.changes if change.is_new]
        # A draft of what is on air lives in its revision only; the row goes on saying what is on air.
        changed = [change.row for change in self.changes if not change.is_new and not self._is_only_draft(change)]
        insert_objects(new)
        ContentItem.objects.bulk_create(
            changed, update_conflicts=True, unique_fields=["id"], update_fields=COLUMNS, batch_size=200
        )
        self._save_parts(new + changed, stored=changed)
        self._save_revisions()
        freeze_facts(self.frozen, [change.row for change in self.changes if self._freezes(change)])
        sync(*dict.fromkeys(change.row.key for change in self.changes))

    def _stamp(self, change: _Change) -> None:
        """Set what says on the row whether and since when it is on air."""
        row, given = change.row, change.given
        if self._goes_live(given):
            row.live, row.expired = True, False
            row.last_published_at = self.now
            row.first_published_at = row.first_published_at or given.go_live_at or self.now
        elif given.state == "off":
            row.live, row.expired = False, False
            row.last_published_at = row.last_published_at or self.now
            row.first_published_at = row.first_published_at or self.now

    def _goes_live(self, given: Localization) -> bool:
        return given.state == "live" and not self._launches(given)

    def _launches(self, given: Localization) -> bool:
        return given.state == "live" and given.on_air_from > self.now

    def _is_only_draft(self, change: _Change) -> bool:
        return change.was_live and change.given.state != "off" and not self._goes_live(change.given)

    def _freezes(self, change: _Change) -> bool:
        """Return whether the facts are public now: the source goes on air, or was before it came here."""
        row, state = change.row, change.given.state
        return row.is_source and (
            self._goes_live(change.given) or (state == "off" and self.frozen[row.key].facts is None)
        )

    def _original_texts(self) -> dict[str, dict[str, Any]]:
        """Return what the original of each item with changed translations says as it now stands, by key."""
        wanted = {change.row.key for change in self.changes if not change.row.is_source}
        sources = {key: self.held.source_of(key) for key in wanted}
        sources |= {change.row.key: change.row for change in self.changes if change.row.is_source}
        return {key: source_text(sources[key]) for key in wanted}

    def _save_parts(self, rows: list[ContentItem], *, stored: list[ContentItem]) -> None:
        """Replace what hangs on the rows by what they hold in memory."""
        old = [row.pk for row in stored]
        for model, name in PARTS.items():
            if old:
                model.objects.filter(item__in=old)._raw_delete(using=connection.alias)
            insert_objects([part for row in rows for part in _parts(row, name)])
        through = ContentItem.wanted_locales.through
        if old:
            through.objects.filter(contentitem__in=old)._raw_delete(using=connection.alias)
        insert_objects(
            [through(contentitem_id=row.pk, locale_id=locale.pk) for row in rows for locale in row.wanted_locales.all()]
        )

    def _save_revisions(self) -> None:
        for change in self.changes:
            change.revision = Revision(
                content_type=self.content_type,
                base_content_type=self.content_type,
                object_id=str(change.row.pk),
                created_at=self.now,
                object_str=str(change.row),
                content=change.row.serializable_data(),
                approved_go_live_at=change.given.go_live_at if self._launches(change.given) else None,
            )
        insert_objects([change.revision for change in self.changes])
        self._call_off_launches()
        self._name_revisions()
        self._log()

    def _call_off_launches(self) -> None:
        """Call off what was scheduled before; new text for what stays on air leaves its next launch alone."""
        keep = {change.row.pk for change in self.changes if change.was_live and self._goes_live(change.given)}
        pks = [str(change.row.pk) for change in self.changes if not change.is_new and change.row.pk not in keep]
        if pks:
            scheduled = revisions().filter(object_id__in=pks, approved_go_live_at__isnull=False)
            scheduled.exclude(pk__in=[change.revision.pk for change in self.changes]).update(approved_go_live_at=None)

    def _name_revisions(self) -> None:
        for change in self.changes:
            row, is_live = change.row, self._goes_live(change.given)
            row.latest_revision = change.revision
            row.live_revision_id = change.revision.pk if is_live else row.live_revision_id if row.live else None
            row.has_unpublished_changes = not is_live
        names = ["latest_revision", "live_revision", "has_unpublished_changes"]
        update_rows([change.row for change in self.changes], names)

    def _log(self) -> None:
        """Leave in each row's history what an editor's save would leave."""
        insert_objects(
            [
                ModelLogEntry(
                    content_type=self.content_type,
                    object_id=str(change.row.pk),
                    label=str(change.row),
                    action="wagtail.create" if change.is_new else "wagtail.edit",
                    timestamp=self.now,
                    revision=change.revision,
                    content_changed=True,
                )
                for change in self.changes
            ]
        )


def _parts(row: ContentItem, name: str) -> Iterable[Any]:
    for part in getattr(row, name).all():
        part.pk, part.item = None, row
        yield part
