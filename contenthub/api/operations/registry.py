"""Persisted operations by name and by digest, and queries that callers have registered themselves."""

import logging
import time
from collections.abc import Callable
from hashlib import sha256
from typing import TypeVar

from django.core.cache import cache
from redis.exceptions import RedisError

from contenthub.api.models import Operation

_REGISTERED_SECONDS = 24 * 60 * 60
_LEAVE_ALONE_SECONDS = 5.0

logger = logging.getLogger(__name__)
_left_alone_until = float("-inf")
Found = TypeVar("Found")


def digest_of(text: str) -> str:
    """Return the SHA-256 of a query, as automatic persisted queries have it."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def find_operation(name: str) -> Operation | None:
    """Return the operation of this name, or None."""
    return Operation.objects.filter(name=name).first() if "\0" not in name else None


def find_by_digest(digest: str) -> Operation | None:
    """Return the operation whose text has this digest, the first by name, or None."""
    return Operation.objects.filter(digest=digest).order_by("name").first() if "\0" not in digest else None


def register(text: str, digest: str) -> None:
    """Keep a query for callers that will name it by its digest."""
    _with_cache(lambda: cache.set(f"apq-{digest}", text, _REGISTERED_SECONDS), None)


def find_registered(digest: str) -> str | None:
    """Return a query that was registered lately; None too where the cache is lost."""
    return _with_cache(lambda: cache.get(f"apq-{digest}"), None)


def _with_cache(action: Callable[[], Found], otherwise: Found) -> Found:
    global _left_alone_until
    if time.monotonic() < _left_alone_until:
        return otherwise
    try:
        return action()
    except (RedisError, OSError) as error:
        _left_alone_until = time.monotonic() + _LEAVE_ALONE_SECONDS
        logger.warning("The cache is away: %s", error)
        return otherwise
