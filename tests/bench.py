"""How fast the hub is at a real size: `make bench`. Prints a table; no test, no limit is enforced.

A throw-away database is filled: a SQLite file, or where DATABASE_URL names a PostgreSQL server, a database of its own
there, dropped at the end. BENCH_ITEMS sets how many items there are (10,000), each in three languages.

Every figure stands beside its target and beside a bare thing of the same kind measured in the same run, because a
number of seconds says little on a machine that nobody knows.
"""

import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

ITEMS = int(os.environ.get("BENCH_ITEMS", "10000"))
SEED = 2027
LOCALES = ("en", "ja", "de")
FACETS = ("journey", "campaign", "product", "segment", "action")
TAGS = 6
PUBLISHES = 50
REQUESTS = 200
ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "data" / "taxonomy"
DEMO = ROOT / "contenthub" / "demo" / "data"

LIST = """query ($after: String) { items(first: 20, after: $after, context: {locale: "ja"}) { nodes {
  key headline summary locale { code } publishedAt terms { code label } } pageInfo { endCursor hasNextPage } } }"""
COUNTS = '{ items(first: 1, context: {locale: "ja"}) { facetCounts(facet: "product") { term { code } count } } }'
BARE = "{ __typename }"

WORDS = {
    "en": "the quiet motor carries you over every hill while the battery learns how far you ride on a grey morning and "
    "tells you before you leave whether it will last until tomorrow evening without a stop".split(),
    "de": "der leise Motor trägt Sie über jeden Hügel während der Akku lernt wie weit Sie an einem grauen Morgen "
    "fahren und Ihnen vor der Abfahrt sagt ob er bis morgen Abend ohne Halt reicht".split(),
    "ja": "静かな モーターが どんな 坂でも あなたを 運び 電池は 灰色の 朝に どこまで 走るかを 学んで 出かける 前に "
    "明日の 夕方まで 止まらずに 持つかどうかを 教えて くれます".split(),
}


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="hub-bench-"))
    try:
        with_database(os.environ.get("DATABASE_URL", ""), folder, run)
    finally:
        shutil.rmtree(folder)


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
    }
    import django
    from django.core.management import call_command

    django.setup()
    say("Making the tables")
    call_command("migrate", verbosity=0)


def run(folder: Path) -> None:
    from django.db import connection

    random.seed(SEED)
    load_taxonomy()
    path = folder / "items.jsonl"
    size = write_items(path)
    say(f"Importing {ITEMS} items in {len(LOCALES)} languages, {size / 1e6:.0f} MB")
    rows = [import_rate(path, folder)]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    say(f"Publishing {PUBLISHES} times")
    rows += publish_latency()
    say("Asking")
    rows += request_cost()
    rows += over_http()
    print_table(rows, connection.vendor)


# --- filling ------------------------------------------------------------------------------------------------


def load_taxonomy() -> None:
    from channels.loading import load_channels
    from taxonomy.loading import load

    folder = SHARED if SHARED.exists() else DEMO / "taxonomy"
    say(f"Loading terms from {folder}")
    load([folder / f"{facet}.json" for facet in FACETS])
    load_channels(SHARED / "channel.json" if SHARED.exists() else DEMO / "channels.json")


def write_items(path: Path) -> int:
    """Write the file to import; return its size in bytes."""
    from taxonomy.snapshot import taxonomy_snapshot

    taxonomy = taxonomy_snapshot()
    # Deep terms stand under many others: they are what counting and filtering cost.
    terms = {
        facet: sorted((term for term in taxonomy.facets[facet].by_code.values()), key=lambda term: -term.depth)
        for facet in FACETS
    }
    deep = {facet: [term.code for term in found[: max(10, len(found) * 2 // 3)]] for facet, found in terms.items()}
    with path.open("w", encoding="utf-8") as file:
        for number in range(ITEMS):
            tags = {facet: [random.choice(deep[facet])] for facet in FACETS}
            tags["product"] = random.sample(deep["product"], TAGS - len(FACETS) + 1)
            for locale in LOCALES:
                file.write(json.dumps(line(number, locale, tags), ensure_ascii=False) + "\n")
    return path.stat().st_size


def line(number: int, locale: str, tags: dict[str, list[str]]) -> dict:
    return {
        "id": f"article/bench-{number}",
        "locale": locale,
        "kind": "article",
        "slug": f"bench-{number}",
        "title": sentence(locale, 7),
        "summary": sentence(locale, 18),
        "body": [
            {"type": "heading", "key": "h", "text": sentence(locale, 5)},
            *(
                {"type": "paragraph", "key": f"p{place}", "html": f"<p>{sentence(locale, 40)}</p>"}
                for place in range(3)
            ),
        ],
        "cta": {"label": sentence(locale, 3), "url": f"https://example.org/{locale}/{number}"},
        "tags": tags,
    }


def sentence(locale: str, words: int) -> str:
    return ("" if locale == "ja" else " ").join(random.choices(WORDS[locale], k=words))


# --- measuring ----------------------------------------------------------------------------------------------

Row = tuple[str, str, str, str]


def import_rate(path: Path, folder: Path) -> Row:
    from contenthub.content.importing import import_content

    started, cpu = time.perf_counter(), time.process_time()
    report = import_content(path, progress=lambda done, total: done % 1000 or say(f"  {done} of {total}"))
    rate, cpu = report.lines / (time.perf_counter() - started), (time.process_time() - cpu) / report.lines
    assert report.left_out == 0, report.problems[:3]
    started = time.perf_counter()
    with path.open("rb") as source, (folder / "parsed").open("w") as target:
        for raw in source:
            json.dump(json.loads(raw), target)
    bare = report.lines / (time.perf_counter() - started)
    return (
        "import, localizations/s (CPU ms each)",
        f"{rate:.0f} ({cpu * 1000:.1f})",
        ">= 300 on PostgreSQL",
        f"1/{bare / rate:.0f} of only copying the file",
    )


def publish_latency() -> list[Row]:
    from contenthub.content.models import ContentItem
    from contenthub.delivery.models import Document

    keys = [f"article/bench-{number}" for number in random.sample(range(ITEMS), min(PUBLISHES, ITEMS))]
    rows = list(ContentItem.objects.filter(key__in=keys, locale__language_code="en"))
    taken, bare, cpu = [], [], 0.0
    for row in rows:
        row.headline += " again"
        revision = row.save_revision()
        before = time.process_time()
        taken.append(seconds(revision.publish))
        cpu += time.process_time() - before
        bare.append(seconds(lambda row=row: ContentItem.objects.filter(pk=row.pk).update(headline=row.headline)))
    assert Document.objects.filter(served_until__isnull=False).count() >= len(rows)
    middle, late = statistics.median(taken), statistics.quantiles(taken, n=20)[-1]
    ratio = f"{middle / statistics.median(bare):.0f} x a bare UPDATE"
    return [
        ("one publish, median ms (CPU ms)", f"{middle * 1000:.1f} ({cpu / len(taken) * 1000:.1f})", "< 150", ratio),
        ("one publish, 95th percentile ms", f"{late * 1000:.1f}", "< 150", ""),
    ]


def request_cost() -> list[Row]:
    """Return what the two queries cost in process, through the whole stack of the site."""
    from django.db import connection
    from django.test import Client

    client = Client()

    def asking(query: str, variables: dict | None = None) -> dict:
        answer = client.post("/graphql", {"query": query, "variables": variables or {}}, "application/json").json()
        assert "errors" not in answer, answer
        return answer["data"]

    cursors = pages(asking)
    bare = cost(lambda: asking(BARE))
    page = cost(lambda: asking(LIST, {"after": random.choice(cursors)}))
    counting = cost(lambda: asking(COUNTS))
    sql = "SELECT head FROM delivery_document ORDER BY id DESC LIMIT 20"

    def select() -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            cursor.fetchall()

    selecting = cost(select)
    return [
        request_row("items, 20 with 6 tags", page, "< 15", bare, selecting),
        request_row("facetCounts, unfiltered", counting, "< 100", bare, selecting),
    ]


def pages(asking: Callable[..., dict]) -> list[str | None]:
    """Return the cursors of the first pages: a request never asks for the same twice in a row."""
    cursors: list[str | None] = [None]
    while len(cursors) < 20:
        info = asking(LIST, {"after": cursors[-1]})["items"]["pageInfo"]
        if not info["hasNextPage"]:
            break
        cursors.append(info["endCursor"])
    return cursors


def cost(action: Callable[[], object]) -> tuple[float, float]:
    """Return median seconds and mean CPU seconds of one call, warmed up; at most ten seconds are spent."""
    for _ in range(3):
        action()
    taken = []
    started, cpu = time.perf_counter(), time.process_time()
    while len(taken) < REQUESTS and time.perf_counter() - started < 10:
        taken.append(seconds(action))
    return statistics.median(taken), (time.process_time() - cpu) / len(taken)


def request_row(name: str, one: tuple[float, float], target: str, bare: tuple, selecting: tuple) -> Row:
    wall, cpu = one
    ratio = f"{wall / bare[0]:.1f} x {{ __typename }}, {wall / selecting[0]:.0f} x a bare SELECT of 20 rows"
    return (f"{name}, ms (CPU ms, requests/s)", f"{wall * 1000:.1f} ({cpu * 1000:.1f}, {1 / wall:.0f})", target, ratio)


def over_http() -> Iterator[Row]:
    """Yield requests a second through the real server, where granian and wrk are there."""
    granian, wrk = Path(sys.executable).with_name("granian"), shutil.which("wrk")
    if not granian.exists() or not wrk:
        say("No granian or no wrk: nothing is measured over HTTP")
        return
    port = 18000 + os.getpid() % 1000
    command = [
        granian,
        "--interface",
        "wsgi",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "contenthub.wsgi:application",
    ]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        time.sleep(6)
        rates = {
            name: wrk_rate(wrk, port, query) for name, query in (("bare", BARE), ("list", LIST), ("counts", COUNTS))
        }
    finally:
        server.terminate()
        server.wait(timeout=20)
    for name, label in (("list", "items"), ("counts", "facetCounts")):
        ratio = f"{rates[name] / rates['bare']:.2f} x {{ __typename }}" if rates["bare"] else ""
        yield (f"{label} over HTTP, requests/s", f"{rates[name]:.0f}", "", ratio)


def wrk_rate(wrk: str, port: int, query: str) -> float:
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        body = json.dumps(json.dumps({"query": query}))
        script.write(f'wrk.method = "POST"\nwrk.body = {body}\nwrk.headers["Content-Type"] = "application/json"\n')
        script.flush()
        command = [wrk, "-t1", "-c4", "-d5s", "-s", script.name, f"http://127.0.0.1:{port}/graphql"]
        told = subprocess.run(command, capture_output=True, text=True, timeout=60).stdout
    if "Non-2xx" in told:
        say(told)
    found = [part for part in told.splitlines() if part.startswith("Requests/sec:")]
    return float(found[0].split()[1]) if found else 0.0


def seconds(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


# --- telling ------------------------------------------------------------------------------------------------


def say(text: str) -> None:
    print(f"== {text}" if not text.startswith(" ") else text, file=sys.stderr, flush=True)


def print_table(rows: list[Row], vendor: str) -> None:
    print(f"\n{ITEMS} items x {len(LOCALES)} languages on {vendor}\n")
    table = [("what", "measured", "target", "beside it, in the same run"), *rows]
    widths = [max(len(row[column]) for row in table) for column in range(4)]
    for row in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


if __name__ == "__main__":
    main()
