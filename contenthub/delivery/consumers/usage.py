"""When a key was last used, and who asked for which terms: noted after the answer is on its way, now and then."""

import logging
import threading
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.db import DatabaseError
from django.db.models import Q

from taxonomy.models import Term

from .models import ConsumerKey, TermUse

COARSE = timedelta(minutes=10)

_NEVER = datetime.min.replace(tzinfo=UTC)

logger = logging.getLogger(__name__)
_noted: dict[int, datetime] = {}
_noted_terms: dict[tuple[int, str], datetime] = {}
_MOST_TERMS = 20_000  # that a process remembers to have noted
_lock = threading.Lock()


def is_worth_noting(key_id: int, now: datetime) -> bool:
    """Tell whether the last use that this process knows of is old enough to be replaced."""
    with _lock:
        if key_id in _noted and now - _noted[key_id] < COARSE:
            return False
        _noted[key_id] = now
        return True


def forget() -> None:
    """Forget what this process knows of uses."""
    with _lock:
        _noted.clear()
        _noted_terms.clear()


def note_use(key_id: int, now: datetime) -> None:
    """Note that a key was used. A database that cannot be written does not matter here."""
    older = Q(last_used_at=None) | Q(last_used_at__lt=now - COARSE)
    try:
        ConsumerKey.objects.filter(older, pk=key_id).update(last_used_at=now)
    except DatabaseError as error:
        logger.warning("The use of key %s was not noted: %s", key_id, error)


def terms_worth_noting(consumer_id: int, codes: Iterable[str], now: datetime) -> list[str]:
    """Return the codes of which this process has not noted lately that the consumer asked for them."""
    with _lock:
        if len(_noted_terms) > _MOST_TERMS:
            _noted_terms.clear()
        found = [
            code
            for code in codes
            if now - _noted_terms.get((consumer_id, code), datetime.min.replace(tzinfo=UTC)) >= COARSE
        ]
        _noted_terms.update({(consumer_id, code): now for code in found})
    return found


def note_terms(consumer_id: int, codes: Iterable[str], now: datetime) -> None:
    """Note that a consumer asked for terms; codes that no term has are passed over. A failing database is, too."""
    try:
        terms = Term.objects.filter(code__in=list(codes)).values_list("pk", flat=True)
        TermUse.objects.bulk_create(
            [TermUse(consumer_id=consumer_id, term_id=pk, last_asked_at=now) for pk in terms],
            update_conflicts=True,
            unique_fields=["consumer", "term"],
            update_fields=["last_asked_at"],
        )
    except DatabaseError as error:
        logger.warning("What consumer %s asked for was not noted: %s", consumer_id, error)
