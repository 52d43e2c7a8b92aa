"""How often and how often at once a caller may ask.

Requests are counted per minute, in the memory of the process or, where CACHE_URL names one, in a Redis shared by
all processes. A Redis that is lost or hangs is left alone for some seconds, and every process counts by itself.
"""

import ipaddress
import logging
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache

from django.conf import settings
from django.http import HttpRequest
from limits.storage import MemoryStorage, RedisStorage, Storage
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from contenthub.delivery.consumers.directory import Caller

from .errors import ErrorCode, HubError

MINUTE = 60
LEAVE_ALONE_SECONDS = 5.0
_WAIT_SECONDS = 0.2

logger = logging.getLogger(__name__)
_in_memory = MemoryStorage()
_running: Counter[str] = Counter()
_lock = threading.Lock()
_left_alone_until = float("-inf")


class TooManyRequests(HubError):
    """Raised for a caller that asks too often; ``seconds`` is when to ask again."""

    def __init__(self, message: str, seconds: int, headers: dict[str, str]) -> None:
        super().__init__(ErrorCode.TOO_MANY_REQUESTS, message)
        self.headers = {**headers, "Retry-After": str(seconds)}


@dataclass(frozen=True, slots=True)
class Standing:
    """How a caller stands in the running minute."""

    limit: int
    used: int
    seconds_left: int

    @property
    def headers(self) -> dict[str, str]:
        """Return the fields of draft-ietf-httpapi-ratelimit-headers-10."""
        if not self.limit:
            return {}
        return {
            "RateLimit-Policy": f'"requests";q={self.limit};w={MINUTE}',
            "RateLimit": f'"requests";r={max(self.limit - self.used, 0)};t={self.seconds_left}',
        }


@contextmanager
def admitted(caller: Caller, request: HttpRequest) -> Iterator[Standing]:
    """Count a request and let it in.

    Raises:
        TooManyRequests: the caller has asked too often in this minute, or asks too much at once.
    """
    name = _counted_as(caller, request)
    standing = _count(name, caller.requests_per_minute)
    if standing.limit and standing.used > standing.limit:
        message = f"More than {standing.limit:,} requests in a minute: go on in {standing.seconds_left} seconds."
        raise TooManyRequests(message, standing.seconds_left, standing.headers)
    with _running_once_more(name, caller.most_at_once, standing.headers):
        yield standing


def forget() -> None:
    """Forget what was counted in this process."""
    global _left_alone_until
    _in_memory.reset()
    _running.clear()
    _redis.cache_clear()
    _left_alone_until = float("-inf")


def client_address(request: HttpRequest) -> str:
    """Return where a request comes from: the proxy's word for it where there is a proxy; of IPv6 the network."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.SECURE_PROXY_SSL_HEADER else ""
    given = forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")
    return _network(given)


@lru_cache(1_000)
def _network(given: str) -> str:
    try:
        address = ipaddress.ip_address(given)
    except ValueError:
        return given[:64]
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def _counted_as(caller: Caller, request: HttpRequest) -> str:
    own = str(caller.id or "anonymous")
    return f"{own}:{client_address(request)}" if caller.is_publishable else own


def _count(name: str, limit: int) -> Standing:
    now = time.time()
    minute, passed = divmod(now, MINUTE)
    if not limit:
        return Standing(0, 0, 0)
    used = _increase(f"hub-rate:{name}:{int(minute)}")
    return Standing(limit, used, max(int(MINUTE - passed), 1))


def _increase(key: str) -> int:
    global _left_alone_until
    shared = _redis()
    if shared is not None and time.monotonic() >= _left_alone_until:
        try:
            return shared.incr(key, MINUTE)
        except (RedisError, OSError) as error:
            _left_alone_until = time.monotonic() + LEAVE_ALONE_SECONDS
            logger.warning("Redis does not count, so this process counts by itself: %s", error)
    return _in_memory.incr(key, MINUTE)


@cache
def _redis() -> Storage | None:
    chosen = settings.CACHES["default"]
    if not chosen["BACKEND"].endswith("RedisCache"):
        return None
    location = chosen["LOCATION"]
    return RedisStorage(
        location if isinstance(location, str) else location[0],
        socket_timeout=_WAIT_SECONDS,
        socket_connect_timeout=_WAIT_SECONDS,
        retry=Retry(NoBackoff(), 0),
        wrap_exceptions=False,
    )


@contextmanager
def _running_once_more(name: str, most: int, headers: dict[str, str]) -> Iterator[None]:
    if not most:
        yield
        return
    with _lock:
        if _running[name] >= most:
            raise TooManyRequests(f"More than {most} requests at once: wait for answers.", 1, headers)
        _running[name] += 1
    try:
        yield
    finally:
        with _lock:
            _running[name] -= 1
            if not _running[name]:
                del _running[name]
