"""Reading the flat term file: CSV, with commas, semicolons or tabs."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from taxonomy.codes import IDENTIFIER_CHARS
from taxonomy.termreader import TermFileReader, is_storable
from taxonomy.termrecords import TermFile, TermRecord

COLUMNS = {"code", "parent", "depth", "order", "source_id"}
LABEL_COLUMN = "label_"
_FORMULA = re.compile(r"'*[=+\-@\t\r]")


def guarded(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: an apostrophe goes before it.

    >>> guarded("=1+1"), guarded("Offers"), unguarded(guarded("'=x"))
    ("'=1+1", 'Offers', "'=x")
    """
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """Return what ``guarded`` was given."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


class CsvReader(TermFileReader):
    def parse(self, text: str) -> TermFile:
        header, *_ = text.splitlines() or [""]
        delimiter = max(",;\t", key=header.count)
        if header.lower().startswith("sep=") and len(header) == 5:  # how a spreadsheet tells itself
            delimiter = header[-1]
            text = text.partition("\n")[2]
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        columns = self._columns(next(rows, []))
        languages = dict(self._languages(columns))
        records = list(self._records(rows, columns, languages))
        if not records:
            raise self.fail("", "It holds no terms.")
        return TermFile(
            path=self.path,
            facet=records[0].code.partition(":")[0],
            terms=records,
            languages=frozenset(languages.values()),
        )

    def _columns(self, header: list[str]) -> list[str]:
        columns = [_column(name) for name in _without_empty_end(header)]
        if not {"code", "parent"} <= set(columns):
            raise self.fail("line 1", "The columns code and parent are needed; the first line names the columns.")
        for column, times in Counter(columns).items():
            if times > 1:
                self.tell("line 1", f"The column '{column}' is there {times} times.")
            if column not in COLUMNS and not column.startswith(LABEL_COLUMN):
                self.tell("line 1", f"The column '{column}' is not known.")
        return columns

    def _languages(self, columns: list[str]) -> Iterator[tuple[str, str]]:
        seen = set()
        for column in columns:
            if column.startswith(LABEL_COLUMN):
                language = self.language("line 1", column.removeprefix(LABEL_COLUMN))
                if language in seen:
                    self.tell("line 1", f"Two columns hold labels in {language}.")
                seen.add(language)
                yield column, language

    def _records(self, rows: Any, columns: list[str], languages: dict[str, str]) -> Iterator[TermRecord]:
        siblings: Counter[str | None] = Counter()
        while (row := self._next(rows)) is not None:
            place = f"line {rows.line_num}"
            if not any(cell.strip() for cell in row):
                continue
            row = _without_empty_end(row, len(columns))
            if len(row) != len(columns):
                self.tell(place, f"It has {len(row)} cells, but there are {len(columns)} columns.")
                continue
            cells = dict(zip(columns, row, strict=True))
            if not all(map(is_storable, row)):
                self.tell(place, "It holds a character that cannot be stored (NUL).")
            parent = cells["parent"].strip() or None
            siblings[parent] += 1
            yield self._record(place, cells, parent, siblings[parent], languages)

    def _next(self, rows: Any) -> list[str] | None:
        try:
            return next(rows, None)
        except csv.Error as error:
            raise self.fail(f"line {rows.line_num}", f"This is not CSV: {error}.") from error

    def _record(
        self, place: str, cells: dict[str, str], parent: str | None, number: int, languages: dict[str, str]
    ) -> TermRecord:
        order = cells.get("order", "").strip()
        name = cells.get("source_id", "").strip()
        self.check(place, name, None, IDENTIFIER_CHARS, "source_id")
        labels = {languages[column]: unguarded(cells[column]) for column in languages}
        return TermRecord(
            place=place,
            code=cells["code"].strip(),
            parent=parent,
            position=self.position(place, order) if order else number,
            labels={language: self.label(place, text) for language, text in labels.items() if text.strip()},
            source_ids=([name] if name else []) if "source_id" in cells else None,
        )


def _column(name: str) -> str:
    """Return the column's name; people write ``Code`` and ``Label_en`` too. The case of a language tag stays.

    >>> _column(" Code "), _column("LABEL_pt-BR")
    ('code', 'label_pt-BR')
    """
    name = name.strip()
    known, language = name[: len(LABEL_COLUMN)].lower(), name[len(LABEL_COLUMN) :]
    if known == LABEL_COLUMN:
        return known + language
    return name.lower() if name.lower() in COLUMNS else name


def _without_empty_end(cells: list[str], fewest: int = 0) -> list[str]:
    """Return the cells without the empty ones at the end: a spreadsheet may end each line with separators."""
    count = len(cells)
    while count > fewest and not cells[count - 1].strip():
        count -= 1
    return cells[:count]
