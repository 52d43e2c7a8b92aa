"""Answering one GraphQL request, from the query's text to the answer's JSON."""

import secrets
from collections.abc import Collection, Iterator, Sized
from dataclasses import dataclass, field, replace
from typing import Any

import orjson
from django.conf import settings
from django.utils import timezone
from graphql import ExecutionContext, ExecutionResult, OperationType, execute

from channels.models import PersonalToken
from channels.personaltokens import written_for
from contenthub.delivery.consumers.directory import Caller

from .answers import answers
from .catalogues import catalogues_of
from .context import RequestContext
from .cost import MOST_RECORDS, check_cost
from .dependencies import tags_of
from .documents import InvalidQuery, PreparedQueries, PreparedQuery
from .errors import ErrorCode, HubError, describe_error
from .freshness import State, current_state
from .keeping import Keeping, make_etag, name_question
from .limits import check_variables
from .operations.registry import register
from .schema import schema

_MOST_ERRORS = 50
_queries = PreparedQueries(schema.graphql_schema)


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as GraphQL over HTTP has it.

    ``register_as`` is the digest under which the query is to be kept for later, ``form`` the form of the answer where
    it is handed over otherwise than as GraphQL has it.
    """

    query: str
    variables: dict[str, Any] = field(default_factory=dict)
    extensions: dict[str, Any] = field(default_factory=dict)
    operation_name: str | None = None
    reads_only: bool = False
    known_etags: frozenset[str] = frozenset()
    register_as: str | None = None
    form: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What to send back, ``body`` as JSON or to become it; no ``body``: what the caller has is current.

    ``refusal`` is the code of what kept the query from running, if anything did. ``keeping``: how it may be kept.
    ``texts`` are those that the question names, term codes among them.
    """

    body: dict[str, Any] | bytes | None
    request_id: str
    refusal: ErrorCode | None = None
    keeping: Keeping | None = None
    texts: frozenset[str] = frozenset()

    @property
    def told(self) -> dict[str, Any]:
        """The body as it is read, not as it is sent."""
        return orjson.loads(self.body) if isinstance(self.body, bytes) else self.body or {}


class NotReading(HubError):
    """Raised where something else than a query comes by a way that only reads."""

    def __init__(self) -> None:
        super().__init__(ErrorCode.BAD_ARGUMENT, "GET answers queries only: send anything else by POST.", "query")


def answer(asked: Asked, caller: Caller) -> Answer:
    """Return the answer to a request, with what it asked for where somebody is known to ask.

    Raises:
        NotReading: the request may only read, and asks for something else.
    """
    given = _answer(asked, caller)
    if caller.id is None or given.refusal:
        return given
    given = replace(given, texts=prepare(asked.query).texts | set(_texts_in(asked.variables)))
    if not caller.token_syntax or given.body is None:
        return given
    body = given.body if isinstance(given.body, bytes) else orjson.dumps(given.body)
    return replace(given, body=written_for(body, caller.token_syntax, PersonalToken.catalogue))


def _answer(asked: Asked, caller: Caller) -> Answer:
    request_id = new_request_id()
    try:
        check_variables(asked.variables)
        may_see_schema = "introspection" in caller.rights
        prepared = _queries.prepare(asked.query, hide_suggestions=not may_see_schema)
        if prepared.introspects and not may_see_schema:
            message = "The schema is shown only with the right 'introspection'."
            raise HubError(ErrorCode.FORBIDDEN, message, "query")
        name = _choose_operation(asked, prepared)
        records = prepared.meter.records(name, asked.variables)
        check_cost(records)
        if asked.register_as:
            register(asked.query, asked.register_as)
    except NotReading:
        raise
    except InvalidQuery as invalid:
        return refuse(request_id, ErrorCode.BAD_ARGUMENT, *invalid.errors)
    except HubError as error:
        return refuse(request_id, error.code, error)
    if not (asked.reads_only or settings.HUB_ANSWER_CACHE_BYTES):
        return _run(asked, prepared, RequestContext(caller.rights, caller.scope), request_id, records)
    state = current_state(timezone.now())
    kept_catalogues = catalogues_of(state.around) if settings.HUB_ANSWER_CACHE_BYTES else None
    around = RequestContext(caller.rights, caller.scope, kept_catalogues)
    question = name_question(prepared, name, asked.variables, caller)
    etag = make_etag(question, state, f"{asked.form} {caller.token_syntax}")
    if etag in asked.known_etags:
        return Answer(None, request_id, keeping=Keeping(etag, (), state.next_change_at))
    kept = answers.find(question, state)
    if kept is not None:
        return Answer(kept.body, request_id, keeping=_keeping(asked, etag, kept.tags, state))
    answered = _run(asked, prepared, around, request_id, records)
    if answered.refusal or "errors" in answered.body or not around.is_keepable:
        return answered
    tags = tags_of(prepared, name, asked.variables, around, schema.graphql_schema)
    if not around.is_personal:
        answers.keep(question, state, orjson.dumps(answered.body), tags)
    return replace(answered, keeping=_keeping(asked, etag, tags, state, around.is_personal))


def _texts_in(value: Any) -> Iterator[str]:
    """Yield the texts in variables."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts_in(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts_in(one)


def _keeping(asked: Asked, etag: str, tags: Collection[str], state: State, is_personal: bool = False) -> Keeping | None:
    """Return how others may keep an answer; one to a question that might have changed something, they may not."""
    return Keeping(etag, tuple(sorted(tags)), state.next_change_at, is_personal) if asked.reads_only else None


def prepare(text: str) -> PreparedQuery:
    """Return a query of the hub's own made ready; it was checked when it was loaded.

    Raises:
        InvalidQuery: it does not fit the schema any more.
    """
    return _queries.prepare(text)


def refuse(request_id: str, code: ErrorCode, *errors: Exception) -> Answer:
    """Return the answer to a request that was not run."""
    return Answer({"errors": [describe_error(error, request_id) for error in errors]}, request_id, code)


def new_request_id() -> str:
    """Return a name for a request, to find it again in the log."""
    return secrets.token_hex(8)


def _choose_operation(asked: Asked, prepared: PreparedQuery) -> str | None:
    """Return the name of the operation that is asked for, made sure that it may run."""
    name = asked.operation_name
    if name is None and len(prepared.operations) == 1:
        (name,) = prepared.operations
    if name not in prepared.operations or (name is None and len(prepared.operations) > 1):
        names = ", ".join(sorted(each for each in prepared.operations if each)) or "none has a name"
        message = f"'operationName' is {asked.operation_name!r}: name one of the query's operations ({names})."
        raise HubError(ErrorCode.BAD_ARGUMENT, message, "operationName")
    if asked.reads_only and prepared.operations[name].operation is not OperationType.QUERY:
        raise NotReading
    return name


def _run(asked: Asked, prepared: PreparedQuery, around: RequestContext, request_id: str, records: int) -> Answer:
    try:
        result = _run_plan(asked, prepared, around) or _run_standard(asked, prepared, around)
    except RecursionError:
        error = HubError(ErrorCode.TOO_DEEP, "The query or its variables nest too deep to be answered.")
        return refuse(request_id, error.code, error)
    finally:
        around.overlay.leave()
    if not isinstance(result, ExecutionResult):
        raise TypeError("A resolver answered asynchronously.")
    if result.data is None and result.errors and all(error.path is None for error in result.errors):
        return refuse(request_id, ErrorCode.BAD_ARGUMENT, *result.errors[:_MOST_ERRORS])
    body: dict[str, Any] = {"data": result.data}
    if result.errors:
        body["errors"] = [describe_error(error, request_id) for error in result.errors[:_MOST_ERRORS]]
    body["extensions"] = {"cost": {"records": records, "limit": MOST_RECORDS}}
    if around.notices:
        body["extensions"]["notices"] = around.notices
    return Answer(body, request_id)


def _run_plan(asked: Asked, prepared: PreparedQuery, around: RequestContext) -> ExecutionResult | None:
    """Return what the operation's plan answers; None where anything is wrong, for graphql-core to say what."""
    if prepared.introspects:
        return None
    try:
        return ExecutionResult(prepared.plans.of(asked.operation_name).run(around, asked.variables))
    except Exception:
        around.restart()
        return None


def _run_standard(asked: Asked, prepared: PreparedQuery, around: RequestContext) -> Any:
    return execute(
        schema.graphql_schema,
        prepared.document,
        context_value=around,
        variable_values=asked.variables,
        operation_name=asked.operation_name,
        execution_context_class=_BoundedExecution,
        hide_suggestions="introspection" not in around.rights,
    )


class _BoundedExecution(ExecutionContext):
    """Counts the entries of all lists as they are completed, so that no query multiplies without end.

    Root fields are answered one after the other, each with all below it: the preview of one ends before the next.
    """

    def execute_field(self, parent_type, source, field_nodes, path):  # noqa: ANN001 - as in graphql-core
        if path.prev is None:
            self.context_value.overlay.leave()
        return super().execute_field(parent_type, source, field_nodes, path)

    def complete_list_value(self, return_type, field_nodes, info, path, result):  # noqa: ANN001 - as in graphql-core
        if isinstance(result, Sized):
            self.context_value.spend(len(result))
        return super().complete_list_value(return_type, field_nodes, info, path, result)
