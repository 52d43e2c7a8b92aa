"""From a graph to the facts that the hub has fields for, each with the triples that say so."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.exceptions import ValidationError
from rdflib import BNode, Graph, Literal, URIRef

from taxonomy.codes import LABEL_CHARS, URI_CHARS, LabelKind, MappingKind, validate_address
from taxonomy.facetview import UNDETERMINED
from taxonomy.skos.facts import FACET, RETIRED, Fact, Facts, Finding, Severity, storable
from taxonomy.skos.languages import Languages
from taxonomy.skos.words import (
    DCTERMS,
    LABEL_PROPERTIES,
    MAPPING_PROPERTIES,
    NAMES,
    NOTE_PROPERTIES,
    OWL,
    RDF,
    SKOS,
    SKOSXL,
)

Triple = tuple[Any, Any, Any]

TERM_LINKS = (SKOS.broader, SKOS.narrower, SKOS.related, SKOS.topConceptOf, SKOS.inScheme)
LINKS_TO_TERMS = (SKOS.broader, SKOS.narrower, SKOS.related, SKOS.hasTopConcept)
TRUE = {"true", "1"}
INVERSE = {MappingKind.BROAD: MappingKind.NARROW, MappingKind.NARROW: MappingKind.BROAD}


class Reading:
    """What a graph says: ``terms`` (URIs in the graph's order), ``scheme``, ``facts`` with their triples, ``findings``.

    Triples that no fact names are what the hub has no field for.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.findings: list[Finding] = []
        self.facts: Facts = {}
        self._languages = Languages()
        self.schemes = list(dict.fromkeys(self._typed(SKOS.ConceptScheme)))
        self.collections = dict.fromkeys(self._collections())
        self.terms = dict.fromkeys(self._concepts())
        self.tops = {
            str(term) for term in (*graph.subjects(SKOS.topConceptOf), *graph.objects(None, SKOS.hasTopConcept))
        }
        self.scheme = self._main_scheme()
        self._read_names(FACET, self.scheme) if self.scheme else None
        for term in self.terms:
            self._read_term(term)
        self._read_mappings_from_outside()
        for collection in self.collections:
            self._read_collection(collection)
        self.findings += self._languages.findings()

    def tell(self, clause: str, place: Any, message: str, severity: Severity = Severity.WARNING) -> None:
        self.findings.append(Finding(severity, clause, str(place), message))

    def notations(self, term: str) -> list[str]:
        return [str(value) for value in self.graph.objects(URIRef(term), SKOS.notation) if isinstance(value, Literal)]

    # --- which concepts, collections and scheme there are ---------------------------------------------------

    def _typed(self, kind: Any) -> Iterator[Any]:
        return self.graph.subjects(RDF.type, kind)

    def _concepts(self) -> Iterator[str]:
        typed = dict.fromkeys(self._typed(SKOS.Concept))
        others = {*self.schemes, *map(URIRef, self.collections)}
        for concept in typed:
            if concept in self.schemes:
                self.tell("S9", concept, "It is a concept and a concept scheme; it is read as a concept.")
            elif concept in others:
                self.tell("S37", concept, "It is a concept and a collection; it is read as both.")
            if self._is_addressed(concept, "concept"):
                yield str(concept)
        linking = (subject for link in TERM_LINKS for subject in self.graph.subjects(link, None))
        linked = (target for link in LINKS_TO_TERMS for target in self.graph.objects(None, link))
        for concept in dict.fromkeys((*linking, *linked)):
            has_name = (concept, SKOS.prefLabel, None) in self.graph or (concept, SKOSXL.prefLabel, None) in self.graph
            if has_name and concept not in typed and concept not in others and self._is_addressed(concept, "concept"):
                self.tell("", concept, "It is used as a concept, but not said to be one; it is read as one.")
                yield str(concept)

    def _collections(self) -> Iterator[str]:
        members = (*self.graph.subjects(SKOS.member, None), *self.graph.subjects(SKOS.memberList, None))
        for collection in (*self._typed(SKOS.Collection), *self._typed(SKOS.OrderedCollection), *members):
            if str(collection) and self._is_addressed(collection, "collection"):
                yield str(collection)

    def _is_addressed(self, node: Any, what: str) -> bool:
        """Return whether the hub can hold the address; tell once where it cannot."""
        if isinstance(node, URIRef) and is_holdable(str(node)):
            return True
        finding = Finding(
            Severity.WARNING,
            "",
            str(node)[:200],
            f"A {what} without an address that the hub can hold is left out; exports keep it.",
        )
        if finding not in self.findings:
            self.findings.append(finding)
        return False

    def _main_scheme(self) -> str:
        """Return the scheme that most concepts are in, else the only one, else an empty text."""
        used = Counter(
            scheme
            for link in (SKOS.inScheme, SKOS.topConceptOf)
            for concept, scheme in self.graph.subject_objects(link)
            if str(concept) in self.terms
        )
        ranked = sorted({*used, *self.schemes}, key=lambda scheme: (-used[scheme], str(scheme)))
        usable = [scheme for scheme in ranked if isinstance(scheme, URIRef) and is_holdable(str(scheme))]
        if len(usable) > 1:
            others = ", ".join(map(str, usable[1:4]))
            told = f"Its concepts are in {len(usable)} schemes; this one is the facet, and exports keep the others: "
            self.tell("", usable[0], told + others, Severity.NOTE)
        return str(usable[0]) if usable else ""

    # --- what is said of them -------------------------------------------------------------------------------

    def _say(self, fact: Fact, *triples: Triple) -> None:
        self.facts.setdefault(fact, []).extend(triples)

    def _read_names(self, subject: str, address: str) -> None:
        node, named = URIRef(address), {}
        for property in NAMES:
            for value in self.graph.objects(node, property):
                if isinstance(value, Literal) and (text := storable(str(value))[:LABEL_CHARS].strip()):
                    named.setdefault(self._languages.of(value), text)
                    if named[self._languages.of(value)] == text:
                        self._say((subject, "name", self._languages.of(value), text), (node, property, value))

    def _read_term(self, term: str) -> None:
        node = URIRef(term)
        is_retired = False
        labels: list[tuple[str, str, str, bool, list[Triple]]] = []
        for property, value in self.graph.predicate_objects(node):
            triple = (node, property, value)
            if property in LABEL_PROPERTIES:
                labels += self._labels(triple, LABEL_PROPERTIES[property])
            elif property in NOTE_PROPERTIES:
                self._read_note(triple, NOTE_PROPERTIES[property])
            elif property in MAPPING_PROPERTIES:
                self._read_mapping(triple, MAPPING_PROPERTIES[property])
            elif property == SKOS.broader:
                self._say((term, "broader", str(value)), triple)
            elif property == SKOS.narrower:
                self._say((str(value), "broader", term), triple)
            elif property == SKOS.related:
                self._say((min(term, str(value)), "related", max(term, str(value))), triple)
            elif property == SKOS.notation and isinstance(value, Literal):
                self._read_notation(triple)
            elif property == OWL.deprecated and str(value) in TRUE:
                is_retired = True
                self._say((term, "status", RETIRED), triple)
            elif property == DCTERMS.isReplacedBy:
                self._say((term, "successor", str(value)), triple)
            elif property == DCTERMS.replaces:
                self._say((str(value), "successor", term), triple)
        self._read_labels(term, labels, is_retired)

    def _labels(self, triple: Triple, kind: str) -> Iterator[tuple[str, str, str, bool, list[Triple]]]:
        """Yield kind, language, text, whether its tag is the canonical one, and the triples of each label."""
        term, _, value = triple
        found = False
        for text, chain in self._texts(triple):
            found = True
            language = self._languages.of(text)
            held = storable(str(text)).strip()
            if not held:
                self.tell("", term, f"An empty label in {language} is left out; exports keep it.")
                continue
            if len(held) > LABEL_CHARS:
                self.tell("", term, f"A label in {language} has {len(held)} characters; the hub shows {LABEL_CHARS}.")
                held = held[: LABEL_CHARS - 1] + "…"
            yield kind, language, held, (text.language or UNDETERMINED) == language, [*chain]
        if not found:
            self.tell("S12", term, f"The {kind} label {value} is no text; exports keep it.")

    def _texts(self, triple: Triple) -> Iterator[tuple[Literal, tuple[Triple, ...]]]:
        """Yield the texts that a property leads to, with their triples: itself, or those of a resource."""
        value = triple[2]
        if isinstance(value, Literal):
            yield value, (triple,)
            return
        for property in (SKOSXL.literalForm, RDF.value):
            for text in self.graph.objects(value, property):
                if isinstance(text, Literal):
                    yield text, (triple, (value, property, text))

    def _read_labels(self, term: str, labels: list[tuple[str, str, str, bool, list[Triple]]], is_retired: bool) -> None:
        """Say the labels of a term: of several preferred ones in a language the others become alternative."""
        preferred: dict[str, str] = {}
        for kind, language, text, _, _ in sorted(labels, key=lambda label: (not label[3], label[2])):
            if kind != LabelKind.PREFERRED or preferred.setdefault(language, text) == text:
                continue
            told = f"Two preferred labels in {language}: '{preferred[language]}' and '{text}', read as alternative."
            self.tell("S14", term, told)
        if not preferred:
            told = "It is deprecated and has no preferred label." if is_retired else "It has no preferred label."
            self.tell("", term, f"{told} It is called by its code.")
        for kind, language, text, _, chain in labels:
            is_second = kind == LabelKind.PREFERRED and preferred[language] != text
            self._say((term, "label", LabelKind.ALTERNATIVE if is_second else kind, language, text), *chain)

    def _read_note(self, triple: Triple, kind: str) -> None:
        term, _, value = triple
        resource = str(value) if isinstance(value, URIRef) and is_holdable(str(value)) else ""
        for text, chain in self._texts(triple):
            if held := storable(str(text)):
                self._say((str(term), "note", kind, self._languages.of(text), held, resource), *chain)

    def _read_mapping(self, triple: Triple, kind: str) -> None:
        term, _, value = triple
        if isinstance(value, URIRef) and is_holdable(str(value)):
            self._say((str(term), "mapping", kind, str(value)), triple)
        else:
            self.tell("", term, f"The {kind} match {str(value)[:100]} is no address; exports keep it.")

    def _read_mappings_from_outside(self) -> None:
        """Read what concepts of other vocabularies say of ours (S43, S44: inverse and symmetric)."""
        for property, kind in MAPPING_PROPERTIES.items():
            for outside, inside in self.graph.subject_objects(property):
                if str(inside) in self.terms and str(outside) not in self.terms and is_holdable(str(outside)):
                    fact = (str(inside), "mapping", INVERSE.get(kind, kind), str(outside))
                    self._say(fact, (outside, property, inside))

    def _read_notation(self, triple: Triple) -> None:
        term, _, value = triple
        text, datatype = storable(str(value)), str(value.datatype or "")
        if text and len(text) <= LABEL_CHARS and len(datatype) <= URI_CHARS and not value.language:
            self._say((str(term), "notation", text, datatype), triple)

    def _read_collection(self, collection: str) -> None:
        node = URIRef(collection)
        lists = list(self.graph.objects(node, SKOS.memberList))
        is_ordered = bool(lists) or (node, RDF.type, SKOS.OrderedCollection) in self.graph
        self._say((collection, "collection", "ordered" if is_ordered else "unordered"))
        self._read_names(collection, collection)
        if len(lists) > 1:
            self.tell("S35", node, "It has several lists of members; the first is read.")
        members = [(member, (node, SKOS.member, member)) for member in self.graph.objects(node, SKOS.member)]
        known = {**self.terms, **self.collections}
        for member, triple in members:
            if str(member) not in known:
                self.tell("", node, f"Its member {member} is not in the file; exports keep it.")
            elif not is_ordered and str(member) != collection:
                self._say((collection, "member", str(member)), triple)
        if is_ordered:
            listed, triples = self._listed(node, lists[0]) if lists else ([], [])
            targets = [str(member) for member in listed or (member for member, _ in members)]
            held = [target for target in dict.fromkeys(targets) if target in known and target != collection]
            self._say((collection, "members", *held), *triples, *(triple for _, triple in members))

    def _listed(self, node: URIRef, head: Any) -> tuple[list[Any], list[Triple]]:
        """Return the members of an RDF list and its triples; a list that bites its tail ends there."""
        members, triples, seen = [], [(node, SKOS.memberList, head)], set()
        while head != RDF.nil and head not in seen:
            seen.add(head)
            first, rest = self.graph.value(head, RDF.first), self.graph.value(head, RDF.rest)
            if first is None or rest is None:
                self.tell("", node, "Its list of members is broken.")
                break
            members.append(first)
            triples += [(head, RDF.first, first), (head, RDF.rest, rest)]
            head = rest
        return members, triples


def is_holdable(uri: str) -> bool:
    """Return whether the hub has room for this address."""
    try:
        validate_address(uri)
    except ValidationError:
        return False
    return len(uri) <= URI_CHARS


def resources_below(graph: Graph, nodes: Iterable[Any]) -> set[Any]:
    """Return the blank nodes among ``nodes`` and everything blank that hangs below them."""
    found: set[Any] = set()
    waiting = [node for node in nodes if isinstance(node, BNode)]
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting += [value for value in graph.objects(node) if isinstance(value, BNode)]
    return found
