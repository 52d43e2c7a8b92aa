"""Decisions: the best items for a moment, with the reason."""

from enum import Enum

import graphene

from contenthub.delivery import deciding, tracing
from contenthub.delivery.codes import TraceOutcome as Outcome
from contenthub.delivery.consumers.codes import Right
from contenthub.delivery.context import judging_audience
from contenthub.delivery.filters import prepare_filter
from contenthub.delivery.served import ServedItem
from contenthub.delivery.targeting import Assignment as Assigned
from taxonomy.schema import JSON

from .experiments import Assignment
from .inputs import ContextInput, Given, ItemFilter, read_context, read_filter
from .items import Item
from .selection import decision_needs_body

_OUTCOMES: dict[Enum | None, str] = {
    None: Outcome.__doc__,
    Outcome.CHOSEN: "It is one of the items answered.",
    Outcome.RANKED_BELOW: "It fits, and others fit better.",
    Outcome.NOT_LIVE: "It is not on air in the locale at the instant of the context; told with the right 'drafts'.",
    Outcome.CHANNEL: "It is not meant for the context's channel.",
    Outcome.AUDIENCE: "It is meant for segments of which the context meets none.",
    Outcome.MARKET: "It is meant for markets, and the context is in none of them.",
    Outcome.EXCLUDED: "The caller excluded it.",
}

TraceOutcome = graphene.Enum.from_enum(Outcome, description=lambda value: _OUTCOMES[value])


class TraceStep(graphene.ObjectType):
    """How many items one step kept."""

    name = graphene.String(
        required=True, description="The step: filter, live, channel, audience, market, excluded or ranked."
    )
    kept = graphene.Int(required=True, description="Items that went on to the next step.")
    dropped = graphene.Int(required=True, description="Items that did not.")


class TraceCandidate(graphene.ObjectType):
    """What became of one item."""

    key = graphene.String(required=True, description="Key of the item.")
    variant = graphene.String(description="Code of its highest eligible variant; null: none, or it was not chosen.")
    outcome = TraceOutcome(required=True, description="What became of it.")
    reason = graphene.String(required=True, description="Why, in a sentence.")
    score = graphene.Field(
        JSON, description="What it was ranked by: rank, priority, facetsMet, steps, audienceDepth; null: it was not."
    )


class Trace(graphene.ObjectType):
    """The record of a decision. Each part is worked out only when it is asked for."""

    considered = graphene.Int(
        required=True,
        description="Items that the hub has on air in the locale; with the right 'drafts' those not on air too.",
    )
    steps = graphene.List(
        graphene.NonNull(TraceStep),
        required=True,
        description="In order: filter, live, channel, audience, market, excluded, ranked.",
    )
    candidates = graphene.List(
        graphene.NonNull(TraceCandidate),
        required=True,
        first=graphene.Int(required=True, default_value=20, description="How many, 1 to 100."),
        description="Those chosen, those ranked below, then those dropped, beginning with the last step.",
    )

    @staticmethod
    def resolve_considered(root: tracing.Trace, info: graphene.ResolveInfo) -> int:
        return root.considered()

    @staticmethod
    def resolve_steps(root: tracing.Trace, info: graphene.ResolveInfo) -> list[tracing.Step]:
        return root.steps()

    @staticmethod
    def resolve_candidates(root: tracing.Trace, info: graphene.ResolveInfo, first: int) -> list[tracing.Candidate]:
        return root.candidates(first)


class Decision(graphene.ObjectType):
    """The best items for a moment."""

    id = graphene.ID(
        required=True,
        description="The same for the same question while the published state answers it alike: report exposures "
        "and outcomes by it.",
    )
    items = graphene.List(graphene.NonNull(Item), required=True, description="The items, the best first.")
    assignments = graphene.List(
        graphene.NonNull(Assignment),
        required=True,
        description="Arms that this answer stands for, control and holdout included: report exposures by it.",
    )
    trace = graphene.Field(Trace, required=True, description="What was considered and why; costs what it asks for.")

    @staticmethod
    def resolve_items(root: deciding.Decision, info: graphene.ResolveInfo) -> list[ServedItem]:
        return list(root.items)

    @staticmethod
    def resolve_assignments(root: deciding.Decision, info: graphene.ResolveInfo) -> list[Assigned]:
        return root.assignments

    @staticmethod
    def resolve_trace(root: deciding.Decision, info: graphene.ResolveInfo) -> tracing.Trace:
        return tracing.Trace(root, info.context, tells_off_air=Right.DRAFTS in info.context.rights)


class DecisionQueries(graphene.ObjectType):
    """The root field that decides."""

    decide = graphene.Field(
        Decision,
        required=True,
        filter=ItemFilter(description="Which items may be chosen. Default: all."),
        context=ContextInput(
            required=True,
            description="What the caller knows. Segments or market left out mean none: items for some are not chosen.",
        ),
        first=graphene.Int(required=True, default_value=1, description="How many, 1 to 50."),
        exclude=graphene.List(
            graphene.NonNull(graphene.String), description="Keys of items not to choose, at most 1,000."
        ),
        description="The best items for a customer's moment, each resolved, with the reason: by priority, nearness to "
        "what the moment is about, depth of the segment met, newest, key.",
    )

    @staticmethod
    def resolve_decide(
        root: None,
        info: graphene.ResolveInfo,
        context: Given,
        first: int,
        filter: Given | None = None,
        exclude: list[str] | None = None,
    ) -> deciding.Decision:
        around = info.context
        resolved = judging_audience(around.resolve(read_context(context)), around)
        wanted = prepare_filter(read_filter(filter), around, lambda: around.item_types)
        return deciding.decide(
            resolved,
            wanted,
            around.taxonomy,
            first=first,
            exclude=tuple(exclude or ()),
            with_body=decision_needs_body(info),
        )
