from tests.api.test_items import BASE, IMAGE
from tests.delivery.published import project, publish, text

FIELDS = """
  __typename name
  ... on TextValue { text }
  ... on NumberValue { number }
  ... on BooleanValue { boolean }
  ... on DateValue { date dateText: formatted }
  ... on MoneyValue { amount currency moneyText: formatted }
  ... on LinkValue { link { kind url item { key } } }
  ... on ImageValue { images { url alt } }
  ... on ItemValue { items { key headline } }
  ... on TermValue { terms { code label } }
"""


def test_each_kind_of_field_has_a_value_of_its_own(hub, ask):
    publish(
        project("other", {"de": text("Anderes")}),
        project(
            "offer",
            {"de": text("Angebot", fields=[{"name": "note", "kind": "text", "value": "Nur heute"}])},
            type="offer",
            fields=[
                {"name": "weight", "kind": "number", "value": 1.5},
                {"name": "is_new", "kind": "boolean", "value": True},
                {"name": "until", "kind": "date", "value": "2026-12-01"},
                {"name": "price", "kind": "money", "value": {"amount": "1234.50", "currency": "EUR"}},
                {"name": "shop", "kind": "link", "value": {"kind": "URL", "url": "https://example.org/"}},
                {"name": "gallery", "kind": "image", "value": [IMAGE]},
                {"name": "goes_with", "kind": "item", "value": ["other", "gone", "other"]},
                {"name": "place", "kind": "term", "value": ["market:JP"]},
            ],
        ),
    )

    asked = f'fields {{ {FIELDS} }} field(name: "price") {{ name }}'
    item = ask(f'{{ item(key: "offer", context: {{locale: "de"}}) {{ {asked} }} }}')["item"]

    assert item["field"] == {"name": "price"}
    assert item["fields"] == [
        {"__typename": "NumberValue", "name": "weight", "number": 1.5},
        {"__typename": "BooleanValue", "name": "is_new", "boolean": True},
        {"__typename": "DateValue", "name": "until", "date": "2026-12-01", "dateText": "1. Dezember 2026"},
        {
            "__typename": "MoneyValue",
            "name": "price",
            "amount": "1234.50",
            "currency": "EUR",
            "moneyText": "1.234,50\N{NO-BREAK SPACE}€",
        },
        {
            "__typename": "LinkValue",
            "name": "shop",
            "link": {"kind": "URL", "url": "https://example.org/", "item": None},
        },
        {
            "__typename": "ImageValue",
            "name": "gallery",
            "images": [{"url": f"{BASE}/media/a.webp", "alt": "A bicycle"}],
        },
        {"__typename": "ItemValue", "name": "goes_with", "items": [{"key": "other", "headline": "Anderes"}]},
        {"__typename": "TermValue", "name": "place", "terms": [{"code": "market:JP", "label": "Japan"}]},
        {"__typename": "TextValue", "name": "note", "text": "Nur heute"},
    ]


def test_money_is_written_as_in_the_locale_that_is_served(hub, ask):
    price = {"name": "price", "kind": "money", "value": {"amount": "9.90", "currency": "EUR"}}
    publish(project("offer", {"en": text()}, fields=[price]))

    field = ask("""{
      item(key: "offer", context: {locale: "de"}) { field(name: "price") { ... on MoneyValue { formatted } } }
    }""")["item"]["field"]

    assert field == {"formatted": "€9.90"}


def test_a_call_to_action_leads_to_another_item(hub, ask):
    cta = {"label": "More", "link": {"kind": "ITEM", "key": "target"}, "action": "action:learn"}
    gone = {"label": "More", "link": {"kind": "ITEM", "key": "gone"}, "action": None}
    mail = {"label": "Write", "link": {"kind": "EMAIL", "url": "mailto:a@example.org"}, "action": None}
    nowhere = {"label": "Nothing", "link": None, "action": None}
    publish(
        project("target", {"en": text("Target")}),
        *(
            project(f"item-{name}", {"en": text(cta=each)})
            for name, each in (("a", cta), ("b", gone), ("c", mail), ("d", nowhere))
        ),
    )

    nodes = ask("""{
      items(filter: {keys: ["item-a", "item-b", "item-c", "item-d"]}) {
        nodes { callToAction { label link { kind url item { headline } } action { code } } }
      }
    }""")["items"]["nodes"]

    assert [node["callToAction"] for node in nodes] == [
        {
            "label": "More",
            "link": {"kind": "ITEM", "url": "item:target", "item": {"headline": "Target"}},
            "action": {"code": "action:learn"},
        },
        {"label": "More", "link": {"kind": "ITEM", "url": "item:gone", "item": None}, "action": None},
        {
            "label": "Write",
            "link": {"kind": "EMAIL", "url": "mailto:a@example.org", "item": None},
            "action": None,
        },
        None,
    ]
