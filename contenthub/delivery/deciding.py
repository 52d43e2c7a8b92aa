"""Choosing among items for a moment: the best, each as the context sees it, under a name that tells them apart."""

from collections.abc import Sequence
from dataclasses import dataclass

from taxonomy.snapshot import TaxonomySnapshot

from .context import Context
from .cursors import digest
from .filters import ReadyFilter
from .nearness import Contender
from .paging import read_some
from .ranking import Ranking
from .recalling import recall_wanted
from .refusals import BadArgument
from .resolvedview import with_shifts
from .served import COLUMNS, Batch, ServedItem
from .targeting import Assignment

MOST_CHOSEN = 50
MOST_EXCLUDED = 1_000


@dataclass(frozen=True, slots=True)
class Decision:
    """What was chosen, best first, and the question that it answers."""

    context: Context
    wanted: ReadyFilter
    first: int
    exclude: tuple[str, ...]
    ranking: Ranking
    chosen: tuple[Contender, ...]
    items: tuple[ServedItem, ...]

    @property
    def assignments(self) -> list[Assignment]:
        """The arms that this answer stands for: those of any of its items, by experiment."""
        return [each for each in self.context.assignments if any(each in item.assignments for item in self.items)]

    @property
    def id(self) -> str:
        """The same for the same question while the published state answers it alike."""
        about = [[topic.facet, sorted(term.code for term in topic.terms)] for topic in self.context.topics]
        arms = [[each.experiment, each.arm, each.is_holdout] for each in self.assignments]
        question = [*self.context.question, about, self.wanted.given.question, self.first, sorted(set(self.exclude))]
        return digest([question, arms, [[item.key, item.version] for item in self.items]])


def decide(
    context: Context,
    wanted: ReadyFilter,
    taxonomy: TaxonomySnapshot,
    *,
    first: int = 1,
    exclude: Sequence[str] = (),
    with_body: bool = False,
) -> Decision:
    """Return the best items for the context, which must judge its audience (``judging_audience``).

    An item whose own segments or markets are not met is dropped. The rest is ranked by priority, nearness to what the
    moment is about, depth of the segment met, newest, key.

    Raises:
        BadArgument: ``first`` is out of bounds, too much is excluded, or the instant is past and the filter names no
            items.
    """
    if not 1 <= first <= MOST_CHOSEN:
        raise BadArgument(f"'first' is {first}: ask for 1 to {MOST_CHOSEN} items.", "first")
    if len(exclude) > MOST_EXCLUDED:
        raise BadArgument(f"{len(exclude):,} excluded keys are more than {MOST_EXCLUDED:,}: name fewer.", "exclude")
    recall_wanted(context, wanted)
    wanted = with_shifts(wanted, context)
    ranking = Ranking(context, wanted, exclude, taxonomy)
    chosen = ranking.best(first)
    items = load_in_order(context, [each.row_id for each in chosen], with_body=with_body)
    return Decision(context, wanted, first, tuple(exclude), ranking, tuple(chosen), tuple(items))


def load_in_order(context: Context, row_ids: Sequence[int], *, with_body: bool = False) -> list[ServedItem]:
    """Return the items of these rows in this order; a row that has gone in the meantime is left out."""
    if not row_ids:
        return []
    place = {row_id: number for number, row_id in enumerate(row_ids)}
    ordered = sorted(read_some(row_ids, with_body=with_body), key=lambda row: place[row[len(COLUMNS)]])
    return Batch(context, ordered, with_body=with_body).items
