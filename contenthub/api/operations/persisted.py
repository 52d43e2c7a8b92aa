"""Queries named by their digest (automatic persisted queries), and callers that may run persisted operations only."""

from dataclasses import replace

from contenthub.api.errors import ErrorCode, HubError
from contenthub.api.execution import Asked
from contenthub.api.models import Operation
from contenthub.delivery.consumers.directory import Caller

from .registry import digest_of, find_by_digest, find_registered


def find_asked(asked: Asked, caller: Caller) -> Asked:
    """Return what is asked with its query, looked up where only its digest came.

    Raises:
        HubError: OPERATION_UNKNOWN, for a digest that nobody knows; OPERATION_REQUIRED, for a query of their own by
            callers that may run persisted operations only; BAD_ARGUMENT, for a digest of something else.
    """
    digest = _digest_in(asked)
    if digest is None and not caller.persisted_only:
        return asked
    if asked.query and digest and digest != digest_of(asked.query):
        raise HubError(ErrorCode.BAD_ARGUMENT, "The SHA-256 in 'extensions' is not that of the query.", "extensions")
    if caller.persisted_only:
        operation = find_by_digest(digest or digest_of(asked.query))
        if operation is None or not may_run(caller, operation):
            message = "This key runs persisted operations only: name one by its SHA-256, or ask GET /o/<name>."
            raise HubError(ErrorCode.OPERATION_REQUIRED, message, "query")
        return replace(asked, query=operation.text)
    if asked.query:
        return replace(asked, register_as=digest)
    operation = find_by_digest(digest)
    text = operation.text if operation else find_registered(digest)
    if text is None:
        # The words that clients of automatic persisted queries wait for before they send the query along.
        raise HubError(ErrorCode.OPERATION_UNKNOWN, "PersistedQueryNotFound", "extensions")
    return replace(asked, query=text)


def may_run(caller: Caller, operation: Operation) -> bool:
    """Tell whether the caller's connection is not limited to other operations."""
    return caller.operations is None or operation.name in caller.operations


def _digest_in(asked: Asked) -> str | None:
    given = asked.extensions.get("persistedQuery")
    if given is None:
        return None
    digest = given.get("sha256Hash") if isinstance(given, dict) else None
    if not isinstance(digest, str) or len(digest) != 64:
        raise HubError(ErrorCode.BAD_ARGUMENT, "'persistedQuery' is read as {sha256Hash: 64 digits}.", "extensions")
    return digest.lower()
