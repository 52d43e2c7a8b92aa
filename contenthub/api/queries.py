"""The root fields about items, versions and nodes."""

from dataclasses import dataclass
from functools import cached_property

import graphene

from contenthub.delivery import codes, counting, reading, versions
from contenthub.delivery.context import Context, ContextRequest
from contenthub.delivery.filters import ReadyFilter, prepare_filter
from contenthub.delivery.reading import ItemPage
from contenthub.delivery.served import ServedItem
from contenthub.delivery.servedvariants import ServedVariant
from locales.schema import LocaleCode
from taxonomy.schema import JSON, Node, PageInfo, Term, TermNode, find_term_node

from .context import RequestContext
from .enums import ItemOrder
from .errors import ErrorCode, HubError
from .inputs import ContextInput, Given, ItemFilter, read_context, read_filter
from .items import Item
from .node_ids import ITEM, read_item_id
from .scoped import seen_version
from .selection import arguments_below, item_needs_body, page_needs_body


@dataclass
class ConnectionSource:
    """The source of ``ItemConnection``: a page, and the question it answers, to count over.

    ``facets`` are the codes of all facets that the query asks counts of: they are counted together.
    """

    page: ItemPage
    context: Context
    wanted: ReadyFilter
    facets: list[str]
    around: RequestContext

    @cached_property
    def total(self) -> int:
        return counting.count_items(self.context, self.wanted)

    @cached_property
    def counts(self) -> dict[str, list[counting.TermCount]]:
        known = self.around.taxonomy.facets
        facets = [known[code] for code in self.facets if code in known]
        return counting.count_terms(self.context, self.wanted, facets)


@dataclass(frozen=True, slots=True)
class EdgeSource:
    """The source of ``ItemEdge``."""

    page: ItemPage
    index: int


class NamedTerm(TermNode):
    """A term found by its id: it tells its own type, since the field may answer with others."""

    __typename = "Term"


class TermCount(graphene.ObjectType):
    """How many items stand under a term."""

    term = graphene.Field(Term, required=True, description="The term.")
    count = graphene.Int(required=True, description="Distinct items with the term or a term below it.")


class ItemEdge(graphene.ObjectType):
    """One item of a list, with its place in it."""

    cursor = graphene.String(required=True, description="The item's place: 'after' to go on behind it.")
    node = graphene.Field(Item, required=True, description="The item.")

    @staticmethod
    def resolve_cursor(root: EdgeSource, info: graphene.ResolveInfo) -> str:
        return root.page.cursor(root.index)

    @staticmethod
    def resolve_node(root: EdgeSource, info: graphene.ResolveInfo) -> ServedItem:
        return root.page.items[root.index]


class ItemConnection(graphene.ObjectType):
    """A page of items; counts are over the whole list. A cursor belongs to its filter, order and context."""

    edges = graphene.List(graphene.NonNull(ItemEdge), required=True, description="The items with their cursors.")
    nodes = graphene.List(graphene.NonNull(Item), required=True, description="The items.")
    page_info = graphene.Field(PageInfo, required=True, description="Where the page stands in the list.")
    total_count = graphene.Int(required=True, description="How many items the whole list has.")
    facet_counts = graphene.List(
        graphene.NonNull(TermCount),
        required=True,
        facet=graphene.String(required=True, description="Facet code, for example journey."),
        description="Distinct items per term over the whole list, ancestors included; most first, then in tree "
        "order; terms without items are left out.",
    )

    @staticmethod
    def resolve_edges(root: ConnectionSource, info: graphene.ResolveInfo) -> list[EdgeSource]:
        return [EdgeSource(root.page, index) for index in range(len(root.page.items))]

    @staticmethod
    def resolve_nodes(root: ConnectionSource, info: graphene.ResolveInfo) -> list[ServedItem]:
        return root.page.items

    @staticmethod
    def resolve_page_info(root: ConnectionSource, info: graphene.ResolveInfo) -> PageInfo:
        page = root.page
        return PageInfo(
            has_next_page=page.has_next,
            has_previous_page=page.has_previous,
            start_cursor=page.cursor(0) if page.items else None,
            end_cursor=page.cursor(-1) if page.items else None,
        )

    @staticmethod
    def resolve_total_count(root: ConnectionSource, info: graphene.ResolveInfo) -> int:
        return root.total

    @staticmethod
    def resolve_facet_counts(root: ConnectionSource, info: graphene.ResolveInfo, facet: str) -> list[TermCount]:
        chain = root.context.locale.chain
        info.context.taxonomy.get_facet(facet)
        return [TermCount(TermNode(each.term, chain), each.count) for each in root.counts[facet]]


class Version(graphene.ObjectType):
    """The content served under a version id, also after it was replaced or withdrawn."""

    id = graphene.ID(required=True, description="The version id, as Item.version has it.")
    key = graphene.String(required=True, description="Key of the item.")
    locale = graphene.Field(LocaleCode, required=True, description="The locale of the text.")
    variants = graphene.List(
        graphene.NonNull(graphene.String), required=True, description="Codes of the variants in it; empty: the base."
    )
    served_from = graphene.DateTime(required=True, description="First served at this instant.")
    served_until = graphene.DateTime(description="Last served just before this instant; null: it still is.")
    document = graphene.Field(
        JSON, required=True, description="All that was served, terms by code; the form is that of the stored document."
    )


class ItemQueries(graphene.ObjectType):
    """The root fields about items."""

    item = graphene.Field(
        Item,
        key=graphene.String(description="Key of the item."),
        slug=graphene.String(
            description="Slug in the context's locale; one that the item had before finds it as well."
        ),
        context=ContextInput(description="What the caller knows."),
        description="One item as the context sees it, by exactly one of key and slug; null if it is not seen.",
    )
    items = graphene.Field(
        ItemConnection,
        required=True,
        filter=ItemFilter(description="Which items. Default: all."),
        context=ContextInput(description="What the caller knows."),
        order_by=ItemOrder(
            description="How they are sorted. Default: the newest first; with filter.keys in the order given."
        ),
        first=graphene.Int(required=True, default_value=20, description="How many, 1 to 100."),
        after=graphene.String(description="Cursor of the item to go on behind."),
        description="Items as the context sees them: filter, order, search, counts and paging are over what is seen.",
    )
    version = graphene.Field(
        Version,
        id=graphene.ID(required=True, description="A version id, as Item.version has it."),
        description="The content served under a version id; null if there is none, or none yet.",
    )
    node = graphene.Field(
        Node,
        id=graphene.ID(required=True, description="An id that the API gave out."),
        description="Exactly the rendition, variant or term that the id names; null while it is not seen.",
    )

    @staticmethod
    def resolve_item(
        root: None,
        info: graphene.ResolveInfo,
        key: str | None = None,
        slug: str | None = None,
        context: Given | None = None,
    ) -> ServedItem | None:
        if (key is None) == (slug is None):
            raise HubError(
                ErrorCode.BAD_ARGUMENT, "An item is found by key or by slug: give exactly one of them.", "key"
            )
        resolved = info.context.resolve(read_context(context))
        with_body = item_needs_body(info)
        if key is not None:
            return reading.find_item(resolved, key, with_body=with_body)
        return reading.find_item_by_slug(resolved, slug, with_body=with_body)

    @staticmethod
    def resolve_items(
        root: None,
        info: graphene.ResolveInfo,
        first: int,
        filter: Given | None = None,
        context: Given | None = None,
        order_by: codes.ItemOrder | None = None,
        after: str | None = None,
    ) -> ConnectionSource:
        resolved = info.context.resolve(read_context(context))
        wanted = prepare_filter(read_filter(filter), info.context, lambda: info.context.item_types)
        page = reading.read_page(
            resolved, wanted, order=order_by, first=first, after=after, with_body=page_needs_body(info)
        )
        facets = arguments_below(info, "facetCounts", "facet")
        return ConnectionSource(page, resolved, page.wanted, facets, info.context)

    @staticmethod
    def resolve_version(root: None, info: graphene.ResolveInfo, id: str) -> versions.ServedVersion | None:
        return seen_version(versions.find_version(id, now=info.context.now), info.context)

    @staticmethod
    def resolve_node(root: None, info: graphene.ResolveInfo, id: str) -> ServedItem | ServedVariant | TermNode | None:
        named = read_item_id(id)
        if named is None:
            term = find_term_node(id, info.context)
            return term and NamedTerm(*term)
        locale = info.context.locales.by_code.get(named.locale)
        channel = info.context.channels.find(named.channel) if named.channel else None
        if locale is None or (named.channel and channel is None):
            return None
        request = ContextRequest(locale=named.locale, fallback=named.fallback, channel=named.channel)
        context = info.context.resolve(request)
        item = reading.find_rendition(context, named.key, named.variants, with_body=item_needs_body(info))
        if item is None or named.kind == ITEM:
            return item
        return ServedVariant(item, item.pinned[0] if item.pinned else None)
