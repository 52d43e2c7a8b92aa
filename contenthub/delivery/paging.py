"""Rows with their documents in one statement that is written out: Django takes longer to make one than it takes to run.

The columns are those of ``served.columns``; an instant is as the database gives it, and ``ends_at`` is None for ever.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from .codes import ItemOrder
from .conditions import Sql, adapted, among, is_under, seen_and_wanted, unweighed
from .context import Context
from .cursors import Position
from .filters import ReadyFilter, TermCondition, single_term
from .models import FOREVER
from .ordering import BY_TIME, SORT_KEYS, SortKey

WRITTEN_OUT = (*BY_TIME, ItemOrder.KEY)

_COLUMNS = (
    "r.item_id, r.document_id, d.version, r.is_fallback, CASE WHEN r.ends_at < %s THEN r.ends_at END, r.has_variants, "
    "d.head"
)
_NEAR = 1_000  # rows of a stream that are looked at one by one
_INNER_COLUMNS = ("r.item_id", "r.document_id", "r.is_fallback", "r.ends_at", "r.has_variants")
_ROWS = "delivery_indexrow r"
_ALONG = "delivery_termrow t JOIN delivery_indexrow r ON r.id = t.row_id"


def read_one(context: Context, key: str, *, with_body: bool) -> list[tuple[Any, ...]]:
    """Return the row that answers for an item, if the context sees it."""
    where = [Sql("r.locale_id = %s AND r.key = %s", (context.locale.id, key)), *seen_and_wanted(context, ReadyFilter())]
    rows = f"(SELECT {', '.join(_INNER_COLUMNS)} FROM {_ROWS} WHERE {_all_of(where)} LIMIT 1) r"
    return _read(Sql(rows, _params(where)), (), with_body)


def read_some(row_ids: Sequence[int], *, with_body: bool) -> list[tuple[Any, ...]]:
    """Return these rows, their ids behind the head."""
    chosen = among("r.id", row_ids)
    rows = f"(SELECT {', '.join(_INNER_COLUMNS)}, r.id FROM {_ROWS} WHERE {chosen.text}) r"
    return _read(Sql(rows, chosen.params), ["r.id"], with_body)


def read_sorted(
    context: Context,
    wanted: ReadyFilter,
    order: ItemOrder,
    *,
    after: Position | None,
    limit: int,
    with_body: bool,
) -> list[tuple[Any, ...]]:
    """Return the first rows of a list in one of the orders ``WRITTEN_OUT``, what they are sorted by behind the head."""
    keys = SORT_KEYS[order]
    # What is under a term stands in the term's index in the order of time already.
    along = single_term(wanted) if order in BY_TIME else None
    table = "t" if along else "r"
    if along:
        own = " AND t.is_own" if along.own else ""
        first = [Sql(f"t.term_id = %s AND t.locale_id = %s{own}", (*along.ids, context.locale.id))]
    else:
        first = [Sql("r.locale_id = %s", (context.locale.id,))]
    if after is not None:
        first.append(_after(keys, table, after))
    seen = seen_and_wanted(context, wanted)
    others = [each for each in wanted.terms if each is not along]
    where = [*first, *seen, *(_under(each, context) for each in others)]
    page = _page(_ALONG if along else _ROWS, where, keys, table, limit)
    if along and others and connection.vendor == "postgresql":
        page = _near_first(first, [*seen, *map(is_under, others)], keys, limit, page)
    rows = Sql(f"({page.text}) r", page.params)
    return _read(rows, [_shown(key) for key in keys], with_body, f"ORDER BY {_order(keys, 'r')}")


def _page(source: str, where: Sequence[Sql], keys: Sequence[SortKey], table: str, limit: int) -> Sql:
    """Return the first rows of a list; documents are wide, and are joined to these, not to all that are sorted."""
    columns = ", ".join([*_INNER_COLUMNS, *(f"{table}.{key.column}" for key in keys)])
    text = f"SELECT {columns} FROM {source} WHERE {_all_of(where)} ORDER BY {_order(keys, table)} LIMIT {limit:d}"
    return Sql(text, _params(where))


def _near_first(first: Sequence[Sql], where: Sequence[Sql], keys: Sequence[SortKey], limit: int, whole: Sql) -> Sql:
    """Return the first rows of ``whole``, looked for among the first of the stream, one by one; else all over.

    Where rows that meet all conditions are not rare, a page is full long before everything that meets one of them
    was gathered, however many items there are. PostgreSQL, which plans once for all terms, would always gather.
    """
    stream = (
        f"(SELECT t.row_id, t.published_at, t.key FROM delivery_termrow t WHERE {_all_of(first)} "
        f"ORDER BY {_order(keys, 't')} LIMIT {_NEAR:d}) t JOIN {_ROWS} ON r.id = t.row_id"
    )
    near = _page(stream, where, keys, "t", limit)
    text = (
        f"WITH near AS MATERIALIZED ({near.text}), found AS (SELECT COUNT(*) >= {limit:d} AS enough FROM near) "
        f"SELECT * FROM near WHERE (SELECT enough FROM found) "
        f"UNION ALL SELECT * FROM ({whole.text}) AS whole WHERE NOT (SELECT enough FROM found)"
    )
    return Sql(text, (*_params(first), *near.params, *whole.params))


def _read(rows: Sql, also: Sequence[str], with_body: bool, rest: str = "") -> list[tuple[Any, ...]]:
    """Return rows ``r`` with their documents."""
    columns = ", ".join((_COLUMNS, *also, *(["d.body"] if with_body else ())))
    text = f"SELECT {columns} FROM {rows.text} JOIN delivery_document d ON d.id = r.document_id {rest}"
    with connection.cursor() as cursor:
        cursor.execute(text, [adapted(FOREVER), *rows.params])
        return cursor.fetchall()


def _all_of(where: Sequence[Sql]) -> str:
    return " AND ".join(f"({each.text})" for each in where)


def _params(where: Sequence[Sql]) -> tuple[Any, ...]:
    return tuple(param for each in where for param in each.params)


def _order(keys: Sequence[SortKey], table: str) -> str:
    return ", ".join(f"{_sorted_by(key, table)} {'DESC' if key.descending else 'ASC'}" for key in keys)


def _after(keys: Sequence[SortKey], table: str, position: Position) -> Sql:
    """Return that a row stands after a position.

    The range of the first key is said apart, for the index, and asked for: its share of rows is nothing to plan by.
    """
    values = [adapted(value) if isinstance(value, datetime) else value for value in position]
    first = f"{_sorted_by(keys[0], table)} {'<=' if keys[0].descending else '>='} (SELECT %s)"
    levels, params = [], [values[0]]
    for depth, key in enumerate(keys):
        same = [f"{_sorted_by(each, table)} = %s" for each in keys[:depth]]
        levels.append(" AND ".join([*same, f"{_sorted_by(key, table)} {'<' if key.descending else '>'} %s"]))
        params += values[: depth + 1]
    behind = unweighed(Sql(" OR ".join(f"({level})" for level in levels), tuple(params[1:])))
    return Sql(f"{first} AND {behind.text}", (params[0], *behind.params))


def _under(condition: TermCondition, context: Context) -> Sql:
    """Return that a row is, or is not, under one of some terms; how best to find out is for the database to choose."""
    if not condition.ids:
        return Sql("1 = 0" if condition.wanted else "1 = 1")
    own, terms = " AND x.is_own" if condition.own else "", among("x.term_id", sorted(condition.ids))
    under = (
        f"r.id {'' if condition.wanted else 'NOT '}IN (SELECT x.row_id FROM delivery_termrow x "
        f"WHERE x.locale_id = %s AND {terms.text}{own})"
    )
    return Sql(under, (context.locale.id, *terms.params))


def _sorted_by(key: SortKey, table: str) -> str:
    collation = ' COLLATE "C"' if key.kind is str and connection.vendor == "postgresql" else ""
    return f"{table}.{key.column}{collation}"


def _shown(key: SortKey) -> str:
    """Return a column as text: what it says is wanted only where a cursor is."""
    is_instant = key.kind is datetime and connection.vendor == "postgresql"
    return f"r.{key.column}::text" if is_instant else f"r.{key.column}"
