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


def selection(type_, depth):
    """Return a selection of every field that needs no argument, down to a depth."""
    type_ = get_named_type(type_)
    if is_leaf_type(type_):
        return ""
    parts = ["__typename"]
    if isinstance(type_, GraphQLInterfaceType | GraphQLUnionType):
        parts += [
            f"... on {one.name} {selection(one, depth)}" for one in schema.graphql_schema.get_possible_types(type_)
        ]
        return "{ " + " ".join(parts) + " }"
    assert isinstance(type_, GraphQLObjectType)
    for name, field in type_.fields.items():
        named = get_named_type(field.type)
        if any(is_required_argument(argument) for argument in field.args.values()):
            continue
        if is_leaf_type(named):
            parts.append(name)
        elif depth > 0:
            parts.append(f"{name} {selection(named, depth - 1)}")
    return "{ " + " ".join(parts) + " }"
