"""Version numbers that are never given twice."""

import time


def next_version(version: int) -> int:
    """Return a number above ``version`` that follows the clock in microseconds.

    A counter would give the number of a change that was rolled back to the next one, and a process that had
    read the first would take the second for it.
    """
    return max(version + 1, time.time_ns() // 1000)
