"""The rows of terms that files carry: what a record wants, what is stored, and the difference written in bulk."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import QuerySet

from taxonomy.codes import SOURCE_SYSTEM, LabelKind, MappingKind, NoteKind
from taxonomy.models import ExternalId, FurtherParent, Term, TermLabel, TermMapping, TermNote, TermWindow
from taxonomy.termrecords import TermFile, TermRecord

ROWS_AT_ONCE = 500

Values = tuple[Any, ...]


@dataclass(frozen=True)
class RowKind:
    """One kind of row. ``wanted`` gives a record's values, None where the file does not carry them."""

    model: type[models.Model]
    columns: tuple[str, ...]
    wanted: Callable[[TermRecord], Iterable[Values] | None]
    fixed: Mapping[str, str] = field(default_factory=dict)
    is_ordered: bool = True  # else the rows of a language, or day, keep their order, the languages have none

    def stored(self, terms: QuerySet[Term]) -> dict[int, list[tuple[int, Values]]]:
        """Return primary key and values of the rows of each term, in the order they were written."""
        rows: dict[int, list[tuple[int, Values]]] = {}
        queryset = self.model.objects.filter(term__in=terms, **self.fixed).order_by("pk")
        for term_id, pk, *values in queryset.values_list("term_id", "pk", *self.columns):
            rows.setdefault(term_id, []).append((pk, tuple(values)))
        return rows

    def is_carried(self, values: Values, file: TermFile) -> bool:
        """Return whether the file speaks of such a row: of labels only in its languages."""
        return file.languages is None or self.model is not TermLabel or values[0] in file.languages

    def comparable(self, values: Iterable[Values]) -> list[Values]:
        return list(values) if self.is_ordered else sorted(values, key=lambda row: row[0])

    def made(self, term_id: int, values: Values) -> models.Model:
        return self.model(term_id=term_id, **self.fixed, **dict(zip(self.columns, values, strict=True)))


ROW_KINDS = (
    RowKind(
        TermLabel,
        ("language", "text"),
        lambda record: record.labels.items(),
        {"kind": LabelKind.PREFERRED},
        is_ordered=False,
    ),
    RowKind(
        TermLabel,
        ("language", "text"),
        lambda record: record.alternatives,
        {"kind": LabelKind.ALTERNATIVE},
        is_ordered=False,
    ),
    RowKind(
        TermNote,
        ("language", "text"),
        lambda record: record.definitions,
        {"kind": NoteKind.DEFINITION},
        is_ordered=False,
    ),
    RowKind(TermMapping, ("uri",), lambda record: _each(record.exact_matches), {"kind": MappingKind.EXACT}),
    RowKind(ExternalId, ("identifier",), lambda record: _each(record.source_ids), {"system": SOURCE_SYSTEM}),
    RowKind(
        TermWindow,
        ("start", "end", "label", "event_start", "event_end"),
        lambda record: record.windows,
        is_ordered=False,
    ),
)
FURTHER_PARENTS = RowKind(FurtherParent, ("parent_id",), lambda record: None)


@dataclass
class RowChanges:
    """The rows to delete and to add, gathered over all terms and written together."""

    gone: dict[type[models.Model], list[int]] = field(default_factory=dict)
    new: list[models.Model] = field(default_factory=list)

    def compare(
        self, kind: RowKind, term_id: int, wanted: Iterable[Values], stored: Iterable[tuple[int, Values]]
    ) -> bool:
        """Note what must be written so that the term has the wanted rows; return whether that is anything."""
        wanted, stored = list(wanted), list(stored)
        if kind.comparable(wanted) == kind.comparable(values for _, values in stored):
            return False
        self.gone.setdefault(kind.model, []).extend(pk for pk, _ in stored)
        self.new.extend(kind.made(term_id, values) for values in wanted)
        return True

    def write(self) -> None:
        """Delete first: a name that moves from one term to another must be free."""
        for model, ids in self.gone.items():
            for start in range(0, len(ids), ROWS_AT_ONCE):
                model.objects.filter(pk__in=ids[start : start + ROWS_AT_ONCE]).delete()
        for model in dict.fromkeys(type(row) for row in self.new):
            rows = [row for row in self.new if type(row) is model]
            model.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE)


def _each(values: Iterable[Any] | None) -> list[Values] | None:
    return None if values is None else [(value,) for value in values]
