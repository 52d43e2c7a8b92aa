"""An editor at work in a real browser."""

import pytest
from django.urls import reverse

from channels.models import Channel, ChannelField, Limit
from contenthub.content.localizations import create_localization
from contenthub.content.models import ContentItem
from locales.changes import ensure_locale
from taxonomy.models import Facet
from taxonomy.reportviews import REPORTS
from tests.browser.forms import wait_for_the_form
from tests.channels.factories import ChannelFactory
from tests.content.factories import ItemFactory, ItemTypeFactory
from tests.taxonomy.factories import TermFactory

pytestmark = pytest.mark.browser


def saved_item(page):
    """Wait until the item was saved, and return it."""
    page.wait_for_function("() => /items\\/edit\\/\\d+/.test(location.pathname)")
    return ContentItem.objects.get(pk=int(page.url.rstrip("/").split("/")[-1]))


def publish(page):
    page.click(".footer__container [data-w-dropdown-target=toggle], .w-dropdown-button [data-w-dropdown-target=toggle]")
    page.click("button[name=action-publish]")
    page.wait_for_selector(".messages .success")


def test_an_editor_writes_tags_and_publishes_an_item_and_reads_it_through_graphql(page):
    root = TermFactory(labels={"en": "Consider", "ja": "検討"})
    TermFactory(parent=root, code="journey:compare", labels={"en": "Compare models", "ja": "比較"})

    page.click("text=Write a new item")
    page.focus("a:has-text('Article')")
    page.keyboard.press("Enter")
    page.fill("[name=headline]", "Three bicycles side by side")
    page.fill("[name=summary]", "What sets them apart.")
    page.focus("#id_terms_journey")
    page.keyboard.type("比較")
    page.wait_for_selector("[role=option]:has-text('Compare models')")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-chip][data-code='journey:compare']")
    publish(page)

    answer = page.evaluate(
        """async query => (await fetch("/graphql", {
            method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify({query}),
        })).json()""",
        '{ item(slug: "three-bicycles-side-by-side") { key headline summary journey { code } } }',
    )
    assert answer["data"]["item"] == {
        "key": "article/three-bicycles-side-by-side",
        "headline": "Three bicycles side by side",
        "summary": "What sets them apart.",
        "journey": [{"code": "journey:compare"}],
    }


def test_what_is_typed_is_saved_without_a_button_and_the_key_waits_for_the_whole_headline(page):
    page.goto(reverse("items:add") + "?type=article&locale=en")
    wait_for_the_form(page)

    page.fill("[name=headline]", "Spr")
    item = saved_item(page)
    wait_for_the_form(page)
    with page.expect_response(lambda answer: answer.request.method == "POST" and "/items/edit/" in answer.url):
        page.fill("[name=headline]", "Spring is here")
    page.wait_for_timeout(300)

    item.refresh_from_db()
    assert ContentItem.objects.count() == 1
    assert (item.headline, item.key) == ("Spring is here", "article/spring-is-here")


def test_an_item_is_referred_to_by_searching_for_it(page):
    ItemFactory(key="legal/terms", headline="Terms of our offers", published=True)
    page.goto(reverse("items:edit", args=[ItemFactory(key="here").pk]))

    page.fill("[name=cta_link]", "terms of")
    page.wait_for_selector("[role=option]:has-text('Terms of our offers')")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.click("text=Add Reference")
    page.fill("[name=references-0-role]", "legal")
    page.fill("[name=references-0-target_key]", "offers")
    page.wait_for_selector("[role=option]:has-text('Terms of our offers')")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    assert page.input_value("[name=cta_link]") == "item:legal/terms"
    assert page.input_value("[name=references-0-target_key]") == "legal/terms"
    assert "Terms of our offers" in page.inner_text(".item-chooser__chosen >> nth=0")


def test_unsaved_arabic_text_is_previewed_from_right_to_left(page):
    item = ItemFactory(published=True)
    arabic = create_localization(item, ensure_locale("ar"))
    page.goto(reverse("items:edit", args=[arabic.pk]))

    page.click("[data-side-panel-toggle=preview]")
    frame = page.frame_locator("#w-preview-iframe")
    frame.locator("html[dir=rtl]").wait_for()  # as written: there are no channels to show it in
    wait_for_the_form(page)
    page.fill("[name=headline]", "عرض واحد جيد")
    frame.locator("h1:has-text('عرض واحد جيد')").wait_for()

    assert frame.locator("html").get_attribute("dir") == "rtl"
    assert page.get_attribute("[name=headline]", "dir") == "rtl"


def addresses_of_all_screens():
    """Return the addresses of the admin's own screens, with something on each."""
    term = TermFactory(labels={"en": "Consider", "ja": "検討"})
    channel = ChannelFactory(parent=ChannelFactory())
    item = ItemFactory(type=ItemTypeFactory(code="offer"), terms=[term], channels=[channel], published=True)
    japanese = create_localization(item, ensure_locale("ja"))
    item.save_revision()
    yield from (reverse(name) for name in ("wagtailadmin_home", "items:list", "items:add", "graphql"))
    yield reverse("items:list") + "?q=item&state=live"
    yield from (f"{reverse('items:add')}?type={kind}&locale=ja" for kind in ("offer", "legal", "faq"))
    for row in (item, japanese):
        pages = ("edit", "history", "usage", "delete", "workflow_history")
        yield from (reverse(f"items:{page}", args=[row.pk]) for page in pages)
    yield reverse("items:revisions_compare", args=[item.pk, "earliest", "latest"])
    yield reverse("items:revisions_revert", args=[item.pk, item.revisions.first().pk])
    yield reverse("items:unpublish", args=[item.pk])
    yield from (reverse("item_types:list"), reverse("item_types:add"))
    yield reverse("item_types:edit", args=[item.type.pk])
    yield from (reverse("content_rules_report"), reverse("content_channels_report"))
    yield from (reverse("channels:index"), reverse("channels:edit", args=[Channel.objects.first().pk]))
    yield from (reverse("wagtaillocales:index"), reverse("wagtaillocales:edit", args=[item.locale.pk]))
    yield reverse("terms:index") + f"?facet={Facet.objects.get(code='journey').pk}"
    yield from (reverse("terms:edit", args=[term.pk]), reverse("facets:index"))
    yield from (reverse("facets:tree", args=["journey"]), reverse("facets:edit", args=[term.facet.pk]))
    yield from (reverse("taxonomy_reports"), *(reverse(f"taxonomy_report_{report.name}") for report in REPORTS))


def test_what_does_not_fit_is_shown_for_every_language_and_leads_to_its_field(page, axe):
    push = ChannelFactory(code="channel:push", labels={"en": "Push"})
    ChannelField.objects.create(channel=push, name="title", source="text:push | headline", need="obligatory")
    Limit.objects.create(channel=push, field="title", measure="characters", maximum=10)
    item = ItemFactory(headline="Much too long for a push", channels=[push])
    create_localization(item, ensure_locale("ja"))
    page.goto(f"/admin/items/edit/{item.pk}/")

    page.get_by_text("Every language and version").click()
    table = page.locator(".content-item-checks table")
    table.wait_for()
    assert table.locator("tbody td a").all_inner_texts() == ["Does not fit: 1", "Does not fit: 1"]
    table.get_by_role("link").last.click()
    assert page.locator("section:target").get_by_role("link", name="Open").is_visible()
    assert axe(page, ".content-item-checks") == []
    page.locator(".content-check--error summary").click()
    page.get_by_role("button", name="Go to the field").click()
    assert page.evaluate("document.activeElement.id") == "id_headline"

    wait_for_the_form(page)
    page.keyboard.press("Control+A")
    page.keyboard.type("Fits")
    table.get_by_text("Fits").wait_for()  # with the next automatic save


def test_no_screen_shows_an_error_or_asks_another_host(page):
    for address in addresses_of_all_screens():
        page.goto(address)
        page.wait_for_timeout(150)  # scripts that ask something do so at once


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_our_parts_of_the_screens_are_accessible(page, axe, theme):
    item = ItemFactory(terms=[TermFactory()], channels=[ChannelFactory()], references=[("legal", "legal/terms")])
    japanese = create_localization(item, ensure_locale("ja"))
    narrow = ChannelFactory(code="channel:narrow", labels={"en": "Narrow"})
    ChannelField.objects.create(channel=narrow, name="title", source="headline")
    ItemFactory(headline="Much too long", channels=[narrow], published=True)
    Limit.objects.create(channel=narrow, field="title", maximum=5)
    page.emulate_media(color_scheme=theme)
    parts = {
        reverse("wagtailadmin_home"): [".content-home", ".content-home__start"],
        reverse("items:list"): [".content-chips"],
        reverse("items:add"): [".content-choice", ".content-choice__languages"],
        reverse("items:edit", args=[item.pk]): [".content-localizations", ".content-tree", ".item-chooser"],
        reverse("items:edit", args=[japanese.pk]): [".content-facts", ".content-localizations"],
        reverse("terms:edit", args=[item.classification.get().term.pk]): [".language-grid", ".term-uses"],
        reverse("taxonomy_reports"): [".term-reports"],
        f"{reverse('content_channels_report')}?channel={narrow.code}": [".content-report", ".content-tabs"],
    }

    found = []
    for address, selectors in parts.items():
        page.goto(address)
        page.wait_for_selector(selectors[0])
        found += [broken for selector in selectors for broken in axe(page, selector)]

    assert found == []
