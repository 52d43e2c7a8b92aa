"""A taxonomist at work on a facet's tree in a real browser."""

import pytest

from taxonomy import tree
from taxonomy.models import TermLabel
from tests.content.factories import ItemFactory
from tests.taxonomy.factories import FacetFactory, TermFactory

pytestmark = pytest.mark.browser

TREE = "/admin/facets/tree/journey/"


@pytest.fixture
def terms(hub):
    """Two roots; one with a branch, one with many children, one retired, one below both, Japanese and Arabic names."""
    consider = TermFactory(key="consider", labels={"en": "Consider", "ja": "検討", "ar": "التفكير"})
    decide = TermFactory(key="decide", labels={"en": "Decide"})
    compare = TermFactory(key="compare", parent=consider, labels={"en": "Compare models", "ja": "比較"})
    compare.labels.add(TermLabel(language="en", kind="alternative", text="Weigh up"))
    compare.save()
    TermFactory(key="prices", parent=compare, further=[decide], labels={"en": "Prices"})
    old = TermFactory(key="old", parent=consider, labels={"en": "Old way"}, status="retired")
    old.replaced_by.add(compare)
    for number in range(5):
        TermFactory(key=f"step-{number}", parent=decide, labels={"en": f"Step {number}"})
    consider.save()
    ItemFactory(key="guide", terms=[compare])


def opened(page, address=TREE):
    page.goto(address)
    page.wait_for_selector("[role=treeitem]")


def focused(page):
    return page.evaluate(
        "document.activeElement.closest('[data-item]').dataset.label || document.activeElement.textContent"
    )


def visible(page):
    """Return the names of all rows on the screen, each set in by its level."""
    return page.evaluate(
        """[...document.querySelectorAll("[role=treeitem]")].filter((row) => row.offsetParent).map((row) =>
             ".".repeat(row.ariaLevel - 1) + (row.parentElement.dataset.label || row.innerText.trim()))"""
    )


def told(page, text):
    page.wait_for_selector(f'[data-tree-status]:has-text("{text}")')


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def test_the_tree_is_walked_with_the_keyboard_alone(page, terms):
    opened(page)

    page.focus("[role=tree] [tabindex='0']")
    press(page, "ArrowRight")
    page.wait_for_selector("[role=group]")
    press(page, "ArrowRight")
    first_child = focused(page)
    press(page, "ArrowDown")
    second_child = focused(page)
    press(page, "ArrowLeft")
    parent = focused(page)
    press(page, "End")
    last = focused(page)
    press(page, "Home", "d")
    typed = focused(page)
    press(page, "ArrowUp", "ArrowUp", "ArrowUp", "ArrowLeft")

    assert (first_child, second_child, parent) == ("Compare models", "Old way", "Consider")
    assert (last, typed) == ("Decide", "Decide")
    assert visible(page) == ["Consider", "Decide"]
    assert page.locator("[role=treeitem][tabindex='0']").count() == 1
    press(page, "Enter")
    page.wait_for_url("**/admin/terms/edit/**")


def test_a_search_shows_hits_in_their_places_and_is_taken_back(page, terms):
    opened(page)

    page.fill("#term-tree-q", "weigh")
    told(page, "1 term found.")
    by_synonym = visible(page)
    marks = page.inner_text(".term-tree__item--hit > .term-tree__row")
    page.fill("#term-tree-q", "prices")
    page.wait_for_selector(".term-tree__item--hit:has-text('Prices')")
    in_both_places = visible(page)
    press(page, "ArrowDown")
    page.wait_for_function("document.activeElement.parentElement.dataset.label === 'Prices'")
    page.fill("#term-tree-q", "nothing of the kind")
    told(page, "No term is called so.")
    press(page, "Escape")
    told(page, "The whole tree is shown.")

    assert by_synonym == ["Consider", ".Compare models", ".Show all 2", "Show all 2"]
    assert "found by “Weigh up”" in marks
    assert [name for name in in_both_places if "Prices" in name] == ["..Prices", ".Prices"]
    assert visible(page) == ["Consider", "Decide"]


def test_many_children_come_in_pages_and_coming_back_finds_the_tree_as_it_was(page, terms, monkeypatch):
    monkeypatch.setattr(tree, "PAGE_ROWS", 2)
    opened(page)

    page.focus("[data-label=Decide] > [role=treeitem]")
    press(page, "ArrowRight")
    page.wait_for_selector("[data-more]")
    first = visible(page)
    press(page, "End", "Enter")
    page.wait_for_selector("[data-more='4']")
    second, at = visible(page), focused(page)
    page.goto("/admin/")
    opened(page)
    page.wait_for_selector("[role=group]")

    assert first == ["Consider", "Decide", ".Prices", ".Step 0", ".Show more (4)"]
    assert second == ["Consider", "Decide", ".Prices", ".Step 0", ".Step 1", ".Step 2", ".Show more (2)"]
    assert at == "Step 1"
    assert visible(page) == first


def test_a_tree_changed_by_others_is_shown_anew(page, terms):
    opened(page)
    TermFactory(key="added", labels={"en": "Added by another"}, position=0)

    page.click("[data-label=Decide] .term-tree__toggle")
    told(page, "The facet was changed meanwhile")

    assert [name for name in visible(page) if "." not in name] == ["Added by another", "Consider", "Decide"]
    assert ".Step 4" in visible(page)


def test_retired_terms_are_dimmed_with_their_successor_and_can_be_hidden(page, terms):
    opened(page)
    page.click("[data-label=Consider] .term-tree__toggle")
    page.wait_for_selector("[role=group]")
    row = page.inner_text("[data-label='Old way'] .term-tree__about")

    page.check("[name=hide-retired]")
    page.wait_for_selector("[data-label='Old way']", state="detached")

    assert "retired, replaced by Compare models" in row
    assert visible(page) == ["Consider", ".Compare models", "Decide"]


def test_what_cannot_be_read_is_told_and_tried_again(page, terms):
    opened(page)
    page.route("**/rows/**", lambda route: route.fulfill(status=200, content_type="text/html", body="<h1>Log in</h1>"))

    page.click("[data-label=Decide] .term-tree__toggle")
    page.wait_for_selector("[role=alert]:has-text('The terms could not be read.')")
    page.unroute("**/rows/**")
    page.click("[data-tree-again]")
    page.wait_for_selector("[role=alert]", state="hidden")

    assert visible(page) == ["Consider", "Decide"]


def test_a_term_is_moved_with_the_keyboard_after_its_impact_was_shown_and_put_back(page, axe, terms):
    opened(page)
    page.focus("[data-label=Consider] > [role=treeitem]")
    press(page, "ArrowRight")
    page.wait_for_selector("[data-label='Compare models']")
    press(page, "ArrowRight", "Control+x")
    told(page, "Compare models is cut")
    press(page, "End", "Control+v")
    page.wait_for_selector("dialog[open]")
    shown = page.inner_text("dialog")
    broken = axe(page, "dialog")
    press(page, "Enter")
    told(page, "'Compare models' is moved.")
    moved, at = visible(page), focused(page)
    page.click("[data-tree-undo]")
    told(page, "Undone.")

    assert "Move 'Compare models' and the term below it" in shown
    assert "It will stand below: Decide" in shown
    assert "Affected: 2 terms" in shown
    assert (broken, at) == ([], "Compare models")
    assert moved.index(".Compare models") > moved.index("Decide")
    assert ".Compare models" not in visible(page)[visible(page).index("Decide") :]


def test_terms_are_ordered_with_alt_and_arrows_dragged_and_moved_by_a_chooser(page, terms):
    opened(page)

    page.focus("[data-label=Decide] > [role=treeitem]")
    press(page, "Alt+ArrowUp")
    told(page, "'Decide' is moved.")
    ordered = visible(page)
    page.drag_and_drop("[data-label=Decide] > [role=treeitem]", "[data-label=Consider] > [role=treeitem]")
    page.wait_for_selector("dialog[open] >> text=It will stand below: Consider")
    press(page, "Escape")
    page.click("[data-label=Consider] [data-tree-move]")
    page.keyboard.type("Step 1")
    page.wait_for_selector("[role=option]:has-text('Step 1')")
    press(page, "Enter")
    page.wait_for_selector("dialog[open] >> text=It will stand below: Decide › Step 1")
    page.click("[data-tree-confirm]")
    told(page, "'Consider' is moved.")

    assert ordered == ["Decide", "Consider"]
    assert "..Consider" in visible(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_tree_is_accessible_and_fits_a_narrow_screen(page, axe, terms, theme):
    FacetFactory(code="mood")
    page.emulate_media(color_scheme=theme)
    page.set_viewport_size({"width": 400, "height": 800})
    opened(page)
    page.focus("[data-label=Consider] > [role=treeitem]")
    press(page, "*")
    page.wait_for_selector("[data-label='Step 4']")

    broken = axe(page, ".term-tree")
    page.select_option("#term-tree-language", "ar")
    page.wait_for_selector("[lang=ar]")
    broken += axe(page, ".term-tree")
    too_wide = page.evaluate("document.querySelector('.term-tree').scrollWidth > innerWidth")
    page.goto("/admin/facets/tree/mood/")
    page.wait_for_selector("text=This facet has no terms yet.")
    broken += axe(page, ".term-tree")

    assert (broken, too_wide) == ([], False)
