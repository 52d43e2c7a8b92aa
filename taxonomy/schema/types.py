"""The GraphQL types of facets and terms. A source of ``Term`` is a ``TermNode``, of ``Facet`` a ``FacetNode``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import graphene
from graphql import ValueNode, value_from_ast_untyped

from locales.schema import LocaleCode
from locales.tags import negotiate
from taxonomy.codes import NoteKind
from taxonomy.facetview import Correspondence, ExternalName, TermView
from taxonomy.facetview import Window as WindowView

from .nodes import BadArgument, Chain, FacetNode, TermNode, term_id


class JSON(graphene.Scalar):
    """Any JSON value."""

    @staticmethod
    def serialize(value: Any) -> Any:
        return value

    parse_value = serialize

    @staticmethod
    def parse_literal(node: ValueNode, variables: dict[str, Any] | None = None) -> Any:
        return value_from_ast_untyped(node, variables)


class Node(graphene.Interface):
    """A thing with an id of its own."""

    id = graphene.ID(required=True, description="Opaque; the root field node answers it.")


class ExternalIdInput(graphene.InputObjectType):
    """What another system calls a term."""

    system = graphene.String(required=True, description="The other system, for example braze or crm.")
    identifier = graphene.String(required=True, description="The identifier there.")


class ExternalId(graphene.ObjectType):
    """What another system calls the term."""

    system = graphene.String(required=True, description="The other system; 'source' is the publisher of the term.")
    identifier = graphene.String(required=True, description="The identifier there.")


class Mapping_(graphene.ObjectType):
    """A concept of another vocabulary that corresponds to the term (SKOS 10)."""

    class Meta:
        name = "Mapping"

    kind = graphene.String(required=True, description="exact, close, broad, narrow or related.")
    uri = graphene.String(required=True, description="The other concept.")


class Window(graphene.ObjectType):
    """A time in which a term is in use, for example one run of a campaign."""

    start = graphene.Date(required=True, description="First day.")
    end = graphene.Date(required=True, description="Last day, part of the window.")
    label = graphene.String(description="For example the year; null if it has none.")
    event_start = graphene.Date(description="First day of the event itself; null if there is none.")
    event_end = graphene.Date(description="Last day of the event itself; null if there is none.")

    @staticmethod
    def resolve_label(root: WindowView, info: graphene.ResolveInfo) -> str | None:
        return root.label or None


def _locale_argument() -> LocaleCode:
    return LocaleCode(description="Language to answer in, negotiated. Default: the context's locale.")


class Facet(graphene.ObjectType):
    """One controlled vocabulary."""

    code = graphene.String(required=True, description="Stable public identifier, for example journey.")
    label = graphene.String(
        required=True,
        locale=_locale_argument(),
        description="The facet's name; it follows the locale's fallback chain.",
    )
    uri = graphene.String(description="Identifier on the web; null if it has none.")
    roots = graphene.List(
        graphene.NonNull(lambda: Term), required=True, description="Current terms without a parent, in order."
    )
    term_count = graphene.Int(required=True, description="Current terms, retired ones left out.")

    @staticmethod
    def resolve_code(root: FacetNode, info: graphene.ResolveInfo) -> str:
        return root.view.code

    @staticmethod
    def resolve_label(root: FacetNode, info: graphene.ResolveInfo, locale: str | None = None) -> str:
        return root.view.label(label_chain(info, root.view.names, locale, root.chain))[0]

    @staticmethod
    def resolve_uri(root: FacetNode, info: graphene.ResolveInfo) -> str | None:
        return root.view.uri or None

    @staticmethod
    def resolve_roots(root: FacetNode, info: graphene.ResolveInfo) -> list[TermNode]:
        return current_nodes(root.view.roots, root.chain)

    @staticmethod
    def resolve_term_count(root: FacetNode, info: graphene.ResolveInfo) -> int:
        return len(root.view.current)


class Term(graphene.ObjectType):
    """A concept of a facet.

    Labels default to the context's locale (the default locale where a root has none) and follow its fallback chain.
    """

    class Meta:
        interfaces = (Node,)

    code = graphene.String(required=True, description="Stable public identifier, for example journey:consider-compare.")
    facet = graphene.Field(Facet, required=True, description="The vocabulary it belongs to.")
    label = graphene.String(
        required=True,
        locale=_locale_argument(),
        description="Its preferred name; where the chain has none, in any language, else the code.",
    )
    label_locale = graphene.Field(
        LocaleCode,
        required=True,
        locale=_locale_argument(),
        description="The language of the label served; und where the code stands in for it.",
    )
    alt_labels = graphene.List(
        graphene.NonNull(graphene.String),
        required=True,
        locale=_locale_argument(),
        description="Other names, in the first language of the chain that has some.",
    )
    definition = graphene.String(locale=_locale_argument(), description="What it means; null if nobody wrote it down.")
    notes = graphene.List(
        graphene.NonNull(graphene.String),
        required=True,
        kind=graphene.String(required=True, description=f"One of {', '.join(NoteKind.values)}."),
        locale=_locale_argument(),
        description="The notes of one kind, in the first language of the chain that has some.",
    )
    uri = graphene.String(description="Identifier on the web; null if it has none.")
    parent = graphene.Field(lambda: Term, description="The primary term directly above; null for a root.")
    broader = graphene.List(
        graphene.NonNull(lambda: Term), required=True, description="All terms directly above, the parent first."
    )
    children = graphene.List(
        graphene.NonNull(lambda: Term), required=True, description="Current terms directly below, in order."
    )
    ancestors = graphene.List(
        graphene.NonNull(lambda: Term), required=True, description="All terms above, by every parent, roots first."
    )
    descendants = graphene.List(
        graphene.NonNull(lambda: Term),
        required=True,
        max_depth=graphene.Int(description="How many steps down; 1: children only. Default: all."),
        description="Current terms below, in tree order.",
    )
    related = graphene.List(
        graphene.NonNull(lambda: Term), required=True, description="Current terms worth looking at too, by code."
    )
    mappings = graphene.List(
        graphene.NonNull(Mapping_), required=True, description="Concepts of other vocabularies that correspond to it."
    )
    position = graphene.Int(required=True, description="Order among the terms of the same parent.")
    depth = graphene.Int(required=True, description="Steps from the top by the primary parent; a root is 1.")
    is_retired = graphene.Boolean(required=True, description="Whether it is no longer for new use.")
    replaced_by = graphene.List(
        graphene.NonNull(lambda: Term),
        required=True,
        description="What a retired term was merged or split into; empty: nothing replaces it.",
    )
    external_ids = graphene.List(
        graphene.NonNull(ExternalId), required=True, description="What other systems call it, by system."
    )
    windows = graphene.List(
        graphene.NonNull(Window),
        required=True,
        description="When it is in use (a campaign's runs), the earliest first; empty: always.",
    )
    attributes = graphene.Field(JSON, required=True, description="Further facts, as the source of the term has them.")

    @staticmethod
    def resolve_id(root: TermNode, info: graphene.ResolveInfo) -> str:
        return term_id(root)

    @staticmethod
    def resolve_code(root: TermNode, info: graphene.ResolveInfo) -> str:
        return root.view.code

    @staticmethod
    def resolve_facet(root: TermNode, info: graphene.ResolveInfo) -> FacetNode:
        return FacetNode(info.context.taxonomy.get_facet(root.view.facet), root.chain)

    @staticmethod
    def resolve_label(root: TermNode, info: graphene.ResolveInfo, locale: str | None = None) -> str:
        return root.view.label(label_chain(info, root.view.labels, locale, root.chain))[0]

    @staticmethod
    def resolve_label_locale(root: TermNode, info: graphene.ResolveInfo, locale: str | None = None) -> str:
        return root.view.label(label_chain(info, root.view.labels, locale, root.chain))[1]

    @staticmethod
    def resolve_alt_labels(root: TermNode, info: graphene.ResolveInfo, locale: str | None = None) -> tuple[str, ...]:
        return root.view.alt_labels(label_chain(info, root.view.alternatives, locale, root.chain))

    @staticmethod
    def resolve_definition(root: TermNode, info: graphene.ResolveInfo, locale: str | None = None) -> str | None:
        return next(iter(_notes(root, info, NoteKind.DEFINITION, locale)), None)

    @staticmethod
    def resolve_notes(
        root: TermNode, info: graphene.ResolveInfo, kind: str, locale: str | None = None
    ) -> tuple[str, ...]:
        return _notes(root, info, _note_kind(kind), locale)

    @staticmethod
    def resolve_uri(root: TermNode, info: graphene.ResolveInfo) -> str | None:
        return root.view.uri or None

    @staticmethod
    def resolve_parent(root: TermNode, info: graphene.ResolveInfo) -> TermNode | None:
        return root.view.parent and TermNode(root.view.parent, root.chain)

    @staticmethod
    def resolve_broader(root: TermNode, info: graphene.ResolveInfo) -> list[TermNode]:
        return term_nodes(root.view.broader, root.chain)

    @staticmethod
    def resolve_children(root: TermNode, info: graphene.ResolveInfo) -> list[TermNode]:
        return current_nodes(root.view.children, root.chain)

    @staticmethod
    def resolve_ancestors(root: TermNode, info: graphene.ResolveInfo) -> list[TermNode]:
        return term_nodes(root.view.ancestors, root.chain)

    @staticmethod
    def resolve_descendants(root: TermNode, info: graphene.ResolveInfo, max_depth: int | None = None) -> list[TermNode]:
        if max_depth is not None and max_depth < 1:
            raise BadArgument("maxDepth", f"'maxDepth' is {max_depth}: pass 1 for children only, or leave it out.")
        return current_nodes(root.view.descendants(max_depth), root.chain)

    @staticmethod
    def resolve_related(root: TermNode, info: graphene.ResolveInfo) -> list[TermNode]:
        return current_nodes(info.context.taxonomy.related(root.view), root.chain)

    @staticmethod
    def resolve_mappings(root: TermNode, info: graphene.ResolveInfo) -> tuple[Correspondence, ...]:
        return root.view.mappings

    @staticmethod
    def resolve_position(root: TermNode, info: graphene.ResolveInfo) -> int:
        return root.view.position

    @staticmethod
    def resolve_depth(root: TermNode, info: graphene.ResolveInfo) -> int:
        return root.view.depth

    @staticmethod
    def resolve_is_retired(root: TermNode, info: graphene.ResolveInfo) -> bool:
        return root.view.is_retired

    @staticmethod
    def resolve_replaced_by(root: TermNode, info: graphene.ResolveInfo) -> list[TermNode]:
        return term_nodes(root.view.replaced_by, root.chain)

    @staticmethod
    def resolve_external_ids(root: TermNode, info: graphene.ResolveInfo) -> tuple[ExternalName, ...]:
        return root.view.external_ids

    @staticmethod
    def resolve_windows(root: TermNode, info: graphene.ResolveInfo) -> tuple[WindowView, ...]:
        return root.view.windows

    @staticmethod
    def resolve_attributes(root: TermNode, info: graphene.ResolveInfo) -> dict[str, Any]:
        return root.view.attributes


def term_nodes(views: Iterable[TermView], chain: Chain) -> list[TermNode]:
    return [TermNode(view, chain) for view in views]


def current_nodes(views: Iterable[TermView], chain: Chain) -> list[TermNode]:
    return [TermNode(view, chain) for view in views if not view.is_retired]


def label_chain(info: graphene.ResolveInfo, texts: Mapping[str, Any], locale: str | None, default: Chain) -> Chain:
    """Return the chain for an argument ``locale``, negotiated among the hub's locales and the languages there are.

    Raises:
        MalformedTag: the text is not a language tag.
    """
    if locale is None:
        return default
    locales = info.context.locales
    code = negotiate(locale, {*locales.by_code, *texts})
    if code is None:
        message = f"Nothing answers the locale '{locale}': '{default[0]}' is served."
        info.context.notice("UNKNOWN_LOCALE", message, "locale")
        return default
    return locales.by_code[code].chain if code in locales.by_code else (code, *locales.default.chain)


def _notes(root: TermNode, info: graphene.ResolveInfo, kind: str, locale: str | None) -> tuple[str, ...]:
    languages = {note.language: note for note in root.view.notes if note.kind == kind}
    return root.view.notes_of(kind, label_chain(info, languages, locale, root.chain))


def _note_kind(text: str) -> str:
    """Return the kind of note, written as ours or as SKOS has it (scopeNote)."""
    kind = re.sub("([A-Z])", r"_\1", text).lower()
    if kind not in NoteKind.values:
        raise BadArgument("kind", f"'{text}' is no kind of note: pass one of {', '.join(NoteKind.values)}.")
    return kind
