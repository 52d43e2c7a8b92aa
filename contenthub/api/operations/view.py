"""GET /o/<name>: a persisted operation for tools that call an address and read one flat object."""

from typing import Any

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from contenthub.api.callers import KEY_PARAMETER, identify, origin_headers, preflight
from contenthub.api.errors import ErrorCode, HubError, code_of, describe_error
from contenthub.api.execution import Answer, Asked, answer, new_request_id, prepare
from contenthub.api.keeping import cache_headers
from contenthub.api.models import Operation
from contenthub.api.rates import admitted
from contenthub.api.requests import PLAIN_JSON, known_etags
from contenthub.api.responses import Noting, finished, status_of, when_sent
from contenthub.api.schema import schema
from contenthub.delivery.consumers.directory import Caller

from .options import OTHERWISE, STYLES, Options, read_options
from .persisted import may_run
from .registry import find_operation
from .shaping import cut, find, is_empty, shape
from .variables import definitions, read_variables, required

STYLE_PARAMETER = "_lists"


@csrf_exempt
def operation(request: HttpRequest, name: str) -> HttpResponse:
    """Answer a persisted operation with one flat object."""
    return finished(request, _respond(request, name), "Authorization", settings.HUB_KEY_HEADER, "Origin")


def _respond(request: HttpRequest, name: str) -> HttpResponse:
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers={"Allow": "GET", **preflight(request)})
    if request.method != "GET":
        return _refused(HubError(ErrorCode.BAD_ARGUMENT, "Operations are asked by GET."), 405, Allow="GET")
    try:
        caller = identify(request, operation=name)
        response = _admit(request, name, caller)
    except HubError as error:
        return _refused(error)
    except Exception as error:  # the last door: whatever it is, callers get an answer without its text
        return _refused(error)
    for header, value in origin_headers(request, caller).items():
        response.headers[header] = value
    return when_sent(response, caller)


def _admit(request: HttpRequest, name: str, caller: Caller) -> HttpResponse:
    with admitted(caller, request) as standing:
        try:
            response = _run(request, name, caller)
        except HubError as error:
            response = _refused(error)
    for header, value in standing.headers.items():
        response.headers[header] = value
    return response


def _run(request: HttpRequest, name: str, caller: Caller) -> HttpResponse:
    stored = find_operation(name)
    if stored is None or not may_run(caller, stored):
        raise HubError(ErrorCode.OPERATION_UNKNOWN, f"There is no operation '{name}'.")
    options = read_options(stored.text)
    given = {each: request.GET.getlist(each) for each in request.GET if each != KEY_PARAMETER}
    style = next(iter(given.pop(STYLE_PARAMETER, ())), "") or options.style
    if style not in STYLES:
        raise HubError(ErrorCode.BAD_ARGUMENT, f"'_lists' is one of {', '.join(STYLES)}.", STYLE_PARAMETER)
    notices: list[str] = []
    variables = _variables(stored, given, notices)
    first = next(iter(prepare(stored.text).operations))
    etags = known_etags(request)
    answered = answer(Asked(stored.text, variables, {}, first, True, etags, form=style), caller)
    if answered.body is None:
        return _write(None, answered, 304, caller)
    told = answered.told
    found = not answered.refusal and not told.get("errors")
    if found and options.default_key and is_empty(told["data"], options):
        answered = _ask_otherwise(stored, options, variables, caller, style)
        options = _of_default(options)
        notices.append(f"Nothing was found: {options.default_key} stands in.")
    return _hand_over(answered, options, style, notices, caller)


def _variables(stored: Operation, given: dict[str, list[str]], notices: list[str]) -> dict[str, Any]:
    node = next(iter(prepare(stored.text).operations.values()))
    kinds = definitions(node, schema.graphql_schema)
    variables = read_variables(given, kinds, notices.append)
    for missing in required(node, kinds):
        if missing not in variables:
            raise HubError(ErrorCode.BAD_ARGUMENT, f"'{missing}' is missing: this operation wants it.", missing)
    return variables


def _ask_otherwise(
    stored: Operation, options: Options, variables: dict[str, Any], caller: Caller, style: str
) -> Answer:
    kinds = definitions(prepare(stored.text).operations[OTHERWISE], schema.graphql_schema)
    known = {name: value for name, value in variables.items() if name in kinds} | {"default": options.default_key}
    return answer(Asked(stored.text, known, {}, OTHERWISE, True, form=style), caller)


def _of_default(options: Options) -> Options:
    """Return how the default item is handed over: as the field ``item`` of the second operation."""
    return Options(path=("item",), on_empty="found", default_key=options.default_key, most_bytes=options.most_bytes)


def _hand_over(answered: Answer, options: Options, style: str, notices: list[str], caller: Caller) -> HttpResponse:
    told = answered.told
    if errors := told.get("errors"):
        return _failed(errors[0], answered)
    data = told["data"]
    notices += [each["message"] for each in told.get("extensions", {}).get("notices", ())]
    status, shaped = 200, {}
    if not is_empty(data, options) or (options.is_list and find(data, options.path) == []):
        shaped = shape(data, options, style)
    else:
        status = 404 if options.on_empty == "404" else 200
    if not options.is_list:
        shaped["found"] = bool(shaped)
    shaped = _bounded(shaped, options, notices)
    body = _within(shaped, options, style, notices)
    return _write(body, answered, status, caller)


def _bounded(shaped: dict[str, Any], options: Options, notices: list[str]) -> dict[str, Any]:
    """Return the object with its texts cut, and entries left out, to what the tool takes of each."""
    if options.most_text:
        shaped, number = cut(shaped, options.most_text)
        if number:
            notices.append(f"Texts longer than {options.most_text:,} characters were cut: {number}.")
    if options.most_item_bytes and options.is_list:
        fit = [each for each in shaped["items"] if len(orjson.dumps(each)) <= options.most_item_bytes]
        if left_out := len(shaped["items"]) - len(fit):
            notices.append(f"Items longer than {options.most_item_bytes:,} bytes were left out: {left_out}.")
        shaped["items"] = fit
    return shaped


def _within(shaped: dict[str, Any], options: Options, style: str, notices: list[str]) -> dict[str, Any]:
    """Return the object with its notices, a list in it shortened to what the tool takes.

    Raises:
        HubError: TOO_LARGE, for an object that is too long by itself.
    """
    most = len(shaped.get("items", ()))
    kept = most
    while True:
        told = [*notices, *([f"{kept} of {most} fit into {options.most_bytes:,} bytes."] if kept < most else [])]
        body = shaped | ({"items": shaped["items"][:kept]} if options.is_list else {})
        if told:
            body["_notices"] = told if style == "json" else " ".join(told)
        size = len(orjson.dumps(body))
        if size <= options.most_bytes:
            return body
        if not options.is_list or not kept:
            message = f"The answer is longer than the {options.most_bytes:,} bytes that are taken: ask for less."
            raise HubError(ErrorCode.TOO_LARGE, message)
        kept = min(kept - 1, int(kept * options.most_bytes / size))


def _failed(error: dict[str, Any], answered: Answer) -> HttpResponse:
    told = error["extensions"]
    body = {"error": told["code"], "message": error["message"], "requestId": answered.request_id}
    return _write(body, answered, status_of(ErrorCode[told["code"]]))


def _refused(error: Exception, status: int | None = None, **headers: str) -> HttpResponse:
    request_id = new_request_id()
    answered = Answer({"errors": [describe_error(error, request_id)]}, request_id, code_of(error))
    response = _failed(answered.told["errors"][0], answered)
    response.status_code = status or response.status_code
    for name, value in (headers | getattr(error, "headers", {})).items():
        response.headers[name] = value
    return response


def _write(body: dict[str, Any] | None, answered: Answer, status: int, caller: Caller | None = None) -> HttpResponse:
    kept = cache_headers(answered.keeping, caller) if caller and status in (200, 304) else {}
    response = Noting(
        b"" if body is None else orjson.dumps(body),
        content_type=f"{PLAIN_JSON}; charset=utf-8",
        status=status,
        headers={"X-Request-Id": answered.request_id, **kept},
    )
    response.texts = answered.texts
    return response
