"""A facet and its terms in memory: plain attributes, no database behind them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from django.conf import settings

from locales.tags import canonical_tag, parent_tags
from taxonomy.closure import branch

UNDETERMINED = "und"  # the language of a code that stands in for a label (ISO 639-2)


class Window(NamedTuple):
    """A time in which a term is in use, both days included."""

    start: date
    end: date
    label: str
    event_start: date | None
    event_end: date | None


class Note(NamedTuple):
    """One text about a term; ``kind`` is a value of ``NoteKind``."""

    kind: str
    language: str
    text: str


class ExternalName(NamedTuple):
    """What another system calls a term."""

    system: str
    identifier: str


class Correspondence(NamedTuple):
    """A concept of another vocabulary; ``kind`` is a value of ``MappingKind``."""

    kind: str
    uri: str


@dataclass(slots=True, eq=False)
class TermView:
    """One term as it stood when its facet was read. Never changed afterwards.

    ``broader`` begins with the parent; ``children`` are all terms directly below, by position, then code;
    ``ancestors`` are all terms above, roots first; ``order`` is the place in the facet's tree. In ``answers`` others
    keep what they have made of the term, for as long as it stands.
    """

    id: int
    code: str
    facet: str
    uri: str
    position: int
    is_retired: bool
    attributes: dict[str, Any]
    extra: dict[str, Any] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    alternatives: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    hidden: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    windows: tuple[Window, ...] = ()
    external_ids: tuple[ExternalName, ...] = ()
    mappings: tuple[Correspondence, ...] = ()
    related_ids: tuple[int, ...] = ()
    parent: "TermView | None" = None
    broader: tuple["TermView", ...] = ()
    children: tuple["TermView", ...] = ()
    ancestors: tuple["TermView", ...] = ()
    replaced_by: tuple["TermView", ...] = ()
    depth: int = 1
    order: int = 0
    answers: dict[Any, Any] = field(default_factory=dict, init=False)
    _named: dict[tuple[str, ...], tuple[str, str]] = field(default_factory=dict, init=False)

    def __repr__(self) -> str:
        return f"<TermView {self.code}>"

    def label(self, chain: Sequence[str] = ()) -> tuple[str, str]:
        """Return the name in the first language of ``chain`` that has one, and that language.

        A tag is also answered by those it inherits from (de-AT by de). After the chain come the default language,
        English and any language; a term without any name is called by its code.

        >>> term.label(["de-AT", "en"])
        ('Anzüge', 'de')
        """
        chain = tuple(chain)
        named = self._named.get(chain)
        if named is None:
            named = self._named[chain] = self._label(chain)
        return named

    def _label(self, chain: tuple[str, ...]) -> tuple[str, str]:
        for language in languages_to_try(chain):
            if language in self.labels:
                return self.labels[language], language
        if self.labels:
            language = min(self.labels)
            return self.labels[language], language
        return self.code, UNDETERMINED

    def alt_labels(self, chain: Sequence[str] = ()) -> tuple[str, ...]:
        """Return the alternative labels in the first language of the chain that has some."""
        for language in languages_to_try(tuple(chain)):
            if language in self.alternatives:
                return self.alternatives[language]
        return ()

    def notes_of(self, kind: str, chain: Sequence[str] = ()) -> tuple[str, ...]:
        """Return the notes of one kind in the first language of the chain that has some."""
        of_kind = [note for note in self.notes if note.kind == kind]
        for language in languages_to_try(tuple(chain)) if of_kind else ():
            if texts := tuple(note.text for note in of_kind if note.language == language):
                return texts
        return ()

    def descendants(self, max_depth: int | None = None) -> tuple["TermView", ...]:
        """Return everything below, at most ``max_depth`` steps down, in tree order."""
        below = [term for term, step in self.steps_down.items() if step and (max_depth is None or step <= max_depth)]
        return tuple(sorted(below, key=lambda term: term.order))

    @property
    def steps_down(self) -> dict["TermView", int]:
        """The term and everything below it, with the shortest way down to each."""
        return branch([self], _Children())

    @property
    def steps_up(self) -> dict["TermView", int]:
        """The term and everything above it, by every parent, with the shortest way up to each."""
        return branch([self], _Parents())

    @property
    def path(self) -> tuple["TermView", ...]:
        """The term and what stands above it by primary parents, the root first."""
        line = [self]
        while line[-1].parent:
            line.append(line[-1].parent)
        return tuple(reversed(line))

    @property
    def self_and_ancestors_ids(self) -> tuple[int, ...]:
        return (self.id, *(term.id for term in self.ancestors))

    @property
    def self_and_descendants_ids(self) -> tuple[int, ...]:
        return (self.id, *(term.id for term in self.descendants()))


@dataclass(eq=False)
class FacetView:
    """One facet with its terms in tree order."""

    id: int
    code: str
    version: int
    names: dict[str, str]
    uri: str
    position: int
    is_builtin: bool
    attributes: dict[str, Any]
    terms: tuple[TermView, ...]

    def __repr__(self) -> str:
        return f"<FacetView {self.code}>"

    def __iter__(self) -> Iterator[TermView]:
        return iter(self.terms)

    def label(self, chain: Sequence[str] = ()) -> tuple[str, str]:
        """Return the facet's name and its language, chosen as for a term."""
        for language in languages_to_try(tuple(chain)):
            if language in self.names:
                return self.names[language], language
        return next(((name, language) for language, name in sorted(self.names.items())), (self.code, UNDETERMINED))

    @cached_property
    def by_code(self) -> dict[str, TermView]:
        return {term.code: term for term in self.terms}

    @cached_property
    def by_id(self) -> dict[int, TermView]:
        return {term.id: term for term in self.terms}

    @cached_property
    def by_external_id(self) -> dict[ExternalName, TermView]:
        return {name: term for term in self.terms for name in term.external_ids}

    @cached_property
    def roots(self) -> tuple[TermView, ...]:
        return tuple(term for term in self.terms if term.parent is None)

    @cached_property
    def current(self) -> tuple[TermView, ...]:
        """The terms that are not retired, in tree order."""
        return tuple(term for term in self.terms if not term.is_retired)

    @cached_property
    def languages(self) -> frozenset[str]:
        """Every language in which a term of the facet has a label."""
        return frozenset(language for term in self.terms for language in term.labels)


@lru_cache(maxsize=4096)
def languages_to_try(chain: tuple[str, ...]) -> tuple[str, ...]:
    """Return the chain with what each tag inherits from, then the default language and English."""
    tags = (canonical_tag(tag) for tag in (*chain, settings.LANGUAGE_CODE, "en"))
    return tuple(dict.fromkeys(language for tag in tags for language in (tag, *parent_tags(tag))))


class _Children(dict):
    """The table of children that ``branch`` asks, read from the terms themselves."""

    def get(self, term: TermView, default: Any = None) -> tuple[TermView, ...]:
        return term.children


class _Parents(dict):
    """The same table read upwards."""

    def get(self, term: TermView, default: Any = None) -> tuple[TermView, ...]:
        return term.broader
