"""What answered once, brought back for a question about then.

A past instant is answered by what answers all others: the rows of that time are put into the index again, the
question is asked, and all is rolled back (docs/adr/0012). So nobody walks over the past who did not ask for it.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

import orjson
from django.db import connection
from django.db.models import QuerySet

from taxonomy.transactions import rolled_back

from .bulk import insert_objects
from .context import Context
from .documents import Json
from .filters import ReadyFilter, is_storable
from .findable import shown_texts
from .indexing import Indexer
from .models import Document, IndexRow, PastRow, PastVariantRow, PublishedItem, SearchText, VariantRow
from .past import values_of
from .refusals import BadArgument
from .rows import audience_columns
from .search import index_texts
from .surroundings import read_surroundings
from .targeting import answering_today
from .variantstore import add_variant_terms, mark_items, read_targeting, repeated_columns, written_targeting

MOST_KEYS = 100
_PATIENCE_MS = 500  # less than PostgreSQL's deadlock_timeout: whoever publishes goes first

_is_open: ContextVar[bool] = ContextVar("the past is open", default=False)


@contextmanager
def past_open() -> Iterator[None]:
    """Let rows of the past be brought back within; all that is written meanwhile is taken back at the end."""
    token = _is_open.set(True)
    try:
        with rolled_back():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{_PATIENCE_MS}ms"])
            yield
    finally:
        _is_open.reset(token)


def recall(context: Context, **items: Any) -> None:
    """Bring back what answered at the context's instant, if that is past, for the items that ``items`` selects."""
    if context.is_past:
        bring_back(PublishedItem.objects.filter(**items), context.instant)


def recall_wanted(context: Context, wanted: ReadyFilter) -> None:
    """Bring back what answered at the context's instant, if that is past, for the items that a filter names.

    Raises:
        BadArgument: the instant is past, and the filter names no items, or too many.
    """
    if not context.is_past:
        return
    keys = wanted.given.keys
    if keys is None:
        message = "A past instant is answered for items that are named: give their keys, or leave 'at' out."
        raise BadArgument(message, "filter.keys")
    if len(keys) > MOST_KEYS:
        message = f"{len(keys):,} keys are more than {MOST_KEYS}, which a past instant is answered for: ask in parts."
        raise BadArgument(message, "filter.keys")
    recall(context, key__in=[key for key in keys if is_storable(key)])


def bring_back(items: QuerySet[PublishedItem], instant: datetime) -> None:
    """Put into the index what answered for ``items`` at a past instant, as far as it is not there.

    It stands under the terms that its codes mean today. ``past_open`` takes it back.
    """
    if not _is_open.get():
        raise RuntimeError("Rows of the past are brought back within past_open() only: they must go again.")
    item_ids = list(items.values_list("pk", flat=True))
    then = {"item__in": item_ids, "starts_at__lte": instant, "ends_at__gt": instant}
    places = ("item_id", "locale_id")
    have = set(IndexRow.objects.filter(**then).values_list(*places))
    rows = [row for row in PastRow.objects.filter(**then).order_by("pk") if (row.item_id, row.locale_id) not in have]
    names = ("item_id", "locale_code", "code")
    have = set(VariantRow.objects.filter(**then).values_list(*names))
    variants = [
        row for row in PastVariantRow.objects.filter(**then) if tuple(getattr(row, name) for name in names) not in have
    ]
    if not rows and not variants:
        return
    _add_rows(rows)
    _add_variants(variants)
    _make_findable({row.document_id for row in (*rows, *variants)})
    mark_items(item_ids)


def _add_rows(past: Sequence[PastRow]) -> None:
    documents = Document.objects.in_bulk({row.document_id for row in past})
    heads: dict[int, Json] = {pk: orjson.loads(document.head) for pk, document in documents.items()}
    around = read_surroundings()
    indexer = Indexer(around.taxonomy, around.channels)
    rows = []
    for one in past:
        head = heads[one.document_id]
        row = IndexRow(
            **values_of(one, PastRow),
            has_channels=bool(head["channels"]),
            **audience_columns(head["terms"]),
            key=head["key"],
            type=head["type"],
            slug=head["slug"],
            priority=head["priority"],
            published_at=datetime.fromisoformat(head["published_at"]),
            updated_at=datetime.fromisoformat(head["updated_at"]),
        )
        rows.append((row, head))
    insert_objects([row for row, _ in rows])
    answering = around.taxonomy.expand_for_filter
    indexer.add_terms(
        (row, tuple(dict.fromkeys(term.code for code in head["terms"] for term in answering(code))))
        for row, head in rows
    )
    known = around.channels.by_code
    indexer.add_channels((row, tuple(code for code in head["channels"] if code in known)) for row, head in rows)


def _add_variants(past: Sequence[PastVariantRow]) -> None:
    taxonomy = read_surroundings().taxonomy
    rows = []
    for one in past:
        target = answering_today(read_targeting(one.targeting), taxonomy)
        values = values_of(one, PastVariantRow) | {"targeting": written_targeting(target)}
        rows.append(VariantRow(**values, **repeated_columns(target)))
    insert_objects(rows)
    add_variant_terms(rows, taxonomy)


def _make_findable(document_ids: Collection[int]) -> None:
    missing = Document.objects.filter(pk__in=document_ids).exclude(
        pk__in=SearchText.objects.filter(pk__in=document_ids).values("pk")
    )
    index_texts(
        shown_texts(pk, orjson.loads(head), orjson.loads(body).get("blocks", ()))
        for pk, head, body in missing.values_list("pk", "head", "body")
    )
