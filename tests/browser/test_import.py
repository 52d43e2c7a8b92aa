"""A taxonomist brings a vocabulary in and takes it out again, in a real browser."""

import os

import pytest

from taxonomy.models import Term
from tests.taxonomy.factories import TermFactory
from tests.taxonomy.skos.vocabulary import PREFIXES, concept

pytestmark = pytest.mark.browser

VOCABULARY = PREFIXES + "".join(
    [
        concept("tree", 'skos:prefLabel "Tree"@en, "شجرة"@ar, "木"@ja', 'skos:notation "journey:tree"'),
        concept("oak", 'skos:prefLabel "Oak"@en', "skos:broader :tree"),
        concept("elm", "skos:broader :tree"),
        concept("old", "owl:deprecated true", "dct:isReplacedBy :tree"),
    ]
)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_vocabulary_is_looked_at_confirmed_and_taken_out_again(page, axe, tmp_path, theme):
    TermFactory(code="journey:aware", labels={"en": "Aware"})
    (tmp_path / "trees.ttl").write_text(VOCABULARY)
    page.emulate_media(color_scheme=theme)
    page.goto("/admin/facets/tree/journey/")
    page.get_by_role("button", name="Actions").first.click()
    page.get_by_role("link", name="Import").click()
    shot(page, tmp_path, f"import-{theme}")
    found = axe(page, "#main")

    page.set_input_files("[name=file]", tmp_path / "trees.ttl")
    page.get_by_role("button", name="Look at it").press("Enter")
    page.wait_for_selector("text=Import it now")
    page.get_by_text("Warnings (").click()
    shot(page, tmp_path, f"report-{theme}")
    found += axe(page, "#main")
    assert Term.objects.filter(facet__code="journey").count() == 1
    page.get_by_role("button", name="Import it now").press("Enter")
    page.wait_for_selector("text=4 added, 0 changed, 0 retired")

    page.goto("/admin/facets/tree/journey/export/")
    shot(page, tmp_path, f"export-{theme}")
    found += axe(page, "#main")
    with page.expect_download() as download:
        page.get_by_role("link", name="SKOS, Turtle").click()

    assert download.value.suggested_filename == "journey.ttl"
    assert "skos:prefLabel" in download.value.path().read_text()
    assert found == []


def shot(page, folder, name):
    """Keep a picture where SCREENSHOTS names a folder."""
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
