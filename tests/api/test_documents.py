import pytest

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
