"""Moving branches set by set comes to the same rows as writing item by item."""

import random
from datetime import timedelta

import pytest
from django.utils import timezone

from contenthub.content.publishing import differences, sync
from contenthub.delivery.models import TermRow
from contenthub.delivery.reclassifying import misplaced_rows, reclassify
from taxonomy.models import FurtherParent, Term, TermPath
from tests.content.editing import draft, schedule
from tests.content.factories import ItemFactory
from tests.taxonomy.factories import FacetFactory, TermFactory

pytestmark = pytest.mark.django_db
COLUMNS = [field.attname for field in TermRow._meta.concrete_fields if field.attname != "id"]


def rows():
    return sorted(TermRow.objects.values_list(*COLUMNS))


def shuffle_tree(terms, dice):
    """Give terms other parents behind everybody's back; each stands below earlier ones only."""
    for place, term in enumerate(terms):
        above = dice.sample(terms[:place], k=min(place, dice.randint(0, 2)))
        Term.objects.filter(pk=term.pk).update(parent=above[0] if above else None)
        FurtherParent.objects.filter(term=term).delete()
        FurtherParent.objects.bulk_create([FurtherParent(term=term, parent=one) for one in above[1:]])
    moved = TermPath.objects.rebuild([terms[0].facet_id])
    terms[0].facet.raise_version()
    return moved


@pytest.mark.parametrize("seed", range(4))
def test_set_by_set_is_the_same_as_item_by_item(locales, seed):
    dice = random.Random(seed)
    terms = [TermFactory() for _ in range(9)]
    other = TermFactory(facet=FacetFactory(code="product"), key="other")
    items = [ItemFactory(terms=[*dice.sample(terms, k=dice.randint(0, 3)), other], published=True) for _ in range(6)]
    schedule(items[0], timezone.now() + timedelta(hours=2), terms=dice.sample(terms, k=2))
    draft(items[1], terms=terms[:1])

    moved = shuffle_tree(terms, dice)
    before = rows()
    wrong = misplaced_rows(moved)
    reclassify(moved)
    done = rows()
    TermRow.objects.all().delete()
    TermRow.objects.bulk_create([TermRow(**dict(zip(COLUMNS, row, strict=True))) for row in before])
    sync(*(item.key for item in items))

    assert done == rows()
    assert wrong == {row[0] for row in set(before) ^ set(done)}
    assert list(differences()) == []
