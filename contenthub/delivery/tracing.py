"""Why a decision came out as it did: how many items each step kept, and what became of single ones.

Reads everything anew, step by step, as ``visible_rows`` and ``matching_rows`` have it; only when asked.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import pairwise

import orjson
from django.db.models import QuerySet

from .codes import TraceOutcome
from .context import Context, Surroundings
from .deciding import Decision
from .documents import Json
from .filters import in_scope, is_storable, matching_rows, meant_for, rows_on_air, seen_by
from .models import IndexRow
from .nearness import Contender
from .ordering import by_code_point
from .refusals import BadArgument

MOST_CANDIDATES = 100


@dataclass(frozen=True, slots=True)
class Step:
    """How many items one step of a decision kept, and how many it dropped."""

    name: str
    kept: int
    dropped: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """What became of one item; ``score`` is what it was ranked by, None where it was not ranked."""

    key: str
    outcome: TraceOutcome
    reason: str
    variant: str | None = None
    score: Json | None = None


class Trace:
    """The record of a decision. It names only terms and channels that ``around`` shows.

    What is not on air is told only to those who may know of it.
    """

    def __init__(self, decision: Decision, around: Surroundings, *, tells_off_air: bool) -> None:
        self.decision = decision
        self.around = around
        self.context = decision.context
        on_air = rows_on_air(self.context)
        known = in_scope(IndexRow.objects.filter(locale_id=self.context.locale.id), self.context.scope)
        if self.context.is_past:  # of the others only some are in the index
            keys = decision.wanted.given.keys
            on_air, known = on_air.filter(key__in=keys), known.filter(key__in=keys)
        self._on_air = on_air
        self._off_air = known.exclude(item_id__in=on_air.values("item_id"))
        if not tells_off_air:  # only what fallback would have served
            instant = self.context.instant
            self._off_air = self._off_air.filter(starts_at__lte=instant, ends_at__gt=instant)

    def considered(self) -> int:
        """Return how many items the hub has in the locale: on air, or not as well where that is told."""
        return self._on_air.count() + _items(self._off_air)

    def steps(self) -> list[Step]:
        """Return what each step kept, in their order."""
        off_air = _items(self._matching(self._off_air))
        stages = [rows.count() for _, rows in self._stages()]
        chosen = len(self.decision.chosen)
        considered, live = self.considered(), stages[0]
        steps = [Step("filter", live + off_air, considered - live - off_air), Step("live", live, off_air)]
        names = ("channel", "audience", "market", "excluded")
        pairs = zip(names, pairwise(stages), strict=True)
        steps += [Step(name, kept, before - kept) for name, (before, kept) in pairs]
        return [*steps, Step("ranked", chosen, stages[-1] - chosen)]

    def candidates(self, first: int = 20) -> list[Candidate]:
        """Return single items: those chosen, those ranked below them, then those dropped, the last dropped first.

        Raises:
            BadArgument: ``first`` is out of bounds.
        """
        if not 1 <= first <= MOST_CANDIDATES:
            raise BadArgument(f"'first' is {first}: ask for 1 to {MOST_CANDIDATES} candidates.", "first")
        found = self._ranked(first)
        for outcome, rows in self._dropped():
            if len(found) < first:
                found += self._told(outcome, rows, first - len(found))
        return found

    def _stages(self) -> Iterator[tuple[TraceOutcome, QuerySet[IndexRow]]]:
        """Yield what is left when each outcome has been dropped, NOT_LIVE first."""
        rows = self._matching(self._on_air)
        yield TraceOutcome.NOT_LIVE, rows
        if self.context.channel:
            rows = rows.filter(meant_for(self.context.channel_ids))
        yield TraceOutcome.CHANNEL, rows
        for outcome, audience in zip((TraceOutcome.AUDIENCE, TraceOutcome.MARKET), self.context.audiences, strict=True):
            rows = rows.filter(seen_by(audience))
            yield outcome, rows
        keys = {key for key in self.decision.exclude if is_storable(key)}
        yield TraceOutcome.EXCLUDED, rows.exclude(key__in=keys)

    def _dropped(self) -> Iterator[tuple[TraceOutcome, QuerySet[IndexRow]]]:
        """Yield what each outcome has dropped, the last first."""
        stages = list(self._stages())
        for (_, before), (outcome, after) in reversed(list(pairwise(stages))):
            yield outcome, before.exclude(pk__in=after.values("pk"))
        yield TraceOutcome.NOT_LIVE, self._matching(self._off_air)

    def _matching(self, rows: QuerySet[IndexRow]) -> QuerySet[IndexRow]:
        return matching_rows(rows, self.decision.wanted, self.context)

    def _ranked(self, count: int) -> list[Candidate]:
        chosen = self.decision.chosen
        known = chosen if count <= len(chosen) else self.decision.ranking.best(count)
        winners = {item.key: item.winning[0].code for item in self.decision.items if item.winning}
        return [
            self._ranked_one(place, each, winners.get(each.key)) for place, each in enumerate(known[:count], start=1)
        ]

    def _ranked_one(self, place: int, contender: Contender, variant: str | None) -> Candidate:
        fit, topics = contender.fit, len(self.context.topics)
        is_chosen = place <= len(self.decision.chosen)
        parts = [f"priority {fit.priority}"]
        if topics:
            parts.append(f"{fit.facets_met} of {topics} facets met")
        if fit.facets_met:
            parts.append(f"{fit.steps} {'step' if fit.steps == 1 else 'steps'} away")
        if fit.audience_depth:
            parts.append(f"meets a segment of depth {fit.audience_depth}")
        below = "" if is_chosen else f", {len(self.decision.chosen)} chosen before it"
        return Candidate(
            key=contender.key,
            outcome=TraceOutcome.CHOSEN if is_chosen else TraceOutcome.RANKED_BELOW,
            reason=f"Rank {place}{below}: {', '.join(parts)}; then the newest, then by key.",
            variant=variant,
            score={
                "rank": place,
                "priority": fit.priority,
                "facetsMet": fit.facets_met,
                "steps": fit.steps,
                "audienceDepth": fit.audience_depth,
            },
        )

    def _told(self, outcome: TraceOutcome, rows: QuerySet[IndexRow], count: int) -> list[Candidate]:
        ordered = rows.order_by("-priority", "-published_at", by_code_point("key"), "starts_at")
        found: dict[str, Candidate] = {}
        for row in ordered.select_related("document").defer("document__body")[: count * 2]:
            # An item off air may have several rows: the first tells.
            found.setdefault(row.key, Candidate(row.key, outcome, self._reason(outcome, row)))
        return list(found.values())[:count]

    def _reason(self, outcome: TraceOutcome, row: IndexRow) -> str:
        if outcome is TraceOutcome.EXCLUDED:
            return "The caller excluded it."
        if outcome is TraceOutcome.NOT_LIVE:
            return _not_live(row, self.context)
        head = orjson.loads(row.document.head)
        if outcome is TraceOutcome.CHANNEL:
            own = [code for code in head["channels"] if self.around.channels.find(code)]
            return f"It is meant for {_named(own, 'other channels')}, not for {self.context.channel.code}."
        facet = "segment" if outcome is TraceOutcome.AUDIENCE else "market"
        own = [code for code in head["terms"] if code.startswith(f"{facet}:") and self.around.taxonomy.find(code)]
        met = "meets none of them" if facet == "segment" else "is in none of them"
        return f"It is meant for {_named(own, f'other {facet}s')}; the context {met}."


def _not_live(row: IndexRow, context: Context) -> str:
    where = f"in {context.locale.code}"
    if row.starts_at > context.instant:
        return f"It goes on air {where} at {row.starts_at:%Y-%m-%dT%H:%M:%SZ}."
    if row.ends_at <= context.instant:
        return f"It went off air {where} at {row.ends_at:%Y-%m-%dT%H:%M:%SZ}."
    return f"It has no text of its own {where}, and fallback is turned off."


def _named(codes: Collection[str], else_: str) -> str:
    return ", ".join(codes) or else_


def _items(rows: QuerySet[IndexRow]) -> int:
    return rows.values("item_id").distinct().count()
