"""Which index rows an item should have: a pure function of what content projects and of the fallback chains."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from locales.catalogue import LocaleCatalogue

from .context import MARKET, SEGMENT
from .documents import Facts, Finished, ItemProjection, Publication, finish
from .intervals import served_intervals
from .models import FOREVER


@dataclass(frozen=True)
class Row:
    """An index row as it should be."""

    locale_id: int
    locale: str
    starts_at: datetime
    ends_at: datetime
    document: Finished

    @property
    def is_fallback(self) -> bool:
        return self.document.locale != self.locale

    @property
    def answer(self) -> tuple[str, bool]:
        """What a reader sees of it: the version, and whether it is stale."""
        return self.document.version, self.document.publication.is_stale

    @property
    def columns(self) -> dict[str, Any]:
        """What an index row repeats of its document."""
        facts, publication = self.document.facts, self.document.publication
        return {
            **audience_columns(facts.terms),
            "is_fallback": self.is_fallback,
            "has_channels": bool(facts.channels),
            "type": facts.type,
            "slug": publication.slug,
            "priority": facts.priority,
            "published_at": publication.published_at,
            "updated_at": self.document.updated_at,
        }


def audience_columns(codes: Iterable[str]) -> dict[str, bool]:
    """Return whether among an item's terms are some that say for whom and where it is."""
    facets = {code.partition(":")[0] for code in codes}
    return {"has_segments": SEGMENT in facets, "has_markets": MARKET in facets}


def wanted_rows(projection: ItemProjection, locales: LocaleCatalogue, *, now: datetime) -> list[Row]:
    """Return the rows that answer for an item from ``now`` on, in every locale of the hub."""
    rows: dict[str, list[Row]] = {entry.code: [] for entry in locales.by_code.values()}
    following = [*(facts.since for facts in projection.facts[1:]), FOREVER]
    for facts, until in zip(projection.facts, following, strict=False):
        windows = {
            code: [
                window
                for publication in publications
                if (window := _window(projection.key, code, publication, facts, until))
            ]
            for code, publications in projection.publications.items()
        }
        for entry in locales.by_code.values():
            chain = entry.chain if facts.fallback_allowed else (entry.code,)
            rows[entry.code] += [
                Row(entry.id, entry.code, interval.start, interval.end, interval.window.document)
                for interval in served_intervals(chain, windows, embargoed_until=projection.embargoed.get(entry.code))
                if interval.end > now
            ]
    return [row for found in rows.values() for row in _joined(found)]


@dataclass(frozen=True, eq=False)
class _DocumentWindow:
    start: datetime
    end: datetime
    document: Finished


def _window(key: str, locale: str, publication: Publication, facts: Facts, until: datetime) -> _DocumentWindow | None:
    """Return the document that a publication makes under ``facts``, which hold until ``until``."""
    start, end = max(publication.start, facts.since), min(publication.end, until)
    return _DocumentWindow(start, end, finish(key, locale, publication, facts)) if start < end else None


def _joined(rows: list[Row]) -> list[Row]:
    """Join rows that follow each other with the same document."""
    joined: list[Row] = []
    for row in rows:
        last = joined[-1] if joined else None
        follows = last and last.locale_id == row.locale_id and last.ends_at == row.starts_at
        if follows and last.answer == row.answer:
            joined[-1] = Row(row.locale_id, row.locale, last.starts_at, row.ends_at, last.document)
        else:
            joined.append(row)
    return joined
