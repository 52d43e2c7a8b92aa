import pytest
from wagtail.models import Locale

from locales.catalogue import UnknownLocale, locale_catalogue
from locales.changes import ensure_locale
from locales.tags import MalformedTag
from tests.locales.factories import LocaleFactory, ProfileFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("tags", [["ja"], ["ja", "de", "de-CH", "fr", "ar", "pt-BR", "zh-CN", "zh-TW", "ko", "th"]])
def test_the_catalogue_costs_one_query_whatever_its_size(django_assert_num_queries, tags):
    for tag in tags:
        ensure_locale(tag)

    with django_assert_num_queries(1):
        catalogue = locale_catalogue()
        answered = catalogue.negotiate("ja-JP"), catalogue.default

    assert [entry.code for entry in answered] == ["ja", "en"]
    assert list(catalogue.by_code) == ["en", *sorted(tags)]


def test_an_entry_tells_all_that_is_known_of_its_locale():
    locale = LocaleFactory(language_code="ar")
    ProfileFactory(locale=locale, next=Locale.objects.get(language_code="en"), time_zone="Asia/Riyadh")

    entry = locale_catalogue().by_id[locale.pk]

    assert (entry.id, entry.code, entry.next) == (locale.pk, "ar", "en")
    assert (entry.chain, entry.fallbacks) == (("ar", "en"), ("en",))
    assert (entry.time_zone, entry.direction, entry.is_default) == ("Asia/Riyadh", "RTL", False)


def test_a_locale_made_elsewhere_has_the_chain_of_a_new_one():
    for code in ("de", "de-CH", "zh-TW", "zh"):
        LocaleFactory(language_code=code)

    chains = {entry.code: entry.chain for entry in locale_catalogue().by_code.values()}

    assert chains == {
        "en": ("en",),
        "de": ("de", "en"),
        "de-CH": ("de-CH", "de", "en"),
        "zh": ("zh", "en"),
        "zh-TW": ("zh-TW", "en"),
    }


def test_a_profile_without_a_next_locale_ends_the_chain():
    ProfileFactory(locale__language_code="de", next=None)

    assert locale_catalogue().get("de").chain == ("de",)


def test_the_default_locale_has_no_next_one_whatever_its_profile_says(settings):
    german = LocaleFactory(language_code="de")
    ProfileFactory(locale=german, next=Locale.objects.get(language_code="en"))
    settings.LANGUAGE_CODE = "de"

    catalogue = locale_catalogue()

    assert catalogue.default.chain == ("de",)
    assert catalogue.get("en").chain == ("en", "de")


def test_getting_wants_the_very_tag_and_names_a_missing_one():
    ensure_locale("pt-BR")
    catalogue = locale_catalogue()

    assert catalogue.get("PT_br").code == "pt-BR"
    with pytest.raises(UnknownLocale) as missing:
        catalogue.get("pt-PT")

    assert missing.value.code == "pt-PT"
    assert str(missing.value) == "The hub has no locale 'pt-PT'."


def test_negotiating_finds_the_nearest_locale_or_none():
    ensure_locale("pt-BR")
    catalogue = locale_catalogue()

    assert catalogue.negotiate("pt").code == "pt-BR"
    assert catalogue.negotiate("ja") is None
    with pytest.raises(MalformedTag):
        catalogue.negotiate("not a tag")


def test_a_hub_without_its_default_locale_still_has_a_catalogue(settings):
    settings.LANGUAGE_CODE = "fr"

    catalogue = locale_catalogue()

    assert list(catalogue.by_code) == ["en"]
    with pytest.raises(UnknownLocale, match="'fr'"):
        _ = catalogue.default
