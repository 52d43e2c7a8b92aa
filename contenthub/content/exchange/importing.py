"""Taking in items in bulk: every line is checked first, good ones go in batches of one transaction each.

Versions come after the items of the file, one transaction each: they are few.

Importing the same file again changes nothing, so an import that was stopped is resumed by starting it again. Of a
file no more is kept in memory than where its good lines stand; what was read of them waits on disk for their batch.
"""

import gc
import hashlib
import pickle
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from dataclasses import replace as with_changes
from os import SEEK_END
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, BinaryIO, NamedTuple

import orjson
from django.core.exceptions import ValidationError
from django.db import DatabaseError

from locales.changes import ensure_locale

from ..models import ContentItem, Variant
from .jsonlines import decoded, foreign_encoding, raw_line_at, raw_lines
from .linereading import read_line
from .lines import Known, Localization, known_now
from .pictures import Pictures
from .versionlines import VersionLine, is_version, read_version
from .versions import write_one
from .writing import LocalesMissing, Written, write_items

BATCH = 200  # items
MOST_PROBLEMS = 10_000  # told of a file; the lines beyond are only counted


class Problem(NamedTuple):
    """What is wrong with one line of a file; lines are counted from 1."""

    line: int
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}"


@dataclass
class Report:
    """What an import did. ``problems`` say why lines were left out; ``left_out`` counts those lines."""

    lines: int = 0
    left_out: int = 0
    problems: list[Problem] = field(default_factory=list)
    written: Written = field(default_factory=Written)

    def leave_out(self, line: int, messages: Iterable[str]) -> None:
        self.left_out += 1
        if len(self.problems) < MOST_PROBLEMS:
            self.problems += [Problem(line, message) for message in messages]


class _Place(NamedTuple):
    """Where a good line stands."""

    number: int
    offset: int
    aside: int | None  # where what was read of it waits; None: it names pictures that have no id yet


class _Aside:
    """Localizations put aside on disk, so that a line is read and checked once."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file

    def put(self, one: Any) -> int:
        """Return where it waits."""
        place = self.file.seek(0, SEEK_END)
        pickle.dump(one, self.file, pickle.HIGHEST_PROTOCOL)
        return place

    def take(self, place: int) -> Any:
        self.file.seek(place)
        return pickle.load(self.file)


@dataclass
class _Found:
    """What the good lines of a file say, as far as lines must agree."""

    items: dict[str, list[_Place]] = field(default_factory=dict)
    first_lines: dict[tuple[str, str], int] = field(default_factory=dict)
    facts: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    versions: dict[tuple[str, str, str], _Place] = field(default_factory=dict)
    slugs: dict[tuple[str, str], str] = field(default_factory=dict)


def import_content(
    path: Path,
    *,
    check_only: bool = False,
    overwrite: bool = False,
    replace: Callable[[Any], Any] = lambda line: line,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Report:
    """Import a JSON Lines file; ``replace`` may change each line before it is read (the demo's dates).

    A broken line is reported and left out whole; the others go in. What an editor has drafted, locked or taken off
    air is left alone and reported, unless ``overwrite``. ``progress`` is told items done and in all. With
    ``check_only`` the report says what would be done, and nothing is.

    Raises:
        OSError: the file cannot be read.
    """
    report = Report()
    with path.open("rb") as file, TemporaryFile() as aside:
        reader = _Reader(file, _Aside(aside), replace, known_now(Pictures(path.parent)))
        found = _good_lines(reader, report)
        if not check_only:
            reader.known = known_now(Pictures(path.parent, storing=True))
        keys, total = list(found.items), len(found.items) + len(found.versions)
        progress(0, total)
        for start in range(0, len(keys), BATCH):
            with _no_collection():
                batch = {key: reader.read_again(found.items[key], report) for key in keys[start : start + BATCH]}
                _write(batch, reader.known, report, overwrite=overwrite, check_only=check_only)
            progress(min(start + BATCH, len(keys)), total)
        for done, place in enumerate(_originals_first(found), start=1):
            _write_version(place, found, reader, report, overwrite=overwrite, check_only=check_only)
            progress(len(keys) + done, total)
    report.problems.sort(key=lambda problem: problem.line)
    return report


@contextmanager
def _no_collection() -> Iterator[None]:
    """Keep Python from looking for garbage while a batch makes its thousands of rows: a sixth faster."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


Line = Localization | VersionLine
_Numbered = list[tuple[int, Localization]]


def _write(batch: dict[str, _Numbered], known: Known, report: Report, *, overwrite: bool, check_only: bool) -> None:
    """Write a batch; where the database refuses it, item by item, so that only what it refuses is left out."""
    items = {key: [one for _, one in numbered] for key, numbered in batch.items() if numbered}
    numbers = {(one.key, one.locale): number for numbered in batch.values() for number, one in numbered}
    try:
        written = _write_with_locales(items, known, overwrite=overwrite, check_only=check_only)
    except (DatabaseError, ValidationError) as error:
        if len(items) > 1:
            for key in items:
                _write({key: batch[key]}, known, report, overwrite=overwrite, check_only=check_only)
            return
        for number in numbers.values():
            report.leave_out(number, [f"could not be stored: {_first_line(error)}"])
        return
    report.written += with_changes(written, refused={})
    for place, message in written.refused.items():
        report.leave_out(numbers[place], [message])


def _write_with_locales(items: dict[str, list[Localization]], known: Known, **options: bool) -> Written:
    """Write items; locales are made only for what is written, outside its transaction: every item follows them."""
    try:
        return write_items(items, known, **options)
    except LocalesMissing as missing:
        for tag in sorted(missing.tags):
            ensure_locale(tag)
    return write_items(items, known, **options)


def _originals_first(found: _Found) -> list[_Place]:
    """Return where the lines of versions stand, that of the original before those of its translations."""
    keys = sorted({key for key, _, _ in found.versions})
    originals: dict[str, str] = {}
    for start in range(0, len(keys), BATCH):
        sources = ContentItem.objects.sources().filter(key__in=keys[start : start + BATCH])
        originals |= dict(sources.values_list("key", "locale__language_code"))

    def order(place: tuple[str, str, str]) -> tuple[str, str, bool, str]:
        key, locale, code = place
        return key, code, locale != originals.get(key), locale

    return [found.versions[place] for place in sorted(found.versions, key=order)]


def _write_version(
    place: _Place, found: _Found, reader: "_Reader", report: Report, *, overwrite: bool, check_only: bool
) -> None:
    for number, one in reader.read_again([place], report):
        if check_only and _waits_for(one, found):
            report.written += Written(added=1)
            continue
        try:
            done = write_one(one, reader.known, overwrite=overwrite, check_only=check_only)
        except ValidationError as error:
            report.leave_out(number, error.messages)
        except DatabaseError as error:
            report.leave_out(number, [f"could not be stored: {_first_line(error)}"])
        else:
            report.written += Written(**{done: 1})


def _waits_for(one: VersionLine, found: _Found) -> bool:
    """Return whether a version is new with what is new in the same file, which a check does not write."""
    key, locale, code = one.place
    others = {place for place in found.versions if place[0] == key and place[2] == code} - {one.place}
    versions = Variant.objects.filter(localization__key=key, code=code)
    if not ContentItem.objects.filter(key=key, locale__language_code=locale).exists():
        return (key, locale) in found.first_lines
    return bool(others) and not versions.exists()


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]


class _Reader:
    """Reads lines of one file."""

    def __init__(self, file: BinaryIO, aside: _Aside, replace: Callable[[Any], Any], known: Known) -> None:
        self.file = file
        self.replace = replace
        self.known = known
        self.aside = aside

    def read(self, raw: bytes) -> Line:
        line = self.replace(decoded(raw))
        return read_version(line, self.known) if is_version(line) else read_line(line, self.known)

    def read_first(self, raw: bytes) -> tuple[Line, int | None]:
        """Return what a line says, and where it waits if it need not be read again."""
        pictures = self.known.lookups.pictures
        unstored = pictures.times_unstored
        one = self.read(raw)
        return one, self.aside.put(one) if pictures.times_unstored == unstored else None

    def read_again(self, places: list[_Place], report: Report) -> list[tuple[int, Any]]:
        """Return what could be read before; what no longer can is reported."""
        localizations = []
        for place in places:
            if place.aside is not None:
                localizations.append((place.number, self.aside.take(place.aside)))
                continue
            try:
                localizations.append((place.number, self.read(raw_line_at(self.file, place.offset))))
            except ValidationError as error:
                report.leave_out(place.number, error.messages)
        return localizations


def _good_lines(reader: _Reader, report: Report) -> _Found:
    """Return the lines that can be read and do not contradict earlier ones; the others go into the report."""
    found = _Found()
    for line in raw_lines(reader.file):
        if line.offset == 0 and (encoding := foreign_encoding(line.raw)):
            report.lines = 1
            report.leave_out(1, [f"the file is {encoding}; it must be UTF-8"])
            return found
        report.lines += 1
        try:
            one, aside = reader.read_first(line.raw)
            place = _Place(line.number, line.offset, aside)
            if isinstance(one, VersionLine):
                _note_version(found, one, place)
                continue
            _agree(found, one, line.number)
        except ValidationError as error:
            report.leave_out(line.number, error.messages)
            continue
        found.items.setdefault(one.key, []).append(place)
    return found


def _note_version(found: _Found, one: VersionLine, place: _Place) -> None:
    if first := found.versions.get(one.place):
        raise ValidationError(f"{one.text.key} in {one.text.locale} has {one.code} in line {first.number} too")
    found.versions[one.place] = place


def _agree(found: _Found, one: Localization, number: int) -> None:
    """Raise ValidationError where a line contradicts an earlier one; else note what it says."""
    first = found.first_lines.get((one.key, one.locale))
    if first:
        raise ValidationError(f"{one.key} in {one.locale} stands in line {first} too")
    facts = _digest(one)
    line, facts_there = found.facts.get(one.key, (number, facts))
    if facts != facts_there:
        raise ValidationError(f"kind, tags, channels or other facts differ from line {line} of the same item")
    slug = one.columns["slug"]
    owner = found.slugs.get((one.locale, slug), one.key)
    if slug and owner != one.key:
        raise ValidationError(f"slug: {slug} is that of {owner} in {one.locale}")
    found.first_lines[one.key, one.locale] = number
    found.facts.setdefault(one.key, (number, facts))
    if slug:
        found.slugs[one.locale, slug] = one.key


def _digest(one: Localization) -> bytes:
    facts = orjson.dumps([one.kind, one.facts], option=orjson.OPT_SORT_KEYS)
    return hashlib.blake2b(facts, digest_size=16).digest()
