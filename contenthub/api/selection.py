"""What a query selects below the field that is being answered, so that it can be read in one statement."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

import graphene
from graphql import FieldNode, GraphQLObjectType, get_named_type
from graphql.execution.collect_fields import collect_sub_fields
from graphql.execution.values import get_argument_values

BODY_FIELDS = frozenset({"body", "blocks", "rendition", "personalTokens"})


def _kept(look: Callable[..., Any]) -> Callable[..., Any]:
    """Let a function of what is selected look once in a plan: whenever that runs, the same is selected."""

    @wraps(look)
    def kept(info: graphene.ResolveInfo, *given: str) -> Any:
        found = getattr(info, "kept", None)
        if found is None:
            return look(info, *given)
        place = (look, *given)
        if place not in found:
            found[place] = look(info, *given)
        return found[place]

    return kept


@_kept
def item_needs_body(info: graphene.ResolveInfo) -> bool:
    """Tell whether the items that this field answers with are asked for their bodies."""
    return _names_body(info, info.field_nodes)


@_kept
def page_needs_body(info: graphene.ResolveInfo, kind: str = "Item") -> bool:
    """Tell whether the items, or the variants, of this connection are asked for their bodies."""
    edges = _selected(info, _named(info, f"{kind}Connection"), info.field_nodes, "edges")
    nodes = _selected(info, _named(info, f"{kind}Connection"), info.field_nodes, "nodes")
    return _names_body(info, [*nodes, *_selected(info, _named(info, f"{kind}Edge"), edges, "node")], kind)


@_kept
def decision_needs_body(info: graphene.ResolveInfo) -> bool:
    """Tell whether the items of this decision are asked for their bodies."""
    return _names_body(info, _selected(info, _named(info, "Decision"), info.field_nodes, "items"))


def arguments_below(info: graphene.ResolveInfo, name: str, argument: str) -> list[object]:
    """Return the values of an argument in every selection of a field directly below, in order, each once."""
    kind = get_named_type(info.return_type)
    nodes = _selected(info, kind, info.field_nodes, name)
    values = (get_argument_values(kind.fields[name], node, info.variable_values).get(argument) for node in nodes)
    return list(dict.fromkeys(values))


def _named(info: graphene.ResolveInfo, name: str) -> GraphQLObjectType:
    return info.schema.type_map[name]


def _names_body(info: graphene.ResolveInfo, nodes: Iterable[FieldNode], kind: str = "Item") -> bool:
    return any(_selected(info, _named(info, kind), nodes, name) for name in BODY_FIELDS)


def _selected(
    info: graphene.ResolveInfo, kind: GraphQLObjectType, nodes: Iterable[FieldNode], name: str
) -> list[FieldNode]:
    """Return the selections of ``name`` below ``nodes``, through fragments, without what @skip and @include drop."""
    fields = collect_sub_fields(info.schema, info.fragments, info.variable_values, kind, list(nodes))
    return [node for each in fields.values() for node in each if node.name.value == name]
