"""The variables of an operation, read from an address: what cannot be read is left out and told, never an error."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputType,
    GraphQLNonNull,
    GraphQLSchema,
    OperationDefinitionNode,
    get_named_type,
    is_input_object_type,
    is_list_type,
    is_non_null_type,
    type_from_ast,
)

_INTEGER = re.compile(r"[+-]?\d{1,10}")
_TRUE, _FALSE = frozenset({"true", "1", "yes", "on"}), frozenset({"false", "0", "no", "off"})
_MOST_NOTICES = 20

Tell = Callable[[str], None]


class UnreadableVariable(ValueError):
    """Raised for a definition that no text in an address can fill."""


def definitions(operation: OperationDefinitionNode, schema: GraphQLSchema) -> dict[str, GraphQLInputType]:
    """Return the types of an operation's variables by name.

    Raises:
        UnreadableVariable: one wants an object, or a list of lists.
    """
    found = {}
    for each in operation.variable_definitions or ():
        name, kind = each.variable.name.value, type_from_ast(schema, each.type)
        if is_input_object_type(get_named_type(kind)) or str(kind).count("[") > 1:
            raise UnreadableVariable(f"'${name}' is {kind}: an address can fill scalars, enums and lists of them")
        found[name] = kind
    return found


def required(operation: OperationDefinitionNode, kinds: Mapping[str, GraphQLInputType]) -> Iterator[str]:
    """Yield the names of variables that must be given."""
    for each in operation.variable_definitions or ():
        name = each.variable.name.value
        if is_non_null_type(kinds[name]) and each.default_value is None:
            yield name


def read_variables(
    given: Mapping[str, Sequence[str]], kinds: Mapping[str, GraphQLInputType], tell: Tell
) -> dict[str, Any]:
    """Return the values of variables; blank means not given.

    A list comes as repeated parameters, as one with commas, or both.
    """
    read: dict[str, Any] = {}
    for name, texts in list(given.items())[:200]:
        if name not in kinds:
            tell(f"'{name[:60]}' is no variable of this operation: it was ignored.")
            continue
        kind = kinds[name].of_type if isinstance(kinds[name], GraphQLNonNull) else kinds[name]
        texts = [text.strip() for text in texts]
        if is_list_type(kind):
            texts = [part.strip() for text in texts for part in text.split(",")]
            values = [value for text in texts if text for value in _read(name, text, get_named_type(kind), tell)]
            if any(texts):
                read[name] = values
        elif any(texts):
            for value in _read(name, next(filter(None, texts)), get_named_type(kind), tell):
                read[name] = value
    return read


def _read(name: str, text: str, kind: Any, tell: Tell) -> list[Any]:
    """Return the value in a list, or an empty one if the text cannot be read."""
    if isinstance(kind, GraphQLEnumType):
        if text.upper() in kind.values:
            return [text.upper()]
        return _ignored(name, text, f"one of {', '.join(kind.values)}", tell)
    if kind.name == "Int":
        if _INTEGER.fullmatch(text) and abs(int(text)) < 2**31:
            return [int(text)]
        return _ignored(name, text, "a whole number", tell)
    if kind.name == "Float":
        try:
            return [float(text)]
        except ValueError:
            return _ignored(name, text, "a number", tell)
    if kind.name == "Boolean":
        if text.lower() in _TRUE | _FALSE:
            return [text.lower() in _TRUE]
        return _ignored(name, text, "true or false", tell)
    return [text]


def _ignored(name: str, text: str, wanted: str, tell: Tell) -> list[Any]:
    tell(f"'{name}' wants {wanted}: '{text[:60]}' was ignored.")
    return []
