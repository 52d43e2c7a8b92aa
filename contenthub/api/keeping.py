"""How an answer may be kept: by the caller, and by caches in between."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.utils import timezone

from contenthub.delivery.consumers.directory import Caller
from contenthub.delivery.editions import HUB, ITEMS

from .documents import PreparedQuery
from .freshness import State

_MOST_TAG_BYTES = 8_000  # caches take 16 kB of header


@dataclass(frozen=True, slots=True)
class Keeping:
    """Of which state an answer is, what it depends on, until when the clock leaves it alone; for one subject or not."""

    etag: str
    tags: tuple[str, ...]
    next_change_at: datetime | None
    is_personal: bool = False


def name_question(prepared: PreparedQuery, operation: str | None, variables: Mapping[str, Any], caller: Caller) -> str:
    """Return what tells a question from every other: query, variables, and what the caller may see."""
    question = [
        prepared.digest,
        operation,
        orjson.dumps(variables, option=orjson.OPT_SORT_KEYS).decode(),
        caller.scope.question,
        sorted(caller.rights),
    ]
    return hashlib.blake2b(orjson.dumps(question), digest_size=15).hexdigest()


def make_etag(question: str, state: State, form: str = "") -> str:
    """Return what tells an answer from every other, told before it is made: question, state of the hub and form."""
    told = f"{question} {state.token} {form}"
    return f'"{hashlib.blake2b(told.encode(), digest_size=15).hexdigest()}"'


def cache_headers(keeping: Keeping | None, caller: Caller) -> dict[str, str]:
    """Return the headers by which an answer is kept; an answer that may not be is not to be stored."""
    if keeping is None:
        return {}
    seconds = caller.cache_seconds
    if keeping.next_change_at:
        left = (keeping.next_change_at - timezone.now()).total_seconds()
        seconds = max(min(seconds, int(left)), 0)
    for_whom = "public" if caller.is_publishable and not keeping.is_personal else "private"
    tags = (HUB, *keeping.tags)
    if sum(map(len, tags)) > _MOST_TAG_BYTES:
        tags = (HUB, ITEMS)
    headers = {
        "ETag": f"W/{keeping.etag}",
        "Cache-Control": f"{for_whom}, max-age={seconds}" if seconds else f"{for_whom}, no-cache",
    }
    return headers | {"Surrogate-Key": " ".join(tags), "Cache-Tag": ",".join(tags)}
