"""Which published items break a rule of their type once terms are changed. None goes off air; it is told before."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from contenthub.delivery.models import PublishedItem
from taxonomy.dependants import TermChange, TermsChanged
from taxonomy.snapshot import TaxonomySnapshot, taxonomy_snapshot

from ..models import ClassificationRule, ContentItem
from ..rules import terms_by_facet, violations
from .places import chunks
from .succession import Succession

Rules = dict[str, list[ClassificationRule]]  # by the code of the type


def newly_failing(changes: Sequence[TermsChanged], before: TaxonomySnapshot) -> set[str]:
    """Return the keys of the items on air that kept a rule ``before`` and do not keep it now.

    Asked while the terms are changed already, and the items do not follow yet: their tags are judged as they will.
    """
    changes = [one for one in changes if one.kind != TermChange.RENAMED]
    rules = _rules({one.facet for one in changes})
    if not rules:
        return set()
    now = taxonomy_snapshot()
    successions = [Succession(one) for one in changes if one.kind == TermChange.MERGED]
    found = set()
    for key, facts in _published(rules, _reaching(changes, rules, now)):
        tags = facts["terms"]
        for succession in successions:
            successors = succession.of_item(key)
            tags = list(dict.fromkeys(new for code in tags for new in successors.get(code, (code,))))
        own = rules[facts["type"]]
        if _broken(own, tags, now) - _broken(own, facts["terms"], before):
            found.add(key)
    return found


def _rules(facets: set[str]) -> Rules:
    rules: Rules = defaultdict(list)
    for rule in ClassificationRule.objects.filter(facet__code__in=facets).select_related("facet", "item_type"):
        rules[rule.item_type.code].append(rule)
    return rules


def _reaching(changes: Iterable[TermsChanged], rules: Rules, now: TaxonomySnapshot) -> set[int]:
    """Return the ids of the terms whose items rules may judge otherwise now."""
    asked_for = {rule.below_id for some in rules.values() for rule in some}
    found: set[int] = set()
    for change in changes:
        terms = [now.get(code) for code in change.codes]
        # What stands above is no leaf any more.
        found.update(one.id for term in terms for one in (term, *term.broader))
        # A moved branch takes its terms along; one that is replaced or restored is another branch.
        if change.kind != TermChange.MOVED and any(term.id in asked_for for term in terms):
            found.update(now.get_facet(change.facet).by_id)
    return found


def _published(rules: Rules, terms: set[int]) -> Iterator[tuple[str, dict[str, Any]]]:
    on_air = ContentItem.objects.filter(live=True, type__code__in=list(rules)).values("key")
    seen: set[str] = set()
    for chunk in chunks(terms):
        items = PublishedItem.objects.filter(fact_terms__term__in=chunk, facts__isnull=False, key__in=on_air)
        for key, facts in items.values_list("key", "facts"):
            if key not in seen and facts["type"] in rules:
                seen.add(key)
                yield key, facts


def _broken(rules: Iterable[ClassificationRule], tags: Iterable[str], taxonomy: TaxonomySnapshot) -> set[str]:
    """Return the facets whose rule the tags break: a type has one rule for a facet."""
    return {facet for facet, _message in violations(rules, terms_by_facet(tags, taxonomy), taxonomy)}
