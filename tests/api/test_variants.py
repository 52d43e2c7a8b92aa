"""Variants as readers get them: resolved into items, listed to be mirrored, and named for good."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contenthub.delivery.allocation import Arm, Experiment
from contenthub.delivery.experiments import publish_experiment
from tests.delivery.published import DAY, NOW, delta, project, publish, text

RESOLVED = """query ($key: String!, $context: ContextInput) { item(key: $key, context: $context) {
  id headline summary version updatedAt nextChangeAt variant { code headline overrides }
  provenance { field locale variant } assignments { experiment arm isHoldout source } variants { code } } }"""
LIST = """query ($after: String, $first: Int! = 20, $locale: LocaleCode) {
  variants(after: $after, first: $first, locale: $locale) {
    totalCount pageInfo { hasNextPage endCursor } nodes { id code exportKey headline body overrides priority
      experiment arm version locale { code } item { key } segments { code } markets { code } channels { code } } } }"""


@pytest.fixture
def rights(settings):
    settings.HUB_ANONYMOUS_RIGHTS = ["time", "variants", "introspection"]


@pytest.fixture
def offer(hub):
    """An offer with a version for students and one for whoever is young."""
    return publish(
        project(
            "offer",
            {"en": text("For all", summary="Base", texts={"short": "S"}), "de": text("Für alle")},
            variants=[
                delta("young", segments=("segment:young",), summary="Young", texts={"short": ""}),
                delta("students", segments=("segment:students",), headline="Students", updated_at=NOW),
            ],
        )
    )


STUDENTS = {"segments": ["segment:students"]}


def test_the_answer_is_the_right_rendition_and_says_why(ask, offer):
    item = ask(RESOLVED, key="offer", context=STUDENTS)["item"]

    assert (item["headline"], item["summary"], item["updatedAt"]) == ("Students", "Young", NOW.isoformat())
    assert item["variant"] == {"code": "students", "headline": "Students", "overrides": ["headline"]}
    came_from = {each["field"]: each["variant"] for each in item["provenance"]}
    assert came_from == {
        "headline": "students", "summary": "young", "texts.short": "young",
        "body": None, "callToAction": None, "image": None,
    }  # fmt: skip
    assert len(item["provenance"]) == len(came_from)
    assert {each["locale"] for each in item["provenance"]} == {"en"}
    assert item["variants"] == []


def test_who_meets_no_variant_gets_the_base(ask, offer):
    item = ask(RESOLVED, key="offer", context={"segments": ["segment:families"]})["item"]

    assert (item["headline"], item["summary"], item["variant"]) == ("For all", "Base", None)
    assert {each["variant"] for each in item["provenance"]} == {None}


def test_an_id_names_exactly_one_rendition_and_answers_it_while_it_is_live(ask, offer):
    query = (
        "query ($id: ID!) { node(id: $id) { id ... on Item { headline summary } ... on Variant { code headline } } }"
    )
    ids = {ask(RESOLVED, key="offer", context=context)["item"]["id"] for context in (STUDENTS, {}, {"locale": "de"})}
    assert len(ids) == 3
    students = ask(RESOLVED, key="offer", context=STUDENTS)["item"]["id"]

    assert ask(query, id=students)["node"] == {"id": students, "headline": "Students", "summary": "Young"}
    publish(project("offer", {"en": text("For all")}, variants=[delta("young", summary="Young")]))
    assert ask(query, id=students)["node"] is None


def test_a_version_composes_what_was_served_also_after_it_was_replaced(ask, offer, hub):
    query = """query ($id: ID!) { version(id: $id) { id key locale variants servedFrom servedUntil document } }"""
    id = ask(RESOLVED, key="offer", context=STUDENTS)["item"]["version"]
    publish(project("offer", {"en": text("Replaced", start=NOW)}), now=NOW)

    served = ask(query, id=id)["version"]

    assert (served["key"], served["locale"], served["variants"]) == ("offer", "en", ["students", "young"])
    assert (served["document"]["headline"], served["document"]["summary"]) == ("Students", "Young")
    assert served["document"]["texts"] == []
    assert (served["servedFrom"], served["servedUntil"]) == ((NOW - DAY).isoformat(), NOW.isoformat())
    base, *variants = id.split(".")
    assert ask(query, id=".".join([base, *reversed(variants)]))["version"]["variants"] == ["young", "students"]
    for nonsense in (variants[0], f"{base}.{base}", f"{base}.nothing", ".", ".".join([base] * 500)):
        assert ask(query, id=nonsense)["version"] is None


def test_an_answer_says_which_arms_it_stands_for_control_included(ask, hub):
    arms = (Arm("control", 0.5, True), Arm("red", 0.5, False))
    publish_experiment(Experiment("colour", "layer", 0, 1, "salt", 1, 0, arms), starts_at=NOW - DAY)
    publish(
        project("tested", variants=[delta("red", experiment="colour", arm="red", headline="Red")]),
        project("other", variants=[delta("plain", headline="Plain")]),
    )

    def seen(key, arm):
        context = {"assignments": [{"experiment": "colour", "arm": arm}]}
        item = ask(RESOLVED, key=key, context=context)["item"]
        return item["headline"], [(each["experiment"], each["arm"], each["source"]) for each in item["assignments"]]

    assert seen("tested", "red") == ("Red", [("colour", "red", "GIVEN")])
    assert seen("tested", "control") == ("Headline of tested", [("colour", "control", "GIVEN")])
    assert seen("other", "red") == ("Plain", [])


def test_all_variants_are_listed_with_whom_they_are_for_each_items_base_first(ask, rights, offer):
    publish(project("a", {"en": text("A")}, variants=[delta("web", channels=("channel:web",), priority=2, blocks=[])]))

    page = ask(LIST)["variants"]

    found = [(node["item"]["key"], node["code"], node["headline"], node["overrides"]) for node in page["nodes"]]
    assert found == [
        ("a", None, "A", []),
        ("a", "web", "A", ["body"]),
        ("offer", None, "For all", []),
        ("offer", "students", "Students", ["headline"]),
        ("offer", "young", "For all", ["summary", "texts.short"]),
    ]
    assert page["totalCount"] == 5
    web, students = page["nodes"][1], page["nodes"][3]
    assert (web["channels"], web["priority"], web["body"]) == ([{"code": "channel:web"}], 2, None)
    assert students["segments"] == [{"code": "segment:students"}]
    assert len({node["exportKey"] for node in page["nodes"]}) == 5
    assert len({node["id"] for node in page["nodes"]}) == 5


def test_the_list_is_paged_without_a_gap_and_follows_the_locale(ask, rights, offer):
    found, after = [], None
    while True:
        page = ask(LIST, first=1, after=after)["variants"]
        found += [node["code"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break

    assert found == [None, "students", "young"]
    german = ask(LIST, locale="de")["variants"]["nodes"]
    assert [(node["code"], node["locale"]["code"]) for node in german] == [(None, "de")]
    japanese = ask(LIST, locale="ja")["variants"]["nodes"]
    assert [node["code"] for node in japanese] == [None, "students", "young"]


def test_a_single_variant_is_answered_by_its_id(ask, rights, offer):
    query = "query ($id: ID!) { node(id: $id) { id ... on Variant { code headline summary } } }"
    nodes = ask(LIST)["variants"]["nodes"]

    answers = [ask(query, id=node["id"])["node"] for node in nodes]

    assert [answer["code"] for answer in answers] == [None, "students", "young"]
    assert [answer["headline"] for answer in answers] == ["For all", "Students", "For all"]


def test_the_list_wants_a_right_and_items_show_their_variants_only_with_it(ask, refused, offer, settings):
    code, message, argument = refused(LIST)
    assert (code, argument) == ("FORBIDDEN", "variants")
    assert "right 'variants'" in message

    settings.HUB_ANONYMOUS_RIGHTS = ["variants"]
    assert [each["code"] for each in ask(RESOLVED, key="offer")["item"]["variants"]] == ["students", "young"]


@pytest.mark.parametrize("first", [0, 101])
def test_a_page_of_variants_out_of_bounds_is_refused(refused, rights, hub, first):
    assert refused(LIST, first=first)[0] == "BAD_ARGUMENT"
    assert refused(LIST, after="nonsense")[0] == "BAD_CURSOR"


def test_a_page_of_variants_costs_the_same_whatever_its_size(ask, rights, hub):
    def statements(items):
        publish(*(project(f"k{number}", variants=[delta("v", blocks=[], headline="V")]) for number in range(items)))
        ask(LIST)
        with CaptureQueriesContext(connection) as asked:
            assert len(ask(LIST, first=100)["variants"]["nodes"]) == 2 * items
        return len(asked)

    assert statements(2) == statements(12)
