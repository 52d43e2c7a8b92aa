"""Channels in GraphQL. A source of ``Channel`` is a ``ChannelNode``."""

from __future__ import annotations

from dataclasses import dataclass

import graphene

from channels.registry import ChannelEntry, LimitEntry
from locales.schema import LocaleCode, requested_chain


@dataclass(frozen=True, slots=True)
class ChannelNode:
    """A channel with the chain that its label follows."""

    entry: ChannelEntry
    chain: tuple[str, ...]


class Limit(graphene.ObjectType):
    """How much of one field a channel takes."""

    field = graphene.String(required=True, description="Field of the channel that is measured, for example title.")
    measure = graphene.String(
        required=True,
        description="How the length is counted: characters, graphemes, bytes, width, words, seconds or sms_segments.",
    )
    maximum = graphene.Int(required=True, description="The most that fits, in the measure.")


class Channel(graphene.ObjectType):
    """An outlet that content goes to, with what it takes."""

    code = graphene.String(required=True, description="Stable public identifier, for example channel:web-page.")
    label = graphene.String(
        required=True,
        locale=LocaleCode(description="Language to answer in. Default: the context's locale."),
        description="The channel's name; it follows the locale's fallback chain.",
    )
    parent = graphene.Field(lambda: Channel, description="The wider channel it belongs to; null for a root.")
    kind = graphene.String(
        required=True, description="What sort of outlet it is, for example web, email, mobile, social or voice."
    )
    limits = graphene.Field(
        graphene.List(graphene.NonNull(Limit)),
        required=True,
        description="Its limits by field; where it has none of its own, those of its nearest ancestor.",
    )
    placements = graphene.List(
        graphene.NonNull(graphene.String),
        required=True,
        description="Named slots with tighter limits, for example sidebar: what rendition(placement:) takes.",
    )

    @staticmethod
    def resolve_code(root: ChannelNode, info: graphene.ResolveInfo) -> str:
        return root.entry.code

    @staticmethod
    def resolve_label(root: ChannelNode, info: graphene.ResolveInfo, locale: str | None = None) -> str:
        return root.entry.label(requested_chain(info, locale, root.chain))

    @staticmethod
    def resolve_parent(root: ChannelNode, info: graphene.ResolveInfo) -> ChannelNode | None:
        parent = root.entry.parent
        return ChannelNode(info.context.channels.get(parent), root.chain) if parent else None

    @staticmethod
    def resolve_kind(root: ChannelNode, info: graphene.ResolveInfo) -> str:
        return root.entry.kind

    @staticmethod
    def resolve_limits(root: ChannelNode, info: graphene.ResolveInfo) -> list[LimitEntry]:
        return [limit for limit in root.entry.limits if not limit.placement]

    @staticmethod
    def resolve_placements(root: ChannelNode, info: graphene.ResolveInfo) -> tuple[str, ...]:
        return root.entry.placements


class ChannelQueries(graphene.ObjectType):
    """The root fields about channels."""

    channels = graphene.Field(
        graphene.List(graphene.NonNull(Channel)),
        required=True,
        description="Every channel in tree order, retired ones left out.",
    )
    channel = graphene.Field(
        Channel,
        code=graphene.String(required=True, description="Code, for example channel:web-page."),
        description="One channel, retired or not; null if there is none with this code.",
    )

    @staticmethod
    def resolve_channels(root: None, info: graphene.ResolveInfo) -> list[ChannelNode]:
        chain = info.context.locales.default.chain
        return [ChannelNode(entry, chain) for entry in info.context.channels.current]

    @staticmethod
    def resolve_channel(root: None, info: graphene.ResolveInfo, code: str) -> ChannelNode | None:
        entry = info.context.channels.find(code)
        return entry and ChannelNode(entry, info.context.locales.default.chain)
