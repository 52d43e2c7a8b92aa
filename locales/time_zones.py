"""The time zones that people and browsers know by the same name."""

import zoneinfo
from functools import lru_cache

_NOT_PLACES = ("Etc/", "SystemV/", "posix/", "right/")


@lru_cache(maxsize=1)
def time_zones() -> tuple[str, ...]:
    """Return the names of all IANA time zones, places first by name, and UTC.

    What a machine adds of its own (localtime, posixrules) is not among them.

    >>> "Asia/Tokyo" in time_zones(), "UTC" in time_zones(), "localtime" in time_zones()
    (True, True, False)
    """
    places = (name for name in zoneinfo.available_timezones() if "/" in name and not name.startswith(_NOT_PLACES))
    return (*sorted(places), "UTC")
