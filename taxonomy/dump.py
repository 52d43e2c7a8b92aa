"""Writing a facet's current terms as the files that loading reads."""

import csv
import io
import json
from collections.abc import Iterable
from typing import Any

from taxonomy.codes import SOURCE_SYSTEM, LabelKind, MappingKind, NoteKind
from taxonomy.facetview import FacetView, TermView, Window
from taxonomy.models import TermLabel, TermNotation, TermNote
from taxonomy.termcsv import LABEL_COLUMN, guarded
from taxonomy.termrecords import EMPTY_KEYS


def dump_json(facet: FacetView) -> str:
    """Return the complete file: loading it changes nothing."""
    further = _Further(facet)
    document = {
        "facet": facet.code,
        "labels": facet.names,
        **facet.attributes,
        "count": len(facet.current),
        "terms": [_record(term, further) for term in facet.current],
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


class _Further:
    """What the facet in memory lacks, by the id of a term; and which of its terms are in the file."""

    def __init__(self, facet: FacetView) -> None:
        self.codes = {term.id: term.code for term in facet.current}
        self.hidden: dict[int, dict[str, list[str]]] = {}
        self.notes: dict[int, list[dict[str, str]]] = {}
        self.notations: dict[int, list[dict[str, str]]] = {}
        mine = {"term__facet": facet.id}
        hidden = TermLabel.objects.filter(kind=LabelKind.HIDDEN, **mine).order_by("pk")
        for pk, language, text in hidden.values_list("term_id", "language", "text"):
            self.hidden.setdefault(pk, {}).setdefault(language, []).append(text)
        notes = TermNote.objects.filter(**mine).exclude(kind=NoteKind.DEFINITION).order_by("pk")
        for pk, *values in notes.values_list("term_id", "kind", "language", "text", "uri"):
            self.notes.setdefault(pk, []).append(_filled(zip(("kind", "language", "text", "uri"), values, strict=True)))
        notations = TermNotation.objects.filter(**mine).order_by("pk")
        for pk, text, datatype in notations.values_list("term_id", "text", "datatype"):
            self.notations.setdefault(pk, []).append(_filled([("text", text), ("datatype", datatype)]))


def _filled(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {key: value for key, value in pairs if value}


def _record(term: TermView, further: _Further) -> dict[str, Any]:
    names = _source_ids(term)
    external: dict[str, list[str]] = {}
    for name in term.external_ids:
        if name.system != SOURCE_SYSTEM:
            external.setdefault(name.system, []).append(name.identifier)
    others = [mapping for mapping in term.mappings if mapping.kind != MappingKind.EXACT]
    optional = {
        "uri": term.uri,
        "source_id": names[0] if len(names) == 1 else names,
        "labels": term.labels,
        "alt_labels": {language: list(texts) for language, texts in term.alternatives.items()},
        "hidden_labels": further.hidden.get(term.id, {}),
        "definition": _definitions(term),
        "notes": further.notes.get(term.id, []),
        "notations": further.notations.get(term.id, []),
        "external_ids": external,
        "exact_match": [mapping.uri for mapping in term.mappings if mapping.kind == MappingKind.EXACT],
        "mappings": [{"kind": mapping.kind, "uri": mapping.uri} for mapping in others],
        "related": sorted(further.codes[pk] for pk in term.related_ids if pk in further.codes),
        "windows": [_window(window) for window in term.windows],
        "further_parents": [parent.code for parent in term.broader[1:]],
    }
    held = {key: value for key, value in optional.items() if value or key in term.extra.get(EMPTY_KEYS, ())}
    return {
        "code": term.code,
        "parent": term.parent.code if term.parent else None,
        **held,
        **{name: value for name, value in term.attributes.items() if name not in held},
        "depth": term.depth,
        "order": term.position,
    }


def _definitions(term: TermView) -> dict[str, str | list[str]]:
    """Return the definition in each language, a list where there are several."""
    texts: dict[str, list[str]] = {}
    for note in term.notes:
        if note.kind == NoteKind.DEFINITION:
            texts.setdefault(note.language, []).append(note.text)
    return {language: found if len(found) > 1 else found[0] for language, found in texts.items()}


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
