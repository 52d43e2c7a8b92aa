"""When a key was last used: noted after the answer is on its way, and at most once in ten minutes."""

import logging
import threading
from datetime import datetime, timedelta

from django.db import DatabaseError
from django.db.models import Q

from .models import ConsumerKey

COARSE = timedelta(minutes=10)

logger = logging.getLogger(__name__)
_noted: dict[int, datetime] = {}
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


def note_use(key_id: int, now: datetime) -> None:
    """Note that a key was used. A database that cannot be written does not matter here."""
    older = Q(last_used_at=None) | Q(last_used_at__lt=now - COARSE)
    try:
        ConsumerKey.objects.filter(older, pk=key_id).update(last_used_at=now)
    except DatabaseError as error:
        logger.warning("The use of key %s was not noted: %s", key_id, error)
