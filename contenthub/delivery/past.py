"""What answered once: index rows and rows of variants, kept when they go, for as long as the documents are."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection

from .bulk import insert_objects
from .models import IndexRow, PastRow, PastVariantRow, VariantRow


def remember_rows(rows: Iterable[IndexRow], now: datetime) -> None:
    """Keep rows that go as far as they have answered."""
    insert_objects(
        [
            PastRow(
                item_id=row.item_id,
                document_id=row.document_id,
                locale_id=row.locale_id,
                starts_at=row.starts_at,
                ends_at=min(row.ends_at, now),
                is_fallback=row.is_fallback,
                is_stale=row.is_stale,
            )
            for row in rows
            if row.starts_at < now
        ]
    )


def remember_variants(rows: Iterable[VariantRow], now: datetime) -> None:
    """Keep rows of variants that go as far as they have answered."""
    insert_objects(
        [
            PastVariantRow(
                item_id=row.item_id,
                document_id=row.document_id,
                locale_code=row.locale_code,
                code=row.code,
                starts_at=row.starts_at,
                ends_at=min(row.ends_at, now),
                updated_at=row.updated_at,
                targeting=row.targeting,
            )
            for row in rows
            if row.starts_at < now
        ]
    )


def purge_past(before: datetime) -> None:
    """Forget rows that last answered before an instant."""
    for model in (PastRow, PastVariantRow):
        model.objects.filter(ends_at__lt=before)._raw_delete(using=connection.alias)
