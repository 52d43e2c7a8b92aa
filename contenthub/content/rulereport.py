"""Which published items break the rules of their type: rules that changed never take anything off air."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from contenthub.delivery.models import PublishedItem
from taxonomy.snapshot import taxonomy_snapshot

from .models import ClassificationRule, ContentItem, ItemType
from .rules import terms_by_facet, violations

ROWS_AT_ONCE = 500


@dataclass(frozen=True)
class Failing:
    """A published item with what its tags, as published, lack: facet code and message of each."""

    key: str
    findings: tuple[tuple[str, str], ...]


def failing_items(item_type: ItemType | None = None) -> Iterator[Failing]:
    """Yield the items on air, of one type or of all, that could not be published again, by key.

    Three statements, and memory for one batch of facts, however many items there are.
    """
    rules = defaultdict(list)
    asked = ClassificationRule.objects.select_related("facet", "item_type")
    for rule in asked.filter(item_type=item_type) if item_type else asked:
        rules[rule.item_type.code].append(rule)
    if not rules:
        return
    taxonomy = taxonomy_snapshot()
    on_air = ContentItem.objects.filter(live=True, type__code__in=list(rules)).values("key")
    published = PublishedItem.objects.filter(key__in=on_air, facts__isnull=False).order_by("key")
    for key, facts in published.values_list("key", "facts").iterator(chunk_size=ROWS_AT_ONCE):
        tags = terms_by_facet(facts["terms"], taxonomy)
        findings = tuple(violations(rules.get(facts["type"], ()), tags, taxonomy))
        if findings:
            yield Failing(key, findings)


def rules_of(item_type: ItemType) -> list[tuple]:
    """Return the rules of a type as stored, to tell whether they changed."""
    return list(
        ClassificationRule.objects.filter(item_type=item_type)
        .order_by("facet")
        .values_list("facet", "minimum", "maximum", "leaf_only", "below")
    )
