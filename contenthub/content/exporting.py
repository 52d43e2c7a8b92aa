"""Writing what is on air, scheduled or in draft as lines of the import format."""

from collections.abc import Iterator
from pathlib import Path

import orjson

from . import pictures
from .images import images_of
from .lines import known_now, write_line
from .models import ContentItem
from .writing import localization_of, with_all_parts


def export_content(path: Path) -> int:
    """Write all items to a JSON Lines file, their pictures beside it; return the number of lines.

    Lines are ordered by key, the source of each item first. Live texts are written, not newer drafts of them.
    """
    shown: set[int] = set()
    known = known_now()
    count = 0
    with path.open("wb") as file:
        for line, ids in _lines(known):
            file.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
            shown |= ids
            count += 1
    pictures.copy_out(shown, path.parent, known.lookups.image_files)
    return count


def _lines(known) -> Iterator[tuple[dict, set[int]]]:  # noqa: ANN001
    sources = {}
    rows = with_all_parts(ContentItem.objects.order_by("key", "-is_source", "locale__language_code"))
    for row in rows.iterator(chunk_size=500):
        one = localization_of(row, known)
        if row.is_source:
            sources = {row.key: one.facts}
        one.facts = sources.get(row.key, one.facts)
        yield write_line(one, known), set(images_of(row))
