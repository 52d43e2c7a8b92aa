"""Doing something only to see what comes of it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction


@contextmanager
def rolled_back() -> Iterator[None]:
    """Take back at the end whatever is written within."""
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)
