"""Versions of an item in a real browser: made for a segment, published, and kept in step with their base."""

import pytest

from contenthub.content.models import Variant
from taxonomy.changing import create_term
from tests.browser.forms import wait_for_the_form
from tests.content.editing import localize, publish
from tests.content.factories import ItemFactory, VariantFactory

pytestmark = pytest.mark.browser
HEADLINE = """async segments => (await (await fetch("/graphql", {
    method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify({
        query: 'query ($segments: [String!]) { item(key: "k", context: {segments: $segments}) { headline } }',
        variables: {segments},
    }),
})).json()).data.item.headline"""


def press(page, action):
    page.click(".footer__container [data-w-dropdown-target=toggle], .w-dropdown-button [data-w-dropdown-target=toggle]")
    page.click(f"button[name=action-{action}]")
    page.wait_for_selector(".messages .success")


def test_a_version_is_made_for_a_segment_and_only_the_segment_reads_it(page, axe):
    create_term("segment:students", labels={"en": "Students"})
    item = ItemFactory(key="k", headline="For all", summary="The summary", published=True)
    page.goto(f"/admin/items/edit/{item.pk}/")
    page.get_by_role("link", name="New version for …").click()

    page.fill("[name=code]", "students")
    page.locator("#id_segments").focus()
    page.keyboard.type("stud")
    page.wait_for_selector("[role=option]:has-text('Students')")
    page.keyboard.press("Enter")
    switch = page.locator("[name=override_headline]")
    assert page.locator("[name=headline]").is_hidden()  # inherited: the base's is shown instead
    switch.check()
    assert page.locator("[name=headline]").input_value() == "For all"
    page.fill("[name=headline]", "For you")
    assert axe(page, "main form") == []
    press(page, "publish")

    assert page.evaluate(HEADLINE, ["segment:students"]) == "For you"
    assert page.evaluate(HEADLINE, []) == "For all"
    assert Variant.objects.get().overrides == ["headline"]


def test_where_the_base_moves_a_version_is_compared_and_marked_as_up_to_date(page, axe):
    item = ItemFactory(key="k", headline="Spring", published=True)
    VariantFactory(localization=item, code="young", overrides={"headline": "Spring!"}, published=True)
    publish(item, headline="Summer")
    page.goto(f"/admin/items/edit/{item.pk}/")
    page.get_by_role("link", name="base has changed").click()

    page.locator(".content-threeway__columns > div").last.wait_for()
    columns = page.locator(".content-threeway__columns > div").all_inner_texts()
    assert [text.splitlines()[-1] for text in (columns[0], columns[2])] == ["Spring", "Spring!"]
    assert axe(page, ".content-threeway") == []
    page.get_by_role("button", name="Keep this version, mark as up to date").click()
    page.get_by_text("1 field is up to date again.").wait_for()
    page.goto(f"/admin/items/edit/{item.pk}/")
    assert not page.get_by_role("link", name="base has changed").count()


def test_two_hundred_versions_stay_usable_and_one_is_written_in_another_language(page, axe):
    item = ItemFactory(key="k", headline="Spring", published=True)
    for number in range(200):
        VariantFactory(localization=item, code=f"v-{number:03d}", overrides={"headline": f"Version {number}"})
    japanese = publish(localize(item, "ja", headline="春"))
    page.goto(f"/admin/items/edit/{japanese.pk}/")

    assert page.locator("tr[data-variant]:visible").count() == 200
    page.get_by_label("Show only versions with").fill("v-123")
    assert page.locator("tr[data-variant]:visible").count() == 1
    assert axe(page, ".content-variants") == []
    page.get_by_role("button", name="Write v-123 in Japanese").click()
    page.wait_for_url("**/admin/versions/edit/*/")
    wait_for_the_form(page)
    page.locator("[name=override_headline]").check()
    assert page.locator("[name=headline]").get_attribute("lang") == "ja"
    page.fill("[name=headline]", "春の百二十三")
    page.get_by_role("button", name="Save draft").click()
    page.wait_for_selector(".messages .success")

    variant = Variant.objects.get(localization=japanese)
    assert variant.get_latest_revision_as_object().headline == "春の百二十三"
