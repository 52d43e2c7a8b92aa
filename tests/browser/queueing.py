"""One request at a time: the tests' database in memory has one connection, and with it one transaction."""

from collections.abc import Callable
from threading import Lock

from django.http import HttpRequest, HttpResponse


class OneAtATime:
    """Middleware that lets a request wait until the one before it is answered."""

    lock = Lock()

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with self.lock:
            return self.get_response(request)
