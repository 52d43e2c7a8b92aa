from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import override

from locales.cldr import (
    content_languages,
    direction,
    format_date,
    format_money,
    format_number,
    locale_name,
    plural_category,
)


@pytest.mark.parametrize(
    ("tag", "language", "name"),
    [
        ("pt-BR", "en", "Portuguese (Brazil)"),
        ("pt-BR", "pt-BR", "português (Brasil)"),
        ("zh-CN", "zh-CN", "中文 (简体, 中国)"),
        ("ko", "ja", "韓国語"),
        ("ar", "ar", "العربية"),
        ("ja", "de-CH", "Japanisch"),
        ("tlh", "en", "tlh"),
        ("ja", "tlh", "ja"),
    ],
)
def test_languages_are_named_in_any_language(tag, language, name):
    assert locale_name(tag, language) == name


@pytest.mark.parametrize(
    ("tag", "expected"), [("ar", "RTL"), ("he", "RTL"), ("pa-PK", "RTL"), ("pa", "LTR"), ("ja", "LTR")]
)
def test_direction_follows_the_script(tag, expected):
    assert direction(tag) == expected


@pytest.mark.parametrize(
    ("tag", "formatted"),
    [
        ("en", "€1,234.50"),
        ("de", "1.234,50\xa0€"),
        ("ja", "€1,234.50"),
        ("pt-BR", "€\xa01.234,50"),
        ("tlh", "€1,234.50"),
    ],
)
def test_money_is_written_as_the_language_has_it(tag, formatted):
    assert format_money(Decimal("1234.5"), "EUR", tag) == formatted


def test_money_has_the_digits_of_its_currency():
    assert format_money(Decimal("1990"), "JPY", "ja") == "￥1,990"
    assert format_money(Decimal("1.5"), "KWD", "en") == "KWD\xa01.500"


def test_dates_and_numbers_are_written_as_the_language_has_them():
    day = date(2026, 11, 21)

    assert format_date(day, "en") == "November 21, 2026"
    assert format_date(day, "ko") == "2026년 11월 21일"
    assert format_date(day, "pt-BR") == "21 de novembro de 2026"
    assert format_number(Decimal("1234567.25"), "de-CH") == "1’234’567.25"
    assert format_number(1234567, "en") == "1,234,567"


def test_plural_categories_follow_the_language():
    assert [plural_category(count, "ru") for count in (1, 2, 5, 21)] == ["one", "few", "many", "one"]
    assert plural_category(1, "ja") == "other"


def test_content_languages_are_all_that_cldr_has_data_for_named_for_whoever_looks():
    names = dict(content_languages())

    assert len(names) > 900
    assert (names["pt-BR"], names["ja"]) == ("Portuguese (Brazil)", "Japanese")
    with override("ko"):
        assert names["ja"] == "일본어"
