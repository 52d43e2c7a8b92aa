"""All locales of the hub, read in one statement and asked in memory."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Any

from django.conf import settings
from django.db import connection
from wagtail.models import Locale

from locales.cldr import direction
from locales.fallback import fallback_chain, languages_of_region, starting_next
from locales.tags import canonical_tag, negotiate


class UnknownLocale(LookupError):
    """Raised for a tag that no locale of the hub has. ``argument`` is where the API takes one."""

    argument = "locale"

    def __init__(self, code: str) -> None:
        super().__init__(f"The hub has no locale '{code}'.")
        self.code = code


@dataclass(frozen=True, slots=True)
class LocaleEntry:
    """One locale; ``chain`` holds the codes to try for it, itself first.

    ``languages`` are those of its fallbacks that give what a text in this locale leaves empty, nearest first: of de-CH
    that is de. A locale with none stands alone.
    """

    id: int
    code: str
    next: str | None
    chain: tuple[str, ...]
    time_zone: str | None
    direction: str
    is_default: bool
    languages: tuple[str, ...] = ()

    @property
    def fallbacks(self) -> tuple[str, ...]:
        """Return the chain after this locale."""
        return self.chain[1:]


class LocaleCatalogue:
    """The locales of the hub at one moment, the default first, then by code."""

    def __init__(self, entries: Iterable[LocaleEntry]) -> None:
        ordered = sorted(entries, key=lambda entry: (not entry.is_default, entry.code))
        self.by_code: dict[str, LocaleEntry] = {entry.code: entry for entry in ordered}
        self.by_id: dict[int, LocaleEntry] = {entry.id: entry for entry in ordered}

    @cached_property
    def default(self) -> LocaleEntry:
        """The locale of the setting LANGUAGE_CODE.

        Raises:
            UnknownLocale: it has not been added, or was deleted behind the admin's back.
        """
        for entry in self.by_code.values():
            if entry.is_default:
                return entry
        raise UnknownLocale(settings.LANGUAGE_CODE)

    def get(self, tag: str) -> LocaleEntry:
        """Return the locale with exactly this tag, in whatever case it is written.

        Raises:
            MalformedTag: the text is not a language tag.
            UnknownLocale: the hub has no such locale.
        """
        try:
            return self.by_code.get(tag) or self.by_code[canonical_tag(tag)]
        except KeyError:
            raise UnknownLocale(tag) from None

    def negotiate(self, tag: str) -> LocaleEntry | None:
        """Return the locale that answers a tag from outside best, or None.

        Raises:
            MalformedTag: the text is not a language tag.
        """
        code = negotiate(tag, self.by_code)
        return self.by_code[code] if code else None


def locale_catalogue() -> LocaleCatalogue:
    """Return the locales as they stand in the database now: one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_statement())
        return _catalogue(tuple(cursor.fetchall()), settings.LANGUAGE_CODE)


@cache
def _statement() -> str:
    """Return the statement for all locales; it never changes, and making it costs more than running it."""
    profile = ("profile__id", "profile__next__language_code", "profile__time_zone", "profile__inherits")
    columns = ("id", "language_code", *profile)
    text, _params = Locale.objects.order_by("language_code").values_list(*columns).query.sql_with_params()
    return text


@lru_cache(maxsize=4)
def _catalogue(rows: tuple[tuple[Any, ...], ...], default_language: str) -> LocaleCatalogue:
    codes = {code for _, code, *_ in rows}
    default = negotiate(default_language, codes)

    def next_of(code: str, profile: int | None, chosen: str | None) -> str | None:
        if code == default:
            return None
        return chosen if profile else starting_next(code, codes, default=default)

    table = {code: next_of(code, profile, chosen) for _, code, profile, chosen, *_ in rows}
    alone = {code for _, code, profile, _, _, inherits in rows if profile and not inherits}
    return LocaleCatalogue(
        LocaleEntry(
            id=pk,
            code=code,
            next=table[code],
            chain=tuple(fallback_chain(code, table)),
            time_zone=time_zone or None,
            direction=direction(code),
            is_default=code == default,
            languages=languages_of_region(code, table, alone=alone),
        )
        for pk, code, _, _, time_zone, _ in rows
    )
