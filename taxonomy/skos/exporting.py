"""Exporting a facet as SKOS: what was imported last, with what changed since; what was made here in plain SKOS."""

from collections.abc import Iterable
from typing import Any

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.compare import isomorphic

from taxonomy.facetview import UNDETERMINED
from taxonomy.models import Facet
from taxonomy.skos.addresses import facet_address
from taxonomy.skos.bases import unpacked
from taxonomy.skos.facts import FACET, Fact, parents_of, retired_here, settled
from taxonomy.skos.reading import Reading, Triple, resources_below
from taxonomy.skos.stored import stored_addresses, stored_facts, subjects_of, without_own_codes
from taxonomy.skos.words import DCTERMS, LABELS, MAPPINGS, NOTES, OWL, RDF, SKOS, SKOSXL
from taxonomy.skos.writing import written

PREFIXES = {"skos": SKOS, "dct": DCTERMS, "owl": OWL, "skosxl": SKOSXL}


class CannotWrite(ValueError):
    """Raised where a format cannot express what the facet holds."""


def export_facet(facet: Facet, format: str) -> str:
    """Return the facet as a file in one of ``FORMATS``.

    Raises:
        CannotWrite: the format cannot hold a text or an address of it.
    """
    graph = facet_graph(facet)
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    try:
        text = written(graph, format)
    except Exception as error:  # serialisers raise whatever they stumble over
        raise CannotWrite(f"This format cannot express the facet ({error}). Take Turtle.") from error
    if format == "xml" and (character := _not_in_xml(text)):
        raise CannotWrite(f"A text holds the character {character!r}, which XML cannot. Take Turtle.")
    return text


def facet_graph(facet: Facet) -> Graph:
    """Return everything that is known of the facet in RDF."""
    graph = Graph(bind_namespaces="none")
    schemes = []
    for vocabulary in facet.vocabularies.all():
        for triple in unpacked(vocabulary):
            graph.add(triple)
        schemes.append(vocabulary.uri)
    reading = Reading(graph)
    addresses = stored_addresses(facet)
    subjects = subjects_of(facet, addresses)
    codes = {uri: code for code, uri in subjects.items()}
    known = dict.fromkeys([*reading.terms, *codes])
    imported = without_own_codes(settled(reading.facts, known), codes)
    held = without_own_codes(stored_facts(facet, subjects), codes)
    followed = settled(reading.facts, known, retired_here(held, imported))
    scheme = URIRef(next(filter(None, schemes), "") or facet_address(facet))
    _take_away(graph, imported, followed, held, [uri for uri in reading.terms if uri not in codes])
    added = [fact for fact in held if fact not in imported]
    for fact in added:
        for triple in _spelled(fact, scheme, graph):
            graph.add(triple)
    new = [uri for uri in codes if uri not in reading.terms]
    if new or not len(graph):
        graph.add((scheme, RDF.type, SKOS.ConceptScheme))
    for uri in new:
        graph.add((URIRef(uri), RDF.type, SKOS.Concept))
        graph.add((URIRef(uri), SKOS.inScheme, scheme))
        graph.add((URIRef(uri), SKOS.notation, Literal(codes[uri])))
    moved = {fact[0] for fact in imported.keys() ^ held.keys() if fact[1] == "broader"}
    _tell_tops(graph, scheme, {*new, *moved}, set(parents_of(held)))
    return graph


def same_graph(one: Graph, other: Graph) -> bool:
    """Return whether two graphs say the same, blank nodes aside."""
    return isomorphic(one, other)


def _take_away(
    graph: Graph,
    imported: dict[Fact, list[Triple]],
    followed: dict[Fact, list[Triple]],
    held: Iterable[Fact],
    strangers: list[str],
) -> None:
    """Take out what the hub no longer says, and concepts whose terms have other addresses now.

    What stood below a concept that was retired here (``followed``) keeps that statement beside its new place.
    """
    said = [*imported.items(), *followed.items()]
    kept = {triple for fact, triples in said if fact in held for triple in triples}
    gone = [triple for fact, triples in imported.items() if fact not in held for triple in triples]
    for uri in strangers:
        node = URIRef(uri)
        gone += [*graph.triples((node, None, None)), *graph.triples((None, None, node))]
    for triple in gone:
        if triple not in kept:
            graph.remove(triple)
    for blank in resources_below(graph, (triple[2] for triple in gone)):
        if (None, None, blank) not in graph:
            _remove_below(graph, blank)


def _remove_below(graph: Graph, blank: BNode) -> None:
    for triple in list(graph.triples((blank, None, None))):
        graph.remove(triple)
        if isinstance(triple[2], BNode) and (None, None, triple[2]) not in graph:
            _remove_below(graph, triple[2])


def _spelled(fact: Fact, scheme: URIRef, graph: Graph) -> Iterable[Triple]:
    """Return a fact in the plainest SKOS."""
    subject, aspect, *values = fact
    node = scheme if subject == FACET else URIRef(subject)
    if aspect == "name":
        property = DCTERMS.title if subject == FACET else SKOS.prefLabel
        return [(node, property, _text(*values))]
    if aspect == "label":
        return [(node, LABELS[values[0]], _text(*values[1:]))]
    if aspect == "note":
        kind, language, text, resource = values
        if not resource:
            return [(node, NOTES[kind], _text(language, text))]
        return [(node, NOTES[kind], URIRef(resource)), (URIRef(resource), RDF.value, _text(language, text))]
    if aspect == "mapping":
        return [(node, MAPPINGS[values[0]], URIRef(values[1]))]
    if aspect == "notation":
        return [(node, SKOS.notation, Literal(values[0], datatype=URIRef(values[1]) if values[1] else None))]
    if aspect == "status":
        return [(node, OWL.deprecated, Literal(True))]
    if aspect == "collection":
        ordered = values[0] == "ordered"
        return [(node, RDF.type, SKOS.OrderedCollection if ordered else SKOS.Collection)]
    if aspect == "members":
        head = Collection(graph, BNode(), [URIRef(value) for value in values]).uri if values else RDF.nil
        return [(node, SKOS.memberList, head), *((node, SKOS.member, URIRef(value)) for value in values)]
    links = {"broader": SKOS.broader, "related": SKOS.related, "successor": DCTERMS.isReplacedBy}
    return [(node, links.get(aspect, SKOS.member), URIRef(values[0]))]


def _text(language: str, text: str) -> Literal:
    return Literal(text, lang=None if language == UNDETERMINED else language)


def _tell_tops(graph: Graph, scheme: URIRef, terms: set[str], below: set[str]) -> None:
    """Say of terms that are new or stand elsewhere whether they are top concepts."""
    for uri in terms:
        node = URIRef(uri)
        if uri in below:
            for triple in [*graph.triples((node, SKOS.topConceptOf, None)), (None, SKOS.hasTopConcept, node)]:
                graph.remove(triple)
        else:
            graph.add((node, SKOS.topConceptOf, scheme))
            graph.add((scheme, SKOS.hasTopConcept, node))


def _not_in_xml(text: str) -> str | Any:
    """Return a character that XML 1.0 has no place for, or None."""
    return next((c for c in text if (c < " " and c not in "\t\n\r") or c in "\ufffe\uffff"), None)
