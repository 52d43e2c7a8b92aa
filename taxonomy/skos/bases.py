"""The last import of a vocabulary: kept, found again, and what of it the next version lacks."""

import gzip

from rdflib import Graph, Literal, URIRef

from taxonomy.models import Facet
from taxonomy.skos.facts import RETIRED, Fact, Facts, retired_in
from taxonomy.skos.merging import Conflict
from taxonomy.skos.reading import Reading, resources_below
from taxonomy.skos.words import OWL
from taxonomy.vocabularies import Vocabulary

LEAST_OVERLAP = 0.5


def packed(graph: Graph) -> bytes:
    return gzip.compress(graph.serialize(format="nt", encoding="utf-8"), compresslevel=6)


def unpacked(vocabulary: Vocabulary) -> Graph:
    """Return the graph as it was imported last."""
    text = gzip.decompress(bytes(vocabulary.graph)).decode()
    return Graph(bind_namespaces="none").parse(data=text, format="nt")


def last_import(facet: Facet, reading: Reading) -> Vocabulary | None:
    """Return what was imported last from the same source: the same scheme, or half of the same concepts."""
    vocabularies = list(facet.vocabularies.all()) if facet.pk else []
    same = next((vocabulary for vocabulary in vocabularies if vocabulary.uri == reading.scheme), None)
    if same or len(vocabularies) != 1:
        return same
    terms = Reading(unpacked(vocabularies[0])).terms
    overlap = len(terms.keys() & reading.terms.keys())
    return vocabularies[0] if terms and overlap / len(terms) >= LEAST_OVERLAP else None


def with_gone(file: Facts, base: Facts, hub: Facts, gone: list[str], prefer_file: bool) -> tuple[Facts, list[Conflict]]:
    """Return the file's facts with those of concepts gone from it, retired unless the hub changed them since."""
    lost = set(gone)
    changed = _differ(base, hub, lost)
    retired = retired_in(base)
    kept_alive = {term for term in changed - retired - retired_in(hub) if not prefer_file}
    file = file | {fact: said for fact, said in base.items() if fact[0] in lost}
    file |= {(term, "status", RETIRED): [] for term in gone if term not in kept_alive}
    conflicts = [
        Conflict(term, "gone from the file, changed here", (), ("changed",), (), "hub")
        for term in gone
        if term in kept_alive
    ]
    return file, conflicts


def _differ(base: Facts, hub: Facts, terms: set[str]) -> set[str]:
    """Return those of the terms about which the hub says something else than the last import."""
    different: set[Fact] = base.keys() ^ hub.keys()
    return {fact[0] for fact in different if fact[0] in terms and fact[1] not in ("broader", "related")}


def keep_in_graph(graph: Graph, base: Graph, gone: list[str]) -> None:
    """Carry over what was said of concepts gone from the file: their codes answer, and exports name them."""
    for uri in gone:
        node = URIRef(uri)
        about = list(base.triples((node, None, None)))
        for blank in resources_below(base, (value for _, _, value in about)):
            about += base.triples((blank, None, None))
        for triple in about:
            graph.add(triple)
        graph.add((node, OWL.deprecated, Literal(True)))
