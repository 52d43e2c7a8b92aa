"""Filling a hub with the demo content that ships with it."""

import os
import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone
from wagtail.models import Locale

from channels.loading import PROFILES, load_channels
from channels.models import Channel, PersonalToken
from contenthub.accounts.models import User
from contenthub.content.exchange.importing import Report, import_content
from locales.changes import ensure_locale, profile_of, save_locale
from taxonomy.loading import load

from .experiment import start_test

DATA = Path(__file__).parent / "data"
FACETS = ("journey", "campaign", "product", "segment", "action")
TIME_ZONES = {
    "en": "Europe/London",
    "ja": "Asia/Tokyo",
    "ko": "Asia/Seoul",
    "de": "Europe/Berlin",
    "ar": "Asia/Dubai",
}
# Where links to items lead on the demo's own site and in its app; channels below take it over.
SITE, APP = "https://norrlicht.example/{key}", "norrlicht://item/{key}"
DEEP_LINKS = {
    "channel:web": SITE,
    "channel:email": SITE,
    "channel:social": SITE,
    "channel:messaging": SITE,
    "channel:mobile-sms": SITE,
    "channel:mobile-push": APP,
    "channel:mobile-in-app": APP,
}
TOKENS = {"order_number": {"sample": "NL-20417", "max_length": 10}}
USERNAME = "admin"
PASSWORD = "norrlicht"

_DAY = re.compile(r"^@([+-]\d+)d$")


@dataclass(frozen=True)
class Account:
    """The editor account of the demo; ``password`` is None where it was changed since."""

    username: str
    password: str | None


def load_demo() -> Report:
    """Load taxonomy, channels, locales and content of the demo. Doing it again changes nothing."""
    for tag, time_zone in TIME_ZONES.items():
        locale = ensure_locale(tag)
        _set_time_zone(locale, time_zone)
    load([DATA / "taxonomy" / f"{facet}.json" for facet in FACETS])
    load_channels(PROFILES)
    for code, address in DEEP_LINKS.items():
        Channel.objects.filter(code=code, deep_link="").update(deep_link=address)
    for code, about in TOKENS.items():
        PersonalToken.objects.get_or_create(code=code, defaults=about)
    report = import_content(DATA / "items.jsonl", replace=_with_dates)
    start_test()
    return report


def make_account() -> Account:
    """Make the editor account unless it is there; DEMO_PASSWORD sets its password, now or later."""
    given = os.environ.get("DEMO_PASSWORD")
    user = User.objects.filter(username=USERNAME).first()
    if user is None:
        User.objects.create_superuser(USERNAME, email="", password=given or PASSWORD)
        return Account(USERNAME, given or PASSWORD)
    if given:
        user.set_password(given)
        user.save()
        return Account(USERNAME, given)
    return Account(USERNAME, PASSWORD if user.check_password(PASSWORD) else None)


def _set_time_zone(locale: Locale, time_zone: str) -> None:
    profile = profile_of(locale)
    if profile.time_zone != time_zone:
        profile.time_zone = time_zone
        save_locale(locale, profile)


def _with_dates(line: Any) -> Any:
    """Return a line with days such as ``@+14d`` counted from today: instants on the line, dates in its fields."""
    today = timezone.now().replace(hour=9, minute=0, second=0, microsecond=0)

    def replaced(value: Any, *, as_date: bool) -> Any:
        found = _DAY.match(value) if isinstance(value, str) else None
        if not found:
            return value
        instant = today + timedelta(days=int(found.group(1)))
        return instant.date().isoformat() if as_date else instant.isoformat()

    line = {name: replaced(value, as_date=False) for name, value in line.items()}
    if "fields" in line:
        line["fields"] = {name: replaced(value, as_date=True) for name, value in line["fields"].items()}
    return line
