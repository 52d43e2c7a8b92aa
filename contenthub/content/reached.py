"""What readers of a channel may get of one language version as it is written: its text, and those of its versions."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from channels.registry import ChannelEntry, ChannelRegistry
from contenthub.delivery.documents import Json
from contenthub.delivery.reaching import texts_reached
from contenthub.delivery.resolving import BODY, eligible
from contenthub.delivery.targeting import Standing, Targeting, answering_today, channel_depths
from taxonomy.snapshot import TaxonomySnapshot

from .documents import Documents
from .facts import freeze_targeting

_BEGINNING, _END = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, eq=False)
class WrittenVersion:
    """A version as its row says it, in the form in which delivery puts versions in order and joins them."""

    row: Any
    code: str
    targeting: Targeting
    head: Json = field(default_factory=dict)
    body: Json = field(default_factory=dict)
    start: datetime = _BEGINNING
    end: datetime = _END


def targetings_of(
    originals: Iterable[Any], taxonomy: TaxonomySnapshot, channels: ChannelRegistry
) -> dict[str, Targeting]:
    """Return by code whom versions are for, as their rows on the original say."""
    return {row.code: answering_today(freeze_targeting(row, taxonomy, channels), taxonomy) for row in originals}


def written_versions(
    rows: Iterable[Any], targetings: Mapping[str, Targeting], documents: Documents
) -> list[WrittenVersion]:
    """Return versions of one language; one that the original has no row of is left out: nobody gets it."""
    known = [row for row in rows if row.code in targetings]
    return [WrittenVersion(row, row.code, targetings[row.code], *documents.overrides(row)) for row in known]


def for_everybody(rows: Iterable[Any], targetings: Mapping[str, Targeting], channel: ChannelEntry) -> list[Any]:
    """Return those of some versions of one language that everybody on ``channel`` gets, the highest first."""
    standing = Standing(channels=channel_depths(channel))
    versions = [WrittenVersion(row, row.code, targetings[row.code]) for row in rows]
    return [one.row for one in eligible(versions, standing, _BEGINNING)]


def documents_reached(
    base: Any, document: Json, versions: Sequence[WrittenVersion], channel: ChannelEntry, taxonomy: TaxonomySnapshot
) -> Iterator[tuple[Any, Json]]:
    """Yield what readers of ``channel`` may get, each text with the row that leads it; ``document`` is of ``base``."""
    for leading, resolved in texts_reached(document, versions, channel, taxonomy, _BEGINNING):
        giver = resolved.provenance[BODY]
        blocks = giver.body["blocks"] if giver else document["blocks"]
        yield leading.row if leading else base, {**resolved.head, "blocks": blocks}
