from types import SimpleNamespace

import graphene
import pytest

from locales.catalogue import locale_catalogue
from locales.changes import ensure_locale, profile_of, save_locale
from locales.schema import LocaleQueries

pytestmark = pytest.mark.django_db


def ask(query):
    """Return data, first error and notices of a query over the locales alone."""
    notices = []
    context = SimpleNamespace(locales=locale_catalogue(), notice=lambda *notice: notices.append(notice))
    result = graphene.Schema(query=LocaleQueries).execute(query, context_value=context)
    return result.data, [str(error.message) for error in result.errors or ()], notices


@pytest.mark.parametrize("tags", [["ja"], ["ja", "ar", "de", "de-CH", "fr", "ko", "pt-BR", "zh-CN"]])
def test_all_locales_cost_one_query_whatever_their_number(django_assert_num_queries, tags):
    for tag in tags:
        ensure_locale(tag)

    with django_assert_num_queries(1):
        data, errors, _ = ask("{ locales { code name direction fallbacks isDefault timeZone } }")

    assert errors == []
    assert [locale["code"] for locale in data["locales"]] == ["en", *sorted(tags)]


def test_a_locale_tells_its_chain_direction_and_time_zone():
    arabic = ensure_locale("ar")
    profile = profile_of(arabic)
    profile.time_zone = "Asia/Riyadh"
    save_locale(arabic, profile)

    data, errors, _ = ask('{ locale(code: "AR_sa") { code name direction fallbacks isDefault timeZone } }')

    assert errors == []
    assert data["locale"] == {
        "code": "ar",
        "name": "Arabic",
        "direction": "RTL",
        "fallbacks": ["en"],
        "isDefault": False,
        "timeZone": "Asia/Riyadh",
    }


def test_a_locale_that_the_hub_lacks_is_null():
    assert ask('{ locale(code: "ja") { code } }') == ({"locale": None}, [], [])


def test_a_name_is_given_in_the_language_asked_for():
    ensure_locale("ja")

    data, errors, notices = ask('{ locale(code: "ja") { en: name ja: name(locale: "ja-JP") de: name(locale: "de") } }')

    assert data["locale"] == {"en": "Japanese", "ja": "日本語", "de": "Japanese"}
    assert (errors, notices) == (
        [],
        [("UNKNOWN_LOCALE", "The hub has no locale that answers 'de': 'en' is served.", "locale")],
    )


def test_text_that_is_no_tag_is_an_error():
    data, errors, _ = ask('{ locale(code: "!!") { code } }')

    assert data == {"locale": None}
    assert errors == ["'!!' is not a language tag such as en, ja or pt-BR."]


def test_a_tag_is_written_as_a_string():
    _, errors, _ = ask("{ locale(code: 5) { code } }")

    assert errors == ["LocaleCode is written as a string: a language tag such as en or pt-BR."]
