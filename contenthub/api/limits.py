"""How much one query may ask: refused before anything of it is validated or run."""

from dataclasses import dataclass, replace
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

from .errors import ErrorCode, HubError

MOST_DEPTH = 16
MOST_FIELDS = 2_000
MOST_ALIASES = 100
MOST_ROOT_FIELDS = 30
MOST_REPEATS = 30
MOST_OPERATIONS = 20
MOST_FRAGMENTS = 200
MOST_VARIABLES = 200
MOST_DIRECTIVES = 100
MOST_VALUES = 10_000
MOST_VALUE_DEPTH = 12
_MOST_FRAGMENTS_IN_EACH_OTHER = 60


@dataclass(frozen=True, slots=True)
class Measure:
    """What a selection holds when all fragments are spread out: levels, fields, aliases and directives."""

    depth: int
    fields: int
    aliases: int
    root_fields: int
    directives: int = 0


def check_limits(document: DocumentNode) -> None:
    """Make sure that every operation of a document stays within the limits.

    Raises:
        HubError: TOO_DEEP or TOO_COSTLY; the message names the limit.
    """
    _check_definitions(document)
    ruler = _Ruler(document)
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            _check(ruler.measure(definition.selection_set))
        elif isinstance(definition, FragmentDefinitionNode):
            _check(replace(ruler.measure(definition.selection_set), root_fields=0))


def check_variables(variables: dict[str, Any]) -> None:
    """Make sure that the variables of a request stay within the limits.

    Raises:
        HubError: TOO_DEEP or TOO_LARGE.
    """
    values, level = [variables], 0
    number = 0
    while values:
        number += len(values)
        level += 1
        if level > MOST_VALUE_DEPTH:
            message = f"The variables nest deeper than {MOST_VALUE_DEPTH} levels: nothing that is asked for does."
            raise HubError(ErrorCode.TOO_DEEP, message, "variables")
        if number > MOST_VALUES:
            message = f"The variables hold more than {MOST_VALUES:,} values: ask in several requests."
            raise HubError(ErrorCode.TOO_LARGE, message, "variables")
        values = [
            below
            for value in values
            if isinstance(value, dict | list)
            for below in (value.values() if isinstance(value, dict) else value)
        ]


def _check_definitions(document: DocumentNode) -> None:
    operations = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    for number, limit, what in (
        (len(operations), MOST_OPERATIONS, "operations"),
        (len(document.definitions) - len(operations), MOST_FRAGMENTS, "fragments"),
        (sum(len(each.variable_definitions or ()) for each in operations), MOST_VARIABLES, "variables"),
        (sum(len(each.directives or ()) for each in operations), MOST_DIRECTIVES, "directives"),
    ):
        if number > limit:
            raise HubError(ErrorCode.TOO_COSTLY, f"The query defines {number:,} {what}: at most {limit:,} are read.")


def _check(measure: Measure) -> None:
    if measure.depth > MOST_DEPTH:
        raise HubError(ErrorCode.TOO_DEEP, f"The query nests deeper than {MOST_DEPTH} levels: ask in two queries.")
    for number, limit, what in (
        (measure.fields, MOST_FIELDS, "fields"),
        (measure.aliases, MOST_ALIASES, "aliases"),
        (measure.root_fields, MOST_ROOT_FIELDS, "root fields"),
        (measure.directives, MOST_DIRECTIVES, "directives"),
    ):
        if number > limit:
            message = f"The query asks for {number:,} {what}, fragments spread out: at most {limit:,} are answered."
            raise HubError(ErrorCode.TOO_COSTLY, message)


class _Ruler:
    """Measures selections; each fragment once, and one that spreads itself without end (validation refuses it)."""

    def __init__(self, document: DocumentNode) -> None:
        self.fragments = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        self.measured: dict[str, Measure] = {}
        self.open: list[str] = []

    def measure(self, selections: SelectionSetNode | None, level: int = 1) -> Measure:
        depth = fields = aliases = own = directives = 0
        repeats: dict[str, int] = {}
        if level > _MOST_FRAGMENTS_IN_EACH_OTHER:
            raise HubError(ErrorCode.TOO_DEEP, f"The query nests deeper than {MOST_DEPTH} levels: ask in two queries.")
        for selection in selections.selections if selections else ():
            if isinstance(selection, FieldNode):
                name = selection.alias.value if selection.alias else selection.name.value
                repeats[name] = repeats.get(name, 0) + 1
                below = self.measure(selection.selection_set, level + 1)
                below = Measure(
                    below.depth + 1, below.fields + 1, below.aliases + bool(selection.alias), 1, below.directives
                )
            elif isinstance(selection, FragmentSpreadNode):
                below = self._measure_fragment(selection.name.value, level + 1)
            else:
                below = self.measure(selection.selection_set, level + 1)
            depth = max(depth, below.depth)
            fields += below.fields
            aliases += below.aliases
            own += below.root_fields
            directives += below.directives + len(selection.directives or ())
        if any(number > MOST_REPEATS for number in repeats.values()):
            raise HubError(ErrorCode.TOO_COSTLY, f"A field stands more than {MOST_REPEATS} times in one selection.")
        return Measure(depth, fields, aliases, own, directives)

    def _measure_fragment(self, name: str, level: int) -> Measure:
        if name in self.open or name not in self.fragments:
            return Measure(0, 0, 0, 0)
        if name not in self.measured:
            self.open.append(name)
            self.measured[name] = self.measure(self.fragments[name].selection_set, level)
            self.open.pop()
        return self.measured[name]
