"""The facts of an item as a reader of the screen sees them: names and values, no codes where there are labels."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from channels.registry import channel_registry
from locales.catalogue import locale_catalogue
from locales.widgets import editor_chain
from taxonomy.snapshot import taxonomy_snapshot

from .codes import FieldKind
from .models import ContentItem


@dataclass(frozen=True)
class Fact:
    """One line of the summary: what it is, and each of its values."""

    name: str
    values: list[str]


def summarize(source: ContentItem) -> list[Fact]:
    """Return what is set of the facts on a source: tags by facet, channels, own fields, references, settings."""
    facts = [*_tags(source), *_channels(source), *_own_fields(source), *_references(source), *_settings(source)]
    return [fact for fact in facts if fact.values]


def _tags(source: ContentItem) -> list[Fact]:
    taxonomy, chain = taxonomy_snapshot(), editor_chain(locale_catalogue())
    labels = defaultdict(list)
    for tag in source.classification.all():
        term = taxonomy.by_id(tag.term_id)
        labels[term.facet].append(" › ".join(above.label(chain)[0] for above in term.path))
    return [Fact(facet.label(chain)[0], labels[code]) for code, facet in taxonomy.facets.items()]


def _channels(source: ContentItem) -> list[Fact]:
    registry, chain = channel_registry(), editor_chain(locale_catalogue())
    names = [registry.by_id[one.channel_id].label(chain) for one in source.channels.all()]
    return [Fact(_("Channels"), names or [_("everywhere")])]


def _own_fields(source: ContentItem) -> list[Fact]:
    definitions = [one for one in source.type.field_definitions.all() if not one.localized]
    return [Fact(one.label, _shown(one.kind, source.own_fields.get(one.name))) for one in definitions]


def _references(source: ContentItem) -> list[Fact]:
    references = [f"{reference.role}: {reference.target_key}" for reference in source.references.all()]
    return [Fact(_("References"), references)]


def _settings(source: ContentItem) -> list[Fact]:
    facts = [Fact(_("Wanted languages"), [str(locale) for locale in source.wanted_locales.all()])]
    if source.priority:
        facts.append(Fact(_("Priority"), [str(source.priority)]))
    if source.fallback_forbidden:
        facts.append(Fact(_("Never in another language"), [_("Yes")]))
    return facts


def _shown(kind: str, value: Any) -> list[str]:
    if value in (None, "", []):
        return []
    match kind:
        case FieldKind.MONEY:
            return [f"{value['amount']} {value['currency']}"]
        case FieldKind.BOOLEAN:
            return [_("Yes") if value else _("No")]
        case FieldKind.IMAGE:
            return [entry["alt"] or f"#{entry['id']}" for entry in value]
        case FieldKind.TERM:
            terms, chain = map(taxonomy_snapshot().find, value), editor_chain(locale_catalogue())
            return [term.label(chain)[0] for term in terms if term]
        case FieldKind.ITEM:
            return list(value)
        case _:
            return [str(value)]
