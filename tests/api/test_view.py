import json

import orjson
import pytest
from django.test import Client

from contenthub.api.requests import choose_media_type
from tests.delivery.published import project, publish

QUERY = '{ item(key: "welcome") { key } }'
GRAPHQL_JSON = "application/graphql-response+json"


@pytest.fixture
def send(client):
    """Send a body by POST as it is."""

    def send(body, content_type="application/json", accept=GRAPHQL_JSON):
        if not isinstance(body, bytes | str):
            body = json.dumps(body)
        return client.post("/graphql", body, content_type=content_type, headers={"Accept": accept})

    return send


def refusal(response):
    (error,) = response.json()["errors"]
    return response.status_code, error["extensions"]["code"], error["message"]


def test_a_query_is_answered_by_post_and_by_get(hub, client, send):
    publish(project("welcome"))
    asked = "query ($key: String!) { item(key: $key) { key } }"

    posted = send({"query": asked, "variables": {"key": "welcome"}, "operationName": None, "extensions": {}})
    got = client.get("/graphql", {"query": asked, "variables": '{"key": "welcome"}'})

    assert posted.json() == got.json()
    assert posted.json()["data"] == {"item": {"key": "welcome"}}
    assert (posted.status_code, got.status_code) == (200, 200)
    assert posted.headers["Content-Type"] == f"{GRAPHQL_JSON}; charset=utf-8"
    assert got.headers["Content-Type"] == "application/json; charset=utf-8"


def test_an_operation_is_chosen_by_its_name(hub, send):
    asked = '{"query": "query A { a: __typename } query B { b: __typename }", "operationName": %s}'

    assert send(asked % '"B"').json()["data"] == {"b": "Query"}
    assert refusal(send(asked % "null")) == (
        400,
        "BAD_ARGUMENT",
        "'operationName' is None: name one of the query's operations (A, B).",
    )
    assert refusal(send(asked % '"C"'))[2] == "'operationName' is 'C': name one of the query's operations (A, B)."


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b" ", "The body is not JSON"),
        (b"{", "The body is not JSON"),
        (b'{"query": "\xff\xfe"}', "The body is not JSON"),
        (b"[" * 100_000, "The body is not JSON"),
        (b'{"variables": ' + b'{"a":' * 2_000 + b"1" + b"}" * 2_001, "The body is not JSON"),
        (b"[]", "The body is a list: send one object with 'query'. Batches are not answered."),
        (b'"query"', "The body is a text: send one object with 'query'. Batches are not answered."),
        (b"null", "The body is missing: send one object with 'query'. Batches are not answered."),
        (b"{}", "'query' is missing: send the text of a GraphQL query."),
        (b'{"query": ""}', "'query' is empty: send the text of a GraphQL query."),
        (b'{"query": 7}', "'query' is a number: send the text of a GraphQL query."),
        (b'{"query": ["{ __typename }"]}', "'query' is a list: send the text of a GraphQL query."),
        (b'{"query": "{ __typename }", "variables": []}', "'variables' is a list: send an object."),
        (b'{"query": "{ __typename }", "variables": "{}"}', "'variables' is a text: send an object."),
        (
            b'{"query": "{ __typename }", "operationName": 1}',
            "'operationName' is a number: send the name of an operation, or leave it out.",
        ),
    ],
)
@pytest.mark.parametrize("accept", [GRAPHQL_JSON, "application/json"])
def test_a_body_that_cannot_be_read_is_refused(db, send, body, message, accept):
    status, code, told = refusal(send(body, accept=accept))

    assert (status, code) == (400, "BAD_ARGUMENT")
    assert told.startswith(message)


def test_a_body_that_is_too_long_is_refused(db, send):
    assert refusal(send({"query": "#" * 262_144})) == (
        413,
        "TOO_LARGE",
        "The request is longer than 256 kB: ask in several requests.",
    )


@pytest.mark.parametrize(
    "content_type",
    ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/graphql"],
)
def test_only_json_is_read(db, send, content_type):
    status, code, message = refusal(send({"query": QUERY}, content_type=content_type))

    assert (status, code) == (415, "BAD_ARGUMENT")
    assert message.endswith("send JSON with Content-Type: application/json.")


def test_json_comes_in_utf_8(db, send):
    assert send({"query": "{ __typename }"}, content_type="application/json; charset=UTF-8").status_code == 200
    assert refusal(send({"query": QUERY}, content_type="application/json; charset=latin-1"))[0] == 415


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("{", "Syntax Error: Expected Name, found <EOF>."),
        ("{ nothing }", "Cannot query field 'nothing' on type 'Query'."),
        ("{ item(key: 7) { key } }", "String cannot represent a non string value: 7"),
        ("{ ...A } fragment A on Query { ...A }", "Cannot spread fragment 'A' within itself."),
    ],
)
def test_an_invalid_query_is_400_and_200_for_callers_of_plain_json(hub, send, query, message):
    new, plain = send({"query": query}), send({"query": query}, accept="application/json")

    assert (new.status_code, plain.status_code) == (400, 200)
    for response in (new, plain):
        (error,) = response.json()["errors"]
        assert "data" not in response.json()
        assert (error["message"], error["extensions"]["code"]) == (message, "BAD_ARGUMENT")
        assert error["locations"]


def test_wrong_variables_are_refused(hub, send):
    response = send({"query": "query ($n: Int!) { items(first: $n) { totalCount } }", "variables": {"n": "x"}})

    assert response.status_code == 400
    assert response.json()["errors"][0]["message"].startswith("Variable '$n' got invalid value 'x'")
    assert response.json()["errors"][0]["extensions"]["code"] == "BAD_ARGUMENT"


@pytest.mark.parametrize("method", ["put", "delete", "patch", "head"])
def test_other_methods_are_refused_naming_those_that_are_not(db, client, method):
    response = getattr(client, method)("/graphql")

    assert (response.status_code, response.headers["Allow"]) == (405, "GET, POST")


def test_what_is_allowed_is_told(db, client):
    response = client.options("/graphql")

    assert (response.status_code, response.headers["Allow"]) == (204, "GET, POST")


def test_get_answers_queries_only(db, client):
    response = client.get("/graphql", {"query": "mutation { __typename }"})

    assert (response.status_code, response.headers["Allow"]) == (405, "POST")
    assert refusal(response)[2] == "GET answers queries only: send anything else by POST."


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({}, "'query' is missing: send the text of a GraphQL query."),
        ({"query": ""}, "'query' is empty: send the text of a GraphQL query."),
        ({"query": QUERY, "variables": "{"}, "'variables' is not JSON"),
        ({"query": QUERY, "variables": "[]"}, "'variables' is a list: send an object."),
    ],
)
def test_a_get_that_cannot_be_read_is_refused(db, client, parameters, message):
    status, code, told = refusal(client.get("/graphql", parameters))

    assert (status, code) == (400, "BAD_ARGUMENT")
    assert told.startswith(message)


@pytest.mark.parametrize(
    ("accept", "page", "chosen"),
    [
        (None, False, "application/json"),
        ("*/*", True, "application/json"),
        ("application/*", False, "application/json"),
        (f"{GRAPHQL_JSON}, application/json;q=0.9", False, GRAPHQL_JSON),
        (f"application/json;q=0.5, {GRAPHQL_JSON};q=0.4", False, "application/json"),
        ("Application/JSON; charset=utf-8", False, "application/json"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", True, "text/html"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", False, "application/json"),
        ("application/json, text/html;q=0.5", True, "application/json"),
        ("text/html;q=0, */*", True, "application/json"),
        ("application/json;q=x", False, None),
        ("image/png", True, None),
        ("text/plain", False, None),
    ],
)
def test_the_answer_comes_in_the_form_that_is_accepted(accept, page, chosen):
    assert choose_media_type(accept, page=page) == chosen


def test_a_caller_that_takes_no_json_is_refused(db, send):
    assert send({"query": QUERY}, accept="image/png").status_code == 406


def test_no_token_and_no_cookie_is_needed_or_given(hub):
    strict = Client(enforce_csrf_checks=True)

    response = strict.post("/graphql", {"query": "{ __typename }"}, content_type="application/json")

    assert response.json()["data"] == {"__typename": "Query"}
    assert not response.cookies
    assert "Cookie" not in response.headers["Vary"]


def test_a_hub_that_is_not_open_wants_to_know_who_asks(db, send, settings):
    settings.HUB_ANONYMOUS_ACCESS = False

    for accept in (GRAPHQL_JSON, "application/json"):
        assert refusal(send({"query": "{ __typename }"}, accept=accept)) == (
            401,
            "UNAUTHENTICATED",
            "The hub wants to know who asks: send the key of a consumer.",
        )


@pytest.mark.parametrize(
    "query",
    [
        "{ __schema { queryType { name } } }",
        '{ a: __type(name: "Item") { name } }',
        "query { ...A } fragment A on Query { ... { __schema { __typename } } }",
    ],
)
def test_the_schema_is_shown_only_with_the_right_to_it(db, send, settings, query):
    assert send({"query": query}).status_code == 200

    settings.HUB_ANONYMOUS_RIGHTS = []

    assert refusal(send({"query": query})) == (
        403,
        "FORBIDDEN",
        "The schema is shown only with the right 'introspection'.",
    )
    assert send({"query": "{ __typename }"}).json()["data"] == {"__typename": "Query"}


def test_suggestions_do_not_tell_the_schema_without_the_right_to_it(db, send, settings):
    query = {"query": "{ itms { totalCount } }"}
    assert refusal(send(query))[2].startswith("Cannot query field 'itms' on type 'Query'. Did you mean 'items'")

    settings.HUB_ANONYMOUS_RIGHTS = []

    assert refusal(send(query))[2] == "Cannot query field 'itms' on type 'Query'."


def test_every_error_names_its_request(hub, send, caplog):
    response = send({"query": "{ items(first: 0) { totalCount } }"})

    (error,) = response.json()["errors"]
    assert error["extensions"] == {
        "code": "BAD_ARGUMENT",
        "argument": "first",
        "retryable": False,
        "requestId": response.headers["X-Request-Id"],
    }
    assert (error["path"], error["locations"]) == (["items"], [{"line": 1, "column": 3}])
    assert not caplog.records


def test_the_page_for_trying_queries_is_for_those_who_ask_for_html(db, client):
    response = client.get("/graphql", headers={"Accept": "text/html,*/*;q=0.8"})

    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "http:" not in response.text
    assert "https:" not in response.text
    assert "<style" not in response.text
    assert " style=" not in response.text


def test_notices_stand_beside_the_answer(hub, send):
    response = send({"query": '{ items(context: {channel: "channel:nope"}) { totalCount } }'})

    answer = orjson.loads(response.content)
    assert answer["data"] == {"items": {"totalCount": 0}}
    assert answer["extensions"]["notices"] == [
        {
            "code": "UNKNOWN_CODE",
            "message": "There is no channel 'channel:nope': ignored.",
            "argument": "context.channel",
        }
    ]
