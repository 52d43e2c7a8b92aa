"""What it costs to bring a large SKOS vocabulary in, again, and out."""

import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.measuring import Row, say, seconds
from tests.taxonomy.generated import as_turtle, generated_terms

TERMS = 10_000


def measure(folder: Path) -> Iterator[Row]:
    from taxonomy.skos.files import read_graph

    rates = {}
    for count in (TERMS // 10, TERMS):
        content = as_turtle(generated_terms(count, several_parents=count // 33)).encode()
        say(f"Importing {count} terms in 3 languages, {len(content) / 1e6:.1f} MB")
        bare = seconds(lambda content=content: read_graph(content, "turtle", fallback_base="https://example.org/"))
        took, rates[count] = import_time(f"bench-{count}", content)
        yield (f"SKOS import, {count} terms x 3 languages, s", f"{took:.1f}", "< 60" if count == TERMS else "",
               f"{took / bare:.1f} x only reading the file")  # fmt: skip
    growth = rates[TERMS] / rates[TERMS // 10]
    yield ("SKOS import, CPU ms a term", f"{rates[TERMS]:.2f}", "", f"{growth:.2f} x that at {TERMS // 10} terms")
    yield from again_and_out(content)
    yield generated(8, 20)


def import_time(facet: str, content: bytes) -> tuple[float, float]:
    """Return seconds of reporting and writing, and CPU milliseconds a term."""
    from taxonomy.skos.importing import carry_out, plan_import
    from taxonomy.skos.plans import Source

    started, cpu = time.perf_counter(), time.process_time()
    plan = plan_import(facet, Source(f"{facet}.ttl", content, "turtle"))
    written = carry_out(plan)
    spent = time.process_time() - cpu
    return time.perf_counter() - started, spent / len(written.added) * 1000


def again_and_out(content: bytes) -> Iterator[Row]:
    from taxonomy.models import Facet
    from taxonomy.skos.exporting import export_facet
    from taxonomy.skos.importing import plan_import
    from taxonomy.skos.plans import Source

    facet = Facet.objects.get(code=f"bench-{TERMS}")
    say("Reporting on the same file again, and exporting")
    source = Source("again.ttl", content, "turtle")
    report = seconds(lambda: plan_import(facet.code, source))
    yield (f"report on the same file, {TERMS} terms, s", f"{report:.1f}", "", "three-way merge, nothing to write")
    yield (f"SKOS export, {TERMS} terms, s", f"{seconds(lambda: export_facet(facet, 'turtle')):.1f}", "", "Turtle")


def generated(depth: int, languages: int) -> Row:
    """Make the largest facet that is promised, and read it into memory."""
    from taxonomy.models import Facet
    from taxonomy.skos.importing import carry_out, plan_import
    from taxonomy.skos.plans import Source
    from taxonomy.snapshot import taxonomy_snapshot

    terms = generated_terms(TERMS, depth=depth, languages=languages, several_parents=300)
    say(f"Importing {TERMS} terms, {depth} deep, in {languages} languages")
    content = as_turtle(terms).encode()
    took = seconds(lambda: carry_out(plan_import("bench-wide", Source("wide.ttl", content, "turtle"))))
    assert Facet.objects.get(code="bench-wide").terms.count() == TERMS
    reading = seconds(lambda: taxonomy_snapshot().get_facet("bench-wide"))
    return (f"SKOS import, {TERMS} terms x {languages} languages, {depth} deep, s", f"{took:.1f}", "",
            f"{len(content) / 1e6:.0f} MB; reading the facet into memory {reading:.1f} s")  # fmt: skip
