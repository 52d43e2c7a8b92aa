"""What queries cost in process, through the whole stack of the site."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.bench.corpus import load_corpus
from tests.bench.measuring import Row, cost

LIST = """query ($after: String) { items(first: 20, after: $after, context: {locale: "ja"}) { nodes {
  key headline summary locale { code } publishedAt terms { code label } } pageInfo { endCursor hasNextPage } } }"""
COUNTS = '{ items(first: 1, context: {locale: "ja"}) { facetCounts(facet: "product") { term { code } count } } }'
KEPT_BYTES = 32 * 1024 * 1024
BARE = "{ __typename }"


def measure(folder: Path) -> Iterator[Row]:
    load_corpus(folder)
    yield from request_cost()


def request_cost() -> list[Row]:
    """Return what the two queries cost in process, through the whole stack of the site."""
    from django.db import connection
    from django.test import Client, override_settings

    client = Client()

    def asking(query: str, variables: dict | None = None) -> dict:
        answer = client.post("/graphql", {"query": query, "variables": variables or {}}, "application/json").json()
        assert "errors" not in answer, answer
        return answer["data"]

    cursors = pages(asking)
    bare = cost(lambda: asking(BARE))
    page = cost(lambda: asking(LIST, {"after": random.choice(cursors)}))
    counting = cost(lambda: asking(COUNTS))
    with override_settings(HUB_ANSWER_CACHE_BYTES=KEPT_BYTES):
        kept = cost(lambda: asking(LIST))
    sql = "SELECT head FROM delivery_document ORDER BY id DESC LIMIT 20"

    def select() -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            cursor.fetchall()

    selecting = cost(select)
    return [
        request_row("items, 20 with 6 tags", page, "< 15", bare, selecting),
        request_row("the same, kept from before", kept, "", bare, selecting),
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


def request_row(name: str, one: tuple[float, float], target: str, bare: tuple, selecting: tuple) -> Row:
    wall, cpu = one
    ratio = f"{wall / bare[0]:.1f} x {{ __typename }}, {wall / selecting[0]:.0f} x a bare SELECT of 20 rows"
    return (f"{name}, ms (CPU ms, requests/s)", f"{wall * 1000:.1f} ({cpu * 1000:.1f}, {1 / wall:.0f})", target, ratio)
