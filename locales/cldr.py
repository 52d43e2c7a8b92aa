"""Names, directions, plurals, numbers, money and dates as CLDR has them, by tags of the hub."""

import re
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from babel import Locale as CldrLocale
from babel import UnknownLocaleError, dates, numbers
from django.utils.functional import lazy
from django.utils.translation import get_language

from locales.tags import canonical_tag, content_tags, parent_tags

FALLBACK_LANGUAGE = "en"  # formats for a tag that CLDR has no data for

# Babel leaves out CLDR's currencySpacing (UTS 35, part 3, 3.4): a currency's letters stand apart from digits.
_UNSPACED = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")


@lru_cache(maxsize=512)
def cldr_locale(tag: str) -> CldrLocale | None:
    """Return CLDR's data for a tag or for the nearest of its parents; None if CLDR knows neither.

    Raises:
        MalformedTag: the text is not a language tag.
    """
    wanted = canonical_tag(tag)
    for candidate in (wanted, *parent_tags(wanted)):
        try:
            return CldrLocale.parse(candidate, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return None


def content_languages() -> list[tuple[str, str]]:
    """Return every canonical tag that CLDR has data for, in order, with its name in the language of whoever looks."""
    return [(tag, _name_for_editors(tag)) for tag in content_tags()]


def _name_in_this_language(tag: str) -> str:
    return locale_name(tag, get_language() or FALLBACK_LANGUAGE)


_name_for_editors = lazy(_name_in_this_language, str)


def locale_name(tag: str, in_language: str) -> str:
    """Return the name of a language tag in another language; the tag itself where CLDR has no name.

    >>> locale_name("pt-BR", "en"), locale_name("zh-CN", "ja"), locale_name("ja", "ja")
    ('Portuguese (Brazil)', '中国語 (簡体字, 中国)', '日本語')
    """
    named, language = cldr_locale(tag), cldr_locale(in_language)
    if named is None or language is None:
        return tag
    return named.get_display_name(language) or tag


def direction(tag: str) -> str:
    """Return 'RTL' for a language written from right to left, else 'LTR'.

    >>> direction("ar"), direction("pa-Arab-PK"), direction("ja")
    ('RTL', 'RTL', 'LTR')
    """
    return "RTL" if _formats(tag).text_direction == "rtl" else "LTR"


def plural_category(count: int | Decimal, tag: str) -> str:
    """Return the plural category of a count: zero, one, two, few, many or other.

    >>> plural_category(2, "ar"), plural_category(2, "en"), plural_category(2, "ja")
    ('two', 'other', 'other')
    """
    return _formats(tag).plural_form(count)


def format_number(value: int | float | Decimal, tag: str) -> str:
    """Return a number as it is written in a language.

    >>> format_number(Decimal("1234.5"), "de"), format_number(Decimal("1234.5"), "en")
    ('1.234,5', '1,234.5')
    """
    return numbers.format_decimal(value, locale=_formats(tag))


def format_money(amount: Decimal, currency: str, tag: str) -> str:
    """Return an amount of money as it is written in a language, with the currency's own number of digits.

    >>> format_money(Decimal("19.9"), "EUR", "de"), format_money(Decimal("1990"), "JPY", "ja")
    ('19,90\\xa0€', '￥1,990')
    """
    return _UNSPACED.sub("\xa0", numbers.format_currency(amount, currency, locale=_formats(tag)))


def format_date(value: date | datetime, tag: str) -> str:
    """Return a day as it is written out in a language.

    >>> format_date(date(2026, 11, 21), "en"), format_date(date(2026, 11, 21), "ja")
    ('November 21, 2026', '2026年11月21日')
    """
    return dates.format_date(value, format="long", locale=_formats(tag))


def _formats(tag: str) -> CldrLocale:
    return cldr_locale(tag) or CldrLocale(FALLBACK_LANGUAGE)


def is_currency(code: str) -> bool:
    """Return whether CLDR knows ``code`` as an ISO 4217 currency.

    >>> is_currency("EUR"), is_currency("EURO")
    (True, False)
    """
    return numbers.is_currency(code)
