"""Taking in localizations in bulk: every line is checked first, good ones go in batches of one transaction each.

Importing the same file again changes nothing, so an import that was stopped is resumed by starting it again.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from django.core.exceptions import ValidationError

from contenthub.delivery.models import PublishedItem
from locales.changes import ensure_locale
from locales.tags import canonical_tag

from . import pictures
from .lines import Known, Localization, known_now, read_line
from .models import ContentItem
from .writing import Written, source_of, write_items

BATCH = 50  # items
LONGEST_LINE = 4 * 1024 * 1024  # bytes


@dataclass(frozen=True)
class Problem:
    """What is wrong with one line of a file; lines are counted from 1."""

    line: int
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}"


@dataclass
class Report:
    """What an import did. ``problems`` name the lines that were left out."""

    lines: int = 0
    problems: list[Problem] = field(default_factory=list)
    written: Written = field(default_factory=Written)


@dataclass(frozen=True)
class _Line:
    number: int
    raw: Any
    localization: Localization
    facts: tuple


def import_content(
    path: Path,
    *,
    check_only: bool = False,
    replace: Callable[[Any], Any] = lambda line: line,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Report:
    """Import a JSON Lines file; ``replace`` may change each line before it is read (the demo's dates).

    A broken line is reported and left out whole; the others go in. ``progress`` is told items done and in all.

    Raises:
        OSError: the file cannot be read.
    """
    report = Report()
    known = _known(path)
    good = list(_good_lines(path, known, report, replace))
    items = _items(good, report)
    if check_only or not items:
        return report
    for tag in sorted({line.localization.locale for lines in items.values() for line in lines}):
        ensure_locale(tag)
    shown = dict(named for lines in items.values() for line in lines for named in pictures.named_in(line.raw))
    pictures.store(path.parent, shown)
    known = _known(path)
    keys = list(items)
    for start in range(0, len(keys), BATCH):
        batch = {
            key: [read_line(line.raw, known) if shown else line.localization for line in items[key]]
            for key in keys[start : start + BATCH]
        }
        report.written += write_items(batch, known)
        progress(min(start + BATCH, len(keys)), len(keys))
    return report


def _known(path: Path) -> Known:
    """Return what lines may name. A picture beside the file that is not stored yet has the id 0."""
    ids = pictures.ids_by_file(pictures.beside(path.parent))
    return known_now(ids)


def _good_lines(path: Path, known: Known, report: Report, replace: Callable[[Any], Any]) -> Iterator[_Line]:
    """Yield the lines that can be read, each on its own; the others go into the report."""
    seen: dict[tuple[str, str], int] = {}
    for number, raw in _raw_lines(path):
        report.lines += 1
        try:
            line = replace(_decoded(raw))
            found = read_line(line, known)
        except ValidationError as error:
            report.problems += [Problem(number, message) for message in error.messages]
            continue
        name = (found.key, found.locale)
        if name in seen:
            report.problems.append(Problem(number, f"{found.key} in {found.locale} stands in line {seen[name]} too"))
            continue
        seen[name] = number
        yield _Line(number, line, found, _comparable(found))


def _raw_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    with path.open("rb") as file:
        number = 0
        while raw := file.readline(LONGEST_LINE + 1):
            number += 1
            whole = raw
            while len(whole) > LONGEST_LINE and not whole.endswith(b"\n"):
                # Too long to be read: skip to its end without keeping it.
                whole = file.readline(LONGEST_LINE + 1) or b"\n"
            if raw.strip():
                yield number, raw


def _decoded(raw: bytes) -> Any:
    if len(raw) > LONGEST_LINE:
        raise ValidationError(f"longer than {LONGEST_LINE} bytes")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValidationError(f"not UTF-8: byte {error.start + 1} of the line") from error
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise ValidationError(f"not JSON: {error.msg}, at character {error.pos + 1}") from error


def _items(lines: list[_Line], report: Report) -> dict[str, list[_Line]]:
    """Return the lines by item, leaving out those that contradict the hub or the first line of their item."""
    stored = {
        (key, tag): (pk, kind)
        for pk, key, tag, kind in ContentItem.objects.of_keys({line.localization.key for line in lines}).values_list(
            "pk", "key", "locale__language_code", "type__code"
        )
    }
    kinds = {key: kind for (key, _), (_, kind) in stored.items()}
    owners = dict(_slug_owners({line.localization.columns["slug"] for line in lines}))
    items: dict[str, list[_Line]] = {}
    for line in lines:
        one = line.localization
        first = items[one.key][0] if one.key in items else None
        slug = (canonical_tag(one.locale), one.columns["slug"])
        if kinds.get(one.key, one.kind) != one.kind:
            report.problems.append(Problem(line.number, f"kind: {one.key} is stored as {kinds[one.key]}"))
        elif first and line.facts != first.facts:
            report.problems.append(
                Problem(line.number, f"tags, channels or other facts differ from line {first.number} of the same item")
            )
        elif one.columns["slug"] and owners.setdefault(slug, one.key) != one.key:
            report.problems.append(Problem(line.number, f"slug: {slug[1]} belongs to {owners[slug]} in {one.locale}"))
        else:
            items.setdefault(one.key, []).append(line)
    _refuse_before_source(items, report)
    return {key: lines for key, lines in items.items() if lines}


def _refuse_before_source(items: dict[str, list[_Line]], report: Report) -> None:
    """Leave out the lines of languages that would be on air before the original of their item is."""
    published = set(PublishedItem.objects.filter(key__in=items, facts__isnull=False).values_list("key", flat=True))
    for key in items.keys() - published:
        source = source_of([line.localization for line in items[key]])
        for line in list(items[key]):
            if line.localization.on_air_from < source.on_air_from:
                items[key].remove(line)
                message = f"would be on air before the original ({source.locale}) of its item"
                report.problems.append(Problem(line.number, message))


def _slug_owners(slugs: set[str]) -> Iterator[tuple[tuple[str, str], str]]:
    rows = ContentItem.objects.filter(slug__in=slugs - {""}).values_list("locale__language_code", "slug", "key")
    return (((tag, slug), key) for tag, slug, key in rows)


def _comparable(one: Localization) -> tuple:
    facts = one.facts
    return (
        one.kind,
        tuple(facts.terms),
        tuple(facts.channels),
        tuple(facts.references),
        orjson.dumps(facts.fields, option=orjson.OPT_SORT_KEYS),
        facts.priority,
        tuple(facts.wanted_locales),
        facts.fallback_forbidden,
    )
