"""The import and export format: JSON Lines, one localization a line (docs/import.md describes it)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.utils import timezone

from channels.models import PersonalToken
from channels.personaltokens import Catalogue
from channels.registry import ChannelRegistry, channel_registry
from contenthub.delivery.documents import Json
from taxonomy.snapshot import taxonomy_snapshot

from ..codes import FieldKind
from ..models.types import ItemType
from .pictures import Pictures
from .streams import Lookups, body_of, target_of


@dataclass
class Facts:
    """The facts of an item as a line gives them; terms by code."""

    terms: list[str] = field(default_factory=list)
    channels: list[str] = field(default_factory=list)
    references: list[tuple[str, str]] = field(default_factory=list)
    fields: Json = field(default_factory=dict)
    priority: int = 0
    wanted_locales: list[str] = field(default_factory=list)
    fallback_forbidden: bool = False


@dataclass
class Localization:
    """One localization, read from a line or from the database. Terms and pictures are named, not numbered."""

    key: str
    locale: str
    kind: str
    columns: Json
    stream: list[Json]
    texts: list[tuple[str, str]] = field(default_factory=list)
    fields: Json = field(default_factory=dict)
    image: int | None = None
    cta_action: str = ""
    extra: Json = field(default_factory=dict)
    facts: Facts = field(default_factory=Facts)
    state: str = "live"
    go_live_at: datetime | None = None
    expire_at: datetime | None = None

    @property
    def on_air_from(self) -> datetime:
        """Return when it is on air: the earliest instant for at once, the last for never."""
        if self.state != "live":
            return datetime.max.replace(tzinfo=UTC)
        return self.go_live_at or datetime.min.replace(tzinfo=UTC)

    @property
    def published_from(self) -> datetime:
        """Return when it was or will be published, on air now or not."""
        return datetime.min.replace(tzinfo=UTC) if self.state == "off" else self.on_air_from

    @property
    def is_launch(self) -> bool:
        """Return whether it is to go on air later."""
        return self.state == "live" and self.on_air_from > timezone.now()


@dataclass(frozen=True)
class Known:
    """What the hub knows that lines may name."""

    types: Mapping[str, ItemType]
    channels: ChannelRegistry
    lookups: Lookups
    tokens: Catalogue


def known_now(pictures: Pictures | None = None) -> Known:
    """Return what lines may name now; ``pictures`` are those beside the file at hand."""
    types = ItemType.objects.prefetch_related("field_definitions", "rules__facet", "rules__below")
    return Known(
        types={one.code: one for one in types},
        channels=channel_registry(),
        lookups=Lookups(taxonomy_snapshot(), pictures or Pictures()),
        tokens=cache(PersonalToken.catalogue),
    )


def write_line(one: Localization, known: Known) -> Json:
    """Return the line of a localization; what says nothing is left out."""
    columns, lookups = one.columns, known.lookups
    image = {
        "file": lookups.pictures.name_of(one.image),
        "alt": columns["image_alt"],
        "caption": columns["image_caption"],
        "credit": columns["image_credit"],
    }
    cta = {"label": columns["cta_label"], **target_of(columns["cta_link"]), "action": one.cta_action}
    line = {
        "id": one.key,
        "locale": one.locale,
        "kind": one.kind,
        "slug": columns["slug"],
        "title": columns["headline"],
        "summary": columns["summary"],
        "internal_title": columns["internal_title"],
        "image": _said(image) if one.image is not None else None,
        "texts": dict(one.texts),
        "fields": _write_fields(one, known),
        "references": [{"role": role, "item": key} for role, key in one.facts.references],
        "priority": one.facts.priority,
        "wanted_locales": one.facts.wanted_locales,
        "fallback_forbidden": one.facts.fallback_forbidden,
        "state": one.state if one.state != "live" else None,
        "go_live_at": one.go_live_at and one.go_live_at.isoformat(),
        "expire_at": one.expire_at and one.expire_at.isoformat(),
    }
    line = _said(line) | {
        "body": body_of(one.stream, lookups),
        "cta": _said(cta) if columns["cta_label"] else None,
        "channels": one.facts.channels,
        "tags": _by_facet(one.facts.terms, known),
    }
    return line | one.extra


def _write_fields(one: Localization, known: Known) -> Json:
    kinds = {entry.name: entry.kind for entry in known.types[one.kind].field_definitions.all()}
    return {
        name: _write_value(kinds.get(name), value, known.lookups)
        for name, value in sorted({**one.facts.fields, **one.fields}.items())
    }


def _write_value(kind: str | None, value: Any, lookups: Lookups) -> Any:
    match kind:
        case FieldKind.LINK:
            return target_of(value)
        case FieldKind.IMAGE:
            return [_said({"file": lookups.pictures.name_of(image["id"]), "alt": image.get("alt")}) for image in value]
        case _:
            return value


def _by_facet(terms: list[str], known: Known) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for code in terms:
        found.setdefault(known.lookups.taxonomy.get(code).facet, []).append(code)
    return found


def _said(values: Json) -> Json:
    """Return the values that say something."""
    return {name: value for name, value in values.items() if value not in (None, "", [], {}, 0, False)}
