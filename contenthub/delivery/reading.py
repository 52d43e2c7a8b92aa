"""Reading the published store: single items and pages of items."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from .codes import Fallback, ItemOrder
from .conditions import instant_of
from .context import Context
from .cursors import decode_cursor, digest, encode_cursor
from .filters import ReadyFilter, is_storable, matching_rows, visible_rows
from .models import IndexRow, PastSlug
from .ordering import SORT_KEYS, choose_order, rows_after, sorted_rows
from .paging import WRITTEN_OUT, read_one, read_sorted
from .recalling import recall, recall_wanted
from .refusals import BadArgument
from .resolvedview import with_shifts
from .served import COLUMNS, Batch, ServedItem, columns, load

MOST_ITEMS = 100


@dataclass(frozen=True, slots=True)
class ItemPage:
    """One page of items, and what its cursors are made of: the position of each item, and the question.

    ``wanted`` is the filter with what was found out about variants, to count over. ``positions`` are as the database
    gives them, ``kinds`` what they are of.
    """

    items: list[ServedItem]
    wanted: ReadyFilter
    positions: list[tuple[Any, ...]]
    kinds: list[type]
    question: str
    has_next: bool
    has_previous: bool

    def cursor(self, index: int) -> str:
        """Return the cursor of the item at an index of the page."""
        position = zip(self.positions[index], self.kinds, strict=True)
        return encode_cursor(self.question, [instant_of(one) if kind is datetime else one for one, kind in position])


def find_item(context: Context, key: str, *, with_body: bool = False) -> ServedItem | None:
    """Return the item with this key, if the context sees it."""
    if not is_storable(key):
        return None
    recall(context, key=key)
    found = read_one(context, key, with_body=with_body)
    return next(iter(Batch(context, found, with_body=with_body).items), None)


def find_rendition(
    context: Context, key: str, variants: Sequence[str], *, with_body: bool = False
) -> ServedItem | None:
    """Return the item with this key and exactly these winning variants, if all of them are on air."""
    item = find_item(context, key, with_body=with_body)
    if item is None:
        return None
    on_air = {variant.code: variant for variant in item.all_variants} if variants else {}
    if any(code not in on_air for code in variants):
        return None
    item.pinned = [on_air[code] for code in variants]
    return item


def find_item_by_slug(context: Context, slug: str, *, with_body: bool = False) -> ServedItem | None:
    """Return the item with this slug in the context's locale, if the context sees it.

    An own slug comes before one that is served by fallback, and today's slug before one of the past.
    """
    if not slug or not is_storable(slug):
        return None
    recall(context, past_slugs__slug=slug)
    rows = visible_rows(context).filter(slug=slug).order_by("is_fallback", "key")
    return _first(rows, context, with_body) or _find_by_past_slug(context, slug, with_body)


def read_page(
    context: Context,
    wanted: ReadyFilter,
    *,
    order: ItemOrder | None = None,
    first: int = 20,
    after: str | None = None,
    with_body: bool = False,
) -> ItemPage:
    """Return one page of the items that the context sees and the filter wants: one statement at any depth.

    Filter and order are over what the context gets: see ``resolvedview``.

    Raises:
        BadArgument: ``first`` is out of bounds, the order does not suit the filter, or the instant is past and the
            filter names no items.
        BadCursor: ``after`` is malformed or belongs to another filter, order or context.
    """
    if not 1 <= first <= MOST_ITEMS:
        raise BadArgument(f"'first' is {first}: ask for 1 to {MOST_ITEMS} items and go on with 'after'.", "first")
    recall_wanted(context, wanted)
    order = choose_order(order, wanted)
    keys = SORT_KEYS[order]
    question = digest([context.question, wanted.given.question, order and order.value])
    wanted = with_shifts(wanted, context, order)
    kinds = [key.kind for key in keys]
    position = None if after is None else decode_cursor(after, question, kinds)
    if order in WRITTEN_OUT:
        found = read_sorted(context, wanted, order, after=position, limit=first + 1, with_body=with_body)
    else:
        rows = sorted_rows(matching_rows(visible_rows(context), wanted, context), order, wanted)
        rows = rows if position is None else rows_after(rows, order, position)
        names = columns(*(key.column for key in keys), with_body=with_body)
        found = list(rows.values_list(*names)[: first + 1])
    start = len(COLUMNS)
    return ItemPage(
        items=Batch(context, found[:first], with_body=with_body).items,
        wanted=wanted,
        positions=[row[start : start + len(keys)] for row in found[:first]],
        kinds=kinds,
        question=question,
        has_next=len(found) > first,
        has_previous=after is not None,
    )


def _first(rows: QuerySet[IndexRow], context: Context, with_body: bool) -> ServedItem | None:
    return next(iter(load(rows[:1], context, with_body=with_body).items), None)


def _find_by_past_slug(context: Context, slug: str, with_body: bool) -> ServedItem | None:
    chain = context.locale.chain if context.fallback is Fallback.CHAIN else context.locale.chain[:1]
    past = PastSlug.objects.filter(slug=slug, locale__language_code__in=chain, since__lte=context.instant)
    latest = dict(past.order_by("since").values_list("locale__language_code", "item_id"))
    places = sorted((chain.index(code), item_id) for code, item_id in latest.items())
    if not places:
        return None
    place = {item_id: index for index, item_id in reversed(places)}
    found = load(visible_rows(context).filter(item_id__in=place), context, with_body=with_body).items
    return min(found, key=lambda item: place[item.item_id], default=None)
