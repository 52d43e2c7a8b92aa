"""Whom a variant is for, and whether a context is one of them: pure functions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from typing import NamedTuple, Protocol

from channels.registry import ChannelEntry
from taxonomy.snapshot import TaxonomySnapshot, TermView


class AssignmentSource(Enum):
    """Who chose the arm of an experiment."""

    ALLOCATED = "ALLOCATED"
    GIVEN = "GIVEN"


@dataclass(frozen=True, slots=True)
class Assignment:
    """The arm of an experiment that a subject is in; ``arm`` is None for one that is held out."""

    experiment: str
    arm: str | None
    is_holdout: bool = False
    source: AssignmentSource = AssignmentSource.GIVEN


@dataclass(frozen=True, slots=True)
class Targeting:
    """Whom a variant is for: codes of terms and channels, empty for everybody; ``arm`` is one of ``experiment``."""

    segments: tuple[str, ...] = ()
    markets: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    experiment: str = ""
    arm: str = ""
    priority: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """What of a context decides on variants: the codes it meets with their depth (a root is 1), and its arms.

    A segment, a market and a channel meet what stands above them too. ``arms`` are by experiment.
    """

    segments: Mapping[str, int] = field(default_factory=dict)
    markets: Mapping[str, int] = field(default_factory=dict)
    channels: Mapping[str, int] = field(default_factory=dict)
    arms: Mapping[str, str] = field(default_factory=dict)


class Rank(NamedTuple):
    """How closely a variant fits a standing: the higher first. None of a kind is depth 0."""

    has_arm: bool
    priority: int
    segment_depth: int
    market_depth: int
    channel_depth: int


class Unmet(Enum):
    """Why a variant is not eligible: the first condition that fails, in this order."""

    NOT_LIVE = "it is not on air at this instant"
    SEGMENT = "the context meets none of its segments"
    MARKET = "the context is in none of its markets"
    CHANNEL = "it is not for the context's channel"
    ARM = "the context is not in its arm"


class Candidate(Protocol):
    """A published variant as the order of variants needs to see it."""

    code: str
    targeting: Targeting
    start: datetime
    end: datetime


def unmet_by(candidate: Candidate, standing: Standing, instant: datetime) -> Unmet | None:
    """Return why ``candidate`` is not eligible; None if it is."""
    if not candidate.start <= instant < candidate.end:
        return Unmet.NOT_LIVE
    return unmet_target(candidate.targeting, standing)


def unmet_target(target: Targeting, standing: Standing) -> Unmet | None:
    """Return which part of ``target`` a context does not meet, whatever the instant; None if it meets all."""
    if target.segments and not _meets(target.segments, standing.segments):
        return Unmet.SEGMENT
    if target.markets and not _meets(target.markets, standing.markets):
        return Unmet.MARKET
    if target.channels and not _meets(target.channels, standing.channels):
        return Unmet.CHANNEL
    if target.experiment and standing.arms.get(target.experiment) != target.arm:
        return Unmet.ARM
    return None


def rank_of(target: Targeting, standing: Standing) -> Rank:
    """Return how closely ``target`` fits a standing that meets it."""
    return Rank(
        has_arm=bool(target.experiment),
        priority=target.priority,
        segment_depth=_depth(target.segments, standing.segments),
        market_depth=_depth(target.markets, standing.markets),
        channel_depth=_depth(target.channels, standing.channels),
    )


def answering_today(target: Targeting, taxonomy: TaxonomySnapshot) -> Targeting:
    """Return ``target`` with the terms that answer today for those that it names."""

    def answering(codes: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(term.code for code in codes for term in taxonomy.expand_for_filter(code)))

    return replace(target, segments=answering(target.segments), markets=answering(target.markets))


def depths_met(terms: Iterable[TermView]) -> dict[str, int]:
    """Return by code the depth of these terms and of all above them."""
    return {met.code: met.depth for term in terms for met in (term, *term.ancestors)}


def channel_depths(channel: ChannelEntry) -> dict[str, int]:
    """Return by code the depth of a channel and of all above it: a root is 1."""
    line = (channel.code, *channel.ancestors)
    return {code: len(line) - place for place, code in enumerate(line)}


def _meets(wanted: Iterable[str], met: Mapping[str, int]) -> bool:
    return any(code in met for code in wanted)


def _depth(wanted: Iterable[str], met: Mapping[str, int]) -> int:
    return max((met[code] for code in wanted if code in met), default=0)
