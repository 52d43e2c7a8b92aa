import graphene
import pytest
from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLInterfaceType, GraphQLObjectType
from hypothesis import given
from hypothesis import strategies as st

from locales.catalogue import locale_catalogue
from locales.tags import MalformedTag
from taxonomy.changing import retire_term
from taxonomy.models import ExternalId, Term
from taxonomy.schema import BadArgument, BadCursor, TaxonomyQueries, TermNode, find_term_node
from taxonomy.schema.nodes import term_id
from taxonomy.snapshot import UnknownFacet, UnknownTerm, taxonomy_snapshot
from taxonomy.termpages import TermQuestion, decode_cursor, encode_cursor
from tests.taxonomy.factories import FacetFactory, TermFactory

schema = graphene.Schema(query=TaxonomyQueries)


class Request:
    """The part of the hub's request context that terms need."""

    def __init__(self):
        self.taxonomy = taxonomy_snapshot()
        self.locales = locale_catalogue()
        self.notices = []

    def notice(self, code, message, argument=None):
        self.notices.append((code, message, argument))


@pytest.fixture
def ask_terms(locales):
    def asking(query, told=None, **variables):
        request = Request()
        result = schema.execute(query, context=request, variables=variables)
        if told is not None:
            told += request.notices
        if result.errors:
            raise result.errors[0].original_error or result.errors[0]
        return result.data

    return asking


def codes(terms):
    return [term["code"].partition(":")[2] for term in terms]


@pytest.mark.django_db
class TestFacets:
    def test_facets_come_in_order_with_their_names(self, ask_terms):
        data = ask_terms('{ facets { code label japanese: label(locale: "ja-JP") uri } }')

        assert [facet["code"] for facet in data["facets"]] == [
            *("journey", "campaign", "product", "segment", "action", "market"),
        ]
        assert data["facets"][0] == {"code": "journey", "label": "Journey", "japanese": "ジャーニー", "uri": None}

    def test_a_facet_knows_its_current_roots_and_count(self, ask_terms):
        top = TermFactory(key="top")
        TermFactory(key="low", parent=top)
        TermFactory(key="old", status="retired")

        facet = ask_terms('{ facet(code: "journey") { termCount roots { code } } }')["facet"]

        assert (facet["termCount"], codes(facet["roots"])) == (2, ["top"])

    def test_a_facet_that_is_not_there_is_null(self, ask_terms):
        assert ask_terms('{ facet(code: "nowhere") { code } }') == {"facet": None}


@pytest.mark.django_db
class TestTerm:
    def test_every_field_of_a_term(self, ask_terms):
        left, right = TermFactory(key="left"), TermFactory(key="right")
        term = TermFactory(
            key="compare",
            parent=left,
            further=[right],
            position=3,
            uri="https://example.org/compare",
            labels={"en": "Compare", "ja": "比較"},
            attributes={"models": ["AIDA"], "weight": 1.5},
        )
        TermFactory(key="child", parent=term)
        term.labels.add(term.labels.model(language="en", kind="alternative", text="Weigh"))
        term.notes.add(
            term.notes.model(language="en", kind="definition", text="Looking at two."),
            term.notes.model(language="en", kind="scope_note", text="For all."),
        )
        term.windows.add(term.windows.model(start="2026-01-01", end="2026-01-31", label="2026"))
        term.external_ids.add(ExternalId(system="crm", identifier="7"))
        term.mappings.add(term.mappings.model(kind="close", uri="https://example.org/2"))
        term.related.add(right)
        term.save()

        data = ask_terms(
            """{ term(code: "journey:compare") {
                code facet { code } label labelLocale altLabels definition notes(kind: "scopeNote") uri
                parent { code } broader { code } children { code } ancestors { code } descendants { code }
                related { code } mappings { kind uri } position depth isRetired replacedBy { code }
                externalIds { system identifier } windows { start end label eventStart eventEnd } attributes
            } }"""
        )

        assert data["term"] == {
            "code": "journey:compare",
            "facet": {"code": "journey"},
            "label": "Compare",
            "labelLocale": "en",
            "altLabels": ["Weigh"],
            "definition": "Looking at two.",
            "notes": ["For all."],
            "uri": "https://example.org/compare",
            "parent": {"code": "journey:left"},
            "broader": [{"code": "journey:left"}, {"code": "journey:right"}],
            "children": [{"code": "journey:child"}],
            "ancestors": [{"code": "journey:left"}, {"code": "journey:right"}],
            "descendants": [{"code": "journey:child"}],
            "related": [{"code": "journey:right"}],
            "mappings": [{"kind": "close", "uri": "https://example.org/2"}],
            "position": 3,
            "depth": 2,
            "isRetired": False,
            "replacedBy": [],
            "externalIds": [{"system": "crm", "identifier": "7"}],
            "windows": [
                {"start": "2026-01-01", "end": "2026-01-31", "label": "2026", "eventStart": None, "eventEnd": None}
            ],
            "attributes": {"models": ["AIDA"], "weight": 1.5},
        }

    @pytest.mark.parametrize(
        ("locale", "expected"),
        [
            ("ja", ("比較", "ja")),
            ("JA_jp", ("比較", "ja")),
            ("de-CH", ("Vergleich", "de")),
            ("ko", ("Compare", "en")),
            ("pt", ("Comparar", "pt-BR")),
            ("zu", ("Compare", "en")),
        ],
    )
    def test_a_label_is_negotiated_among_locales_and_label_languages(self, ask_terms, locale, expected):
        TermFactory(key="compare", labels={"en": "Compare", "ja": "比較", "de": "Vergleich", "pt-BR": "Comparar"})

        query = 'query($l: LocaleCode) { term(code: "journey:compare") { label(locale: $l) labelLocale(locale: $l) } }'
        term = ask_terms(query, l=locale)["term"]

        assert (term["label"], term["labelLocale"]) == expected

    def test_a_locale_that_nothing_answers_is_told_and_a_malformed_one_refused(self, ask_terms):
        TermFactory(key="compare")
        told = []

        ask_terms('{ term(code: "journey:compare") { label(locale: "zu") } }', told)
        with pytest.raises(MalformedTag):
            ask_terms('{ term(code: "journey:compare") { label(locale: "no language") } }')

        assert told == [("UNKNOWN_LOCALE", "Nothing answers the locale 'zu': 'en' is served.", "locale")]

    def test_a_term_is_found_by_what_another_system_calls_it(self, ask_terms):
        term = TermFactory(key="compare")
        term.external_ids.add(ExternalId(system="crm", identifier="7"))
        term.save()

        query = "query($e: ExternalIdInput) { term(externalId: $e) { code } }"

        assert ask_terms(query, e={"system": "crm", "identifier": "7"}) == {"term": {"code": "journey:compare"}}
        assert ask_terms(query, e={"system": "crm", "identifier": "8"}) == {"term": None}

    def test_a_term_that_is_not_there_is_null(self, ask_terms):
        assert ask_terms('{ term(code: "journey:lost") { code } }') == {"term": None}

    @pytest.mark.parametrize("arguments", ["", '(code: "journey:a", externalId: {system: "crm", identifier: "7"})'])
    def test_exactly_one_of_code_and_external_id_is_passed(self, ask_terms, arguments):
        with pytest.raises(BadArgument, match="Pass exactly one of 'code' and 'externalId'"):
            ask_terms(f"{{ term{arguments} {{ code }} }}")

    def test_a_merged_code_is_answered_by_its_successor_and_told(self, ask_terms):
        old, new = TermFactory(key="old"), TermFactory(key="new")
        retire_term(old, successors=[new])
        told = []

        data = ask_terms('{ term(code: "journey:old") { code isRetired } }', told)

        assert data == {"term": {"code": "journey:new", "isRetired": False}}
        assert told == [("TERM_REPLACED", "journey:old is retired: journey:new answers for it.", "code")]

    def test_a_split_code_answers_itself_with_its_successors(self, ask_terms):
        old, left, right = (TermFactory(key=key) for key in ("old", "left", "right"))
        retire_term(old, successors=[left, right])
        told = []

        term = ask_terms('{ term(code: "journey:old") { code isRetired replacedBy { code } } }', told)["term"]

        assert (term["code"], term["isRetired"], codes(term["replacedBy"])) == ("journey:old", True, ["left", "right"])
        assert [code for code, *_ in told] == ["TERM_RETIRED"]

    def test_descendants_stop_at_the_depth_asked_for_and_leave_retired_terms_out(self, ask_terms):
        top = TermFactory(key="top")
        low = TermFactory(key="low", parent=top)
        TermFactory(key="leaf", parent=low)
        TermFactory(key="old", parent=top, status="retired")

        term = ask_terms(
            '{ term(code: "journey:top") { all: descendants { code } one: descendants(maxDepth: 1) { code } } }'
        )["term"]

        assert (codes(term["all"]), codes(term["one"])) == (["low", "leaf"], ["low"])
        with pytest.raises(BadArgument, match="'maxDepth' is 0: pass 1 for children only"):
            ask_terms('{ term(code: "journey:top") { descendants(maxDepth: 0) { code } } }')

    def test_an_unknown_kind_of_note_is_refused(self, ask_terms):
        TermFactory(key="one")

        with pytest.raises(BadArgument, match="'gossip' is no kind of note"):
            ask_terms('{ term(code: "journey:one") { notes(kind: "gossip") } }')

    def test_an_id_names_the_term_as_it_is_shown(self, ask_terms, locales):
        TermFactory(key="one", labels={"en": "One", "ja": "一"})
        request = Request()
        chain = request.locales.by_code["ja"].chain

        shown = ask_terms('{ term(code: "journey:one") { id } }')["term"]["id"]

        assert find_term_node(shown, request) == TermNode(request.taxonomy.get("journey:one"), ("en",))
        assert (
            find_term_node(shown[:-4], request) is find_term_node("é", request) is find_term_node("", request) is None
        )
        japanese = TermNode(request.taxonomy.get("journey:one"), chain)
        assert find_term_node(term_id(japanese), request) == japanese


@pytest.mark.django_db
class TestTerms:
    @pytest.fixture(autouse=True)
    def tree(self):
        top = TermFactory(key="top", position=1)
        TermFactory(key="other", position=2)
        low = TermFactory(key="low", parent=top, position=2, labels={"en": "Low", "ja": "比較"})
        TermFactory(key="first", parent=top, position=1)
        TermFactory(key="leaf", parent=low, position=1)
        TermFactory(key="old", parent=top, position=3, status="retired")
        return top

    def listed(self, ask_terms, arguments, told=None):
        data = ask_terms(f'{{ terms(facet: "journey" {arguments}) {{ nodes {{ code }} totalCount }} }}', told)["terms"]
        assert data["totalCount"] >= len(data["nodes"])
        return codes(data["nodes"])

    @pytest.mark.parametrize(
        ("arguments", "expected"),
        [
            ("", ["top", "first", "low", "leaf", "other"]),
            ("includeRetired: true", ["top", "first", "low", "leaf", "old", "other"]),
            ('below: "journey:top"', ["first", "low", "leaf"]),
            ('search: "比"', ["low"]),
            ('search: "lo" below: "journey:low"', []),
            ('search: "o" below: "journey:top"', ["first", "low", "leaf"]),
            ("first: 2", ["top", "first"]),
        ],
    )
    def test_terms_are_listed_in_tree_order(self, ask_terms, arguments, expected):
        assert self.listed(ask_terms, arguments) == expected

    def test_pages_follow_each_other_without_gap_or_overlap(self, ask_terms):
        query = """query($after: String) { terms(facet: "journey", first: 2, after: $after) {
            edges { cursor node { code } } totalCount
            pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        } }"""
        seen, after, infos = [], None, []
        while after is None or infos[-1]["hasNextPage"]:
            page = ask_terms(query, after=after)["terms"]
            infos.append(page["pageInfo"])
            seen += codes(edge["node"] for edge in page["edges"])
            after = page["pageInfo"]["endCursor"]
            assert [page["edges"][0]["cursor"], page["edges"][-1]["cursor"]] == [infos[-1]["startCursor"], after]
            assert page["totalCount"] == 5

        assert seen == ["top", "first", "low", "leaf", "other"]
        assert [info["hasPreviousPage"] for info in infos] == [False, True, True]

    def test_a_cursor_keeps_its_place_when_the_tree_changes(self, ask_terms, tree):
        page = ask_terms('{ terms(facet: "journey", first: 2) { pageInfo { endCursor } } }')["terms"]
        TermFactory(key="before", position=0)
        TermFactory(key="after", parent=tree, position=1)
        first = taxonomy_snapshot().get("journey:first")
        retire_term(Term.objects.get(pk=first.id))

        listed = self.listed(ask_terms, f'after: "{page["pageInfo"]["endCursor"]}"')

        assert listed == ["low", "leaf", "other"]

    def test_below_a_retired_term_stands_for_all_its_successors(self, ask_terms, tree):
        split, left = TermFactory(key="split", position=9), TermFactory(key="left", position=0)
        TermFactory(key="under", parent=left)
        retire_term(split, successors=[left, tree])
        told = []

        listed = self.listed(ask_terms, 'below: "journey:split"', told)

        assert listed == ["under", "first", "low", "leaf"]
        assert [(code, argument) for code, _, argument in told] == [("TERM_RETIRED", "below")]

    @pytest.mark.parametrize(
        ("arguments", "error"),
        [
            ('facet: "nowhere"', UnknownFacet),
            ('facet: "journey", below: "journey:lost"', UnknownTerm),
            ('facet: "product", below: "journey:top"', BadArgument),
            ('facet: "journey", first: 0', BadArgument),
            ('facet: "journey", first: 1001', BadArgument),
            ('facet: "journey", first: -1', BadArgument),
            ('facet: "journey", after: ""', BadCursor),
            ('facet: "journey", after: "nonsense"', BadCursor),
            ('facet: "journey", after: "é"', BadCursor),
            ('facet: "journey", after: "W10"', BadCursor),
            ('facet: "journey", after: "NQ"', BadCursor),
        ],
    )
    def test_wrong_arguments_are_refused(self, ask_terms, arguments, error):
        with pytest.raises(error):
            ask_terms(f"{{ terms({arguments}) {{ nodes {{ code }} }} }}")

    @pytest.mark.parametrize(
        "arguments",
        ['facet: "product"', 'facet: "journey", search: "o"', 'facet: "journey", includeRetired: true'],
    )
    def test_a_cursor_belongs_to_its_arguments(self, ask_terms, arguments):
        FacetFactory(code="product")
        cursor = ask_terms('{ terms(facet: "journey", first: 1) { pageInfo { endCursor } } }')["terms"]["pageInfo"]

        with pytest.raises(BadCursor):
            ask_terms(f'{{ terms({arguments}, after: "{cursor["endCursor"]}") {{ nodes {{ code }} }} }}')

    def test_an_empty_page_has_no_cursors(self, ask_terms):
        query = (
            '{ terms(facet: "segment") { totalCount nodes { code } pageInfo { hasNextPage startCursor endCursor } } }'
        )

        assert ask_terms(query)["terms"] == {
            "totalCount": 0,
            "nodes": [],
            "pageInfo": {"hasNextPage": False, "startCursor": None, "endCursor": None},
        }


@pytest.mark.django_db
@pytest.mark.parametrize("size", [1, 40])
@pytest.mark.parametrize(
    "query",
    [
        "{ facets { label termCount roots { label children { label } } } }",
        '{ facet(code: "journey") { roots { descendants { label facet { label } } } } }',
        '{ term(code: "journey:top") { label related { code } descendants { ancestors { label } broader { code } } } }',
        '{ terms(facet: "journey", search: "s") { totalCount edges { cursor node { label parent { label } } } } }',
    ],
)
def test_a_query_costs_the_version_and_the_locales_whatever_its_size(ask_terms, django_assert_num_queries, size, query):
    top = TermFactory(key="top")
    TermFactory.create_batch(size, parent=top)
    taxonomy_snapshot()

    with django_assert_num_queries(2):
        ask_terms(query)


keys = st.lists(st.tuples(st.integers(0, 2**31), st.text(max_size=20)), min_size=1, max_size=5).map(tuple)
questions = st.builds(
    TermQuestion, st.text(max_size=9), st.none() | st.text(max_size=9), st.none() | st.text(), st.booleans()
)


@given(questions, keys)
def test_a_cursor_round_trips(question, key):
    assert decode_cursor(question, encode_cursor(question, key)) == key


@given(questions, st.text())
def test_any_other_text_is_a_bad_cursor(question, text):
    with pytest.raises(BadCursor):
        decode_cursor(question, text)


def test_everything_has_a_description():
    kinds = (GraphQLObjectType, GraphQLInterfaceType, GraphQLInputObjectType, GraphQLEnumType)
    missing = []
    for name, kind in schema.graphql_schema.type_map.items():
        if name.startswith("__") or name == "TaxonomyQueries" or not isinstance(kind, kinds):
            continue
        missing += [] if kind.description else [name]
        for field_name, field in kind.fields.items():
            missing += [] if field.description else [f"{name}.{field_name}"]
            for argument_name, argument in getattr(field, "args", {}).items():
                missing += [] if argument.description else [f"{name}.{field_name}({argument_name})"]

    assert missing == []
