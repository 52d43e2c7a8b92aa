import pytest
from django.db import transaction

from taxonomy.changing import move_term, restore_term, retire_term
from taxonomy.facetview import languages_to_try
from taxonomy.models import ExternalId, Term, TermLabel
from taxonomy.snapshot import UnknownFacet, UnknownTerm, taxonomy_snapshot
from tests.taxonomy.factories import FacetFactory, TermFactory

pytestmark = pytest.mark.django_db


def codes(terms):
    return [term.code.partition(":")[2] for term in terms]


def test_facets_come_in_their_order():
    FacetFactory(code="mood", position=0)

    snapshot = taxonomy_snapshot()

    assert list(snapshot.facets) == ["mood", "journey", "campaign", "product", "segment", "action", "market"]


def test_the_tree_is_in_order_by_position_then_code():
    top = TermFactory(key="top", position=1)
    TermFactory(key="b", parent=top, position=2)
    TermFactory(key="c", parent=top, position=1)
    TermFactory(key="a", parent=top, position=2)
    TermFactory(key="first", position=0)

    facet = taxonomy_snapshot().facets["journey"]

    assert codes(facet.terms) == ["first", "top", "c", "a", "b"]
    assert codes(facet.roots) == ["first", "top"]
    assert codes(facet.by_code["journey:top"].children) == ["c", "a", "b"]


def test_a_term_knows_what_stands_above_and_below_by_every_parent():
    left, right = TermFactory(key="left"), TermFactory(key="right")
    middle = TermFactory(key="middle", parent=left)
    low = TermFactory(key="low", parent=middle, further=[right])
    TermFactory(key="leaf", parent=low)
    snapshot = taxonomy_snapshot()

    term = snapshot.get("journey:low")

    assert codes(term.broader) == ["middle", "right"]
    assert codes(term.ancestors) == ["left", "right", "middle"]
    assert codes(term.path) == ["left", "middle", "low"]
    assert (term.parent.code, term.depth) == ("journey:middle", 3)
    assert codes(snapshot.get("journey:left").descendants()) == ["middle", "low", "leaf"]
    assert codes(snapshot.get("journey:right").descendants()) == ["low", "leaf"]
    assert codes(snapshot.get("journey:right").descendants(max_depth=1)) == ["low"]
    assert set(term.self_and_ancestors_ids) == {low.pk, middle.pk, left.pk, right.pk}
    assert snapshot.get("journey:right").self_and_descendants_ids == (right.pk, low.pk, snapshot.get("journey:leaf").id)


def test_terms_are_found_by_code_id_and_external_id():
    term = TermFactory(key="found")
    ExternalId.objects.create(term=term, system="crm", identifier="7")
    term.save()
    snapshot = taxonomy_snapshot()

    view = snapshot.get("journey:found")

    assert snapshot.find("journey:found") is snapshot.by_id(term.pk) is snapshot.find_external("crm", "7") is view
    assert snapshot.find("journey:lost") is snapshot.find("nowhere") is snapshot.find_external("crm", "8") is None
    assert snapshot.find_id(0) is None
    with pytest.raises(UnknownTerm, match="There is no term 'journey:lost'"):
        snapshot.get("journey:lost")
    with pytest.raises(UnknownFacet, match="There is no facet 'lost'"):
        snapshot.get_facet("lost")


@pytest.mark.parametrize(
    ("labels", "chain", "expected"),
    [
        ({"en": "Suit", "de": "Anzug"}, ["de", "en"], ("Anzug", "de")),
        ({"en": "Suit", "de": "Anzug"}, ["de-AT", "en"], ("Anzug", "de")),
        ({"en": "Suit", "de": "Anzug"}, ["fr", "de", "en"], ("Anzug", "de")),
        ({"en": "Suit", "de": "Anzug"}, ["fr"], ("Suit", "en")),
        ({"zh-CN": "套装"}, ["zh-TW"], ("套装", "zh-CN")),
        ({"ko": "정장", "ja": "スーツ"}, ["fr"], ("スーツ", "ja")),
        ({}, ["fr"], ("journey:suit", "und")),
    ],
)
def test_a_label_follows_the_chain_then_the_default_then_english_then_any(labels, chain, expected):
    TermFactory(key="suit", labels=labels)

    assert taxonomy_snapshot().get("journey:suit").label(chain) == expected


def test_the_default_language_comes_before_english(settings):
    settings.LANGUAGE_CODE = "ja"
    languages_to_try.cache_clear()
    TermFactory(key="suit", labels={"en": "Suit", "ja": "スーツ"})

    label = taxonomy_snapshot().get("journey:suit").label(["fr"])

    languages_to_try.cache_clear()
    assert label == ("スーツ", "ja")


def test_alternative_labels_and_notes_come_in_one_language_of_the_chain():
    term = TermFactory(key="suit")
    term.labels.add(*(TermLabel(language="en", kind="alternative", text=text) for text in ("Set", "Outfit")))
    term.labels.add(TermLabel(language="en", kind="hidden", text="siut"))
    term.notes.add(term.notes.model(language="ja", kind="definition", text="定義"))
    term.save()

    view = taxonomy_snapshot().get("journey:suit")

    assert view.alt_labels(["fr", "en"]) == ("Set", "Outfit")
    assert view.hidden == ("siut",)
    assert view.notes_of("definition", ["ja"]) == ("定義",)
    assert view.notes_of("definition", ["en"]) == ()
    assert view.notes_of("example", ["ja"]) == ()


def test_related_terms_are_of_any_facet():
    term = TermFactory(key="one")
    other = TermFactory(facet=FacetFactory(code="product"), key="shoes")
    term.related.add(other)
    term.save()
    other.save()
    snapshot = taxonomy_snapshot()

    assert [found.code for found in snapshot.related(snapshot.get("journey:one"))] == ["product:shoes"]
    assert [found.code for found in snapshot.related(snapshot.get("product:shoes"))] == ["journey:one"]


def test_a_retired_term_is_answered_by_its_only_successor_to_the_end():
    first, second, third = (TermFactory(key=key) for key in ("first", "second", "third"))
    retire_term(first, successors=[second])
    retire_term(second, successors=[third])
    snapshot = taxonomy_snapshot()

    answer = snapshot.resolve("journey:first")

    assert answer.term.code == "journey:third"
    assert answer.notice == ("TERM_REPLACED", "journey:first is retired: journey:third answers for it.")
    assert codes(snapshot.expand_for_filter("journey:first")) == ["third"]
    assert snapshot.resolve("journey:third").notice is None


def test_a_retired_term_with_several_successors_or_none_answers_itself():
    split, gone, left, right = (TermFactory(key=key) for key in ("split", "gone", "left", "right"))
    retire_term(split, successors=[left, right])
    retire_term(gone)
    snapshot = taxonomy_snapshot()

    answers = [snapshot.resolve("journey:split"), snapshot.resolve("journey:gone")]

    assert [answer.term.code for answer in answers] == ["journey:split", "journey:gone"]
    assert [answer.notice.message for answer in answers] == [
        "journey:split is retired, replaced by journey:left, journey:right.",
        "journey:gone is retired.",
    ]
    assert codes(snapshot.expand_for_filter("journey:split")) == ["left", "right"]
    assert codes(snapshot.expand_for_filter("journey:gone")) == ["gone"]


def test_successors_in_a_circle_leave_each_term_answering_itself():
    left, right = TermFactory(key="left"), TermFactory(key="right")
    left.replaced_by.add(right)
    right.replaced_by.add(left)
    for term in (left, right):
        term.status = "retired"
        term.save()
    snapshot = taxonomy_snapshot()

    assert snapshot.resolve("journey:left").term.code == "journey:left"
    assert codes(snapshot.expand_for_filter("journey:left")) == ["left"]
    with pytest.raises(UnknownTerm):
        snapshot.expand_for_filter("journey:lost")


@pytest.mark.parametrize("size", [1, 40])
def test_asking_again_costs_one_statement_whatever_the_size(django_assert_num_queries, size):
    TermFactory.create_batch(size)
    taxonomy_snapshot()

    with django_assert_num_queries(1):
        snapshot = taxonomy_snapshot()

    assert len(snapshot.facets["journey"].terms) == size


@pytest.mark.parametrize("size", [1, 40])
def test_only_the_changed_facet_is_read_again_in_a_fixed_number_of_statements(django_assert_num_queries, size):
    TermFactory.create_batch(size)
    before = taxonomy_snapshot()
    TermFactory()

    with django_assert_num_queries(12):
        after = taxonomy_snapshot()

    assert after.facets["market"] is before.facets["market"]
    assert len(after.facets["journey"].terms) == size + 1
    assert len(before.facets["journey"].terms) == size


def test_what_was_rolled_back_is_not_kept():
    term, parent = TermFactory(key="term"), TermFactory(key="parent")
    with transaction.atomic():
        move_term(Term.objects.get(pk=term.pk), parent=parent)
        seen_inside = taxonomy_snapshot().get("journey:term").parent
        transaction.set_rollback(True)

    term.refresh_from_db()
    retire_term(term)
    restore_term(term)

    assert seen_inside.code == "journey:parent"
    assert taxonomy_snapshot().get("journey:term").parent is None
