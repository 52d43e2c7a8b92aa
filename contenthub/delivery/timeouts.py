"""No statement of a serving process holds a worker without end. Commands, which may take their time, are left alone."""

import time
from collections.abc import Callable
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.utils import OperationalError

_STEPS = 10_000  # of SQLite's machine, between two looks at the clock


def limit_statements(seconds: float) -> None:
    """End every statement that takes longer, on all connections that this process opens from now on."""

    def limit(connection: BaseDatabaseWrapper, **_: Any) -> None:
        limit_connection(connection, seconds)

    connection_created.connect(limit, weak=False, dispatch_uid="limit_statements")


def limit_connection(connection: BaseDatabaseWrapper, seconds: float) -> None:
    """End every statement on this connection that takes longer; 0: none."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, false)", [str(int(seconds * 1_000))])
    else:
        _limit_sqlite(connection, seconds)


def is_timeout(error: BaseException) -> bool:
    """Tell whether a database gave up on a statement because of its time."""
    if not isinstance(error, OperationalError):
        return False
    return type(error.__cause__).__name__ == "QueryCanceled" or str(error) == "interrupted"


class _Clock:
    """The time at which SQLite's running statement is to end."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.end = float("inf")

    def __call__(self, execute: Callable, sql: str, params: Any, many: bool, context: dict) -> Any:
        self.end = time.monotonic() + self.seconds
        return execute(sql, params, many, context)

    def is_over(self) -> bool:
        return time.monotonic() > self.end


def _limit_sqlite(connection: BaseDatabaseWrapper, seconds: float) -> None:
    connection.execute_wrappers[:] = [each for each in connection.execute_wrappers if not isinstance(each, _Clock)]
    if not seconds:
        connection.connection.set_progress_handler(None, _STEPS)
        return
    clock = _Clock(seconds)
    connection.execute_wrappers.append(clock)
    connection.connection.set_progress_handler(clock.is_over, _STEPS)
