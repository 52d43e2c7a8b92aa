"""The changes that can be made to terms, as plain values: what a screen, a plan or a file asks for. Terms by code."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from taxonomy.termreader import is_storable

Json = dict[str, Any]


@dataclass(frozen=True)
class Change:
    """One change of one term."""

    do: ClassVar[str]
    past: ClassVar[str]

    term: str

    @property
    def facet(self) -> str:
        return self.term.partition(":")[0]

    @property
    def codes(self) -> tuple[str, ...]:
        """The terms that the change names, the changed one first."""
        found = [self.term]
        for entry in fields(self):
            value = getattr(self, entry.name)
            if entry.name in _TERM_FIELDS and value:
                found += [value] if isinstance(value, str) else list(value)
        return tuple(dict.fromkeys(found))

    def as_json(self) -> Json:
        """Return the change as plans and the journal keep it; what is as it is by default is left out."""
        told: Json = {"do": self.do}
        for entry in fields(self):
            value = getattr(self, entry.name)
            if entry.name == "term" or value != _default(entry):
                told[entry.name] = _plain(value)
        return told


@dataclass(frozen=True)
class Rename(Change):
    """Other preferred labels, by language tag; None takes a label away, languages left out stay.

    ``keep_old``: the old names go on as synonyms, so that they are still found.
    """

    do, past = "rename", "Renamed"

    labels: Mapping[str, str | None] = field(default_factory=dict)
    keep_old: bool = False


@dataclass(frozen=True)
class Move(Change):
    """The term, and with it its branch, below another parent (None: a root), or to another place beside its siblings.

    ``further`` are its further parents; None leaves them as they are (one that is the parent now goes). ``before`` or
    ``after`` name a sibling; without them a term that gets another parent comes last, one that keeps it stays.
    """

    do, past = "move", "Moved"

    parent: str | None = None
    further: tuple[str, ...] | None = None
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True)
class Merge(Change):
    """The term is retired and ``into`` answers for it. What stands below it goes below ``into``.

    ``keep_names``: its names go on as synonyms of ``into``.
    """

    do, past = "merge", "Merged"

    into: str = ""
    keep_names: bool = True


@dataclass(frozen=True)
class Split(Change):
    """The term is retired and ``into``, two or more, answer for it.

    ``items`` says, by key, which of them each item gets (one code, or several in order); an item that is not named
    gets ``remaining``, without that all of them. What stands below the term goes below ``children_to``.
    """

    do, past = "split", "Split"

    into: tuple[str, ...] = ()
    items: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    remaining: str | None = None
    children_to: str | None = None


@dataclass(frozen=True)
class Retire(Change):
    """The term goes out of use; ``successor``, if there is one, answers for it from now on.

    What stands below it goes below ``children_to``. A term retired before gets this successor instead.
    """

    do, past = "retire", "Retired"

    successor: str | None = None
    children_to: str | None = None


@dataclass(frozen=True)
class Restore(Change):
    """A retired term is in use again, and no other answers for it. What was re-tagged stays as it is."""

    do, past = "restore", "Restored"


KINDS: dict[str, type[Change]] = {kind.do: kind for kind in (Rename, Move, Merge, Split, Retire, Restore)}

_TERM_FIELDS = {"parent", "further", "before", "after", "into", "remaining", "children_to", "successor"}
_TEXTS = {"parent", "before", "after", "remaining", "children_to", "successor"}
_FLAGS = {"keep_old", "keep_names"}
_NEEDED = {"rename": "labels", "merge": "into", "split": "into"}


def from_json(told: Any) -> Change:
    """Return the change that a step of a plan tells, as ``as_json`` writes it.

    Raises:
        ValidationError: it is no such step; all that is wrong with it is named.
    """
    if not isinstance(told, dict):
        raise ValidationError(_('A step is an object, for example {"do": "move", "term": …, "parent": …}.'))
    kind = KINDS.get(told.get("do")) if isinstance(told.get("do"), str) else None
    if kind is None:
        raise ValidationError(
            _("'do' is one of %(kinds)s; given was %(do)s.") % {"kinds": ", ".join(KINDS), "do": f"{told.get('do')!r}"}
        )
    if not all(map(is_storable, _strings(told))):
        raise ValidationError(_("It holds a character that cannot be stored (NUL or half a surrogate pair)."))
    known = {entry.name for entry in fields(kind)}
    wrong = [f"A {kind.do} has no '{name}'." for name in told if name not in known and name != "do"]
    values = {}
    for name in sorted(known & told.keys()):
        try:
            values[name] = _read(kind, name, told[name])
        except ValueError as error:
            wrong.append(str(error))
    if not values.get("term") and not wrong:
        wrong.append("'term' is missing: the code of the term to change.")
    if wrong:
        raise ValidationError(wrong)
    return kind(**values)


def find_missing(change: Change) -> str | None:
    """Return the name of what a change of its kind needs beside the term, where it has none."""
    name = _NEEDED.get(change.do)
    return name if name and not getattr(change, name) else None


def _read(kind: type[Change], name: str, value: Any) -> Any:
    if name == "term" or (name == "into" and kind is Merge):
        return _code(name, value)
    if name in _TEXTS:
        return None if value is None else _code(name, value)
    if name in _FLAGS:
        return _checked(name, value, isinstance(value, bool), "true or false")
    if name == "labels":
        is_table = isinstance(value, dict) and all(one is None or isinstance(one, str) for one in value.values())
        return _checked(name, value, is_table, "an object of names by language tag")
    if name == "items":
        return _items(value)
    if name == "further" and value is None:
        return None
    return tuple(_checked(name, value, _is_codes(value), "a list of codes"))


def _items(value: Any) -> dict[str, tuple[str, ...]]:
    table = value if isinstance(value, dict) else {"": None}
    listed = {key: (codes,) if isinstance(codes, str) else codes for key, codes in table.items()}
    is_table = all(codes and isinstance(codes, tuple | list) and _is_codes(list(codes)) for codes in listed.values())
    _checked("items", value, is_table, "an object of codes by item key")
    return {key: tuple(codes) for key, codes in listed.items()}


def _code(name: str, value: Any) -> str:
    return _checked(name, value, isinstance(value, str) and ":" in value, "the code of a term, for example journey:buy")


def _is_codes(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) and ":" in one for one in value)


def _checked(name: str, value: Any, is_right: bool, expected: str) -> Any:
    if not is_right:
        raise ValueError(f"'{name}' must be {expected}.")
    return value


def _default(entry: Any) -> Any:
    return entry.default_factory() if callable(entry.default_factory) else entry.default


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value:
            yield from _strings(one)
            if isinstance(value, dict):
                yield from _strings(value[one])


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    return value
