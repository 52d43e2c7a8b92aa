"""Which published pieces do not fit a channel that their item names: a profile that changed takes nothing off air."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache

import orjson

from channels.findings import Finding
from channels.models import PersonalToken
from channels.registry import ChannelEntry
from contenthub.delivery.models import IndexRow, PublishedItem, VariantRow
from contenthub.delivery.reaching import texts_reached
from contenthub.delivery.renditions import render
from contenthub.delivery.resolving import BODY
from contenthub.delivery.surroundings import read_surroundings
from contenthub.delivery.variantreading import read_variants

ITEMS_AT_ONCE = 100


@dataclass(frozen=True)
class Misfit:
    """What does not fit of an item's text in one locale, or of a version of it (``variant``; empty: the base)."""

    key: str
    locale: str
    variant: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Look:
    """What was found in some items, by key; ``last`` is the key to go on after, None where all were looked at."""

    misfits: list[Misfit]
    items: int
    last: str | None


def look(channel: ChannelEntry, *, now: datetime, after: str = "", most: int = ITEMS_AT_ONCE) -> Look:
    """Judge what is on air of the next items that name ``channel``, in every locale, with each version by itself.

    Three statements and the catalogues, however many items.
    """
    on_air = IndexRow.objects.filter(
        is_fallback=False, starts_at__lte=now, ends_at__gt=now, channel_rows__channel_id=channel.id
    )
    wanted = PublishedItem.objects.filter(key__gt=after, pk__in=on_air.values("item_id")).order_by("key")
    found = list(wanted.values_list("pk", "key")[: most + 1])
    items = dict(found[:most])
    last = found[most - 1][1] if len(found) > most else None
    variants = read_variants(
        VariantRow.objects.filter(item_id__in=items, starts_at__lte=now, ends_at__gt=now), with_body=True
    )
    around, tokens = read_surroundings(), cache(PersonalToken.catalogue)
    rows = on_air.filter(item_id__in=items).order_by("key", "locale__language_code")
    misfits = []
    for pk, locale, head_json, body in rows.values_list(
        "item_id", "locale__language_code", "document__head", "document__body"
    ):
        versions = sorted(variants.get((pk, locale), ()), key=lambda each: each.code)
        for leading, resolved in texts_reached(orjson.loads(head_json), versions, channel, around.taxonomy, now):
            giver = resolved.provenance[BODY]
            document = {**resolved.head, **orjson.loads(giver.body_json if giver else body)}
            findings = render(document, channel, around.locales.get(locale), around.taxonomy, tokens).findings
            if findings:
                misfits.append(Misfit(items[pk], locale, leading.code if leading else "", tuple(findings)))
    return Look(misfits, len(items), last)


def look_at_all(channel: ChannelEntry, *, now: datetime) -> Iterator[Misfit]:
    """Yield what does not fit of all items, a batch of them in memory at a time."""
    after: str | None = ""
    while after is not None:
        found = look(channel, now=now, after=after)
        yield from found.misfits
        after = found.last
