"""The facts of an item: edited on the source, frozen when it is published."""

from dataclasses import asdict, dataclass, field
from typing import Any

from contenthub.delivery.documents import Json


@dataclass(frozen=True)
class FrozenFacts:
    """What belongs to the item and not to a language, as it was when the source was last published.

    Terms are kept under the codes that they had then; publishing looks up what replaced them.
    """

    type: str
    terms: list[str] = field(default_factory=list)
    channels: list[str] = field(default_factory=list)
    references: list[list[str]] = field(default_factory=list)
    fields: list[Json] = field(default_factory=list)
    priority: int = 0
    wanted_locales: list[str] = field(default_factory=list)
    fallback_allowed: bool = True

    def as_json(self) -> Json:
        return asdict(self)


def freeze(source: Any) -> FrozenFacts:
    """Return the facts as they stand on ``source``."""
    return FrozenFacts(
        type=source.type.code,
        terms=[tag.term.code for tag in source.classification.all()],
        channels=[one.channel.code for one in source.channels.all()],
        references=[[reference.role, reference.target_key] for reference in source.references.all()],
        fields=field_entries(source, localized=False),
        priority=source.priority,
        wanted_locales=sorted(locale.language_code for locale in source.wanted_locales.all()),
        fallback_allowed=source.fallback_allowed,
    )


def field_entries(row: Any, *, localized: bool) -> list[Json]:
    """Return the type's own fields that ``row`` fills; ``place`` is theirs in the type, facts and texts together."""
    return [
        {"name": definition.name, "kind": definition.kind, "value": row.own_fields[definition.name], "place": place}
        for place, definition in enumerate(row.type.field_definitions.all())
        if definition.localized == localized and row.own_fields.get(definition.name) not in (None, "", [])
    ]
