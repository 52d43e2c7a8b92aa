"""Writing many rows as fast as each database can."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from operator import attrgetter
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import (
    AutoField,
    BigAutoField,
    BooleanField,
    Field,
    ForeignKey,
    IntegerField,
    Model,
)
from modelcluster.fields import ParentalKey

T = TypeVar("T")

_PLAIN = {AutoField, BigAutoField, BooleanField, ForeignKey, IntegerField, ParentalKey}  # numbers, if anything
WORTH_A_COPY = 20  # rows; fewer are quicker in one INSERT


def insert_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows of plain values: by COPY on PostgreSQL, by one prepared statement on SQLite.

    Making a row must not ask the database: the COPY is under way.
    """
    rows = iter(rows)
    first = next(rows, None)
    if first is None:
        return
    names, rows = ", ".join(columns), chain([first], rows)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(columns))
            adapted = connection.ops.adapt_datetimefield_value
            cursor.executemany(
                f"INSERT INTO {table} ({names}) VALUES ({marks})",
                [[adapted(value) if isinstance(value, datetime) else value for value in row] for row in rows],
            )


def insert_objects(objects: Sequence[Model]) -> None:
    """Insert new rows of one table and give them their ids, without signals and without looking for conflicts.

    Many rows go to PostgreSQL by COPY: a third of the time that an INSERT takes, most of it spent on quoting.
    """
    database = connections[DEFAULT_DB_ALIAS]  # the proxy ``connection`` costs more than a value does
    if database.vendor != "postgresql" or len(objects) < WORTH_A_COPY:
        if objects:
            type(objects[0])._base_manager.bulk_create(objects, batch_size=500)
        return
    meta = objects[0]._meta
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [meta.db_table, meta.pk.column, len(objects)],
        )
        ids = [pk for (pk,) in cursor.fetchall()]
        for one, pk in zip(objects, ids, strict=True):
            one.pk = pk
        with cursor.copy(f"COPY {meta.db_table} ({_names(meta)}) FROM STDIN") as copy:
            values = [_value_of(field, database) for field in meta.concrete_fields]
            for one in objects:
                copy.write_row([value(one) for value in values])
    for one in objects:
        one._state.adding, one._state.db = False, database.alias


def _value_of(field: Field, database: Any) -> Callable[[Model], Any]:
    """Return what gives a row's value for the database; those of plain fields are stored as they are."""
    if type(field) in _PLAIN:
        return attrgetter(field.attname)
    return lambda one: field.get_db_prep_save(field.pre_save(one, True), database)


def _names(meta: Any) -> str:
    return ", ".join(connection.ops.quote_name(field.column) for field in meta.concrete_fields)


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


def chunks(values: Iterable[T], size: int = 500) -> Iterator[list[T]]:
    """Yield values in lists that one statement takes."""
    values = list(values)
    return (values[start : start + size] for start in range(0, len(values), size))
