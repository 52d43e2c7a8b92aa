"""Queries made ready: parsed, measured and validated once, and kept for the next request that asks the same."""

import re
import threading
from collections import OrderedDict
from dataclasses import dataclass
from hashlib import sha256

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    StringValueNode,
    Visitor,
    parse,
    specified_rules,
    validate,
    visit,
)

from .cost import CostMeter
from .errors import ErrorCode, HubError
from .limits import check_limits
from .plans import Plans

MOST_TOKENS = 4_000
_TOKEN = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|"(?:[^"\\\n\r]|\\.)*"|#[^\n\r]*|\.{3}|[\w+-]+(?:\.[\w+-]+)?|[^\s,\w\ufeff"]',
    re.DOTALL,
)
MOST_KEPT_CHARACTERS = 500_000
_MOST_ERRORS = 20
_INTROSPECTION = frozenset({"__schema", "__type"})
_LEADING_ELSEWHERE = frozenset({"references", "item", "items"})


@dataclass(frozen=True, slots=True)
class PreparedQuery:
    """A query that can be run, with its digest, its operations and fragments by name.

    ``introspects``: it asks for the schema. ``leads_elsewhere``: it asks what items refer to. ``meter`` counts what it
    asks for. ``plans`` answer its operations; ``texts`` stand in it
    as values.
    """

    digest: str
    document: DocumentNode
    operations: dict[str | None, OperationDefinitionNode]
    fragments: dict[str, FragmentDefinitionNode]
    introspects: bool
    leads_elsewhere: bool
    meter: CostMeter
    plans: Plans
    texts: frozenset[str]


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
        prepared = _prepare(text, digest.hex(), self._schema, hide_suggestions)
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


def _has_too_many_tokens(text: str) -> bool:
    """Tell at a glance what the parser would find out at length: it never counts more than there are."""
    tokens = comments = 0
    for token in _TOKEN.finditer(text):
        if token[0][0] == "#":
            comments += 1
        else:
            tokens += 1
        if max(tokens, comments) > MOST_TOKENS:
            return True
    return False


def _prepare(text: str, digest: str, schema: GraphQLSchema, hide_suggestions: bool) -> PreparedQuery:
    if _has_too_many_tokens(text):
        raise _too_many_tokens()
    try:
        document = parse(text, max_tokens=MOST_TOKENS, max_comments=MOST_TOKENS)
        check_limits(document)
        errors = validate(schema, document, specified_rules, max_errors=_MOST_ERRORS, hide_suggestions=hide_suggestions)
    except RecursionError as error:
        raise HubError(ErrorCode.TOO_DEEP, "The query nests too deep to be read.", "query") from error
    except GraphQLSyntaxError as error:
        if "Parsing aborted" not in error.message:
            raise InvalidQuery([error]) from error
        if "token" not in error.message:
            raise HubError(ErrorCode.TOO_DEEP, "The query nests too deep to be read.", "query") from error
        raise _too_many_tokens() from error
    except GraphQLError as error:
        raise InvalidQuery([error]) from error
    if errors:
        raise InvalidQuery(errors)
    operations, fragments = {}, {}
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            operations[definition.name.value if definition.name else None] = definition
        elif isinstance(definition, FragmentDefinitionNode):
            fragments[definition.name.value] = definition
    finder = _Finder()
    visit(document, finder)
    return PreparedQuery(
        digest,
        document,
        operations,
        fragments,
        finder.introspects,
        finder.leads_elsewhere,
        CostMeter(schema, document),
        Plans(schema, operations, fragments),
        frozenset(finder.texts),
    )


def _too_many_tokens() -> HubError:
    message = f"The query has more than {MOST_TOKENS:,} words and signs: ask in several requests."
    return HubError(ErrorCode.TOO_LARGE, message, "query")


class _Finder(Visitor):
    """Looks for fields by which an answer holds more than its root fields say."""

    def __init__(self) -> None:
        super().__init__()
        self.introspects = False
        self.leads_elsewhere = False
        self.texts: set[str] = set()
        self._level = 0

    def enter_fragment_definition(self, *_: object) -> None:
        self._level = 1  # wherever it is spread

    def leave_fragment_definition(self, *_: object) -> None:
        self._level = 0

    def enter_string_value(self, node: StringValueNode, *_: object) -> None:
        self.texts.add(node.value)

    def enter_field(self, node: FieldNode, *_: object) -> None:
        name = node.name.value
        self.introspects = self.introspects or name in _INTROSPECTION
        self.leads_elsewhere = self.leads_elsewhere or (self._level > 0 and name in _LEADING_ELSEWHERE)
        self._level += 1

    def leave_field(self, *_: object) -> None:
        self._level -= 1
