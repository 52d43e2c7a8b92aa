"""The shared facets come as JSON and as Turtle with the same terms: one goes onto the other."""

import pytest

from taxonomy.loading import load
from taxonomy.skos.importing import carry_out, plan_import
from taxonomy.skos.plans import Source
from taxonomy.snapshot import taxonomy_snapshot
from tests.taxonomy.skos.vocabulary import SHARED, needs_shared_data

pytestmark = [pytest.mark.django_db, needs_shared_data]


@pytest.mark.parametrize(("facet", "count"), [("journey", 30), ("action", 116), ("segment", 105), ("campaign", 96)])
def test_the_turtle_of_a_facet_that_was_loaded_only_adds_the_addresses(facet, count):
    load([SHARED / "taxonomy" / f"{facet}.json"])
    source = Source(f"{facet}.ttl", (SHARED / "taxonomy" / f"{facet}.ttl").read_bytes(), "turtle")

    plan = plan_import(facet, source)
    written = carry_out(plan)

    assert (written.added, written.retired, plan.conflicts, plan.refusals) == (set(), set(), [], [])
    assert len(written.changed) == count
    assert {one.what for found in written.differences.values() for one in found} == {"uri"}
    assert all(term.uri.startswith("https://example.org/taxonomy/") for term in taxonomy_snapshot().facets[facet])
