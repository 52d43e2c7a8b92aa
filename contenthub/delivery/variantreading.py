"""Reading published variants: those of several items in one statement, narrowed to what a context may meet."""

from collections.abc import Collection, Iterable
from datetime import datetime
from functools import cached_property
from typing import Any

import orjson
from django.db.models import Exists, OuterRef, Q, QuerySet

from .context import Context
from .documents import Json
from .models import VariantRow, VariantTermRow
from .targeting import Targeting
from .variantstore import read_targeting

COLUMNS = (
    "item_id", "locale_code", "code", "starts_at", "ends_at", "targeting", "document_id", "document__version",
    "document__head",
)  # fmt: skip


class StoredVariant:
    """A published variant as it was read. Its document is parsed when somebody looks into it."""

    __slots__ = (
        "__dict__", "body_json", "code", "document_id", "end", "head_json", "item_id", "locale", "start", "targeting",
        "version",
    )  # fmt: skip

    def __init__(self, row: Iterable[Any], body: str | None = None) -> None:
        (
            self.item_id, self.locale, self.code, self.start, self.end, targeting, self.document_id, self.version,
            self.head_json,
        ) = row  # fmt: skip
        self.targeting: Targeting = read_targeting(targeting)
        self.body_json = body

    @cached_property
    def head(self) -> Json:
        return orjson.loads(self.head_json)

    @property
    def updated_at(self) -> str:
        return self.head["updated_at"]


def live_or_to_come(item_ids: Collection[int], instant: datetime) -> QuerySet[VariantRow]:
    """Return the variants of these items that are on air at an instant, or later."""
    return VariantRow.objects.filter(item_id__in=item_ids, ends_at__gt=instant)


def for_standing(rows: QuerySet[VariantRow], context: Context, *, any_arm: bool = False) -> QuerySet[VariantRow]:
    """Return those of ``rows`` that the context may meet, arms and channels not looked at closely.

    ``any_arm``: of the experiments that the context has an assignment in, all arms.
    """
    standing = context.standing
    rows = rows.filter(
        _targets("has_segments", standing.segments, context), _targets("has_markets", standing.markets, context)
    )
    if not standing.channels:
        rows = rows.filter(has_channels=False)
    arms = {each.experiment for each in context.assignments} if any_arm else set(standing.arms)
    return rows.filter(experiment__in=["", *arms])


def read_variants(rows: QuerySet[VariantRow], *, with_body: bool = False) -> dict[tuple[int, str], list[StoredVariant]]:
    """Return variants by item and locale: one statement."""
    names = (*COLUMNS, "document__body") if with_body else COLUMNS
    found: dict[tuple[int, str], list[StoredVariant]] = {}
    for row in rows.values_list(*names):
        variant = StoredVariant(row[: len(COLUMNS)], row[-1] if with_body else None)
        found.setdefault((variant.item_id, variant.locale), []).append(variant)
    return found


def _targets(flag: str, met: Collection[str], context: Context) -> Q:
    everybody = Q(**{flag: False})
    if not met:
        return everybody
    ids = {pk for audience in context.audiences for pk in audience.term_ids}
    return everybody | Q(Exists(VariantTermRow.objects.filter(row=OuterRef("pk"), term_id__in=ids)))
