"""What of the published store changed, so that whoever keeps answers knows which are stale.

Every writing leaves a row with the tags of what it touched: ``item:<key>``, ``type:<code>``, ``term:<code>`` of the
terms that an item stood or stands under, and ``items`` for lists of any kind. Rows are only ever added: a counter would
make publishers wait for each other, and its order would not be that in which they finish.
"""

import logging
import threading
from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from urllib.parse import quote

import requests
from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max, Min, Q

from .models import FOREVER, Edition, IndexRow, PublishedExperiment, VariantRow

ITEMS = "items"
HUB = "hub"  # every answer: what is made of terms, channels, locales and types is made of all of them
_KEPT_ROWS = 2_000
_MOST_TOLD = 100  # writings that are looked through to see what they changed
_MOST_TAGS_A_CALL = 100
_PURGE_SECONDS = 5
_SAFE = "/:.-_~"

logger = logging.getLogger(__name__)


class Boundaries(NamedTuple):
    """The last instant at which the clock changed what is served, and the next at which it will; None: never."""

    last: datetime | None
    next: datetime | None


def item_tag(key: str) -> str:
    """Return the tag of an item, with nothing in it that would end a tag in a header."""
    return f"item:{quote(key, safe=_SAFE)}"


def term_tag(code: str) -> str:
    return f"term:{quote(code, safe=_SAFE)}"


def type_tag(code: str) -> str:
    return f"type:{quote(code, safe=_SAFE)}"


def record(tags: Collection[str]) -> None:
    """Note in the running transaction what it changed; once it is committed, caches are told."""
    edition = Edition.objects.create(tags=sorted(tags))
    if edition.pk % _KEPT_ROWS == 0:
        Edition.objects.filter(pk__lte=edition.pk - _KEPT_ROWS).delete()
    transaction.on_commit(lambda: purge(edition.tags))


def fingerprint() -> tuple[int, int]:
    """Return what differs after every change of the store: one statement."""
    found = Edition.objects.aggregate(last=Max("pk"), rows=Count("pk"))
    return found["last"] or 0, found["rows"]


def changed_between(old: tuple[int, int], new: tuple[int, int]) -> set[str] | None:
    """Return the tags of all that was written between two fingerprints; None: that cannot be told.

    Transactions may end in another order than they began in: it can be told only where every row is there, and no
    other came or went.
    """
    (first, rows_then), (last, rows_now) = old, new
    count = last - first
    if not 0 <= count <= _MOST_TOLD or rows_now - rows_then != count:
        return None
    found = list(Edition.objects.filter(pk__gt=first, pk__lte=last).values_list("tags", flat=True))
    return {tag for tags in found for tag in tags} if len(found) == count else None


def boundaries(now: datetime) -> Boundaries:
    """Return when the clock last changed, and will next change, what anybody is served: three statements."""
    found = []
    for model in (IndexRow, VariantRow, PublishedExperiment):
        sides = {
            f"{name}_{side}": of(name, filter=Q(**{f"{name}__{compare}": now}))
            for name in ("starts_at", "ends_at")
            for side, of, compare in (("last", Max, "lte"), ("next", Min, "gt"))
        }
        found.append(model.objects.aggregate(**sides))
    last = [each[name] for each in found for name in each if name.endswith("last") and each[name]]
    coming = [each[name] for each in found for name in each if name.endswith("next") and each[name]]
    following = min(coming, default=FOREVER)
    return Boundaries(max(last, default=None), following if following < FOREVER else None)


def purge(tags: Collection[str]) -> None:
    """Tell the cache in front of the hub, in the background, that answers under these tags are stale."""
    if settings.HUB_PURGE_URL:
        threading.Thread(target=_call, args=(list(tags),), daemon=True).start()


def _call(tags: list[str]) -> None:
    """Purge as Fastly (header) and Cloudflare (body) take it; what fails is logged, and ends with the answers' age."""
    name, _, value = settings.HUB_PURGE_HEADER.partition(":")
    for start in range(0, len(tags), _MOST_TAGS_A_CALL):
        chunk = tags[start : start + _MOST_TAGS_A_CALL]
        headers = {"Surrogate-Key": " ".join(chunk), **({name.strip(): value.strip()} if value else {})}
        try:
            answer = requests.post(
                settings.HUB_PURGE_URL, json={"tags": chunk}, headers=headers, timeout=_PURGE_SECONDS
            )
            answer.raise_for_status()
        except requests.RequestException as error:
            logger.warning("The cache at %s was not purged of %s: %s", settings.HUB_PURGE_URL, chunk, error)
