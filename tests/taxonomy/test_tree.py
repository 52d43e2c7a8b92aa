import pytest

from taxonomy import tree as module
from taxonomy.snapshot import taxonomy_snapshot
from taxonomy.tree import Tree, rows_of
from tests.taxonomy.factories import TermFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _two_rows_a_page(monkeypatch):
    monkeypatch.setattr(module, "PAGE_ROWS", 2)


def tree(**options):
    return Tree(taxonomy_snapshot().get_facet("journey"), **options)


def view(term):
    return taxonomy_snapshot().by_id(term.pk)


def drawn(level):
    """Return a level as nested pairs: the key of each term, a star where it is marked, and what is open below."""
    return [
        (row.term.code.partition(":")[2] + "*" * row.is_hit, drawn(row.below)) if row.below else
        row.term.code.partition(":")[2] + "*" * row.is_hit
        for row in level.rows
    ]  # fmt: skip


def test_a_level_comes_in_pages():
    top = TermFactory(key="top")
    for key in ("a", "b", "c"):
        TermFactory(key=key, parent=top)

    first, second = tree().level(view(top)), tree().level(view(top), offset=2)

    assert (drawn(first), first.total, first.onward) == (["a", "b"], 3, 2)
    assert (drawn(second), second.total, second.onward) == (["c"], 3, None)
    assert [row.place for row in (*first.rows, *second.rows)] == [1, 2, 3]


def test_branches_open_where_they_were_open_and_nowhere_else():
    top, other = TermFactory(key="top"), TermFactory(key="other")
    middle = TermFactory(key="middle", parent=top)
    TermFactory(key="low", parent=middle)
    TermFactory(key="hidden", parent=other)

    level = tree().opened([(top.pk, middle.pk), (999_999,)])

    assert drawn(level) == [("top", [("middle", ["low"])]), "other"]


def test_a_term_is_shown_in_its_place_whatever_page_it_is_on():
    top = TermFactory(key="top")
    for key in ("a", "b", "c", "d"):
        TermFactory(key=key, parent=top)
    last = TermFactory(key="last", parent=top)

    level = tree().opened(shown=view(last))

    (row,) = level.rows
    assert drawn(level) == [("top", ["a", "b", "last*"])]
    assert (row.below.onward, [found.place for found in row.below.rows]) == (2, [1, 2, 5])


def test_a_term_with_several_parents_stands_below_each():
    one, two = TermFactory(key="one"), TermFactory(key="two")
    both = TermFactory(key="both", parent=one, further=[two])

    level = tree().opened([(one.pk,), (two.pk,)])

    assert drawn(level) == [("one", ["both"]), ("two", ["both"])]
    assert [row.is_further for row in rows_of(level) if row.term.id == both.pk] == [False, True]


def test_hits_are_shown_in_all_their_places_and_what_is_left_out_is_told():
    one, two = TermFactory(key="one"), TermFactory(key="two")
    TermFactory(key="third")
    both = TermFactory(key="both", parent=one, further=[two])
    TermFactory(key="sibling", parent=one)

    level = tree().pruned([view(both), view(two)])

    assert drawn(level) == [("one", ["both*"]), ("two*", ["both*"])]
    assert (level.total, level.onward) == (3, 0)
    assert [row.below.onward for row in level.rows] == [0, None]


def test_retired_terms_can_be_left_out():
    TermFactory(key="top")
    TermFactory(key="old", status="retired")

    assert drawn(tree().level(None)) == ["top", "old"]
    assert drawn(tree(with_retired=False).level(None)) == ["top"]
    assert tree(with_retired=False).level(None).total == 1


def test_one_answer_has_a_bound(monkeypatch):
    monkeypatch.setattr(module, "MOST_ROWS", 3)
    tops = [TermFactory(key=f"top{number}") for number in range(2)]
    for top in tops:
        TermFactory.create_batch(2, parent=top)

    level = tree().opened([(top.pk,) for top in tops])

    assert [row.below is not None for row in level.rows] == [True, False]
