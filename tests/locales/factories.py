import factory
from wagtail.models import Locale

from locales.models import LocaleProfile


class LocaleFactory(factory.django.DjangoModelFactory):
    """A locale as it is made elsewhere: without a profile."""

    class Meta:
        model = Locale
        django_get_or_create = ["language_code"]

    language_code = "de"


class ProfileFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = LocaleProfile

    locale = factory.SubFactory(LocaleFactory)
    next = None
    time_zone = ""
