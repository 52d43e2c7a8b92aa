"""The published example data, where it lies beside the repository: loaded, compared and asked about."""

import json
import re
from collections import Counter
from html import unescape
from pathlib import Path

import pytest
from django.db import transaction
from wagtail.models import Revision

from channels.loading import load_channels
from contenthub.content.exchange.importing import import_content
from contenthub.content.models import ContentItem
from contenthub.content.publishing import differences
from contenthub.delivery.models import Document, IndexRow
from contenthub.delivery.search import folded
from locales.catalogue import locale_catalogue
from locales.cldr import direction
from taxonomy.loading import load
from taxonomy.snapshot import taxonomy_snapshot
from tests.content.files import counts, exported

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
CONTENT = SHARED / "content" / "items.jsonl"
FACETS = ("journey", "campaign", "product", "segment", "action")

pytestmark = [
    pytest.mark.skipif(not CONTENT.exists(), reason=f"the example data is not there: {CONTENT}"),
    pytest.mark.django_db,
    pytest.mark.usefixtures("hub"),
]


@pytest.fixture(scope="module")
def hub(django_db_setup, django_db_blocker):
    """A hub with the example data, filled once and emptied after all tests of this module."""
    with django_db_blocker.unblock(), transaction.atomic():
        load([SHARED / "taxonomy" / f"{facet}.json" for facet in FACETS])
        load_channels(SHARED / "taxonomy" / "channel.json")
        yield import_content(CONTENT)
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def lines():
    """The lines of the file by item and locale."""
    parsed = map(json.loads, CONTENT.read_text(encoding="utf-8").splitlines())
    return {(line["id"], line["locale"]): line for line in parsed}


@pytest.fixture(scope="module")
def expected():
    return json.loads((SHARED / "expected.json").read_text())["content/items.jsonl"]


@pytest.fixture
def found(ask):
    """Return the keys of all items that match, and each item's locale, as GraphQL answers."""

    def found(filter: dict, locale: str, fallback: str = "CHAIN") -> dict[str, str]:
        query = """query ($filter: ItemFilter, $locale: LocaleCode, $fallback: Fallback!, $after: String) {
            items(filter: $filter, context: {locale: $locale, fallback: $fallback}, first: 100, after: $after) {
                totalCount nodes { key locale { code } } pageInfo { hasNextPage endCursor } } }"""
        nodes, after = [], None
        while True:
            page = ask(query, filter=filter, locale=locale, fallback=fallback, after=after)["items"]
            nodes += page["nodes"]
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                break
        assert page["totalCount"] == len(nodes)
        return {node["key"]: node["locale"]["code"] for node in nodes}

    return found


def served(lines: dict, locale: str) -> dict[str, dict]:
    """Return by item the line that a request for ``locale`` is answered with."""
    chain = locale_catalogue().by_code[locale].chain
    items = {key for key, _ in lines}
    options = ((key, next((lines[key, tag] for tag in chain if (key, tag) in lines), None)) for key in items)
    return {key: line for key, line in options if line}


def tags(line: dict) -> set[str]:
    return {code for codes in line["tags"].values() for code in codes}


def with_ancestors(codes: set[str]) -> set[str]:
    terms = [taxonomy_snapshot().get(code) for code in codes]
    return codes | {above.code for term in terms for above in term.ancestors}


def test_the_hub_holds_what_was_expected(hub, lines, expected):
    rows = list(ContentItem.objects.select_related("locale", "type"))

    assert counts(hub) == (expected["variants"], 0, 0, 0)
    assert len({row.key for row in rows}) == expected["items"]
    assert Counter(row.locale.language_code for row in rows) == expected["by_locale"]
    assert Counter(row.type.code for row in rows) == expected["by_kind"]
    assert sum(direction(row.locale.language_code).lower() == "rtl" for row in rows) == expected["rtl"]
    assert sum(not row.cta_label for row in rows) == expected["without_cta"]
    assert sum(len(row.body.raw_data) for row in rows) == expected["blocks"]
    assert sum(row.extra["coverage"] < 1 for row in rows) == expected["coverage_below_1"]
    assert (
        sum(row.extra["summary_origin"] == "first-paragraph" for row in rows)
        == (expected["summary_from_first_paragraph"])
    )
    of_items = Counter(row.key for row in rows).values()
    assert sum(number == len(expected["by_locale"]) for number in of_items) == expected["items_in_every_locale"]
    length, tag, title = expected["longest_title"]
    assert max(len(row.headline) for row in rows) == length == len(title)
    assert any((row.headline, row.locale.language_code) == (title, tag) for row in rows)
    assert all(row.live and row.is_source == (row.locale.language_code == "en") for row in rows)


def test_the_items_are_tagged_as_expected(expected):
    used = (
        ContentItem.objects.values_list("classification__term__facet__code", "classification__term_id")
        .order_by()
        .distinct()
    )

    assert Counter(facet for facet, _ in used if facet) == expected["distinct_terms_used"]


def test_importing_again_writes_nothing():
    def everything():
        return {
            model: list(model.objects.order_by("pk").values()) for model in (ContentItem, Revision, Document, IndexRow)
        }

    before = everything()

    report = import_content(CONTENT)

    assert counts(report) == (0, 0, 1141, 0)
    assert everything() == before


def test_the_export_equals_the_file(tmp_path, lines):
    back = exported(tmp_path)

    assert {(line["id"], line["locale"]): line for line in back} == lines
    assert [line["id"] for line in back] == sorted(line["id"] for line in back)


def test_the_published_store_holds_what_the_items_say():
    assert list(differences()) == []


@pytest.mark.parametrize("locale", ["en", "ja", "ar", "pt-BR"])
def test_each_locale_is_served_its_own_text_or_the_next(lines, found, locale):
    wanted = {key: line["locale"] for key, line in served(lines, locale).items()}

    assert found({}, locale) == wanted
    assert found({}, locale, "NONE") == {key: tag for key, tag in wanted.items() if tag == locale}


@pytest.mark.parametrize(
    ("facet", "codes"),
    [
        ("journey", ["journey:consider"]),
        ("journey", ["journey:aware", "journey:use"]),
        ("product", ["product:so-1"]),
        ("segment", ["segment:int"]),
        ("action", ["action:act"]),
    ],
)
def test_a_filter_finds_what_a_search_by_hand_finds(lines, found, facet, codes):
    taxonomy = taxonomy_snapshot()
    used = sorted({code for line in lines.values() for code in line["tags"][facet]})
    codes = [code for code in codes if taxonomy.find(code)] or used[:2]
    texts = served(lines, "de")

    below = found({facet: {"anyOf": codes}}, "de")
    exact = found({facet: {"allOf": used[:1], "depth": "SELF"}}, "de")
    without = found({facet: {"noneOf": codes}}, "de")

    def under(line):
        return bool(with_ancestors(set(line["tags"][facet])) & set(codes))

    assert set(below) == {key for key, line in texts.items() if under(line)}
    assert set(exact) == {key for key, line in texts.items() if used[0] in line["tags"][facet]}
    assert set(without) == {key for key, line in texts.items() if not under(line)}


def test_types_and_channels_filter(lines, found):
    texts = served(lines, "ko")
    channel = sorted({code for line in lines.values() for code in line["channels"]})[0]

    assert set(found({"types": ["email"]}, "ko")) == {key for key, line in texts.items() if line["kind"] == "email"}
    assert set(found({"channels": [channel]}, "ko")) == {
        key for key, line in texts.items() if channel in line["channels"]
    }


@pytest.mark.parametrize("facet", FACETS)
def test_facet_counts_are_those_counted_by_hand(lines, ask, facet):
    counted = Counter(
        code
        for line in served(lines, "ja").values()
        if line["kind"] == "page"
        for code in with_ancestors(set(line["tags"][facet]))
    )

    query = """query ($facet: String!) { items(filter: {types: ["page"]}, context: {locale: "ja"}) {
        facetCounts(facet: $facet) { term { code } count } } }"""
    answer = ask(query, facet=facet)["items"]["facetCounts"]

    assert {entry["term"]["code"]: entry["count"] for entry in answer} == counted


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en", "password"),
        ("en", "Firefox browser"),
        ("de", "datenschutz"),
        ("fr", "securite"),
        ("ja", "パスワード"),
        ("ja", "保護"),
        ("ko", "브라우저"),
        ("zh-CN", "隐私"),
        ("ar", "متصفح"),
    ],
)
def test_search_finds_what_reading_finds(lines, found, locale, words):
    def holds(line):
        text = folded("\n".join(readable(line)))
        return all(stands_in(folded(word), text) for word in words.split())

    wanted = {key for key, line in served(lines, locale).items() if holds(line)}

    assert wanted
    assert set(found({"search": words}, locale)) == wanted


def readable(line: dict) -> list[str]:
    """Return all that a reader sees of a line."""
    body = [block["text"] if "text" in block else plain(block["html"]) for block in line["body"]]
    return [line["title"], line["summary"], *body, (line["cta"] or {}).get("label", "")]


def plain(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", lambda tag: "\n" if tag.group() in ("<p>", "</p>") else "", html))


def stands_in(word: str, text: str) -> bool:
    """Return whether a word stands in a text: anywhere in scripts that do not part words, else between spaces."""
    if re.search("[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]", word):
        return word in text
    return word in re.findall(r"[^\W_]+", re.sub("[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]+", " ", text))
