"""Which items break the rules of their type, published or scheduled.

Rules that changed never take anything off air, nor keep off air what was approved for an instant: the store serves that
from then on, whoever looks. So both are told.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from contenthub.delivery.models import PublishedItem
from taxonomy.snapshot import TaxonomySnapshot, taxonomy_snapshot

from .models import ClassificationRule, ContentItem, ItemType
from .publishing import launches_of
from .rules import terms_by_facet, violations
from .tagging.standings import tags_of_content

ROWS_AT_ONCE = 500

Rules = dict[str, list[ClassificationRule]]  # by the code of the type


@dataclass(frozen=True)
class Failing:
    """An item with what its tags lack, facet code and message of each: as published, or as they will be on air."""

    key: str
    findings: tuple[tuple[str, str], ...]
    launches_at: datetime | None = None


def failing_items(item_type: ItemType | None = None) -> Iterator[Failing]:
    """Yield the items on air, of one type or of all, that could not be published again, by key.

    Three statements, and memory for one batch of facts, however many items there are.
    """
    rules = _rules_by_type(item_type)
    if not rules:
        return
    taxonomy = taxonomy_snapshot()
    on_air = ContentItem.objects.filter(live=True, type__code__in=list(rules)).values("key")
    published = PublishedItem.objects.filter(key__in=on_air, facts__isnull=False).order_by("key")
    for key, facts in published.values_list("key", "facts").iterator(chunk_size=ROWS_AT_ONCE):
        if findings := _findings(rules.get(facts["type"], ()), facts["terms"], taxonomy):
            yield Failing(key, findings)


def failing_launches(item_type: ItemType | None = None) -> Iterator[Failing]:
    """Yield the items, of one type or of all, that will break rules once what is scheduled is on air, by key."""
    rules = _rules_by_type(item_type)
    launches = {int(one.object_id): one for one in launches_of(ContentItem)} if rules else {}
    if not launches:
        return
    taxonomy = taxonomy_snapshot()
    sources = ContentItem.objects.sources().filter(pk__in=launches, type__code__in=list(rules))
    for pk, key, kind in sources.order_by("key").values_list("pk", "key", "type__code"):
        terms = [taxonomy.by_id(term).code for term in tags_of_content(launches[pk].content)]
        if findings := _findings(rules[kind], terms, taxonomy):
            yield Failing(key, findings, launches[pk].approved_go_live_at)


def rules_of(item_type: ItemType) -> list[tuple]:
    """Return the rules of a type as stored, to tell whether they changed."""
    return list(
        ClassificationRule.objects.filter(item_type=item_type)
        .order_by("facet")
        .values_list("facet", "minimum", "maximum", "leaf_only", "below")
    )


def _rules_by_type(item_type: ItemType | None) -> Rules:
    rules: Rules = defaultdict(list)
    asked = ClassificationRule.objects.select_related("facet", "item_type")
    for rule in asked.filter(item_type=item_type) if item_type else asked:
        rules[rule.item_type.code].append(rule)
    return rules


def _findings(
    rules: Iterable[ClassificationRule], terms: Iterable[str], taxonomy: TaxonomySnapshot
) -> tuple[tuple[str, str], ...]:
    return tuple(violations(rules, terms_by_facet(terms, taxonomy), taxonomy))
