from pathlib import Path

import pytest
from django.core.management import call_command
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
    is_introspection_type,
    is_specified_scalar_type,
)

from contenthub.api.schema import schema
from contenthub.api.sdl import schema_text

ROOT = Path(__file__).resolve().parents[2]
SNAPSHOT = ROOT / "tests/snapshots/schema.graphql"
CONTRACT = ROOT.parent / "shared/api-contract.graphql"

NOT_YET_TYPES = {
    "Change",
    "ChangeKind",
    "ChangePage",
    "Coverage",
    "CoverageCell",
    "CoverageHeading",
    "CoverageState",
    "DimensionInput",
    "DimensionKind",
}
NOT_YET_FIELDS = {
    "Item.completeness",
    "ItemConnection.syncCursor",
    "Query.changes",
    "Query.coverage",
    "VariantConnection.syncCursor",
}


def own_types(of: GraphQLSchema) -> dict:
    return {
        name: kind
        for name, kind in of.type_map.items()
        if not is_introspection_type(kind) and not is_specified_scalar_type(kind)
    }


def members(of: GraphQLSchema) -> dict[str, str]:
    """Return every field, input field and argument of a schema with its type, and every enum value."""
    found = {}
    for name, kind in own_types(of).items():
        if isinstance(kind, GraphQLEnumType):
            found |= {f"{name}.{value}": "" for value in kind.values}
        for field_name, field in getattr(kind, "fields", {}).items():
            found[f"{name}.{field_name}"] = str(field.type)
            for argument_name, argument in getattr(field, "args", {}).items():
                found[f"{name}.{field_name}({argument_name}:)"] = str(argument.type)
    return found


def undescribed(of: GraphQLSchema) -> list[str]:
    found = []
    for name, kind in own_types(of).items():
        parts = [(name, kind)]
        if isinstance(kind, GraphQLEnumType):
            parts += [(f"{name}.{value}", each) for value, each in kind.values.items()]
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            for field_name, field in kind.fields.items():
                parts.append((f"{name}.{field_name}", field))
                arguments = getattr(field, "args", {}).items()
                parts += [(f"{name}.{field_name}({argument}:)", each) for argument, each in arguments]
        found += [path for path, part in parts if not (part.description or "").strip()]
    return found


def test_the_schema_is_the_one_that_was_reviewed():
    assert schema_text() == SNAPSHOT.read_text(encoding="utf-8"), (
        "The API changed. Look at the difference, then: manage.py print_schema > tests/snapshots/schema.graphql"
    )


def test_the_schema_can_be_printed(capsys):
    call_command("print_schema")

    assert capsys.readouterr().out == schema_text()


def test_everything_in_the_schema_is_described():
    assert undescribed(schema.graphql_schema) == []


@pytest.mark.skipif(not CONTRACT.exists(), reason="the contract that clients rely on is not beside this repository")
def test_the_schema_keeps_the_contract():
    contract = build_schema(CONTRACT.read_text(encoding="utf-8"))
    promised, served = members(contract), members(schema.graphql_schema)

    missing = {
        path
        for path in promised.keys() - served.keys()
        if path.split(".")[0] not in NOT_YET_TYPES and path.split("(")[0] not in NOT_YET_FIELDS
    }
    different = {path: (promised[path], served[path]) for path in promised.keys() & served.keys()}

    assert missing == set()
    assert {path: pair for path, pair in different.items() if pair[0] != pair[1]} == {}
    assert own_types(contract).keys() - own_types(schema.graphql_schema).keys() == NOT_YET_TYPES


@pytest.mark.skipif(not CONTRACT.exists(), reason="the contract that clients rely on is not beside this repository")
def test_nothing_is_said_to_be_missing_that_is_there():
    served = members(schema.graphql_schema)

    assert NOT_YET_FIELDS & served.keys() == set()
    assert NOT_YET_TYPES & own_types(schema.graphql_schema).keys() == set()


@pytest.mark.skipif(not CONTRACT.exists(), reason="the contract that clients rely on is not beside this repository")
def test_types_implement_the_interfaces_of_the_contract():
    contract = build_schema(CONTRACT.read_text(encoding="utf-8"))

    def interfaces(of):
        kinds = ((name, kind) for name, kind in own_types(of).items() if isinstance(kind, GraphQLObjectType))
        return {(name, interface.name) for name, kind in kinds for interface in kind.interfaces}

    promised = {(name, interface) for name, interface in interfaces(contract) if name not in NOT_YET_TYPES}
    assert promised - interfaces(schema.graphql_schema) == set()
