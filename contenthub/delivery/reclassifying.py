"""Bringing classification rows in step with a moved branch: a few statements, however many items stand in it.

It does what ``store.write`` does item by item, for rows whose own terms stay: what stands above those is compared with
the closure of the taxonomy, which must be right already.
"""

from collections.abc import Collection, Iterable

from django.db import connection

from taxonomy.models import Term, TermPath

from .models import TermRow

_ROWS, _PATHS = (model._meta.db_table for model in (TermRow, TermPath))
_AT_ONCE = 500

# What every row of an index row repeats of it: all columns but those that tell of the term.
_TERM = {"id", "term_id", "facet_id", "is_own", "steps"}
_REPEATED = ", ".join(f"own.{field.column}" for field in TermRow._meta.concrete_fields if field.column not in _TERM)
_REPEATED_NAMES = _REPEATED.replace("own.", "")
_TOUCHED = f"(SELECT tagged.row_id FROM {_ROWS} tagged WHERE tagged.is_own AND tagged.term_id IN %s)"
# Terms stand below terms of their own facet only.
_FACETS = f"(SELECT facet_id FROM {Term._meta.db_table} WHERE id IN %s)"

_MISSING = f"""
    FROM {_ROWS} own JOIN {_PATHS} path ON path.descendant_id = own.term_id
    WHERE own.is_own AND own.facet_id IN {_FACETS} AND own.row_id IN {_TOUCHED} AND NOT EXISTS (
        SELECT 1 FROM {_ROWS} had WHERE had.row_id = own.row_id AND had.term_id = path.ancestor_id)
"""
# All at once, not row by row: a term far up has thousands below it.
_WRONG = f"""
    FROM {_ROWS} stored LEFT JOIN (
        SELECT own.row_id, path.ancestor_id, MIN(path.distance) AS steps
        FROM {_ROWS} own JOIN {_PATHS} path ON path.descendant_id = own.term_id
        WHERE own.is_own AND own.facet_id IN {_FACETS} AND own.row_id IN {_TOUCHED}
        GROUP BY own.row_id, path.ancestor_id
    ) wanted ON wanted.row_id = stored.row_id AND wanted.ancestor_id = stored.term_id
    WHERE NOT stored.is_own AND stored.facet_id IN {_FACETS} AND stored.row_id IN {_TOUCHED}
    AND (wanted.steps IS NULL OR stored.steps <> wanted.steps)
"""
_INSERT = (
    f"INSERT INTO {_ROWS} ({_REPEATED_NAMES}, term_id, facet_id, is_own, steps) "
    f"SELECT {_REPEATED}, path.ancestor_id, own.facet_id, FALSE, MIN(path.distance) {_MISSING}"
    f"GROUP BY {_REPEATED}, path.ancestor_id, own.facet_id"
)


def reclassify(term_ids: Collection[int]) -> None:
    """Let rows under these terms stand under exactly what is above their own terms now."""
    with connection.cursor() as cursor:
        for chunk in _chunks(term_ids):
            cursor.execute(*_about(f"DELETE FROM {_ROWS} WHERE id IN (SELECT stored.id{_WRONG})", chunk))
            cursor.execute(*_about(_INSERT, chunk))


def misplaced_rows(term_ids: Collection[int]) -> set[int]:
    """Return the ids of the index rows that ``reclassify`` would change."""
    found: set[int] = set()
    with connection.cursor() as cursor:
        for chunk in _chunks(term_ids):
            for statement in (f"SELECT DISTINCT own.row_id{_MISSING}", f"SELECT DISTINCT stored.row_id{_WRONG}"):
                cursor.execute(*_about(statement, chunk))
                found.update(row for (row,) in cursor.fetchall())
    return found


def _about(statement: str, ids: list[int]) -> tuple[str, list[int]]:
    """Return a statement with a mark for each id in every list of them, and what the marks stand for."""
    marks = f"({', '.join(['%s'] * len(ids))})"
    return statement.replace("IN %s", f"IN {marks}"), ids * statement.count("IN %s")


def _chunks(ids: Iterable[int]) -> Iterable[list[int]]:
    """Return ids in lists short enough for one statement."""
    ids = sorted(ids)
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))
