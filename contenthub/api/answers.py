"""Answers kept in memory, and in Redis where ``CACHE_URL`` names one: a question asked again is not answered anew.

An answer is right as long as nothing was written under its tags, no instant passed at which the clock changes what is
served, and the small catalogues are as they were. What cannot be told is a miss, and a cache that fails is left alone.
"""

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass, replace

from django.conf import settings
from django.core.cache import cache

from contenthub.delivery.editions import changed_between

from .freshness import State

_SHARED_SECONDS = 3600
_LARGEST_SHARE = 16  # one answer takes at most this part of the memory
_REST_SECONDS = 5  # for which a shared cache that failed is left alone
_OVERHEAD = 300  # bytes, roughly, that an entry takes beside its answer

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer's JSON with the state that it was last known to be right in, and its tags."""

    body: bytes
    tags: frozenset[str]
    state: State


class Answers:
    """The answers lately given, by question, bounded by their bytes; those used last are kept longest."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, KeptAnswer] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()
        self._resting_until = 0.0

    def find(self, question: str, state: State) -> KeptAnswer | None:
        """Return the answer to a question if it is right in ``state``."""
        if not settings.HUB_ANSWER_CACHE_BYTES:
            return None
        kept = self._kept.get(question) or self._shared(question)
        if kept is None:
            return None
        if kept.state.token != state.token:
            if not _is_still_right(kept, state):
                self._forget(question)
                return None
            kept = replace(kept, state=state)
        self._remember(question, kept)
        return kept

    def keep(self, question: str, state: State, body: bytes, tags: Collection[str]) -> None:
        """Keep an answer that was begun in ``state``."""
        most = settings.HUB_ANSWER_CACHE_BYTES
        if not most or len(body) > most // _LARGEST_SHARE:
            return
        kept = KeptAnswer(body, frozenset(tags), state)
        self._remember(question, kept)
        if _is_shared() and time.monotonic() >= self._resting_until:
            try:
                cache.set(_key(question), kept, _SHARED_SECONDS)
            except Exception as error:
                self._rest(error)

    def clear(self) -> None:
        """Forget what this process keeps."""
        with self._lock:
            self._kept.clear()
            self._bytes = 0

    def _remember(self, question: str, kept: KeptAnswer) -> None:
        with self._lock:
            old = self._kept.pop(question, None)
            self._bytes += len(kept.body) + _OVERHEAD - (len(old.body) + _OVERHEAD if old else 0)
            self._kept[question] = kept
            while self._bytes > settings.HUB_ANSWER_CACHE_BYTES and self._kept:
                _, dropped = self._kept.popitem(last=False)
                self._bytes -= len(dropped.body) + _OVERHEAD

    def _forget(self, question: str) -> None:
        with self._lock:
            old = self._kept.pop(question, None)
            if old:
                self._bytes -= len(old.body) + _OVERHEAD

    def _shared(self, question: str) -> KeptAnswer | None:
        if not _is_shared() or time.monotonic() < self._resting_until:
            return None
        try:
            return cache.get(_key(question))
        except Exception as error:
            self._rest(error)
            return None

    def _rest(self, error: Exception) -> None:
        self._resting_until = time.monotonic() + _REST_SECONDS
        log.warning("The cache is left alone for %s seconds: %s", _REST_SECONDS, error)


answers = Answers()


def _is_still_right(kept: KeptAnswer, state: State) -> bool:
    """Return whether nothing that the answer depends on changed since."""
    if kept.state.around != state.around:
        return False
    changed = changed_between(kept.state.edition, state.edition)
    return changed is not None and not changed & kept.tags


def _is_shared() -> bool:
    return settings.CACHES["default"]["BACKEND"].endswith("RedisCache")


def _key(question: str) -> str:
    return f"hub-answer-{question}"
