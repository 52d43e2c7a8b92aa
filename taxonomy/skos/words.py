"""The properties of SKOS and what they are called in the hub."""

import rdflib
from rdflib import DC, DCTERMS, OWL, RDF, RDFS, SKOS, Namespace

from taxonomy.codes import LabelKind, MappingKind, NoteKind

__all__ = [
    "DCTERMS",
    "LABELS",
    "LABEL_PROPERTIES",
    "MAPPINGS",
    "MAPPING_PROPERTIES",
    "NAMES",
    "NOTES",
    "NOTE_PROPERTIES",
    "OWL",
    "RDF",
    "SKOS",
    "SKOSXL",
]

rdflib.NORMALIZE_LITERALS = False  # "01"^^xsd:integer stays as it was written; set here, where every module comes by

SKOSXL = Namespace("http://www.w3.org/2008/05/skos-xl#")

LABELS = {
    LabelKind.PREFERRED: SKOS.prefLabel,
    LabelKind.ALTERNATIVE: SKOS.altLabel,
    LabelKind.HIDDEN: SKOS.hiddenLabel,
}
LABEL_PROPERTIES = {uri: kind for kind, uri in LABELS.items()} | {
    SKOSXL.prefLabel: LabelKind.PREFERRED,
    SKOSXL.altLabel: LabelKind.ALTERNATIVE,
    SKOSXL.hiddenLabel: LabelKind.HIDDEN,
}
NOTES = {
    NoteKind.DEFINITION: SKOS.definition,
    NoteKind.SCOPE_NOTE: SKOS.scopeNote,
    NoteKind.NOTE: SKOS.note,
    NoteKind.EXAMPLE: SKOS.example,
    NoteKind.HISTORY_NOTE: SKOS.historyNote,
    NoteKind.EDITORIAL_NOTE: SKOS.editorialNote,
    NoteKind.CHANGE_NOTE: SKOS.changeNote,
}
NOTE_PROPERTIES = {uri: kind for kind, uri in NOTES.items()}
MAPPINGS = {
    MappingKind.EXACT: SKOS.exactMatch,
    MappingKind.CLOSE: SKOS.closeMatch,
    MappingKind.BROAD: SKOS.broadMatch,
    MappingKind.NARROW: SKOS.narrowMatch,
    MappingKind.RELATED: SKOS.relatedMatch,
}
MAPPING_PROPERTIES = {uri: kind for kind, uri in MAPPINGS.items()}
NAMES = (SKOS.prefLabel, DCTERMS.title, DC.title, RDFS.label)  # of a scheme or collection, the first counts
