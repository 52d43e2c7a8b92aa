"""Asking for everything: selections of every field that the schema has."""

from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
    is_leaf_type,
    is_required_argument,
)

from contenthub.api.schema import schema


def selection(type_, depth, renamed=frozenset()):
    """Return a selection of every field that needs no argument, down to a depth; ``renamed`` ones get an alias."""
    type_ = get_named_type(type_)
    if is_leaf_type(type_):
        return ""
    parts = ["__typename"]
    if isinstance(type_, GraphQLInterfaceType | GraphQLUnionType):
        possible = schema.graphql_schema.get_possible_types(type_)
        renamed = _differing(possible)
        parts += [f"... on {one.name} {selection(one, depth, renamed)}" for one in possible]
        return "{ " + " ".join(parts) + " }"
    assert isinstance(type_, GraphQLObjectType)
    for name, field in type_.fields.items():
        named = get_named_type(field.type)
        if any(is_required_argument(argument) for argument in field.args.values()):
            continue
        asked = f"{type_.name}_{name}: {name}" if name in renamed else name
        if is_leaf_type(named):
            parts.append(asked)
        elif depth > 0:
            parts.append(f"{asked} {selection(named, depth - 1)}")
    return "{ " + " ".join(parts) + " }"


def _differing(types):
    """Return the names of fields that are of other types in one type than in another: they cannot be merged."""
    kinds = {}
    for type_ in types:
        for name, field in type_.fields.items():
            kinds.setdefault(name, set()).add(str(field.type))
    return frozenset(name for name, found in kinds.items() if len(found) > 1)
