"""Writing a facet's current terms as the files that loading reads."""

import csv
import io
import json
from collections.abc import Iterable
from typing import Any

from taxonomy.codes import SOURCE_SYSTEM, MappingKind, NoteKind
from taxonomy.facetview import FacetView, TermView, Window
from taxonomy.termcsv import LABEL_COLUMN, guarded
from taxonomy.termrecords import EMPTY_KEYS


def dump_json(facet: FacetView) -> str:
    """Return the complete file: loading it changes nothing."""
    document = {
        "facet": facet.code,
        "labels": facet.names,
        **facet.attributes,
        "count": len(facet.current),
        "terms": [_record(term) for term in facet.current],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def dump_csv(facet: FacetView, *, delimiter: str = ",") -> str:
    """Return the flat file: tree, source ids and labels. Loading it changes nothing.

    A label that a spreadsheet would take for a formula has an apostrophe before it, which loading takes off.
    """
    languages = sorted({language for term in facet.current for language in term.labels})
    has_one_name = all(len(_source_ids(term)) < 2 for term in facet.current)
    columns = ["code", "parent", "depth", "order", *(["source_id"] if has_one_name else [])]
    lines = io.StringIO(newline="")
    writer = csv.writer(lines, lineterminator="\n", delimiter=delimiter)
    writer.writerow([*columns, *(LABEL_COLUMN + language for language in languages)])
    for term in facet.current:
        cells = [term.code, term.parent.code if term.parent else "", term.depth, term.position]
        cells += ["".join(_source_ids(term))] if has_one_name else []
        writer.writerow([*cells, *(guarded(term.labels.get(language, "")) for language in languages)])
    return lines.getvalue()


def _record(term: TermView) -> dict[str, Any]:
    names = _source_ids(term)
    optional = {
        "uri": term.uri,
        "source_id": names[0] if len(names) == 1 else names,
        "labels": term.labels,
        "alt_labels": {language: list(texts) for language, texts in term.alternatives.items()},
        "definition": {note.language: note.text for note in term.notes if note.kind == NoteKind.DEFINITION},
        "exact_match": [mapping.uri for mapping in term.mappings if mapping.kind == MappingKind.EXACT],
        "windows": [_window(window) for window in term.windows],
        "further_parents": [parent.code for parent in term.broader[1:]],
    }
    return {
        "code": term.code,
        "parent": term.parent.code if term.parent else None,
        **{key: value for key, value in optional.items() if value or key in term.extra.get(EMPTY_KEYS, ())},
        **term.attributes,
        "depth": term.depth,
        "order": term.position,
    }


def _source_ids(term: TermView) -> list[str]:
    return [name.identifier for name in term.external_ids if name.system == SOURCE_SYSTEM]


def _window(window: Window) -> dict[str, Any]:
    """Return the window as files have it: a label of four digits is the year."""
    is_year = len(window.label) == 4 and window.label.isascii() and window.label.isdigit()
    days: Iterable[tuple[str, Any]] = (
        ("start", window.start),
        ("end", window.end),
        ("event_start", window.event_start),
        ("event_end", window.event_end),
    )
    named = {"year": int(window.label)} if is_year else {"label": window.label} if window.label else {}
    return named | {key: day.isoformat() for key, day in days if day}
