"""A body with one block of every kind that has texts."""

from copy import deepcopy
from typing import Any

BLOCKS = [
    ("heading", "h1", {"text": "Ride", "level": "2"}),
    ("rich_text", "r1", "<p>Far and <b>wide</b></p>"),
    ("quote", "q1", {"text": "Lovely", "source": "Aurin"}),
    ("list", "l1", {"items": [("p1", "Light"), ("p2", "Quiet")], "ordered": False}),
    ("call_to_action", "c1", {"label": "Book", "link": "https://hub.example/en", "action": None}),
    ("question", "f1", {"question": "Why?", "answer": "<p>Because</p>"}),
    ("table", "t1", {"data": [["Size", "M"]], "first_row_is_table_header": False, "table_caption": "Sizes"}),
    ("embed", "e1", {"url": "https://video.example/1", "title": "Film"}),
    ("legal_note", "n1", {"text": "Conditions apply"}),
]


def body(*keys: str, **texts: Any) -> list[dict[str, Any]]:
    """Return these blocks (none named: all), as a stream holds them; ``texts`` replace values by key."""
    return [
        {"type": kind, "id": key, "value": _value(deepcopy(texts.get(key, value)))}
        for kind, key, value in BLOCKS
        if not keys or key in keys
    ]


def _value(value: Any) -> Any:
    if isinstance(value, dict) and "items" in value:
        points = [{"type": "item", "id": key, "value": text} for key, text in value["items"]]
        return {**value, "items": points}
    return value
