"""Answers and refusals as HTTP responses."""

from collections.abc import Sequence

import orjson
from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from contenthub.delivery.consumers.directory import Caller
from contenthub.delivery.consumers.usage import is_worth_noting, note_terms, note_use, terms_worth_noting
from taxonomy.snapshot import taxonomy_snapshot

from .callers import CHALLENGE
from .errors import ErrorCode, HubError, code_of
from .execution import Answer, new_request_id, refuse
from .requests import RESPONSE_JSON

# What the code alone decides; other refusals are 400, or 200 where the caller reads plain JSON.
_STATUSES = {
    ErrorCode.UNAUTHENTICATED: 401,
    ErrorCode.FORBIDDEN: 403,
    ErrorCode.OPERATION_REQUIRED: 403,
    ErrorCode.OPERATION_UNKNOWN: 404,
    ErrorCode.TOO_LARGE: 413,
    ErrorCode.TOO_MANY_REQUESTS: 429,
    ErrorCode.INTERNAL: 500,
    ErrorCode.UNAVAILABLE: 503,
    ErrorCode.TIMEOUT: 503,
}

_compression = GZipMiddleware(lambda request: HttpResponse())


class Noting(HttpResponse):
    """A response that notes the use of a key once it was sent, so that nobody waits for it."""

    key_id: int | None = None
    texts: frozenset[str] = frozenset()
    consumer_id: int | None = None
    codes: Sequence[str] = ()

    def close(self) -> None:
        if self.key_id is not None:
            note_use(self.key_id, timezone.now())
        if self.consumer_id is not None and self.codes:
            note_terms(self.consumer_id, self.codes, timezone.now())
        super().close()


def status_of(code: ErrorCode) -> int:
    """Return the status under which a refusal is told to those who read statuses."""
    return _STATUSES.get(code, 400)


def answered(answer: Answer, media_type: str) -> HttpResponse:
    """Return an answer, of a query that was run or of one that was refused, under the status it has."""
    if answer.body is None:
        return Noting(status=304, headers={"X-Request-Id": answer.request_id})
    status = 200
    if answer.refusal:
        status = _STATUSES.get(answer.refusal, 400 if media_type == RESPONSE_JSON else 200)
    return _write(answer, media_type, status)


def refused(error: HubError, media_type: str, status: int | None = None, **headers: str) -> HttpResponse:
    """Return what a request is told that did not get as far as a query."""
    headers |= getattr(error, "headers", {})
    if error.code is ErrorCode.UNAUTHENTICATED:
        headers["WWW-Authenticate"] = CHALLENGE
    status = status or _STATUSES.get(error.code, 400)
    return _write(refuse(new_request_id(), error.code, error), media_type, status, **headers)


def failed(error: Exception, media_type: str) -> HttpResponse:
    """Return what a request is told that something inside went wrong with: nothing of what it was."""
    code = code_of(error)
    return _write(refuse(new_request_id(), code, error), media_type, _STATUSES.get(code, 500))


def when_sent(response: HttpResponse, caller: Caller) -> HttpResponse:
    """Return the response, which notes once it was sent that the caller's key was used, and which terms it named."""
    if not isinstance(response, Noting):
        return response
    now = timezone.now()
    if caller.key_id is not None and is_worth_noting(caller.key_id, now):
        response.key_id = caller.key_id
    if caller.id is not None and response.texts:
        named = (text for text in response.texts if taxonomy_snapshot().find(text))
        response.consumer_id, response.codes = caller.id, terms_worth_noting(caller.id, named, now)
    return response


def finished(request: HttpRequest, response: HttpResponse, *vary: str) -> HttpResponse:
    """Return the response as it leaves: with the headers that all have, and compressed where the caller takes that.

    ``vary`` are the headers that it depends on.
    """
    if response.has_header("Vary"):
        patch_vary_headers(response, vary)
    else:
        response.headers["Vary"] = ", ".join(vary)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers.setdefault("Cache-Control", "no-store")
    return _compression.process_response(request, response)


def _write(answer: Answer, media_type: str, status: int, **headers: str) -> HttpResponse:
    response = Noting(
        answer.body if isinstance(answer.body, bytes) else orjson.dumps(answer.body),
        content_type=f"{media_type}; charset=utf-8",
        status=status,
        headers={"X-Request-Id": answer.request_id, **headers},
    )
    response.texts = answer.texts
    return response
