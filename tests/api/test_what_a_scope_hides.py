"""What a scope hides is invisible everywhere: a hub is read in full, through every root field, by a limited key."""

import orjson
import pytest
from graphql import is_required_argument

from contenthub.api import cost
from contenthub.api.schema import schema
from contenthub.delivery.models import Document
from tests.api.walking import selection
from tests.content.factories import FieldDefinitionFactory, ItemTypeFactory
from tests.delivery.published import NOW, project, publish, text

MARK = "zzhidden"
SCOPE = {
    "channels": ["channel:web"],
    "locales": ["de", "en"],
    "item_types": ["article"],
    "facets": ["journey", "segment"],
}
HIDDEN = (MARK, "product:", "campaign:", "action:", "channel:email", '"offer"', '"ja"')


@pytest.fixture(autouse=True)
def _whatever_it_costs(monkeypatch):
    """Everything is asked for at once here; how much that may be is another matter."""
    monkeypatch.setattr(cost, "MOST_RECORDS", 10**9)


@pytest.fixture
def planted(hub):
    ItemTypeFactory(code="article", labels={"en": "Article"})
    FieldDefinitionFactory(item_type=ItemTypeFactory(code="offer", labels={"en": MARK}), name=MARK)
    blocks = [
        {"type": "product_reference", "id": "1", "term": "product:vpn", "label": None},
        {"type": "item_reference", "id": "2", "key": f"{MARK}-offer", "role": "related"},
        {"type": "heading", "id": "3", "text": "Seen", "level": 2},
    ]
    fields = [
        {"name": "goods", "kind": "term", "value": ["product:vpn", "journey:buy"]},
        {"name": "others", "kind": "item", "value": [f"{MARK}-offer", "other"]},
    ]
    action = {"label": "Go", "link": {"kind": "URL", "url": "https://shop.example/"}, "action": "action:learn"}
    publish(
        project(
            "seen",
            {"en": text("Seen", blocks=blocks, fields=fields, cta=action), "ja": text(MARK, slug=MARK)},
            terms=["journey:compare", "product:vpn", "campaign:winter", "action:learn"],
            channels=["channel:web-page", "channel:email"],
            references=[("related", f"{MARK}-offer"), ("related", f"{MARK}-mail"), ("related", "other")],
        ),
        project("other", terms=["journey:buy"]),
        project(f"{MARK}-offer", {"en": text(MARK, slug=f"{MARK}-o")}, type="offer", terms=["journey:compare"]),
        project(
            f"{MARK}-mail", {"de": text(MARK, slug=f"{MARK}-m")}, channels=["channel:email"], terms=["journey:compare"]
        ),
        project(f"{MARK}-ja", {"ja": text(MARK)}, terms=["journey:buy"]),
    )


@pytest.fixture
def limited(connect, post):
    """Ask as somebody with the scope and all rights."""
    key = connect(rights=["drafts", "time", "variants", "introspection"], **SCOPE)
    return lambda query, **variables: post(query, variables, Authorization=f"Bearer {key}")


def questions():
    """Yield root fields with their arguments; every root field is among them."""
    for tag in ("en", "de", "ja", "de-CH"):
        context = f'context: {{locale: "{tag}"}}'
        for key in ("seen", "other", f"{MARK}-offer", f"{MARK}-mail", f"{MARK}-ja"):
            yield "item", f'key: "{key}", {context}', 2
        for slug in (MARK, f"{MARK}-o", f"{MARK}-m"):
            yield "item", f'slug: "{slug}", {context}', 1
        yield "items", f"{context}, first: 10", 3
        yield "items", f'{context}, filter: {{search: "{MARK}"}}', 1
        yield "items", f'{context}, filter: {{journey: {{anyOf: ["journey:compare"]}}}}', 1
    for version in Document.objects.values_list("version", flat=True):
        yield "version", f'id: "{version}"', 1
    for code in ("product:vpn", "campaign:winter", "journey:compare"):
        yield "term", f'code: "{code}"', 1
    for code in ("product", "journey"):
        yield "facet", f'code: "{code}"', 2
    yield "terms", 'facet: "journey"', 1
    for code in ("channel:email", "channel:web"):
        yield "channel", f'code: "{code}"', 1
    yield "locale", 'code: "ja"', 1
    for code in ("offer", "article"):
        yield "itemType", f'code: "{code}"', 2
    for journey in ("journey:compare", "journey:buy"):
        about = f'about: {{journey: ["{journey}"]}}'
        yield "decide", f'first: 10, context: {{locale: "en", {about}}}', 3
    yield "decide", f'first: 10, context: {{locale: "de"}}, filter: {{search: "{MARK}"}}', 3
    yield "node", 'id: "nothing"', 1


def arguments_of_the_rest():
    """Yield the root fields that need no argument, and fail for one that is not asked at all."""
    asked = {name for name, _, _ in questions()}
    for name, field in schema.graphql_schema.query_type.fields.items():
        if name not in asked:
            assert not any(map(is_required_argument, field.args.values())), f"Say in questions() how to ask '{name}'."
            yield name, "", 2


def test_nothing_hidden_is_in_any_answer(planted, limited):
    for name, arguments, depth in [*questions(), *arguments_of_the_rest()]:
        field = schema.graphql_schema.query_type.fields[name]
        given = f"({arguments})" if arguments else ""

        answer = limited(f"{{ asked: {name}{given} {selection(field.type, depth)} }}")

        assert answer.status_code == 200, (name, answer.content)
        told = orjson.dumps(answer.json()["data"]).decode()
        assert [word for word in HIDDEN if word in told] == [], (name, arguments, told)


def test_what_is_seen_is_still_there(planted, limited):
    answer = limited(
        """{ items(orderBy: KEY) { totalCount nodes { key terms { code } channels { code } references { key }
        localizations { locale { code } } body blocks { __typename } callToAction { label action { code } }
        fields { name ... on TermValue { terms { code } } ... on ItemValue { items { key } } } }
        facetCounts(facet: "journey") { term { code } count } } }"""
    ).json()

    items = answer["data"]["items"]
    assert [node["key"] for node in items["nodes"]] == ["other", "seen"]
    assert items["nodes"][1] == {
        "key": "seen",
        "terms": [{"code": "journey:compare"}],
        "channels": [{"code": "channel:web-page"}],
        "references": [{"key": "other"}],
        "localizations": [{"locale": {"code": "en"}}],
        "body": "<h2>Seen</h2>",
        "blocks": [{"__typename": "ItemReferenceBlock"}, {"__typename": "HeadingBlock"}],
        "callToAction": {"label": "Go", "action": None},
        "fields": [
            {"name": "goods", "terms": [{"code": "journey:buy"}]},
            {"name": "others", "items": [{"key": "other"}]},
        ],
    }
    assert items["totalCount"] == 2
    assert {(count["term"]["code"], count["count"]) for count in items["facetCounts"]} == {
        ("journey:buy", 1),
        ("journey:compare", 1),
        ("journey:consider", 1),
    }


@pytest.mark.parametrize(
    ("filter", "message"),
    [
        ('{types: ["offer"]}', "There is no item type 'offer': use a code of itemTypes."),
        ('{channels: ["channel:email"]}', "There is no channel 'channel:email': use a code of channels."),
        ('{product: {anyOf: ["product:vpn"]}}', "There is no facet 'product': use a code of facets."),
        ('{facets: [{facet: "campaign", terms: {}}]}', "There is no facet 'campaign': use a code of facets."),
    ],
)
def test_a_filter_cannot_tell_hidden_from_missing(planted, limited, filter, message):
    (error,) = limited(f"{{ items(filter: {filter}) {{ totalCount }} }}").json()["errors"]

    assert (error["extensions"]["code"], error["message"]) == ("UNKNOWN_CODE", message)


def test_a_hidden_locale_is_answered_as_one_that_the_hub_does_not_have(planted, limited):
    answer = limited('{ item(key: "seen", context: {locale: "ja"}) { headline requestedLocale } }').json()

    assert answer["data"]["item"] == {"headline": "Seen", "requestedLocale": "en"}
    (notice,) = answer["extensions"]["notices"]
    assert notice["message"] == "There is no locale 'ja': answered in the default, en."


def test_audience_is_judged_by_facets_that_are_hidden(planted, connect, post):
    publish(project("young", terms=["segment:young"]))
    key = connect("blind", facets=["journey"])

    def seen(context):
        asked = f'{{ item(key: "young", context: {{{context}}}) {{ key terms {{ code }} }} }}'
        return post(asked, Authorization=f"Bearer {key}").json()["data"]["item"]

    assert seen("") == {"key": "young", "terms": []}
    assert seen('segments: ["segment:young"]') is None


def test_a_cursor_belongs_to_the_scope_it_was_made_in(planted, limited, ask, post):
    query = "query ($after: String) { items(first: 1, orderBy: KEY, after: $after) { pageInfo { endCursor } } }"
    cursor = ask(query)["items"]["pageInfo"]["endCursor"]

    (error,) = limited(query, after=cursor).json()["errors"]

    assert error["extensions"]["code"] == "BAD_CURSOR"


def test_a_default_language_is_one_of_the_scope(planted, connect, post):
    publish(project("german", {"de": text("Deutsch", start=NOW)}))
    key = connect("german", locales=["de"])

    answer = post(
        '{ item(key: "german") { headline locale { code } } locales { code } }', Authorization=f"Bearer {key}"
    )

    assert answer.json()["data"] == {
        "item": {"headline": "Deutsch", "locale": {"code": "de"}},
        "locales": [{"code": "de"}],
    }
