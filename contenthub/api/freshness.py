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

from django.db.models import CharField, F, QuerySet, TextField, Value
from django.db.models.functions import Cast
from wagtail.models import Locale

from channels.models import Channel, ChannelField, Limit, PersonalToken
from contenthub.content.models import ClassificationRule, FieldDefinition, ItemType
from contenthub.delivery.editions import boundaries, fingerprint
from contenthub.delivery.models import PublishedExperiment
from locales.models import LocaleProfile
from taxonomy.models import Facet

LOOK_EVERY_SECONDS = 0.5
_CATALOGUES: tuple[tuple[type, tuple[str, ...]], ...] = (
    (Facet, ("code", "version", "position")),
    (Locale, ("language_code",)),
    (LocaleProfile, ("locale_id", "next_id", "time_zone")),
    (
        Channel,
        tuple("code parent_id position kind labels is_retired allowed_hosts deep_link utm_source utm_medium".split()),
    ),
    (ChannelField, tuple("channel_id name source shape need ratio minimum_width sort_order".split())),
    (PersonalToken, ("code", "default", "sample", "max_length", "names")),
    (Limit, ("channel_id", "field", "measure", "maximum", "placement", "severity")),
    (ItemType, ("code", "labels", "fallback_allowed")),
    (FieldDefinition, ("item_type_id", "name", "labels", "kind", "required", "localized", "sort_order")),
    (ClassificationRule, ("item_type_id", "facet_id", "minimum", "maximum", "leaf_only", "below_id", "sort_order")),
    (PublishedExperiment, ("code", "starts_at", "ends_at", "definition")),
)
_WIDEST = max(len(columns) for _, columns in _CATALOGUES)


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
    around = _digest(last, _catalogues())
    _known = _Known(State(_digest(edition, around), next_change_at, edition, around), edition, last, looked_at)
    return _known.state


def _digest(*parts: Any) -> str:
    return hashlib.blake2b(repr(parts).encode(), digest_size=12).hexdigest()


def _is_over(state: State, now: datetime) -> bool:
    return state.next_change_at is not None and state.next_change_at <= now


def _catalogues() -> list[tuple[str, ...]]:
    """Return every row of the small catalogues as texts: one statement."""
    first, *others = (_as_texts(model, columns) for model, columns in _CATALOGUES)
    return sorted(first.union(*others, all=True), key=str)


def _as_texts(model: type, columns: tuple[str, ...]) -> QuerySet:
    texts = [Cast(F(column), TextField()) for column in ("pk", *columns)]
    padding = [Value("", output_field=TextField())] * (_WIDEST - len(columns))
    name = Value(model.__name__, output_field=CharField())
    return model.objects.order_by().values_list(name, *texts, *padding)
