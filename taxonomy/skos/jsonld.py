"""Reading JSON-LD: contexts of other places are refused, never fetched."""

import json
from typing import Any

from rdflib import Graph
from rdflib.plugins.parsers.jsonld import to_rdf

from taxonomy.skos import bounds
from taxonomy.skos.spelling import Spelling, UnreadableFile, decoded


def parse_json(content: bytes, graph: Graph, base: str, spelling: Spelling) -> None:
    """Add what the document says to the graph."""
    try:
        data = json.loads(decoded(content))
    except json.JSONDecodeError as error:
        raise UnreadableFile(f"Line {error.lineno}: this is not JSON: {error.msg}.") from error
    language_maps: set[str] = set()
    _check_json(data, 0, language_maps)
    to_rdf(_mended_json(data, language_maps, spelling), graph, base=base)


def _check_json(value: Any, depth: int, language_maps: set[str]) -> None:
    """Refuse contexts of other places and deep nesting; gather the keys whose values are texts by language."""
    if depth > bounds.DEEPEST:
        raise UnreadableFile(f"It is nested deeper than {bounds.DEEPEST} levels.")
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


def _mended_json(value: Any, language_maps: set[str], spelling: Spelling) -> Any:
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
