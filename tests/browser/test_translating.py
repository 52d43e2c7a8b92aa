"""A translator at work in a real browser."""

import pytest
from django.urls import reverse

from contenthub.content.blocks import NeutralBody
from contenthub.content.models import ContentItem
from tests.content.editing import localize, publish
from tests.content.factories import ItemFactory
from tests.content.translating.bodies import body

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("tag", ["ja", "ar"])
@pytest.mark.parametrize("look", ["light", "dark"])
def test_a_translator_sees_what_changed_writes_and_marks_what_is_still_right(page, axe, tag, look):
    item = ItemFactory(
        published=True, headline="Spring offer", summary="Until May", body=NeutralBody().to_python(body())
    )
    row = publish(localize(item, tag, headline={"ja": "春の特価", "ar": "عرض الربيع"}[tag]))
    publish(item, headline="Summer offer", summary="Until July")
    page.emulate_media(color_scheme=look)

    page.goto(reverse("items:edit", args=[row.pk]))
    page.click(".content-localizations a:has-text('Changed in the original')")
    page.wait_for_selector(".content-translate")
    assert page.get_attribute("[name=text-headline]", "dir") == ("rtl" if tag == "ar" else "ltr")
    assert axe(page, "main") == []
    pair = page.locator(".content-translate__pair", has=page.locator("[name=text-headline]"))
    pair.get_by_text("What changed").click()
    assert pair.locator("del").inner_text() == "Spring"
    page.fill("[name=text-headline]", {"ja": "夏の特価", "ar": "عرض الصيف"}[tag])
    page.locator(".content-translate__pair", has=page.locator("[name=text-summary]")).get_by_label(
        "Still right"
    ).check()
    assert page.locator("[role=textbox][contenteditable]").first.inner_text().strip() == "Far and wide"
    page.click("text=Save draft")
    page.wait_for_selector(".messages .success")

    assert page.locator(".content-translate__change").count() == 0
    newest = ContentItem.objects.get(pk=row.pk).get_latest_revision_as_object()
    assert newest.headline == {"ja": "夏の特価", "ar": "عرض الصيف"}[tag]
    assert page.locator("text=Mark all as up to date").count() == 0


def test_texts_go_out_and_come_back_on_accessible_pages(page, axe):
    item = ItemFactory(published=True, headline="Spring offer", body=NeutralBody().to_python(body()))
    action = reverse("wagtail_bulk_action", args=["content", "contentitem", "export_items"])
    page.goto(f"{action}?id={item.pk}")
    assert axe(page, "main") == []
    page.select_option("[name=locale]", label="Japanese")
    page.select_option("[name=format]", "xliff-1.2")
    with page.expect_download() as download:
        page.click("button:has-text('Download')")
    text = (
        download.value.path()
        .read_text()
        .replace("<source>Spring offer</source>", "<source>Spring offer</source><target>春の特価</target>")
    )
    text = text.replace("<source>Ride</source>", f"<source>Ride</source><target>{'x' * 300}</target>")

    page.goto(reverse("content_import_translations"))
    page.set_input_files("[name=file]", {"name": "ja.xlf", "mimeType": "text/xml", "buffer": text.encode()})
    page.click("button:has-text('Import')")

    page.wait_for_selector("text=Does not fit its place")
    assert axe(page, "main") == []
    assert ContentItem.objects.get(locale__language_code="ja").get_latest_revision_as_object().headline == "春の特価"
