"""What answered once: index rows and rows of variants, kept when they go, for as long as the documents are."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection

from .bulk import insert_objects
from .models import IndexRow, PastRow, PastVariantRow, VariantRow


def remember(past: type[PastRow] | type[PastVariantRow], rows: Iterable[IndexRow | VariantRow], now: datetime) -> None:
    """Keep rows that go as far as they have answered; ``past`` has their columns of the same name."""
    insert_objects(
        [past(**values_of(row, past) | {"ends_at": min(row.ends_at, now)}) for row in rows if row.starts_at < now]
    )


def values_of(row: Any, past: type[PastRow] | type[PastVariantRow]) -> dict[str, Any]:
    """Return by column what of ``row`` is kept, or was kept."""
    return {field.attname: getattr(row, field.attname) for field in past._meta.concrete_fields if not field.primary_key}


def answers_since(start: datetime, replaced: Iterable[IndexRow | VariantRow], now: datetime) -> datetime:
    """Return since when a row answers that goes on air at ``start``: not before those that it replaces have ended."""
    return start if start > now else max([start, *(min(row.ends_at, now) for row in replaced)])


def purge_past(before: datetime) -> None:
    """Forget rows that last answered before an instant."""
    for past in (PastRow, PastVariantRow):
        past.objects.filter(ends_at__lt=before)._raw_delete(using=connection.alias)
