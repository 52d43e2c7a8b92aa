import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from wagtail.models import Locale

from locales.models import LocaleProfile
from tests.locales.factories import LocaleFactory, ProfileFactory

pytestmark = pytest.mark.django_db


def test_a_locale_is_never_its_own_next_one():
    german = LocaleFactory(language_code="de")

    with pytest.raises(IntegrityError), transaction.atomic():
        ProfileFactory(locale=german, next=german)

    assert not LocaleProfile.objects.exists()


def test_a_profile_goes_with_its_locale():
    profile = ProfileFactory(locale__language_code="de")

    profile.locale.delete()

    assert not LocaleProfile.objects.exists()


def test_deleting_a_next_locale_behind_the_domain_is_refused():
    french = LocaleFactory(language_code="fr")
    ProfileFactory(locale__language_code="de", next=french)

    with pytest.raises(ProtectedError):
        french.delete()

    assert Locale.objects.filter(language_code="fr").exists()
