import pytest
from bs4 import BeautifulSoup
from django.http import QueryDict
from django.utils import translation

from locales.catalogue import locale_catalogue
from locales.changes import ensure_locale
from locales.widgets import SuggestionInput, TextPerLocaleField, editor_chain

pytestmark = pytest.mark.django_db


def test_every_locale_has_an_input_in_its_own_direction_and_other_texts_are_kept():
    for tag in ("ar", "ja"):
        ensure_locale(tag)

    html = BeautifulSoup(
        TextPerLocaleField().widget.render("labels", {"ja": "ウェブ", "fi": '"Verkko"'}, {"id": "id_labels"}),
        "html.parser",
    )

    inputs = [(field["name"], field["lang"], field["dir"], field["value"]) for field in html.select("input")]
    assert inputs == [
        ("labels-en", "en", "ltr", ""),
        ("labels-ar", "ar", "rtl", ""),
        ("labels-ja", "ja", "ltr", "ウェブ"),
        ("labels-fi", "fi", "ltr", '"Verkko"'),
    ]
    assert [label["for"] for label in html.select("label")] == [field["id"] for field in html.select("input")]


@pytest.mark.parametrize("tags", [["ja"], ["ja", "ar", "de", "fr", "it", "ko", "ru", "th"]])
def test_the_inputs_cost_one_query_whatever_the_number_of_locales(django_assert_num_queries, tags):
    for tag in tags:
        ensure_locale(tag)

    with django_assert_num_queries(1):
        TextPerLocaleField().widget.render("labels", {}, {"id": "id_labels"})


def test_what_was_typed_comes_back_without_the_empty_inputs():
    field = TextPerLocaleField()
    data = QueryDict(mutable=True)
    data.update({"labels-en": " Web ", "labels-ja": "", "labels-pt-BR": "Rede", "label-x": "other"})

    typed = field.widget.value_from_datadict(data, {}, "labels")

    assert field.clean(typed) == {"en": "Web", "pt-BR": "Rede"}
    assert not field.has_changed({"en": "Web", "pt-BR": "Rede"}, typed)
    assert field.has_changed({"en": "Web"}, typed)


def test_suggestions_are_offered_and_escaped():
    html = BeautifulSoup(
        SuggestionInput([("ja", "Japanese"), ("<b>", "")]).render("code", "", {"id": "id_code"}), "html.parser"
    )

    assert html.input["list"] == html.datalist["id"] == "id_code-suggestions"
    assert [(option["value"], option.text) for option in html.select("option")] == [("ja", "Japanese"), ("<b>", "")]


def test_labels_on_a_screen_follow_the_language_of_the_admin_if_the_hub_has_it():
    ensure_locale("ja")

    with translation.override("ja"):
        in_japanese = editor_chain(locale_catalogue())
    with translation.override("ko"):
        in_korean = editor_chain(locale_catalogue())

    assert in_japanese == ("ja", "en")
    assert in_korean == ("en",)
