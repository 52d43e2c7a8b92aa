"""Queries made ready: parsed, measured and validated once, and kept for the next request that asks the same."""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from hashlib import sha256

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    Visitor,
    parse,
    specified_rules,
    validate,
    visit,
)

from .errors import ErrorCode, HubError
from .limits import check_limits

MOST_TOKENS = 8_000
MOST_KEPT_CHARACTERS = 500_000
_MOST_ERRORS = 20
_INTROSPECTION = frozenset({"__schema", "__type"})


@dataclass(frozen=True, slots=True)
class PreparedQuery:
    """A query that can be run: its document, the kinds of its operations, and whether it asks for the schema."""

    document: DocumentNode
    operations: dict[str | None, OperationType]
    introspects: bool


class InvalidQuery(Exception):
    """Raised for a query that does not fit the schema; ``errors`` say where and why."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__(errors[0].message)
        self.errors = errors


class PreparedQueries:
    """The queries lately asked, by digest, bounded by how long they are together."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._kept: OrderedDict[bytes, tuple[PreparedQuery, int]] = OrderedDict()
        self._characters = 0
        self._lock = threading.Lock()

    def prepare(self, text: str, *, hide_suggestions: bool = False) -> PreparedQuery:
        """Return the query made ready. Refusals may name what was perhaps meant, unless that is to be hidden.

        Raises:
            InvalidQuery: it cannot be parsed, or does not fit the schema.
            HubError: it is beyond a limit.
        """
        digest = sha256(text.encode("utf-8", "surrogatepass")).digest()
        with self._lock:
            if digest in self._kept:
                self._kept.move_to_end(digest)
                return self._kept[digest][0]
        prepared = _prepare(text, self._schema, hide_suggestions)
        with self._lock:
            self._keep(digest, prepared, len(text))
        return prepared

    def _keep(self, digest: bytes, prepared: PreparedQuery, length: int) -> None:
        if digest in self._kept:
            return
        self._kept[digest] = (prepared, length)
        self._characters += length
        while self._characters > MOST_KEPT_CHARACTERS:
            _, (_, dropped) = self._kept.popitem(last=False)
            self._characters -= dropped


def _prepare(text: str, schema: GraphQLSchema, hide_suggestions: bool) -> PreparedQuery:
    try:
        document = parse(text, max_tokens=MOST_TOKENS, max_comments=MOST_TOKENS)
        check_limits(document)
        errors = validate(schema, document, specified_rules, max_errors=_MOST_ERRORS, hide_suggestions=hide_suggestions)
    except RecursionError as error:
        raise HubError(ErrorCode.TOO_DEEP, "The query nests too deep to be read.", "query") from error
    except GraphQLError as error:
        raise InvalidQuery([error]) from error
    if errors:
        raise InvalidQuery(errors)
    operations = {
        definition.name.value if definition.name else None: definition.operation
        for definition in document.definitions
        if isinstance(definition, OperationDefinitionNode)
    }
    return PreparedQuery(document, operations, _introspects(document))


def _introspects(document: DocumentNode) -> bool:
    finder = _IntrospectionFinder()
    visit(document, finder)
    return finder.found


class _IntrospectionFinder(Visitor):
    found = False

    def enter_field(self, node: FieldNode, *_: object) -> None:
        self.found = self.found or node.name.value in _INTROSPECTION
