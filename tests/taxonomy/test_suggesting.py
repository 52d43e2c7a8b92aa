"""Terms that a text names."""

import pytest

from taxonomy.changing import retire_term
from taxonomy.codes import LabelKind
from taxonomy.models import TermLabel
from taxonomy.snapshot import taxonomy_snapshot
from taxonomy.suggesting import suggest_terms
from tests.taxonomy.factories import FacetFactory, TermFactory


@pytest.fixture(autouse=True)
def _alone(db, settings):
    settings.TAXONOMY_DEPENDANTS = None


def suggested(text, language="en", **options):
    found = suggest_terms(text, language=language, taxonomy=taxonomy_snapshot(), **options)
    return {facet: [one.term.code.partition(":")[2] for one in terms] for facet, terms in found.items()}


def term(key, facet="product", synonyms=None, **labels):
    row = TermFactory(facet=FacetFactory(code=facet), code=f"{facet}:{key}", labels=labels)
    for language, text in (synonyms or {}).items():
        TermLabel.objects.create(term=row, kind=LabelKind.ALTERNATIVE, language=language, text=text)
    row.facet.raise_version()
    return row


@pytest.mark.parametrize(
    ("text", "language", "is_found"),
    [
        ("Our E-Bike is here", "en", True),
        ("ÉLECTRIC: e-bike!", "en", True),
        ("e-bikes", "en", False),  # another word
        ("The e\u2011bike", "en", True),  # with a hyphen that does not break
        ("ebike", "en", False),
        ("E-Bike", "ja", False),  # not a name of that language
        ("新しい電動自転車を試す", "ja", True),
        ("クロスバイク", "ja", True),
        ("マウンテンクロスバイク", "ja", False),  # a longer katakana word
        ("クロスバイクを買う", "ja", True),
        ("새 전기자전거를 타다", "ko", True),
        ("비전기자전거", "ko", False),  # inside a longer word
        ("Das Elektrofahrrad.", "de-AT", True),
        ("ซื้อจักรยานไฟฟ้าวันนี้", "th", True),
        ("دراجة كهربائية جديدة", "ar", True),
        ("", "en", False),
    ],
)
def test_a_text_names_a_term_by_whole_words_of_its_language(text, language, is_found):
    term(
        "e-bike",
        en="E-bike",
        ja="電動自転車",
        ko="전기자전거",
        de="Elektrofahrrad",
        th="จักรยานไฟฟ้า",
        ar="دراجة كهربائية",
        synonyms={"ja": "クロスバイク"},
    )

    assert suggested(text, language) == ({"product": ["e-bike"]} if is_found else {})


def test_the_longest_name_counts_and_what_is_named_most_stands_first():
    term("bike", en="Bike"), term("cargo-bike", en="Cargo bike"), term("helmet", en="Helmet")

    found = suggested("A cargo bike and a helmet. One helmet more. And a bike.")

    assert found == {"product": ["helmet", "cargo-bike", "bike"]}
    assert suggested("A cargo bike") == {"product": ["cargo-bike"]}


def test_a_name_at_the_end_of_a_text_is_found_where_longer_ones_begin_alike():
    term("bike", en="Bike"), term("lock", en="Bike lock for winters")

    assert suggested("my bike") == {"product": ["bike"]}


def test_each_facet_is_searched_and_gives_its_best_few():
    term("city", en="City"), term("city", facet="segment", en="City")
    for number in range(5):
        term(f"name-{number}", en=f"name{number}")

    found = suggested("city city name0 name1 name2 name3 name4", limit=3)

    assert found == {"product": ["city", "name-0", "name-1"], "segment": ["city"]}


def test_retired_terms_and_names_too_short_are_not_suggested():
    retire_term(term("old", en="Tandem"))
    term("it", en="IT"), term("car", ja="車")

    assert suggested("Tandem it IT") == {}
    assert suggested("車に乗る", "ja") == {}


def test_the_name_that_was_found_is_told():
    term("e-bike", en="E-bike", synonyms={"en": "Pedelec"})

    (found,) = suggest_terms("My PEDELEC", language="en", taxonomy=taxonomy_snapshot())["product"]

    assert (found.term.code, found.name, found.count) == ("product:e-bike", "Pedelec", 1)
