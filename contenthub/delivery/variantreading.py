"""Reading published variants: those of several items in one statement, narrowed to what a context may meet."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

import orjson
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from .conditions import Sql, adapted, among, exists, instant_of, marks
from .context import Context
from .documents import Json
from .models import VariantRow, VariantTermRow
from .targeting import Targeting
from .variantstore import read_targeting

COLUMNS = (
    "item_id", "locale_code", "code", "starts_at", "ends_at", "targeting", "document_id", "document__version",
    "document__head",
)  # fmt: skip


_MET_COLUMNS = "v.item_id, v.locale_code, v.code, v.starts_at, v.ends_at, v.targeting, v.document_id, d.version, d.head"


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


def for_standing(rows: QuerySet[VariantRow], context: Context) -> QuerySet[VariantRow]:
    """Return those of ``rows`` that the context may meet, channels not looked at closely."""
    standing = context.standing
    rows = rows.filter(
        _targets("has_segments", standing.segments, context), _targets("has_markets", standing.markets, context)
    )
    if not standing.channels:
        rows = rows.filter(has_channels=False)
    return rows.filter(experiment__in=["", *standing.arms])


def read_met(
    context: Context, item_ids: Collection[int], *, with_body: bool = False
) -> dict[tuple[int, str], list[StoredVariant]]:
    """Return the variants of these items that the context may meet now or later, by item and locale.

    Of an experiment that it has an assignment in those of every arm; channels are not looked at closely. One statement,
    none without items, written out: Django takes longer to make it than it takes to run.
    """
    if not item_ids:
        return {}
    standing = context.standing
    of_them = _named_by_audience(context)
    experiments = ["", *sorted({each.experiment for each in context.assignments})]
    where = [
        among("v.item_id", item_ids),
        Sql("v.ends_at > %s", (adapted(context.instant),)),
        Sql(f"v.experiment IN ({marks(experiments)})", tuple(experiments)),
    ]
    for flag, codes in (("v.has_segments", standing.segments), ("v.has_markets", standing.markets)):
        where.append(Sql(f"(NOT {flag} OR {of_them.text})", of_them.params) if codes else Sql(f"NOT {flag}"))
    if not standing.channels:
        where.append(Sql("NOT v.has_channels"))
    text = (
        f"SELECT {_MET_COLUMNS}{', d.body' if with_body else ''} FROM delivery_variantrow v "
        f"JOIN delivery_document d ON d.id = v.document_id WHERE {' AND '.join(one.text for one in where)}"
    )
    with connection.cursor() as cursor:
        cursor.execute(text, [param for one in where for param in one.params])
        rows = cursor.fetchall()
    return _by_text(((*row[:3], *map(instant_of, row[3:5]), *row[5:]) for row in rows), with_body)


def _named_by_audience(context: Context) -> Sql:
    """Return that a variant ``v`` names a segment or a market that the context meets."""
    ids = sorted({pk for audience in context.audiences for pk in audience.term_ids})
    if not ids:
        return Sql("1 = 0")
    met = among("x.term_id", ids)
    return exists(met.text, met.params, "delivery_varianttermrow", row="v.id")


def read_variants(rows: QuerySet[VariantRow], *, with_body: bool = False) -> dict[tuple[int, str], list[StoredVariant]]:
    """Return variants by item and locale: one statement."""
    return _by_text(rows.values_list(*COLUMNS, *(["document__body"] if with_body else ())), with_body)


def _by_text(rows: Iterable[Sequence[Any]], with_body: bool) -> dict[tuple[int, str], list[StoredVariant]]:
    found: dict[tuple[int, str], list[StoredVariant]] = {}
    for row in rows:
        variant = StoredVariant(row[: len(COLUMNS)], row[-1] if with_body else None)
        found.setdefault((variant.item_id, variant.locale), []).append(variant)
    return found


def _targets(flag: str, met: Collection[str], context: Context) -> Q:
    everybody = Q(**{flag: False})
    if not met:
        return everybody
    ids = {pk for audience in context.audiences for pk in audience.term_ids}
    return everybody | Q(Exists(VariantTermRow.objects.filter(row=OuterRef("pk"), term_id__in=ids)))
