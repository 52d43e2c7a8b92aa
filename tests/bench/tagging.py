"""What it costs to change the tags of many items, and to find the terms that a text names."""

import random
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.bench.corpus import ITEMS, load_corpus, sentence
from tests.bench.measuring import Row, cost, say

CHANGED = min(1000, ITEMS)
TERMS = 10_000
WORDS = 3_000  # of a long article


def measure(folder: Path) -> Iterator[Row]:
    load_corpus(folder)
    say(f"Changing the tags of {CHANGED} items on air")
    yield from change()
    say(f"Finding {TERMS} terms in a text of {WORDS} words")
    yield suggest()


def change() -> Iterator[Row]:
    from contenthub.accounts.models import User
    from contenthub.content.models import ContentItem, Tagging
    from contenthub.content.tagging.changing import apply, plan, undo
    from taxonomy.models import Term

    user, _ = User.objects.get_or_create(username="bench", is_superuser=True)
    term = Term.objects.create(facet=Term.objects.filter(facet__code="journey").first().facet, code="journey:bench-tag")
    pks = list(ContentItem.objects.sources().order_by("key").values_list("pk", flat=True)[:CHANGED])

    def planned(some: list[int]) -> Tagging:
        return plan(Tagging(user=user, operation="add", terms=[term.pk], publishes=True), some)

    few = planned(pks[: CHANGED // 10])
    tenth = _cpu(lambda: apply(few, user=user))
    memory = _peak(lambda: undo(few, user=user))
    yield ("preview of one tag, CPU ms an item", f"{_cpu(lambda: planned(pks)) / CHANGED * 1000:.2f}", "", "")
    many = planned(pks)
    taken = _cpu(lambda: apply(many, user=user))
    grown = f"{taken / tenth / 10:.2f} x that of a tenth of them"
    yield (f"one tag published on {CHANGED} items, CPU ms an item", f"{taken / CHANGED * 1000:.2f}", "< 20", grown)
    yield ("  undone, CPU ms an item", f"{_cpu(lambda: undo(many, user=user)) / CHANGED * 1000:.2f}", "< 20", "")
    yield (
        f"  memory at its peak for {CHANGED // 10} items, MB",
        f"{memory / 1e6:.0f}",
        "< 50",
        "one chunk: no more for more",
    )


def suggest() -> Row:
    from taxonomy.models import Facet, Term, TermLabel
    from taxonomy.snapshot import taxonomy_snapshot
    from taxonomy.suggesting import suggest_terms

    facet = Facet.objects.create(code="bench")
    terms = Term.objects.bulk_create(
        Term(facet=facet, code=f"bench:{number}", position=number) for number in range(TERMS)
    )
    TermLabel.objects.bulk_create(
        TermLabel(term=term, language="en", text=sentence("en", random.randint(1, 3))) for term in terms
    )
    facet.raise_version()
    taxonomy, text = taxonomy_snapshot(), sentence("en", WORDS)
    taken, cpu = cost(lambda: suggest_terms(text, language="en", taxonomy=taxonomy))
    bare, _ = cost(lambda: text.casefold().split())
    beside = f"{taken / bare:.0f} x only splitting the text"
    return (f"terms named in {WORDS} words, ms (CPU ms)", f"{taken * 1000:.1f} ({cpu * 1000:.1f})", "< 200", beside)


def _cpu(action: Callable[[], object]) -> float:
    """Return seconds of computing: a change is made once, so other work on the machine would show in its time."""
    started = time.process_time()
    action()
    return time.process_time() - started


def _peak(action: Callable[[], object]) -> int:
    """Return the most bytes that Python took up during the action."""
    tracemalloc.start()
    action()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak
