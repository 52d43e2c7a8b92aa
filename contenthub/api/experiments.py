"""Experiments as clients need them to compute arms themselves, and the arms that an answer stands for."""

from enum import Enum

import graphene

from contenthub.delivery import allocation, targeting


class Arm(graphene.ObjectType):
    """One treatment of an experiment."""

    code = graphene.String(required=True, description="Code of the arm, one of its experiment.")
    weight = graphene.Float(
        required=True, description="Its part of those who take part; the weights of an experiment sum to 1."
    )
    is_control = graphene.Boolean(required=True, description="Whether it shows what would be seen without the test.")


class Experiment(graphene.ObjectType):
    """A running experiment, with all that a client needs to compute arms itself (docs/allocation.md)."""

    code = graphene.String(required=True, description="Stable code of the experiment.")
    layer = graphene.String(required=True, description="The layer whose subjects it shares with other experiments.")
    start = graphene.Float(required=True, description="Where its part of the layer begins, 0 to 1.")
    share = graphene.Float(required=True, description="How wide its part of the layer is, 0 to 1.")
    salt = graphene.String(required=True, description="What its draws are made with; a new one draws everybody anew.")
    ramp = graphene.Float(required=True, description="How much of its part takes part, 0 to 1; it only grows.")
    holdout = graphene.Float(required=True, description="How much of its part is held out, 0 to 1.")
    arms = graphene.List(graphene.NonNull(Arm), required=True, description="Its arms, by code.")

    @staticmethod
    def resolve_arms(root: allocation.Experiment, info: graphene.ResolveInfo) -> list[allocation.Arm]:
        return sorted(root.arms, key=lambda arm: arm.code)


_SOURCES: dict[Enum | None, str] = {
    None: "Who chose the arm.",
    targeting.AssignmentSource.ALLOCATED: "The hub, from the context's subject.",
    targeting.AssignmentSource.GIVEN: "The caller, in the context's assignments.",
}

AssignmentSource = graphene.Enum.from_enum(targeting.AssignmentSource, description=lambda value: _SOURCES[value])


class Assignment(graphene.ObjectType):
    """The place in an experiment that an answer stands for."""

    experiment = graphene.String(required=True, description="Code of the experiment.")
    arm = graphene.String(description="Code of the arm, control included; null: held out.")
    is_holdout = graphene.Boolean(required=True, description="Whether the subject is kept away from the whole test.")
    source = AssignmentSource(required=True, description="Who chose the arm.")


class ExperimentQueries(graphene.ObjectType):
    """The root field about experiments."""

    experiments = graphene.List(
        graphene.NonNull(Experiment), required=True, description="The running experiments, by code."
    )

    @staticmethod
    def resolve_experiments(root: None, info: graphene.ResolveInfo) -> list[allocation.Experiment]:
        return info.context.experiments(info.context.now)
