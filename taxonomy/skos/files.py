"""From the bytes of a file to a graph, within bounds: nothing is fetched, no entity is expanded."""

import logging
import warnings
from collections.abc import Callable
from pathlib import PurePath
from xml.sax import SAXParseException

from defusedxml.common import DefusedXmlException
from rdflib import Graph
from rdflib.plugins.parsers.notation3 import BadSyntax

from taxonomy.skos import bounds
from taxonomy.skos.facts import Finding
from taxonomy.skos.jsonld import parse_json
from taxonomy.skos.rdfxml import parse_xml
from taxonomy.skos.spelling import NO_BASE, Spelling, UnreadableFile, decoded

logging.getLogger("rdflib").setLevel(logging.ERROR)  # what it warns of is among our findings
warnings.filterwarnings("ignore", module=r"rdflib\..*")

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


def format_of(name: str) -> str | None:
    """Return the format that a file's name tells, or None."""
    return SUFFIXES.get(PurePath(name).suffix.lower())


def read_graph(content: bytes, format: str, *, base: str = "", fallback_base: str) -> tuple[Graph, list[Finding]]:
    """Return the graph of a file and what is odd about its spelling.

    Relative addresses are read against the file's own base, else ``base``, else ``fallback_base`` (a finding).

    Raises:
        UnreadableFile: it cannot be read, or is too large, too deep or too slow.
    """
    if len(content) > bounds.LARGEST_BYTES:
        raise UnreadableFile(f"It has {len(content):,} bytes; {bounds.LARGEST_BYTES:,} are allowed.")
    spelling = Spelling(fallback_base)
    graph = Graph(store=bounds.BoundedStore(spelling), bind_namespaces="none")
    content = spelling.without_mark(content, format)
    try:
        PARSERS[format](content, graph, base or NO_BASE, spelling)
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
    except Exception as error:  # the parsers raise whatever a broken file makes them stumble over
        told = str(error).strip().splitlines() or [type(error).__name__]
        raise UnreadableFile(f"This is not {FORMATS[format]}: {told[0][:200]}") from error
    return graph, list(spelling.findings())


def _parse_turtle(content: bytes, graph: Graph, base: str, spelling: Spelling) -> None:
    graph.parse(data=decoded(content), format="turtle", publicID=base)


PARSERS: dict[str, Callable[[bytes, Graph, str, Spelling], None]] = {
    "turtle": _parse_turtle,
    "xml": parse_xml,
    "json-ld": parse_json,
}
