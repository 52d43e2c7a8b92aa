"""From facts to the records that the bulk writer takes: the whole facet as it is to be."""

from collections import Counter
from collections.abc import Mapping

from taxonomy.codes import LabelKind
from taxonomy.models import Facet, Term
from taxonomy.skos.facts import Facts, parents_of, retired_in
from taxonomy.termrecords import TermRecord


def records_of(facet: Facet, facts: Facts, codes: Mapping[str, str], *, new_addresses: set[str]) -> list[TermRecord]:
    """Return a record of every term. ``codes``: by URI; ``new_addresses``: the URIs that the terms do not have yet."""
    parents, retired = parents_of(facts), retired_in(facts)
    places = _Places(facet)
    records = {}
    for uri, code in codes.items():
        above = [codes[parent] for parent in parents.get(uri, ())]
        parent = above[0] if above else None
        records[uri] = TermRecord(
            place=uri,
            code=code,
            parent=parent,
            position=places.place(code, parent),
            labels={},
            alternatives=[],
            hidden=[],
            notes=[],
            mappings=[],
            notations=[],
            related=[],
            replaced_by=[],
            further_parents=above[1:],
            uri=uri if uri in new_addresses else None,
            is_retired=uri in retired,
        )
    for subject, aspect, *values in facts:
        record = records.get(subject)
        if record is None:
            continue
        if aspect == "label":
            _add_label(record, *values)
        elif aspect == "note":
            kind, language, text, resource = values
            record.notes.append((language, kind, text, resource))
        elif aspect == "mapping":
            record.mappings.append((values[0], values[1]))
        elif aspect == "notation":
            record.notations.append((values[0], values[1]))
        elif aspect == "successor":
            record.replaced_by.append(codes[values[0]])
        elif aspect == "related":
            record.related.append(codes[values[0]])
            records[values[0]].related.append(record.code)
    return list(records.values())


def _add_label(record: TermRecord, kind: str, language: str, text: str) -> None:
    if kind == LabelKind.PREFERRED and language not in record.labels:
        record.labels[language] = text
    elif kind == LabelKind.HIDDEN:
        record.hidden.append((language, text))
    else:
        record.alternatives.append((language, text))


class _Places:
    """Where terms stand among their siblings: as they do, or after the last."""

    def __init__(self, facet: Facet) -> None:
        rows = Term.objects.filter(facet=facet.pk or 0).values_list("code", "parent__code", "position")
        self._stored = {code: (parent, position) for code, parent, position in rows}
        self._last: Counter[str | None] = Counter()
        for parent, position in self._stored.values():
            self._last[parent] = max(self._last[parent], position)

    def place(self, code: str, parent: str | None) -> int:
        was = self._stored.get(code)
        if was and was[0] == parent:
            return was[1]
        self._last[parent] += 1
        return self._last[parent]
