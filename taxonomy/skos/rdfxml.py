"""Reading RDF/XML: no document types, no entities, no deep nesting."""

import io
from typing import Any
from xml.sax.handler import feature_namespaces
from xml.sax.saxutils import XMLFilterBase

import rdflib
from defusedxml.expatreader import DefusedExpatParser
from rdflib import Graph
from rdflib.plugins.parsers.rdfxml import RDFXMLHandler

from taxonomy.skos import bounds
from taxonomy.skos.spelling import Spelling, UnreadableFile

_LANGUAGE = "http://www.w3.org/XML/1998/namespace", "lang"


def parse_xml(content: bytes, graph: Graph, base: str, spelling: Spelling) -> None:
    """Add what the document says to the graph."""
    parser = DefusedExpatParser(forbid_dtd=True, forbid_entities=True, forbid_external=True)
    parser.setFeature(feature_namespaces, 1)
    handler = RDFXMLHandler(graph)
    parser.setContentHandler(_Watch(handler, graph, spelling))
    source = rdflib.parser.InputSource()
    source.setPublicId(base)
    source.setSystemId(base)
    source.setByteStream(io.BytesIO(content))
    handler.setDocumentLocator(source)
    parser.parse(source)


class _Watch(XMLFilterBase):
    """Passes on what an XML parser tells, unless it goes too deep; mends language tags on the way."""

    def __init__(self, handler: RDFXMLHandler, graph: Graph, spelling: Spelling) -> None:
        super().__init__()
        self.setContentHandler(handler)
        self._spelling, self._store, self._depth = spelling, graph.store, 0

    def setDocumentLocator(self, locator: Any) -> None:
        pass  # the handler takes the base of the document from its locator: it has ours already

    def startElementNS(self, name: Any, qname: Any, attributes: Any) -> None:
        self._depth += 1
        if self._depth > bounds.DEEPEST:
            raise UnreadableFile(f"It is nested deeper than {bounds.DEEPEST} elements.")
        self._store.watch_the_clock()
        if (tag := attributes.get(_LANGUAGE)) is not None:
            attributes._attrs[_LANGUAGE] = self._spelling.language(tag) or ""
        super().startElementNS(name, qname, attributes)

    def endElementNS(self, name: Any, qname: Any) -> None:
        self._depth -= 1
        super().endElementNS(name, qname)
