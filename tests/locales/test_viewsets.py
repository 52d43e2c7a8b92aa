import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from wagtail.models import Locale, ModelLogEntry

from locales.catalogue import locale_catalogue
from locales.changes import ensure_locale
from tests.locales.factories import LocaleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _plain_http(settings):
    settings.SECURE_SSL_REDIRECT = False


def address(view, *tags):
    return reverse(f"wagtaillocales:{view}", args=[Locale.objects.get(language_code=tag).pk for tag in tags])


def page(response):
    return BeautifulSoup(response.content, "html.parser")


def chains():
    return {entry.code: entry.chain for entry in locale_catalogue().by_code.values()}


def errors(response, field):
    return response.context["form"].errors.get(field, [])


def test_the_listing_tells_names_codes_directions_chains_and_items(admin_client, told):
    for tag in ("ar", "de", "de-CH"):
        ensure_locale(tag)

    table = page(admin_client.get(address("index"))).select_one("table.listing")

    rows = [[" ".join(cell.text.split()) for cell in row.select("td")] for row in table.select("tbody tr")]
    assert rows == [
        ["English default", "en", "LTR", "en", "", "0"],
        ["العربية Arabic", "ar", "RTL", "ar → en", "", "0"],
        ["Deutsch German", "de", "LTR", "de → en", "", "3"],
        ["Deutsch (Schweiz) German (Switzerland)", "de-CH", "LTR", "de-CH → de → en", "", "0"],
    ]


def test_the_listing_costs_the_same_whatever_the_number_of_locales(admin_client, django_assert_max_num_queries):
    ensure_locale("ja")
    admin_client.get(address("index"))
    with django_assert_max_num_queries(30) as few:
        admin_client.get(address("index"))
    for tag in ("ar", "de", "de-CH", "fr", "it", "ko", "ru", "th", "zh-CN", "zh-TW"):
        ensure_locale(tag)

    with django_assert_max_num_queries(30) as many:
        admin_client.get(address("index"))

    assert len(many) == len(few)


def test_a_new_locale_takes_a_canonical_tag_and_starts_with_its_language(admin_client, told):
    ensure_locale("de")
    told.clear()

    response = admin_client.post(address("add"), {"language_code": "de-CH", "next": "", "time_zone": "Europe/Zurich"})

    assert response.status_code == 302
    assert locale_catalogue().get("de-CH").time_zone == "Europe/Zurich"
    assert told == [(frozenset({"de-CH"}), {"en": ("en",), "de": ("de", "en"), "de-CH": ("de-CH", "de", "en")})]
    assert ModelLogEntry.objects.filter(action="wagtail.create").count() == 1


def test_only_languages_that_the_hub_lacks_are_offered(admin_client):
    ensure_locale("ja")

    options = page(admin_client.get(address("add"))).select("#id_language_code-suggestions option")

    offered = {option["value"]: option.text for option in options}
    assert offered["ko"] == "Korean · 한국어"
    assert "ja" not in offered


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("Japanese", "'Japanese' is not a language tag such as en, ja or pt-BR."),
        ("tlh", "'tlh' names no language that CLDR has data for."),
        ("en", "Locale with this Language code already exists."),
        ("EN", "The canonical form of EN is en: write it so."),
        ("DE_ch", "The canonical form of DE_ch is de-CH: write it so."),
        ("iw", "The canonical form of iw is he: write it so."),
        ("zh-Hans-CN", "The canonical form of zh-Hans-CN is zh-CN: write it so."),
    ],
)
def test_a_language_that_cannot_be_added_is_an_error_on_the_form(admin_client, typed, message):
    response = admin_client.post(address("add"), {"language_code": typed, "next": "", "time_zone": ""})

    assert errors(response, "language_code") == [message]
    assert list(chains()) == ["en"]


def test_a_circle_is_an_error_on_the_form_and_changes_nothing(admin_client, told):
    for tag in ("de", "de-CH"):
        ensure_locale(tag)
    before = chains()
    told.clear()

    swiss = Locale.objects.get(language_code="de-CH")
    response = admin_client.post(address("edit", "de"), {"next": swiss.pk, "time_zone": ""})

    assert errors(response, "next") == ["This would go round in a circle: de → de-CH → de."]
    assert chains() == before
    assert told == []


def test_an_unknown_time_zone_is_an_error_on_the_form(admin_client):
    ensure_locale("de")

    response = admin_client.post(address("edit", "de"), {"next": "", "time_zone": "Berlin"})

    assert errors(response, "time_zone") == ["'Berlin' is no IANA time zone such as Asia/Tokyo."]


def test_a_chain_is_changed_and_ended_on_the_form(admin_client, told):
    german, french = ensure_locale("de"), ensure_locale("fr")
    told.clear()

    admin_client.post(address("edit", "de"), {"next": french.pk, "time_zone": ""})
    changed = chains()["de"]
    admin_client.post(address("edit", "de"), {"next": "", "time_zone": ""})

    assert (changed, chains()["de"]) == (("de", "fr", "en"), ("de",))
    assert [codes for codes, _ in told] == [{"de"}, {"de"}]
    assert german.language_code == "de"


def test_the_form_shows_what_is_saved_and_what_a_change_reaches(admin_client, told):
    for tag in ("de", "de-CH"):
        ensure_locale(tag)

    form = page(admin_client.get(address("edit", "de"))).select_one("#w-editor-form")

    assert form.select_one("[name=language_code]")["value"] == "de"
    assert form.select_one("[name=language_code]").has_attr("disabled")
    assert form.select_one("[name=next] option[selected]").text == "English (en)"
    assert "A change reaches 2 items." in form.text


def test_the_code_of_a_locale_stays_as_it_is(admin_client):
    ensure_locale("de")

    admin_client.post(address("edit", "de"), {"language_code": "fr", "next": "", "time_zone": ""})

    assert list(chains()) == ["en", "de"]


def test_the_default_locale_is_offered_no_next_one(admin_client):
    german = ensure_locale("de")

    shown = page(admin_client.get(address("edit", "en")))
    admin_client.post(address("edit", "en"), {"next": german.pk, "time_zone": "Asia/Tokyo"})

    assert shown.select("[name=next]") == []
    assert chains()["en"] == ("en",)
    assert locale_catalogue().default.time_zone == "Asia/Tokyo"


def test_a_locale_made_elsewhere_gets_its_profile_when_it_is_saved(admin_client):
    LocaleFactory(language_code="ja")

    admin_client.post(
        address("edit", "ja"), {"next": Locale.objects.get(language_code="en").pk, "time_zone": "Asia/Tokyo"}
    )

    assert Locale.objects.get(language_code="ja").profile.time_zone == "Asia/Tokyo"


def test_a_locale_with_a_code_that_cldr_lacks_can_be_given_another(admin_client):
    LocaleFactory(language_code="tlh")

    admin_client.post(address("edit", "tlh"), {"language_code": "ja", "next": "", "time_zone": ""})

    assert list(chains()) == ["en", "ja"]


def test_deleting_tells_first_who_gets_another_chain(admin_client, told):
    for tag in ("de", "de-CH"):
        ensure_locale(tag)
    told.clear()

    asked = page(admin_client.get(address("delete", "de"))).main.text
    response = admin_client.post(address("delete", "de"))

    assert "These locales will get another chain, without it: de-CH." in asked
    assert "It reaches: 2 items" in asked
    assert response.status_code == 302
    assert chains() == {"en": ("en",), "de-CH": ("de-CH", "en")}
    assert [codes for codes, _ in told] == [{"de", "de-CH"}]
    assert ModelLogEntry.objects.filter(action="wagtail.delete").count() == 1


def test_the_default_locale_cannot_be_deleted(admin_client):
    ensure_locale("de")

    response = admin_client.post(address("delete", "en"))

    assert "The default locale cannot be deleted" in page(response).main.text
    assert list(chains()) == ["en", "de"]


def test_strangers_see_nothing(client):
    response = client.get(address("index"))

    assert response.status_code == 302
    assert response.url.startswith(reverse("wagtailadmin_login"))
