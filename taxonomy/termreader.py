"""What reading a term file has in common, whatever its format: all problems are collected and told at once."""

from collections import Counter
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError

from locales.tags import MalformedTag, canonical_tag
from taxonomy.codes import CODE_CHARS, LABEL_CHARS, validate_term_code
from taxonomy.termrecords import FileProblems, Problem, TermFile

CHANNEL = "channel"
MAX_POSITION = 2**31 - 1


class TermFileReader:
    """Collects problems while it reads, so that all are told at once."""

    def __init__(self, path: Path, content: bytes | None = None) -> None:
        """``content``: what the file holds, where it is not read from the path."""
        self.path, self._content = str(path), content
        self.problems: list[Problem] = []

    def read(self) -> TermFile:
        file = self.parse(self._text())
        if file.facet == CHANNEL:
            self.problems = [Problem(self.path, "", "These are channels, not terms: load them with load_channels.")]
        else:
            self._check_codes(file)
        self._stop_at_problems()
        return file

    def parse(self, text: str) -> TermFile:
        raise NotImplementedError

    def tell(self, place: str, message: str) -> None:
        self.problems.append(Problem(self.path, place, message))

    def fail(self, place: str, message: str) -> FileProblems:
        self.tell(place, message)
        return FileProblems(self.problems)

    def _text(self) -> str:
        try:
            content = Path(self.path).read_bytes() if self._content is None else self._content
        except OSError as error:
            raise self.fail("", f"It cannot be read: {error.strerror}.") from error
        is_utf_16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))  # "Unicode text" of a spreadsheet
        try:
            return content.decode("utf-16" if is_utf_16 else "utf-8-sig")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            is_csv = str(self.path).lower().endswith(".csv")
            remedy = " From a spreadsheet save it as 'CSV UTF-8'." if is_csv else ""
            raise self.fail(f"line {line}", f"This is not UTF-8 text.{remedy}") from error

    def _stop_at_problems(self) -> None:
        if self.problems:
            raise FileProblems(self.problems)

    def _check_codes(self, file: TermFile) -> None:
        """Tell of malformed and repeated codes, of another facet's codes, and of repeated source ids."""
        codes = Counter(record.code for record in file.terms)
        names = Counter(name for record in file.terms for name in record.names_elsewhere)
        for record in file.terms:
            self.check(record.place, record.code, validate_term_code, CODE_CHARS, "code")
            if record.code.partition(":")[0] != file.facet:
                self.tell(record.place, f"The code '{record.code}' is not of the facet {file.facet}.")
            if codes[record.code] > 1:
                self.tell(record.place, f"The code '{record.code}' is there {codes[record.code]} times.")
            for system, name in record.names_elsewhere:
                if names[system, name] > 1:
                    self.tell(record.place, f"The {system}_id '{name}' is there {names[system, name]} times.")

    def check(self, place: str, text: str, validate: Any, longest: int, what: str) -> None:
        """Tell of a text that is too long or refused by the validator."""
        if len(text) > longest:
            self.tell(place, f"The {what} '{text[:40]}...' has {len(text)} characters; {longest} are allowed.")
        elif validate:
            try:
                validate(text)
            except ValidationError as error:
                self.tell(place, f"'{text}': {error.messages[0]}")

    def language(self, place: str, tag: str) -> str:
        """Return the canonical tag; tell of a malformed one."""
        try:
            return canonical_tag(tag)
        except MalformedTag as error:
            self.tell(place, str(error))
            return tag

    def label(self, place: str, text: str) -> str:
        self.check(place, text, None, LABEL_CHARS, "label")
        return text

    def position(self, place: str, value: Any) -> int:
        """Return a whole number from 0; tell of anything else."""
        try:
            number = int(value)
        except (TypeError, ValueError):
            number = -1
        if isinstance(value, bool | float) or not 0 <= number <= MAX_POSITION:
            self.tell(place, f"The order '{value}' is not a whole number from 0.")
            return 0
        return number


def is_storable(text: str) -> bool:
    """Return whether both databases can hold the text."""
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)
