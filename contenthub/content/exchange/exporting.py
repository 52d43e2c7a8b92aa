"""Writing what is on air, scheduled or in draft as lines of the import format."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from contenthub.delivery.documents import Json
from contenthub.delivery.models import PublishedItem

from ..images import images_of
from ..models import ContentItem
from .held import launches_of, on_record
from .lines import Facts, Known, known_now, write_line
from .versionlines import write_version
from .versions import versions_of

CHUNK = 100  # items


def export_content(path: Path) -> int:
    """Write all items to a JSON Lines file, their pictures beside it; return the number of lines.

    Lines are ordered by key, the source of each item first, its versions last. Live texts are written, not newer
    drafts of them. A file that is there is replaced when all is written.

    Raises:
        OSError: the file cannot be written.
    """
    shown: set[int] = set()
    known = known_now()
    count = 0
    unfinished = path.with_name(f"{path.name}.part")
    with unfinished.open("wb") as file:
        for line, ids in _lines(known):
            file.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
            shown |= ids
            count += 1
    known.lookups.pictures.copy_out(shown, path.parent)
    unfinished.replace(path)
    return count


def _lines(known: Known) -> Iterator[tuple[Json, set[int]]]:
    keys = sorted(ContentItem.objects.sources().values_list("key", flat=True))
    for start in range(0, len(keys), CHUNK):
        chunk = keys[start : start + CHUNK]
        rows: dict[str, list[ContentItem]] = {key: [] for key in chunk}
        for row in ContentItem.objects.of_keys(chunk).with_parts():
            rows[row.key].append(row)
        launches = launches_of(row for of_item in rows.values() for row in of_item)
        frozen = dict(PublishedItem.objects.filter(key__in=chunk, facts__isnull=False).values_list("key", "facts"))
        versions = versions_of(chunk, known)
        for key, of_item in rows.items():
            source, *others = sorted(of_item, key=lambda row: (not row.is_source, row.locale.language_code))
            facts = None
            for row in (source, *others):
                one = on_record(row, known, launches.get(row.pk))
                facts = facts or _facts(source, others, frozen.get(key)) or one.facts
                one.facts = facts
                yield write_line(one, known), set(images_of(row))
            for version, shown in versions.get(key, ()):
                yield write_version(version, known), set(images_of(shown))


def _facts(source: ContentItem, others: list[ContentItem], frozen: dict[str, Any] | None) -> Facts | None:
    """Return the frozen facts of an item that is on air without its source; what its source says is a draft."""
    if not frozen or source.live or not any(row.live for row in others):
        return None
    return Facts(
        terms=frozen["terms"],
        channels=frozen["channels"],
        references=[(role, key) for role, key in frozen["references"]],
        fields={entry["name"]: entry["value"] for entry in frozen["fields"]},
        priority=frozen["priority"],
        wanted_locales=frozen["wanted_locales"],
        fallback_forbidden=not frozen["fallback_allowed"],
    )
