"""The finished form of a document, and the names made from keys."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import orjson
from hypothesis import given
from hypothesis import strategies as st

from contenthub.delivery.documents import Facts, finish, make_export_key
from tests.delivery.published import NOW, text

FACTS = Facts(since=NOW, type="offer", terms=("journey:buy",), channels=("channel:web",), references=(("legal", "t"),))


def test_facts_and_text_make_one_document():
    price = {"name": "price", "kind": "money", "value": {"amount": "1.50", "currency": "EUR"}}
    code = {"name": "code", "kind": "text", "value": "XMAS"}
    facts = replace(FACTS, fields=(code,), priority=3)

    document = finish("spring", "de", text("Los", slug="los", start=NOW, fields=[price]), facts)

    assert orjson.loads(document.head) == {
        "key": "spring",
        "type": "offer",
        "locale": "de",
        "slug": "los",
        "headline": "Los",
        "summary": None,
        "cta": None,
        "image": None,
        "texts": [],
        "fields": [code, price],
        "terms": ["journey:buy"],
        "channels": ["channel:web"],
        "references": [{"role": "legal", "key": "t"}],
        "priority": 3,
        "published_at": "2026-11-21T12:00:00+00:00",
        "updated_at": "2026-11-21T12:00:00+00:00",
        "valid_from": None,
        "valid_until": None,
    }
    assert orjson.loads(document.body) == {"blocks": []}


def test_the_version_names_the_state_and_nothing_else():
    same = [finish("a", "de", text("Los", start=NOW), FACTS) for _ in range(2)]
    others = [
        finish("b", "de", text("Los", start=NOW), FACTS),
        finish("a", "en", text("Los", start=NOW), FACTS),
        finish("a", "de", text("Halt", start=NOW), FACTS),
        finish("a", "de", text("Los", start=NOW), replace(FACTS, priority=1)),
        finish("a", "de", text("Los", start=NOW, blocks=[{"type": "legal_note", "id": "1", "text": "x"}]), FACTS),
    ]

    assert same[0].version == same[1].version
    assert len({document.version for document in [same[0], *others]}) == 6
    assert re.fullmatch("[0-9a-f]{32}", same[0].version)


def test_newer_facts_make_a_newer_document():
    later = datetime(2026, 12, 1, tzinfo=UTC)

    assert finish("a", "de", text(start=NOW), replace(FACTS, since=later)).updated_at == later
    assert finish("a", "de", text(start=later), FACTS).updated_at == later


@given(st.lists(st.text(st.sampled_from("ab-._/9"), min_size=1, max_size=300), min_size=2, max_size=2, unique=True))
def test_export_keys_are_plain_short_and_tell_keys_apart(keys):
    made = [make_export_key(key) for key in keys]

    assert all(re.fullmatch("[A-Za-z0-9-]{1,255}", one) for one in made)
    assert made[0] != made[1]
