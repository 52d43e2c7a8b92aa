"""What the hub does when terms or fallback chains change: the doors that the spokes open upwards."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse

from contenthub.delivery import store
from contenthub.delivery.models import FactTerm, PublishedItem, TermRow
from locales.dependants import ChainsChanged
from taxonomy.dependants import TaggedItem, Tally, TermsChanged
from taxonomy.models import Term

from .models import ContentItem, ItemTerm
from .publishing import scheduled_keys, sync


class HubTermDependants:
    """Items follow the terms that they are tagged with."""

    def counts(self, term_codes: Collection[str]) -> dict[str, int]:
        """Return how many published items stand under each term."""
        counted = TermRow.objects.filter(term__code__in=term_codes).values_list("term__code")
        return dict(counted.annotate(items=Count("row__item", distinct=True)))

    def tallies(self, term_codes: Collection[str]) -> dict[str, Tally]:
        """Return how many items, published or not, stand under each term: two statements."""
        tags = ItemTerm.objects.order_by()
        own = _counted(tags.filter(term__code__in=term_codes), "term__code")
        below = _counted(tags.filter(term__above__ancestor__code__in=term_codes), "term__above__ancestor__code")
        return {code: Tally(own.get(code, 0), number) for code, number in below.items()}

    def items_url(self, term_id: int) -> str:
        return f"{reverse('items:list')}?term={term_id}"

    def impact(self, changes: Sequence[TermsChanged]) -> dict[str, int]:
        items = len({key for change in changes for key in self._keys(change)})
        return {"items": items} if items else {}

    def apply(self, change: TermsChanged) -> None:
        store.lock_surroundings()
        sync(*self._keys(change))

    def put_back(self, followed: Any) -> None:
        """Nothing was re-tagged."""

    def tagged(self, code: str, *, search: str, start: int, count: int) -> tuple[list[TaggedItem], int]:
        return [], 0

    def _keys(self, change: TermsChanged) -> list[str]:
        """Return the items whose frozen facts name a changed term, or one that it answers for, and all scheduled."""
        codes, new = set(change.codes), set(change.codes)
        while new:
            new = set(Term.objects.filter(replaced_by__code__in=new).values_list("code", flat=True)) - codes
            codes |= new
        frozen = FactTerm.objects.filter(term__code__in=codes).values_list("item__key", flat=True)
        return sorted({*frozen, *scheduled_keys()})


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
