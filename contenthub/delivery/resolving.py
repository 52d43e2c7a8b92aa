"""The right rendition of an item for a context, field by field: pure functions, no database inside.

A field is overridden as a whole and by name: headline, summary, body, callToAction, image, and one by one the short
texts (texts.NAME) and the type's own fields (fields.NAME). What orders, tags or addresses an item is never overridden.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from .documents import Json
from .targeting import Candidate, Rank, Standing, rank_of, unmet_by

HEADLINE, SUMMARY, BODY, CALL_TO_ACTION, IMAGE = "headline", "summary", "body", "callToAction", "image"
WHOLE_FIELDS = (HEADLINE, SUMMARY, BODY, CALL_TO_ACTION, IMAGE)
TEXT_PREFIX, FIELD_PREFIX = "texts.", "fields."

HEAD_KEYS = {HEADLINE: "headline", SUMMARY: "summary", CALL_TO_ACTION: "cta", IMAGE: "image"}


class Delta(Candidate, Protocol):
    """A published variant: whom it is for, and what it sets. ``head`` holds ``overrides`` and their values."""

    head: Json


Kind = TypeVar("Kind", bound=Candidate)
DeltaKind = TypeVar("DeltaKind", bound=Delta)


@dataclass(frozen=True, slots=True)
class Ranked(Generic[Kind]):
    """An eligible variant and how closely it fits."""

    variant: Kind
    rank: Rank


@dataclass(frozen=True, slots=True)
class Resolution(Generic[DeltaKind]):
    """What a context is answered with.

    ``eligible`` are the variants that fit, the highest first. ``provenance`` says for every field which of them
    gives it, None for the base. ``head`` is the base's with the overridden fields in place; the body is that of
    ``provenance["body"]``.
    """

    eligible: tuple[DeltaKind, ...]
    provenance: Mapping[str, DeltaKind | None]
    head: Json

    @property
    def winner(self) -> DeltaKind | None:
        """The highest eligible variant; others may supply fields too."""
        return self.eligible[0] if self.eligible else None

    @property
    def contributing(self) -> tuple[DeltaKind, ...]:
        """The variants that supply a field, the highest first."""
        giving = {id(variant) for variant in self.provenance.values() if variant is not None}
        return tuple(variant for variant in self.eligible if id(variant) in giving)

    @property
    def winning(self) -> tuple[DeltaKind, ...]:
        """The highest variant and all that supply a field: what names this rendition."""
        giving = self.contributing
        return giving if not self.eligible or self.eligible[0] in giving else (self.eligible[0], *giving)


def rank_variants(variants: Iterable[Kind], standing: Standing, instant: datetime) -> list[Ranked[Kind]]:
    """Return the eligible variants in their total order, whatever the order they come in.

    By arm, priority, depth of segment, market and channel, then code: codes are unique, so there is never a tie.
    """
    eligible = (variant for variant in variants if unmet_by(variant, standing, instant) is None)
    ranked = [Ranked(variant, rank_of(variant.targeting, standing)) for variant in eligible]
    return sorted(ranked, key=lambda each: (*(-part for part in each.rank), each.variant.code))


def eligible(variants: Iterable[Kind], standing: Standing, instant: datetime) -> list[Kind]:
    """Return the variants that fit, the highest first."""
    return [each.variant for each in rank_variants(variants, standing, instant)]


def resolve(base: Json, variants: Iterable[DeltaKind], standing: Standing, instant: datetime) -> Resolution[DeltaKind]:
    """Return the rendition of an item whose base has the head ``base``; all variants must be of the same locale."""
    return cascade(base, eligible(variants, standing, instant))


def cascade(base: Json, ordered: Sequence[DeltaKind]) -> Resolution[DeltaKind]:
    """Return ``base`` with each field from the first of ``ordered`` that overrides it."""
    provenance: dict[str, DeltaKind | None] = dict.fromkeys(field_names(base))
    given: dict[str, DeltaKind] = {}
    for variant in ordered:
        for name in variant.head["overrides"]:
            given.setdefault(name, variant)
    provenance.update(given)
    return Resolution(tuple(ordered), provenance, _merged(base, given) if given else base)


def field_names(head: Json) -> list[str]:
    """Return the names of all fields that an item has before any variant."""
    texts = (f"{TEXT_PREFIX}{text['name']}" for text in head["texts"])
    fields = (f"{FIELD_PREFIX}{field['name']}" for field in head["fields"])
    return [*WHOLE_FIELDS, *texts, *fields]


def next_change(variants: Iterable[Candidate], instant: datetime) -> datetime | None:
    """Return when the first of these variants comes or goes after ``instant``; None: never."""
    ends = (end for variant in variants for end in (variant.start, variant.end) if end > instant)
    return min(ends, default=None)


def _merged(base: Json, given: Mapping[str, Delta]) -> Json:
    head = dict(base)
    for name, key in HEAD_KEYS.items():
        if name in given:
            head[key] = given[name].head.get(key)
    head["texts"] = _merged_list(base["texts"], TEXT_PREFIX, "texts", given)
    head["fields"] = _merged_list(base["fields"], FIELD_PREFIX, "fields", given)
    return head


def _merged_list(base: list[Json], prefix: str, key: str, given: Mapping[str, Delta]) -> list[Json]:
    """Return named entries with the overridden ones replaced in their places, new ones last, emptied ones left out."""
    overridden = {name.removeprefix(prefix): variant for name, variant in given.items() if name.startswith(prefix)}
    if not overridden:
        return base
    found: dict[str, Json | None] = {entry["name"]: entry for entry in base}
    for name in sorted(overridden, key=lambda name: (name in found, name)):
        found[name] = next((entry for entry in overridden[name].head.get(key, ()) if entry["name"] == name), None)
    return [entry for entry in found.values() if entry is not None]
