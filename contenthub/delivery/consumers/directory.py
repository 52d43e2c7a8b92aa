"""The consumers in memory: who a key belongs to, without a look into the database for every request."""

import threading
import time
from dataclasses import dataclass, field
from datetime import datetime

from .codes import Kind
from .keys import LONGEST_KEY, digest_of
from .models import Consumer, ConsumerKey, ConsumersVersion
from .scope import EVERYTHING, Scope

LOOK_EVERY_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, as the API needs to know it. ``id`` is None for somebody without a key."""

    id: int | None = None
    key_id: int | None = None
    name: str = "anonymous"
    kind: Kind = Kind.SERVER
    scope: Scope = EVERYTHING
    rights: frozenset[str] = frozenset()
    operations: frozenset[str] | None = None
    persisted_only: bool = False
    key_in_address: bool = False
    allowed_origins: frozenset[str] = frozenset()
    requests_per_minute: int = 0
    most_at_once: int = 0
    cache_seconds: int = 0
    token_syntax: str = ""

    @property
    def is_publishable(self) -> bool:
        return self.kind == Kind.PUBLISHABLE


@dataclass(frozen=True, slots=True)
class _Entry:
    caller: Caller
    expires_at: datetime | None


@dataclass(slots=True)
class _Directory:
    """All keys that open, by digest, as they stood at one version."""

    version: int | None = None
    keys: dict[str, _Entry] = field(default_factory=dict)
    origins: frozenset[str] = frozenset()
    looked_at: float = float("-inf")


_directory = _Directory()
_reading = threading.Lock()


def find_caller(key: str, *, now: datetime) -> Caller | None:
    """Return whom a key belongs to, None if it opens nothing.

    A key that is revoked opens nothing after ``LOOK_EVERY_SECONDS`` in any process.
    """
    if len(key) > LONGEST_KEY:
        return None
    digest = digest_of(key)
    entry = _current().keys.get(digest)
    if entry is None or (entry.expires_at and entry.expires_at <= now):
        return None
    return entry.caller


def may_call_from(origin: str) -> bool:
    """Tell whether pages of an origin may call with the key of any consumer: what a browser asks beforehand."""
    origins = _current().origins
    return origin in origins or "*" in origins


def forget() -> None:
    """Read the consumers anew at the next look."""
    global _directory
    _directory = _Directory()


def _current() -> _Directory:
    global _directory
    if time.monotonic() - _directory.looked_at < LOOK_EVERY_SECONDS:
        return _directory
    with _reading:
        found = _directory
        looked_at = time.monotonic()
        version = ConsumersVersion.objects.values_list("number", flat=True).first()
        if found.version != (version or 0):
            found = _read(version or 0)
        found.looked_at = looked_at
        _directory = found
    return found


def _read(version: int) -> _Directory:
    """Read keys after the version: what changed in between is read once more then, never missed."""
    entries: dict[str, _Entry] = {}
    origins: set[str] = set()
    keys = ConsumerKey.objects.filter(revoked_at=None, consumer__is_active=True).select_related("consumer")
    for key in keys:
        origins.update(key.consumer.allowed_origins)
        entries[key.digest] = _Entry(_caller(key.consumer, key), key.expires_at)
    return _Directory(version, entries, frozenset(origins))


def _caller(consumer: Consumer, key: ConsumerKey) -> Caller:
    return Caller(
        id=consumer.pk,
        key_id=key.pk,
        name=consumer.name,
        kind=Kind(consumer.kind),
        scope=Scope(
            channels=tuple(consumer.channels),
            locales=tuple(consumer.locales),
            item_types=frozenset(consumer.item_types),
            facets=frozenset(consumer.facets),
        ),
        rights=frozenset(consumer.rights),
        operations=frozenset(consumer.operations) or None,
        persisted_only=consumer.runs_persisted_only,
        key_in_address=consumer.key_in_address,
        allowed_origins=frozenset(consumer.allowed_origins),
        requests_per_minute=consumer.requests_per_minute,
        most_at_once=consumer.most_at_once,
        cache_seconds=consumer.cache_seconds,
        token_syntax=consumer.token_syntax,
    )
