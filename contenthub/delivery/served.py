"""Items as they were read: documents in memory, and what they refer to, read a batch at a time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import orjson
from django.db.models import QuerySet

from .context import Context
from .documents import Json, make_export_key
from .filters import visible_rows
from .models import FOREVER, Document, IndexRow

COLUMNS = ("item_id", "document_id", "document__version", "is_fallback", "ends_at", "document__head")


@dataclass(frozen=True, slots=True)
class Localization:
    """An item's own text in one locale, on air at the instant of the context."""

    locale: str
    slug: str | None
    published_at: datetime
    is_stale: bool


class ServedItem:
    """One item as a context sees it; it knows the batch it was read in."""

    def __init__(self, batch: "Batch", row: Sequence[Any], body: str | None) -> None:
        self.batch = batch
        self.item_id, self.document_id, self.version, self.is_fallback, self.ends_at, head = row
        self.head: Json = orjson.loads(head)
        self.body_json = body

    @property
    def context(self) -> Context:
        return self.batch.context

    @property
    def key(self) -> str:
        return self.head["key"]

    @property
    def export_key(self) -> str:
        return make_export_key(self.key)

    @property
    def next_change_at(self) -> datetime | None:
        """When the clock alone ends this answer; None: never."""
        return None if self.ends_at >= FOREVER else self.ends_at

    @cached_property
    def blocks(self) -> list[Json]:
        """The blocks of the body, read for the whole batch if they were not read at once."""
        if self.body_json is None:
            self.batch.load_bodies()
        return orjson.loads(self.body_json or "{}").get("blocks", [])

    @cached_property
    def fields(self) -> dict[str, Json]:
        """The item type's own fields, by name."""
        return {field["name"]: field for field in self.head["fields"]}

    def references(self, role: str | None = None, *, with_body: bool = False) -> "list[ServedItem]":
        """Return the items that this one refers to, those left out that the context does not see."""
        keys = [each["key"] for each in self.head["references"] if role is None or each["role"] == role]
        return self.batch.find_referred(keys, with_body=with_body)

    def localizations(self) -> list[Localization]:
        """Return the item's own texts, by locale."""
        return self.batch.localizations.get(self.item_id, [])


class Batch:
    """Items read together: what one of them asks for is read for all of them, in one statement."""

    def __init__(self, context: Context, rows: Iterable[Sequence[Any]], *, with_body: bool = False) -> None:
        self.context = context
        self.items = [ServedItem(self, row[: len(COLUMNS)], row[-1] if with_body else None) for row in rows]
        self._referred: dict[str, ServedItem | None] = {}

    def load_bodies(self) -> None:
        """Read the bodies that are not there yet."""
        missing = {item.document_id: item for item in self.items if item.body_json is None}
        for document_id, body in Document.objects.filter(pk__in=missing).values_list("pk", "body"):
            missing[document_id].body_json = body

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
        wanted = {*keys, *(key for item in self.items for key in _referred_keys(item))} - self._referred.keys()
        batch = load(visible_rows(self.context).filter(key__in=wanted), self.context, with_body=with_body)
        self._referred.update(dict.fromkeys(wanted))
        self._referred.update({item.key: item for item in batch.items})


def load(rows: QuerySet[IndexRow], context: Context, *, with_body: bool = False) -> Batch:
    """Return the items of ``rows`` with their documents: one statement."""
    return Batch(context, rows.values_list(*columns(with_body=with_body)), with_body=with_body)


def columns(*also: str, with_body: bool) -> tuple[str, ...]:
    """Return the columns that a batch reads, the body last."""
    return (*COLUMNS, *also, "document__body") if with_body else (*COLUMNS, *also)


def _referred_keys(item: ServedItem) -> Iterator[str]:
    """Yield every key that the item's document refers to, as far as it was read."""
    head = item.head
    for reference in head["references"]:
        yield reference["key"]
    if head["cta"]:
        yield from _linked_key(head["cta"]["link"])
    for field in head["fields"]:
        if field["kind"] == "item":
            yield from field["value"]
        elif field["kind"] == "link":
            yield from _linked_key(field["value"])
    for block in item.blocks if item.body_json is not None else ():
        if block["type"] == "item_reference":
            yield block["key"]
        elif block["type"] == "call_to_action":
            yield from _linked_key(block["cta"]["link"])


def _linked_key(link: Json | None) -> Iterator[str]:
    if link and link["kind"] == "ITEM":
        yield link["key"]
