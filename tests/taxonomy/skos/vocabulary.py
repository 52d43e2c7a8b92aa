"""Vocabularies for tests, in Turtle."""

from pathlib import Path

import pytest

from taxonomy.models import Facet
from taxonomy.skos.exporting import facet_graph, same_graph
from taxonomy.skos.files import read_graph
from taxonomy.skos.importing import carry_out, plan_import
from taxonomy.skos.plans import Source

SHARED = Path(__file__).parents[4] / "shared" / "data"
PREFIXES = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix skosxl: <http://www.w3.org/2008/05/skos-xl#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix : <https://example.org/v/> .
"""

needs_shared_data = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the shared example data is not beside the repository"
)


def source(text, name="v.ttl", format="turtle", **options):
    content = text if isinstance(text, bytes) else (PREFIXES + text).encode()
    return Source(name=name, content=content, format=format, **options)


def concept(key, *statements):
    return f":{key} a skos:Concept ; skos:inScheme :scheme {''.join(f'; {said} ' for said in statements)}.\n"


def plan(text, facet="v", **options):
    return plan_import(facet, source(text, **options))


def bring_in(text, facet="v", **options):
    """Import and return what was written."""
    return carry_out(plan(text, facet, **options))


def graph_of(text):
    return read_graph((PREFIXES + text).encode(), "turtle", fallback_base="https://example.org/")[0]


def exported(facet="v"):
    return facet_graph(Facet.objects.get(code=facet))


def assert_exports(text, facet="v"):
    assert same_graph(exported(facet), graph_of(text)), exported(facet).serialize(format="turtle")


def clauses(plan):
    return [(finding.severity.value, finding.clause) for finding in plan.findings]


def messages(plan):
    return [finding.message for finding in plan.findings]
