"""How long an answer may be kept, and how a caller learns that it still holds."""

import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import orjson
import pytest

from channels.models import Channel
from contenthub.api import freshness
from contenthub.content.catalogues import catalogues, purge_if_changed
from contenthub.content.models import ItemType
from contenthub.delivery import editions
from contenthub.delivery.models import Edition, IndexRow, PublishedExperiment, VariantRow
from locales.changes import ensure_locale
from taxonomy.changing import create_term
from tests.delivery.published import DAY, NOW, project, publish, text

ITEM = '{ item(key: "welcome") { headline } }'
LIST = '{ items(filter: {journey: {anyOf: ["journey:consider"]}}) { nodes { key } } }'


@pytest.fixture(autouse=True)
def _always_looking(monkeypatch):
    monkeypatch.setattr(freshness, "LOOK_EVERY_SECONDS", 0)


@pytest.fixture
def get(client):
    def get(query, variables=None, **headers):
        asked = {"query": query, **({"variables": orjson.dumps(variables).decode()} if variables else {})}
        return client.get("/graphql", asked, headers=headers)

    return get


def keys_of(response):
    return response.headers.get("Surrogate-Key", "").split()


def test_an_answer_that_still_holds_is_not_sent_again(hub, get):
    publish(project("welcome"))
    first = get(ITEM)

    again = get(ITEM, **{"If-None-Match": f'"other", {first.headers["ETag"]}'})

    assert (again.status_code, again.content) == (304, b"")
    for name in ("ETag", "Cache-Control", "Vary"):
        assert again.headers[name] == first.headers[name]


def test_no_table_of_content_is_read_to_know_that_an_answer_holds(hub, get, django_assert_num_queries):
    publish(project("welcome"))
    etag = get(ITEM).headers["ETag"]

    with django_assert_num_queries(2) as asked:
        get(ITEM, **{"If-None-Match": etag})

    tables = " ".join(query["sql"] for query in asked.captured_queries)
    assert "delivery_edition" in tables
    assert not [table for table in ("document", "indexrow", "termrow", "searchtext") if f"delivery_{table}" in tables]


@pytest.mark.parametrize(
    "change",
    [
        lambda: publish(project("welcome", {"en": text("Other")})),
        lambda: publish(project("another")),
        lambda: create_term("journey:new", labels={"en": "New"}),
        lambda: ensure_locale("fr"),
        lambda: Channel.objects.filter(code="channel:web").update(labels={"en": "Web!"}),
    ],
)
def test_whatever_answers_are_made_of_changes_the_etag(hub, get, change):
    publish(project("welcome"))
    etag = get(ITEM).headers["ETag"]

    change()

    assert get(ITEM, **{"If-None-Match": etag}).status_code == 200


def test_the_clock_alone_changes_the_etag_and_bounds_the_age(hub, get):
    publish(project("welcome", {"en": [text("Now", end=NOW + timedelta(seconds=20)), text("Then", start=NOW + DAY)]}))
    first = get(ITEM)
    assert first.headers["Cache-Control"] == "public, max-age=20"

    hub.move_to(NOW + timedelta(seconds=21))
    second = get(ITEM, **{"If-None-Match": first.headers["ETag"]})

    assert second.json()["data"] == {"item": None}
    assert second.headers["Cache-Control"] == "public, max-age=60"


def test_variants_and_experiments_that_come_and_go_bound_the_age_too(hub):
    publish(project("welcome"))
    row = IndexRow.objects.first()
    VariantRow.objects.create(
        item=row.item,
        document=row.document,
        locale_code="en",
        code="young",
        starts_at=NOW - 2 * DAY,
        ends_at=NOW + 2 * DAY,
        updated_at=NOW,
        targeting="{}",
        has_segments=False,
        has_markets=False,
        has_channels=False,
    )
    PublishedExperiment.objects.create(code="test", starts_at=NOW - DAY / 2, definition={})

    assert editions.boundaries(NOW) == (NOW - DAY / 2, NOW + 2 * DAY)
    assert editions.boundaries(NOW + 3 * DAY) == (NOW + 2 * DAY, None)


def test_the_age_is_that_of_the_connection_and_answers_of_servers_are_private(hub, get, connect):
    server, always_asking = connect("server", cache_seconds=300), connect("asking", cache_seconds=0)

    def told(key):
        return get(ITEM, Authorization=f"Bearer {key}").headers["Cache-Control"]

    assert (told(server), told(always_asking)) == ("private, max-age=300", "private, no-cache")


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ('query ($at: DateTime!) { item(key: "welcome", context: {at: $at}) { key } }', {"at": "2026-12-01T00:00:00Z"}),
        ("{ items(first: 0) { totalCount } }", None),
        ("{ nothing }", None),
    ],
)
def test_what_does_not_stay_right_is_not_kept(hub, get, query, variables):
    response = get(query, variables)

    assert response.headers["Cache-Control"] == "no-store"
    assert "ETag" not in response.headers


def test_an_answer_for_one_subject_is_not_for_caches_that_are_shared(hub, get):
    response = get('{ item(key: "welcome", context: {subject: "s-1"}) { key } }')

    assert response.headers["Cache-Control"] == "private, max-age=60"


def test_answers_to_posts_are_not_kept(hub, post):
    assert post(ITEM).headers["Cache-Control"] == "no-store"


def test_answers_in_other_scopes_have_other_etags(hub, get, connect):
    wide, narrow = connect("wide"), connect("narrow", item_types=["article"])

    assert (
        get(ITEM, Authorization=f"Bearer {wide}").headers["ETag"]
        != get(ITEM, Authorization=f"Bearer {narrow}").headers["ETag"]
    )


@pytest.mark.parametrize(
    ("query", "tags"),
    [
        (ITEM, ["item:welcome"]),
        ('{ a: item(key: "x y\\n") { key } b: item(key: "b") { key } }', ["item:b", "item:x%20y%0A"]),
        ('{ item(slug: "welcome") { key } }', ["items"]),
        ('{ item(key: "welcome") { references { key } } }', ["items"]),
        ('{ items(filter: {keys: ["a", "b"]}) { totalCount } }', ["item:a", "item:b"]),
        (LIST, ["term:journey:consider"]),
        ('{ items(filter: {journey: {anyOf: ["journey:weigh-up"]}}) { totalCount } }', ["term:journey:compare"]),
        ('{ items(filter: {campaign: {noneOf: ["campaign:winter"]}}) { totalCount } }', ["items"]),
        ("{ items { totalCount } }", ["items"]),
        ("{ facets { code } }", []),
    ],
)
def test_an_answer_is_kept_under_what_it_depends_on(hub, get, query, tags):
    response = get(query)

    assert "errors" not in response.json()
    assert keys_of(response) == ["hub", *tags]
    assert response.headers["Cache-Tag"].split(",") == ["hub", *tags]


def test_publishing_touches_the_item_its_type_and_every_term_it_stood_or_stands_under(hub):
    publish(project("welcome", terms=["journey:compare"]))
    publish(project("welcome", terms=["journey:buy"], type="offer"))
    publish(project("welcome", terms=["journey:buy"], type="offer"))

    made, changed = Edition.objects.values_list("tags", flat=True)
    assert made == ["item:welcome", "items", "term:journey:compare", "term:journey:consider", "type:article"]
    assert changed == [
        "item:welcome",
        "items",
        "term:journey:buy",
        "term:journey:compare",
        "term:journey:consider",
        "type:article",
        "type:offer",
    ]


def test_a_cache_in_front_is_told_what_was_touched(hub, settings, django_capture_on_commit_callbacks):
    with _Receiver() as received:
        settings.HUB_PURGE_URL = f"http://127.0.0.1:{received.server_port}/purge"
        settings.HUB_PURGE_HEADER = "Fastly-Key: abc"
        with django_capture_on_commit_callbacks(execute=True):
            publish(project("welcome"))

    ((headers, body),) = received.calls
    assert headers["Surrogate-Key"] == "item:welcome items type:article"
    assert headers["Fastly-Key"] == "abc"
    assert body == {"tags": ["item:welcome", "items", "type:article"]}


@pytest.mark.parametrize(
    "change",
    [
        lambda: create_term("journey:new", labels={"en": "New"}),
        lambda: Channel.objects.create(code="channel:new", kind="web", labels={"en": "New"}),
        lambda: ensure_locale("ko"),
        lambda: ItemType.objects.filter(code="article").update(labels={"en": "Renamed"}),
    ],
)
def test_a_cache_in_front_is_told_where_that_changed_which_all_answers_are_made_of(hub, settings, change):
    known = catalogues()
    with _Receiver() as received:
        settings.HUB_PURGE_URL = f"http://127.0.0.1:{received.server_port}/purge"
        assert purge_if_changed(known) == known
        change()
        assert purge_if_changed(known) != known

    assert [body for _, body in received.calls] == [{"tags": ["hub"]}]


def test_a_cache_that_cannot_be_told_stops_nothing(settings, caplog):
    settings.HUB_PURGE_URL = "http://127.0.0.1:9/purge"

    editions._call(["items"])

    assert "was not purged" in caplog.text


def test_long_answers_are_compressed(hub, get):
    publish(*(project(f"item-{number:03d}") for number in range(60)))
    query = "{ items(first: 60) { nodes { key headline } } }"

    packed, plain = get(query, **{"Accept-Encoding": "gzip"}), get(query)

    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.content) < len(plain.content) / 3
    assert "Accept-Encoding" in packed.headers["Vary"]


class _Receiver(HTTPServer):
    """A cache that takes purge calls and remembers them."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.calls = []
        self.done = threading.Event()

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.done.wait(10)
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.calls.append((dict(self.headers), orjson.loads(body)))
        self.send_response(200)
        self.end_headers()
        self.server.done.set()

    def log_message(self, *_):
        pass
