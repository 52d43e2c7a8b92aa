from types import SimpleNamespace

import pytest
from django.db import transaction
from django.test import override_settings

from channels.registry import channel_registry
from locales.catalogue import locale_catalogue
from taxonomy.snapshot import taxonomy_snapshot
from tests.delivery.published import NOW
from tests.delivery.world import build_world


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """A small hub without items, made once for the tests of a module and rolled back after them."""
    nobody = {"TAXONOMY_DEPENDANTS": None, "LOCALES_DEPENDANTS": None}
    with django_db_blocker.unblock(), transaction.atomic(), override_settings(**nobody):
        build_world()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def around(world, db):
    """What a caller stands in: the small hub at noon of 21 November 2026, read into memory once."""
    return SimpleNamespace(
        taxonomy=taxonomy_snapshot(),
        locales=locale_catalogue(),
        channels=channel_registry(),
        experiments=lambda instant: [],
        now=NOW,
        notice=lambda *told: None,
    )
