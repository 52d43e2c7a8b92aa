"""What items are read against."""

from dataclasses import dataclass

from channels.registry import ChannelRegistry, channel_registry
from locales.catalogue import LocaleCatalogue, locale_catalogue
from taxonomy.snapshot import TaxonomySnapshot, taxonomy_snapshot


@dataclass(frozen=True)
class Surroundings:
    """Locales, channels and taxonomy at one moment. While items are locked, locales and taxonomy stay as they are."""

    locales: LocaleCatalogue
    channels: ChannelRegistry
    taxonomy: TaxonomySnapshot


def read_surroundings() -> Surroundings:
    """Return them as they stand in the database now: four statements."""
    return Surroundings(locale_catalogue(), channel_registry(), taxonomy_snapshot())
