import pytest
from hypothesis import given
from hypothesis import strategies as st

from taxonomy.models import ExternalId, TermLabel
from taxonomy.search import matching_terms, normalised, search_terms
from taxonomy.snapshot import UnknownFacet, taxonomy_snapshot
from tests.taxonomy.factories import FacetFactory, TermFactory


def found(text, **options):
    asked = {"language": "en", "limit": 20} | options
    return [term.code.partition(":")[2] for term in search_terms("journey", text, **asked)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  Ｃafé  Crème", "cafe creme"),
        ("ÜBER Straße", "uber strasse"),
        ("ガパ", "ガパ"),
        ("ｶﾞ", "ガ"),
        ("\u200fعَرَبِي", "عربي"),
        ("한국어", "한국어"),
        ("Ёлка", "елка"),
    ],
)
def test_texts_are_compared_without_case_accents_and_width(text, expected):
    assert normalised(text) == expected


@given(st.text())
def test_normalising_twice_changes_nothing(text):
    assert normalised(normalised(text)) == normalised(text)


@pytest.mark.django_db
def test_the_best_match_comes_first():
    TermFactory(key="substring", labels={"en": "Recompare"})
    TermFactory(key="words", labels={"en": "Price to be compared"})
    TermFactory(key="prefix", labels={"en": "Compare prices"})
    TermFactory(key="exact", labels={"en": "Compare"})
    TermFactory(key="none", labels={"en": "Buy"})

    assert found("compare") == ["exact", "prefix", "words", "substring"]
    assert found("compare", limit=2) == ["exact", "prefix"]
    assert found("price compare") == ["words", "prefix"]


@pytest.mark.django_db
def test_what_matches_in_the_editors_language_comes_first_within_a_rank():
    TermFactory(key="german", labels={"de": "Gift", "en": "Poison"})
    TermFactory(key="english", labels={"en": "Gift"})

    assert found("gift") == ["english", "german"]
    assert found("gift", language="de") == ["german", "english"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text", ["比較", "せた比", "Outfit", "siut", "consider-compare", "JOURNEY:consider", "crm-7", "Crème"]
)
def test_a_term_is_found_by_whatever_anybody_calls_it(text):
    term = TermFactory(key="consider-compare", labels={"ja": "合わせた比較", "fr": "creme"})
    term.labels.add(TermLabel(language="en", kind="alternative", text="Outfit"))
    term.labels.add(TermLabel(language="en", kind="hidden", text="siut"))
    term.external_ids.add(ExternalId(system="crm", identifier="CRM-7"))
    term.save()

    assert found(text) == ["consider-compare"]


@pytest.mark.django_db
def test_retired_terms_are_found_only_when_asked_for_and_come_last():
    TermFactory(key="old", labels={"en": "Compare"}, status="retired")
    TermFactory(key="new", labels={"en": "Compare"})

    assert found("compare") == ["new"]
    assert found("compare", include_retired=True) == ["new", "old"]


@pytest.mark.django_db
def test_no_text_gives_the_beginning_of_the_tree():
    top = TermFactory(key="top")
    TermFactory(key="other")
    TermFactory(key="child", parent=top)

    assert found("") == ["top", "child", "other"]


@pytest.mark.django_db
def test_a_search_over_all_facets_and_over_an_unknown_one():
    TermFactory(key="compare")
    TermFactory(facet=FacetFactory(code="product"), key="comparison")

    terms = search_terms(None, "compar", language="en", limit=20)

    assert [term.code for term in terms] == ["journey:compare", "product:comparison"]
    with pytest.raises(UnknownFacet):
        search_terms("nowhere", "compare", language="en", limit=20)


@pytest.mark.django_db
@pytest.mark.parametrize("size", [1, 30])
def test_a_search_costs_one_statement_whatever_the_size(django_assert_num_queries, size):
    TermFactory.create_batch(size, labels={"en": "Compare"})
    facet = taxonomy_snapshot().facets["journey"]

    with django_assert_num_queries(1):
        terms = search_terms("journey", "compare", language="en", limit=100)

    assert len(terms) == size == len(matching_terms(facet, "COMPARE"))
