"""Answering one GraphQL request, from the query's text to the answer's JSON."""

import secrets
from collections.abc import Sized
from dataclasses import dataclass, field
from typing import Any

from graphql import ExecutionContext, ExecutionResult, OperationType, execute

from contenthub.delivery.consumers.directory import Caller

from .context import RequestContext
from .documents import InvalidQuery, PreparedQueries, PreparedQuery
from .errors import ErrorCode, HubError, describe_error
from .schema import schema

_MOST_ERRORS = 50
_queries = PreparedQueries(schema.graphql_schema)


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as GraphQL over HTTP has it."""

    query: str
    variables: dict[str, Any] = field(default_factory=dict)
    operation_name: str | None = None
    reads_only: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What to send back. ``refusal`` is the code of what kept the query from running, if anything did."""

    body: dict[str, Any]
    request_id: str
    refusal: ErrorCode | None = None


class NotReading(HubError):
    """Raised where something else than a query comes by a way that only reads."""

    def __init__(self) -> None:
        super().__init__(ErrorCode.BAD_ARGUMENT, "GET answers queries only: send anything else by POST.", "query")


def answer(asked: Asked, caller: Caller) -> Answer:
    """Return the answer to a request.

    Raises:
        NotReading: the request may only read, and asks for something else.
    """
    request_id = new_request_id()
    try:
        if caller.persisted_only:
            message = "This key runs persisted operations only: name one of them."
            raise HubError(ErrorCode.OPERATION_REQUIRED, message, "query")
        may_see_schema = "introspection" in caller.rights
        prepared = _queries.prepare(asked.query, hide_suggestions=not may_see_schema)
        if prepared.introspects and not may_see_schema:
            message = "The schema is shown only with the right 'introspection'."
            raise HubError(ErrorCode.FORBIDDEN, message, "query")
        _check_operation(asked, prepared)
    except NotReading:
        raise
    except InvalidQuery as invalid:
        return refuse(request_id, ErrorCode.BAD_ARGUMENT, *invalid.errors)
    except HubError as error:
        return refuse(request_id, error.code, error)
    return _run(asked, prepared, RequestContext(caller.rights, caller.scope), request_id)


def refuse(request_id: str, code: ErrorCode, *errors: Exception) -> Answer:
    """Return the answer to a request that was not run."""
    return Answer({"errors": [describe_error(error, request_id) for error in errors]}, request_id, code)


def new_request_id() -> str:
    """Return a name for a request, to find it again in the log."""
    return secrets.token_hex(8)


def _check_operation(asked: Asked, prepared: PreparedQuery) -> None:
    """Make sure that the request names an operation, and one that it may run."""
    name = asked.operation_name
    if name is None and len(prepared.operations) == 1:
        (name,) = prepared.operations
    if name not in prepared.operations or (name is None and len(prepared.operations) > 1):
        names = ", ".join(sorted(each for each in prepared.operations if each)) or "none has a name"
        message = f"'operationName' is {asked.operation_name!r}: name one of the query's operations ({names})."
        raise HubError(ErrorCode.BAD_ARGUMENT, message, "operationName")
    if asked.reads_only and prepared.operations[name] is not OperationType.QUERY:
        raise NotReading


def _run(asked: Asked, prepared: PreparedQuery, around: RequestContext, request_id: str) -> Answer:
    try:
        result = execute(
            schema.graphql_schema,
            prepared.document,
            context_value=around,
            variable_values=asked.variables,
            operation_name=asked.operation_name,
            execution_context_class=_BoundedExecution,
            hide_suggestions="introspection" not in around.rights,
        )
    except RecursionError:
        error = HubError(ErrorCode.TOO_DEEP, "The query or its variables nest too deep to be answered.")
        return refuse(request_id, error.code, error)
    if not isinstance(result, ExecutionResult):
        raise TypeError("A resolver answered asynchronously.")
    if result.data is None and result.errors and all(error.path is None for error in result.errors):
        return refuse(request_id, ErrorCode.BAD_ARGUMENT, *result.errors[:_MOST_ERRORS])
    body: dict[str, Any] = {"data": result.data}
    if result.errors:
        body["errors"] = [describe_error(error, request_id) for error in result.errors[:_MOST_ERRORS]]
    if around.notices:
        body["extensions"] = {"notices": around.notices}
    return Answer(body, request_id)


class _BoundedExecution(ExecutionContext):
    """Counts the entries of all lists as they are completed, so that no query multiplies without end."""

    def complete_list_value(self, return_type, field_nodes, info, path, result):  # noqa: ANN001 - as in graphql-core
        if isinstance(result, Sized):
            self.context_value.spend(len(result))
        return super().complete_list_value(return_type, field_nodes, info, path, result)
