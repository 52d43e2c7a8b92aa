"""Tagging many items at once, with the keyboard, in a real browser."""

import pytest
from django.urls import reverse

from contenthub.content.models import ClassificationRule, ContentItem
from taxonomy.models import Facet
from tests.browser.forms import wait_for_the_form
from tests.content.factories import ItemFactory, ItemTypeFactory
from tests.taxonomy.factories import TermFactory

pytestmark = pytest.mark.browser


def tags(key):
    return [tag.term.code for tag in ContentItem.objects.get(key=key).classification.all()]


def choose(page, field, text):
    page.wait_for_selector(field)  # shown
    page.focus(field)
    page.keyboard.type(text)
    page.wait_for_selector("[role=option]")
    page.keyboard.press("Enter")


def test_tags_of_all_that_a_listing_finds_are_replaced_and_given_back(page, axe):
    old, new = TermFactory(labels={"en": "Consider"}), TermFactory(labels={"en": "Decide", "ja": "決める"})
    kind = ItemTypeFactory(code="offer")
    for number in range(42):  # more than a page of the listing
        ItemFactory(key=f"spring-{number:02d}", type=kind, terms=[old], published=number == 0)
    ItemFactory(key="autumn", type=kind, terms=[old])
    found = []

    page.goto(reverse("items:list") + "?q=spring")
    page.check("[data-bulk-action-select-all-checkbox] >> nth=0")
    page.click("[data-bulk-action-num-objects-in-listing]")
    page.click("text=Change tags")
    page.wait_for_selector("text=On 42 items")
    page.check("text=Replace terms by others")
    choose(page, "#id_replaced", "consider")
    choose(page, "#id_terms", "決める")
    page.check("[name=publishes]")
    found += axe(page, ".content-tagging-form")
    page.focus("button:has-text('Preview')")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=42 of 42 items would change")
    found += axe(page, ".content-tagging")
    page.focus("button:has-text('Change 42 items')")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=42 items changed.")
    changed = (tags("spring-00"), tags("spring-41"), tags("autumn"))
    page.click("button:has-text('Undo on 42 items')")
    page.wait_for_selector("text=42 items are as before.")
    found += axe(page, ".content-tagging")
    page.goto(reverse("content_taggings"))
    found += axe(page, ".content-tagging")

    assert changed == ([new.code], [new.code], [old.code])
    assert (tags("spring-00"), tags("spring-41")) == ([old.code], [old.code])
    assert found == []


def test_the_report_of_broken_rules_is_accessible(page, axe):
    ItemFactory(published=True)
    ClassificationRule.objects.create(item_type=ItemTypeFactory(), facet=Facet.objects.get(code="journey"), minimum=1)

    page.goto(reverse("content_rules_report"))
    page.wait_for_selector(".content-report")

    assert axe(page, ".content-rules") == []


def wait_until_saved(page, codes):
    """Wait for the automatic save; Wagtail's own overlooks what changes while one is under way."""
    for _ in range(50):
        page.wait_for_timeout(200)
        if tags("a") == codes:
            break
    wait_for_the_form(page)  # what is in the database is not yet known to the page


def test_an_item_is_tagged_with_the_keyboard_alone(page, axe):
    top = TermFactory(labels={"en": "Consider"})
    compare = TermFactory(parent=top, code="journey:compare", labels={"en": "Compare", "ja": "比較"})
    decide = TermFactory(code="journey:decide", labels={"en": "Decide"})
    kind = ItemTypeFactory()
    journey = Facet.objects.get(code="journey")
    ClassificationRule.objects.create(item_type=kind, facet=journey, minimum=2, leaf_only=True)
    item = ItemFactory(key="a", headline="Compare, then decide")
    page.goto(reverse("items:edit", args=[item.pk]))
    wait_for_the_form(page)
    facet = "[data-facet=journey]"
    page.wait_for_selector(f"{facet} [data-rule]:has-text('0 of at least 2 chosen, leaf terms only')")

    choose(page, "#id_terms_journey", "consider")
    page.wait_for_selector(f"{facet} [data-rule]:has-text('has terms below it')")
    page.keyboard.press("Backspace")
    page.focus("text=Suggest terms from the text")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"{facet} [data-suggested] button:has-text('Compare')")
    page.focus(f"{facet} [data-suggested] button:has-text('Compare')")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")  # the next one has the focus
    page.wait_for_selector(f"{facet} [data-kept=true]:has-text('2 of at least 2 chosen')")
    found = axe(page, ".content-tags")
    page.focus(f"[data-chip][data-code='{decide.code}']")
    page.keyboard.press("Alt+ArrowLeft")
    page.wait_for_selector(f"{facet} [data-chip]:first-child[data-code='{decide.code}']:has-text('primary')")
    page.emulate_media(color_scheme="dark")
    found += axe(page, ".content-tags")
    page.drag_and_drop(f"[data-chip][data-code='{compare.code}']", f"[data-chip][data-code='{decide.code}']")
    page.wait_for_selector(f"{facet} [data-chip]:first-child[data-code='{compare.code}']:has-text('primary')")
    wait_until_saved(page, [compare.code, decide.code])
    page.focus(f"[data-chip][data-code='{compare.code}']")
    page.keyboard.press("Alt+ArrowRight")
    wait_until_saved(page, [decide.code, compare.code])
    page.reload()

    assert tags("a") == [decide.code, compare.code]
    page.wait_for_selector(f"{facet} [data-kept=true]")
    assert page.is_hidden(f"{facet} [data-recent]")  # both are chosen
    assert found == []
