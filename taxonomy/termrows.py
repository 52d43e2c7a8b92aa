"""The rows of terms that files carry: what a record wants, what is stored, and the difference written in bulk."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db import models
from django.db.models import QuerySet

from taxonomy.codes import SOURCE_SYSTEM, LabelKind, MappingKind, NoteKind
from taxonomy.models import (
    ExternalId,
    FurtherParent,
    Term,
    TermLabel,
    TermMapping,
    TermNotation,
    TermNote,
    TermWindow,
)
from taxonomy.termrecords import TermFile, TermRecord

ROWS_AT_ONCE = 500

Values = tuple[Any, ...]


@dataclass(frozen=True, eq=False)
class RowKind:
    """One kind of row. ``wanted`` gives a record's values, None where the file does not carry them.

    Where a row leads to another term (``leads_to_term``) its one value is that term's code.
    """

    name: str
    model: type[models.Model]
    columns: tuple[str, ...]
    wanted: Callable[[TermRecord], Iterable[Values] | None]
    fixed: Mapping[str, str] = field(default_factory=dict)
    without: Mapping[str, str] = field(default_factory=dict)  # rows of another kind
    is_ordered: bool = True  # else the rows of a language, or day, keep their order, the languages have none
    term: str = "term"
    leads_to_term: bool = False

    def stored(self, terms: QuerySet[Term]) -> dict[str, list[tuple[int, Values]]]:
        """Return primary key and values of the rows of each term, by its code, in the order they were written."""
        rows: dict[str, list[tuple[int, Values]]] = {}
        queryset = self.model.objects.filter(**{f"{self.term}__in": terms}, **self.fixed).order_by("pk")
        queryset = queryset.exclude(**self.without) if self.without else queryset
        columns = self.columns
        if self.leads_to_term:
            queryset = queryset.filter(**{f"{self.columns[0]}__in": terms})
            columns = (f"{self.columns[0]}__code",)
        for code, pk, *values in queryset.values_list(f"{self.term}__code", "pk", *columns):
            rows.setdefault(code, []).append((pk, tuple(values)))
        return rows

    def is_carried(self, values: Values, file: TermFile) -> bool:
        """Return whether the file speaks of such a row: of labels only in its languages."""
        return file.languages is None or self.model is not TermLabel or values[0] in file.languages

    def comparable(self, values: Iterable[Values]) -> list[Values]:
        return list(values) if self.is_ordered else sorted(values, key=lambda row: row[0])

    def made(self, code: str, values: Values, ids: Mapping[str, int]) -> models.Model:
        if self.leads_to_term:
            return self.model(**{f"{self.term}_id": ids[code], f"{self.columns[0]}_id": ids[values[0]]})
        columns = dict(zip(self.columns, values, strict=True))
        return self.model(**{f"{self.term}_id": ids[code]}, **self.fixed, **columns)


ROW_KINDS = (
    RowKind(
        "labels",
        TermLabel,
        ("language", "text"),
        lambda record: record.labels.items(),
        {"kind": LabelKind.PREFERRED},
        is_ordered=False,
    ),
    RowKind(
        "alternative labels",
        TermLabel,
        ("language", "text"),
        lambda record: record.alternatives,
        {"kind": LabelKind.ALTERNATIVE},
        is_ordered=False,
    ),
    RowKind(
        "hidden labels",
        TermLabel,
        ("language", "text"),
        lambda record: record.hidden,
        {"kind": LabelKind.HIDDEN},
        is_ordered=False,
    ),
    RowKind(
        "definitions",
        TermNote,
        ("language", "text"),
        lambda record: record.definitions,
        {"kind": NoteKind.DEFINITION},
        is_ordered=False,
    ),
    RowKind("notes", TermNote, ("language", "kind", "text", "uri"), lambda record: record.notes, is_ordered=False),
    RowKind(
        "other notes",
        TermNote,
        ("language", "kind", "text", "uri"),
        lambda record: record.other_notes,
        without={"kind": NoteKind.DEFINITION},
        is_ordered=False,
    ),
    RowKind(
        "exact matches",
        TermMapping,
        ("uri",),
        lambda record: _each(record.exact_matches),
        {"kind": MappingKind.EXACT},
    ),
    RowKind("mappings", TermMapping, ("kind", "uri"), lambda record: record.mappings),
    RowKind(
        "other mappings",
        TermMapping,
        ("kind", "uri"),
        lambda record: record.other_mappings,
        without={"kind": MappingKind.EXACT},
    ),
    RowKind("notations", TermNotation, ("text", "datatype"), lambda record: record.notations),
    RowKind(
        "source ids",
        ExternalId,
        ("identifier",),
        lambda record: _each(record.source_ids),
        {"system": SOURCE_SYSTEM},
    ),
    RowKind(
        "external ids",
        ExternalId,
        ("system", "identifier"),
        lambda record: record.external_ids,
        without={"system": SOURCE_SYSTEM},
        is_ordered=False,
    ),
    RowKind(
        "windows",
        TermWindow,
        ("start", "end", "label", "event_start", "event_end"),
        lambda record: record.windows,
        is_ordered=False,
    ),
)
FURTHER_PARENTS = RowKind(
    "further parents", FurtherParent, ("parent",), lambda record: _each(record.further_parents), leads_to_term=True
)
RELATED = RowKind(
    "related terms",
    Term.related.through,
    ("to_term",),
    lambda record: _each(record.related),
    is_ordered=False,
    term="from_term",
    leads_to_term=True,
)
SUCCESSORS = RowKind(
    "successors",
    Term.replaced_by.through,
    ("to_term",),
    lambda record: _each(record.replaced_by),
    is_ordered=False,
    term="from_term",
    leads_to_term=True,
)


class NewRow(NamedTuple):
    """A row to add to the term with this code."""

    kind: RowKind
    code: str
    values: Values


@dataclass
class RowChanges:
    """The rows to delete and to add, gathered over all terms and written together."""

    gone: dict[type[models.Model], list[int]] = field(default_factory=dict)
    new: list[NewRow] = field(default_factory=list)

    def compare(
        self, kind: RowKind, code: str, wanted: Iterable[Values], stored: Iterable[tuple[int, Values]]
    ) -> tuple[list[Values], list[Values]] | None:
        """Note what must be written so that the term has the wanted rows.

        Returns the values that go and those that come (both empty where only the order changes), None for no change.
        """
        wanted, stored = list(wanted), list(stored)
        held = [values for _, values in stored]
        if kind.comparable(wanted) == kind.comparable(held):
            return None
        self.gone.setdefault(kind.model, []).extend(pk for pk, _ in stored)
        self.new.extend(NewRow(kind, code, values) for values in wanted)
        return [row for row in held if row not in wanted], [row for row in wanted if row not in held]

    def write(self, ids: Mapping[str, int]) -> None:
        """Delete first: a name that moves from one term to another must be free. ``ids``: by code."""
        for model, gone in self.gone.items():
            for start in range(0, len(gone), ROWS_AT_ONCE):
                model.objects.filter(pk__in=gone[start : start + ROWS_AT_ONCE]).delete()
        for model in dict.fromkeys(row.kind.model for row in self.new):
            rows = [row.kind.made(row.code, row.values, ids) for row in self.new if row.kind.model is model]
            model.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE)


def _each(values: Iterable[Any] | None) -> list[Values] | None:
    return None if values is None else [(value,) for value in values]
