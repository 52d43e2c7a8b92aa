"""What an answer depends on, read off the query: the tags under which caches keep it (see delivery/editions.py).

An answer about one item depends on that item, a list on the terms or types or keys that its filter demands, and
whatever cannot be told on every item.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import GraphQLSchema
from graphql.execution.collect_fields import collect_fields
from graphql.execution.values import get_argument_values, get_variable_values

from contenthub.delivery.codes import Depth
from contenthub.delivery.editions import ITEMS, item_tag, term_tag, type_tag
from contenthub.delivery.filters import ItemFilter

from .context import RequestContext
from .documents import PreparedQuery
from .inputs import read_filter
from .node_ids import read_item_id

_MOST_TAGS = 200
_OF_CATALOGUES = frozenset(
    "__typename __schema __type facets facet term terms channels channel locales locale itemTypes itemType "
    "experiments".split()
)


def tags_of(
    prepared: PreparedQuery,
    name: str | None,
    variables: Mapping[str, Any],
    around: RequestContext,
    schema: GraphQLSchema,
) -> list[str]:
    """Return the tags of the answer to an operation; ``variables`` are as they came."""
    if prepared.leads_elsewhere:
        return [ITEMS]
    fields = around.root_fields or _root_fields(prepared, name, variables, schema)
    tags = {tag for field, given in fields for tag in _of_root(field, given, around)}
    return sorted(tags) if len(tags) <= _MOST_TAGS and ITEMS not in tags else [ITEMS]


def _root_fields(
    prepared: PreparedQuery, name: str | None, variables: Mapping[str, Any], schema: GraphQLSchema
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the fields at the root of an operation that graphql-core has answered, with their arguments."""
    root, operation = schema.query_type, prepared.operations[name]
    coerced = get_variable_values(schema, operation.variable_definitions or (), dict(variables))
    fields = collect_fields(schema, prepared.fragments, coerced, root, operation.selection_set)
    for node, *_ in fields.values():
        field = node.name.value
        yield field, {} if field in _OF_CATALOGUES else get_argument_values(root.fields[field], node, coerced)


def _of_root(name: str, given: Mapping[str, Any], around: RequestContext) -> Iterator[str]:
    if name in _OF_CATALOGUES:
        return
    if name == "item" and given.get("key") is not None:
        yield item_tag(given["key"])
    elif name == "node":
        named = read_item_id(given["id"])
        if named:
            yield item_tag(named.key)
    elif name == "items":
        yield from _of_filter(read_filter(given.get("filter")), around)
    else:
        yield ITEMS


def _of_filter(wanted: ItemFilter, around: RequestContext) -> Iterator[str]:
    """Yield tags of which every item that can ever be in the list has one."""
    if wanted.keys is not None:
        yield from (item_tag(key) for key in wanted.keys)
        return
    demanded = next((terms for _, terms in wanted.terms if terms.any_of or terms.all_of), None)
    codes = (demanded.any_of or demanded.all_of or ()) if demanded else ()
    if codes and all(around.taxonomy.find(code) for code in codes):
        for code in codes:
            for term in around.taxonomy.expand_for_filter(code):
                above = term.ancestors if demanded.depth is Depth.SELF_AND_ANCESTORS else ()
                yield from (term_tag(each.code) for each in (term, *above))
    elif wanted.types:
        yield from (type_tag(code) for code in wanted.types)
    else:
        yield ITEMS
