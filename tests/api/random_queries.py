"""Random queries over the whole schema: fields, arguments, variables, aliases, fragments, directives."""

import json
import random
from typing import Any

from graphql import (
    GraphQLObjectType,
    get_named_type,
    is_abstract_type,
    is_enum_type,
    is_input_object_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_required_argument,
    is_required_input_field,
)

from contenthub.api.schema import schema

SCHEMA = schema.graphql_schema
DEPTH = 5


class RandomQuery:
    """A query that is valid, with its variables; ``known`` has values that mean something, by the name of an input."""

    def __init__(self, chance: random.Random, known: dict[str, list[Any]]) -> None:
        self.chance = chance
        self.known = known
        self.variables: dict[str, Any] = {}
        self.declared: list[str] = []
        self.fragments: list[str] = []
        self._names = 0
        body = self._selection(SCHEMA.query_type, DEPTH, most=3)
        declared = f"({', '.join(self.declared)})" if self.declared else ""
        self.text = " ".join([f"query Random{declared} {body}", *self.fragments])

    def _name(self, prefix: str) -> str:
        self._names += 1
        return f"{prefix}{self._names}"

    # --- selections ---------------------------------------------------------------------------------------

    def _selection(self, kind: Any, depth: int, *, most: int = 5) -> str:
        parts = ["__typename"] if self.chance.random() < 0.3 or is_abstract_type(kind) else []
        fields = list(kind.fields.items())
        for name, field in self.chance.sample(fields, min(len(fields), self.chance.randint(1, most))):
            parts += self._field(name, field, depth)
        if is_abstract_type(kind):
            for concrete in SCHEMA.get_possible_types(kind):
                if self.chance.random() < 0.6:
                    parts.append(f"... on {concrete.name} {self._selection(concrete, depth)}")
        elif self.chance.random() < 0.25:
            parts.append(self._elsewhere(kind, depth))
        return "{ " + " ".join(parts or ["__typename"]) + " }"

    def _elsewhere(self, kind: GraphQLObjectType, depth: int) -> str:
        """Return some of the same in a fragment, inline or named."""
        if self.chance.random() < 0.5:
            on = f"on {kind.name} " if self.chance.random() < 0.5 else ""
            return f"... {on}{self._directive()} {self._selection(kind, depth - 1, most=2)}"
        name = self._name("Part")
        self.fragments.append(f"fragment {name} on {kind.name} {self._selection(kind, depth - 1, most=2)}")
        return f"...{name} {self._directive()}"

    def _field(self, name: str, field: Any, depth: int) -> list[str]:
        named = get_named_type(field.type)
        if not is_leaf_type(named) and depth <= 0:
            return []
        given = [
            f"{argument}: {self._value(argument, described.type)}"
            for argument, described in field.args.items()
            if is_required_argument(described) or self.chance.random() < 0.4
        ]
        # A name of its own wherever two selections of it could differ.
        alias = f"{self._name('a')}: " if given or not is_leaf_type(named) or self.chance.random() < 0.2 else ""
        arguments = f"({', '.join(given)})" if given else ""
        below = "" if is_leaf_type(named) else self._selection(named, depth - 1)
        asked = f"{alias}{name}{arguments} {self._directive()} {below}"
        twice = [asked] if self.chance.random() < 0.05 and not alias else []
        return [asked, *twice]

    def _directive(self) -> str:
        if self.chance.random() > 0.12:
            return ""
        kind, value = self.chance.choice(["skip", "include"]), self.chance.random() < 0.5
        if self.chance.random() < 0.5:
            return f"@{kind}(if: {json.dumps(value)})"
        return f"@{kind}(if: {self._variable('Boolean!', value)})"

    # --- values -------------------------------------------------------------------------------------------

    def _variable(self, kind: str, value: Any) -> str:
        name = self._name("v")
        self.declared.append(f"${name}: {kind}")
        self.variables[name] = value
        return f"${name}"

    def _value(self, name: str, kind: Any) -> str:
        value = self._random(name, kind)
        if self.chance.random() < 0.4:
            return self._variable(str(kind), _plain(value))
        return _literal(value)

    def _random(self, name: str, kind: Any) -> Any:
        if is_non_null_type(kind):
            return self._random(name, kind.of_type) or self._some(name, kind.of_type)
        if self.chance.random() < 0.08:
            return None
        return self._some(name, kind)

    def _some(self, name: str, kind: Any) -> Any:
        if is_non_null_type(kind):
            return self._random(name, kind)
        if is_list_type(kind):
            inner = kind.of_type
            return [self._some(name, get_named_type(inner)) for _ in range(self.chance.randint(1, 2))]
        if is_input_object_type(kind):
            return {
                field: self._random(field, described.type)
                for field, described in kind.fields.items()
                if is_required_input_field(described) or self.chance.random() < 0.2
            }
        if is_enum_type(kind):
            return _Enum(self.chance.choice(list(kind.values)))
        if kind.name == "Int":
            return self.chance.choice([1, 2, 3, 3, 5, 0, -1])
        if kind.name == "Boolean":
            return self.chance.random() < 0.5
        if kind.name == "Float":
            return self.chance.choice([0.5, 1.0])
        return self.chance.choice(self.known.get(name) or self.known[kind.name])


class _Enum(str):
    """The name of one of an enumeration's values."""


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, _Enum) else value


def _literal(value: Any) -> str:
    if isinstance(value, _Enum):
        return str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {_literal(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_literal, value)) + "]"
    return json.dumps(value)
