from unittest import mock

import pytest
from graphql import GraphQLSyntaxError, parse
from hypothesis import given
from hypothesis import strategies as st

from contenthub.api import documents
from contenthub.api.documents import InvalidQuery, PreparedQueries
from contenthub.api.schema import schema


@pytest.fixture
def queries():
    return PreparedQueries(schema.graphql_schema)


def test_a_query_is_made_ready_once(queries):
    assert queries.prepare("{ __typename }") is queries.prepare("{ __typename }")
    assert queries.prepare("{ __typename }") is not queries.prepare("{  __typename }")


def test_queries_that_nobody_asked_for_lately_are_forgotten(queries, monkeypatch):
    monkeypatch.setattr(documents, "MOST_KEPT_CHARACTERS", 40)  # two of these queries
    first, second = queries.prepare("{ a: __typename }"), queries.prepare("{ b: __typename }")
    queries.prepare("{ a: __typename }")

    queries.prepare("{ c: __typename }")

    assert queries.prepare("{ a: __typename }") is first
    assert queries.prepare("{ b: __typename }") is not second


def test_what_does_not_fit_the_schema_is_told_and_not_kept(queries):
    for _ in range(2):
        with pytest.raises(InvalidQuery, match="Cannot query field 'nothing' on type 'Query'"):
            queries.prepare("{ nothing }")

    assert not queries._kept


PIECES = [
    "a",
    "b1",
    "_",
    "1.5e-3",
    "-2",
    "...",
    "{",
    "}",
    "(",
    ")",
    "$",
    "!",
    "@",
    ":",
    "=",
    "|",
    "&",
    "[",
    "]",
    ",",
    " ",
]
TEXTS = [
    '"text"',
    '"# no comment"',
    r'"\""',
    '"',
    '"""',
    '"""block # "" \n"""',
    r'"""\""""""',
    "# note",
    "\n",
    "\r",
    "\ufeff",
]


@given(st.lists(st.sampled_from([*PIECES, *TEXTS]), max_size=30).map("".join))
def test_the_glance_at_a_query_never_counts_more_than_the_parser(text):
    most = 6
    with mock.patch.object(documents, "MOST_TOKENS", most):
        is_refused = documents._has_too_many_tokens(text)

    if is_refused:
        with pytest.raises(GraphQLSyntaxError):
            parse(text, max_tokens=most, max_comments=most)


@pytest.mark.parametrize("part", ["a ", "{", '"t" ', "# c\n", '"""\nb\n""" ', "...", "$a:[a!]"])
def test_the_glance_finds_what_is_far_too_long(part):
    assert documents._has_too_many_tokens(part * 2 * documents.MOST_TOKENS)
    assert not documents._has_too_many_tokens(part * (documents.MOST_TOKENS // 8))
