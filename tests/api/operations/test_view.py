"""The plain addresses of operations, as tools that pull see them."""

import pytest
from django.core.management import CommandError, call_command

from contenthub.api import freshness
from contenthub.api.models import Operation
from contenthub.api.operations.loading import SHIPPED, find_problem, load_operations
from contenthub.api.operations.registry import digest_of
from tests.delivery.published import project, publish, text

ONE = """# One item.
# object: item
# onEmpty: {on_empty}
query One($key: String!, $locale: LocaleCode, $at: DateTime, $fallback: Fallback! = CHAIN) {{
  item(key: $key, context: {{locale: $locale, fallback: $fallback, at: $at}}) {{
    key headline _locale: locale {{ code }} _version: version
  }}
}}
"""
OTHERWISE = """query Otherwise($default: String!, $locale: LocaleCode) {
  item(key: $default, context: {locale: $locale}) { key }
}
"""
LIST = """# list: items.nodes
# maxBytes: 2000
query Some($first: Int! = 5, $types: [String!]) {
  items(first: $first, filter: {types: $types}, context: {strict: false}) { nodes { key headline } }
}
"""


@pytest.fixture
def keep():
    def keep(name, text):
        problem = find_problem(name, text)
        assert problem is None, problem
        return Operation.objects.create(name=name, text=text, digest=digest_of(text))

    return keep


@pytest.fixture
def one(hub, keep):
    publish(project("welcome", {"en": text("Hello"), "de": text("Hallo")}), project("default"))
    return keep("one", ONE.format(on_empty="404"))


def test_an_operation_is_answered_flat(one, client):
    response = client.get("/o/one", {"key": "welcome", "locale": "de"})

    body = response.json()
    assert (response.status_code, response.headers["Content-Type"]) == (200, "application/json; charset=utf-8")
    assert body.pop("_version")
    assert body == {"key": "welcome", "headline": "Hallo", "_locale": "de", "found": True}


def test_blank_means_not_given_and_what_cannot_be_read_is_told(one, client):
    body = client.get("/o/one", {"key": " welcome ", "locale": "", "fallback": "maybe", "utm_source": "x"}).json()

    assert body["headline"] == "Hello"
    assert body["_notices"] == [
        "'fallback' wants one of CHAIN, NONE: 'maybe' was ignored.",
        "'utm_source' is no variable of this operation: it was ignored.",
    ]


def test_a_negotiated_locale_is_told_among_the_notices(one, client):
    body = client.get("/o/one", {"key": "welcome", "locale": "de-AT"}).json()

    assert (body["headline"], len(body["_notices"])) == ("Hallo", 1)


@pytest.mark.parametrize(
    ("on_empty", "status", "body"),
    [
        ("404", 404, {"found": False}),
        ("found", 200, {"found": False}),
        (
            "item default",
            200,
            {"key": "default", "found": True, "_notices": ["Nothing was found: default stands in."]},
        ),
        ("item gone", 200, {"found": False, "_notices": ["Nothing was found: gone stands in."]}),
    ],
)
def test_what_is_not_there_is_told_as_the_tool_wants_it(hub, keep, client, on_empty, status, body):
    publish(project("default"))
    keep("one", ONE.format(on_empty=on_empty) + (OTHERWISE if "item" in on_empty else ""))

    response = client.get("/o/one", {"key": "missing"})

    assert (response.status_code, response.json()) == (status, body)


@pytest.mark.parametrize(
    ("name", "parameters", "status", "code"),
    [
        ("one", {}, 400, "BAD_ARGUMENT"),
        ("one", {"key": "welcome", "_lists": "xml"}, 400, "BAD_ARGUMENT"),
        ("one", {"key": "welcome", "at": "2020-01-01T00:00:00"}, 400, "BAD_ARGUMENT"),
        ("nothing", {}, 404, "OPERATION_UNKNOWN"),
        ("a\0b", {}, 404, "OPERATION_UNKNOWN"),
    ],
)
def test_errors_are_flat_too(one, client, name, parameters, status, code):
    response = client.get(f"/o/{name}", parameters)

    body = response.json()
    assert (response.status_code, body["error"]) == (status, code)
    assert body["requestId"] == response.headers["X-Request-Id"]
    assert response.headers["Cache-Control"] == "no-store"


def test_only_get_is_answered(one, client):
    response = client.post("/o/one?key=welcome")

    assert (response.status_code, response.headers["Allow"]) == (405, "GET")


def test_a_list_is_shortened_to_what_the_tool_takes(hub, keep, client):
    publish(*(project(f"item-{number:02d}", {"en": text("x" * 200)}) for number in range(20)))
    keep("some", LIST)

    response = client.get("/o/some", {"first": "20"})

    body = response.json()
    assert len(response.content) <= 2_000
    assert body["_notices"] == [f"{len(body['items'])} of 20 fit into 2,000 bytes."]
    assert [item["key"] for item in body["items"]] == [f"item-{number:02d}" for number in range(len(body["items"]))]


def test_an_empty_list_is_a_list(hub, keep, client):
    keep("some", LIST)

    assert client.get("/o/some").json() == {"items": []}


def test_an_answer_that_still_holds_is_not_sent_again(one, client, monkeypatch):
    monkeypatch.setattr(freshness, "LOOK_EVERY_SECONDS", 0)
    first = client.get("/o/one", {"key": "welcome"})
    asked = {"headers": {"If-None-Match": first.headers["ETag"]}}

    assert client.get("/o/one", {"key": "welcome"}, **asked).status_code == 304
    assert client.get("/o/one", {"key": "welcome", "_lists": "dotted"}, **asked).status_code == 200
    publish(project("welcome", {"en": text("Other")}))
    assert client.get("/o/one", {"key": "welcome"}, **asked).json()["headline"] == "Other"
    assert first.headers["Surrogate-Key"] == "hub item:welcome"


# --- who may run what -------------------------------------------------------------------------------------


def test_a_connection_runs_the_operations_it_is_limited_to(one, keep, connect, client, post):
    other = keep("other", ONE.format(on_empty="found"))
    key = connect(operations=["one"])
    bearer = {"Authorization": f"Bearer {key}"}

    assert client.get("/o/one", {"key": "welcome"}, headers=bearer).status_code == 200
    assert client.get("/o/other", {"key": "welcome"}, headers=bearer).status_code == 404
    assert post("{ __typename }", **bearer).status_code == 403
    assert post(one.text, {"key": "welcome"}, **bearer).json()["data"]["item"]["key"] == "welcome"
    assert post(other.text, {"key": "welcome"}, **bearer).status_code == 403


def test_a_key_in_an_address_opens_operations_only_where_its_connection_allows_it(one, connect, client, caplog):
    flagged, plain = connect("flagged", operations=["one"], key_in_address=True), connect("plain")

    good = client.get("/o/one", {"key": "welcome", "access_key": flagged})
    bad = client.get("/o/one", {"key": "welcome", "access_key": plain})

    assert good.json()["headline"] == "Hello"
    assert (bad.status_code, bad.json()["error"]) == (403, "FORBIDDEN")
    assert flagged not in good.content.decode()
    assert flagged not in caplog.text
    assert plain not in caplog.text


@pytest.mark.parametrize("subject", ["jo@x.example", "+81312345678"])
def test_a_subject_that_names_a_person_is_refused_and_not_logged(hub, client, caplog, subject):
    load_operations([SHIPPED])

    response = client.get("/o/braze-content", {"subject": subject})

    assert (response.status_code, response.json()["error"]) == (400, "BAD_ARGUMENT")
    assert subject not in caplog.text


# --- automatic persisted queries --------------------------------------------------------------------------


def by_digest(digest, **body):
    return {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": digest}}, **body}


def send(client, body, **headers):
    return client.post("/graphql", body, content_type="application/json", headers=headers)


def test_a_query_is_sent_once_and_then_named_by_its_digest(hub, client):
    query = "{ a: __typename }"
    named = by_digest(digest_of(query))

    unknown = send(client, named)
    sent = send(client, {**named, "query": query})
    again = send(client, named)

    assert (unknown.status_code, unknown.json()["errors"][0]["message"]) == (404, "PersistedQueryNotFound")
    assert sent.json()["data"] == again.json()["data"] == {"a": "Query"}


def test_a_digest_of_something_else_is_refused(hub, client):
    refused = send(client, by_digest(digest_of("{ b }"), query="{ __typename }"))

    assert refused.status_code == 400
    assert "is not that of the query" in refused.json()["errors"][0]["message"]


def test_a_publishable_key_runs_operations_by_digest_and_registers_none(one, connect, client):
    bearer = {"Authorization": f"Bearer {connect(kind='publishable')}"}
    own = "{ c: __typename }"

    known = send(client, by_digest(one.digest, variables={"key": "welcome"}), **bearer)
    refused = send(client, by_digest(digest_of(own), query=own), **bearer)

    assert known.json()["data"]["item"]["headline"] == "Hello"
    assert refused.status_code == 403
    assert send(client, by_digest(digest_of(own))).status_code == 404


# --- loading ----------------------------------------------------------------------------------------------


def test_operations_are_loaded_once_and_replaced_when_they_change(db, tmp_path):
    (tmp_path / "braze-content.graphql").write_text(LIST)
    first, second = load_operations([SHIPPED]), load_operations([SHIPPED])

    third = load_operations([SHIPPED, tmp_path])

    assert (len(first.added), len(second.same), third.changed) == (5, 5, ["braze-content"])


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("Bad Name", LIST, "Write it as-such"),
        ("x", "# object: a\n{ nothing }", "Cannot query field 'nothing'"),
        ("x", "# object: a\nmutation { a }", "only queries"),
        ("x", "# object: a\n{ __schema { __typename } }", "the schema is not asked"),
        ("x", "# object: a\n{ a: __typename }\n", None),
        ("x", "# object: a\nquery A { a: __typename } query B { a: __typename }", "a file holds one query"),
        ("x", "# object: items\nquery ($c: ContextInput) { items(context: $c) { totalCount } }", "an address can fill"),
        ("x", "# nothing\n{ a: __typename }", "say where"),
    ],
)
def test_a_file_that_cannot_be_an_operation_is_named(db, tmp_path, name, text, problem):
    (tmp_path / f"{name}.graphql").write_text(text)

    report = load_operations([tmp_path])

    if problem is None:
        assert report.added == ["x"]
    else:
        assert problem in report.problems[0]
        assert not Operation.objects.exists()


def test_the_command_tells_what_is_wrong_and_changes_nothing(db, tmp_path):
    with pytest.raises(CommandError, match=r"no \.graphql file"):
        call_command("load_operations", tmp_path)

    assert not Operation.objects.exists()
