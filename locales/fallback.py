"""Which locale to serve when the one asked for has no translation."""

from collections.abc import Collection, Mapping
from itertools import pairwise

from locales.tags import parent_tags


def fallback_chain(locale: str, next_locale: Mapping[str, str | None]) -> list[str]:
    """Return the locales to try, best first, beginning with ``locale``.

    No locale appears twice, so a loop in the table ends the walk instead of hanging it.

    >>> fallback_chain("pt-BR", {"pt-BR": "pt", "pt": "en"})
    ['pt-BR', 'pt', 'en']
    """
    chain: list[str] = []
    tag: str | None = locale
    while tag and tag not in chain:
        chain.append(tag)
        tag = next_locale.get(tag)
    return chain


def starting_next(locale: str, available: Collection[str], *, default: str | None) -> str | None:
    """Return the next locale that a new ``locale`` starts with: its language if there is one, else the default.

    >>> starting_next("de-CH", ["en", "de"], default="en"), starting_next("ja", ["en", "de"], default="en")
    ('de', 'en')
    """
    if locale == default:
        return None
    return next((tag for tag in parent_tags(locale) if tag in available), default)


def languages_of_region(
    locale: str, next_locale: Mapping[str, str | None], *, alone: Collection[str] = ()
) -> tuple[str, ...]:
    """Return the locales that give what a text in ``locale`` leaves empty, nearest first: those of its own language.

    They are the beginning of its chain, up to the first that is in ``alone`` and takes nothing.

    >>> languages_of_region("es-MX", {"es-MX": "es-419", "es-419": "es", "es": "en"})
    ('es-419', 'es')
    >>> languages_of_region("de-CH", {"de-CH": "fr"}), languages_of_region("de-CH", {"de-CH": "de"}, alone=["de-CH"])
    ((), ())
    """
    found: list[str] = []
    for region, tag in pairwise(fallback_chain(locale, next_locale)):
        if region in alone or tag not in parent_tags(region):
            break
        found.append(tag)
    return tuple(found)


def find_cycle(locale: str, next_locale: Mapping[str, str | None]) -> list[str]:
    """Return the way from ``locale`` back to itself, both ends named, or an empty list.

    >>> find_cycle("de", {"de": "fr", "fr": "de"})
    ['de', 'fr', 'de']
    """
    chain = fallback_chain(locale, next_locale)
    return [*chain, locale] if next_locale.get(chain[-1]) == locale else []
