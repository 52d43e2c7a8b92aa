"""The markup of our own pages, judged by the Nu checker; of Wagtail's pages our parts alone."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from django.urls import reverse

from channels.models import ChannelField
from tests.channels.factories import ChannelFactory
from tests.content.editing import localize
from tests.content.factories import ItemFactory, VariantFactory
from tests.taxonomy.factories import TermFactory

pytestmark = pytest.mark.browser
WHOLE = "<!doctype html>{}"
PART = '<!doctype html><html lang="en"><head><title>A part</title></head><body>{}</body></html>'


@pytest.fixture
def nu(tmp_path):
    """Return the errors that the checker finds in pages, by their names."""
    checker = Path(os.environ.get("VNU") or "node_modules/vnu-jar/build/dist/vnu.jar")
    if not checker.exists() or not shutil.which("java"):
        pytest.skip("There is no Nu checker: install java and, with npm, vnu-jar, or name its file in VNU.")

    def judging(pages):
        for name, html in pages.items():
            (tmp_path / f"{name}.html").write_text(html, encoding="utf-8")
        how = ["--errors-only", "--format", "json", "--exit-zero-always"]
        command = ["java", "-jar", str(checker), *how, str(tmp_path)]
        told = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stderr
        found = json.loads(told)["messages"]
        return [f"{Path(one['url']).stem}: {one['message']} {one.get('extract', '')}" for one in found]

    return judging


def html_of(page, part="html"):
    """Return a part of a page as it stands after all scripts."""
    page.wait_for_selector(part, state="attached")
    return page.locator(part).first.evaluate("one => one.outerHTML")


def test_our_pages_have_no_error(page, nu):
    channel = ChannelFactory(code="channel:push", labels={"en": "Push"})
    ChannelField.objects.create(channel=channel, name="title", source="headline", need="obligatory")
    ChannelField.objects.create(channel=channel, name="image", source="image", shape="image", need="advised")
    root = TermFactory(labels={"en": "Consider"})
    TermFactory(parent=root, code="journey:compare", labels={"en": "Compare models"})
    heading = {"type": "heading", "value": {"text": "A heading", "level": "2"}}
    body = [heading, {"type": "rich_text", "value": "<p>A</p>"}]
    item = ItemFactory(headline="On air", body=body, terms=[root], channels=[channel], published=True)
    localize(item, "ja", headline="日本語")
    VariantFactory(localization=item, code="young", overrides={"headline": "Young"}, published=True)
    pages = {}

    page.goto("/graphql")
    pages["explorer"] = WHOLE.format(html_of(page))
    page.goto(f"/admin/items/edit/{item.pk}/")
    page.get_by_text("Every language and version").click()
    page.locator(".content-item-checks table").wait_for()
    for part in (".content-variants", "[data-controller=channel-checks]"):
        pages[f"editor{part.strip('.[]')}"] = PART.format(html_of(page, part))
    page.locator("[data-side-panel-toggle=preview]").click()
    page.frame_locator("#w-preview-iframe").locator("[data-channel='channel:push']").wait_for()
    address = next(frame.url for frame in page.frames if "/preview/?" in frame.url)
    page.goto(reverse("items:preview_on_edit", args=[item.pk]) + "?mode=written")
    pages["written"] = WHOLE.format(html_of(page))
    page.goto("about:blank")
    page.goto(address)
    page.get_by_role("button", name="Write for Push").click()
    page.get_by_label("Headline").wait_for()
    pages["wall"] = WHOLE.format(html_of(page))
    for name, door, part in (
        ("tree", "/admin/facets/tree/journey/", "[data-facet]"),
        ("why", f"/admin/items/why/{item.pk}/", ".nice-padding"),
        ("reviewers", f"/admin/items/review-links/{item.pk}/", ".nice-padding"),
        ("report", "/admin/reports/channels/", ".nice-padding"),
        ("types", "/admin/items/add/?locale=en", ".nice-padding"),
    ):
        page.goto(door)
        pages[name] = PART.format(html_of(page, part))

    assert nu(pages) == []
