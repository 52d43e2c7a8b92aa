"""The facts of an item: edited on the source, frozen when it is published."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from math import inf
from typing import Any

from channels.registry import ChannelRegistry
from contenthub.delivery.context import MARKET, SEGMENT
from contenthub.delivery.documents import Json
from contenthub.delivery.models import PublishedItem
from contenthub.delivery.targeting import Targeting
from taxonomy.snapshot import TaxonomySnapshot


@dataclass(frozen=True)
class FrozenFacts:
    """What belongs to the item and not to a language, as it was when the source was last published.

    Terms are kept under the codes that they had then; publishing looks up what replaced them. ``fallback_allowed`` is
    what the item itself allows; what its type allows is looked up as well.
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


def freeze(source: Any, taxonomy: TaxonomySnapshot, channels: ChannelRegistry) -> FrozenFacts:
    """Return the facts as they stand on ``source``."""
    return FrozenFacts(
        type=source.type.code,
        terms=[taxonomy.by_id(tag.term_id).code for tag in in_order(source.classification.all())],
        channels=[
            channels.by_id[one.channel_id].code
            for one in in_order(source.channels.all())
            if one.channel_id in channels.by_id
        ],
        references=[[reference.role, reference.target_key] for reference in in_order(source.references.all())],
        fields=field_entries(source, localized=False),
        priority=source.priority,
        wanted_locales=sorted(locale.language_code for locale in source.wanted_locales.all()),
        fallback_allowed=not source.fallback_forbidden,
    )


def named_terms(item: PublishedItem) -> list[str]:
    """Return the codes of all terms that the frozen facts of an item and of its variants name, each once."""
    facts = item.facts["terms"] if item.facts else ()
    targets = [*(code for one in item.targetings.values() for code in (*one["segments"], *one["markets"]))]
    return list(dict.fromkeys([*facts, *targets]))


def freeze_targeting(variant: Any, taxonomy: TaxonomySnapshot, channels: ChannelRegistry) -> Targeting:
    """Return whom a variant is for, as it stands on its row."""
    terms = [taxonomy.by_id(link.term_id) for link in in_order(variant.audience.all())]
    return Targeting(
        segments=tuple(term.code for term in terms if term.facet == SEGMENT),
        markets=tuple(term.code for term in terms if term.facet == MARKET),
        channels=tuple(
            channels.by_id[one.channel_id].code
            for one in in_order(variant.channels.all())
            if one.channel_id in channels.by_id
        ),
        experiment=variant.experiment,
        arm=variant.arm,
        priority=variant.priority,
    )


def in_order(parts: Iterable[Any]) -> list[Any]:
    """Return what hangs on a row in the editor's order, alike for stored rows and those of a revision."""
    return sorted(parts, key=lambda part: (part.sort_order is None, part.sort_order or 0, part.pk or inf))


def field_entries(row: Any, *, localized: bool) -> list[Json]:
    """Return the type's own fields that ``row`` fills; ``place`` is theirs in the type, facts and texts together."""
    return [
        {"name": definition.name, "kind": definition.kind, "value": row.own_fields[definition.name], "place": place}
        for place, definition in enumerate(row.type.field_definitions.all())
        if definition.localized == localized and row.own_fields.get(definition.name) not in (None, "", [])
    ]
