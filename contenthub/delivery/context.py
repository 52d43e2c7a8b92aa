"""What the caller knows when it reads: the context in which items are seen."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Protocol

from channels.registry import ChannelEntry, ChannelRegistry
from locales.catalogue import LocaleCatalogue, LocaleEntry
from locales.tags import MalformedTag, canonical_tag
from taxonomy.snapshot import TaxonomySnapshot, TermView

from .allocation import Experiment, allocate, check_subject
from .codes import Fallback
from .consumers.scope import RowScope
from .nearness import Topic, make_topic
from .refusals import BadArgument, NotAllowed, UnknownCode
from .targeting import Assignment, AssignmentSource, Standing, channel_depths, depths_met

SEGMENT = "segment"
MARKET = "market"
MOST_ABOUT = 50


@dataclass(frozen=True, slots=True)
class Audience:
    """That items with own terms of a facet are seen only if they have one of ``term_ids``.

    ``column`` of an index row says whether the item has any.
    """

    facet_id: int
    term_ids: frozenset[int]
    column: str


@dataclass(frozen=True, slots=True)
class Context:
    """A context made sure of: every code in it is one of the hub's.

    ``segments`` is None where the caller said nothing of segments: then audience is not judged. ``at`` is the
    instant that the caller named, ``instant`` the one that counts. ``channel_ids`` are those of the channel and
    of what stands above it. ``topics`` are what the moment is about. ``standing`` is what decides on variants,
    ``assignments`` among it.
    ``scope`` is what the consumer is limited to, if it is.
    """

    locale: LocaleEntry
    instant: datetime
    fallback: Fallback = Fallback.CHAIN
    channel: ChannelEntry | None = None
    channel_ids: frozenset[int] = frozenset()
    market: TermView | None = None
    segments: tuple[TermView, ...] | None = None
    audiences: tuple[Audience, ...] = ()
    at: datetime | None = None
    is_past: bool = False
    topics: tuple[Topic, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    standing: Standing = field(default_factory=Standing)
    scope: RowScope | None = None

    @property
    def question(self) -> list:
        """The part of the context that a cursor belongs to, as plain values."""
        return [
            self.locale.code,
            self.fallback.value,
            self.channel and self.channel.code,
            self.market and self.market.code,
            None if self.segments is None else sorted(term.code for term in self.segments),
            self.at and self.at.timestamp(),
            sorted(self.standing.arms.items()),
            *(self.scope.question if self.scope else ()),
        ]


@dataclass(frozen=True, slots=True)
class ContextRequest:
    """A context as the caller gave it."""

    locale: str | None = None
    fallback: Fallback = Fallback.CHAIN
    channel: str | None = None
    market: str | None = None
    segments: tuple[str, ...] | None = None
    external_segments: tuple[tuple[str, str], ...] | None = None
    about: tuple[tuple[str, tuple[str, ...]], ...] = ()
    subject: str | None = None
    assignments: tuple[tuple[str, str], ...] = ()
    at: datetime | None = None
    strict: bool = False
    preview: str | None = None


class Surroundings(Protocol):
    """What a request stands in: the hub's catalogues, the clock, and an ear for notices.

    ``experiments`` tells which run at an instant, by code.
    """

    taxonomy: TaxonomySnapshot
    locales: LocaleCatalogue
    channels: ChannelRegistry
    experiments: Callable[[datetime], Sequence[Experiment]]
    now: datetime
    notice: Callable[..., None]


def resolve_context(given: ContextRequest, around: Surroundings, *, may_travel: bool = False) -> Context:
    """Return the context that ``given`` means: unknown codes left out and the locale negotiated, each with a notice.

    ``may_travel`` is the right to name another instant than now.

    Raises:
        UnknownCode: ``given`` is strict and names something that the hub does not have.
        BadArgument: ``at`` has no offset, or is past in a preview, or ``subject`` tells who the customer is.
        NotAllowed: ``at`` is given without the right to it.
    """
    instant = _resolve_instant(given, around.now, may_travel)
    channel = _resolve_channel(given, around)
    market = _resolve_market(given, around)
    segments = _resolve_segments(given, around)
    audiences = [_audience(SEGMENT, segments, around)] if segments is not None else []
    if market:
        audiences.append(_audience(MARKET, [market], around))
    assignments = _resolve_assignments(given, around, instant)
    return Context(
        locale=_resolve_locale(given, around),
        instant=instant,
        fallback=given.fallback,
        channel=channel,
        channel_ids=channel_line(channel.code, around.channels) if channel else frozenset(),
        market=market,
        segments=segments,
        audiences=tuple(audiences),
        at=given.at,
        is_past=instant < around.now,
        topics=_resolve_about(given, around),
        assignments=assignments,
        standing=_standing(segments, market, channel, assignments),
    )


def judging_audience(context: Context, around: Surroundings) -> Context:
    """Return the context with segments and market judged also where the caller said nothing of them: it means none."""
    segments, market = context.segments or (), [context.market] if context.market else []
    audiences = (_audience(SEGMENT, segments, around), _audience(MARKET, market, around))
    return replace(context, segments=tuple(segments), audiences=audiences)


def in_channel(context: Context, channel: ChannelEntry, around: Surroundings) -> Context:
    """Return the context as it would be in another channel."""
    return replace(
        context,
        channel=channel,
        channel_ids=channel_line(channel.code, around.channels),
        standing=replace(context.standing, channels=channel_depths(channel)),
    )


def as_utc(instant: datetime, argument: str) -> datetime:
    """Return an instant that a caller gave, in UTC.

    Raises:
        BadArgument: it has no offset, or lies outside the years 1 to 9999.
    """
    if instant.tzinfo is None:
        raise BadArgument(f"'{instant.isoformat()}' has no offset: write it as {instant.isoformat()}Z.", argument)
    try:
        return instant.astimezone(UTC)
    except OverflowError as error:
        message = f"'{instant.isoformat()}' is outside the years 1 to 9999: choose a nearer instant."
        raise BadArgument(message, argument) from error


def channel_line(code: str, channels: ChannelRegistry) -> frozenset[int]:
    """Return the ids of a channel and of all above it."""
    channel = channels.get(code)
    return frozenset(channels.by_code[each].id for each in (code, *channel.ancestors))


def _resolve_locale(given: ContextRequest, around: Surroundings) -> LocaleEntry:
    if given.locale is None:
        return around.locales.default
    try:
        asked = canonical_tag(given.locale)
        found = around.locales.negotiate(asked)
    except MalformedTag as error:
        if given.strict:
            error.argument = "context.locale"
            raise
        asked, found = given.locale, None
    if found and found.code == asked:
        return found
    if found is None:
        _unknown(given, around, "locale", given.locale, f"answered in the default, {around.locales.default.code}")
        return around.locales.default
    _unknown(given, around, "locale", given.locale, f"answered in the nearest, {found.code}", "LOCALE_NEGOTIATED")
    return found


def _resolve_instant(given: ContextRequest, now: datetime, may_travel: bool) -> datetime:
    if given.at is None:
        return now
    if not may_travel:
        raise NotAllowed("'at' wants the right 'time', which this caller does not have.", "context.at")
    at = as_utc(given.at, "context.at")
    if at < now and given.preview is not None:
        message = f"'{at.isoformat()}' is past, and a draft was not on air then: leave 'at' or 'preview' out."
        raise BadArgument(message, "context.at")
    return at


def _resolve_channel(given: ContextRequest, around: Surroundings) -> ChannelEntry | None:
    if given.channel is None:
        return None
    found = around.channels.find(given.channel)
    if found is None:
        _unknown(given, around, "channel", given.channel)
    return found


def _resolve_market(given: ContextRequest, around: Surroundings) -> TermView | None:
    if given.market is None:
        return None
    return _resolve_term(given, around, MARKET, given.market, "market")


def _resolve_segments(given: ContextRequest, around: Surroundings) -> tuple[TermView, ...] | None:
    if given.segments is None and given.external_segments is None:
        return None
    terms = [_resolve_term(given, around, SEGMENT, code, "segments") for code in given.segments or ()]
    for system, identifier in given.external_segments or ():
        found = around.taxonomy.find_external(system, identifier)
        if found is None or found.facet != SEGMENT:
            _unknown(given, around, SEGMENT, f"{system} {identifier}", argument="externalSegments")
        else:
            terms.append(_resolve_term(given, around, SEGMENT, found.code, "externalSegments"))
    return tuple({term.id: term for term in terms if term}.values())


def _resolve_about(given: ContextRequest, around: Surroundings) -> tuple[Topic, ...]:
    topics = []
    for facet, codes in given.about:
        if len(codes) > MOST_ABOUT:
            message = f"{len(codes):,} terms are more than {MOST_ABOUT}: name those that the moment is about most."
            raise BadArgument(message, f"context.about.{facet}")
        found = [_resolve_term(given, around, facet, code, f"about.{facet}") for code in codes]
        terms = list({term.id: term for term in found if term}.values())
        if terms:
            topics.append(make_topic(facet, around.taxonomy.facet_id(facet), terms))
    return tuple(topics)


def _resolve_assignments(given: ContextRequest, around: Surroundings, instant: datetime) -> tuple[Assignment, ...]:
    """Return the arms that the caller brings, and those that its subject is given in the other experiments."""
    if given.subject is not None:
        check_subject(given.subject)
    elif not given.assignments:
        return ()
    running = {experiment.code: experiment for experiment in around.experiments(instant)}
    brought: dict[str, str] = {}
    for code, arm in given.assignments:
        if code not in running:
            _unknown(given, around, "running experiment", code, argument="assignments")
        elif all(arm != one.code for one in running[code].arms):
            _unknown(given, around, f"arm of {code}", arm, argument="assignments")
        else:
            brought[code] = arm
    found = []
    for code, experiment in running.items():
        if code in brought:
            found.append(Assignment(code, brought[code], source=AssignmentSource.GIVEN))
        elif given.subject is not None and (allocation := allocate(experiment, given.subject)):
            found.append(Assignment(code, *allocation, source=AssignmentSource.ALLOCATED))
    return tuple(found)


def _resolve_term(given: ContextRequest, around: Surroundings, facet: str, code: str, argument: str) -> TermView | None:
    found = around.taxonomy.find(code)
    if found is None or found.facet != facet:
        _unknown(given, around, facet, code, argument=argument)
        return None
    resolution = around.taxonomy.resolve(code)
    if resolution.notice:
        around.notice(resolution.notice.code, resolution.notice.message, f"context.{argument}")
    return resolution.term


def _audience(facet: str, terms: Iterable[TermView], around: Surroundings) -> Audience:
    met = frozenset(pk for term in terms for pk in term.self_and_ancestors_ids)
    return Audience(around.taxonomy.facet_id(facet), met, {SEGMENT: "has_segments", MARKET: "has_markets"}[facet])


def _standing(
    segments: Iterable[TermView] | None,
    market: TermView | None,
    channel: ChannelEntry | None,
    assignments: Iterable[Assignment],
) -> Standing:
    return Standing(
        segments=depths_met(segments or ()),
        markets=depths_met([market] if market else ()),
        channels=channel_depths(channel) if channel else {},
        arms={each.experiment: each.arm for each in assignments if each.arm is not None},
    )


def _unknown(
    given: ContextRequest,
    around: Surroundings,
    kind: str,
    code: str,
    consequence: str = "ignored",
    notice: str = "UNKNOWN_CODE",
    argument: str | None = None,
) -> None:
    argument = f"context.{argument or kind}"
    if given.strict:
        raise UnknownCode(f"There is no {kind} '{code}': use one of the hub's, or leave 'strict' out.", argument)
    around.notice(notice, f"There is no {kind} '{code}': {consequence}.", argument)
