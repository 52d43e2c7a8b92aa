"""What a reader may ask for: a filter made sure of, and the rows of the published store that meet it."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import orjson
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from .codes import Depth, Fallback
from .consumers.scope import RowScope
from .context import Audience, Context, Surroundings, as_utc, channel_line
from .models import ChannelRow, IndexRow, TermRow
from .refusals import BadArgument, UnknownCode
from .search import SearchQuery, in_fields, parse_search

MOST_CODES = 1_000
MOST_CONDITIONS = 50
MOST_SEARCH_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class TermFilter:
    """Which terms of one facet items must have: codes as given, None where nothing was said."""

    any_of: tuple[str, ...] | None = None
    all_of: tuple[str, ...] | None = None
    none_of: tuple[str, ...] | None = None
    depth: Depth = Depth.SELF_AND_DESCENDANTS


@dataclass(frozen=True, slots=True)
class ItemFilter:
    """Which items are asked for: all that is given must hold, None restricts nothing.

    ``terms`` are pairs of a facet's code and what its terms must be.
    """

    keys: tuple[str, ...] | None = None
    types: tuple[str, ...] | None = None
    terms: tuple[tuple[str, TermFilter], ...] = ()
    channels: tuple[str, ...] | None = None
    search: str | None = None
    updated_since: datetime | None = None

    @property
    def question(self) -> list:
        """The filter as plain values: what a cursor belongs to."""
        return [
            self.keys,
            self.types,
            [[facet, terms.any_of, terms.all_of, terms.none_of, terms.depth.value] for facet, terms in self.terms],
            self.channels,
            self.search,
            self.updated_since and self.updated_since.timestamp(),
        ]


@dataclass(frozen=True, slots=True)
class TermCondition:
    """That items have, or have not, one of some terms: themselves, or (``own`` is False) by what stands below.

    ``depth`` is that of the widest of the terms, a root's is 1: the deeper, the fewer the items.
    """

    ids: frozenset[int]
    own: bool
    wanted: bool
    depth: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Shifts:
    """What variants change in a list, by the ids of index rows whose rendition was looked at.

    ``ranks`` says how well a rendition meets the search, None: not at all. ``changed`` are renditions that are newer
    than their base, with their instants.
    """

    ranks: Mapping[int, int | None] = field(default_factory=dict)
    changed: Mapping[int, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReadyFilter:
    """A filter whose codes are made sure of and turned into row ids; ``shifts`` is None until variants are read."""

    given: ItemFilter = ItemFilter()
    terms: tuple[TermCondition, ...] = ()
    channels: frozenset[int] | None = None
    search: SearchQuery | None = None
    shifts: Shifts | None = None


def prepare_filter(given: ItemFilter, around: Surroundings, known_types: Callable[[], Collection[str]]) -> ReadyFilter:
    """Return the filter ready for use, with a notice for each retired term in it.

    ``known_types`` is asked for the codes of all item types if the filter names any.

    Raises:
        UnknownCode: a type, channel, facet or term is not there, or a term is of another facet.
        BadArgument: a list or the search is too long, or ``updated_since`` has no offset.
    """
    for name, values in (("keys", given.keys), ("types", given.types), ("channels", given.channels)):
        _check_length(values, f"filter.{name}")
    if given.types and (unknown := sorted(set(given.types) - set(known_types()))):
        raise UnknownCode(f"There is no item type '{unknown[0]}': use a code of itemTypes.", "filter.types")
    if given.search and len(given.search) > MOST_SEARCH_CHARACTERS:
        message = f"The search has {len(given.search):,} characters: at most {MOST_SEARCH_CHARACTERS} are searched."
        raise BadArgument(message, "filter.search")
    if given.updated_since:
        given = replace(given, updated_since=as_utc(given.updated_since, "filter.updatedSince"))
    terms = tuple(condition for facet, terms in given.terms for condition in _conditions(facet, terms, around))
    if len(terms) > MOST_CONDITIONS:
        message = f"{len(terms):,} conditions on terms are more than {MOST_CONDITIONS}: shorten allOf or facets."
        raise BadArgument(message, "filter")
    return ReadyFilter(
        given=given,
        terms=terms,
        channels=_channel_ids(given.channels, around),
        search=parse_search(given.search) if given.search else None,
    )


def visible_rows(context: Context) -> QuerySet[IndexRow]:
    """Return the rows that answer in this context: live at its instant, meant for its channel and audience."""
    rows = rows_on_air(context)
    if context.channel:
        rows = rows.filter(meant_for(context.channel_ids))
    for audience in context.audiences:
        rows = rows.filter(seen_by(audience))
    return rows


def rows_on_air(context: Context) -> QuerySet[IndexRow]:
    """Return the rows that are live in the context's locale at its instant, whomever they are meant for."""
    rows = IndexRow.objects.filter(
        locale_id=context.locale.id, starts_at__lte=context.instant, ends_at__gt=context.instant
    )
    rows = in_scope(rows, context.scope)
    return rows.filter(is_fallback=False) if context.fallback is Fallback.NONE else rows


def matching_rows(rows: QuerySet[IndexRow], wanted: ReadyFilter, context: Context) -> QuerySet[IndexRow]:
    """Return those of ``rows`` that meet the filter."""
    given, shifts = wanted.given, wanted.shifts or Shifts()
    if given.keys is not None:
        rows = rows.filter(key__in={key for key in given.keys if is_storable(key)})
    if given.types is not None:
        rows = rows.filter(type__in=set(given.types))
    if given.updated_since is not None:
        rows = rows.filter(changed_since(given.updated_since, shifts))
    if given.search is not None:
        rows = rows.filter(found_by(wanted.search, shifts)) if wanted.search else rows.none()
    if wanted.channels is not None:
        rows = rows.filter(meant_for(wanted.channels)) if wanted.channels else rows.none()
    for condition in wanted.terms:
        under = TermRow.objects.filter(locale_id=context.locale.id, term_id__in=condition.ids)
        under = Q(id__in=(under.filter(is_own=True) if condition.own else under).values("row_id"))
        rows = rows.filter(under if condition.wanted else ~under)
    return rows


def single_term(wanted: ReadyFilter) -> TermCondition | None:
    """Return the condition that names one term, the deepest if there are several: a list can be read along it."""
    single = [each for each in wanted.terms if each.wanted and len(each.ids) == 1]
    return max(single, key=lambda each: each.depth, default=None)


def seen_keys(keys: Collection[str], scope: RowScope | None, now: datetime) -> set[str]:
    """Return those of some keys whose items are on air, in whatever locale, for a consumer of this scope."""
    rows = IndexRow.objects.filter(key__in=keys, starts_at__lte=now, ends_at__gt=now)
    return set(in_scope(rows, scope).values_list("key", flat=True))


def is_storable(text: str) -> bool:
    """Tell whether a text can stand in the database at all: PostgreSQL refuses even to look for a NUL."""
    return "\0" not in text


def restricts(context: Context) -> bool:
    """Tell whether the context hides anything that is live in its locale."""
    return bool(context.scope or context.fallback is Fallback.NONE or context.channel or context.audiences)


def in_scope(rows: QuerySet[IndexRow], scope: RowScope | None) -> QuerySet[IndexRow]:
    """Return those of ``rows`` that a consumer may see."""
    if scope is None:
        return rows
    if scope.types is not None:
        rows = rows.filter(type__in=scope.types)
    if scope.keys is not None:
        rows = rows.filter(key__in=scope.keys)
    return rows if scope.channel_ids is None else rows.filter(meant_for(scope.channel_ids))


def ids_in(ids: Collection[int]) -> Q:
    """Return that the row is one of these: any number of them in one parameter."""
    if not ids:
        return Q(pk__in=[])
    if connection.vendor == "postgresql":
        return Q(pk__in=RawSQL("SELECT unnest(%s::bigint[])", [list(ids)]))
    return Q(pk__in=RawSQL("SELECT value FROM json_each(%s)", [orjson.dumps(list(ids)).decode()]))


def changed_since(instant: datetime, shifts: Shifts) -> Q:
    """Return that the rendition was changed at an instant or later: the base, or a variant that wins over it."""
    later = [pk for pk, changed_at in shifts.changed.items() if changed_at >= instant]
    return Q(updated_at__gte=instant) | ids_in(later) if later else Q(updated_at__gte=instant)


def found_by(search: SearchQuery, shifts: Shifts) -> Q:
    """Return that the rendition holds the search: the base does, or where variants change that, they do."""
    found = in_fields(search, "rest")
    if not shifts.ranks:
        return found
    return (found & ~ids_in([*shifts.ranks])) | ids_in([pk for pk, rank in shifts.ranks.items() if rank is not None])


def meant_for(channels: frozenset[int]) -> Q:
    """Return that a row is meant for one of these channels, or for every channel."""
    named = ChannelRow.objects.filter(row_id=OuterRef("id"), channel_id__in=channels)
    return Q(has_channels=False) | RowByRow(named)


def seen_by(audience: Audience) -> Q:
    """Return that a row has no terms of the audience's facet, or one that is met."""
    met = TermRow.objects.filter(row_id=OuterRef("id"), is_own=True, term_id__in=audience.term_ids)
    return Q(**{audience.column: False}) | RowByRow(met)


class RowByRow(Exists):
    """EXISTS asked of one row at a time, as a walk along an index wants it that ends after a page.

    PostgreSQL would gather all rows of the inner query beforehand; OFFSET keeps it from that.
    """

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> tuple[str, Any]:
        return self.as_sql(compiler, connection, template="EXISTS(%(subquery)s OFFSET 0)", **more)


def _conditions(facet: str, given: TermFilter, around: Surroundings) -> Iterator[TermCondition]:
    if facet not in around.taxonomy.facets:
        raise UnknownCode(f"There is no facet '{facet}': use a code of facets.", "filter.facets")

    def ids(codes: tuple[str, ...], name: str) -> list[frozenset[int]]:
        argument = f"filter.{facet}.{name}"
        _check_length(codes, argument)
        return [_term_ids(code, facet, given.depth, argument, around) for code in codes]

    own = given.depth is not Depth.SELF_AND_DESCENDANTS

    def demanding(pks: frozenset[int]) -> TermCondition:
        depth = min((around.taxonomy.by_id(pk).depth for pk in pks), default=0)
        return TermCondition(pks, own, wanted=True, depth=depth)

    if given.any_of is not None:
        yield demanding(frozenset().union(*ids(given.any_of, "anyOf")))
    for each in ids(given.all_of or (), "allOf"):
        yield demanding(each)
    if given.none_of:
        yield TermCondition(frozenset().union(*ids(given.none_of, "noneOf")), own, wanted=False)


def _term_ids(code: str, facet: str, depth: Depth, argument: str, around: Surroundings) -> frozenset[int]:
    found = around.taxonomy.find(code)
    if found is None:
        raise UnknownCode(f"There is no term '{code}': use a code of terms(facet: \"{facet}\").", argument)
    if found.facet != facet:
        raise UnknownCode(f"'{code}' is a term of {found.facet}, not of {facet}.", argument)
    stands_for = around.taxonomy.expand_for_filter(code)
    if notice := around.taxonomy.resolve(code).notice:
        around.notice(notice.code, notice.message, argument)
    if depth is Depth.SELF_AND_ANCESTORS:
        return frozenset(pk for term in stands_for for pk in term.self_and_ancestors_ids)
    return frozenset(term.id for term in stands_for)


def _channel_ids(codes: tuple[str, ...] | None, around: Surroundings) -> frozenset[int] | None:
    if codes is None:
        return None
    for code in codes:
        if around.channels.find(code) is None:
            raise UnknownCode(f"There is no channel '{code}': use a code of channels.", "filter.channels")
    return frozenset(pk for code in codes for pk in channel_line(code, around.channels))


def _check_length(values: tuple | None, argument: str) -> None:
    if values and len(values) > MOST_CODES:
        raise BadArgument(f"{len(values):,} values are more than {MOST_CODES:,}: ask in parts.", argument)
