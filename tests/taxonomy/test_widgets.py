import pytest
from bs4 import BeautifulSoup
from django import forms
from django.utils import translation

from taxonomy.forms import TermField, TermsField
from taxonomy.widgets import TermChooser
from tests.taxonomy.factories import TermFactory

pytestmark = pytest.mark.django_db


class Tagging(forms.Form):
    terms = TermsField("journey", required=False)


def rendered(*terms):
    return BeautifulSoup(str(Tagging(initial={"terms": list(terms)})["terms"]), "html.parser")


def test_chosen_terms_are_chips_with_their_path_in_the_editors_language():
    top = TermFactory(key="top", labels={"en": "Consider", "ja": "検討"})
    low = TermFactory(key="low", parent=top, labels={"en": "Compare", "ja": "比較"})

    with translation.override("ja"):
        chips = rendered(low, top).select("[data-chip]")

    assert [(chip["data-label"], chip["data-path"], chip["data-code"]) for chip in chips] == [
        ("比較", "検討", "journey:low"),
        ("検討", "", "journey:top"),
    ]


def test_the_hidden_input_holds_the_ids_in_order():
    first, second = TermFactory.create_batch(2)

    value = rendered(second, first).select_one("input[type=hidden]")

    assert (value["name"], value["value"]) == ("terms", f"{second.pk},{first.pk}")


def test_the_text_input_is_a_combobox_that_the_label_names():
    page = rendered()

    box = page.select_one("input[role=combobox]")

    assert (box["id"], box["aria-controls"], box["aria-expanded"]) == ("id_terms", "id_terms-options", "false")
    assert page.select_one("#id_terms-options")["role"] == "listbox"
    assert not box.has_attr("name")


def test_texts_from_outside_are_escaped():
    term = TermFactory(labels={"en": '<b>"&'})

    (chip,) = rendered(term).select("[data-chip]")

    assert chip["data-label"] == chip.text == '<b>"&'


def test_what_a_refused_form_posted_is_shown_again_and_nonsense_is_not():
    term = TermFactory(key="one")

    form = Tagging({"terms": f"{term.pk},x,999999"})
    chips = BeautifulSoup(str(form["terms"]), "html.parser").select("[data-chip]")

    assert [chip["data-code"] for chip in chips] == ["journey:one"]


@pytest.mark.parametrize(
    ("value", "expected"), [(None, ""), ("", ""), ("3,4", "3,4"), (3, "3"), ([3, 4], "3,4"), ((), "")]
)
def test_any_form_of_value_becomes_a_text_of_ids(value, expected):
    assert TermChooser("journey").format_value(value) == expected


def test_a_single_chooser_says_so():
    single = TermField("journey").widget.render("parent", None, {"id": "id_parent"})

    assert 'data-taxonomy-term-chooser-multiple-value="false"' in single
    assert 'data-taxonomy-term-chooser-facet-value="journey"' in single


@pytest.mark.parametrize("size", [1, 30])
def test_showing_a_chooser_costs_one_statement_whatever_the_size_of_the_facet(django_assert_num_queries, size):
    terms = TermFactory.create_batch(size)
    rendered(*terms[:2])

    with django_assert_num_queries(1):
        rendered(*terms[:2])
    with django_assert_num_queries(0):
        rendered()


def test_where_the_order_means_nothing_no_term_is_primary():
    ordered, unordered = TermsField("journey").widget, TermsField("journey", is_ordered=False).widget

    assert 'data-taxonomy-term-chooser-ordered-value="true"' in ordered.render("terms", None)
    assert 'data-taxonomy-term-chooser-ordered-value="false"' in unordered.render("terms", None)
    assert 'data-taxonomy-term-chooser-ordered-value="false"' in TermField("journey").widget.render("term", None)
