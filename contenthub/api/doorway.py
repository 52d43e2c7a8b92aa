"""A short way in for the API: no session, form or cookie counts there, so nothing that minds them stands in between."""

from collections.abc import Callable
from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.urls import resolve

_GRAPHQL, _OPERATIONS = "/graphql", "/o/"
_MOST_KEPT = 500  # addresses
_resolve = lru_cache(_MOST_KEPT)(resolve)


class Doorway:
    """Middleware that hands requests for the API to their views, past all middleware behind it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info != _GRAPHQL and not request.path_info.startswith(_OPERATIONS):
            return self._get_response(request)
        request.get_host()  # refuses a host that is not the hub's
        view, args, kwargs = request.resolver_match = _resolve(request.path_info)
        response = view(request, *args, **kwargs)
        response.headers["Content-Length"] = str(len(response.content))
        return response
