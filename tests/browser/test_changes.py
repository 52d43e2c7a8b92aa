"""Changing terms in a real browser: each screen that asks, the preview, history, undo and a plan."""

import pytest
from django.urls import reverse

from taxonomy.changes import Merge, Rename, apply
from taxonomy.models import ChangePlan, Term
from tests.content.factories import ItemFactory
from tests.taxonomy.factories import TermFactory

pytestmark = pytest.mark.browser


@pytest.fixture
def terms(page):
    made = {key: TermFactory(key=key, labels={"en": key.title(), "ja": f"{key}語"}) for key in ("look", "buy", "use")}
    made["pay"] = TermFactory(key="pay", parent=made["buy"], labels={"en": "Pay", "ar": "ادفع"})
    return made


def test_each_screen_shows_its_preview_and_breaks_no_rule_of_accessibility(page, terms, axe):
    for number in range(3):
        ItemFactory(key=f"item-{number}", headline=f"نص {number}", terms=[terms["look"]], published=number == 0)
    look = terms["look"].pk

    for name in ("rename", "move", "merge", "split", "retire"):
        page.goto(reverse(f"terms:{name}", args=[look]))
        page.wait_for_load_state("networkidle")
        assert axe(page, ".term-change") == [], name
    page.goto(reverse("terms:merge", args=[look]))
    page.focus("#id_into")
    page.keyboard.type("Pay")
    page.wait_for_selector("[role=option]:has-text('Pay')")
    page.keyboard.press("Enter")
    page.click("button[name=preview]")
    page.wait_for_selector(".term-impact")
    assert axe(page, ".term-change") == []
    page.click("button[name=confirmed]")
    page.wait_for_selector(".messages .success")
    assert Term.objects.get(pk=look).is_retired

    page.goto(reverse("terms:history_of", args=[look]))
    assert axe(page, ".term-change") == []
    page.click("text=Undo")
    page.wait_for_selector("button:has-text('Undo')")
    assert axe(page, ".term-change") == []
    page.click(".term-change button:has-text('Undo')")
    page.wait_for_selector(".messages .success")
    assert not Term.objects.get(pk=look).is_retired


def test_a_split_is_distributed_and_collected_in_a_plan_that_is_made_and_undone(page, terms, axe):
    ItemFactory(key="one", headline="One", terms=[terms["look"]], published=True)
    pay, use = terms["pay"].pk, terms["use"].pk
    page.goto(reverse("terms:split", args=[terms["look"].pk]))
    for name in ("Pay", "Use"):
        page.focus("#id_into")
        page.keyboard.type(name)
        page.wait_for_selector(f"[role=option]:has-text('{name}')")
        page.keyboard.press("Enter")
    page.click("button[name=preview]")
    page.wait_for_selector("select[name=item-1]")
    page.select_option("select[name=item-1]", "journey:pay")
    assert axe(page, ".term-change") == []
    page.click("button[name=collect]")
    page.wait_for_selector(".change-plan__steps")
    assert axe(page, ".term-change") == []

    for do in ("submit", "approve", "apply"):
        page.click(f"button[name=do][value={do}]")
        page.wait_for_selector(".messages .success")
        assert axe(page, ".term-change") == []
    assert set(Term.objects.get(code="journey:look").replaced_by.values_list("pk", flat=True)) == {pay, use}
    page.click("button[name=do][value=undo]")
    page.wait_for_selector(".messages .success")

    assert ChangePlan.objects.get().state == "undone"
    page.goto(reverse("change_plans:index"))
    assert axe(page, ".term-change") == []


def test_an_obstacle_is_told_and_nothing_is_lost(page, terms, axe):
    page.goto(reverse("terms:retire", args=[terms["buy"].pk]))
    page.click("button[name=preview]")
    page.wait_for_selector("text=1 current term stands below journey:buy")
    assert axe(page, ".term-change") == []
    entry = apply(Merge("journey:look", into="journey:use"))
    apply(Rename("journey:use", labels={"en": "Ride"}))

    page.goto(reverse("terms:undo", args=[entry.pk]))

    page.wait_for_selector("text=This cannot be undone as it stands")
    assert axe(page, ".term-change") == []
