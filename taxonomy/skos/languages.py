"""Which language the tag of a text stands for, and which tags are odd."""

from collections import Counter
from collections.abc import Iterator

from rdflib import Literal

from locales.tags import MalformedTag, UnknownLanguage, canonical_tag, supported_tag
from taxonomy.facetview import UNDETERMINED
from taxonomy.skos.facts import Finding, Severity


class Languages:
    """The tags of a graph as the hub has them; what is wrong with some, told once each."""

    def __init__(self) -> None:
        self._tags: dict[str, tuple[str, str]] = {}
        self._odd_tags: Counter[str] = Counter()

    def of(self, text: Literal) -> str:
        """Return the canonical tag of a text, "und" where it has none or a malformed one."""
        tag = text.language or ""
        if not tag:
            return UNDETERMINED
        if tag not in self._tags:
            self._tags[tag] = _canonical(tag)
        language, told = self._tags[tag]
        if told:
            self._odd_tags[tag] += 1
        return language

    def findings(self) -> Iterator[Finding]:
        for tag, times in sorted(self._odd_tags.items()):
            yield Finding(Severity.WARNING, "", tag, f"{self._tags[tag][1]} {times} texts have it.")


def _canonical(tag: str) -> tuple[str, str]:
    """Return the language that a tag stands for, and what is wrong with the tag."""
    if any(len(part) > 8 for part in tag.split("-")):
        return UNDETERMINED, f"'{tag}' is no language tag (BCP 47): no part of one has more than 8 characters."
    try:
        canonical = canonical_tag(tag)
    except MalformedTag:
        return UNDETERMINED, f"'{tag}' is no language tag (BCP 47)."
    try:
        supported_tag(tag)
    except UnknownLanguage:
        told = "" if canonical == UNDETERMINED else f"'{tag}' names no language that is known."
        return (canonical if len(canonical) <= 35 else UNDETERMINED), told
    return canonical, ""
