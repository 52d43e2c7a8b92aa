"""Walking the index in the order of rank: the first rows that meet some conditions, found without sorting the rest.

Each walk goes along one index, newest first, and asks every condition of one row at a time, so what it costs depends
on how many rows it has to pass, not on how many there are.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection

from .bulk import chunks
from .conditions import Sql, among, exists, is_under, marks, seen_and_wanted, sortable
from .context import Context
from .filters import ReadyFilter, is_storable

_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Stream:
    """The rows under a term, ``steps`` above their own terms."""

    term_id: int
    steps: int


@dataclass(frozen=True, slots=True)
class Walk:
    """Along which streams to walk (None: along all rows), what else each row must be under, and what else it must be.

    Of each group of streams in ``also`` a row must be under one.
    """

    along: tuple[Stream, ...] | None
    also: tuple[tuple[Stream, ...], ...] = ()
    where: tuple[Sql, ...] = ()


Group = Mapping[Stream, int]  # streams with a number each: where a row is under several, the least counts


class Meeting(NamedTuple):
    """A row that is under streams of several groups: of each group the number, None where it is under none."""

    row_id: int
    values: tuple[int | None, ...]


class Found(NamedTuple):
    """A row that was found, and what it is ranked by apart from its terms; the instant as ``sortable`` has it."""

    row_id: int
    priority: int
    published_at: int | str
    key: str


def conditions(context: Context, wanted: ReadyFilter, exclude: Collection[str]) -> list[Sql]:
    """Return what a row must be to be chosen: live, meant for the context, wanted by the filter and not excluded."""
    found = [*seen_and_wanted(context, wanted), *map(is_under, wanted.terms)]
    keys = sorted({key for key in exclude if is_storable(key)})
    if keys:
        found.append(Sql(f"r.key NOT IN ({marks(keys)})", tuple(keys)))
    return found


def only_priority(context: Context) -> int | None:
    """Return the priority that every row in the context's locale has; None: there are several, or no rows."""
    ends = [
        f"(SELECT r.priority FROM delivery_indexrow r WHERE r.locale_id = %s ORDER BY r.priority {way} LIMIT 1)"
        for way in ("DESC", "ASC")
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(ends)}", [context.locale.id] * 2)
        highest, lowest = cursor.fetchone()
    return highest if highest == lowest else None


def walk(
    walks: Sequence[Walk], context: Context, must: Iterable[Sql], *, limit: int, priority: Sql | None = None
) -> list[list[Found]]:
    """Return for each walk the first rows of each of its streams, by priority, the newest, key: one statement.

    ``priority`` narrows the priorities: a condition on the column ``{p}``.
    """
    must = list(must)
    parts: list[Sql] = []
    owners: list[int] = []
    for number, each in enumerate(walks):
        for stream in each.along if each.along is not None else (None,):
            owners.append(number)
            parts.append(_one_walk(stream, each.also, context, [*must, *each.where], limit, priority, len(parts)))
    if not parts:
        return [[] for _ in walks]
    found: list[list[Found]] = [[] for _ in walks]
    text, params = " UNION ALL ".join(part.text for part in parts), [each for part in parts for each in part.params]
    with connection.cursor() as cursor:
        cursor.execute(text, params)
        for part, *row in cursor.fetchall():
            found[owners[part]].append(Found(*row))
    return [list(dict.fromkeys(rows)) for rows in found]


def sizes(streams: Collection[Stream], context: Context, most: int) -> dict[Stream, int]:
    """Return how many rows are under each of some streams, ``most`` where there are as many or more: one statement."""
    if not streams:
        return {}
    count = (
        "(SELECT COUNT(*) FROM (SELECT 1 FROM delivery_termrow t WHERE t.term_id = %s AND t.locale_id = %s "
        f"AND t.steps = %s LIMIT {most:d}) AS c)"
    )
    params = [value for each in streams for value in (each.term_id, context.locale.id, each.steps)]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join([count] * len(streams))}", params)
        return dict(zip(streams, cursor.fetchone(), strict=True))


def meeting_several(groups: Sequence[Group], context: Context, priority: int, most: int) -> list[Meeting] | None:
    """Return the rows of a priority that are under streams of two groups or more.

    None: more than ``most`` entries of streams would have to be looked at.
    """
    parts: list[Sql] = []
    for place, group in enumerate(groups):
        for steps, value in sorted({(stream.steps, value) for stream, value in group.items()}):
            same = (stream.term_id for stream, one in group.items() if (stream.steps, one) == (steps, value))
            terms = among("t.term_id", sorted(same))
            text = (
                f"SELECT t.row_id, {place} AS place, {value} AS value FROM delivery_termrow t "
                f"WHERE {terms.text} AND t.locale_id = %s AND t.steps = %s AND t.priority = %s"
            )
            parts.append(Sql(text, (*terms.params, context.locale.id, steps, priority)))
    values = [f"MIN(CASE WHEN place = {place} THEN value END)" for place in range(len(groups))]
    met = " + ".join(f"(CASE WHEN {value} IS NULL THEN 0 ELSE 1 END)" for value in values)
    text = (
        f"WITH entries AS (SELECT * FROM ({' UNION ALL '.join(part.text for part in parts)}) AS every LIMIT %s), "
        f"met AS (SELECT row_id, {', '.join(values)} FROM entries GROUP BY row_id HAVING {met} >= 2) "
        "SELECT looked.number, met.* FROM (SELECT COUNT(*) AS number FROM entries) AS looked LEFT JOIN met ON 1 = 1"
    )
    with connection.cursor() as cursor:
        cursor.execute(text, [*(param for part in parts for param in part.params), most + 1])
        rows = cursor.fetchall()
    if rows[0][0] > most:
        return None
    return [Meeting(row_id, tuple(each)) for _, row_id, *each in rows if row_id is not None]


def meeting_topics(groups: Sequence[Group], context: Context, priority: int, most: int) -> set[int] | None:
    """Return the ids of the rows of a priority that are under streams of two groups or more; None: more than ``most``.

    Only rows are passed that are in one group and not in the last: put the widest there.
    """
    parts: list[Sql] = []
    for place, group in enumerate(groups[:-1]):
        also = _on([stream for later in groups[place + 1 :] for stream in later], row="t.row_id")
        for stream in group:
            text = (
                "SELECT t.row_id FROM delivery_termrow t "
                f"WHERE t.term_id = %s AND t.locale_id = %s AND t.steps = %s AND t.priority = %s AND {also.text}"
            )
            parts.append(Sql(text, (stream.term_id, context.locale.id, stream.steps, priority, *also.params)))
    params = [each for part in parts for each in part.params]
    with connection.cursor() as cursor:
        together = " UNION ALL ".join(part.text for part in parts)
        cursor.execute(f"SELECT row_id FROM ({together}) AS met LIMIT %s", [*params, most + 1])
        found = [row_id for (row_id,) in cursor.fetchall()]
    return set(found) if len(found) <= most else None


def pick(row_ids: Sequence[int], must: Iterable[Sql]) -> list[Found]:
    """Return those of some rows that meet the conditions: one statement."""
    where = [among("r.id", row_ids), *must]
    text = (
        f"SELECT r.id, r.priority, {sortable('r.published_at')}, r.key FROM delivery_indexrow r "
        f"WHERE {' AND '.join(f'({each.text})' for each in where)}"
    )
    with connection.cursor() as cursor:
        cursor.execute(text, [param for each in where for param in each.params])
        return [Found(*row) for row in cursor.fetchall()]


def own_terms(row_ids: Iterable[int], facet_ids: Collection[int]) -> Iterator[tuple[int, int]]:
    """Yield for some rows each of their own terms of some facets, by the rows' ids."""
    facets = among("t.facet_id", sorted(facet_ids))
    for chunk in chunks(row_ids, _AT_ONCE):
        rows = among("t.row_id", chunk)
        text = f"SELECT t.row_id, t.term_id FROM delivery_termrow t WHERE {rows.text} AND t.is_own AND {facets.text}"
        with connection.cursor() as cursor:
            cursor.execute(text, [*rows.params, *facets.params])
            yield from cursor.fetchall()


def _one_walk(
    stream: Stream | None,
    also: Iterable[tuple[Stream, ...]],
    context: Context,
    must: Iterable[Sql],
    limit: int,
    priority: Sql | None,
    number: int,
) -> Sql:
    if stream is None:
        ranked, source = "r", "delivery_indexrow r"
        where = [Sql("r.locale_id = %s", (context.locale.id,))]
    else:
        ranked, source = "t", "delivery_termrow t JOIN delivery_indexrow r ON r.id = t.row_id"
        where = [
            Sql(
                "t.term_id = %s AND t.locale_id = %s AND t.steps = %s",
                (stream.term_id, context.locale.id, stream.steps),
            )
        ]
    if priority:
        where.append(Sql(priority.text.format(p=f"{ranked}.priority"), priority.params))
    where += [*must, *(_on(streams) for streams in also)]
    collation = ' COLLATE "C"' if connection.vendor == "postgresql" else ""
    instant = sortable(f"{ranked}.published_at")
    text = (
        f"SELECT {number} AS part, w{number}.* FROM (SELECT r.id, r.priority, {instant}, r.key FROM {source} "
        f"WHERE {' AND '.join(f'({each.text})' for each in where)} "
        f"ORDER BY {ranked}.priority DESC, {ranked}.published_at DESC, {ranked}.key{collation} LIMIT %s) AS w{number}"
    )
    return Sql(text, (*(param for each in where for param in each.params), limit))


def _on(streams: Iterable[Stream], row: str = "r.id") -> Sql:
    """Return that a row is under one of the streams' terms, as many steps above its own."""
    by_steps: dict[int, list[int]] = {}
    for stream in streams:
        by_steps.setdefault(stream.steps, []).append(stream.term_id)
    under = [(steps, among("x.term_id", ids)) for steps, ids in by_steps.items()]
    either = " OR ".join(f"(x.steps = %s AND {terms.text})" for _, terms in under)
    return exists(f"({either})", tuple(value for steps, terms in under for value in (steps, *terms.params)), row=row)
