import pytest
from django import forms

from taxonomy.forms import TermField, TermsField
from tests.taxonomy.factories import FacetFactory, TermFactory

pytestmark = pytest.mark.django_db


class Tagging(forms.Form):
    terms = TermsField("journey", required=False)


class Placing(forms.Form):
    parent = TermField("journey", required=False)


def cleaned(posted, **options):
    form = Tagging({"terms": posted}, **options)
    return form.cleaned_data["terms"] if form.is_valid() else form.errors["terms"]


def test_terms_are_cleaned_in_the_order_chosen():
    first, second, third = TermFactory.create_batch(3)

    assert cleaned(f"{third.pk},{first.pk},{second.pk}") == [third, first, second]
    assert cleaned("") == []


def test_duplicates_unknown_and_foreign_terms_are_errors_of_the_form():
    term = TermFactory(key="one")
    shoes = TermFactory(facet=FacetFactory(code="product"), key="shoes")

    assert cleaned(f"{term.pk},{term.pk}") == ["journey:one is chosen twice."]
    assert cleaned("999999") == ["A chosen term does not exist."]
    assert cleaned(f"{shoes.pk}") == ["product:shoes is not of the facet journey."]


@pytest.mark.parametrize("posted", ["x", "1,,2", "-1", "1;2", "9" * 30, "0", "１.5", "1," * 3])
def test_what_is_no_list_of_ids_is_an_error_of_the_form(posted):
    assert cleaned(posted) == ["This is not a list of terms."]


def test_there_is_a_limit():
    assert cleaned(",".join(map(str, range(1, 202)))) == ["At most 200 terms can be chosen."]


def test_a_retired_term_may_stay_but_not_come():
    retired, current = TermFactory(key="old", status="retired"), TermFactory(key="new")

    assert cleaned(f"{retired.pk}") == ["journey:old is retired and cannot be chosen anew."]
    assert cleaned(f"{current.pk},{retired.pk}", initial={"terms": [retired]}) == [current, retired]
    assert cleaned(f"{retired.pk}", initial={"terms": [retired.pk]}) == [retired]


def test_a_single_field_is_cleaned_to_a_term_or_nothing():
    term, other = TermFactory(), TermFactory()

    chosen, empty, several = (Placing({"parent": text}) for text in (f"{term.pk}", "", f"{term.pk},{other.pk}"))

    assert chosen.is_valid()
    assert chosen.cleaned_data["parent"] == term
    assert empty.is_valid()
    assert empty.cleaned_data["parent"] is None
    assert several.errors["parent"] == ["Only one term can be chosen."]


def test_a_required_field_wants_a_term():
    class Required(forms.Form):
        terms = TermsField("journey")

    assert Required({"terms": ""}).errors["terms"] == ["This field is required."]


def test_only_another_choice_or_order_is_a_change():
    first, second = TermFactory.create_batch(2)

    def changed(posted):
        return Tagging({"terms": posted}, initial={"terms": [first, second]}).has_changed()

    assert not changed(f"{first.pk},{second.pk}")
    assert changed(f"{second.pk},{first.pk}")
    assert changed("")


@pytest.mark.parametrize("count", [1, 8])
def test_cleaning_costs_one_statement_whatever_the_number(django_assert_num_queries, count):
    terms = TermFactory.create_batch(count)
    form = Tagging({"terms": ",".join(str(term.pk) for term in terms)})

    with django_assert_num_queries(1):
        assert form.is_valid()
