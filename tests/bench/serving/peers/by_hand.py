"""One statement by hand for each question, on tables laid out for it, behind a bare WSGI application."""

import os
import threading

import orjson
import psycopg

TAGS = """(SELECT coalesce(json_agg(json_build_object('code', t.code,
        'label', coalesce(t.labels->>%(locale)s, t.labels->>'en')) ORDER BY g.place), '[]')
    FROM peer_tag g JOIN peer_term t ON t.id = g.term_id WHERE g.item_id = i.id)"""
CARD = f"json_build_object('key', i.key, 'headline', i.headline, 'summary', i.summary, 'terms', {TAGS})"
LIST = """SELECT json_build_object('data', json_build_object('items', json_build_object(
    'nodes', coalesce(json_agg(node ORDER BY published_at DESC, key COLLATE "C"), '[]'))))::text FROM ({rows}) found"""
NEWEST = f"""SELECT {CARD} AS node, u.published_at, u.key FROM peer_under u JOIN peer_item i ON i.id = u.item_id
    WHERE u.locale = %(locale)s AND u.term_id = (SELECT id FROM peer_term WHERE code = %(journey)s) {{also}}
    ORDER BY u.published_at DESC, u.key COLLATE "C" LIMIT 20"""
ALSO = """AND EXISTS (SELECT 1 FROM peer_under s WHERE s.item_id = u.item_id
        AND s.term_id = (SELECT id FROM peer_term WHERE code = %(segment)s))"""
AMID = """SELECT json_build_object('key', key, 'headline', headline, 'summary', summary) AS node, published_at, key
    FROM peer_item WHERE locale = %(locale)s AND published_at <= %(published_at)s
        AND (published_at < %(published_at)s OR key COLLATE "C" > %(key)s)
    ORDER BY published_at DESC, key COLLATE "C" LIMIT 100"""
STATEMENTS = {
    "Q1": f"""SELECT json_build_object('data', json_build_object('item', json_build_object('key', i.key, 'headline',
        i.headline, 'summary', i.summary, 'body', i.body, 'terms', {TAGS})))::text
        FROM peer_item i WHERE i.locale = %(locale)s AND i.key = %(key)s""",
    "Q2": LIST.format(rows=NEWEST.format(also="")),
    "Q3": LIST.format(rows=NEWEST.format(also=ALSO)),
    "Q4": LIST.format(rows=AMID),
}
_kept = threading.local()


def application(environ, start_response):
    name = environ["PATH_INFO"].strip("/")
    if name not in STATEMENTS:
        start_response("404 Not Found", [("Content-Length", "0")])
        return [b""]
    given = orjson.loads(environ["wsgi.input"].read())["variables"]
    given |= {facet: given[facet][0] for facet in ("journey", "segment") if facet in given}
    if not hasattr(_kept, "connection"):
        _kept.connection = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
    (text,) = _kept.connection.execute(STATEMENTS[name], given).fetchone()
    body = text.encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
