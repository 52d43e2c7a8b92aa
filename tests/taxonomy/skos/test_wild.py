"""What vocabularies in the wild are like: large, odd, and wanted all the same."""

import pytest

from taxonomy.models import Facet, Term, TermPath
from taxonomy.skos.exporting import facet_graph, same_graph
from taxonomy.skos.files import read_graph
from taxonomy.skos.importing import carry_out, plan_import
from taxonomy.skos.plans import Source
from taxonomy.snapshot import taxonomy_snapshot
from tests.taxonomy.generated import as_turtle, generated_terms

pytestmark = pytest.mark.django_db


def wild():
    """Return a vocabulary with 300 terms of several parents, 97 deprecated ones without labels, and self-parents."""
    terms = generated_terms(600, depth=6, languages=3, several_parents=300)
    lines = [as_turtle(terms), "@prefix owl: <http://www.w3.org/2002/07/owl#> ."]
    lines += [f":old{n} a skos:Concept ; owl:deprecated true ; skos:broader :t{n} ." for n in range(97)]
    lines += [f":t{n} skos:broader :t{n} ." for n in range(5)]
    lines += [':t1 skos:altLabel "\u200fمنتج Firefox"@ar, "Ware"@ger-DE-1996, "x"@zzzz, "y"@iw .']
    lines += [":t2 skos:altLabel \"two\"@en-thisistoolong, 'three' ; skos:notation '2'^^<urn:x:mark> ."]
    return "\n".join(lines).encode()


def test_a_wild_vocabulary_is_imported_with_warnings_and_comes_out_as_it_was():
    source = Source("wild.ttl", wild(), "turtle")
    plan = plan_import("wild", source)
    carry_out(plan)

    facet = taxonomy_snapshot().get_facet("wild")
    assert plan.refusals == []
    assert len(facet.terms) == 697
    assert sum(len(term.broader) > 1 for term in facet.terms) == 300
    assert sum(term.is_retired and not term.labels for term in facet.terms) == 97
    told = [finding.message for finding in plan.findings]
    assert sum(message.startswith("It is broader itself") for message in told) == 5
    assert sum(message.startswith("It is deprecated and has no preferred label") for message in told) == 97
    assert facet.by_code["wild:t1"].alternatives["ar"] == ("\u200fمنتج Firefox",)
    original, _ = read_graph(source.content, "turtle", fallback_base="https://example.org/")
    assert same_graph(facet_graph(Facet.objects.get(code="wild")), original)


def test_the_closure_of_what_is_imported_in_bulk_is_that_of_its_links():
    terms = generated_terms(200, depth=5, several_parents=40, seed=7)
    carry_out(plan_import("large", Source("large.ttl", as_turtle(terms).encode(), "turtle")))

    parents = {term.key: term.parents for term in terms}
    above = {}
    for term in terms:
        above[term.key] = {term.key}.union(*(above[parent] for parent in parents[term.key]))
    paths = TermPath.objects.filter(descendant__facet__code="large")
    stored = paths.values_list("descendant__code", "ancestor__code")

    assert sorted(stored) == sorted(
        (f"large:{key}", f"large:{ancestor}") for key, found in above.items() for ancestor in found
    )


@pytest.mark.parametrize("count", [40, 160])
def test_importing_costs_a_fixed_number_of_statements(django_assert_max_num_queries, count):
    source = Source("large.ttl", as_turtle(generated_terms(count, depth=4)).encode(), "turtle")

    with django_assert_max_num_queries(90):
        carry_out(plan_import("large", source))

    assert Term.objects.filter(facet__code="large").count() == count


def test_a_generated_facet_is_as_large_as_asked_and_always_the_same():
    terms = generated_terms(10_000, depth=8, languages=20, several_parents=300)
    depth = {}
    for term in terms:
        depth[term.key] = 1 + max((depth[parent] for parent in term.parents[:1]), default=0)

    assert len(terms) == len({term.key for term in terms}) == 10_000
    assert max(depth.values()) == 8
    assert sum(len(term.parents) > 1 for term in terms) == 300
    assert {len(term.labels) for term in terms} == {20}
    assert terms[-1] == generated_terms(10_000, depth=8, languages=20, several_parents=300)[-1]
