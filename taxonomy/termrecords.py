"""What a file says of a facet and its terms, whatever its format."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from taxonomy.codes import SOURCE_SYSTEM
from taxonomy.facetview import Window

EMPTY_KEYS = "empty_keys"  # where a term's extra remembers which keys its record had without any value


class Problem(NamedTuple):
    """One thing wrong with a file, and where in it."""

    path: str
    place: str
    message: str

    def __str__(self) -> str:
        return ": ".join(filter(None, (", ".join(filter(None, (self.path, self.place))), self.message)))


class FileProblems(ValueError):
    """Raised with everything that is wrong with the files; nothing was changed."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass
class TermRecord:
    """What a file says of one term. None: the file does not carry this, so it stays as it is."""

    place: str
    code: str
    parent: str | None
    position: int
    labels: dict[str, str]
    alternatives: list[tuple[str, str]] | None = None
    definitions: list[tuple[str, str]] | None = None
    exact_matches: list[str] | None = None
    source_ids: list[str] | None = None
    external_ids: list[tuple[str, str]] | None = None  # system, identifier: of every system but "source"
    windows: list[Window] | None = None
    further_parents: list[str] | None = None
    uri: str | None = None
    attributes: dict[str, Any] | None = None
    empty_keys: list[str] | None = None
    hidden: list[tuple[str, str]] | None = None
    notes: list[tuple[str, str, str, str]] | None = None  # language, kind, text, URI: of every kind
    other_notes: list[tuple[str, str, str, str]] | None = None  # the same without definitions
    mappings: list[tuple[str, str]] | None = None  # kind, URI: of every kind
    other_mappings: list[tuple[str, str]] | None = None  # the same without exact matches
    notations: list[tuple[str, str]] | None = None  # text, datatype
    related: list[str] | None = None
    replaced_by: list[str] | None = None
    is_retired: bool = False

    @property
    def names_elsewhere(self) -> list[tuple[str, str]]:
        """What other systems call the term: system and identifier."""
        return [*((SOURCE_SYSTEM, name) for name in self.source_ids or ()), *(self.external_ids or ())]


@dataclass
class TermFile:
    """What a file says of one facet. ``languages``: those whose labels it carries, None for all."""

    path: str
    facet: str
    terms: list[TermRecord] = field(default_factory=list)
    names: dict[str, str] | None = None
    attributes: dict[str, Any] | None = None
    languages: frozenset[str] | None = None
