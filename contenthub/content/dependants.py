"""What the hub does when terms or fallback chains change: the doors that the spokes open upwards."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse

from contenthub.delivery import store
from contenthub.delivery.consumers.models import TermUse
from contenthub.delivery.models import FactTerm, PublishedItem, TermRow
from contenthub.delivery.reclassifying import reclassify
from locales.dependants import ChainsChanged
from taxonomy.dependants import Asker, TaggedItem, Tally, TermChange, TermsChanged
from taxonomy.models import Term
from taxonomy.snapshot import TaxonomySnapshot

from .models import ClassificationRule, ContentItem, ItemTerm
from .publishing import scheduled_keys, sync
from .rules import rule_hint
from .terms import retagging
from .terms.breaking import newly_failing
from .terms.impact import impact_of, refuse_unknown_items
from .terms.naming import named_in
from .terms.places import Names, chunks, places_of
from .terms.succession import Succession
from .variants import retagging as variantretagging

MOST_ASKERS = 20


class HubTermDependants:
    """Items follow the terms that they are tagged with."""

    def counts(self, term_codes: Collection[str]) -> dict[str, int]:
        """Return how many published items stand under each term."""
        counted = TermRow.objects.filter(term__code__in=term_codes).values_list("term__code")
        return dict(counted.annotate(items=Count("row__item", distinct=True)))

    def tallies(self, term_codes: Collection[str]) -> dict[str, Tally]:
        """Return how many items, published or not, stand under each term: two statements."""
        tags = ItemTerm.objects.order_by()
        return _tallies(tags.filter(term__code__in=term_codes), tags.filter(term__above__ancestor__code__in=term_codes))

    def facet_tallies(self, facet: str) -> dict[str, Tally]:
        tags = ItemTerm.objects.order_by().filter(term__facet__code=facet)
        return _tallies(tags, tags)

    def named_in(self, facet: str) -> dict[str, int]:
        return named_in(facet)

    def items_in(self, facet: str) -> int:
        return ItemTerm.objects.filter(term__facet__code=facet).aggregate(items=Count("item", distinct=True))["items"]

    def items_url(self, term_id: int) -> str:
        return f"{reverse('items:list')}?term={term_id}"

    def rules_below(self, code: str) -> list[tuple[str, str]]:
        rules = ClassificationRule.objects.filter(below__code=code).select_related("item_type", "facet", "below")
        return [
            (f"{rule.item_type}: {rule_hint(rule)}", reverse("item_types:edit", args=[rule.item_type_id]))
            for rule in rules.order_by("item_type__code", "sort_order")
        ]

    def asked_by(self, code: str) -> list[Asker]:
        uses = TermUse.objects.filter(term__code=code).select_related("consumer").order_by("-last_asked_at")
        return [
            Asker(one.consumer.name, one.last_asked_at, reverse("connections:edit", args=[one.consumer_id]))
            for one in uses[:MOST_ASKERS]
        ]

    def impact(self, changes: Sequence[TermsChanged], *, before: TaxonomySnapshot | None = None) -> dict[str, int]:
        counts = impact_of(changes)
        failing = newly_failing(changes, before) if before else ()
        return counts | ({"failing": len(failing)} if failing else {})

    def apply(self, change: TermsChanged) -> dict[str, Any] | None:
        store.lock_surroundings()
        if change.kind == TermChange.MOVED:
            self._move(change)
            return None
        names = _with_predecessors(change.codes)
        if change.kind != TermChange.MERGED:
            _sync(places_of(names).keys)
            return None
        refuse_unknown_items(change)
        succession = Succession(change)
        merged = Names(tuple(succession.by_id), tuple(change.codes))
        found = places_of(merged)
        followed = retagging.follow(found.keys, succession.of_item)
        followed.rules = retagging.follow_rules(succession.by_id)
        followed.variants = variantretagging.follow(merged, succession.of_item)
        _sync(found.keys | places_of(names).keys | followed.keys)
        return followed.as_json()

    def put_back(self, followed: dict[str, Any]) -> None:
        store.lock_surroundings()
        keys = retagging.put_back(followed).keys
        _sync(keys | variantretagging.put_back(followed.get("variants", ())))

    def tagged(self, code: str, *, search: str, start: int, count: int) -> tuple[list[TaggedItem], int]:
        term = Term.objects.filter(code=code).values_list("pk", "code").first()
        names = Names((term[0],), (term[1],)) if term else Names((), ())
        keys = places_of(names).keys | variantretagging.keys_naming(names)
        rows = ContentItem.objects.sources().of_keys(keys).select_related("locale", "type").order_by("key")
        if search:
            rows = rows.filter(key__in=ContentItem.objects.of_keys(keys).matching(search).values("key"))
        found = [
            TaggedItem(
                key=row.key,
                title=str(row),
                language=row.locale.language_code,
                type=str(row.type),
                is_live=row.live,
                edit_url=reverse("items:edit", args=[row.pk]),
            )
            for row in rows.defer("body", "extra")[start : start + count]
        ]
        return found, rows.count()

    def _move(self, change: TermsChanged) -> None:
        ids = Term.objects.filter(code__in=change.codes).values_list("pk", flat=True)
        reclassify(list(ids))
        # A term that stands for several is answered by them in the order of the tree.
        split = Term.objects.in_facet(change.facet).annotate(into=Count("replaced_by")).filter(into__gt=1)
        if split.exists():
            frozen = FactTerm.objects.filter(term__in=split.values("pk")).values_list("item__key", flat=True)
            _sync({*frozen, *scheduled_keys()})


def _sync(keys: Collection[str]) -> None:
    """Bring the store in step with those of the items that it knows."""
    known = (PublishedItem.objects.filter(key__in=some).values_list("key", flat=True) for some in chunks(keys))
    sync(*sorted(key for found in known for key in found))


def _with_predecessors(codes: Collection[str]) -> Names:
    """Return the terms with all that they answer for."""
    found, new = {}, set(codes)
    found.update(Term.objects.filter(code__in=codes).values_list("pk", "code"))
    while new:
        rows = dict(Term.objects.filter(replaced_by__code__in=new).values_list("pk", "code"))
        new = {code for pk, code in rows.items() if pk not in found}
        found.update(rows)
    return Names(tuple(found), tuple(found.values()))


def _tallies(tags: QuerySet, below: QuerySet) -> dict[str, Tally]:
    own = _counted(tags, "term__code")
    under = _counted(below, "term__above__ancestor__code")
    return {code: Tally(own.get(code, 0), number) for code, number in under.items()}


def _counted(tags: QuerySet, code: str) -> dict[str, int]:
    return dict(tags.values_list(code).annotate(items=Count("item", distinct=True)))


class HubLocaleDependants:
    """What is served for a locale follows its chain."""

    def counts(self, codes: Collection[str]) -> dict[str, int]:
        """Return how many items have a localization in each locale."""
        counted = ContentItem.objects.filter(locale__language_code__in=codes).values_list("locale__language_code")
        return dict(counted.annotate(items=Count("pk")).order_by())

    def impact(self, change: ChainsChanged) -> dict[str, int]:
        return {"items": PublishedItem.objects.count()}

    def apply(self, change: ChainsChanged) -> None:
        store.lock_surroundings()
        sync(*PublishedItem.objects.values_list("key", flat=True))
