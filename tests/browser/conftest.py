"""A real browser before a real server, both on this machine; whatever asks another host fails the test."""

import os
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.test import override_settings
from wagtail.models import Collection, Locale

from contenthub.accounts.models import User
from contenthub.content.models import FieldDefinition, ItemType
from contenthub.content.starter import load_starter_types
from locales.changes import ensure_locale
from taxonomy import snapshot
from taxonomy.builtin import ensure_builtin_facets
from taxonomy.markets import fill_markets
from tests.browser.chromium import ARGUMENTS, CHROMIUM

PASSWORD = "a password of the test"

# Playwright's synchronous calls run inside an event loop of its own, in which Django would refuse to ask the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(scope="session")
def chromium():
    """A browser for the whole run."""
    playwright = pytest.importorskip("playwright.sync_api", reason="There is no playwright: no browser is driven.")
    if not Path(CHROMIUM).exists():
        pytest.skip(f"There is no browser at {CHROMIUM}: install chromium, or name one in CHROMIUM.")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server(request):
    """The server that browsers ask; its middleware is made when it starts."""
    with override_settings(SECURE_SSL_REDIRECT=False):
        return request.getfixturevalue("live_server")


@pytest.fixture
def hub(transactional_db, settings):
    """What migrations bring, which the test before may have emptied out with everything else."""
    settings.ALLOWED_HOSTS = ["*"]
    settings.HUB_ANONYMOUS_ACCESS = True
    settings.HUB_ANONYMOUS_RIGHTS = ["introspection"]
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    ContentType.objects.clear_cache()
    cache.clear()
    snapshot._loaded.clear()
    Locale.objects.get_or_create(language_code="en")
    for tag in ("ja", "ar"):
        ensure_locale(tag)
    if not Collection.objects.exists():
        Collection.add_root(name="Root")
    ensure_builtin_facets(apps.get_model("taxonomy", "Facet"))
    fill_markets(["en", "ja"])
    load_starter_types(ItemType.objects, FieldDefinition.objects)


@pytest.fixture
def page(chromium, hub, server):
    """A page on which an editor is logged in; at the end nothing may have gone wrong in the browser."""
    User.objects.create_superuser("editor", password=PASSWORD)
    context = chromium.new_context(base_url=server.url, viewport={"width": 1400, "height": 1000})
    context.set_default_timeout(15_000)
    opened = context.new_page()
    troubles = watch(opened, server.url)
    opened.goto("/admin/login/")
    opened.fill("[name=username]", "editor")
    opened.fill("[name=password]", PASSWORD)
    opened.click("button[type=submit]")
    opened.wait_for_url("**/admin/")

    yield opened

    opened.goto("about:blank")  # no request is left running
    context.close()
    assert troubles == []


def watch(page: Any, home: str) -> list[str]:
    """Return a list to which every error of the page, failed request and request elsewhere is added."""
    troubles: list[str] = []
    own = (home, "data:", "blob:", "about:")
    page.on("console", lambda line: line.type == "error" and troubles.append(f"{page.url}: {line.text}"))
    page.on("pageerror", lambda error: troubles.append(f"{page.url}: {error}"))
    page.on("request", lambda asked: asked.url.startswith(own) or troubles.append(f"elsewhere: {asked.url}"))
    page.on("response", lambda answer: answer.status >= 400 and troubles.append(f"{answer.status}: {answer.url}"))
    page.on(
        "requestfailed",
        # A page that is left breaks off its own requests.
        lambda failed: failed.failure == "net::ERR_ABORTED" or troubles.append(f"{failed.failure}: {failed.url}"),
    )
    return troubles


@pytest.fixture
def axe():
    """Judge the accessibility of a part of a page; return the rules broken with the elements that break them."""
    path = Path(os.environ.get("AXE") or "node_modules/axe-core/axe.min.js")
    if not path.exists():
        pytest.skip("There is no axe-core: install it with npm, or name its file in AXE.")
    script = path.read_text()

    def judging(page: Any, part: str) -> list[str]:
        page.wait_for_selector(part, state="attached")
        page.evaluate(script)
        # Wagtail's messages fade in: half shown, their contrast is low.
        around = {"include": [part], "exclude": [".messages"]}
        found = page.evaluate("around => axe.run(around, {resultTypes: ['violations']})", around)["violations"]
        return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]

    return judging
