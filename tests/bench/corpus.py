"""The items that are measured: made from a seed, six tags each, some far more often than others, in three languages."""

import json
import os
import random
from pathlib import Path

from tests.bench.measuring import say

ITEMS = int(os.environ.get("BENCH_ITEMS", "10000"))
SEED = 2027
LOCALES = ("en", "ja", "de")
FACETS = ("journey", "campaign", "product", "segment", "action")
TAGS = 6
ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "data" / "taxonomy"
DEMO = ROOT / "contenthub" / "demo" / "data"

WORDS = {
    "en": "the quiet motor carries you over every hill while the battery learns how far you ride on a grey morning and "
    "tells you before you leave whether it will last until tomorrow evening without a stop".split(),
    "de": "der leise Motor trägt Sie über jeden Hügel während der Akku lernt wie weit Sie an einem grauen Morgen "
    "fahren und Ihnen vor der Abfahrt sagt ob er bis morgen Abend ohne Halt reicht".split(),
    "ja": "静かな モーターが どんな 坂でも あなたを 運び 電池は 灰色の 朝に どこまで 走るかを 学んで 出かける 前に "
    "明日の 夕方まで 止まらずに 持つかどうかを 教えて くれます".split(),
}


def load_corpus(folder: Path) -> None:
    """Fill the hub, unless it is."""
    from contenthub.content.exchange.importing import import_content
    from contenthub.content.models import ContentItem

    if ContentItem.objects.exists():
        return
    load_taxonomy()
    path = folder / "items.jsonl"
    write_items(path)
    say(f"Importing {ITEMS} items")
    import_content(path)
    analyze()


def analyze() -> None:
    """Tell PostgreSQL what its tables hold now, as it finds out by itself within a minute."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def load_taxonomy() -> None:
    from channels.loading import PROFILES, load_channels
    from taxonomy.loading import load

    folder = SHARED if SHARED.exists() else DEMO / "taxonomy"
    say(f"Loading terms from {folder}")
    load([folder / f"{facet}.json" for facet in FACETS])
    load_channels(PROFILES)


def write_items(path: Path) -> int:
    """Write the file to import; return its size in bytes."""
    from taxonomy.snapshot import taxonomy_snapshot

    taxonomy = taxonomy_snapshot()
    # Deep terms stand under many others: they are what counting and filtering cost.
    terms = {
        facet: sorted((term for term in taxonomy.facets[facet].by_code.values()), key=lambda term: -term.depth)
        for facet in FACETS
    }
    deep = {facet: [term.code for term in found[: max(10, len(found) * 2 // 3)]] for facet, found in terms.items()}
    with path.open("w", encoding="utf-8") as file:
        for number in range(ITEMS):
            tags = {facet: _popular(deep[facet], 1) for facet in FACETS}
            tags["segment"] = _popular(deep["segment"], TAGS - len(FACETS) + 1)
            for locale in LOCALES:
                file.write(json.dumps(line(number, locale, tags), ensure_ascii=False) + "\n")
    return path.stat().st_size


def _popular(codes: list[str], count: int) -> list[str]:
    """Return so many terms, those in front more often: the n-th as often as 1/√n."""
    weights = [(place + 1) ** -0.5 for place in range(len(codes))]
    found: list[str] = []
    while len(found) < count:
        found = list(dict.fromkeys([*found, *random.choices(codes, weights)]))
    return found


def line(number: int, locale: str, tags: dict[str, list[str]]) -> dict:
    return {
        "id": f"article/bench-{number}",
        "locale": locale,
        "kind": "article",
        "slug": f"bench-{number}",
        "title": sentence(locale, 7),
        "summary": sentence(locale, 18),
        "body": [
            {"type": "heading", "key": "h", "text": sentence(locale, 5)},
            *(
                {"type": "paragraph", "key": f"p{place}", "html": f"<p>{sentence(locale, 40)}</p>"}
                for place in range(3)
            ),
        ],
        "cta": {"label": sentence(locale, 3), "url": f"https://example.org/{locale}/{number}"},
        "tags": tags,
    }


def sentence(locale: str, words: int) -> str:
    return ("" if locale == "ja" else " ").join(random.choices(WORDS[locale], k=words))


def own_terms() -> dict[str, list[str]]:
    """Return by facet the terms that items are tagged with."""
    from contenthub.delivery.models import TermRow

    codes = TermRow.objects.filter(is_own=True).values_list("term__code", flat=True).distinct()
    found: dict[str, list[str]] = {}
    for code in sorted(codes):
        found.setdefault(code.partition(":")[0], []).append(code)
    return found
