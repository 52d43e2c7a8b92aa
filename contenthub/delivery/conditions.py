"""What rows of the published store must be, written out: conditions on ``delivery_indexrow r``, asked row by row.

A database left to itself would gather all rows that meet a condition before the first is looked at. What these mean is
what ``visible_rows`` and ``matching_rows`` mean, and tests hold both against the same oracle.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.db.models import Q

from .codes import Fallback
from .context import Audience, Context
from .filters import ReadyFilter, Shifts, TermCondition, changed_since, found_by, is_storable
from .models import IndexRow


@dataclass(frozen=True, slots=True)
class Sql:
    """A condition on the row ``r`` as the database reads it, or a whole statement."""

    text: str
    params: tuple[Any, ...] = ()


def seen_and_wanted(context: Context, wanted: ReadyFilter) -> list[Sql]:
    """Return what a row must be to be seen in the context and wanted by the filter, whatever its terms."""
    given = wanted.given
    instant = adapted(context.instant)
    found = [unweighed(Sql("r.starts_at <= %s AND r.ends_at > %s", (instant, instant)))]
    if context.fallback is Fallback.NONE:
        found.append(Sql("r.is_fallback = %s", (False,)))
    if context.scope and context.scope.types is not None:
        found.append(_one_of("r.type", sorted(context.scope.types)))
    if context.scope and context.scope.keys is not None:
        found.append(_one_of("r.key", sorted(context.scope.keys)))
    if context.scope and context.scope.channel_ids is not None:
        found.append(_meant_for(context.scope.channel_ids))
    if context.channel:
        found.append(_meant_for(context.channel_ids))
    found += [seen_by(audience) for audience in context.audiences]
    for column, values in (("key", given.keys), ("type", given.types)):
        if values is not None:
            found.append(_one_of(f"r.{column}", sorted({value for value in values if is_storable(value)})))
    if given.updated_since is not None:
        found.append(_changed(given.updated_since, wanted, context))
    if given.search is not None:
        found.append(_searched(wanted, context))
    if wanted.channels is not None:
        found.append(_meant_for(wanted.channels) if wanted.channels else Sql("1 = 0"))
    return found


def unweighed(condition: Sql) -> Sql:
    """Return a condition that PostgreSQL does not guess the share of rows of, which differs with what it is given.

    It would plan the statement anew each time, and that takes longer than to run it.
    """
    return Sql(f"CASE WHEN {condition.text} THEN TRUE ELSE FALSE END", condition.params)


def seen_by(audience: Audience) -> Sql:
    """Return that a row has no terms of the audience's facet, or one that is met."""
    ids = sorted(audience.term_ids)
    if not ids:
        return unweighed(Sql(f"NOT r.{audience.column}"))
    terms = among("x.term_id", ids)
    met = exists(f"{terms.text} AND x.steps = 0", terms.params)
    return Sql(f"NOT r.{audience.column} OR {met.text}", met.params)


def is_under(condition: TermCondition) -> Sql:
    """Return that a row is, or is not, under one of some terms."""
    if not condition.ids:
        return Sql("1 = 0" if condition.wanted else "1 = 1")
    own, terms = " AND x.steps = 0" if condition.own else "", among("x.term_id", sorted(condition.ids))
    under = exists(f"{terms.text}{own}", terms.params)
    return under if condition.wanted else Sql(f"NOT {under.text}", under.params)


def _meant_for(channels: Collection[int]) -> Sql:
    ids = sorted(channels)
    if not ids:
        return Sql("r.has_channels = %s", (False,))
    chosen = among("x.channel_id", ids)
    named = exists(chosen.text, chosen.params, "delivery_channelrow")
    return Sql(f"r.has_channels = %s OR {named.text}", (False, *named.params))


def _searched(wanted: ReadyFilter, context: Context) -> Sql:
    if wanted.search is None:
        return Sql("1 = 0")
    return _rows_where(found_by(wanted.search, wanted.shifts or Shifts()), context)


def _changed(since: datetime, wanted: ReadyFilter, context: Context) -> Sql:
    if wanted.shifts and wanted.shifts.changed:
        return _rows_where(changed_since(since, wanted.shifts), context)
    return Sql("r.updated_at >= %s", (adapted(since),))


def _rows_where(condition: Q, context: Context) -> Sql:
    rows = IndexRow.objects.filter(condition, locale_id=context.locale.id).values("id")
    text, params = rows.query.sql_with_params()
    return Sql(f"r.id IN ({text})", tuple(params))


def _one_of(column: str, values: Sequence[str]) -> Sql:
    return Sql(f"{column} IN ({marks(values)})", tuple(values)) if values else Sql("1 = 0")


def exists(condition: str, params: tuple[Any, ...], table: str = "delivery_termrow", row: str = "r.id") -> Sql:
    # OFFSET keeps PostgreSQL from gathering all rows that meet the condition, before the first row is asked.
    apart = " OFFSET 0" if connection.vendor == "postgresql" else ""
    return Sql(f"EXISTS (SELECT 1 FROM {table} x WHERE x.row_id = {row} AND {condition}{apart})", params)


def among(column: str, ids: Collection[int]) -> Sql:
    """Return that a column is one of some ids; however many, the text is the same where the database takes a list."""
    if len(ids) == 1:
        return Sql(f"{column} = %s", tuple(ids))
    if connection.vendor == "postgresql":
        return Sql(f"{column} = ANY(%s::bigint[])", (list(ids),))
    return Sql(f"{column} IN ({marks(ids)})", tuple(ids))


def sortable(column: str) -> str:
    """Return an instant as what compares alike and is read at once: microseconds, or SQLite's text."""
    if connection.vendor == "postgresql":
        return f"(EXTRACT(EPOCH FROM {column}) * 1000000)::bigint"
    return column


def marks(values: Collection[Any]) -> str:
    return ", ".join(["%s"] * len(values))


def adapted(instant: datetime) -> Any:
    """Return an instant as the database takes it."""
    return connection.ops.adapt_datetimefield_value(instant)


def instant_of(value: datetime | str) -> datetime:
    """Return an instant that the database gave, as text or not."""
    instant = datetime.fromisoformat(value) if isinstance(value, str) else value
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
