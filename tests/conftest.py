"""What all tests share."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from wagtail.models import Locale

from contenthub.accounts.models import User
from contenthub.api import freshness, rates
from contenthub.api.answers import answers
from contenthub.delivery.consumers import directory, usage
from locales.changes import ensure_locale


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of the tests that empty the database behind them, run those first that fill it again with what migrations bring.

    After any other, Django has made rows of its own there, which are in their way.
    """

    def is_refilling(item: pytest.Item) -> bool:
        marker = item.get_closest_marker("django_db")
        return bool(marker and marker.kwargs.get("serialized_rollback"))

    refilling = [item for item in items if is_refilling(item)]
    others = [item for item in items if not is_refilling(item)]
    first = next((place for place, item in enumerate(others) if _is_emptying(item)), len(others))
    items[:] = [*others[:first], *refilling, *others[first:]]


def _is_emptying(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    names = {"transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
    return bool(names or (marker and marker.kwargs.get("transaction")))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, tmp_path_factory):
    """A SQLite file in place of memory, where the threads of a server would share one connection and transaction."""
    for connection in connections.all():
        if connection.vendor == "sqlite":
            connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.getbasetemp() / "test.sqlite3")
            # What a test run writes need not outlive a power cut.
            connection.settings_dict["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"


@pytest.fixture(autouse=True)
def _test_settings(settings, tmp_path_factory):
    """Plain http, quick passwords, and pictures in a folder of their own."""
    settings.SECURE_SSL_REDIRECT = False
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.HUB_ANONYMOUS_REQUESTS_PER_MINUTE = 0
    settings.HUB_ANSWER_CACHE_BYTES = 0
    settings.MEDIA_ROOT = tmp_path_factory.getbasetemp() / "media"


@pytest.fixture(autouse=True)
def _nobody_known():
    """What a process remembers of callers is of the test before."""
    directory.forget()
    usage.forget()
    rates.forget()
    freshness.forget()
    answers.clear()


@pytest.fixture
def editor(db) -> User:
    return User.objects.create_superuser("editor", password="secret")


@pytest.fixture
def admin_client(client: Client, editor: User) -> Client:
    """A browser in which an editor with all rights is logged in."""
    client.force_login(editor)
    return client


@pytest.fixture
def locales(db) -> dict[str, Locale]:
    """The hub's locales: en (the default), ja, ko, de and de-CH."""
    return {tag: ensure_locale(tag) for tag in ("en", "ja", "ko", "de", "de-CH")}


@pytest.fixture
def ask(db, client: Client, settings) -> Callable[..., dict[str, Any]]:
    """Ask /graphql without a key, with all anonymous rights; return data, and fail on errors."""
    settings.HUB_ANONYMOUS_ACCESS = True
    settings.HUB_ANONYMOUS_RIGHTS = ["time", "variants", "introspection"]

    def asking(query: str, **variables: Any) -> dict[str, Any]:
        body = {"query": query, "variables": variables}
        answer = client.post("/graphql", body, content_type="application/json").json()
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    return asking
