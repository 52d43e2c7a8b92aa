"""The peers' tables: the same published content, plainly laid out and indexed for just these questions."""

import orjson

from tests.bench.measuring import say

TABLES = """
CREATE TABLE peer_term (id bigint PRIMARY KEY, code varchar(255) NOT NULL UNIQUE, labels jsonb NOT NULL);
CREATE TABLE peer_item (
    id bigint PRIMARY KEY, key varchar(255) NOT NULL, locale varchar(35) NOT NULL, headline text NOT NULL,
    summary text NOT NULL, body text NOT NULL, published_at timestamptz NOT NULL
);
CREATE TABLE peer_tag (
    id bigint PRIMARY KEY, item_id bigint NOT NULL, term_id bigint NOT NULL, place integer NOT NULL
);
CREATE TABLE peer_under (
    id bigint PRIMARY KEY, item_id bigint NOT NULL, term_id bigint NOT NULL, locale varchar(35) NOT NULL,
    key varchar(255) NOT NULL, published_at timestamptz NOT NULL
);
"""
INDEXES = """
CREATE UNIQUE INDEX peer_item_key ON peer_item (locale, key);
CREATE INDEX peer_item_newest ON peer_item (locale, published_at DESC, key {c});
CREATE INDEX peer_tag_item ON peer_tag (item_id, place);
CREATE INDEX peer_under_newest ON peer_under (term_id, locale, published_at DESC, key {c}, item_id);
CREATE UNIQUE INDEX peer_under_item ON peer_under (item_id, term_id);
"""


def fill_tables() -> None:
    """Make the peers' tables from the published store, unless they are there."""
    from django.db import connection

    if "peer_item" in connection.introspection.table_names():
        return
    say("Filling the peers' tables")
    is_postgres = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        _execute(cursor, TABLES if is_postgres else TABLES.replace("jsonb", "text").replace("timestamptz", "datetime"))
        _fill(cursor)
        _execute(cursor, INDEXES.format(c='COLLATE "C"' if is_postgres else ""))
    from tests.bench.corpus import analyze

    analyze()


def _fill(cursor) -> None:
    from channels.codes import TextFormat
    from channels.prose import body_text
    from contenthub.delivery.conditions import adapted
    from contenthub.delivery.models import IndexRow, TermRow
    from taxonomy.snapshot import taxonomy_snapshot

    taxonomy = taxonomy_snapshot()
    terms = [term for facet in taxonomy.facets.values() for term in facet.by_code.values()]
    ids = {term.code: term.id for term in terms}
    _insert(cursor, "peer_term", ((term.id, term.code, orjson.dumps(dict(term.labels)).decode()) for term in terms))
    tags, items = [], []
    rows = IndexRow.objects.select_related("document", "locale").order_by("pk")
    for row in rows.iterator(2_000):
        head, blocks = orjson.loads(row.document.head), orjson.loads(row.document.body)["blocks"]
        body = body_text(blocks, TextFormat.HTML, str) or ""
        texts = (head["headline"], head["summary"], body)
        items.append((row.pk, row.key, row.locale.language_code, *texts, adapted(row.published_at)))
        tags += [(row.pk, ids[code], place) for place, code in enumerate(head["terms"])]
    _insert(cursor, "peer_item", items)
    _insert(cursor, "peer_tag", ((number, *tag) for number, tag in enumerate(tags)))
    below = TermRow.objects.values_list(
        "pk", "row_id", "term_id", "row__locale__language_code", "row__key", "row__published_at"
    )
    under = ((*row, adapted(published_at)) for *row, published_at in below.iterator(10_000))
    _insert(cursor, "peer_under", under)


def _insert(cursor, table: str, rows) -> None:
    waiting = []
    for row in rows:
        waiting.append(row)
        if len(waiting) == 5_000:
            _insert_many(cursor, table, waiting)
            waiting = []
    _insert_many(cursor, table, waiting)


def _insert_many(cursor, table: str, rows: list[tuple]) -> None:
    if rows:
        cursor.executemany(f"INSERT INTO {table} VALUES ({', '.join(['%s'] * len(rows[0]))})", rows)


def _execute(cursor, script: str) -> None:
    for statement in filter(str.strip, script.split(";\n")):
        cursor.execute(statement.strip().rstrip(";"))
