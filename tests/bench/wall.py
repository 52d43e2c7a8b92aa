"""How long an author waits for the wall of all channels: from a keystroke in the editor until every card shows it."""

import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.bench.corpus import load_corpus
from tests.bench.fitting import CHANNELS, mean_for_channels
from tests.bench.measuring import Row, say
from tests.bench.serving.driving import running
from tests.browser.chromium import ARGUMENTS, CHROMIUM

KEYSTROKES = 9
_LOOK_EVERY_MS, _PAUSE_MS = 20, 1_500
_MOST_SECONDS = 30


def measure(folder: Path) -> Iterator[Row]:
    from channels.registry import channel_registry
    from contenthub.content.models import ContentItem

    granian = Path(sys.executable).with_name("granian")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        say("No playwright: no wall is looked at")
        return
    if not granian.exists() or not Path(CHROMIUM).exists():
        say("No granian or no Chromium: no wall is looked at")
        return
    load_corpus(folder)
    item = ContentItem.objects.sources().get(key="article/bench-2")
    mean_for_channels(item, channel_registry())
    password = make_editor()
    with running(granian, "contenthub.wsgi:application") as server, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_context(base_url=server.address, viewport={"width": 1600, "height": 1000}).new_page()
        log_in(page, password)
        waited = keystrokes(page, f"/admin/items/edit/{item.pk}/")
        browser.close()
    told = f"{statistics.median(waited):.2f} ({min(waited):.2f} to {max(waited):.2f})"
    yield (f"wall of {CHANNELS} channels, keystroke to paint, s (least, most)", told, "< 2", "")


def make_editor() -> str:
    from contenthub.accounts.models import User

    password = "only for this measurement"
    if not User.objects.filter(username="bench").exists():
        User.objects.create_superuser("bench", password=password)
    return password


def log_in(page: Any, password: str) -> None:
    page.goto("/admin/login/")
    page.fill("[name=username]", "bench")
    page.fill("[name=password]", password)
    page.click("button[type=submit]")
    page.wait_for_url("**/admin/")


def keystrokes(page: Any, address: str) -> list[float]:
    """Type into the headline, letter by letter; return after how many seconds all cards that show it showed it."""
    page.goto(address)
    page.locator("[data-side-panel-toggle=preview]").click()
    wall = page.frame_locator("#w-preview-iframe")
    cards = wall.locator("[data-channel]")
    cards.nth(CHANNELS - 1).wait_for()
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(2_000)  # until Wagtail has looked at the form as it stands
    headline = page.locator("[name=headline]")
    in_all = wall.locator("[data-channel]", has_text=headline.input_value()).count()
    assert in_all > 1, "no card shows the headline"
    waited = []
    for number in range(KEYSTROKES + 1):  # the first finds everything cold
        headline.press("End")
        begun = time.perf_counter()
        headline.press(str(number))
        renewed = wall.locator("[data-channel]", has_text=headline.input_value())
        while renewed.count() < in_all:
            assert time.perf_counter() - begun < _MOST_SECONDS, "the wall does not follow"
            page.wait_for_timeout(_LOOK_EVERY_MS)
        waited.append(time.perf_counter() - begun)
        page.wait_for_timeout(_PAUSE_MS)
    return waited[1:]
