"""What importing a file comes to, before anything is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from rdflib import Graph

from taxonomy.models import Facet
from taxonomy.skos.facts import Facts, Finding, Severity
from taxonomy.skos.merging import Conflict
from taxonomy.termrecords import TermFile
from taxonomy.termwriting import Difference, Written
from taxonomy.vocabularies import Vocabulary


class ImportRefused(ValueError):
    """Raised where a file cannot be imported as it is: it holds a circle, or two terms would have one code."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("\n".join(map(str, findings)))
        self.findings = findings


class FacetChanged(ValueError):
    """Raised where the facet is not what it was when the import was planned."""

    def __init__(self) -> None:
        super().__init__("The facet was changed after this report was made. Look at a new one.")


@dataclass(frozen=True)
class Source:
    """A file to import and how it is meant. ``codes``: the code of a concept by its URI, where not the proposed one."""

    name: str
    content: bytes
    format: str
    base: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)
    use_notation: bool = True
    prefer_file: bool = False


class NewTerm(NamedTuple):
    """A term that an import adds: its code is fixed by importing it."""

    code: str
    uri: str
    label: str


@dataclass
class Plan:
    """What importing a file comes to. Nothing is written yet."""

    facet: Facet
    source: Source
    version: int
    new_terms: list[NewTerm]
    findings: list[Finding]
    conflicts: list[Conflict]
    written: Written = field(default_factory=Written)
    facts: Facts = field(default_factory=dict)
    file: TermFile | None = None
    codes: dict[str, str] = field(default_factory=dict)
    graph: Graph | None = None
    scheme: str = ""
    vocabulary: Vocabulary | None = None
    changes_beside_terms: bool = False
    changes_of_facet: list[Difference] = field(default_factory=list)

    @property
    def refusals(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.severity == Severity.REFUSED]

    @property
    def changes_anything(self) -> bool:
        return bool(self.written) or self.changes_beside_terms
