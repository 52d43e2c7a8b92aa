"""What variants cost: resolving many of one item, and lists over what readers get."""

import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from tests.bench.corpus import SEED, analyze, load_corpus, own_terms
from tests.bench.measuring import Row, cost, say

EACH = 5  # variants of every text
MANY = 200  # variants of one text

PLAIN = 'query ($after: String) { items(first: 20, after: $after, context: {locale: "ja"}) { nodes { %s } } }'
AIMED = """query ($context: ContextInput!) { items(first: 20, context: $context) { nodes { %s } } }"""
FIELDS = "key headline summary locale { code } publishedAt terms { code label }"
ONE = "query ($key: String!, $context: ContextInput!) { item(key: $key, context: $context) { headline summary } }"


def measure(folder: Path) -> Iterator[Row]:
    from django.test import Client

    load_corpus(folder)
    client = Client()

    def asking(query: str, **variables: object) -> dict:
        answer = client.post("/graphql", {"query": query, "variables": variables}, "application/json").json()
        assert "errors" not in answer, answer
        return answer["data"]

    maker = variant_maker()
    segments = random.sample(own_terms()["segment"], 3)
    context = {"locale": "ja", "segments": segments, "market": "market:JP"}
    yield resolving(maker)
    before = cost(lambda: asking(PLAIN % FIELDS))
    load_variants(maker)
    without = cost(lambda: asking(PLAIN % FIELDS))
    aimed = cost(lambda: asking(AIMED % FIELDS, context=context))
    yield list_row("items with a context", aimed, without, "items without one")
    yield list_row("items without a context", without, before, "the same before there were variants")
    one = cost(lambda: asking(ONE, key="article/bench-0", context={**context, "locale": "en"}))
    yield (f"item with {MANY} variants, ms", f"{one[0] * 1000:.1f}", "", "")


def resolving(maker) -> Row:
    """Return what resolving one item costs by itself."""
    from contenthub.delivery.resolving import resolve

    base = {"headline": "base", "summary": "base", "cta": None, "image": None, "texts": [], "fields": []}
    variants, standing = maker.variants(MANY, texts=("short", "push_title")), maker.standing()
    wall, _ = cost(lambda: resolve(base, variants, standing, maker.now))
    return (f"resolve {MANY} variants of one item, ms", f"{wall * 1000:.3f}", "< 2", "")


def list_row(name: str, one: tuple[float, float], other: tuple[float, float], beside: str) -> Row:
    ratio = f"{one[0] / other[0]:.2f} x {beside} ({other[0] * 1000:.1f} ms)"
    return (f"{name}, 20 with 6 tags, ms", f"{one[0] * 1000:.1f}", "< 1.3 x", ratio)


def variant_maker():
    """Return a maker of variants over the segments, markets and channels of the hub."""
    from django.utils import timezone

    from channels.registry import channel_registry
    from taxonomy.snapshot import taxonomy_snapshot
    from tests.delivery.corpora import VariantMaker

    facets = taxonomy_snapshot().facets
    parents = {
        facet: {term.code: term.parent and term.parent.code for term in facets[facet].by_code.values()}
        for facet in ("segment", "market")
    }
    channels = {entry.code: entry.parent for entry in channel_registry().by_code.values()}
    now = timezone.now()
    return VariantMaker(SEED, segments=parents["segment"], markets=parents["market"], channels=channels, now=now)


def load_variants(maker) -> None:
    """Give every text in the store some variants, and the first item's many, unless they are there."""
    from contenthub.delivery.models import IndexRow, VariantRow
    from contenthub.delivery.variantstore import mark_items

    if VariantRow.objects.exists():
        return
    say(f"Publishing {EACH} variants of every text")
    rows = IndexRow.objects.filter(is_fallback=False).order_by("key")
    texts = list(rows.values_list("item_id", "key", "document__locale_code"))
    for start in range(0, len(texts), 1000):
        write_variants(texts[start : start + 1000], maker, EACH)
    write_variants([text for text in texts if text[1] == "article/bench-0"], maker, MANY, start=EACH)
    items = sorted({item_id for item_id, _, _ in texts})
    for start in range(0, len(items), 500):
        mark_items(items[start : start + 500])
    analyze()


def write_variants(texts: list[tuple[int, str, str]], maker, count: int, start: int = 0) -> None:
    """Put variants into the store in bulk, in the form in which publishing writes them."""
    from contenthub.delivery.bulk import insert_rows
    from contenthub.delivery.documents import VariantPublication, finish_variant
    from contenthub.delivery.models import Document, VariantRow, VariantTermRow
    from contenthub.delivery.variantstore import variant_row
    from taxonomy.snapshot import taxonomy_snapshot

    made = []
    for item_id, key, locale in texts:
        for number in range(start, count):
            one = maker.variant(f"v{number}")
            since = maker.now - timedelta(days=random.randint(1, 99))
            publication = VariantPublication(one.code, since, since, since, one.targeting, one.head, one.body)
            made.append((item_id, finish_variant(key, locale, publication)))
    documents = Document.objects.bulk_create(
        Document(
            item_id=item_id,
            locale_code=finished.locale,
            variant=finished.publication.code,
            version=finished.version,
            head=finished.head,
            body=finished.body,
            served_from=finished.publication.start,
        )
        for item_id, finished in made
    )
    rows = VariantRow.objects.bulk_create(
        variant_row(item_id, document.pk, finished)
        for (item_id, finished), document in zip(made, documents, strict=True)
    )
    ids = {term.code: term.id for facet in taxonomy_snapshot().facets.values() for term in facet.by_code.values()}
    targets = ((row.pk, finished.publication.targeting) for row, (_, finished) in zip(rows, made, strict=True))
    insert_rows(
        VariantTermRow._meta.db_table,
        ("row_id", "term_id"),
        ((pk, ids[code]) for pk, target in targets for code in (*target.segments, *target.markets)),
    )
