import pytest

from contenthub.delivery.models import IndexRow
from tests.delivery.published import DAY, NOW, project, publish, text

PAGE = """
query ($filter: ItemFilter, $context: ContextInput, $order: ItemOrder, $first: Int! = 20, $after: String) {
  items(filter: $filter, context: $context, orderBy: $order, first: $first, after: $after) {
    nodes { key }
    edges { cursor node { key } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    totalCount
  }
}
"""


def test_an_item_is_found_by_key_or_by_slug(hub, ask):
    publish(project("welcome", {"en": text("Welcome", slug="hello"), "de": text("Willkommen", slug="hallo")}))

    found = ask("""{
      byKey: item(key: "welcome") { headline }
      bySlug: item(slug: "hallo", context: {locale: "de"}) { headline }
      otherLocale: item(slug: "hallo") { headline }
      absent: item(key: "nothing") { headline }
    }""")

    assert found == {
        "byKey": {"headline": "Welcome"},
        "bySlug": {"headline": "Willkommen"},
        "otherLocale": None,
        "absent": None,
    }


@pytest.mark.parametrize("arguments", ["", "()", '(key: "a", slug: "a")', "(key: null)"])
def test_an_item_wants_exactly_one_of_key_and_slug(hub, post, arguments):
    if arguments == "()":
        arguments = "(context: {})"

    (error,) = post(f"{{ item{arguments} {{ key }} }}").json()["errors"]

    assert (error["extensions"]["code"], error["extensions"]["argument"]) == ("BAD_ARGUMENT", "key")
    assert error["message"] == "An item is found by key or by slug: give exactly one of them."


@pytest.mark.parametrize("items", [1, 12])
def test_an_item_costs_its_locales_and_one_statement(hub, ask, django_assert_num_queries, items):
    publish(*(project(f"item-{n}", {"en": text(slug=f"slug-{n}")}) for n in range(items)))

    with django_assert_num_queries(2):
        assert ask('{ item(key: "item-0") { key body } }') == {"item": {"key": "item-0", "body": None}}
    with django_assert_num_queries(2):
        assert ask('{ item(slug: "slug-0") { key blocks { id } } }') == {"item": {"key": "item-0", "blocks": []}}


def test_pages_follow_each_other_without_gap(hub, ask):
    publish(*(project(f"item-{n}", {"en": text(start=NOW - n * DAY)}) for n in range(5)))

    first = ask(PAGE, first=2)["items"]
    second = ask(PAGE, first=2, after=first["pageInfo"]["endCursor"])["items"]
    third = ask(PAGE, first=2, after=second["edges"][-1]["cursor"])["items"]

    assert [[node["key"] for node in page["nodes"]] for page in (first, second, third)] == [
        ["item-0", "item-1"],
        ["item-2", "item-3"],
        ["item-4"],
    ]
    assert [edge["node"] for edge in first["edges"]] == first["nodes"]
    assert [page["pageInfo"]["hasNextPage"] for page in (first, second, third)] == [True, True, False]
    assert [page["pageInfo"]["hasPreviousPage"] for page in (first, second, third)] == [False, True, True]
    assert first["pageInfo"]["startCursor"] == first["edges"][0]["cursor"]
    assert {page["totalCount"] for page in (first, second, third)} == {5}


def test_an_empty_list_has_no_cursors(hub, ask):
    page = ask(PAGE, filter={"keys": []})["items"]

    assert page == {
        "nodes": [],
        "edges": [],
        "pageInfo": {"hasNextPage": False, "hasPreviousPage": False, "startCursor": None, "endCursor": None},
        "totalCount": 0,
    }


@pytest.mark.parametrize("cursor", ["", "nonsense", "WzFd", "bnVsbA", "é", "W10", "WyJhIiwxLDJd"])
def test_a_malformed_cursor_is_refused(hub, refused, cursor):
    assert refused(PAGE, after=cursor) == (
        "BAD_CURSOR",
        "The cursor in 'after' does not belong to this filter, order and context: start again without 'after'.",
        "after",
    )


@pytest.mark.parametrize(
    "other",
    [
        {"order": "KEY"},
        {"filter": {"types": ["article"]}},
        {"context": {"locale": "de"}},
        {"context": {"segments": []}},
        {"context": {"fallback": "NONE"}},
    ],
)
def test_a_cursor_of_another_question_is_refused(hub, ask, refused, other):
    publish(project("a"), project("b"))
    cursor = ask(PAGE, first=1)["items"]["pageInfo"]["endCursor"]

    assert refused(PAGE, after=cursor, **other)[0] == "BAD_CURSOR"


@pytest.mark.parametrize("first", [0, 101, -5])
def test_a_page_size_out_of_bounds_is_refused(hub, refused, first):
    assert refused(PAGE, first=first) == (
        "BAD_ARGUMENT",
        f"'first' is {first}: ask for 1 to 100 items and go on with 'after'.",
        "first",
    )


def test_a_page_size_of_null_is_refused(hub, refused):
    assert refused("{ items(first: null) { totalCount } }")[0] == "BAD_ARGUMENT"
    assert refused(PAGE, first=None)[0] == "BAD_ARGUMENT"


@pytest.mark.parametrize(
    ("filter", "argument", "message"),
    [
        ({"types": ["nope"]}, "filter.types", "There is no item type 'nope': use a code of itemTypes."),
        ({"channels": ["nope"]}, "filter.channels", "There is no channel 'nope': use a code of channels."),
        (
            {"journey": {"anyOf": ["journey:nope"]}},
            "filter.journey.anyOf",
            "There is no term 'journey:nope': use a code of terms(facet: \"journey\").",
        ),
        (
            {"journey": {"noneOf": ["product:vpn"]}},
            "filter.journey.noneOf",
            "'product:vpn' is a term of product, not of journey.",
        ),
        (
            {"facets": [{"facet": "mood", "terms": {}}]},
            "filter.facets",
            "There is no facet 'mood': use a code of facets.",
        ),
    ],
)
def test_an_unknown_code_in_a_filter_is_refused(hub, refused, filter, argument, message):
    assert refused(PAGE, filter=filter) == ("UNKNOWN_CODE", message, argument)


def test_a_filter_that_is_too_long_is_refused(hub, refused):
    assert refused(PAGE, filter={"keys": [f"item-{n}" for n in range(1001)]}) == (
        "BAD_ARGUMENT",
        "1,001 values are more than 1,000: ask in parts.",
        "filter.keys",
    )


def test_an_instant_without_offset_is_refused(hub, refused):
    code, message, argument = refused(PAGE, filter={"updatedSince": "2026-01-01T00:00:00"})

    assert (code, argument) == ("BAD_ARGUMENT", "filter.updatedSince")
    assert message == "'2026-01-01T00:00:00' has no offset: write it as 2026-01-01T00:00:00Z."


def test_relevance_without_a_search_is_refused(hub, refused):
    assert refused(PAGE, order="RELEVANCE") == (
        "BAD_ARGUMENT",
        "RELEVANCE sorts by how well a search is met: give filter.search too.",
        "orderBy",
    )


def test_filters_reach_further_facets_too(hub, ask):
    publish(project("japan", terms=["market:JP"]), project("germany", terms=["market:DE"]), project("all"))
    in_asia = {"facets": [{"facet": "market", "terms": {"anyOf": ["market:142"]}}]}

    assert ask(PAGE, filter=in_asia)["items"]["nodes"] == [{"key": "japan"}]


def test_retired_terms_are_told_in_notices(hub, notices):
    filter = {"journey": {"anyOf": ["journey:weigh-up"]}, "product": {"noneOf": ["product:suite"]}}
    context = {"segments": ["segment:young"]}

    assert notices(PAGE, filter=filter, context=context) == [
        ("TERM_REPLACED", "filter.journey.anyOf"),
        ("TERM_RETIRED", "filter.product.noneOf"),
    ]


def test_facet_counts_are_over_the_whole_list(hub, ask):
    publish(
        project("a", terms=["journey:compare", "product:vpn-mobile"]),
        project("b", terms=["journey:consider", "product:relay"]),
        project("c", terms=["journey:buy"]),
    )

    counted = ask("""{
      items(first: 1, filter: {journey: {noneOf: ["journey:buy"]}}, context: {locale: "de"}) {
        totalCount
        journey: facetCounts(facet: "journey") { count term { code label } }
        product: facetCounts(facet: "product") { count term { code } }
        campaign: facetCounts(facet: "campaign") { count }
      }
    }""")["items"]

    assert counted == {
        "totalCount": 2,
        "journey": [
            {"count": 2, "term": {"code": "journey:consider", "label": "journey:consider auf Deutsch"}},
            {"count": 1, "term": {"code": "journey:compare", "label": "journey:compare auf Deutsch"}},
        ],
        "product": [
            {"count": 1, "term": {"code": "product:vpn"}},
            {"count": 1, "term": {"code": "product:vpn-mobile"}},
            {"count": 1, "term": {"code": "product:relay"}},
        ],
        "campaign": [],
    }


def test_counts_of_an_unknown_facet_are_refused(hub, refused):
    code, message, _ = refused('{ items { facetCounts(facet: "mood") { count } } }')

    assert (code, message) == ("UNKNOWN_CODE", "There is no facet 'mood'.")


@pytest.mark.parametrize("items", [2, 30])
def test_a_page_with_everything_costs_the_same_whatever_its_size(hub, ask, django_assert_num_queries, items):
    publish(
        *(
            project(
                f"item-{n}",
                {"en": text(blocks=[{"type": "item_reference", "id": "r", "key": f"item-{n - 1}", "role": "next"}])},
                terms=["journey:compare", "product:vpn"],
                references=[("related", f"item-{n + 1}")],
                channels=["channel:web"],
            )
            for n in range(items)
        )
    )
    query = """{
      items(first: 50) {
        totalCount
        a: facetCounts(facet: "journey") { count term { label } }
        b: facetCounts(facet: "product") { count term { label } }
        nodes {
          headline body journey { label } product { label } channels { label } type { label }
          localizations { locale { name } }
          references { headline body references { headline } localizations { slug } }
          blocks { ... on ItemReferenceBlock { item { headline } } }
        }
      }
    }"""
    ask(query)  # the taxonomy is read into memory once a process
    expected = [
        "locales",
        "page",
        "count",
        "taxonomy version",
        "facet counts",
        "channels",
        "channel limits",
        "item types",
        "fields of item types",
        "rules of item types",
        "localizations",
        "references",
        "references of references",
        "localizations of references",
    ]

    with django_assert_num_queries(len(expected)):
        nodes = ask(query)["items"]["nodes"]

    assert len(nodes) == items
    assert sum(len(node["references"]) for node in nodes) == items - 1


def test_a_version_is_answered_after_it_was_replaced(hub, ask):
    publish(project("welcome", {"en": text("First", published_at=NOW - DAY)}))
    version = ask('{ item(key: "welcome") { version } }')["item"]["version"]
    publish(project("welcome", {"en": text("Second", published_at=NOW - DAY)}), now=NOW)

    served = ask(
        "query ($id: ID!) { version(id: $id) { id key locale variants servedFrom servedUntil document } }", id=version
    )["version"]

    assert {name: served[name] for name in ("id", "key", "locale", "variants", "servedUntil")} == {
        "id": version,
        "key": "welcome",
        "locale": "en",
        "variants": [],
        "servedUntil": NOW.isoformat(),
    }
    assert served["document"]["headline"] == "First"
    assert served["document"]["blocks"] == []
    assert ask('{ version(id: "nothing") { id } }') == {"version": None}


def test_a_scheduled_version_is_not_answered(hub, ask):
    publish(project("launch", {"en": text(start=NOW + DAY)}))
    version = IndexRow.objects.get(locale__language_code="en").document.version

    assert ask("query ($id: ID!) { version(id: $id) { id } }", id=version) == {"version": None}


def test_a_node_answers_exactly_the_rendition_that_its_id_names(hub, ask):
    publish(project("welcome", {"en": text("Welcome"), "de": text("Willkommen")}, channels=["channel:web"]))
    query = "query ($id: ID!) { node(id: $id) { id __typename ... on Item { key headline requestedLocale } } }"
    context = '{locale: "de-CH", channel: "channel:web-page"}'
    given = ask(f'{{ item(key: "welcome", context: {context}) {{ id }} }}')["item"]["id"]

    assert ask(query, id=given)["node"] == {
        "id": given,
        "__typename": "Item",
        "key": "welcome",
        "headline": "Willkommen",
        "requestedLocale": "de-CH",
    }

    publish(project("welcome", {"en": text("Welcome")}, channels=["channel:email"]))

    assert ask(query, id=given) == {"node": None}


def test_a_node_answers_a_term(hub, ask):
    given = ask('{ term(code: "journey:compare") { id } }')["term"]["id"]

    found = ask("query ($id: ID!) { node(id: $id) { id __typename ... on Term { code label } } }", id=given)

    assert found["node"] == {
        "id": given,
        "__typename": "Term",
        "code": "journey:compare",
        "label": "journey:compare in English",
    }


@pytest.mark.parametrize("id", ["", "nonsense", "W10", "WyJJdGVtIl0", "bnVsbA==", "é", "WyJJdGVtIiwxLDIsMyw0LFtdXQ"])
def test_an_id_that_is_none_answers_null(hub, ask, id):
    assert ask("query ($id: ID!) { node(id: $id) { id } }", id=id) == {"node": None}


@pytest.mark.parametrize("text", ["a\0b", "\0", "a\nb", "’; --", "%", "_"])
def test_any_text_can_be_asked_for(hub, ask, text):
    publish(project("a"))
    query = """query ($text: String!, $id: ID!) {
      key: item(key: $text) { key }
      slug: item(slug: $text) { key }
      version(id: $id) { id }
      node(id: $id) { id }
      items(filter: {keys: [$text, "a"]}) { nodes { key } }
    }"""

    answer = ask(query, text=text, id=text)

    assert answer == {"key": None, "slug": None, "version": None, "node": None, "items": {"nodes": [{"key": "a"}]}}


@pytest.mark.parametrize("search", ["word " * 100, "日" * 500, "日本語" * 166, "a b " * 125, "🚲" * 500])
def test_a_search_as_long_as_allowed_is_answered(hub, ask, search):
    assert ask(PAGE, filter={"search": search}, order="RELEVANCE")["items"]["totalCount"] == 0


def test_a_search_that_is_too_long_is_refused(hub, refused):
    assert refused(PAGE, filter={"search": "x" * 501}) == (
        "BAD_ARGUMENT",
        "The search has 501 characters: at most 500 are searched.",
        "filter.search",
    )


def test_too_many_conditions_are_refused(hub, ask, refused):
    fifty = {"journey": {"allOf": ["journey:buy"] * 50}}
    more = {"journey": {"allOf": ["journey:buy"] * 50, "noneOf": ["journey:compare"]}}

    assert ask(PAGE, filter=fifty)["items"]["totalCount"] == 0
    assert refused(PAGE, filter=more) == (
        "BAD_ARGUMENT",
        "51 conditions on terms are more than 50: shorten allOf or facets.",
        "filter",
    )


@pytest.mark.parametrize(
    ("query", "argument"),
    [
        ('{ terms(facet: "nope") { totalCount } }', "facet"),
        ('{ terms(facet: "journey", below: "journey:nope") { totalCount } }', "below"),
        ('{ items { facetCounts(facet: "nope") { count } } }', "facet"),
        ('{ locale(code: "@@") { code } }', "code"),
        ('{ channel(code: "channel:web") { label(locale: "@@") } }', "locale"),
    ],
)
def test_an_error_names_the_argument_that_it_is_about(hub, post, query, argument):
    (error,) = post(query).json()["errors"]

    assert error["extensions"]["argument"] == argument
