"""What attackers send: refused by its shape, never a failure inside, and never the worker's time."""

import json

import pytest
from django.db import OperationalError, connection, transaction

from contenthub.api import documents, execution
from contenthub.api.errors import ErrorCode, code_of
from contenthub.delivery.timeouts import limit_connection
from tests.delivery.published import project, publish, text

GRAPHQL_JSON = "application/graphql-response+json"


@pytest.fixture
def attack(client):
    def attack(body, content_type="application/json"):
        if not isinstance(body, bytes | str):
            body = json.dumps(body)
        response = client.post("/graphql", body, content_type=content_type, headers={"Accept": GRAPHQL_JSON})
        assert response.status_code < 500
        assert b"Traceback" not in response.content
        assert b"contenthub" not in response.content
        return response

    return attack


def code(response):
    return response.json()["errors"][0]["extensions"]["code"]


def deep(levels):
    value = 1
    for _ in range(levels):
        value = {"a": value}
    return value


def shared_fragments(levels):
    spread = "{ ...F0 } " + " ".join(f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(levels))
    return spread + f" fragment F{levels} on Query {{ __typename }}"


REFUSED_BY_SHAPE = [
    ({"query": "{ " + " ".join(f"a{n}: __typename" for n in range(1_000)) + " }"}, "TOO_COSTLY"),
    ({"query": "{ items { nodes { " + " ".join(f"a{n}: key" for n in range(1_200)) + " } } }"}, "TOO_COSTLY"),
    ({"query": "{ " + " ".join(f"a{n}: __typename" for n in range(130_000)) + " }"}, "TOO_LARGE"),  # 2 MB
    ({"query": "{ " + "__typename " * 3_500 + "}"}, "TOO_COSTLY"),
    ({"query": "{ " + "__typename " * 10_000 + "}"}, "TOO_LARGE"),
    (
        {"query": "query (" + " ".join(f"$v{n}: Int" for n in range(900)) + ") { __typename }"},
        "TOO_COSTLY",
    ),
    ({"query": "query (" + " ".join(f"$v{n}: Int" for n in range(5_000)) + ") { __typename }"}, "TOO_LARGE"),
    ({"query": "{ __typename }", "variables": {f"v{n}": n for n in range(15_000)}}, "TOO_LARGE"),
    ({"query": "{ __typename }", "variables": deep(20)}, "TOO_DEEP"),
    ({"query": "{ __typename }", "variables": deep(900)}, "TOO_DEEP"),
    ({"query": shared_fragments(20)}, "TOO_COSTLY"),
    ({"query": "{ __typename " + "@include(if: true) " * 200 + "}"}, "TOO_COSTLY"),
    ({"query": "query " + "@a " * 200 + "{ __typename }"}, "TOO_COSTLY"),
    ({"query": " ".join(f"query Q{n} {{ __typename }}" for n in range(200)), "operationName": "Q1"}, "TOO_COSTLY"),
    ({"query": "{ a " * 40 + "}" * 40}, "TOO_DEEP"),
]


@pytest.mark.parametrize(("body", "expected"), REFUSED_BY_SHAPE, ids=range(len(REFUSED_BY_SHAPE)))
def test_what_is_too_much_is_refused_before_it_is_validated_or_run(hub, attack, monkeypatch, body, expected):
    monkeypatch.setattr(documents, "validate", lambda *_, **__: pytest.fail("It was validated."))
    monkeypatch.setattr(execution, "execute", lambda *_, **__: pytest.fail("It was run."))

    assert code(attack(body)) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }", "BAD_ARGUMENT"),
        ("{ items(first: 100) { nodes { references { references { references { key } } } } } }", "TOO_COSTLY"),
        ('{ terms(facet: "journey", first: 1000) { nodes { children { children { key: code } } } } }', "TOO_COSTLY"),
        ("{ items(first: 1000000000) { nodes { key } } }", "TOO_COSTLY"),
        ("query ($n: Int! = 90000) { items(first: $n) { nodes { key } } }", "TOO_COSTLY"),
        ("query __schema { nothing }", "BAD_ARGUMENT"),
        ("{ __proto__ }", "BAD_ARGUMENT"),
    ],
)
def test_what_is_too_much_or_wrong_is_refused_before_it_is_run(hub, attack, monkeypatch, query, expected):
    monkeypatch.setattr(execution, "execute", lambda *_, **__: pytest.fail("It was run."))

    assert code(attack({"query": query})) == expected


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 200_000,
        b'{"query": "{ __typename }", "variables": ' + b'{"a":' * 5_000 + b"1" + b"}" * 5_001,
        b'{"query": "{ __typename }", "variables": {"a": "\\ud800"}}',
        b'{"query": "\\udc00"}',
        b'{"query": "{ item(key: \\"\\\\uD800\\") { key } }"}',
        b'{"query": "{ __typename }", "query": 7}',
        b"\x00",
        b'\xef\xbb\xbf{"query": "{"}',
    ],
)
def test_a_body_that_is_none_is_a_bad_argument(hub, attack, body):
    response = attack(body)

    assert (response.status_code, code(response)) == (400, "BAD_ARGUMENT")


@pytest.mark.parametrize(
    "content_type",
    ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", "application/xml"],
)
def test_forms_are_not_read(hub, attack, content_type):
    assert attack("query=%7B__typename%7D", content_type).status_code == 415


NUL = "a\0b"
QUESTIONS = [
    "item(key: $x) { key }",
    "item(slug: $x) { key }",
    "items(filter: {keys: [$x]}) { totalCount }",
    "items(filter: {search: $x}) { totalCount }",
    "items(filter: {types: [$x]}) { totalCount }",
    "items(filter: {channels: [$x]}) { totalCount }",
    "items(filter: {journey: {anyOf: [$x]}}) { totalCount }",
    "items(after: $x) { totalCount }",
    "items(context: {locale: $l, market: $x, segments: [$x], channel: $x}) { totalCount }",
    "items(context: {subject: $x}) { totalCount }",
    "version(id: $i) { key }",
    "node(id: $i) { id }",
    "term(code: $x) { code }",
    "term(externalId: {system: $x, identifier: $x}) { code }",
    'terms(facet: "journey", search: $x) { totalCount }',
    'terms(facet: "journey", after: $x) { totalCount }',
    "facet(code: $x) { code }",
    "channel(code: $x) { code }",
    "itemType(code: $x) { code }",
    "locale(code: $l) { code }",
]


@pytest.mark.parametrize("value", [NUL, "%", "_", "\\", "'; DROP TABLE x; --", "__proto__", "💥" * 200, "\u202e", ""])
def test_no_text_breaks_any_question(hub, attack, value):
    publish(project("welcome", {"en": text("Plain headline", summary="100 of 100")}))
    for question in QUESTIONS:
        types = {"$x": "String!", "$l": "LocaleCode!", "$i": "ID!"}
        used = ", ".join(f"{name}: {kind}" for name, kind in types.items() if name in question)
        variables = {"x": value, "l": value, "i": value}

        response = attack({"query": f"query ({used}) {{ {question} }}", "variables": variables})

        codes = {error["extensions"]["code"] for error in response.json().get("errors", [])}
        assert codes <= {"BAD_ARGUMENT", "UNKNOWN_CODE", "BAD_CURSOR"}, (question, response.json())


@pytest.mark.parametrize("search", ["%", "_", "%headline%", "Pl_in", "h*", '"headline', "head* OR x", "NEAR(a b)"])
def test_wildcards_of_databases_are_letters_like_others(hub, attack, search):
    publish(project("welcome", {"en": text("Plain headline")}))
    query = "query ($s: String!) { items(filter: {search: $s}) { totalCount } }"

    found = attack({"query": query, "variables": {"s": search}}).json()["data"]["items"]["totalCount"]

    assert found == (1 if search in ("%headline%", '"headline') else 0)


@pytest.mark.parametrize(
    "body",
    [
        {"query": "{ __typename }", "__proto__": {"x": 1}, "constructor": 1},
        {"query": "{ __typename }", "variables": {"__proto__": {"isAdmin": True}, "constructor": None}},
        {"query": "query __schema { __typename }", "operationName": "__schema"},
    ],
)
def test_names_that_mean_something_elsewhere_mean_nothing_here(hub, attack, body):
    assert attack(body).json()["data"] == {"__typename": "Query"}


def test_an_answer_that_takes_too_long_is_given_up(hub, attack, settings):
    settings.HUB_ANSWER_SECONDS = -1

    response = attack({"query": "{ items { totalCount } }"})

    assert (code(response), response.json()["errors"][0]["extensions"]["retryable"]) == ("TIMEOUT", True)


def test_a_statement_that_takes_too_long_is_given_up(db):
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"
    connection.ensure_connection()
    limit_connection(connection, 0.2)
    try:
        with pytest.raises(OperationalError) as given_up, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(endless)
    finally:
        limit_connection(connection, 0)

    assert code_of(given_up.value) is ErrorCode.TIMEOUT


@pytest.mark.parametrize(
    ("query", "records"),
    [
        ("{ __typename }", 0),
        ('{ item(key: "a") { key } }', 1),
        ("{ items { totalCount } }", 20),
        ("{ items(first: 5) { nodes { key terms { code } } edges { node { key } } } }", 55),
        ('{ items(first: 2) { nodes { references { key } } facetCounts(facet: "journey") { count } } }', 72),
        ("{ decide(context: {}, first: 3) { items { terms { code } } assignments { arm } } }", 34),
        ("query ($n: Int = 7) { items(first: $n) { ...F } } fragment F on ItemConnection { nodes { key } }", 7),
    ],
)
def test_every_answer_tells_what_it_asked_for(hub, attack, query, records):
    assert attack({"query": query}).json()["extensions"]["cost"] == {"records": records, "limit": 50_000}
