"""The root fields of the taxonomy in GraphQL, and the pages they answer."""

from __future__ import annotations

from typing import NamedTuple

import graphene

from taxonomy.snapshot import resolution
from taxonomy.termpages import BadCursor, TermPage, TermQuestion, read_page

from .nodes import BadArgument, Chain, FacetNode, TermNode, find_term_node
from .types import JSON, ExternalIdInput, Facet, Node, Term, term_nodes

__all__ = [
    "JSON",
    "BadArgument",
    "BadCursor",
    "ExternalIdInput",
    "Facet",
    "FacetNode",
    "Node",
    "PageInfo",
    "TaxonomyQueries",
    "Term",
    "TermNode",
    "find_term_node",
]

MOST_TERMS = 1000


class PageInfo(graphene.ObjectType):
    """Where a page stands in its list. Paging goes forward only."""

    has_next_page = graphene.Boolean(required=True, description="Whether more follows.")
    has_previous_page = graphene.Boolean(required=True, description="Whether something comes before.")
    start_cursor = graphene.String(description="Cursor of the first entry; null on an empty page.")
    end_cursor = graphene.String(description="Cursor of the last entry: 'after' of the next page; null if empty.")


class TermPageNode(NamedTuple):
    """A page of terms with the chain that labels follow: the source of ``TermConnection``."""

    page: TermPage
    chain: Chain


class TermEdgeNode(NamedTuple):
    """One term of a page: the source of ``TermEdge``."""

    page: TermPage
    index: int
    chain: Chain


class TermEdge(graphene.ObjectType):
    """One term of a list, with its place in it."""

    cursor = graphene.String(required=True, description="The term's place: 'after' to go on behind it.")
    node = graphene.Field(Term, required=True, description="The term.")

    @staticmethod
    def resolve_cursor(root: TermEdgeNode, info: graphene.ResolveInfo) -> str:
        return root.page.cursor(root.index)

    @staticmethod
    def resolve_node(root: TermEdgeNode, info: graphene.ResolveInfo) -> TermNode:
        return TermNode(root.page.terms[root.index], root.chain)


class TermConnection(graphene.ObjectType):
    """A page of terms. A cursor belongs to its arguments."""

    edges = graphene.List(graphene.NonNull(TermEdge), required=True, description="The terms with their cursors.")
    nodes = graphene.List(graphene.NonNull(Term), required=True, description="The terms.")
    page_info = graphene.Field(PageInfo, required=True, description="Where the page stands in the list.")
    total_count = graphene.Int(required=True, description="How many terms the whole list has.")

    @staticmethod
    def resolve_edges(root: TermPageNode, info: graphene.ResolveInfo) -> list[TermEdgeNode]:
        return [TermEdgeNode(root.page, index, root.chain) for index in range(len(root.page.terms))]

    @staticmethod
    def resolve_nodes(root: TermPageNode, info: graphene.ResolveInfo) -> list[TermNode]:
        return term_nodes(root.page.terms, root.chain)

    @staticmethod
    def resolve_page_info(root: TermPageNode, info: graphene.ResolveInfo) -> PageInfo:
        page = root.page
        return PageInfo(
            has_next_page=page.has_next,
            has_previous_page=page.has_previous,
            start_cursor=page.cursor(0) if page.terms else None,
            end_cursor=page.cursor(-1) if page.terms else None,
        )

    @staticmethod
    def resolve_total_count(root: TermPageNode, info: graphene.ResolveInfo) -> int:
        return root.page.total


class TaxonomyQueries(graphene.ObjectType):
    """The root fields about facets and terms."""

    facets = graphene.List(graphene.NonNull(Facet), required=True, description="Every facet, in the facets' order.")
    facet = graphene.Field(
        Facet,
        code=graphene.String(required=True, description="Code, for example journey."),
        description="One facet; null if there is none with this code.",
    )
    term = graphene.Field(
        Term,
        code=graphene.String(description="Code, for example journey:consider-compare."),
        external_id=ExternalIdInput(description="What another system calls it."),
        description="One term by exactly one of code and externalId; null if there is none. A retired term with "
        "exactly one successor is answered by it, any other by itself; extensions.notices tells.",
    )
    terms = graphene.Field(
        TermConnection,
        required=True,
        facet=graphene.String(required=True, description="Code of the facet."),
        below=graphene.String(description="Code of a term: only what stands under it, itself not."),
        search=graphene.String(description="Only what is called so: labels in any language, code, external id."),
        include_retired=graphene.Boolean(
            required=True, default_value=False, description="Whether retired terms are listed too."
        ),
        first=graphene.Int(required=True, default_value=100, description=f"How many, 1 to {MOST_TERMS}."),
        after=graphene.String(description="Cursor of the term to go on behind."),
        description="Terms of one facet in tree order.",
    )

    @staticmethod
    def resolve_facets(root: None, info: graphene.ResolveInfo) -> list[FacetNode]:
        chain = _default_chain(info)
        return [FacetNode(facet, chain) for facet in info.context.taxonomy.facets.values()]

    @staticmethod
    def resolve_facet(root: None, info: graphene.ResolveInfo, code: str) -> FacetNode | None:
        facet = info.context.taxonomy.facets.get(code)
        return facet and FacetNode(facet, _default_chain(info))

    @staticmethod
    def resolve_term(
        root: None,
        info: graphene.ResolveInfo,
        code: str | None = None,
        external_id: ExternalIdInput | None = None,
    ) -> TermNode | None:
        if (code is None) == (external_id is None):
            raise BadArgument("code", "Pass exactly one of 'code' and 'externalId'.")
        if external_id is None:
            argument, found = "code", info.context.taxonomy.find(code)
        else:
            argument = "externalId"
            found = info.context.taxonomy.find_external(external_id.system, external_id.identifier)
        if found is None:
            return None
        answer, notice = resolution(found)
        if notice:
            info.context.notice(notice.code, notice.message, argument)
        return TermNode(answer, _default_chain(info))

    @staticmethod
    def resolve_terms(
        root: None,
        info: graphene.ResolveInfo,
        facet: str,
        include_retired: bool,
        first: int,
        below: str | None = None,
        search: str | None = None,
        after: str | None = None,
    ) -> TermPageNode:
        if not 1 <= first <= MOST_TERMS:
            raise BadArgument("first", f"'first' is {first}: ask for 1 to {MOST_TERMS} terms a page.")
        taxonomy = info.context.taxonomy
        taxonomy.get_facet(facet)
        if below is not None:
            top = taxonomy.get(below)
            if top.facet != facet:
                raise BadArgument("below", f"'{below}' is not of the facet '{facet}': name a term of it.")
            if notice := resolution(top).notice:
                info.context.notice(notice.code, notice.message, "below")
        question = TermQuestion(facet, below, search, include_retired)
        return TermPageNode(read_page(taxonomy, question, first=first, after=after), _default_chain(info))


def _default_chain(info: graphene.ResolveInfo) -> Chain:
    return info.context.locales.default.chain
