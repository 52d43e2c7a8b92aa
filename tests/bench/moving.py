"""What it costs to move a large branch, published items included."""

import json
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.bench.corpus import LOCALES, analyze, line, load_corpus
from tests.bench.measuring import Row, say, seconds

TERMS = 1_000
TAGGED = 5_000
SAMPLE = 200


def measure(folder: Path) -> Iterator[Row]:
    from contenthub.content.publishing import sync
    from contenthub.delivery.models import TermRow
    from taxonomy.changes import Move, apply, preview, undo

    load_corpus(folder)
    root, others = grow_branch()
    keys = tag_items(folder, [root, *others])
    analyze()
    move = Move(root, parent="product:bench-elsewhere")
    say(f"Moving {TERMS} terms with {TAGGED} items in {len(LOCALES)} languages under them")
    impact = preview(move)
    assert impact.counts["items"] == TAGGED, impact.counts
    looking, looking_cpu = taken(lambda: preview(move))
    entries = []
    moving, moving_cpu = taken(lambda: entries.append(apply(move, basis=impact.basis)))
    assert TermRow.objects.filter(term__code="product:bench-elsewhere").count() == impact.counts["answers"]
    undoing, undoing_cpu = taken(lambda: undo(entries[0]))
    sample = random.sample(keys, SAMPLE)
    one_by_one = seconds(lambda: sync(*sample)) / SAMPLE * TAGGED
    what = f"a branch of {TERMS} terms, {TAGGED} items, {impact.counts['answers']} answers"
    yield (f"preview of moving {what}, s (CPU s)", f"{looking:.2f} ({looking_cpu:.2f})", "", "")
    yield (
        "moving it, s (CPU s)",
        f"{moving:.2f} ({moving_cpu:.2f})",
        "< 2",
        f"1/{one_by_one / moving:.0f} of comparing item by item",
    )
    yield ("undoing that, s (CPU s)", f"{undoing:.2f} ({undoing_cpu:.2f})", "", "")


def taken(action: Callable[[], object]) -> tuple[float, float]:
    """Return wall and CPU seconds; those of a database server are in the first only."""
    cpu = time.process_time()
    return seconds(action), time.process_time() - cpu


def grow_branch() -> tuple[str, list[str]]:
    """Make a branch four deep and a place to move it to; return its root and the terms below."""
    from taxonomy.models import Facet, Term, TermPath

    facet = Facet.objects.get(code="product")
    made: list[Term] = []
    for number in range(TERMS):
        parent = made[(number - 1) // 10] if number else None
        made.append(Term(facet=facet, code=f"product:bench-{number}", parent=parent, position=number))
        if number in (0, 10, 110, TERMS - 1):  # parents first
            Term.objects.bulk_create([term for term in made if term.pk is None])
    Term.objects.create(facet=facet, code="product:bench-elsewhere")
    TermPath.objects.rebuild([facet.pk])
    facet.raise_version()
    return made[0].code, [term.code for term in made[1:]]


def tag_items(folder: Path, codes: list[str]) -> list[str]:
    """Publish items that are tagged with the terms; return their keys."""
    from contenthub.content.exchange.importing import import_content

    path = folder / "moving.jsonl"
    keys = [f"article/moving-{number}" for number in range(TAGGED)]
    with path.open("w", encoding="utf-8") as file:
        for number, key in enumerate(keys):
            tags = {"product": [codes[number % len(codes)]]}
            for locale in LOCALES:
                told = {**line(number, locale, tags), "id": key, "slug": f"moving-{number}"}
                file.write(json.dumps(told, ensure_ascii=False) + "\n")
    say(f"Importing {TAGGED} items to be moved")
    report = import_content(path)
    assert report.left_out == 0, report.problems[:3]
    return keys
