"""The options of an operation, written as comments at the beginning of its file.

# Best item for a message.                  whatever is no option describes the operation
# object: decide.items.0                    where in the answer the flat object is taken from
# list: items.nodes                         or where the list is that becomes ``items``
# also: next items.pageInfo.endCursor       further values beside it; may be repeated
# onEmpty: found                            ``404``, ``found`` (200 with found: false), or ``item <key>``
# lists: joined                             ``json``, ``joined`` or ``dotted``
# maxBytes: 1000000                         ceiling of the tool that pulls
"""

import re
from dataclasses import dataclass, field

OTHERWISE = "Otherwise"  # the second operation of a document, run with $default where the first finds nothing
STYLES = ("json", "joined", "dotted")
_LINE = re.compile(r"^#\s*(object|list|also|onEmpty|lists|maxBytes|maxItemBytes|maxText):\s*(.*?)\s*$")
_PATH = re.compile(r"[A-Za-z_]\w*(\.\w+)*")


class BadOptions(ValueError):
    """Raised for options that cannot be meant."""


@dataclass(frozen=True, slots=True)
class Options:
    """How the answer of an operation is handed over; paths are tuples of names and indexes."""

    path: tuple[str, ...]
    is_list: bool = False
    also: dict[str, tuple[str, ...]] = field(default_factory=dict)
    on_empty: str = "404"
    default_key: str | None = None
    style: str = "json"
    most_bytes: int = 1_000_000
    most_item_bytes: int | None = None
    most_text: int | None = None


def read_options(text: str) -> Options:
    """Return the options that a file begins with.

    Raises:
        BadOptions: one is missing or cannot be meant; the message names it.
    """
    given: dict[str, list[str]] = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        if found := _LINE.match(line):
            given.setdefault(found[1], []).append(found[2])
    if ("object" in given) == ("list" in given):
        raise BadOptions("say where the answer is taken from, by one line '# object: …' or '# list: …'")
    on_empty, _, default = _one(given, "onEmpty", "404").partition(" ")
    if on_empty not in ("404", "found", "item") or (on_empty == "item") != bool(default):
        raise BadOptions("'onEmpty' is 404, found, or item with a key")
    style = _one(given, "lists", "json")
    if style not in STYLES:
        raise BadOptions(f"'lists' is one of {', '.join(STYLES)}")
    return Options(
        path=_path(_one(given, "object" if "object" in given else "list", "")),
        is_list="list" in given,
        also=dict(_named_path(each) for each in given.get("also", ())),
        on_empty=on_empty,
        default_key=default or None,
        style=style,
        most_bytes=_number(given, "maxBytes") or 1_000_000,
        most_item_bytes=_number(given, "maxItemBytes"),
        most_text=_number(given, "maxText"),
    )


def _one(given: dict[str, list[str]], name: str, default: str) -> str:
    if len(given.get(name, ())) > 1:
        raise BadOptions(f"'{name}' is said twice")
    return given.get(name, [default])[0]


def _number(given: dict[str, list[str]], name: str) -> int | None:
    text = _one(given, name, "")
    if text and (not text.isdecimal() or not 100 <= int(text) <= 10_000_000):
        raise BadOptions(f"'{name}' is a number from 100 to 10000000")
    return int(text) if text else None


def describe(text: str) -> str:
    """Return what a file says of its operation: the lines before the query that are no options."""
    told = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        if not _LINE.match(line):
            told.append(line.removeprefix("#").strip())
    return " ".join(filter(None, told))


def _path(text: str) -> tuple[str, ...]:
    if not _PATH.fullmatch(text):
        raise BadOptions(f"'{text}' is no path such as decide.items.0")
    return tuple(text.split("."))


def _named_path(text: str) -> tuple[str, tuple[str, ...]]:
    name, _, path = text.partition(" ")
    return name, _path(path.strip())
