"""Plans answer as graphql-core does, to the byte; what goes wrong, graphql-core tells alone."""

import os
import random

import orjson
import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis_graphql import nodes, queries

from contenthub.api import execution
from contenthub.api.errors import ErrorCode
from contenthub.api.execution import Asked, answer
from contenthub.api.plans import Abandoned
from contenthub.api.schema import schema
from contenthub.content.models import ContentItem
from contenthub.delivery.consumers.directory import Caller
from contenthub.demo.loading import load_demo
from taxonomy import snapshot
from tests.api.random_queries import RandomQuery

pytestmark = pytest.mark.django_db
EXAMPLES = int(os.environ.get("RANDOM_QUERIES", "300"))
CALLER = Caller(rights=frozenset({"time", "variants"}))


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """The demo's content, made once for this module and rolled back after it."""
    snapshot._loaded.clear()
    with django_db_blocker.unblock(), transaction.atomic():
        load_demo()
        with time_machine.travel(timezone.now(), tick=False):
            yield
        transaction.set_rollback(True)
    snapshot._loaded.clear()


@pytest.fixture(scope="module")
def known(demo):
    """Values that mean something, by the name of an input or of a scalar."""
    keys = list(ContentItem.objects.values_list("key", flat=True).distinct()[:12])
    slugs = list(ContentItem.objects.exclude(slug="").values_list("slug", flat=True)[:6])
    codes = ["journey:consider", "segment:families", "market:JP", "product:aurin", "channel:email", "offer", "nowhere"]
    nodes = answer(Asked("{ items(first: 9) { nodes { id version } pageInfo { endCursor } } }"), CALLER).body["data"]
    return {
        "key": [*keys, "nowhere"],
        "keys": keys,
        "exclude": keys,
        "slug": slugs,
        "code": codes,
        "facet": ["journey", "segment", "product", "nowhere"],
        "below": codes,
        "channel": ["channel:email-marketing", "channel:mobile-push", "channel:web-page", "nowhere"],
        "types": ["offer", "article"],
        "id": [one["id"] for one in nodes["items"]["nodes"]]
        + [one["version"] for one in nodes["items"]["nodes"]]
        + ["x"],
        "after": [nodes["items"]["pageInfo"]["endCursor"], "x"],
        "name": ["price", "code", "push_title"],
        "segments": codes,
        "market": ["market:JP", "market:DE"],
        "search": ["bike", "自転車", "%", ""],
        "subject": ["a1b2", "+4912345"],
        "preview": ["no token"],
        "String": codes,
        "ID": ["x"],
        "LocaleCode": ["en", "ja", "ko", "de", "ar", "de-AT", "PT_br", "xx"],
        "DateTime": ["2099-01-01T00:00:00Z", "2020-01-01T00:00:00+09:00", "tomorrow"],
        "Date": ["2026-11-26"],
        "JSON": [1],
    }


def answered(asked: Asked) -> bytes:
    """Return an answer but for its request id, which is another for every request."""
    body = answer(asked, CALLER).body
    for error in body.get("errors", ()):
        error["extensions"].pop("requestId")
    return orjson.dumps(body)


class Counted:
    """Plans with a count of those that answered."""

    def __init__(self, run):
        self.run, self.asked, self.answered = run, 0, 0

    def __call__(self, *args):
        found = self.run(*args)
        self.asked += 1
        self.answered += found is not None
        return found


def compare(asked, plans, monkeypatch):
    monkeypatch.setattr(execution, "_run_plan", plans)
    by_plan = answered(asked)
    monkeypatch.setattr(execution, "_run_plan", lambda *_: None)
    assert by_plan == answered(asked), asked.query


AT_RANDOM = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)


def test_random_queries_are_answered_as_graphql_core_answers_them(demo, known, monkeypatch):
    plans = Counted(execution._run_plan)

    @AT_RANDOM
    @given(st.integers(min_value=0))
    def look(seed):
        query = RandomQuery(random.Random(seed), known)
        compare(Asked(query.text, query.variables), plans, monkeypatch)

    look()
    assert plans.answered > plans.asked / 4


def test_so_are_queries_made_of_the_schema_by_others(demo, known, monkeypatch):
    """Whatever the schema allows, aliases and fragments of many kinds; seldom a value that means something."""
    plans = Counted(execution._run_plan)
    scalars = {
        name: st.sampled_from(known[name]).map(nodes.String)
        for name in ("LocaleCode", "DateTime", "Date", "String", "ID")
    }

    @AT_RANDOM
    @given(queries(str(schema), custom_scalars=scalars, allow_x00=False))
    def look(text):
        compare(Asked(text), plans, monkeypatch)

    look()
    assert plans.answered > plans.asked / 4


@pytest.fixture
def run(demo, monkeypatch):
    """Answer a query, and tell whether its plan did."""

    def running(text, **variables):
        plans = Counted(execution._run_plan)
        monkeypatch.setattr(execution, "_run_plan", plans)
        body = answer(Asked(text, variables), CALLER).body
        return body, bool(plans.answered)

    return running


def test_the_usual_query_is_answered_by_its_plan(run):
    query = """query ($first: Int!, $short: Boolean!) { items(first: $first) { nodes {
        ...Head summary @skip(if: $short) terms { code facet { code } }
        blocks { id ... on RichTextBlock { html } } } } }
        fragment Head on Item { key headline }"""

    long, planned = run(query, first=3, short=False)
    short, planned_too = run(query, first=2, short=True)

    assert (planned, planned_too) == (True, True)
    assert len(long["data"]["items"]["nodes"]) == 3
    assert "summary" in long["data"]["items"]["nodes"][0]
    assert "summary" not in short["data"]["items"]["nodes"][0]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{ items(first: 0) { totalCount } }", ErrorCode.BAD_ARGUMENT),
        ('{ locales { code } items(after: "x") { totalCount } }', ErrorCode.BAD_CURSOR),
    ],
)
def test_what_goes_wrong_is_told_with_its_path_and_once(run, query, code):
    body, planned = run(query)

    assert not planned
    (error,) = body["errors"]
    assert (error["extensions"]["code"], error["path"]) == (code.value, ["items"])


def test_notices_are_told_once_though_a_query_is_begun_twice(run):
    body, planned = run('{ a: items(context: {locale: "xx"}) { totalCount } b: items(first: 0) { totalCount } }')

    assert not planned
    assert len(body["extensions"]["notices"]) == 1


def test_a_variable_that_does_not_fit_is_told(run):
    body, planned = run("query ($first: Int!) { items(first: $first) { totalCount } }", first="three")

    assert not planned
    assert body["errors"][0]["extensions"]["code"] == ErrorCode.BAD_ARGUMENT.value


def test_plans_of_one_operation_are_bounded(demo):
    names = [f"v{number}" for number in range(6)]
    fields = " ".join(f"{name}: __typename @include(if: ${name})" for name in names)
    prepared = execution.prepare(
        f"query ({', '.join(f'${name}: Boolean!' for name in names)}) {{ __typename {fields} }}"
    )
    plans = prepared.plans.of(None)
    for number in range(64):
        values = {name: bool(number >> place & 1) for place, name in enumerate(names)}
        data = plans.run(execution.RequestContext(), values)
        assert set(data) == {"__typename", *(name for name, value in values.items() if value)}

    assert len(plans._plans) <= 16
    with pytest.raises(Abandoned):
        plans.run(execution.RequestContext(), {})
