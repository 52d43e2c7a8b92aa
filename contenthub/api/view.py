"""The doorway: /graphql over HTTP. No cookie counts here, so no request needs a CSRF token either."""

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt

from .errors import ErrorCode, HubError
from .execution import Answer, NotReading, answer, new_request_id, refuse
from .requests import HTML, PLAIN_JSON, RESPONSE_JSON, NotJson, choose_media_type, read_request

_PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# What the code alone decides; other refusals are 400, or 200 where the caller reads plain JSON.
_STATUSES = {
    ErrorCode.UNAUTHENTICATED: 401,
    ErrorCode.FORBIDDEN: 403,
    ErrorCode.TOO_LARGE: 413,
}


@csrf_exempt
def graphql(request: HttpRequest) -> HttpResponse:
    """Answer a query, sent by GET or POST; a browser that asks for HTML gets the page for trying queries."""
    response = _respond(request)
    patch_vary_headers(response, ["Accept"])
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _respond(request: HttpRequest) -> HttpResponse:
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers={"Allow": "GET, POST"})
    if request.method not in ("GET", "POST"):
        return _refused(PLAIN_JSON, 405, f"{request.method} is not answered here: use GET or POST.", Allow="GET, POST")
    media_type = choose_media_type(request.headers.get("Accept"), page=request.method == "GET")
    if media_type is None:
        return _refused(PLAIN_JSON, 406, f"Answers come as {RESPONSE_JSON} or {PLAIN_JSON}: accept one of them.")
    if media_type == HTML:
        return _page(request)
    try:
        return _json(answer(read_request(request)), media_type)
    except NotJson as error:
        return _refusal(error, media_type, 415)
    except NotReading as error:
        return _refusal(error, media_type, 405, Allow="POST")
    except HubError as error:
        return _refusal(error, media_type, _STATUSES.get(error.code, 400))


def _page(request: HttpRequest) -> HttpResponse:
    response = render(request, "api/explorer.html", {"site_name": settings.WAGTAIL_SITE_NAME})
    response.headers["Content-Security-Policy"] = _PAGE_POLICY
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def _json(answered: Answer, media_type: str) -> HttpResponse:
    status = 200
    if answered.refusal:
        status = _STATUSES.get(answered.refusal, 400 if media_type == RESPONSE_JSON else 200)
    return _write(answered, media_type, status)


def _refusal(error: HubError, media_type: str, status: int, **headers: str) -> HttpResponse:
    return _write(refuse(new_request_id(), error.code, error), media_type, status, **headers)


def _refused(media_type: str, status: int, message: str, **headers: str) -> HttpResponse:
    return _refusal(HubError(ErrorCode.BAD_ARGUMENT, message), media_type, status, **headers)


def _write(answered: Answer, media_type: str, status: int, **headers: str) -> HttpResponse:
    return HttpResponse(
        orjson.dumps(answered.body),
        content_type=f"{media_type}; charset=utf-8",
        status=status,
        headers={"X-Request-Id": answered.request_id, **headers},
    )
