"""From the bytes of a file to a graph, within bounds: nothing is fetched, no entity is expanded."""

import io
import json
import logging
import re
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any
from urllib.parse import quote
from xml.sax import SAXException, SAXParseException
from xml.sax.handler import feature_namespaces
from xml.sax.saxutils import XMLFilterBase

import rdflib
from defusedxml.common import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser
from rdflib import Graph, Literal, URIRef
from rdflib.plugins.parsers.jsonld import to_rdf
from rdflib.plugins.parsers.notation3 import BadSyntax
from rdflib.plugins.parsers.rdfxml import RDFXMLHandler
from rdflib.plugins.stores.memory import SimpleMemory

from taxonomy.skos.facts import Finding, Severity, storable

rdflib.NORMALIZE_LITERALS = False  # "01"^^xsd:integer stays as it was written
logging.getLogger("rdflib").setLevel(logging.ERROR)  # what it warns of is among our findings
warnings.filterwarnings("ignore", module=r"rdflib\..*")

LARGEST_BYTES = 64 * 1024 * 1024
MOST_TRIPLES = 2_000_000
LONGEST_SECONDS = 120
DEEPEST = 100  # elements, objects or lists within each other

FORMATS = {"turtle": "Turtle", "xml": "RDF/XML", "json-ld": "JSON-LD"}
SUFFIXES = {
    ".ttl": "turtle",
    ".turtle": "turtle",
    ".nt": "turtle",
    ".rdf": "xml",
    ".xml": "xml",
    ".owl": "xml",
    ".skos": "xml",
    ".jsonld": "json-ld",
    ".json-ld": "json-ld",
    ".json": "json-ld",
}

_NO_BASE = "https://no-base.invalid/"
_BOMS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_TAG = re.compile(r"[A-Za-z]+(-[A-Za-z0-9]+)*")
_LANGUAGE = "http://www.w3.org/XML/1998/namespace", "lang"
_NOT_IN_URIS = {ord(character): quote(character) for character in ' <>"{}|\\^`'} | {
    code: quote(chr(code)) for code in range(32)
}


class UnreadableFile(ValueError):
    """Raised for what is no RDF of its format, or goes beyond the bounds."""


def format_of(name: str) -> str | None:
    """Return the format that a file's name tells, or None."""
    return SUFFIXES.get(PurePath(name).suffix.lower())


def read_graph(content: bytes, format: str, *, base: str = "", fallback_base: str) -> tuple[Graph, list[Finding]]:
    """Return the graph of a file and what is odd about its spelling.

    Relative addresses are read against the file's own base, else ``base``, else ``fallback_base`` (a finding).

    Raises:
        UnreadableFile: it cannot be read, or is too large, too deep or too slow.
    """
    if len(content) > LARGEST_BYTES:
        raise UnreadableFile(f"It has {len(content):,} bytes; {LARGEST_BYTES:,} are allowed.")
    spelling = _Spelling(fallback_base)
    graph = Graph(store=_BoundedStore(spelling), bind_namespaces="none")
    content = spelling.without_mark(content, format)
    try:
        {"turtle": _parse_turtle, "xml": _parse_xml, "json-ld": _parse_json}[format](
            content, graph, base or _NO_BASE, spelling
        )
    except UnreadableFile:
        raise
    except BadSyntax as error:
        problem = str(error).partition("^")[0].splitlines()
        raise UnreadableFile(f"Line {error.lines + 1}: this is not Turtle. {problem[-1].strip()[:200]}") from error
    except SAXParseException as error:
        raise UnreadableFile(f"Line {error.getLineNumber()}: this is not XML: {error.getMessage()}.") from error
    except DefusedXmlException as error:
        raise UnreadableFile("It declares a document type or entities, which are not read. Take them out.") from error
    except RecursionError as error:
        raise UnreadableFile("It is nested too deeply.") from error
    except (SAXException, Exception) as error:  # the parsers raise whatever a broken file makes them stumble over
        told = str(error).strip().splitlines() or [type(error).__name__]
        raise UnreadableFile(f"This is not {FORMATS[format]}: {told[0][:200]}") from error
    return graph, list(spelling.findings())


class _Spelling:
    """What is mended while a file is read, and how often."""

    def __init__(self, fallback_base: str) -> None:
        self.fallback_base = fallback_base
        self.relative: set[str] = set()
        self.mended_uris: set[str] = set()
        self.mended_texts = 0
        self.mended_tags: Counter[tuple[str, str]] = Counter()
        self.notes: list[str] = []

    def without_mark(self, content: bytes, format: str) -> bytes:
        """Return the text in UTF-8 without its byte order mark."""
        for mark, encoding in _BOMS.items():
            if content.startswith(mark):
                self.notes.append(f"It begins with a byte order mark ({encoding.upper()}), which was skipped.")
                try:
                    text = content.removeprefix(mark).decode(encoding)
                except UnicodeDecodeError as error:
                    raise UnreadableFile(f"This is not {encoding.upper()} text.") from error
                if format == "xml" and encoding != "utf-8":
                    return content  # its declaration names the encoding, and the XML parser knows the mark
                return text.encode()
        return content

    def language(self, tag: str | None) -> str | None:
        """Return a tag that RDF can hold, or None where nothing is left of it."""
        if not tag or _TAG.fullmatch(tag):
            return tag
        parts = ["".join(filter(_is_ascii_alnum, part)) for part in tag.replace("_", "-").split("-")]
        mended = "-".join(filter(None, parts))
        mended = mended if _TAG.fullmatch(mended) else ""
        self.mended_tags[tag, mended] += 1
        return mended or None

    def text(self, text: str) -> str:
        """Return a text without what neither files nor databases can hold."""
        held = storable(text)
        self.mended_texts += held != text
        return held

    def uri(self, uri: str) -> str:
        if uri.startswith(_NO_BASE):
            self.relative.add(uri)
            uri = self.fallback_base + uri.removeprefix(_NO_BASE)
        mended = storable(uri.translate(_NOT_IN_URIS))
        if mended != uri:
            self.mended_uris.add(uri)
        return mended

    def findings(self) -> Iterator[Finding]:
        for note in self.notes:
            yield Finding(Severity.NOTE, "", "", note)
        if self.relative:
            example = min(self.relative).removeprefix(_NO_BASE)
            told = f"{len(self.relative)} relative addresses have no base and were read against {self.fallback_base}"
            yield Finding(Severity.WARNING, "", example, f"{told}: name the base that they are meant for.")
        for uri in sorted(self.mended_uris):
            yield Finding(
                Severity.WARNING,
                "",
                storable(uri),
                "This address has characters that none may have; they were encoded.",
            )
        if self.mended_texts:
            told = f"{self.mended_texts} texts hold characters that are none (NUL, half a pair); they were replaced."
            yield Finding(Severity.WARNING, "", "", told)
        for (tag, mended), times in sorted(self.mended_tags.items()):
            told = f"'{tag}' is no language tag (BCP 47); {times} texts are read as {mended or 'of no language'}."
            yield Finding(Severity.WARNING, "", storable(tag), storable(told))


class _BoundedStore(SimpleMemory):
    """A store that takes so many triples, for so long, and only addresses that can be written again."""

    def __init__(self, spelling: _Spelling) -> None:
        super().__init__()
        self._spelling = spelling
        self._deadline = time.monotonic() + LONGEST_SECONDS
        self._count = 0

    def add(self, triple: Any, context: Any, quoted: bool = False) -> None:
        self._count += 1
        if self._count > MOST_TRIPLES:
            raise UnreadableFile(f"It has more than {MOST_TRIPLES:,} statements.")
        if self._count % 256 == 0:
            self.watch_the_clock()
        super().add(tuple(map(self._mended, triple)), context, quoted)

    def watch_the_clock(self) -> None:
        if time.monotonic() > self._deadline:
            raise UnreadableFile(f"Reading it takes more than {LONGEST_SECONDS} seconds.")

    def _mended(self, node: Any) -> Any:
        if isinstance(node, URIRef):
            mended = self._spelling.uri(str(node))
            return node if mended == str(node) else URIRef(mended)
        if not isinstance(node, Literal):
            return node
        text = self._spelling.text(str(node))
        datatype = node.datatype and self._spelling.uri(str(node.datatype))
        if text == str(node) and (datatype is None or datatype == str(node.datatype)):
            return node
        return Literal(text, lang=node.language, datatype=datatype and URIRef(datatype))


def _parse_turtle(content: bytes, graph: Graph, base: str, spelling: _Spelling) -> None:
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnreadableFile(f"Line {line}: this is not UTF-8 text.") from error
    graph.parse(data=text, format="turtle", publicID=base)


def _parse_xml(content: bytes, graph: Graph, base: str, spelling: _Spelling) -> None:
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

    def __init__(self, handler: RDFXMLHandler, graph: Graph, spelling: _Spelling) -> None:
        super().__init__()
        self.setContentHandler(handler)
        self._spelling, self._store, self._depth = spelling, graph.store, 0

    def setDocumentLocator(self, locator: Any) -> None:
        pass  # the handler takes the base of the document from its locator: it has ours already

    def startElementNS(self, name: Any, qname: Any, attributes: Any) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise UnreadableFile(f"It is nested deeper than {DEEPEST} elements.")
        self._store.watch_the_clock()
        if (tag := attributes.get(_LANGUAGE)) is not None:
            attributes._attrs[_LANGUAGE] = self._spelling.language(tag) or ""
        super().startElementNS(name, qname, attributes)

    def endElementNS(self, name: Any, qname: Any) -> None:
        self._depth -= 1
        super().endElementNS(name, qname)


def _parse_json(content: bytes, graph: Graph, base: str, spelling: _Spelling) -> None:
    try:
        data = json.loads(content.decode())
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnreadableFile(f"Line {line}: this is not UTF-8 text.") from error
    except json.JSONDecodeError as error:
        raise UnreadableFile(f"Line {error.lineno}: this is not JSON: {error.msg}.") from error
    language_maps: set[str] = set()
    _check_json(data, 0, language_maps)
    to_rdf(_mended_json(data, language_maps, spelling), graph, base=base)


def _check_json(value: Any, depth: int, language_maps: set[str]) -> None:
    """Refuse contexts of other places and deep nesting; gather the keys whose values are texts by language."""
    if depth > DEEPEST:
        raise UnreadableFile(f"It is nested deeper than {DEEPEST} levels.")
    if isinstance(value, list):
        for part in value:
            _check_json(part, depth + 1, language_maps)
    if not isinstance(value, dict):
        return
    contexts = value.get("@context", [])
    outside = [part for part in (contexts if isinstance(contexts, list) else [contexts]) if isinstance(part, str)]
    outside += [value["@import"]] if "@import" in value else []
    if outside:
        raise UnreadableFile(
            f"It refers to the context {str(outside[0])[:200]}. Contexts are not fetched: put it into the file."
        )
    for key, part in value.items():
        if isinstance(part, dict) and "@language" in _each(part.get("@container")):
            language_maps.add(key)
        _check_json(part, depth + 1, language_maps)


def _mended_json(value: Any, language_maps: set[str], spelling: _Spelling) -> Any:
    """Return the document with language tags that RDF can hold."""
    if isinstance(value, list):
        return [_mended_json(part, language_maps, spelling) for part in value]
    if not isinstance(value, dict):
        return value
    mended = {key: _mended_json(part, language_maps, spelling) for key, part in value.items()}
    if isinstance(mended.get("@language"), str):
        mended["@language"] = spelling.language(mended["@language"])
        if mended["@language"] is None and "@value" in mended:
            del mended["@language"]
    for key in language_maps & mended.keys():
        if isinstance(mended[key], dict) and "@container" not in mended[key]:
            mended[key] = {
                (tag if tag.startswith("@") else spelling.language(tag) or "@none"): text
                for tag, text in mended[key].items()
            }
    return mended


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _is_ascii_alnum(character: str) -> bool:
    return character.isascii() and character.isalnum()
