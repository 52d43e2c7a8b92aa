"""What a caller is told when something is refused or fails: one list of codes, one table of translations."""

import logging
from enum import Enum

from django.db import InterfaceError, OperationalError
from graphql import GraphQLError

from channels.registry import UnknownChannel
from contenthub.delivery import refusals
from contenthub.delivery.timeouts import is_timeout
from locales.catalogue import UnknownLocale
from locales.tags import MalformedTag
from taxonomy import schema as taxonomy_schema
from taxonomy.snapshot import UnknownFacet, UnknownTerm

logger = logging.getLogger(__name__)

Extensions = dict[str, str | bool | None]


class ErrorCode(Enum):
    """What went wrong, for programs to act on."""

    BAD_ARGUMENT = "BAD_ARGUMENT"
    UNKNOWN_CODE = "UNKNOWN_CODE"
    BAD_CURSOR = "BAD_CURSOR"
    CURSOR_EXPIRED = "CURSOR_EXPIRED"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN = "FORBIDDEN"
    TOO_LARGE = "TOO_LARGE"
    TOO_DEEP = "TOO_DEEP"
    TOO_COSTLY = "TOO_COSTLY"
    TOO_MANY_REQUESTS = "TOO_MANY_REQUESTS"
    TIMEOUT = "TIMEOUT"
    OPERATION_REQUIRED = "OPERATION_REQUIRED"
    OPERATION_UNKNOWN = "OPERATION_UNKNOWN"
    PREVIEW_INVALID = "PREVIEW_INVALID"
    PREVIEW_EXPIRED = "PREVIEW_EXPIRED"
    UNAVAILABLE = "UNAVAILABLE"
    INTERNAL = "INTERNAL"


class HubError(Exception):
    """A refusal by the API itself."""

    def __init__(self, code: ErrorCode, message: str, argument: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.argument = argument


_TRANSLATIONS: dict[type[Exception], ErrorCode] = {
    refusals.BadArgument: ErrorCode.BAD_ARGUMENT,
    refusals.UnknownCode: ErrorCode.UNKNOWN_CODE,
    refusals.NotAllowed: ErrorCode.FORBIDDEN,
    refusals.BadCursor: ErrorCode.BAD_CURSOR,
    taxonomy_schema.BadArgument: ErrorCode.BAD_ARGUMENT,
    taxonomy_schema.BadCursor: ErrorCode.BAD_CURSOR,
    UnknownTerm: ErrorCode.UNKNOWN_CODE,
    UnknownFacet: ErrorCode.UNKNOWN_CODE,
    UnknownChannel: ErrorCode.UNKNOWN_CODE,
    UnknownLocale: ErrorCode.UNKNOWN_CODE,
    MalformedTag: ErrorCode.BAD_ARGUMENT,
    OperationalError: ErrorCode.UNAVAILABLE,
    InterfaceError: ErrorCode.UNAVAILABLE,
}
_RETRYABLE = frozenset({ErrorCode.TOO_MANY_REQUESTS, ErrorCode.TIMEOUT, ErrorCode.UNAVAILABLE})
_MASKED = {
    ErrorCode.INTERNAL: "Something failed inside the hub: tell its operators the requestId.",
    ErrorCode.TIMEOUT: "The answer took longer than allowed: ask for less, or try again.",
    ErrorCode.UNAVAILABLE: "The hub cannot answer at the moment: try again in a few seconds.",
}


def describe_error(error: Exception, request_id: str) -> dict:
    """Return an error as the answer carries it; what is not meant for callers is masked, and logged with its cause."""
    cause = _cause(error)
    code = code_of(cause)
    if code in _MASKED:
        logger.error("Request %s failed: %s", request_id, cause, exc_info=cause)
    described = dict(error.formatted) if isinstance(error, GraphQLError) else {}
    described["message"] = _MASKED.get(code) or (error.message if isinstance(cause, GraphQLError) else str(cause))
    described["extensions"] = {
        "code": code.value,
        "argument": getattr(cause, "argument", None),
        "retryable": code in _RETRYABLE,
        "requestId": request_id,
    }
    return described


def _cause(error: Exception) -> Exception:
    while isinstance(error, GraphQLError) and error.original_error:
        error = error.original_error
    return error


def code_of(cause: Exception) -> ErrorCode:
    """Return the code of an error; of what is not meant for callers, INTERNAL."""
    if isinstance(cause, HubError):
        return cause.code
    if isinstance(cause, GraphQLError):
        return ErrorCode.BAD_ARGUMENT
    if is_timeout(cause):
        return ErrorCode.TIMEOUT
    return next((code for kind, code in _TRANSLATIONS.items() if isinstance(cause, kind)), ErrorCode.INTERNAL)
