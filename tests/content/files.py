"""Content files for tests."""

import json
from pathlib import Path
from typing import Any

from contenthub.content.exchange.exporting import export_content
from contenthub.content.exchange.importing import Report, import_content


def line(**changes: Any) -> dict[str, Any]:
    """Return a good line, an English page, with changes; a key whose value is ``...`` is left out."""
    good = {
        "id": "page/one",
        "locale": "en",
        "kind": "page",
        "slug": "one",
        "title": "One",
        "summary": "The first.",
        "body": [{"type": "paragraph", "key": "p1", "html": "<p>Hello</p>"}],
        "cta": {"label": "Go", "url": "https://example.org/"},
        "channels": ["channel:web-page"],
        "tags": {"journey": ["journey:compare"], "product": ["product:vpn-mobile", "product:relay"]},
    }
    return {name: value for name, value in {**good, **changes}.items() if value is not ...}


def written(folder: Path, *lines: Any) -> Path:
    """Return a file with these lines; bytes and texts are written as they are."""
    path = folder / "items.jsonl"
    folder.mkdir(exist_ok=True)
    with path.open("wb") as file:
        for one in lines:
            raw = one if isinstance(one, bytes) else one.encode() if isinstance(one, str) else json.dumps(one).encode()
            file.write(raw if raw.endswith(b"\n") else raw + b"\n")
    return path


def imported(folder: Path, *lines: Any, **options: Any) -> Report:
    """Import these lines."""
    return import_content(written(folder, *lines), **options)


def problems(report: Report) -> list[str]:
    return [str(problem) for problem in report.problems]


def counts(report: Report) -> tuple[int, int, int, int]:
    """Return how many lines were added, changed, unchanged, left out."""
    done = report.written
    return done.added, done.changed, done.unchanged, report.left_out


def exported(folder: Path) -> list[dict[str, Any]]:
    export_content(folder / "out.jsonl")
    return [json.loads(one) for one in (folder / "out.jsonl").read_text().splitlines()]
