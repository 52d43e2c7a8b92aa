import pytest
import time_machine
from django.db import transaction
from django.test import override_settings

from contenthub.delivery.consumers import directory
from contenthub.delivery.consumers.issuing import issue_key
from contenthub.delivery.consumers.models import Consumer
from taxonomy import snapshot
from tests.content.times import NOON
from tests.delivery.published import NOW
from tests.delivery.world import build_world

NOBODY = {"TAXONOMY_DEPENDANTS": None, "LOCALES_DEPENDANTS": None}  # nothing hangs on terms and chains here


@pytest.fixture(autouse=True)
def _open_house(settings):
    """Anybody may ask, and name instants."""
    settings.HUB_ANONYMOUS_ACCESS = True
    settings.HUB_ANONYMOUS_RIGHTS = ["time", "introspection"]
    settings.SECURE_SSL_REDIRECT = False


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """A small hub without items, made once for the tests of a module and rolled back after them."""
    with django_db_blocker.unblock(), transaction.atomic(), override_settings(**NOBODY):
        build_world()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def hub(world, db):
    """The small hub, at noon of 21 November 2026; it stays noon."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def clock(db, locales):
    """An empty hub at noon of 1 March 2027, until the test moves the clock."""
    snapshot._loaded.clear()
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller
    snapshot._loaded.clear()


@pytest.fixture
def doors(settings):
    """Content follows terms and chains, unlike in most tests of the API."""
    settings.TAXONOMY_DEPENDANTS = "contenthub.content.dependants.HubTermDependants"
    settings.LOCALES_DEPENDANTS = "contenthub.content.dependants.HubLocaleDependants"


@pytest.fixture
def connect(db):
    """Make a connection as it is described, and return a key of it."""

    def connect(name="shop", **described):
        consumer, _ = Consumer.objects.get_or_create(name=name, defaults=described)
        key = issue_key(consumer).whole
        directory.forget()
        return key

    return connect


@pytest.fixture
def post(client):
    """Send a query by POST; the whole answer as it came."""

    def post(query, variables=None, **headers):
        body = {"query": query, "variables": variables or {}}
        return client.post("/graphql", body, content_type="application/json", headers=headers)

    return post


@pytest.fixture
def ask(post):
    """Ask for the data of a query that must not fail."""

    def ask(query, **variables):
        answer = post(query, variables).json()
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    return ask


@pytest.fixture
def refused(post):
    """Ask what must fail; its only error as (code, message, argument)."""

    def refused(query, **variables):
        (error,) = post(query, variables).json()["errors"]
        return error["extensions"]["code"], error["message"], error["extensions"]["argument"]

    return refused


@pytest.fixture
def notices(post):
    """Ask for the notices that come with an answer, as (code, argument)."""

    def notices(query, **variables):
        answer = post(query, variables).json()
        assert "errors" not in answer, answer["errors"]
        return [(each["code"], each["argument"]) for each in answer.get("extensions", {}).get("notices", [])]

    return notices
