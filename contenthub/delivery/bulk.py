"""Writing many rows as fast as each database can."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Model


def insert_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows of plain values: by COPY on PostgreSQL, by one prepared statement on SQLite."""
    adapted = connection.ops.adapt_datetimefield_value
    rows = [tuple(adapted(value) if isinstance(value, datetime) else value for value in row) for row in rows]
    if not rows:
        return
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)


def update_rows(rows: Sequence[Model], names: Sequence[str]) -> None:
    """Store the columns ``names`` of rows that are in the database: one statement a row, sent together."""
    if not rows:
        return
    meta = rows[0]._meta
    columns = [meta.get_field(name) for name in names]
    values = ", ".join(f"{column.column} = %s" for column in columns)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {meta.db_table} SET {values} WHERE {meta.pk.column} = %s",
            [
                (*(column.get_db_prep_save(getattr(row, column.attname), connection) for column in columns), row.pk)
                for row in rows
            ],
        )
