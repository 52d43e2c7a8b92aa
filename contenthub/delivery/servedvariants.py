"""Variants as they are mirrored: each by itself over its base, whomever it is for."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

import orjson
from django.db.models import F, Q, QuerySet, Value

from .context import Context
from .cursors import Position, decode_cursor, digest, encode_cursor
from .documents import Json, make_export_key
from .filters import ReadyFilter, matching_rows, visible_rows
from .models import IndexRow, VariantRow
from .ordering import by_code_point
from .reading import MOST_ITEMS
from .refusals import BadArgument
from .resolving import BODY, cascade
from .served import Batch, ServedItem, load
from .targeting import Targeting
from .variantreading import StoredVariant, read_variants
from .versions import compose_version, latest

_EVERYBODY = Targeting()


class ServedVariant:
    """One variant over the base of its item; without ``variant`` the base itself."""

    def __init__(self, item: ServedItem, variant: StoredVariant | None) -> None:
        self.item = item
        self.variant = variant

    @property
    def batch(self) -> Batch:
        return self.item.batch

    @property
    def context(self) -> Context:
        return self.item.context

    @property
    def key(self) -> str:
        return self.item.key

    @property
    def code(self) -> str | None:
        return self.variant.code if self.variant else None

    @property
    def export_key(self) -> str:
        """The item's export key for the base; for a variant one of its own."""
        return make_export_key(f"{self.key}/{self.code}") if self.variant else self.item.export_key

    @property
    def targeting(self) -> Targeting:
        return self.variant.targeting if self.variant else _EVERYBODY

    @property
    def overrides(self) -> list[str]:
        return self.variant.head["overrides"] if self.variant else []

    @property
    def version(self) -> str:
        given = [self.variant.version] if self.variant and self.overrides else []
        return compose_version(self.item.base_version, given)

    @cached_property
    def head(self) -> Json:
        base = self.item.base
        if self.variant is None:
            return base
        own = {name: self.variant.head[name] for name in ("published_at", "valid_from", "valid_until")}
        return {**cascade(base, [self.variant]).head, **own, "updated_at": latest(base, [self.variant])}

    @cached_property
    def blocks(self) -> list[Json]:
        """The blocks of the body, read for the whole batch if they were not read at once."""
        giver = self.variant if BODY in self.overrides else self.item
        if giver.body_json is None:
            self.batch.load_bodies(also=[self.variant] if giver is self.variant else ())
        return orjson.loads(giver.body_json or "{}").get("blocks", [])


@dataclass(frozen=True, slots=True)
class VariantPage:
    """One page of variants, with the position of each, and the question that their cursors belong to."""

    variants: list[ServedVariant]
    positions: list[Position]
    question: str
    has_next: bool
    has_previous: bool

    def cursor(self, index: int) -> str:
        """Return the cursor of the variant at an index of the page."""
        return encode_cursor(self.question, self.positions[index])


def is_shown(target: Targeting, channels: Collection[str] | None) -> bool:
    """Tell whether a reader who sees only these channels (None: all) sees a variant: one for others is hidden."""
    return channels is None or not target.channels or any(code in channels for code in target.channels)


def read_variant_page(
    context: Context,
    wanted: ReadyFilter,
    *,
    first: int = 20,
    after: str | None = None,
    with_body: bool = False,
    channels: Collection[str] | None = None,
) -> VariantPage:
    """Return one page of the variants of the items that the filter wants, by key and code, each base first.

    ``channels`` are codes of those that the reader sees, None: all.

    Raises:
        BadArgument: ``first`` is out of bounds.
        BadCursor: ``after`` is malformed or belongs to another filter or context.
    """
    if not 1 <= first <= MOST_ITEMS:
        raise BadArgument(f"'first' is {first}: ask for 1 to {MOST_ITEMS} variants and go on with 'after'.", "first")
    question = digest(["variants", context.question, wanted.given.question])
    bases, variants = _bases(context, wanted), _variants(context, wanted, channels)
    if after is not None:
        key, code = decode_cursor(after, question, [str, str])
        bases = bases.filter(at__gt=key)
        variants = variants.filter(Q(at__gt=key) | Q(at=key, named__gt=code))
    columns = ("at", "named", "base", "pk")
    both = bases.values_list(*columns).union(variants.values_list(*columns), all=True).order_by("at", "named")
    found = list(both[: first + 1])
    return VariantPage(
        variants=_load(context, found[:first], with_body),
        positions=[tuple(row[:2]) for row in found[:first]],
        question=question,
        has_next=len(found) > first,
        has_previous=after is not None,
    )


def count_variants(context: Context, wanted: ReadyFilter, channels: Collection[str] | None = None) -> int:
    """Return how many variants there are in all pages, bases included."""
    return _bases(context, wanted).count() + _variants(context, wanted, channels).count()


def _bases(context: Context, wanted: ReadyFilter) -> QuerySet[IndexRow]:
    rows = matching_rows(visible_rows(context), wanted, context)
    return rows.annotate(at=by_code_point("key"), named=Value(""), base=F("pk"))


def _variants(context: Context, wanted: ReadyFilter, channels: Collection[str] | None) -> QuerySet[VariantRow]:
    """Return the variants on air of the texts that answer for the items wanted."""
    rows = matching_rows(visible_rows(context), wanted, context).filter(has_variants=True).order_by()
    on_air = VariantRow.objects.filter(
        item__index_rows__in=rows.values("pk"),
        item__index_rows__document__locale_code=F("locale_code"),
        starts_at__lte=context.instant,
        ends_at__gt=context.instant,
    )
    if channels is not None:
        meant = Q(has_channels=False)
        for code in channels:
            meant |= Q(targeting__contains=f'"{code}"')
        on_air = on_air.filter(meant)
    return on_air.annotate(at=by_code_point("item__key"), named=by_code_point("code"), base=F("item__index_rows__pk"))


def _load(context: Context, rows: Sequence[tuple], with_body: bool) -> list[ServedVariant]:
    """Return the variants that rows of key, code, base row and variant row stand for: two statements."""
    bases = IndexRow.objects.filter(pk__in={base for _, _, base, _ in rows})
    items = {item.key: item for item in load(bases, context, with_body=with_body).items}
    variant_rows = VariantRow.objects.filter(pk__in=[pk for _, code, _, pk in rows if code])
    read = read_variants(variant_rows, with_body=with_body) if any(row[1] for row in rows) else {}
    variants = {(variant.item_id, variant.code): variant for found in read.values() for variant in found}
    return [ServedVariant(items[key], variants.get((items[key].item_id, code))) for key, code, _, _ in rows]
