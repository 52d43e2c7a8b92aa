"""What it costs to import and to publish."""

import json
import random
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.corpus import ITEMS, LOCALES, analyze, load_taxonomy, write_items
from tests.bench.measuring import Row, say, seconds

PUBLISHES = 50


def measure(folder: Path) -> Iterator[Row]:
    load_taxonomy()
    path = folder / "items.jsonl"
    size = write_items(path)
    say(f"Importing {ITEMS} items in {len(LOCALES)} languages, {size / 1e6:.0f} MB")
    yield import_rate(path, folder)
    analyze()
    say(f"Publishing {PUBLISHES} times")
    yield from publish_latency()


def import_rate(path: Path, folder: Path) -> Row:
    from contenthub.content.exchange.importing import import_content

    started, cpu = time.perf_counter(), time.process_time()
    report = import_content(path, progress=lambda done, total: done % 1000 or say(f"  {done} of {total}"))
    rate, cpu = report.lines / (time.perf_counter() - started), (time.process_time() - cpu) / report.lines
    assert report.left_out == 0, report.problems[:3]
    started = time.perf_counter()
    with path.open("rb") as source, (folder / "parsed").open("w") as target:
        for raw in source:
            json.dump(json.loads(raw), target)
    bare = report.lines / (time.perf_counter() - started)
    return (
        "import, localizations/s (CPU ms each)",
        f"{rate:.0f} ({cpu * 1000:.1f})",
        ">= 300 on PostgreSQL",
        f"1/{bare / rate:.0f} of only copying the file",
    )


def publish_latency() -> list[Row]:
    from contenthub.content.models import ContentItem
    from contenthub.delivery.models import Document

    keys = [f"article/bench-{number}" for number in random.sample(range(ITEMS), min(PUBLISHES, ITEMS))]
    rows = list(ContentItem.objects.filter(key__in=keys, locale__language_code="en"))
    taken, bare, cpu = [], [], 0.0
    for row in rows:
        row.headline += " again"
        revision = row.save_revision()
        before = time.process_time()
        taken.append(seconds(revision.publish))
        cpu += time.process_time() - before
        bare.append(seconds(lambda row=row: ContentItem.objects.filter(pk=row.pk).update(headline=row.headline)))
    assert Document.objects.filter(served_until__isnull=False).count() >= len(rows)
    middle, late = statistics.median(taken), statistics.quantiles(taken, n=20)[-1]
    ratio = f"{middle / statistics.median(bare):.0f} x a bare UPDATE"
    return [
        ("one publish, median ms (CPU ms)", f"{middle * 1000:.1f} ({cpu / len(taken) * 1000:.1f})", "< 150", ratio),
        ("one publish, 95th percentile ms", f"{late * 1000:.1f}", "< 150", ""),
    ]
