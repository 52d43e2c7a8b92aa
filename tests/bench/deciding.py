"""What a decision costs, and how little it minds ten times as many items; and allocation over a million subjects."""

import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.bench.corpus import ITEMS, analyze, load_corpus, own_terms
from tests.bench.measuring import Row, cost, say

FACTOR = int(os.environ.get("BENCH_FACTOR", "10"))
SUBJECTS = 1_000_000

DECIDE = """query ($context: ContextInput!, $filter: ItemFilter, $first: Int! = 3) {
  decide(context: $context, filter: $filter, first: $first) { id items { key headline summary
    callToAction { label link { url } } locale { code } } assignments { experiment arm } } }"""
BARE = "{ __typename }"


def measure(folder: Path) -> Iterator[Row]:
    load_corpus(folder)
    before = decision_costs()
    multiply(FACTOR)
    after = decision_costs()
    bare = cost(asking(BARE, dict))
    for name, (wall, cpu) in before.items():
        beside = f"{wall / bare[0]:.1f} x {{ __typename }}"
        yield (f"decide {name}, ms (CPU ms)", f"{wall * 1000:.1f} ({cpu * 1000:.1f})", "< 10", beside)
        grown = f"{after[name][0] * 1000:.1f} ({after[name][1] * 1000:.1f})"
        ratio = f"{after[name][1] / cpu:.2f} x the CPU with {ITEMS:,}"
        yield (f"  the same with {ITEMS * FACTOR:,} items", grown, "within 1.5 x", ratio)
    yield allocation_rate()


def decision_costs() -> dict[str, tuple[float, float]]:
    """Return what decisions of several kinds cost; each asks for other terms every time."""
    terms = own_terms()

    def moment(**also: object) -> dict:
        return {
            "locale": "ja",
            "channel": "channel:web-page",
            "segments": random.sample(terms["segment"], 2),
            **also,
        }

    def about(*facets: str) -> dict:
        return {facet: [random.choice(terms[facet])] for facet in facets}

    kinds: dict[str, Callable[[], dict]] = {
        "for an audience": lambda: {"context": moment()},
        "about a journey stage": lambda: {"context": moment(about=about("journey"))},
        "about stage and product": lambda: {"context": moment(about=about("journey", "product"))},
        "about all four facets": lambda: {"context": moment(about=about("journey", "campaign", "product", "action"))},
        "of one product, about a stage": lambda: {
            "context": moment(about=about("journey")),
            "filter": {"product": {"anyOf": [random.choice(terms["product"])]}},
        },
    }
    return {name: cost(asking(DECIDE, variables)) for name, variables in kinds.items()}


def asking(query: str, variables: Callable[[], dict]) -> Callable[[], None]:
    """Return a call that asks through the whole stack of the site, in process."""
    from django.test import Client

    client = Client()

    def ask() -> None:
        body = {"query": query, "variables": variables()}
        answer = client.post("/graphql", body, "application/json").json()
        assert "errors" not in answer, answer

    return ask


def multiply(factor: int) -> None:
    """Make ``factor`` times as many items of those there are, with the same documents: only the index grows."""
    from django.db import connection

    say(f"Making {factor} items of each")
    copies = f"(WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {factor - 1}) SELECT n FROM c)"
    items = columns("delivery_publisheditem", but={"id", "key", "export_key"})
    index = columns("delivery_indexrow", but={"id", "item_id", "key"})
    terms = columns("delivery_termrow", but={"id", "row_id", "key"})
    copied = "o.key = n.twin_of AND o.locale_id = n.locale_id AND o.starts_at = n.starts_at"
    statements = [
        f"""INSERT INTO delivery_publisheditem (key, export_key, {items})
            SELECT i.key || '~' || c.n, i.export_key || '-twin-' || c.n, {prefixed("i", items)}
            FROM delivery_publisheditem i, {copies} c""",
        f"""INSERT INTO delivery_indexrow (item_id, key, {index})
            SELECT i.id, i.key, {prefixed("r", index)} FROM delivery_indexrow r, {copies} c, delivery_publisheditem i
            WHERE i.key = r.key || '~' || c.n""",
        f"""INSERT INTO delivery_termrow (row_id, key, {terms})
            SELECT n.id, n.key, {prefixed("t", terms)} FROM delivery_termrow t, delivery_indexrow o,
            (SELECT id, key, locale_id, starts_at, substr(key, 1, length(key) - 2) AS twin_of FROM delivery_indexrow
             WHERE key LIKE '%~_') n
            WHERE t.row_id = o.id AND {copied}""",
    ]
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    analyze()


def columns(table: str, but: set[str]) -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        found = connection.introspection.get_table_description(cursor, table)
    return ", ".join(column.name for column in found if column.name not in but)


def prefixed(alias: str, names: str) -> str:
    return ", ".join(f"{alias}.{name}" for name in names.split(", "))


def allocation_rate() -> Row:
    """Return how fast subjects are allocated, and how evenly: chi-square over 100 cells of two layers."""
    from contenthub.delivery.allocation import fraction

    say(f"Allocating {SUBJECTS:,} subjects")
    started = time.perf_counter()
    cells = Counter(
        (int(fraction("one", f"s{number}") * 10), int(fraction("two", f"s{number}") * 10)) for number in range(SUBJECTS)
    )
    taken = time.perf_counter() - started
    expected = SUBJECTS / 100
    chi_square = sum((number - expected) ** 2 / expected for number in cells.values())
    return (
        f"allocation, draws/s over {SUBJECTS:,} subjects in two layers",
        f"{2 * SUBJECTS / taken:,.0f}",
        "chi-square < 148.2 (99 degrees, 1 in 1,000)",
        f"chi-square {chi_square:.1f}",
    )
