"""Inserting many rows that nobody needs the ids of, as fast as each database can."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection


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
