"""Variants in GraphQL. The source of ``Variant`` is a ``ServedVariant``: one variant over its base, or the base."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property

import graphene

from channels.schema import Channel, ChannelNode
from contenthub.delivery import codes
from contenthub.delivery.context import Context, ContextRequest
from contenthub.delivery.filters import ReadyFilter, prepare_filter
from contenthub.delivery.served import ServedItem
from contenthub.delivery.servedvariants import ServedVariant, VariantPage, count_variants, read_variant_page
from locales.schema import Locale, LocaleCode, LocaleNode
from taxonomy.schema import Node, PageInfo, Term, TermNode

from .enums import Fallback
from .errors import ErrorCode, HubError
from .inputs import Given, ItemFilter, read_filter
from .items import Content
from .node_ids import variant_id
from .selection import page_needs_body


class Variant(graphene.ObjectType):
    """A version of an item for some of its readers, by itself over its base; the base itself has no code."""

    class Meta:
        interfaces = (Node, Content)
        possible_types = (ServedVariant,)

    id = graphene.ID(required=True, description="Names this variant in this locale and channel. See node.")
    code = graphene.String(description="The variant's code, unique in its item; null: the base.")
    item = graphene.Field(
        "contenthub.api.items.Item", required=True, description="The item that it is a variant of, in the same context."
    )
    locale = graphene.Field(Locale, required=True, description="The locale of the text.")
    segments = graphene.List(
        graphene.NonNull(Term), required=True, description="The segments, one of which must be met; empty: everybody."
    )
    markets = graphene.List(
        graphene.NonNull(Term), required=True, description="The markets, one of which must be met; empty: everywhere."
    )
    channels = graphene.List(
        graphene.NonNull(Channel), required=True, description="The channels that it is for; empty: every channel."
    )
    experiment = graphene.String(description="Code of the experiment that it belongs to; null: none.")
    arm = graphene.String(description="The arm of the experiment that sees it; null: no experiment.")
    priority = graphene.Int(required=True, description="Among variants that fit, the higher wins.")
    overrides = graphene.List(
        graphene.NonNull(graphene.String),
        required=True,
        description="The fields that it sets itself, named as in FieldProvenance.field; the others are inherited.",
    )
    export_key = graphene.String(
        required=True,
        description="Names item and variant in [A-Za-z0-9-], at most 255 characters, unique; the base has its item's.",
    )

    @staticmethod
    def resolve_id(root: ServedVariant, info: graphene.ResolveInfo) -> str:
        return variant_id(root)

    @staticmethod
    def resolve_item(root: ServedVariant, info: graphene.ResolveInfo) -> ServedItem:
        return root.item

    @staticmethod
    def resolve_locale(root: ServedVariant, info: graphene.ResolveInfo) -> LocaleNode:
        return LocaleNode(info.context.locales.get(root.head["locale"]), root.context.locale.chain)

    @staticmethod
    def resolve_segments(root: ServedVariant, info: graphene.ResolveInfo) -> list[TermNode]:
        return _terms(root, info, root.targeting.segments)

    @staticmethod
    def resolve_markets(root: ServedVariant, info: graphene.ResolveInfo) -> list[TermNode]:
        return _terms(root, info, root.targeting.markets)

    @staticmethod
    def resolve_channels(root: ServedVariant, info: graphene.ResolveInfo) -> list[ChannelNode]:
        found = (info.context.channels.find(code) for code in root.targeting.channels)
        return [ChannelNode(channel, root.context.locale.chain) for channel in found if channel]

    @staticmethod
    def resolve_experiment(root: ServedVariant, info: graphene.ResolveInfo) -> str | None:
        return root.targeting.experiment or None

    @staticmethod
    def resolve_arm(root: ServedVariant, info: graphene.ResolveInfo) -> str | None:
        return root.targeting.arm or None

    @staticmethod
    def resolve_priority(root: ServedVariant, info: graphene.ResolveInfo) -> int:
        return root.targeting.priority


@dataclass(frozen=True, slots=True)
class VariantEdgeSource:
    """The source of ``VariantEdge``."""

    page: VariantPage
    index: int


class VariantEdge(graphene.ObjectType):
    """One variant of a list, with its place in it."""

    cursor = graphene.String(required=True, description="The variant's place: 'after' to go on behind it.")
    node = graphene.Field(Variant, required=True, description="The variant.")

    @staticmethod
    def resolve_cursor(root: VariantEdgeSource, info: graphene.ResolveInfo) -> str:
        return root.page.cursor(root.index)

    @staticmethod
    def resolve_node(root: VariantEdgeSource, info: graphene.ResolveInfo) -> ServedVariant:
        return root.page.variants[root.index]


@dataclass
class VariantConnectionSource:
    """The source of ``VariantConnection``: a page, and the question it answers, to count over."""

    page: VariantPage
    context: Context
    wanted: ReadyFilter
    channels: Collection[str] | None

    @cached_property
    def total(self) -> int:
        return count_variants(self.context, self.wanted, self.channels)


class VariantConnection(graphene.ObjectType):
    """A page of variants, by item and code, each item's base first. A cursor belongs to its filter and locale."""

    edges = graphene.List(graphene.NonNull(VariantEdge), required=True, description="The variants with their cursors.")
    nodes = graphene.List(graphene.NonNull(Variant), required=True, description="The variants.")
    page_info = graphene.Field(PageInfo, required=True, description="Where the page stands in the list.")
    total_count = graphene.Int(required=True, description="How many there are in the whole list, bases included.")

    @staticmethod
    def resolve_edges(root: VariantConnectionSource, info: graphene.ResolveInfo) -> list[VariantEdgeSource]:
        return [VariantEdgeSource(root.page, index) for index in range(len(root.page.variants))]

    @staticmethod
    def resolve_nodes(root: VariantConnectionSource, info: graphene.ResolveInfo) -> list[ServedVariant]:
        return root.page.variants

    @staticmethod
    def resolve_page_info(root: VariantConnectionSource, info: graphene.ResolveInfo) -> PageInfo:
        page = root.page
        return PageInfo(
            has_next_page=page.has_next,
            has_previous_page=page.has_previous,
            start_cursor=page.cursor(0) if page.variants else None,
            end_cursor=page.cursor(-1) if page.variants else None,
        )

    @staticmethod
    def resolve_total_count(root: VariantConnectionSource, info: graphene.ResolveInfo) -> int:
        return root.total


class VariantQueries(graphene.ObjectType):
    """The root field about variants."""

    variants = graphene.Field(
        VariantConnection,
        required=True,
        filter=ItemFilter(description="Which items. Default: all."),
        locale=LocaleCode(description="Language to answer in. Default: the hub's default locale."),
        fallback=Fallback(
            required=True,
            default_value=codes.Fallback.CHAIN,
            description="What answers where an item has no text of its own in the locale.",
        ),
        first=graphene.Int(required=True, default_value=20, description="How many, 1 to 100."),
        after=graphene.String(description="Cursor of the variant to go on behind."),
        description="Every published variant with whom it is for, each item's base (code null) included, not resolved "
        "against an audience: what an orchestrator mirrors. Wants the right 'variants'.",
    )

    @staticmethod
    def resolve_variants(
        root: None,
        info: graphene.ResolveInfo,
        fallback: codes.Fallback,
        first: int,
        filter: Given | None = None,
        locale: str | None = None,
        after: str | None = None,
    ) -> VariantConnectionSource:
        if "variants" not in info.context.rights:
            message = "'variants' wants the right 'variants', which this caller does not have."
            raise HubError(ErrorCode.FORBIDDEN, message, "variants")
        context = info.context.resolve(ContextRequest(locale=locale, fallback=fallback))
        wanted = prepare_filter(read_filter(filter), info.context, lambda: info.context.item_types)
        channels = info.context.channels.by_code if info.context.scope.channels else None
        page = read_variant_page(
            context, wanted, first=first, after=after, with_body=page_needs_body(info, "Variant"), channels=channels
        )
        return VariantConnectionSource(page, context, wanted, channels)


def _terms(root: ServedVariant, info: graphene.ResolveInfo, codes: Iterable[str]) -> list[TermNode]:
    found = (info.context.term(code, root.context.locale) for code in codes)
    return [term for term in found if term]
