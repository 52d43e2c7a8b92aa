"""Items as they were read: documents in memory, and what they refer to, read a batch at a time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import orjson
from django.db.models import QuerySet

from channels.registry import ChannelEntry

from .conditions import instant_of
from .context import Context, Surroundings, in_channel
from .documents import Json, make_export_key, referred_keys
from .filters import visible_rows
from .models import FOREVER, Document, IndexRow
from .recalling import recall
from .resolving import BODY, Resolution, cascade, next_change, resolve
from .targeting import Assignment, Unmet, unmet_target
from .variantreading import StoredVariant, live_or_to_come, read_met, read_variants
from .versions import compose_version, latest

COLUMNS = ("item_id", "document_id", "document__version", "is_fallback", "ends_at", "has_variants", "document__head")


@dataclass(frozen=True, slots=True)
class Localization:
    """An item's own text in one locale, on air at the instant of the context."""

    locale: str
    slug: str | None
    published_at: datetime
    is_stale: bool


class ServedItem:
    """One item as a context sees it, resolved over its variants; it knows the batch it was read in.

    ``base`` is the head of the text without variants, ``head`` what the context gets. ``pinned`` are the winning
    variants where they are named, instead of found by the context.
    """

    def __init__(self, batch: "Batch", row: Sequence[Any], body: str | None) -> None:
        self.batch = batch
        self.item_id, self.document_id, self.base_version, is_fallback, self._ends_at, self.has_variants, head = row
        self.is_fallback = bool(is_fallback)
        self.base: Json = orjson.loads(head)
        if not self.has_variants:
            self.head = self.base  # at once: most items have none, and to work it out takes a lock each
        self.body_json = body
        self.pinned: list[StoredVariant] | None = None

    @property
    def context(self) -> Context:
        return self.batch.context

    @property
    def key(self) -> str:
        return self.base["key"]

    @property
    def export_key(self) -> str:
        return make_export_key(self.key)

    @cached_property
    def variants(self) -> list[StoredVariant]:
        """The variants of the text, on air or to come, that the context may meet."""
        return self.batch.variants.get((self.item_id, self.base["locale"]), []) if self.has_variants else []

    @cached_property
    def resolution(self) -> Resolution[StoredVariant]:
        """What the context gets, and where each field came from."""
        if self.pinned is not None:
            return cascade(self.base, self.pinned)
        return resolve(self.base, self.variants, self.context.standing, self.context.instant)

    @cached_property
    def head(self) -> Json:
        if not self.winning:
            return self.base
        return {**self.resolution.head, "updated_at": latest(self.base, self.winning)}

    @property
    def version(self) -> str:
        """The name of exactly this published state: base and contributing variants."""
        return compose_version(self.base_version, [each.version for each in self.contributing])

    @property
    def contributing(self) -> tuple[StoredVariant, ...]:
        """The variants that supply a field, the highest first."""
        return self.resolution.contributing if self.has_variants else ()

    @property
    def winning(self) -> tuple[StoredVariant, ...]:
        """The highest eligible variant and all that supply a field, the highest first."""
        return self.resolution.winning if self.has_variants else ()

    @property
    def all_variants(self) -> list[StoredVariant]:
        """All variants of the text that are on air, by code, whomever they are for."""
        return self.batch.all_variants.get((self.item_id, self.base["locale"]), []) if self.has_variants else []

    @cached_property
    def assignments(self) -> list[Assignment]:
        """The arms that this answer stands for: of experiments that it has a variant in, whichever arm that is for."""
        meant = {
            each.targeting.experiment
            for each in self.variants
            if each.start <= self.context.instant < each.end
            and unmet_target(each.targeting, self.context.standing) in (None, Unmet.ARM)
        }
        return [each for each in self.context.assignments if each.experiment in meant]

    @property
    def next_change_at(self) -> datetime | None:
        """When the clock alone may end this answer; None: never."""
        standing = self.context.standing
        fitting = [each for each in self.variants if unmet_target(each.targeting, standing) is None]
        ends_at = FOREVER if self._ends_at is None else instant_of(self._ends_at)
        ends = [ends_at, next_change(fitting, self.context.instant) or FOREVER]
        return None if min(ends) >= FOREVER else min(ends)

    @cached_property
    def blocks(self) -> list[Json]:
        """The blocks of the body, read for the whole batch if they were not read at once."""
        giver = self.resolution.provenance[BODY] if self.has_variants else None
        if (giver or self).body_json is None:
            self.batch.load_bodies()
        return orjson.loads((giver or self).body_json or "{}").get("blocks", [])

    @cached_property
    def fields(self) -> dict[str, Json]:
        """The item type's own fields, by name."""
        return {field["name"]: field for field in self.head["fields"]}

    def references(self, role: str | None = None, *, with_body: bool = False) -> "list[ServedItem]":
        """Return the items that this one refers to, those left out that the context does not see."""
        keys = [each["key"] for each in self.head["references"] if role is None or each["role"] == role]
        return self.batch.find_referred(keys, with_body=with_body)

    def in_channel(self, channel: ChannelEntry, around: Surroundings) -> "ServedItem":
        """Return the item as the same reader gets it in another channel: its variants are chosen again."""
        if not self.has_variants or channel == self.context.channel:
            return self
        place = next(place for place, item in enumerate(self.batch.items) if item is self)
        return self.batch.in_channel(channel, around).items[place]

    def twin(self, batch: "Batch") -> "ServedItem":
        """Return the same text in another batch, not resolved yet."""
        twin = copy(self)
        for name in ("variants", "resolution", "head", "assignments", "blocks", "fields"):
            twin.__dict__.pop(name, None)
        twin.batch, twin.pinned = batch, None
        return twin

    def localizations(self) -> list[Localization]:
        """Return the item's own texts, by locale."""
        return self.batch.localizations.get(self.item_id, [])


class Batch:
    """Items read together: what one of them asks for is read for all of them, in one statement."""

    def __init__(self, context: Context, rows: Iterable[Sequence[Any]], *, with_body: bool = False) -> None:
        self.context = context
        self.with_body = with_body
        self.items = [ServedItem(self, row[: len(COLUMNS)], row[-1] if with_body else None) for row in rows]
        self._referred: dict[str, ServedItem | None] = {}
        self._in_channels: dict[str, Batch] = {}

    @cached_property
    def variants(self) -> Mapping[tuple[int, str], list[StoredVariant]]:
        """The variants that the context may meet, of all items of the batch, by item id and locale of the text."""
        having = [item.item_id for item in self.items if item.has_variants]
        return read_met(self.context, having, with_body=self.with_body)

    @cached_property
    def all_variants(self) -> Mapping[tuple[int, str], list[StoredVariant]]:
        """The variants on air of all items of the batch, by item id and locale of the text."""
        having = [item.item_id for item in self.items if item.has_variants]
        rows = live_or_to_come(having, self.context.instant).filter(starts_at__lte=self.context.instant)
        found = read_variants(rows)
        return {place: sorted(variants, key=lambda each: each.code) for place, variants in found.items()}

    def in_channel(self, channel: ChannelEntry, around: Surroundings) -> "Batch":
        """Return the same items in another channel; their variants are read in one statement for all of them."""
        if channel.code not in self._in_channels:
            batch = Batch(in_channel(self.context, channel, around), (), with_body=self.with_body)
            batch.items = [item.twin(batch) for item in self.items]
            self._in_channels[channel.code] = batch
        return self._in_channels[channel.code]

    def all_to_come(self, item: ServedItem) -> list[StoredVariant]:
        """Return all variants of one item's text that are on air or to come, whomever they are for: one statement."""
        found = read_variants(live_or_to_come([item.item_id], self.context.instant))
        return found.get((item.item_id, item.base["locale"]), [])

    def load_bodies(self, also: Iterable[StoredVariant] = ()) -> None:
        """Read the bodies that are not there yet, of texts and of the variants that give theirs."""
        wanted: list[ServedItem | StoredVariant] = [*self.items, *also]
        wanted += [giver for item in self.items if item.has_variants and (giver := item.resolution.provenance[BODY])]
        missing: dict[int, list[ServedItem | StoredVariant]] = {}
        for each in wanted:
            if each.body_json is None:
                missing.setdefault(each.document_id, []).append(each)
        for document_id, body in Document.objects.filter(pk__in=missing).values_list("pk", "body"):
            for each in missing[document_id]:
                each.body_json = body

    def find_referred(self, keys: Sequence[str], *, with_body: bool = False) -> list[ServedItem]:
        """Return the items with these keys in the same context, each once, in this order; those not seen left out."""
        if any(key not in self._referred for key in keys):
            self._load_referred(keys, with_body)
        found = (self._referred[key] for key in dict.fromkeys(keys))
        return [item for item in found if item]

    @cached_property
    def localizations(self) -> Mapping[int, list[Localization]]:
        """The own texts of all items of the batch, by item id."""
        instant = self.context.instant
        rows = IndexRow.objects.filter(
            item_id__in={item.item_id for item in self.items},
            is_fallback=False,
            starts_at__lte=instant,
            ends_at__gt=instant,
        )
        found: dict[int, list[Localization]] = {}
        columns = ("item_id", "locale__language_code", "slug", "published_at", "is_stale")
        for item_id, locale, slug, published_at, is_stale in rows.values_list(*columns):
            found.setdefault(item_id, []).append(Localization(locale, slug or None, published_at, is_stale))
        return {item_id: sorted(own, key=lambda each: each.locale) for item_id, own in found.items()}

    def _load_referred(self, keys: Sequence[str], with_body: bool) -> None:
        wanted = {*keys, *(key for item in self.items for key in _named_keys(item))} - self._referred.keys()
        recall(self.context, key__in=wanted)
        batch = load(visible_rows(self.context).filter(key__in=wanted), self.context, with_body=with_body)
        self._referred.update(dict.fromkeys(wanted))
        self._referred.update({item.key: item for item in batch.items})


def load(rows: QuerySet[IndexRow], context: Context, *, with_body: bool = False) -> Batch:
    """Return the items of ``rows`` with their documents: one statement."""
    return Batch(context, rows.values_list(*columns(with_body=with_body)), with_body=with_body)


def columns(*also: str, with_body: bool) -> tuple[str, ...]:
    """Return the columns that a batch reads, the body last."""
    return (*COLUMNS, *also, "document__body") if with_body else (*COLUMNS, *also)


def _named_keys(item: ServedItem) -> Iterator[str]:
    """Yield every key that the item's document refers to, as far as it was read."""
    return referred_keys(item.head, item.blocks if item.body_json is not None else ())
