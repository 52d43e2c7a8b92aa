import pytest
from graphql import parse

from contenthub.api.errors import HubError
from contenthub.api.limits import check_limits


def nested(levels: int) -> str:
    return "{ a " * levels + "}" * levels


@pytest.mark.parametrize(
    ("query", "code"),
    [
        (nested(17), "TOO_DEEP"),
        (nested(400), "TOO_DEEP"),
        (nested(1_300), "TOO_DEEP"),
        ("{ items(filter: {keys: " + "[" * 1_500 + "]" * 1_500 + "}) { totalCount } }", "TOO_DEEP"),
        ("{ ...F0 } " + " ".join(f"fragment F{n} on Query {{ ...F{n + 1} }}" for n in range(400)), "TOO_COSTLY"),
        ("{ a " + " ".join(f"f{n}: a" for n in range(101)) + " }", "TOO_COSTLY"),
        ("{ " + " ".join(f"r{n}" for n in range(31)) + " }", "TOO_COSTLY"),
        ("{ a { " + "b " * 31 + "} }", "TOO_COSTLY"),
        ("{ a { " + " ".join(f"b{n}" for n in range(2_000)) + " } }", "TOO_COSTLY"),
        (
            "{ ...F0 } "
            + " ".join(f"fragment F{n} on Q {{ x {{ ...F{n + 1} }} y {{ ...F{n + 1} }} }}" for n in range(14))
            + " fragment F14 on Q { z }",
            "TOO_COSTLY",
        ),
        ("{ " + "a " * 9_000 + "}", "TOO_LARGE"),
    ],
)
def test_a_query_beyond_a_limit_is_refused(hub, post, query, code):
    (error,) = post(query).json()["errors"]

    assert error["extensions"]["code"] == code


def test_a_query_within_the_limits_passes():
    check_limits(parse(nested(16)))
    check_limits(parse("{ a { " + " ".join(f"x{n}: b" for n in range(100)) + " } }"))
    check_limits(parse("{ " + " ".join(f"r{n}" for n in range(30)) + " }"))
    check_limits(parse("fragment F on Item { " + " ".join(f"r{n}" for n in range(60)) + " } { a { ...F } }"))


def test_a_fragment_that_spreads_itself_ends():
    check_limits(parse("{ ...A } fragment A on Q { b { ...B } } fragment B on Q { c { ...A } }"))


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (nested(17), "The query nests deeper than 16 levels: ask in two queries."),
        (
            "{ " + " ".join(f"r{n}" for n in range(31)) + " }",
            "The query asks for 31 root fields, fragments spread out: at most 30 are answered.",
        ),
    ],
)
def test_a_refusal_names_the_limit(query, message):
    with pytest.raises(HubError) as refused:
        check_limits(parse(query))

    assert str(refused.value) == message


def test_a_long_query_within_the_limits_is_answered(hub, post):
    inline = " ".join("... on Item { " + "headline summary key slug version " * 6 + "}" for _ in range(60))

    response = post("{ items { nodes { " + inline + " } } }")

    assert response.status_code == 200


def test_references_of_references_end_where_the_answer_grows_too_long(hub, post):
    from tests.delivery.published import project, publish

    keys = [f"item-{n:02d}" for n in range(40)]
    publish(*(project(key, references=[("related", other) for other in keys]) for key in keys))
    references = "references { key " * 3 + "}" * 3

    errors = post("{ items(first: 40) { nodes { " + references + " } } }").json()["errors"]

    assert {error["extensions"]["code"] for error in errors} == {"TOO_COSTLY"}
