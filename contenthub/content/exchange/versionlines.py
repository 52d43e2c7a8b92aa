"""Versions of items in the import and export format: lines that name a ``variant`` (docs/import.md describes them).

What a version sets is read as the line of an item is, so that both take the same and refuse the same.
"""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from contenthub.delivery.documents import Json
from contenthub.delivery.resolving import BODY, CALL_TO_ACTION, FIELD_PREFIX, HEADLINE, IMAGE, SUMMARY, TEXT_PREFIX

from ..models.variants import valid_code
from .linereading import read_line
from .lines import Known, Localization, write_line

NAMES = {"title": HEADLINE, "summary": SUMMARY, "body": BODY, "cta": CALL_TO_ACTION, "image": IMAGE}
KNOWN = frozenset("id locale kind variant for sets state go_live_at expire_at".split())
AUDIENCE = {"segments": list, "markets": list, "channels": list, "test": str, "arm": str, "priority": int}
_KEPT = ("id", "locale", "kind", "state", "go_live_at", "expire_at")


@dataclass
class VersionLine:
    """A version in one language. ``text`` holds what it sets; what ``overrides`` does not name there means nothing."""

    code: str
    overrides: list[str]
    text: Localization
    experiment: str = ""
    arm: str = ""

    @property
    def place(self) -> tuple[str, str, str]:
        return self.text.key, self.text.locale, self.code

    @property
    def audience(self) -> Json:
        """Whom it is for, as a line says it."""
        facts = self.text.facts
        said = {
            "segments": [code for code in facts.terms if code.startswith("segment:")],
            "markets": [code for code in facts.terms if code.startswith("market:")],
            "channels": facts.channels,
            "test": self.experiment,
            "arm": self.arm,
            "priority": facts.priority,
        }
        return {name: value for name, value in said.items() if value}


def is_version(line: Any) -> bool:
    return isinstance(line, dict) and "variant" in line


def read_version(line: Json, known: Known) -> VersionLine:
    """Return the version that a line describes.

    Raises:
        ValidationError: one message for everything that is wrong with it.
    """
    problems = [f"unknown key {name}" for name in sorted(line.keys() - KNOWN)]
    code = line["variant"] if isinstance(line["variant"], str) else ""
    try:
        valid_code(code)
    except ValidationError as error:
        problems += [f"variant: {message}" for message in error.messages]
    audience, sets = _object(line, "for", problems), _object(line, "sets", problems)
    problems += [f"for: unknown key {name}" for name in sorted(audience.keys() - AUDIENCE.keys())]
    for name, kind in AUDIENCE.items():
        if name in audience and (not isinstance(audience[name], kind) or isinstance(audience[name], bool)):
            problems.append(f"for, {name}: expected {'a list of codes' if kind is list else f'a {kind.__name__}'}")
    problems += [f"sets: unknown key {name}" for name in sorted(sets.keys() - {*NAMES, "texts", "fields"})]
    texts, fields = _object(sets, "texts", problems), _object(sets, "fields", problems)
    if problems:
        raise ValidationError(problems)
    as_item = {name: line[name] for name in _KEPT if name in line}
    as_item |= {name: value for name, value in sets.items() if name in NAMES and value is not None}
    as_item |= {
        "title": sets.get("title") or "-",
        "texts": {name: text for name, text in texts.items() if text is not None},
        "fields": {name: value for name, value in fields.items() if value is not None},
        "tags": {"segment": audience.get("segments", []), "market": audience.get("markets", [])},
        "channels": audience.get("channels", []),
        "priority": audience.get("priority", 0),
    }
    text = read_line(as_item, known)
    text.columns["headline"] = sets.get("title") or ""
    names = [name for given, name in NAMES.items() if given in sets]
    names += [*(f"{TEXT_PREFIX}{name}" for name in texts), *(f"{FIELD_PREFIX}{name}" for name in fields)]
    return VersionLine(code, names, text, audience.get("test", ""), audience.get("arm", ""))


def write_version(one: VersionLine, known: Known) -> Json:
    """Return the line of a version; what it overrides with nothing is null."""
    whole = write_line(one.text, known)
    sets: Json = {given: whole.get(given) or None for given, name in NAMES.items() if name in one.overrides}
    for group, prefix in (("texts", TEXT_PREFIX), ("fields", FIELD_PREFIX)):
        said = whole.get(group, {})
        own = [name.removeprefix(prefix) for name in one.overrides if name.startswith(prefix)]
        if own:
            sets[group] = {name: said.get(name) for name in sorted(own)}
    kept = {name: whole[name] for name in _KEPT if name in whole}
    return kept | {"variant": one.code, "for": one.audience, "sets": sets}


def _object(line: Json, name: str, problems: list[str]) -> Json:
    value = line.get(name)
    if value is not None and not isinstance(value, dict):
        problems.append(f"{name}: expected an object")
        return {}
    return value or {}
