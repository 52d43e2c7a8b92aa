"""Version numbers that are never given twice."""

import threading
import time

_lock = threading.Lock()
_given = 0


def next_version(version: int) -> int:
    """Return a number above ``version`` that follows the clock in microseconds.

    A counter in the database would give the number of a change that was rolled back to the next one, and a process
    that had read the first would take the second for it. Nor is a number given again where the clock stands still.
    """
    global _given
    with _lock:
        _given = max(version + 1, time.time_ns() // 1000, _given + 1)
        return _given
