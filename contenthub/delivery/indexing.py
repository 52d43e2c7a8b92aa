"""What stands beside an index row so that it is found: the terms that it is under, and the channels it is meant for."""

from collections.abc import Iterable
from typing import NamedTuple

from channels.registry import ChannelRegistry
from taxonomy.facetview import TermView
from taxonomy.snapshot import TaxonomySnapshot

from .bulk import insert_rows
from .models import ChannelRow, IndexRow, TermRow

_REPEATED = ("row_id", "locale_id", "starts_at", "ends_at", "priority", "published_at", "key")

Codes = tuple[str, ...]


class Path(NamedTuple):
    """A term that a row stands under, whether by its own tag, and else how many steps above the nearest of them."""

    term_id: int
    facet_id: int
    is_own: bool
    steps: int


class Indexer:
    """Puts rows under their terms and channels; what the same codes mean is worked out once."""

    def __init__(self, taxonomy: TaxonomySnapshot, channels: ChannelRegistry) -> None:
        self.taxonomy = taxonomy
        self.channels = channels
        self._paths: dict[Codes, frozenset[Path]] = {}

    def paths(self, terms: Codes) -> frozenset[Path]:
        """Return every term that an item with these terms stands under."""
        if terms not in self._paths:
            steps: dict[TermView, int] = {}
            for code in terms:
                for term, step in self.taxonomy.get(code).steps_up.items():
                    steps[term] = min(step, steps.get(term, step))
            self._paths[terms] = frozenset(
                Path(term.id, self.taxonomy.facets[term.facet].id, not step, step) for term, step in steps.items()
            )
        return self._paths[terms]

    def channel_ids(self, channels: Codes) -> list[int]:
        return [self.channels.get(code).id for code in dict.fromkeys(channels)]

    def add_terms(self, rows: Iterable[tuple[IndexRow, Codes]]) -> None:
        """Put rows, which are stored, under their terms."""
        insert_rows(
            TermRow._meta.db_table,
            (*_REPEATED, *Path._fields),
            (
                (row.pk, *(getattr(row, name) for name in _REPEATED[1:]), *path)
                for row, terms in rows
                for path in self.paths(terms)
            ),
        )

    def add_channels(self, rows: Iterable[tuple[IndexRow, Codes]]) -> None:
        """Note which channels rows, which are stored, are meant for."""
        insert_rows(
            ChannelRow._meta.db_table,
            ("row_id", "channel_id"),
            ((row.pk, channel_id) for row, channels in rows for channel_id in self.channel_ids(channels)),
        )
