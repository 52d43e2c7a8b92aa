"""No answer holds what is not on air: a secret stands in every unpublished place, and every root field is asked."""

import base64

import orjson
import pytest

from contenthub.api import cost
from contenthub.api.schema import schema
from contenthub.content.publishing import unschedule
from contenthub.delivery.models import Document
from taxonomy.changing import create_term
from tests.api.walking import selection
from tests.channels.factories import ChannelFactory
from tests.content.editing import draft, localize, publish, schedule
from tests.content.factories import FieldDefinitionFactory, ItemFactory, ItemTypeFactory, VariantFactory
from tests.content.times import HOUR, NOON, SECOND

MARK = "zzsecretzz"
TAGS = ("en", "de", "ja", "ko", "de-CH")
# Terms are public as terms; what may not be told is that items carry these.
SECRET_TERM, OPEN_TERM = "journey:secret", "journey:open"


@pytest.fixture(autouse=True)
def _open_house(settings, doors):
    """The hub as it is, its doors upwards open, unlike in the other tests of the API."""
    settings.HUB_ANONYMOUS_ACCESS = True
    settings.HUB_ANONYMOUS_RIGHTS = ["time", "variants", "introspection"]


@pytest.fixture(autouse=True)
def _whatever_it_costs(monkeypatch):
    """Everything is asked for at once here; how much that may be is another matter."""
    monkeypatch.setattr(cost, "MOST_RECORDS", 10**9)


@pytest.fixture
def planted(clock):
    """A hub with the mark in every unpublished place; return the keys of items that have nothing on air."""
    open_term, secret_term = (create_term(code, labels={"en": code}) for code in (OPEN_TERM, SECRET_TERM))
    channel = ChannelFactory(code="channel:secret")
    kind = ItemTypeFactory()
    FieldDefinitionFactory(item_type=kind, name="note")
    body = [
        {"type": "heading", "id": "1", "value": {"text": MARK, "level": "2"}},
        {"type": "item_reference", "id": "2", "value": {"key": f"draft-{MARK}", "role": "related"}},
    ]
    secrets = {
        "headline": MARK,
        "summary": MARK,
        "slug": MARK,
        "cta_label": MARK,
        "cta_link": f"https://{MARK}.example/",
        "image_alt": MARK,
        "own_fields": {"note": MARK},
        "body": body,
        "internal_title": MARK,
    }

    live = ItemFactory(
        key="live", terms=[open_term], internal_title=MARK, references=[("related", f"draft-{MARK}")], published=True
    )
    german = publish(localize(live, "de"), internal_title=MARK)
    draft(live, **{**secrets, "slug": f"{MARK}-live"}, terms=[secret_term])
    draft(german, **{**secrets, "slug": f"{MARK}-de"})

    ItemFactory(key=f"draft-{MARK}", **{**secrets, "slug": f"{MARK}-draft"}, terms=[secret_term], channels=[channel])

    expired = publish(
        ItemFactory(key=f"expired-{MARK}"),
        **{**secrets, "slug": f"{MARK}-expired"}, terms=[secret_term], expire_at=NOON + HOUR,
    )  # fmt: skip
    publish(localize(expired, "de"), **{**secrets, "slug": f"{MARK}-expired"}, expire_at=NOON + HOUR)

    schedule(
        ItemFactory(key=f"later-{MARK}"), NOON + 9 * HOUR, **{**secrets, "slug": f"{MARK}-later"}, terms=[secret_term]
    )

    changing = ItemFactory(key="changing", slug="changing", terms=[open_term], published=True)
    schedule(changing, NOON + 9 * HOUR, **{**secrets, "slug": f"{MARK}-changing"}, terms=[secret_term])
    schedule(localize(changing, "ja"), NOON + 9 * HOUR, **{**secrets, "slug": f"{MARK}-ja"})

    gone = publish(ItemFactory(key=f"gone-{MARK}"), **{**secrets, "slug": f"{MARK}-gone"}, terms=[secret_term])
    gone.unpublish()
    draft(gone, **{**secrets, "slug": f"{MARK}-gone"}, terms=[secret_term])

    called_off = ItemFactory(key="called-off", slug="called-off", terms=[open_term], published=True)
    called_off = schedule(called_off, NOON + SECOND, **{**secrets, "slug": f"{MARK}-off"}, terms=[secret_term])
    unschedule(called_off, called_off.scheduled_revision)

    deleted = publish(ItemFactory(key=f"deleted-{MARK}"), **{**secrets, "slug": f"{MARK}-deleted"})
    deleted.delete()

    VariantFactory(localization=live, code=f"draft-{MARK}", overrides={"headline": MARK, "summary": MARK})
    drafted = VariantFactory(localization=live, code="drafted", overrides={"headline": "On air"}, published=True)
    drafted.headline = MARK
    drafted.save_revision()
    over = VariantFactory(localization=live, code=f"over-{MARK}", overrides={"headline": MARK})
    over.expire_at = NOON + HOUR
    over.save_revision().publish()

    clock.move_to(NOON + 2 * HOUR)
    return [f"{name}-{MARK}" for name in ("draft", "expired", "later", "gone", "deleted")]


def ids_of(keys):
    """Return ids as the API would give them out for items in every locale."""
    for key in keys:
        for tag in TAGS:
            named = orjson.dumps(["Item", key, tag, "CHAIN", None, []])
            yield base64.urlsafe_b64encode(named).decode().rstrip("=")


def questions(keys):
    """Yield root fields with their arguments; every root field is among them."""
    everything = [*keys, "live", "changing", "called-off"]
    listed = orjson.dumps(everything).decode()
    for tag in TAGS:
        context = f'context: {{locale: "{tag}"}}'
        for key in everything:
            yield "item", f'key: "{key}", {context}', 2
        for slug in ("live", "draft", "expired", "later", "changing", "ja", "de", "gone", "off", "deleted"):
            yield "item", f'slug: "{MARK}-{slug}", {context}', 1
        yield "items", f"{context}, first: 10", 3
        yield "items", f"{context}, filter: {{keys: {listed}}}", 2
        yield "items", f'{context}, filter: {{search: "{MARK}"}}', 1
        yield "items", f'{context}, filter: {{search: "{MARK}"}}, orderBy: RELEVANCE', 1
        yield "items", f'{context}, filter: {{journey: {{anyOf: ["{SECRET_TERM}"]}}}}', 1
        yield "items", f'{context}, filter: {{channels: ["channel:secret"], keys: {orjson.dumps(keys).decode()}}}', 1
        yield "decide", f"{context}, first: 10", 3
        yield "variants", f'locale: "{tag}", first: 10', 2
    yield "experiments", "", 1
    for node in ids_of(everything):
        yield "node", f'id: "{node}"', 1
    for version, served_from in Document.objects.values_list("version", "served_from"):
        if served_from > NOON + 2 * HOUR:
            yield "version", f'id: "{version}"', 1
    yield "term", f'code: "{OPEN_TERM}"', 1
    yield "terms", 'facet: "journey"', 1
    yield "facet", 'code: "journey"', 1
    yield "channel", 'code: "channel:secret"', 1
    yield "locale", 'code: "de"', 1
    yield "itemType", 'code: "article"', 1
    for name in ("facets", "channels", "locales", "itemTypes"):
        yield name, "", 1


def asked(post, name, arguments, depth):
    field = schema.graphql_schema.query_type.fields[name]
    arguments = f"({arguments})" if arguments else ""
    answer = post(f"{{ asked: {name}{arguments} {selection(field.type, depth)} }}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_no_answer_holds_what_is_not_on_air(planted, post):
    roots = set()
    for name, arguments, depth in questions(planted):
        roots.add(name)

        answer = asked(post, name, arguments, depth)

        assert "errors" not in answer, (name, arguments, answer["errors"])
        text = orjson.dumps(answer["data"]).decode()
        assert MARK not in text, (name, arguments)

    assert roots == set(schema.graphql_schema.query_type.fields)


def test_counts_do_not_count_what_is_not_on_air(planted, post):
    query = """query ($tag: LocaleCode, $filter: ItemFilter) { items(context: {locale: $tag}, filter: $filter) {
      totalCount facetCounts(facet: "journey") { term { code } count } } }"""
    secret = {"journey": {"anyOf": [SECRET_TERM]}}

    for tag, count in {"en": 3, "de": 3, "ja": 2, "ko": 3, "de-CH": 3}.items():
        counted = post(query, {"tag": tag}).json()["data"]["items"]
        hidden = post(query, {"tag": tag, "filter": secret}).json()["data"]["items"]

        assert counted == {"totalCount": count, "facetCounts": [{"term": {"code": OPEN_TERM}, "count": count}]}
        assert hidden == {"totalCount": 0, "facetCounts": []}


def test_a_version_not_yet_on_air_is_not_told(planted, post):
    versions = list(Document.objects.filter(served_from__gt=NOON + 2 * HOUR).values_list("version", flat=True))

    assert len(versions) == 3
    for version in versions:
        answer = post("query ($id: ID!) { version(id: $id) { key } }", {"id": version}).json()
        assert answer["data"] == {"version": None}


def test_what_was_only_ever_scheduled_and_called_off_left_no_document(planted):
    assert not Document.objects.filter(item__key="called-off", head__contains=MARK).exists()


def test_on_its_instant_everything_scheduled_is_told(planted, post, clock):
    clock.move_to(NOON + 9 * HOUR)

    answer = asked(post, "items", 'filter: {search: "' + MARK + '"}', 1)

    keys = {node["key"] for node in answer["data"]["asked"]["nodes"]}
    assert keys == {f"later-{MARK}", "changing"}
