import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from taxonomy.closure import CyclicHierarchy, ancestor_distances, branch, find_cycle, inverted
from taxonomy.models import FurtherParent, Term, TermPath
from tests.taxonomy.factories import TermFactory


def test_the_shortest_way_up_counts():
    broader = {"c": ["b", "a"], "b": ["a"], "a": []}

    distances = ancestor_distances(["c"], broader)

    assert distances == {"c": {"c": 0, "b": 1, "a": 1}}


def test_a_cycle_is_named_by_its_members():
    broader = {"x": ["a"], "a": ["b"], "b": ["c"], "c": ["a"]}

    with pytest.raises(CyclicHierarchy) as refusal:
        ancestor_distances(["x"], broader)

    assert refusal.value.members == ("a", "b", "c", "a")
    assert find_cycle(broader) == ("a", "b", "c", "a")


def test_a_line_of_ten_thousand_terms_is_no_matter():
    broader = {number: [number - 1] if number else [] for number in range(10_000)}

    assert ancestor_distances([9_999], {**broader, 9_999: [0]}) == {9_999: {9_999: 0, 0: 1}}
    assert find_cycle({**{number: [number - 1] for number in range(1, 2_000)}, 0: [1_999]})[0] == 1


parents_of_later_terms = st.lists(st.sets(st.integers(0, 30), max_size=3), min_size=1, max_size=12).map(
    lambda rows: {
        term: sorted({parent % term for parent in parents} if term else ()) for term, parents in enumerate(rows)
    }
)


@given(parents_of_later_terms)
def test_the_closure_is_what_walking_finds(broader):
    distances = ancestor_distances(broader, broader)

    for term in broader:
        assert distances[term] == branch([term], broader)
    assert {(low, high) for low in distances for high in distances[low]} == {
        (low, high) for high in broader for low in branch([high], inverted(broader))
    }


moves = st.lists(st.tuples(st.integers(0, 6), st.integers(-1, 6), st.integers(-1, 6)), max_size=6)


@pytest.mark.django_db
@settings(max_examples=15, deadline=None)
@given(moves)
def test_the_stored_closure_equals_brute_force_after_any_moves(moves):
    with transaction.atomic():
        terms = [TermFactory() for _ in range(7)]

        for index, parent, further in moves:
            term = Term.objects.get(pk=terms[index].pk)
            term.parent = terms[parent] if parent >= 0 else None
            above = [terms[further]] if further >= 0 and parent >= 0 and further != parent else []
            term.further_parents = [FurtherParent(parent=other) for other in above]
            try:
                term.save()
            except CyclicHierarchy:
                continue

        broader = {term.pk: [term.parent_id] if term.parent_id else [] for term in Term.objects.in_facet("journey")}
        for pk, parent in FurtherParent.objects.values_list("term", "parent"):
            broader[pk].append(parent)
        paths = TermPath.objects.filter(descendant__in=broader)
        stored = {(low, high): steps for low, high, steps in paths.values_list("descendant", "ancestor", "distance")}
        expected = ancestor_distances(broader, broader)
        assert stored == {(low, high): steps for low, above in expected.items() for high, steps in above.items()}
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_rebuilding_mends_what_was_broken_and_names_it():
    root = TermFactory()
    child = TermFactory(parent=root)
    TermPath.objects.filter(descendant=child, ancestor=root).delete()

    changed = TermPath.objects.rebuild([root.facet_id])

    assert changed == {child.pk}
    assert TermPath.objects.get(descendant=child, ancestor=root).distance == 1
    assert TermPath.objects.rebuild([root.facet_id]) == set()
