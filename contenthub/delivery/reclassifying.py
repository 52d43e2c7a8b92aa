"""Bringing classification rows in step with a moved branch: a few statements, however many items stand in it.

It does what ``store.write`` does item by item, for rows whose own terms stay: what stands above those is compared with
the closure of the taxonomy, which must be right already.
"""

from collections.abc import Collection, Iterable

from django.db import connection

from taxonomy.models import TermPath

from .models import TermRow

_ROWS, _PATHS = (model._meta.db_table for model in (TermRow, TermPath))
_AT_ONCE = 500

# What every row of an index row repeats of it: all columns but those that tell of the term.
_TERM = {"id", "term_id", "facet_id", "is_own", "steps"}
_REPEATED = ", ".join(f"own.{field.column}" for field in TermRow._meta.concrete_fields if field.column not in _TERM)
_REPEATED_NAMES = _REPEATED.replace("own.", "")
_TOUCHED = f"(SELECT tagged.row_id FROM {_ROWS} tagged WHERE tagged.is_own AND tagged.term_id IN %s)"

_MISSING = f"""
    FROM {_ROWS} own JOIN {_PATHS} path ON path.descendant_id = own.term_id
    WHERE own.is_own AND own.row_id IN {_TOUCHED} AND NOT EXISTS (
        SELECT 1 FROM {_ROWS} had WHERE had.row_id = own.row_id AND had.term_id = path.ancestor_id)
"""
_WRONG = f"""
    FROM {_ROWS} WHERE NOT is_own AND row_id IN {_TOUCHED} AND steps <> COALESCE((
        SELECT MIN(path.distance) FROM {_ROWS} own JOIN {_PATHS} path ON path.descendant_id = own.term_id
        WHERE own.row_id = {_ROWS}.row_id AND own.is_own AND path.ancestor_id = {_ROWS}.term_id), -1)
"""
_INSERT = (
    f"INSERT INTO {_ROWS} ({_REPEATED_NAMES}, term_id, facet_id, is_own, steps) "
    f"SELECT {_REPEATED}, path.ancestor_id, own.facet_id, FALSE, MIN(path.distance) {_MISSING}"
    f"GROUP BY {_REPEATED}, path.ancestor_id, own.facet_id"
)


def reclassify(term_ids: Collection[int]) -> None:
    """Let rows under these terms stand under exactly what is above their own terms now."""
    with connection.cursor() as cursor:
        for marks, chunk in _chunks(term_ids):
            cursor.execute(f"DELETE{_WRONG}" % marks, chunk)
            cursor.execute(_INSERT % marks, chunk)


def misplaced_rows(term_ids: Collection[int]) -> set[int]:
    """Return the ids of the index rows that ``reclassify`` would change."""
    found: set[int] = set()
    with connection.cursor() as cursor:
        for marks, chunk in _chunks(term_ids):
            for statement in (f"SELECT DISTINCT own.row_id{_MISSING}", f"SELECT DISTINCT row_id{_WRONG}"):
                cursor.execute(statement % marks, chunk)
                found.update(row for (row,) in cursor.fetchall())
    return found


def _chunks(ids: Iterable[int]) -> Iterable[tuple[str, list[int]]]:
    """Return ids in lists short enough for one statement, each with its marks."""
    ids = sorted(ids)
    for start in range(0, len(ids), _AT_ONCE):
        chunk = ids[start : start + _AT_ONCE]
        yield f"({', '.join(['%s'] * len(chunk))})", chunk
