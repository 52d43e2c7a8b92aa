"""Opaque ids: what kind of thing, and which. The id of an item names exactly one rendition of it."""

import base64
import binascii
from dataclasses import dataclass

import orjson

from contenthub.delivery.codes import Fallback
from contenthub.delivery.served import ServedItem
from contenthub.delivery.servedvariants import ServedVariant

ITEM, VARIANT = "Item", "Variant"


@dataclass(frozen=True, slots=True)
class ItemId:
    """What an item's id stands for: the item's key, the context, and the winning variants, which decide how it reads.

    ``kind`` is ITEM, or VARIANT for a single variant by itself; that of a base names none.
    """

    key: str
    locale: str
    fallback: Fallback
    channel: str | None
    variants: tuple[str, ...] = ()
    kind: str = ITEM


def item_id(item: ServedItem) -> str:
    """Return the id of an item as its context sees it."""
    return _written(ITEM, item, [variant.code for variant in item.winning])


def variant_id(variant: ServedVariant) -> str:
    """Return the id of a variant by itself."""
    return _written(VARIANT, variant, [variant.code] if variant.code else [])


def read_item_id(text: str) -> ItemId | None:
    """Return what an id stands for; None if it is not that of an item or of a variant."""
    try:
        padded = text.encode() + b"=" * (-len(text) % 4)
        kind, key, locale, fallback, channel, variants = orjson.loads(
            base64.b64decode(padded, altchars=b"-_", validate=True)
        )
        named = ItemId(key, locale, Fallback(fallback), channel, tuple(variants), kind)
    except (binascii.Error, ValueError, TypeError):
        return None
    texts = (key, locale, *variants) if channel is None else (key, locale, channel, *variants)
    is_known = kind == ITEM or (kind == VARIANT and len(variants) <= 1)
    return named if is_known and isinstance(variants, list) and all(isinstance(each, str) for each in texts) else None


def _written(kind: str, seen: ServedItem | ServedVariant, variants: list[str]) -> str:
    context = seen.context
    named = [kind, seen.key, context.locale.code, context.fallback.value, context.channel and context.channel.code]
    return base64.urlsafe_b64encode(orjson.dumps([*named, variants])).decode().rstrip("=")
