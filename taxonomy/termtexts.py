"""The labels and notes of a term as rows by language, and back: what stays the same keeps its row."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from taxonomy.codes import LABEL_CHARS, LabelKind, NoteKind
from taxonomy.languagegrid import Column, Texts
from taxonomy.models import Term, TermLabel, TermNote

LABELS = (
    Column(LabelKind.PREFERRED.value, _("Name"), max_chars=LABEL_CHARS, is_wanted=True),
    Column(LabelKind.ALTERNATIVE.value, _("Synonyms, one a line"), is_list=True, max_chars=LABEL_CHARS),
    Column(LabelKind.HIDDEN.value, _("Only searched, one a line"), is_list=True, max_chars=LABEL_CHARS),
)
NOTES = (
    Column(NoteKind.SCOPE_NOTE.value, _("When to use it (shown to those who tag)"), is_long=True),
    Column(NoteKind.DEFINITION.value, _("Definition"), is_long=True),
)
FURTHER_NOTES = [kind for kind in NoteKind.values if kind not in {column.name for column in NOTES}]


def texts_of(rows: Iterable[Any], columns: Iterable[Column]) -> Texts:
    """Return the texts of labels or notes by language and kind."""
    kinds = {column.name for column in columns}
    texts: Texts = {}
    for row in rows:
        if row.kind in kinds:
            texts.setdefault(row.language, {}).setdefault(row.kind, []).append(row.text)
    return texts


def set_labels(term: Term, texts: Texts) -> None:
    """Give the term these labels."""
    term.labels = _matched(list(term.labels.all()), texts, LABELS, TermLabel)


def set_notes(term: Term, texts: Texts) -> None:
    """Give the term these notes of the kinds in ``NOTES``; it keeps those of other kinds."""
    rows = list(term.notes.all())
    others = [row for row in rows if row.kind in FURTHER_NOTES]
    term.notes = [*_matched([row for row in rows if row.kind not in FURTHER_NOTES], texts, NOTES, TermNote), *others]


def _matched(rows: Sequence[Any], texts: Texts, columns: Sequence[Column], model: type) -> list[Any]:
    """Return the rows that stay, in their order, with other texts where those changed, and new ones behind."""
    stored: dict[tuple[str, str], list[Any]] = {}
    for row in rows:
        stored.setdefault((row.language, row.kind), []).append(row)
    wanted = {
        (language, column.name): kinds.get(column.name, []) for language, kinds in texts.items() for column in columns
    }
    kept, new = [], []
    for place, found in wanted.items():
        of_place = stored.get(place, [])
        same = {row.text: row for row in of_place}
        free = [row for row in of_place if row.text not in found]
        for text in found:
            row = same.get(text) or (free.pop(0) if free else None)
            if row is None:
                new.append(model(language=place[0], kind=place[1], text=text))
            else:
                row.text = text
                kept.append(row)
    return [row for row in rows if row in kept] + new
