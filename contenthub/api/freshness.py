"""Of which state of the hub an answer is, told without a look at content.

Everything that answers are made of is in the token: the published store's editions, the clock's boundaries passed, and
the small catalogues (facets by version, channels, locales, item types). A process looks at most twice a second, so an
answer may be called current for half a second after it was not; never for longer.
"""

import hashlib
import threading
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contenthub.content.catalogues import catalogues
from contenthub.delivery.editions import boundaries, fingerprint

LOOK_EVERY_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class State:
    """The state of the hub at one moment; by the clock alone it lasts until ``next_change_at`` (None: for ever).

    ``token`` stands for all of it, ``edition`` for what is written in the store (``editions.fingerprint``), ``around``
    for everything else.
    """

    token: str
    next_change_at: datetime | None
    edition: tuple[int, int]
    around: str


@dataclass(slots=True)
class _Known:
    state: State | None = None
    edition: tuple[int, int] | None = None
    last: datetime | None = None
    looked_at: float = float("-inf")


_known = _Known()
_looking = threading.Lock()


def current_state(now: datetime) -> State:
    """Return the state that answers made from now on are at least of."""
    known = _known
    if known.state and time.monotonic() - known.looked_at < LOOK_EVERY_SECONDS and not _is_over(known.state, now):
        return known.state
    with _looking:
        return _look(now)


def forget() -> None:
    """Look again with the next request."""
    global _known
    _known = _Known()


def _look(now: datetime) -> State:
    global _known
    looked_at = time.monotonic()
    edition = fingerprint()
    known = _known
    next_change_at, last = known.state and known.state.next_change_at, known.last
    if known.state is None or edition != known.edition or _is_over(known.state, now):
        last, next_change_at = boundaries(now)
    around = _digest(last, catalogues())
    _known = _Known(State(_digest(edition, around), next_change_at, edition, around), edition, last, looked_at)
    return _known.state


def _digest(*parts: Any) -> str:
    return hashlib.blake2b(repr(parts).encode(), digest_size=12).hexdigest()


def _is_over(state: State, now: datetime) -> bool:
    return state.next_change_at is not None and state.next_change_at <= now
