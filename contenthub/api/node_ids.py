"""Opaque ids: what kind of thing, and which. The id of an item names exactly one rendition of it."""

import base64
import binascii
from dataclasses import dataclass

import orjson

from contenthub.delivery.codes import Fallback
from contenthub.delivery.served import ServedItem

ITEM = "Item"


@dataclass(frozen=True, slots=True)
class ItemId:
    """What an item's id stands for: the item's key, and the context that decides how it reads."""

    key: str
    locale: str
    fallback: Fallback
    channel: str | None


def item_id(item: ServedItem) -> str:
    """Return the id of an item as its context sees it."""
    context = item.context
    named = [ITEM, item.key, context.locale.code, context.fallback.value, context.channel and context.channel.code]
    return base64.urlsafe_b64encode(orjson.dumps([*named, []])).decode().rstrip("=")


def read_item_id(text: str) -> ItemId | None:
    """Return what an id stands for; None if it is not that of an item."""
    try:
        padded = text.encode() + b"=" * (-len(text) % 4)
        kind, key, locale, fallback, channel, variants = orjson.loads(
            base64.b64decode(padded, altchars=b"-_", validate=True)
        )
        named = ItemId(key, locale, Fallback(fallback), channel)
    except (binascii.Error, ValueError, TypeError):
        return None
    texts = (key, locale) if channel is None else (key, locale, channel)
    return named if kind == ITEM and variants == [] and all(isinstance(each, str) for each in texts) else None
