"""How large, deep and slow a file may be, and the store that watches over it."""

import time
from typing import Any

from rdflib import Literal, URIRef
from rdflib.plugins.stores.memory import SimpleMemory

from taxonomy.skos.spelling import Spelling, UnreadableFile

LARGEST_BYTES = 64 * 1024 * 1024
MOST_TRIPLES = 2_000_000
LONGEST_SECONDS = 120
DEEPEST = 100  # elements, objects or lists within each other


class BoundedStore(SimpleMemory):
    """A store that takes so many triples, for so long, and only addresses that can be written again."""

    def __init__(self, spelling: Spelling) -> None:
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
