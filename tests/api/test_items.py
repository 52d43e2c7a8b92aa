import pytest

from contenthub.delivery.documents import make_export_key
from tests.delivery.published import DAY, NOW, project, publish, text

BASE = "http://127.0.0.1:8000"
IMAGE = {
    "url": "/media/a.webp",
    "alt": "A bicycle",
    "caption": None,
    "credit": "Somebody",
    "width": 800,
    "height": 600,
    "focal_point": {"x": 0.5, "y": 0.25},
    "sources": [{"url": "/media/a-400.webp", "width": 400, "height": 300, "mime_type": "image/webp"}],
}


def test_an_item_shows_what_was_published(hub, ask):
    publish(
        project(
            "offers/spring",
            {
                "en": text(
                    "Spring",
                    summary="Flowers",
                    slug="spring",
                    start=NOW - DAY,
                    end=NOW + DAY,
                    published_at=NOW - 3 * DAY,
                    updated_at=NOW - 2 * DAY,
                    texts={"push_title": "It blooms"},
                    image=IMAGE,
                    blocks=[{"type": "legal_note", "id": "n", "text": "While it lasts."}],
                )
            },
            type="offer",
        )
    )

    item = ask("""{
      item(key: "offers/spring") {
        key exportKey slug headline summary isFallback requestedLocale
        type { code label(locale: "de") }
        locale { code name(locale: "de") direction }
        texts { name text }
        push: text(name: "push_title")
        missing: text(name: "nothing")
        image {
          url alt caption credit width height
          focalPoint { x y }
          sources { url width height mimeType }
        }
        callToAction { label }
        body(format: PLAIN)
        channels { code }
        publishedAt updatedAt validFrom validUntil nextChangeAt
      }
    }""")["item"]

    assert item == {
        "key": "offers/spring",
        "exportKey": make_export_key("offers/spring"),
        "slug": "spring",
        "headline": "Spring",
        "summary": "Flowers",
        "isFallback": False,
        "requestedLocale": "en",
        "type": {"code": "offer", "label": "Angebot"},
        "locale": {"code": "en", "name": "Englisch", "direction": "LTR"},
        "texts": [{"name": "push_title", "text": "It blooms"}],
        "push": "It blooms",
        "missing": None,
        "image": {
            "url": f"{BASE}/media/a.webp",
            "alt": "A bicycle",
            "caption": None,
            "credit": "Somebody",
            "width": 800,
            "height": 600,
            "focalPoint": {"x": 0.5, "y": 0.25},
            "sources": [{"url": f"{BASE}/media/a-400.webp", "width": 400, "height": 300, "mimeType": "image/webp"}],
        },
        "callToAction": None,
        "body": "While it lasts.",
        "channels": [],
        "publishedAt": (NOW - 3 * DAY).isoformat(),
        "updatedAt": (NOW - 2 * DAY).isoformat(),
        "validFrom": None,
        "validUntil": None,
        "nextChangeAt": (NOW + DAY).isoformat(),
    }


def test_a_bare_item_has_nulls_and_empty_lists(hub, ask):
    publish(project("bare"))

    item = ask("""{
      item(key: "bare") {
        slug summary body image { url } callToAction { label } nextChangeAt
        texts { name } fields { name } field(name: "price") { name } blocks { id } terms { code }
        references { key } channels { code }
      }
    }""")["item"]

    nothing = ("slug", "summary", "body", "image", "callToAction", "nextChangeAt", "field")
    empty = ("texts", "fields", "blocks", "terms", "references", "channels")
    assert item == {**dict.fromkeys(nothing), **{name: [] for name in empty}}


def test_terms_come_by_facet_in_the_editors_order_with_labels_of_the_context(hub, ask):
    terms = ["product:relay", "product:vpn-mobile", "journey:compare", "market:JP", "action:learn"]
    publish(project("tagged", terms=terms))

    item = ask("""{
      item(key: "tagged", context: {locale: "de-CH"}) {
        journey { code label } campaign { code } product { code label } segment { code } action { code }
        terms { code }
        markets: terms(facet: "market") { label }
      }
    }""")["item"]

    assert item == {
        "journey": [{"code": "journey:compare", "label": "journey:compare auf Deutsch"}],
        "campaign": [],
        "product": [
            {"code": "product:relay", "label": "product:relay auf Deutsch"},
            {"code": "product:vpn-mobile", "label": "product:vpn-mobile auf Deutsch"},
        ],
        "segment": [],
        "action": [{"code": "action:learn"}],
        "terms": [{"code": code} for code in terms],
        "markets": [{"label": "Japan"}],
    }


def test_terms_of_an_unknown_facet_are_refused(hub, refused):
    publish(project("tagged"))

    code, message, _ = refused('{ item(key: "tagged") { terms(facet: "mood") { code } } }')

    assert (code, message) == ("UNKNOWN_CODE", "There is no facet 'mood'.")


def test_references_are_seen_in_the_same_context(hub, ask):
    publish(
        project(
            "start",
            references=[("related", "web"), ("related", "mail"), ("next", "web"), ("next", "gone"), ("next", "later")],
        ),
        project("web", {"en": text("Web"), "de": text("Netz")}, channels=["channel:web"]),
        project("mail", channels=["channel:email"]),
        project("later", {"en": text(start=NOW + DAY)}),
    )

    item = ask("""{
      item(key: "start", context: {locale: "de", channel: "channel:web-page"}) {
        all: references { key headline }
        next: references(role: "next") { headline }
        none: references(role: "other") { key }
      }
    }""")["item"]

    assert item == {
        "all": [{"key": "web", "headline": "Netz"}],
        "next": [{"headline": "Netz"}],
        "none": [],
    }


def test_localizations_are_the_own_texts_on_air(hub, ask):
    publish(
        project(
            "welcome",
            {
                "en": text(slug="welcome", published_at=NOW - 2 * DAY),
                "de": text(is_stale=True, published_at=NOW - DAY),
                "ja": text(start=NOW + DAY),
            },
        )
    )

    item = ask("""{
      item(key: "welcome", context: {locale: "de-CH"}) {
        isFallback
        requestedLocale
        localizations { locale { code name } slug publishedAt isStale }
      }
    }""")["item"]

    assert item == {
        "isFallback": True,
        "requestedLocale": "de-CH",
        "localizations": [
            {
                "locale": {"code": "de", "name": "Deutsch"},
                "slug": None,
                "publishedAt": (NOW - DAY).isoformat(),
                "isStale": True,
            },
            {
                "locale": {"code": "en", "name": "Englisch"},
                "slug": "welcome",
                "publishedAt": (NOW - 2 * DAY).isoformat(),
                "isStale": False,
            },
        ],
    }


@pytest.mark.parametrize("items", [2, 20])
@pytest.mark.parametrize(
    ("selection", "statements"),
    [
        ("headline", 2),
        ("type { code }", 2),
        ("body", 2),
        ("...Text", 2),
        ("blocks @include(if: false) { id }", 2),
        ("references { headline body }", 3),
        ('references { headline } next: references(role: "next") { body }', 4),
        ("localizations { slug }", 3),
        ("journey { label }", 3),
        ("channels { label }", 4),
        ("type { label fields { name } rules { minimum } }", 5),
    ],
)
def test_each_selection_costs_a_fixed_number_of_statements(
    hub, ask, django_assert_num_queries, items, selection, statements
):
    publish(
        *(
            project(
                f"item-{n}",
                terms=["journey:compare"],
                channels=["channel:web"],
                references=[("next", f"item-{n + 1}")],
            )
            for n in range(items)
        )
    )
    fragment = "fragment Text on Item { body blocks { id } }" if "...Text" in selection else ""
    query = f"{{ items(first: 50) {{ nodes {{ key {selection} }} }} }} {fragment}"
    ask(query)  # the taxonomy is read into memory once a process

    with django_assert_num_queries(statements):
        nodes = ask(query)["items"]["nodes"]

    assert len(nodes) == items
