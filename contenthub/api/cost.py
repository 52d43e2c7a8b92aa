"""How many records a query asks for, over all its levels: counted before anything of it is run.

A record is an object that an answer can hold: an item of a page, a term below a term. A list that no argument bounds is
taken for as long as such lists usually are; what it really holds is counted while the answer is made.
"""

from collections.abc import Mapping
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    is_leaf_type,
)

from .errors import ErrorCode, HubError

MOST_RECORDS = 50_000
_PAGES = ("Connection", "ChangePage", "Decision")
# How many entries a list has for which no argument says so; lists not named here hold parts of a document.
_USUAL = {
    "references": 10,
    "items": 10,
    "variants": 10,
    "experiments": 10,
    "terms": 10,
    "roots": 20,
    "children": 10,
    "descendants": 100,
    "ancestors": 4,
    "broader": 2,
    "related": 5,
    "replacedBy": 2,
    "facetCounts": 50,
    "candidates": 20,
}


def check_cost(records: int) -> None:
    """Make sure that a query asks for no more records than are answered.

    Raises:
        HubError: TOO_COSTLY.
    """
    if records > MOST_RECORDS:
        message = (
            f"The query asks for {records:,} records over all its levels: at most {MOST_RECORDS:,} are answered. "
            "Ask for smaller pages or fewer levels."
        )
        raise HubError(ErrorCode.TOO_COSTLY, message)


class CostMeter:
    """Counts the records that the operations of one valid document ask for, by the page sizes given to it."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode) -> None:
        self._schema = schema
        self._fragments: dict[str, FragmentDefinitionNode] = {}
        self._operations: dict[str | None, OperationDefinitionNode] = {}
        for definition in document.definitions:
            if isinstance(definition, FragmentDefinitionNode):
                self._fragments[definition.name.value] = definition
            elif isinstance(definition, OperationDefinitionNode):
                self._operations[definition.name.value if definition.name else None] = definition
        self._known: dict[tuple, int] = {}

    def records(self, operation: str | None, variables: Mapping[str, Any]) -> int:
        """Return the records asked for; ``variables`` are as they were given."""
        definition = self._operations[operation]
        defaults = {
            each.variable.name.value: int(each.default_value.value)
            for each in definition.variable_definitions or ()
            if isinstance(each.default_value, IntValueNode)
        }
        sizes = defaults | {name: value for name, value in variables.items() if type(value) is int}
        asked = (operation, *sorted(sizes.items()))
        if asked not in self._known:
            if len(self._known) > 50:
                self._known.clear()
            fragments: dict[tuple[str, int], int] = {}
            root = self._schema.query_type
            self._known[asked] = self._below(definition.selection_set, root, sizes, fragments)
        return self._known[asked]

    def _below(
        self, selections: SelectionSetNode, parent: Any, sizes: Mapping[str, int], fragments: dict, page: int = 1
    ) -> int:
        """Return the records below a selection; ``page`` is how many entries the list has whose page this is."""
        records = 0
        for selection in selections.selections:
            if isinstance(selection, FieldNode):
                records += self._of_field(selection, parent, sizes, fragments, page)
            elif isinstance(selection, FragmentSpreadNode):
                name = selection.name.value
                if (name, page) not in fragments:
                    definition = self._fragments[name]
                    on = self._schema.type_map[definition.type_condition.name.value]
                    fragments[name, page] = self._below(definition.selection_set, on, sizes, fragments, page)
                records += fragments[name, page]
            else:
                on = selection.type_condition
                kind = self._schema.type_map[on.name.value] if on else parent
                records += self._below(selection.selection_set, kind, sizes, fragments, page)
        return records

    def _of_field(self, node: FieldNode, parent: Any, sizes: Mapping[str, int], fragments: dict, page: int) -> int:
        name = node.name.value
        field = getattr(parent, "fields", {}).get(name)
        kind = get_named_type(field.type) if field else None
        if kind is None or is_leaf_type(kind) or not node.selection_set:
            return 0
        entries = self._entries(node, field, sizes)
        if kind.name.endswith(_PAGES):
            return entries + self._below(node.selection_set, kind, sizes, fragments, entries)
        below = self._below(node.selection_set, kind, sizes, fragments)
        if parent.name.endswith(_PAGES) and name in ("nodes", "edges", "items"):
            return page * below
        own = 0 if parent.name.endswith("Edge") or kind.name == "PageInfo" else 1
        return entries * (own + below)

    def _entries(self, node: FieldNode, field: Any, sizes: Mapping[str, int]) -> int:
        if "first" in field.args:
            given = next((each.value for each in node.arguments if each.name.value == "first"), None)
            if isinstance(given, IntValueNode):
                return max(int(given.value), 0)
            if isinstance(given, VariableNode) and given.name.value in sizes:
                return max(sizes[given.name.value], 0)
            default = field.args["first"].default_value
            return default if isinstance(default, int) else 100
        return _USUAL.get(node.name.value, 1)
