"""The schema of the API as text."""

from graphql import lexicographic_sort_schema, print_schema

from .schema import schema


def schema_text() -> str:
    """Return the schema in GraphQL's schema definition language, sorted by name, with a line break at its end."""
    return print_schema(lexicographic_sort_schema(schema.graphql_schema)) + "\n"
