"""A connection that was in use a moment ago is not asked once more whether it lives.

Django asks before the first statement of every request, and the question costs as much as one. A connection that was
lost in between fails one request, as it fails those that were under way, and is then opened anew.
"""

import threading
import time
from typing import Any

from django.core.signals import request_started
from django.db import connection

TRUSTED_SECONDS = 1.0

_used = threading.local()


def trust_connections_in_use() -> None:
    """Leave out the question in threads that answered a request within ``TRUSTED_SECONDS``."""
    request_started.connect(_trust, dispatch_uid="trust_connections_in_use")


def _trust(**_: Any) -> None:
    now = time.monotonic()
    if now - getattr(_used, "at", float("-inf")) < TRUSTED_SECONDS:
        connection.health_check_done = True
    _used.at = now
