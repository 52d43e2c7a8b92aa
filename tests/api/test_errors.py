import pytest
from django.db import OperationalError
from graphql import GraphQLError

from channels.registry import UnknownChannel
from contenthub.api.errors import ErrorCode, HubError, describe_error
from contenthub.delivery.refusals import BadCursor, NotAllowed
from locales.tags import MalformedTag
from taxonomy.snapshot import UnknownTerm


def described(error):
    answer = describe_error(error, "r1")
    return answer["message"], answer["extensions"]


@pytest.mark.parametrize(
    ("cause", "code"),
    [
        (HubError(ErrorCode.TOO_DEEP, "Too deep."), "TOO_DEEP"),
        (NotAllowed("Not allowed."), "FORBIDDEN"),
        (BadCursor(), "BAD_CURSOR"),
        (UnknownTerm("journey:nope"), "UNKNOWN_CODE"),
        (UnknownChannel("channel:nope"), "UNKNOWN_CODE"),
        (MalformedTag("'!!' is not a language tag."), "BAD_ARGUMENT"),
    ],
)
def test_what_a_room_refuses_is_told_with_its_code(cause, code):
    message, extensions = described(GraphQLError("outer", original_error=cause))

    assert message == str(cause)
    assert (extensions["code"], extensions["retryable"], extensions["requestId"]) == (code, False, "r1")


@pytest.mark.parametrize("cause", [KeyError("secret"), RuntimeError("secret"), LookupError("secret")])
def test_what_is_not_meant_for_callers_is_masked_and_logged(cause, caplog):
    message, extensions = described(GraphQLError("secret", original_error=cause))

    assert message == "Something failed inside the hub: tell its operators the requestId."
    assert (extensions["code"], extensions["retryable"]) == ("INTERNAL", False)
    (record,) = caplog.records
    assert "r1" in record.getMessage()
    assert record.exc_info[1] is cause


def test_a_database_that_is_away_is_worth_another_try(caplog):
    message, extensions = described(OperationalError("secret"))

    assert message == "The hub cannot answer at the moment: try again in a few seconds."
    assert (extensions["code"], extensions["retryable"]) == ("UNAVAILABLE", True)


def test_a_failure_inside_is_masked_in_the_answer(hub, post, monkeypatch, caplog):
    monkeypatch.setattr("contenthub.delivery.versions.find_version", lambda *_, **__: 1 / 0)

    answer = post('{ version(id: "x") { id } }')

    (error,) = answer.json()["errors"]
    assert answer.json()["data"] == {"version": None}
    assert error["message"] == "Something failed inside the hub: tell its operators the requestId."
    assert error["extensions"]["code"] == "INTERNAL"
    assert error["extensions"]["requestId"] == answer.headers["X-Request-Id"]
    assert "division by zero" in caplog.text
