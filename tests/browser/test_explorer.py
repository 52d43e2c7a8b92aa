import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from pytest_django.live_server_helper import LiveServer
from wagtail.models import Locale

from taxonomy import snapshot
from taxonomy.builtin import ensure_builtin_facets
from tests.delivery.published import project, publish, text
from tests.delivery.world import build_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def bring_back_what_migrations_bring():
    """A test before this one may have emptied the database."""
    ContentType.objects.clear_cache()
    snapshot._loaded.clear()
    Locale.objects.get_or_create(language_code="en")
    ensure_builtin_facets(apps.get_model("taxonomy", "Facet"))


@pytest.fixture
def address(transactional_db, settings):
    """Where the hub answers for the time of one test; started here, so that it follows this test's settings."""
    settings.HUB_ANONYMOUS_ACCESS = True
    settings.HUB_ANONYMOUS_RIGHTS = ["time", "introspection"]
    settings.SECURE_SSL_REDIRECT = False
    server = LiveServer("127.0.0.1")
    yield f"{server.url}/graphql"
    server.stop()


@pytest.fixture
def page(chromium, address):
    """The page for trying queries in a real browser, in a hub that holds one item."""
    bring_back_what_migrations_bring()
    build_world()
    publish(project("welcome", {"en": text("Welcome")}))
    context = chromium.new_context()
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.said = []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.goto(address)
    yield page
    context.close()


def test_a_query_is_tried_by_keyboard_and_remembered(page):
    page.fill("#query", "{ items { nodes { key headline } } }")
    page.keyboard.press("Control+Enter")
    page.locator("#status", has_text="200").wait_for()

    assert '"Welcome"' in page.inner_text("#result")

    page.reload()

    assert page.input_value("#query") == "{ items { nodes { key headline } } }"
    assert page.locator("#history option").count() == 2
    assert page.said == []


def test_an_error_is_shown_with_its_code(page):
    page.fill("#query", "{ items(first: 0) { totalCount } }")
    page.click("#run")
    page.locator("#told .error").wait_for()

    assert page.inner_text("#told .error") == (
        "BAD_ARGUMENT 'first' is 0: ask for 1 to 100 items and go on with 'after'. (line 1)"
    )


def test_every_example_is_answered_without_error(page):
    for example in range(page.locator("#examples option").count() - 1):
        page.select_option("#examples", str(example))
        page.locator("#status", has_text="200").wait_for()

        assert page.locator("#told .error").count() == 0
        assert '"data"' in page.inner_text("#result")


def test_the_schema_is_read_beside_the_query(page):
    page.fill("#docs-search", "totalCount")
    page.get_by_role("button", name="ItemConnection.totalCount").click()

    assert page.inner_text("#docs-body h3") == "ItemConnection"
    assert "How many items the whole list has." in page.inner_text("#docs-body")
