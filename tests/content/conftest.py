import pytest
import time_machine
from django.db import transaction

from taxonomy import snapshot
from tests.content.times import NOON
from tests.delivery.world import build_world


@pytest.fixture
def clock(locales):
    """It is noon of 1 March 2027 until the test moves the clock."""
    snapshot._loaded.clear()  # versions of facets follow the clock, which this test sets back
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller
    snapshot._loaded.clear()


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Locales, terms and channels, made once for all tests of a module and rolled back after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        build_world()
        yield
        transaction.set_rollback(True)
