"""The doorway: /graphql over HTTP. No cookie counts here, so no request needs a CSRF token either."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from contenthub.delivery.consumers.directory import Caller

from .callers import identify, origin_headers, preflight
from .errors import ErrorCode, HubError
from .execution import NotReading, answer
from .keeping import cache_headers
from .operations.persisted import find_asked
from .rates import admitted
from .requests import HTML, PLAIN_JSON, RESPONSE_JSON, NotJson, choose_media_type, read_request
from .responses import answered, failed, finished, refused, when_sent

_PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@csrf_exempt
def graphql(request: HttpRequest) -> HttpResponse:
    """Answer a query, sent by GET or POST; a browser that asks for HTML gets the page for trying queries."""
    return finished(request, _respond(request), "Accept", "Authorization", settings.HUB_KEY_HEADER, "Origin")


def _respond(request: HttpRequest) -> HttpResponse:
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers={"Allow": "GET, POST", **preflight(request)})
    if request.method not in ("GET", "POST"):
        message = f"{request.method} is not answered here: use GET or POST."
        return refused(HubError(ErrorCode.BAD_ARGUMENT, message), PLAIN_JSON, 405, Allow="GET, POST")
    media_type = choose_media_type(request.headers.get("Accept"), page=request.method == "GET")
    if media_type is None:
        message = f"Answers come as {RESPONSE_JSON} or {PLAIN_JSON}: accept one of them."
        return refused(HubError(ErrorCode.BAD_ARGUMENT, message), PLAIN_JSON, 406)
    if media_type == HTML:
        return _page(request)
    try:
        caller = identify(request)
    except HubError as error:
        return refused(error, media_type)
    except Exception as error:  # the last door: whatever it is, callers get an answer without its text
        return failed(error, media_type)
    response = _answer(request, caller, media_type)
    for name, value in origin_headers(request, caller).items():
        response.headers[name] = value
    return when_sent(response, caller)


def _answer(request: HttpRequest, caller: Caller, media_type: str) -> HttpResponse:
    try:
        with admitted(caller, request) as standing:
            given = answer(find_asked(read_request(request), caller), caller)
            response = answered(given, media_type)
        for name, value in {**standing.headers, **cache_headers(given.keeping, caller)}.items():
            response.headers[name] = value
        return response
    except NotJson as error:
        return refused(error, media_type, 415)
    except NotReading as error:
        return refused(error, media_type, 405, Allow="POST")
    except HubError as error:
        return refused(error, media_type)
    except Exception as error:
        return failed(error, media_type)


def _page(request: HttpRequest) -> HttpResponse:
    response = render(request, "api/explorer.html", {"site_name": settings.WAGTAIL_SITE_NAME})
    response.headers["Content-Security-Policy"] = _PAGE_POLICY
    response.headers["Referrer-Policy"] = "same-origin"
    return response
