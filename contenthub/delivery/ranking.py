"""The best rows for a moment, best first, found by walking the index class by class instead of scoring everything."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, groupby, product
from operator import itemgetter
from typing import NamedTuple

from taxonomy.snapshot import TaxonomySnapshot

from .conditions import Sql, seen_by, unweighed
from .context import SEGMENT, Context
from .filters import ReadyFilter
from .nearness import Contender, Topic, by_priority, fit_of, in_order
from .walking import (
    Found,
    Meeting,
    Stream,
    Walk,
    conditions,
    meeting_several,
    meeting_topics,
    only_priority,
    own_terms,
    pick,
    sizes,
    walk,
)

_PROBE = 4  # at least so many rows are looked at to find the priority at which to go on
_FIRST_STREAMS, _MOST_STREAMS = 2, 60  # in one statement: the first, and at most; each has room for twice as many
_MOST_WALKS = 120  # at one priority; from there on scoring everything is no dearer
_FEW_TERMS = 4
_MOST_ALONG = 20
_LONG = 300  # rows of a stream: along the shorter is walked, two that are longer meet often enough along either
_MOST_ENTRIES = 100_000  # of streams: so many are looked at to find the rows that meet several
_MOST_MEETING = 2_000  # rows that meet several topics: so many are ranked one by one
_PICKED_AT_ONCE = 3  # times as many as are wanted: not all of them may be chosen
_ALL = 2**31

Order = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class _Class:
    """Rows that are on the line of some topics at given distances, and in a segment of a given depth; or better."""

    facets_met: int
    steps: int
    audience_depth: int
    walk: Walk

    @property
    def order(self) -> Order:
        return -self.facets_met, self.steps, -self.audience_depth


class _Near(NamedTuple):
    """A row by how near it is to the topics, the nearest the least: ``missed`` is minus how many it meets."""

    missed: int
    steps: int
    row_id: int


class Ranking:
    """The rows that may be chosen for a context, in the order of rank."""

    def __init__(
        self, context: Context, wanted: ReadyFilter, exclude: Sequence[str], taxonomy: TaxonomySnapshot
    ) -> None:
        self.context = context
        segment_facet = taxonomy.facet_id(SEGMENT)
        judged = [each for each in context.audiences if each.facet_id == segment_facet]
        others = tuple(each for each in context.audiences if each not in judged)
        self.must = conditions(replace(context, audiences=others), wanted, exclude)
        self.judged = tuple(seen_by(each) for each in judged)  # a row with a segment that is met needs no judging
        # Those with a segment that is met are in better classes: in the class without, only rows for everybody are new.
        self.for_all = tuple(unweighed(Sql(f"NOT r.{each.column}")) for each in judged)
        self.segments = {term.id: term.depth for one in context.segments or () for term in (one, *one.ancestors)}
        self.facet_ids = {*(topic.facet_id for topic in context.topics), segment_facet}
        self.all_rows = replace(_widest_walk(wanted, taxonomy), where=self.judged)

    def best(self, count: int) -> list[Contender]:
        """Return the first ``count`` rows by rank; fewer if there are no more."""
        only = None if self._is_flat else only_priority(self.context)
        if only is not None:
            return self._best_at(only, count)
        found: list[Contender] = []
        below: Sql | None = None
        probe = count if self._is_flat else max(count + 1, _PROBE)
        while len(found) < count:
            top = by_priority(self._score(self._walk([self.all_rows], probe, below)[0]))[:probe]
            if self._is_flat or len(top) < probe:
                return [*found, *in_order(top)][:count]
            # All rows above the last priority that was reached are known, those at it are not.
            edge = top[-1].fit.priority
            found += in_order(each for each in top if each.fit.priority > edge)
            if len(found) < count:
                found += self._best_at(edge, count - len(found))
            below = Sql("{p} < %s", (edge,))
        return found[:count]

    @property
    def _is_flat(self) -> bool:
        """Whether nothing but priority, time and key ranks these rows."""
        return not self.context.topics and not self.segments

    def _best_at(self, priority: int, count: int) -> list[Contender]:
        """Return the first rows of one priority."""
        near = self._meeting(priority)
        found = self._best_of(near or (), count)
        if len(found) >= count:
            return in_order(found.values())[:count]
        at = Sql("{p} = %s", (priority,))
        walked = 0
        for batch in _batches(self._classes(several_topics=near is None)):
            walked += len(batch)
            if walked > _MOST_WALKS:
                return in_order(self._score(self._walk([self.all_rows], _ALL, at)[0]))[:count]
            # What better classes hold, fewer than are wanted, stands in each class again.
            rows = self._walk([each.walk for each in batch], 2 * count, at)
            new = {row for each in rows for row in each if row.row_id not in found}
            scored = {each.row_id: each for each in self._score(new)}
            for _order, same in groupby(zip(batch, rows, strict=True), key=lambda pair: pair[0].order):
                for _, members in same:
                    found |= {row.row_id: scored[row.row_id] for row in members if row.row_id in scored}
                if len(found) >= count:
                    return in_order(found.values())[:count]
        return in_order(found.values())[:count]

    def _meeting(self, priority: int) -> list[_Near] | None:
        """Return the rows that meet several topics, the nearest first; None: there are too many.

        Few rows meet two, and most classes of those that do are empty: walking each would pass every row of a topic
        to find so. Where too much would have to be looked at, classes are walked: there they are full.
        """
        topics = self.context.topics
        if len(topics) < 2:
            return []
        groups = [_steps_by_stream(topic) for topic in topics]
        found = meeting_several(groups, self.context, priority, _MOST_ENTRIES)
        if found is not None:
            return sorted(map(_near, found))
        widest_last = [
            group for _, group in sorted(zip(map(_depth_of, topics), groups, strict=True), key=itemgetter(0))
        ]
        row_ids = meeting_topics(widest_last, self.context, priority, _MOST_MEETING)
        if row_ids is None:
            return None
        fits = ((row_id, fit_of(priority, own, topics, {})) for row_id, own in self._own_terms(row_ids).items())
        return sorted(_Near(-fit.facets_met, fit.steps, row_id) for row_id, fit in fits)

    def _best_of(self, near: Sequence[_Near], count: int) -> dict[int, Contender]:
        """Return the best of some rows that may be chosen: whole classes, until there are ``count``."""
        found: dict[int, Contender] = {}
        for batch in _whole_classes(near, _PICKED_AT_ONCE * count):
            rows = pick([each.row_id for each in batch], [*self.must, *self.judged])
            found |= {each.row_id: each for each in self._score(rows)}
            if len(found) >= count:
                break
        return found

    def _own_terms(self, row_ids: Iterable[int]) -> dict[int, list[int]]:
        """Return the terms that rows are ranked by, by the rows' ids."""
        own: defaultdict[int, list[int]] = defaultdict(list)
        for row_id, term_id in own_terms(row_ids, self.facet_ids):
            own[row_id].append(term_id)
        return own

    def _classes(self, *, several_topics: bool) -> list[_Class]:
        """Return the classes of rows, best first; the last is all rows."""
        topics = [
            [(streams, steps) for steps, streams in sorted(_distances(topic).items())] for topic in self.context.topics
        ]
        if several_topics:
            combined = [[one for one in chosen if one] for chosen in product(*([None, *each] for each in topics))]
        else:
            combined = [[], *([one] for each in topics for one in each)]
        by_depth = {
            depth: tuple(Stream(pk, 0) for pk, own in sorted(self.segments.items()) if own == depth)
            for depth in sorted({*self.segments.values(), 0}, reverse=True)
        }
        has_choice = several_topics or len(by_depth) > 1 or self.all_rows.along is not None
        groups = [*(streams for each in topics for streams, _ in each), *by_depth.values(), self.all_rows.along or ()]
        size_of = self._sizes(groups if has_choice else [])
        classes = []
        for met in combined:
            for depth, segments in by_depth.items():
                groups = [*(streams for streams, _ in met), *([segments] if depth else [])]
                walk = self._through(groups, () if depth else self.for_all, size_of)
                classes.append(_Class(len(met), sum(steps for _, steps in met), depth, walk))
        return sorted(classes, key=lambda each: each.order)

    def _sizes(self, groups: Iterable[tuple[Stream, ...]]) -> Callable[[tuple[Stream, ...]], int]:
        """Return what tells how many rows there are along a group of streams, as far as it matters."""
        found = sizes(list(dict.fromkeys(chain.from_iterable(groups))), self.context, _LONG)
        return lambda group: sum(found.get(stream, 0) for stream in group)

    def _through(
        self,
        groups: Sequence[tuple[Stream, ...]],
        where: tuple[Sql, ...],
        size_of: Callable[[tuple[Stream, ...]], int],
    ) -> Walk:
        """Return the walk that finds the rows of all groups, along the fewest rows; what the filter wants, all meet."""
        narrow = [group for group in (*groups, self.all_rows.along) if group and len(group) <= _MOST_ALONG]
        along = min(narrow, key=size_of, default=None)
        return Walk(along, tuple(group for group in groups if group is not along), where)

    def _walk(self, walks: Sequence[Walk], limit: int, priority: Sql | None) -> list[list[Found]]:
        return walk(walks, self.context, self.must, limit=limit, priority=priority)

    def _score(self, rows: Iterable[Found]) -> list[Contender]:
        rows = list(rows)
        own = self._own_terms([] if self._is_flat else [row.row_id for row in rows])
        topics, segments = self.context.topics, self.segments
        return [
            Contender(row.row_id, row.published_at, row.key, fit_of(row.priority, own[row.row_id], topics, segments))
            for row in rows
        ]


def _near(meeting: Meeting) -> _Near:
    steps = [value for value in meeting.values if value is not None]
    return _Near(-len(steps), sum(steps), meeting.row_id)


def _whole_classes(near: Sequence[_Near], size: int) -> Iterator[list[_Near]]:
    """Cut rows into batches of at least ``size`` where there are so many; rows that are equally near stay together."""
    batch: list[_Near] = []
    for _, same in groupby(near, key=lambda each: each[:2]):
        batch += same
        if len(batch) >= size:
            yield batch
            batch = []
    if batch:
        yield batch


def _depth_of(topic: Topic) -> int:
    """Return how deep its widest term stands, negative: the wider a topic, the later it comes."""
    return -min(term.depth for term in topic.terms)


def _steps_by_stream(topic: Topic) -> dict[Stream, int]:
    return {stream: steps for steps, streams in _distances(topic).items() for stream in streams}


def _distances(topic: Topic) -> dict[int, tuple[Stream, ...]]:
    """Return by distance the streams of rows that have a term so many steps from the topic, on its line."""
    found: dict[int, dict[Stream, None]] = {}
    for term in topic.terms:
        for above, steps in term.steps_up.items():
            found.setdefault(steps, {})[Stream(above.id, 0)] = None
        for steps in set(term.steps_down.values()):
            found.setdefault(steps, {})[Stream(term.id, steps)] = None
    return {steps: tuple(streams) for steps, streams in found.items()}


def _widest_walk(wanted: ReadyFilter, taxonomy: TaxonomySnapshot) -> Walk:
    """Return the walk that finds every row that may be chosen: along the filter's narrowest terms, if it has any."""
    narrow = [each for each in wanted.terms if each.wanted and 0 < len(each.ids) <= _FEW_TERMS]
    if not narrow:
        return Walk(None)
    found = max(narrow, key=lambda each: min(taxonomy.by_id(pk).depth for pk in each.ids))
    streams = []
    for pk in sorted(found.ids):
        below = taxonomy.by_id(pk).steps_down.values()
        streams += [Stream(pk, steps) for steps in sorted({0} if found.own else set(below))]
    return Walk(tuple(streams))


def _batches(classes: Sequence[_Class]) -> Iterator[list[_Class]]:
    """Cut the classes into statements: few streams at first, since the best classes often suffice.

    Classes of the same order stay together.
    """
    batch: list[_Class] = []
    size, most = 0, _FIRST_STREAMS
    for _, same in groupby(classes, key=lambda each: each.order):
        equals = list(same)
        streams = sum(len(each.walk.along or (None,)) for each in equals)
        # To pass all rows takes long, and what comes before often suffices.
        passes_all = any(each.walk.along is None for each in equals)
        if batch and (passes_all or size + streams > most):
            yield batch
            batch, size, most = [], 0, min(2 * most, _MOST_STREAMS)
        batch += equals
        size += streams
    if batch:
        yield batch
