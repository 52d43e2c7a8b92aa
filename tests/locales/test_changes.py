import pytest
from django.core.exceptions import ValidationError
from wagtail.models import Locale

from locales.catalogue import locale_catalogue
from locales.changes import chains_through, delete_locale, ensure_locale, profile_of, save_locale, set_next
from locales.models import LocaleProfile
from locales.tags import MalformedTag, UnknownLanguage
from tests.locales.factories import LocaleFactory

pytestmark = pytest.mark.django_db


def chains():
    return {entry.code: entry.chain for entry in locale_catalogue().by_code.values()}


def test_a_missing_locale_is_added_with_its_profile():
    ensure_locale("de")

    swiss = ensure_locale("DE_ch")

    assert swiss.language_code == "de-CH"
    assert swiss.profile.next.language_code == "de"
    assert chains()["de-CH"] == ("de-CH", "de", "en")


def test_a_locale_that_is_there_is_left_as_it_is(told):
    first = ensure_locale("ja")
    told.clear()

    again = ensure_locale("ja")

    assert again == first
    assert told == []


@pytest.mark.parametrize(("tag", "error"), [("no tag", MalformedTag), ("tlh", UnknownLanguage)])
def test_a_locale_that_cannot_be_is_not_added(tag, error):
    with pytest.raises(error):
        ensure_locale(tag)

    assert list(chains()) == ["en"]


def test_adding_a_locale_announces_it_after_the_database_has_it(told):
    ensure_locale("ja")

    assert told == [(frozenset({"ja"}), {"en": ("en",), "ja": ("ja", "en")})]


def test_a_new_next_locale_announces_every_chain_through_it(told):
    for tag in ("de", "de-CH", "fr", "ja"):
        ensure_locale(tag)
    told.clear()

    set_next(Locale.objects.get(language_code="de"), Locale.objects.get(language_code="fr"))

    ((codes, found),) = told
    assert codes == {"de", "de-CH"}
    assert found["de-CH"] == ("de-CH", "de", "fr", "en")


def test_setting_the_next_locale_that_it_has_announces_nothing(told):
    german = ensure_locale("de")
    told.clear()

    set_next(german, Locale.objects.get(language_code="en"))

    assert told == []


def test_a_chain_can_be_ended():
    german = ensure_locale("de")

    set_next(german, None)

    assert chains()["de"] == ("de",)


def test_a_circle_is_refused_by_name_and_changes_nothing(told):
    german, french, italian = (ensure_locale(tag) for tag in ("de", "fr", "it"))
    set_next(german, french)
    set_next(french, italian)
    before = chains()
    told.clear()

    with pytest.raises(ValidationError) as refused:
        set_next(italian, german)

    assert refused.value.message_dict == {"next": ["This would go round in a circle: it → de → fr → it."]}
    assert chains() == before
    assert told == []


def test_a_circle_over_a_locale_made_elsewhere_is_refused():
    LocaleFactory(language_code="de-CH")
    german = ensure_locale("de")

    with pytest.raises(ValidationError, match="de → de-CH → de"):
        set_next(german, Locale.objects.get(language_code="de-CH"))


def test_the_default_locale_gets_no_next_one():
    german = ensure_locale("de")

    with pytest.raises(ValidationError) as refused:
        set_next(Locale.objects.get(language_code="en"), german)

    assert refused.value.message_dict == {"next": ["The default locale is where chains end: it has no next locale."]}


def test_deleting_a_locale_gives_those_that_led_to_it_the_next_they_start_with(told):
    for tag in ("de", "de-CH", "de-AT", "fr"):
        ensure_locale(tag)
    told.clear()

    delete_locale(Locale.objects.get(language_code="de"))

    after = {"en": ("en",), "de-AT": ("de-AT", "en"), "de-CH": ("de-CH", "en"), "fr": ("fr", "en")}
    assert chains() == after
    assert told == [(frozenset({"de", "de-AT", "de-CH"}), after)]


def test_deleting_never_closes_a_circle():
    german, swiss, french = (ensure_locale(tag) for tag in ("de", "de-CH", "fr"))
    set_next(swiss, french)
    set_next(german, swiss)

    delete_locale(french)

    assert chains() == {"en": ("en",), "de": ("de", "de-CH", "en"), "de-CH": ("de-CH", "en")}


def test_the_default_locale_is_not_deleted():
    with pytest.raises(ValidationError, match="The default locale cannot be deleted"):
        delete_locale(Locale.objects.get(language_code="en"))

    assert list(chains()) == ["en"]


def test_what_dependants_refuse_is_not_saved(settings):
    german, french = ensure_locale("de"), ensure_locale("fr")
    settings.LOCALES_DEPENDANTS = "tests.locales.recording.RefusingDependants"

    with pytest.raises(RuntimeError):
        set_next(german, french)

    assert chains()["de"] == ("de", "en")


def test_saving_wants_a_time_zone_of_the_world():
    german = ensure_locale("de")
    profile = profile_of(german)
    profile.time_zone = "Europe/Atlantis"

    with pytest.raises(ValidationError) as refused:
        save_locale(german, profile)

    assert refused.value.message_dict == {"time_zone": ["'Europe/Atlantis' is no IANA time zone such as Asia/Tokyo."]}
    assert LocaleProfile.objects.get(locale=german).time_zone == ""


def test_the_change_through_a_locale_names_every_chain_that_holds_it():
    for tag in ("de", "de-CH", "fr"):
        ensure_locale(tag)

    assert chains_through(Locale.objects.get(language_code="de")).codes == {"de", "de-CH"}
