"""How lists of items are sorted, and how a list goes on after a position in it."""

import json
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Case, DateTimeField, Expression, F, Q, QuerySet, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Collate, Concat, StrIndex

from .codes import ItemOrder
from .cursors import Position
from .filters import ReadyFilter, Shifts, ids_in, is_storable
from .models import IndexRow
from .refusals import BadArgument
from .search import in_fields

_BREAK = "\n"  # stands in no key


@dataclass(frozen=True, slots=True)
class SortKey:
    """One column, or one expression, by which a list is sorted; ``kind`` is the type of its values."""

    column: str
    kind: type
    descending: bool = False


KEY = SortKey("key", str)
NEWEST = SortKey("published_at", datetime, descending=True)
SORT_KEYS = {
    ItemOrder.NEWEST: (NEWEST, KEY),
    ItemOrder.OLDEST: (SortKey("published_at", datetime), KEY),
    ItemOrder.RECENTLY_CHANGED: (SortKey("changed_at", datetime, descending=True), KEY),
    ItemOrder.KEY: (KEY,),
    ItemOrder.RELEVANCE: (SortKey("rank", int), NEWEST, KEY),
    None: (SortKey("place", int), KEY),
}
BY_TIME = (ItemOrder.NEWEST, ItemOrder.OLDEST)


def choose_order(asked: ItemOrder | None, wanted: ReadyFilter) -> ItemOrder | None:
    """Return the order of a list; None stands for the order in which the filter names its keys.

    Raises:
        BadArgument: relevance is asked for and nothing is searched.
    """
    if asked is ItemOrder.RELEVANCE and wanted.given.search is None:
        raise BadArgument("RELEVANCE sorts by how well a search is met: give filter.search too.", "orderBy")
    if asked is None and wanted.given.keys is None:
        return ItemOrder.NEWEST
    return asked


def sorted_rows(rows: QuerySet[IndexRow], order: ItemOrder | None, wanted: ReadyFilter) -> QuerySet[IndexRow]:
    """Return ``rows`` in a total order: the last sort key, the item's key, is unique in a list."""
    if order is ItemOrder.RELEVANCE:
        rows = rows.annotate(rank=_rank(wanted))
    if order is ItemOrder.RECENTLY_CHANGED:
        rows = rows.annotate(changed_at=_changed_at(wanted.shifts or Shifts()))
    if order is None:
        rows = rows.annotate(place=_place(wanted.given.keys or ()))
    keys = [F(_sorted_by(key)).desc() if key.descending else F(_sorted_by(key)).asc() for key in SORT_KEYS[order]]
    return rows.alias(key_by_code_point=by_code_point("key")).order_by(*keys)


def rows_after(rows: QuerySet[IndexRow], order: ItemOrder | None, position: Position) -> QuerySet[IndexRow]:
    """Return those of sorted ``rows`` that stand after a position: a tuple of the values they are sorted by."""
    keys = SORT_KEYS[order]
    beyond = Q()
    for depth, key in enumerate(keys):
        level = Q(**{f"{_sorted_by(key)}__{'lt' if key.descending else 'gt'}": position[depth]})
        for same, value in zip(keys[:depth], position, strict=False):
            level &= Q(**{_sorted_by(same): value})
        beyond |= level
    # Implied by the rest, and said for the index: a range to begin at.
    bound = Q(**{f"{_sorted_by(keys[0])}__{'lte' if keys[0].descending else 'gte'}": position[0]})
    return rows.filter(bound, beyond)


def by_code_point(column: str) -> Expression:
    """Return a text column so that it compares by code points, which SQLite does of itself."""
    return Collate(column, "C") if connection.vendor == "postgresql" else F(column)


def _sorted_by(key: SortKey) -> str:
    return "key_by_code_point" if key.column == "key" else key.column


def _rank(wanted: ReadyFilter) -> Expression:
    """Return 0 where the headline holds the whole search, 1 where headline and summary do, else 2."""
    if wanted.search is None:
        return Value(2)
    seen = wanted.shifts.ranks if wanted.shifts else {}
    by_rank = [(rank, [pk for pk, found in seen.items() if found == rank]) for rank in (0, 1, 2)]
    return Case(
        *(When(ids_in(pks), then=rank) for rank, pks in by_rank if pks),
        When(in_fields(wanted.search, "headline"), then=0),
        When(in_fields(wanted.search, "summary"), then=1),
        default=2,
    )


def _changed_at(shifts: Shifts) -> Expression:
    """Return when the rendition was changed: the base, or a variant that wins over it."""
    if not shifts.changed:
        return F("updated_at")
    adapted = connection.ops.adapt_datetimefield_value
    instants = json.dumps({pk: str(adapted(instant)) for pk, instant in shifts.changed.items()})
    if connection.vendor == "postgresql":
        looked_up = """(%s::jsonb ->> "delivery_indexrow"."id"::text)::timestamptz"""
    else:
        looked_up = """json_extract(%s, '$."' || "delivery_indexrow"."id" || '"')"""
    sql = f"""COALESCE({looked_up}, "delivery_indexrow"."updated_at")"""
    return RawSQL(sql, [instants], output_field=DateTimeField())


def _place(keys: tuple[str, ...]) -> Expression:
    """Return where a key first stands among ``keys``, found by the database so that a page is one statement."""
    line = _BREAK + "".join(f"{key}{_BREAK}" for key in keys if is_storable(key) and _BREAK not in key)
    return StrIndex(Value(line), Concat(Value(_BREAK), F("key"), Value(_BREAK)))
