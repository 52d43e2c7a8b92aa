"""Reading a GraphQL request out of HTTP (GraphQL over HTTP, working draft), and choosing the form of its answer."""

from typing import Any

import orjson
from django.http import HttpRequest
from django.utils.http import parse_header_parameters

from .errors import ErrorCode, HubError
from .execution import Asked

MOST_BYTES = 256 * 1024
RESPONSE_JSON = "application/graphql-response+json"
PLAIN_JSON = "application/json"
HTML = "text/html"


class NotJson(HubError):
    """Raised for a body that comes as something else than JSON."""


def read_request(request: HttpRequest) -> Asked:
    """Return what a GET or POST asks.

    Raises:
        NotJson: the body's content type is not application/json.
        HubError: BAD_ARGUMENT or TOO_LARGE; the message names what to change.
    """
    if request.method == "GET":
        given: dict[str, Any] = {name: value for name, value in request.GET.items() if value or name == "query"}
        for name in ("variables", "extensions"):
            if name in given:
                given[name] = _parse(given[name].encode(), f"'{name}'", name)
    else:
        given = _read_body(request)
    return Asked(
        variables=_object(given, "variables"),
        extensions=_object(given, "extensions"),
        query=_query(given),
        operation_name=_operation_name(given),
        reads_only=request.method == "GET",
        known_etags=known_etags(request),
    )


def known_etags(request: HttpRequest) -> frozenset[str]:
    """Return the ETags that the caller has, compared weakly as RFC 9110 13.1.2 wants it."""
    given = request.headers.get("If-None-Match", "")
    return frozenset(each.strip().removeprefix("W/") for each in given.split(",")) if given else frozenset()


def choose_media_type(accept: str | None, *, page: bool = False) -> str | None:
    """Return the media type to answer in, None if the caller takes none of the hub's.

    ``page`` allows the page for trying queries, for those who ask for HTML by name.

    >>> choose_media_type("text/html,*/*;q=0.8", page=True), choose_media_type("*/*")
    ('text/html', 'application/json')
    """
    if not accept:
        return PLAIN_JSON
    offered = [*([HTML] if page else []), RESPONSE_JSON, PLAIN_JSON]
    wanted = sorted((_weigh(part, place) for place, part in enumerate(accept.split(","))), key=lambda each: each[1:])
    for media_type, weight, _ in wanted:
        if weight == 0:
            continue
        if media_type in offered:
            return media_type
        if media_type in ("*/*", "application/*"):
            return PLAIN_JSON
    return None


def _weigh(part: str, place: int) -> tuple[str, float, int]:
    media_type, parameters = parse_header_parameters(part.strip())
    try:
        quality = float(parameters.get("q", "1"))
    except ValueError:
        quality = 0.0
    return media_type.lower(), -quality, place


def _read_body(request: HttpRequest) -> dict[str, Any]:
    kind, parameters = parse_header_parameters(request.META.get("CONTENT_TYPE", ""))
    if kind.lower() != PLAIN_JSON:
        message = f"The body comes as '{kind}': send JSON with Content-Type: application/json."
        raise NotJson(ErrorCode.BAD_ARGUMENT, message)
    if parameters.get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
        raise NotJson(ErrorCode.BAD_ARGUMENT, "The body is not in UTF-8, the only encoding of JSON.")
    body = request.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        message = f"The request is longer than {MOST_BYTES // 1024} kB: ask in several requests."
        raise HubError(ErrorCode.TOO_LARGE, message)
    given = _parse(body, "The body", None)
    if not isinstance(given, dict):
        message = f"The body is {_named(given)}: send one object with 'query'. Batches are not answered."
        raise HubError(ErrorCode.BAD_ARGUMENT, message)
    return given


def _parse(text: bytes, what: str, argument: str | None) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise HubError(ErrorCode.BAD_ARGUMENT, f"{what} is not JSON: {error}.", argument) from error


def _query(given: dict[str, Any]) -> str:
    query = given.get("query")
    if query is None and "persistedQuery" in (given.get("extensions") or {}):
        return ""
    if not isinstance(query, str) or not query.strip():
        message = f"'query' is {_named(query)}: send the text of a GraphQL query."
        raise HubError(ErrorCode.BAD_ARGUMENT, message, "query")
    return query


def _object(given: dict[str, Any], name: str) -> dict[str, Any]:
    value = given.get(name)
    if value is not None and not isinstance(value, dict):
        raise HubError(ErrorCode.BAD_ARGUMENT, f"'{name}' is {_named(value)}: send an object.", name)
    return value or {}


def _operation_name(given: dict[str, Any]) -> str | None:
    name = given.get("operationName")
    if name is not None and not isinstance(name, str):
        message = f"'operationName' is {_named(name)}: send the name of an operation, or leave it out."
        raise HubError(ErrorCode.BAD_ARGUMENT, message, "operationName")
    return name or None


def _named(value: object) -> str:
    """Return what kind of JSON a value is, in words."""
    if isinstance(value, str):
        return "a text" if value.strip() else "empty"
    kinds = {type(None): "missing", bool: "true or false", list: "a list", dict: "an object"}
    return kinds.get(type(value), "a number")
