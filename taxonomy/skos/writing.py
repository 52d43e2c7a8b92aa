"""From a graph to the text of a file: each literal as it was written, where rdflib would write its value."""

import json
import re
from io import BytesIO
from typing import Any

from rdflib import XSD, Graph, Literal
from rdflib.plugins.serializers.jsonld import from_rdf
from rdflib.plugins.serializers.turtle import TurtleSerializer

# What Turtle may hold without quotes and a reader gives back letter by letter: "007" would come back as "7".
_BARE = {XSD.integer: re.compile(r"0|-?[1-9][0-9]*"), XSD.boolean: re.compile("true|false")}


def written(graph: Graph, format: str) -> str:
    """Return the graph as text in one of ``FORMATS``."""
    if format == "turtle":
        return _turtle(graph)
    if format == "json-ld":  # by hand: rdflib's serializer takes its use_native_types for true, whatever is given
        return json.dumps(from_rdf(graph), indent=2, sort_keys=True, ensure_ascii=False)
    return graph.serialize(format=format)


def _turtle(graph: Graph) -> str:
    stream = BytesIO()
    _Turtle(graph).serialize(stream, encoding="utf-8")
    return stream.getvalue().decode()


class _Turtle(TurtleSerializer):
    def label(self, node: Any, position: int) -> str:
        if not isinstance(node, Literal):
            return super().label(node, position)
        bare = _BARE.get(node.datatype)
        return node._literal_n3(
            use_plain=bool(bare and bare.fullmatch(node)),
            qname_callback=lambda datatype: self.get_pname(datatype, gen_prefix=False),
        )
