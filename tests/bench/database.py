"""A database of its own for one run."""

import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from tests.bench.measuring import say


def with_database(url: str, folder: Path, action: Callable[[Path], None]) -> None:
    """Run ``action`` with Django set up on a database of its own."""
    is_server = url.startswith("postgres")
    name = f"hub_bench_{os.getpid()}"
    parts = urlsplit(url)
    if is_server:
        import psycopg

        with psycopg.connect(url, autocommit=True) as server:
            server.execute(f"CREATE DATABASE {name}")
        os.environ["DATABASE_URL"] = urlunsplit(parts._replace(path=f"/{name}"))
    else:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder / 'bench.sqlite3'}"
    try:
        set_up(folder)
        action(folder)
    finally:
        if is_server:
            from django.db import connections

            connections.close_all()
            with psycopg.connect(url, autocommit=True) as server:
                server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def set_up(folder: Path) -> None:
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "contenthub.settings",
        "DEBUG": "0",
        "SECRET_KEY": "only-for-this-measurement-" + "x" * 40,
        "ALLOWED_HOSTS": "testserver,127.0.0.1",
        "SECURE_SSL_REDIRECT": "0",
        "MEDIA_ROOT": str(folder / "media"),
        "HUB_ANONYMOUS_ACCESS": "1",
        "HUB_ANONYMOUS_REQUESTS_PER_MINUTE": "0",
        "HUB_ANSWER_CACHE_BYTES": "1",  # no answer fits: what is measured is answered anew, unless it says otherwise
    }
    import django
    from django.core.management import call_command

    django.setup()
    say("Making the tables")
    call_command("migrate", verbosity=0)
