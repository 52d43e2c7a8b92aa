"""Bringing classification rows in step with a moved branch: a few statements, however many items stand in it.

It does what ``store.write`` does item by item, for rows whose own terms stay: what stands above those is compared with
the closure of the taxonomy, which must be right already.
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from django.db import connection

from taxonomy.models import Term, TermPath

from .bulk import chunks
from .conditions import among
from .models import IndexRow, TermRow

_ROWS, _PATHS, _INDEX = (model._meta.db_table for model in (TermRow, TermPath, IndexRow))
_AT_ONCE = 5_000

# What every row repeats of its index row: all columns but those that tell of the term.
_TERM = {"id", "row_id", "term_id", "facet_id", "is_own", "steps"}
_REPEATED = [field.column for field in TermRow._meta.concrete_fields if field.column not in _TERM]
_DIFFERENCES = f"""
    WITH touched AS MATERIALIZED (
        SELECT DISTINCT row_id FROM {_ROWS} WHERE is_own AND {{terms}}
    ), standing AS MATERIALIZED (
        SELECT t.id, t.row_id, t.facet_id, t.term_id, t.is_own, t.steps
        FROM touched JOIN {_ROWS} t ON t.row_id = touched.row_id WHERE {{facets}}
    )
    SELECT MAX(id), row_id, facet_id, term_id, MIN(wanted) FROM (
        SELECT id, row_id, facet_id, term_id, steps AS stored, NULL AS wanted FROM standing
        UNION ALL
        SELECT NULL, own.row_id, own.facet_id, path.ancestor_id, NULL, path.distance
        FROM standing own JOIN {_PATHS} path ON path.descendant_id = own.term_id WHERE own.is_own
    ) AS either
    GROUP BY row_id, facet_id, term_id
    HAVING MIN(wanted) IS NULL OR MAX(stored) IS NULL OR MIN(wanted) <> MAX(stored)
"""
_INSERT = (
    f"INSERT INTO {_ROWS} (row_id, facet_id, term_id, steps, is_own, {', '.join(_REPEATED)}) "
    f"SELECT given.column1, given.column2, given.column3, given.column4, FALSE, "
    f"{', '.join(f'r.{column}' for column in _REPEATED)} "
    f"FROM (VALUES {{values}}) AS given JOIN {_INDEX} r ON r.id = given.column1"
)


class _Difference(NamedTuple):
    """A row that stands wrongly under a term (``id``), or should stand there so many ``steps`` below, or both."""

    id: int | None
    row_id: int
    facet_id: int
    term_id: int
    steps: int | None


def reclassify(term_ids: Collection[int]) -> None:
    """Let rows under these terms stand under exactly what is above their own terms now."""
    with connection.cursor() as cursor:
        for chunk in chunks(term_ids, _AT_ONCE):
            found = _differences(chunk)
            for wrong in chunks((each.id for each in found if each.id is not None), _AT_ONCE):
                those = among("id", wrong)
                cursor.execute(f"DELETE FROM {_ROWS} WHERE {those.text}", those.params)
            for missing in chunks((each for each in found if each.steps is not None), _AT_ONCE):
                values = ", ".join(f"({', '.join(map(str, each[1:]))})" for each in missing)
                cursor.execute(_INSERT.format(values=values))


def misplaced_rows(term_ids: Collection[int]) -> set[int]:
    """Return the ids of the index rows that ``reclassify`` would change."""
    return {each.row_id for chunk in chunks(term_ids, _AT_ONCE) for each in _differences(chunk)}


def _differences(term_ids: Sequence[int]) -> list[_Difference]:
    # Terms stand below terms of their own facet only.
    facet_ids = Term.objects.filter(pk__in=term_ids).values_list("facet", flat=True).distinct()
    terms, facets = among("term_id", term_ids), among("t.facet_id", list(facet_ids))
    with connection.cursor() as cursor:
        text = _DIFFERENCES.format(terms=terms.text, facets=facets.text)
        cursor.execute(text, [*terms.params, *facets.params])
        return [_Difference(*row) for row in cursor.fetchall()]
