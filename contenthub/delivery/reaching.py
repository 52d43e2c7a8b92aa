"""Which texts the readers of a channel may get of an item in one locale: pure functions on what is resolved."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from channels.registry import ChannelEntry
from taxonomy.snapshot import TaxonomySnapshot

from .documents import Json
from .resolving import DeltaKind, Resolution, resolve
from .targeting import Standing, channel_depths, depths_met, unmet_by


def texts_reached(
    base: Json, variants: Sequence[DeltaKind], channel: ChannelEntry, taxonomy: TaxonomySnapshot, instant: datetime
) -> Iterator[tuple[DeltaKind | None, Resolution[DeltaKind]]]:
    """Yield what everybody gets in ``channel``, then for each variant that is for some what those get.

    Each with the variant that leads it; None: nothing is set over ``base``. A variant that others set aside for every
    one of its readers is not reached.
    """
    everybody = Standing(channels=channel_depths(channel))
    general = resolve(base, variants, everybody, instant)
    yield general.winner, general
    for variant in variants:
        if unmet_by(variant, everybody, instant) is None:
            continue
        standing = _readers_of(variant, everybody, taxonomy)
        if unmet_by(variant, standing, instant) is None:
            resolved = resolve(base, variants, standing, instant)
            if variant in resolved.winning:
                yield variant, resolved


def _readers_of(variant: DeltaKind, everybody: Standing, taxonomy: TaxonomySnapshot) -> Standing:
    """Return how those stand in a channel whom a variant is for."""
    target = variant.targeting
    met = [[term for code in codes if (term := taxonomy.find(code))] for codes in (target.segments, target.markets)]
    return Standing(
        segments=depths_met(met[0]),
        markets=depths_met(met[1]),
        channels=everybody.channels,
        arms={target.experiment: target.arm} if target.experiment else {},
    )
