"""The API's own way in: past what minds sessions and forms, and past nothing else."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
QUERY = {"query": "{ __typename }"}


def test_no_session_is_looked_for_and_no_cookie_is_set(client, django_assert_num_queries):
    client.cookies["sessionid"] = "whatever"

    with django_assert_num_queries(0):
        answer = client.post("/graphql", QUERY, "application/json")

    assert answer.json()["data"] == {"__typename": "Query"}
    assert "Cookie" not in answer["Vary"]
    assert not answer.cookies
    assert answer["Content-Length"] == str(len(answer.content))


def test_hosts_https_and_headers_are_minded_as_everywhere(client, settings):
    assert client.post("/graphql", QUERY, "application/json", headers={"Host": "evil.example"}).status_code == 400
    assert client.get("/graphql", QUERY)["X-Content-Type-Options"] == "nosniff"

    settings.SECURE_SSL_REDIRECT = True
    assert Client().get("/graphql", QUERY).status_code == 301


@pytest.mark.parametrize("path", ["/graphqlish", "/o/", "/o/a/b"])
def test_what_is_no_address_of_the_api_is_not_there(client, path):
    assert client.get(path).status_code == 404
