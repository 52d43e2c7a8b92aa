"""The wall of all channels: it follows what is typed, changes language, and stays inside its sandbox."""

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from django.template.loader import render_to_string

from channels.models import Channel, ChannelField, Limit, PersonalToken
from contenthub.content.models import NamedText, Variant
from taxonomy.changing import create_term
from tests.browser.forms import wait_for_the_form
from tests.content.editing import draft, localize, publish
from tests.content.factories import ExperimentFactory, ItemFactory, VariantFactory

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parents[2]


def make_channel(code, kind, position, **fields):
    channel = Channel.objects.create(code=code, kind=kind, labels={"en": code}, position=position)
    for name, (source, shape) in fields.items():
        ChannelField.objects.create(channel=channel, name=name, source=source, shape=shape)
    return channel


@pytest.fixture
def channels(hub):
    make_channel("channel:web", "web", 1, title=("headline", "plain"), body=("body", "html"))
    push = make_channel("channel:push", "mobile", 2, title=("headline", "plain"), body=("summary", "plain"))
    Limit.objects.create(channel=push, field="title", measure="characters", maximum=20, severity="error")
    make_channel("channel:sms", "sms", 3, text=("text:sms | summary", "plain"))


def address_of_the_wall(page, item):
    """Open the preview in the editor, and leave it; return where it was."""
    page.goto(f"/admin/items/edit/{item.pk}/")
    page.locator("[data-side-panel-toggle=preview]").click()
    page.frame_locator("#w-preview-iframe").locator("[data-channel='channel:push']").wait_for()
    address = next(frame.url for frame in page.frames if "/preview/?" in frame.url)
    page.goto("about:blank")
    return address


def test_the_wall_follows_what_is_typed_and_speaks_the_languages(page, channels, axe):
    body = [{"type": "rich_text", "value": "<p>Hello <b>you</b></p>"}]
    item = ItemFactory(headline="Short", summary="An SMS of one part", body=body, published=True)
    publish(localize(item, "ja", headline="短い", summary="これは長い文です。" * 10, body=body))
    page.goto(f"/admin/items/edit/{item.pk}/")
    page.locator("[data-side-panel-toggle=preview]").click()
    wall = page.frame_locator("#w-preview-iframe")

    wall.get_by_role("heading", name="channel:push").wait_for()
    wall.locator("[data-channel='channel:push'] .mark", has_text="fits").wait_for()
    wait_for_the_form(page)
    page.fill("[name=headline]", "A headline that is too long for a push message")
    wall.get_by_text("✕ does not fit").wait_for()
    assert "46" in wall.locator("[data-channel='channel:push'] .findings").inner_text()
    assert wall.locator("[data-channel='channel:web'] h3").inner_text().startswith("A headline that is too long")

    address = next(frame.url for frame in page.frames if "/preview/?" in frame.url)
    page.goto("about:blank")
    page.goto(address)
    page.get_by_text("1 part, 18 units in GSM-7").wait_for()
    assert "undefined" not in page.locator(".wall").inner_text()
    assert axe(page, ".wall") == []
    assert axe(page, ".bar") == []
    page.get_by_label("Language").select_option("ja")
    page.get_by_text("2 parts, 90 units in UCS-2").wait_for()
    assert page.locator("[data-channel='channel:web'] iframe").get_attribute("sandbox") == ""

    NamedText.objects.all().delete()
    Channel.objects.filter(code="channel:push").delete()
    make_channel("channel:new", "poster", 4, title=("headline", "plain"))
    page.reload()
    page.locator("[data-channel='channel:new']").get_by_text("A headline").wait_for()


def test_the_wall_in_the_panel_stays_as_it_was_set_while_the_editor_types(page, channels):
    item, other = ItemFactory(headline="Base", published=True), ItemFactory(headline="Other", published=True)
    publish(localize(item, "ja", headline="日本語"))
    experiment = ExperimentFactory(code="spring")
    VariantFactory(localization=item, experiment=experiment.code, arm="warm", overrides={"headline": "Warm"})
    page.goto(f"/admin/items/edit/{item.pk}/")
    page.locator("[data-side-panel-toggle=preview]").click()
    wall = page.frame_locator("#w-preview-iframe")
    push = wall.locator("[data-channel='channel:push']")
    push.locator("strong", has_text="Base").wait_for()
    wait_for_the_form(page)
    wall.get_by_label("Test").select_option("spring: warm")
    push.locator("strong", has_text="Warm").wait_for()
    wall.get_by_label("Language").select_option("ja")
    wall.get_by_label("Market").fill("market:JP")
    wall.get_by_label("Look").select_option("dark")
    push.locator("strong", has_text="日本語").wait_for()
    push.get_by_role("button", name="Write for channel:push").click()
    push.get_by_label("Headline").wait_for()

    panel = "document.querySelector('#w-preview-iframe').contentWindow"
    page.evaluate(f"{panel}.isOld = true")
    page.locator("[name=headline]").fill("Base, typed on")
    page.wait_for_function(f"!{panel}.isOld")
    wall.locator("body.dark").wait_for()
    push.get_by_label("Headline").wait_for()
    assert push.get_by_label("Headline").input_value() == "日本語"
    chosen = [wall.get_by_label(name).input_value() for name in ("Language", "Market", "Test", "Look")]
    assert chosen == ["ja", "market:JP", "", "dark"]  # the Japanese text has no version for the test
    assert page.evaluate("document.activeElement.name") == "headline"

    page.goto(f"/admin/items/edit/{other.pk}/")
    push.locator("strong", has_text="Other").wait_for()
    assert (wall.get_by_label("Language").input_value(), wall.get_by_label("Market").input_value()) == ("en", "")
    assert push.locator("textarea").count() == 0


def test_the_wall_shows_samples_where_customers_read_of_themselves(page, channels):
    PersonalToken.objects.create(code="first_name", sample="Akiko", max_length=20)
    body = [{"type": "rich_text", "value": "<p>For <b>{{first_name}}</b></p>"}]
    item = ItemFactory(headline="Hi {{first_name}}", summary="{{first_name}}!", body=body, published=True)
    page.goto(f"/admin/items/edit/{item.pk}/")
    page.get_by_text("{{first_name}} Akiko; at most 20 characters").wait_for()
    page.locator("[data-side-panel-toggle=preview]").click()
    wall = page.frame_locator("#w-preview-iframe")

    wall.locator("[data-channel='channel:web'] h3", has_text="Hi Akiko").wait_for()
    inner = wall.frame_locator("[data-channel='channel:web'] iframe")
    assert inner.locator("b").inner_text() == "Akiko"
    sms = wall.locator("[data-channel='channel:sms'] .card__body").inner_text()
    assert sms.split("\n")[0] == "Akiko!"
    assert "1 part, 21 units in GSM-7" in sms  # as long as it may become
    # With a name as long as may be the title is too long for a push message.
    assert "title has 23 characters" in wall.locator("[data-channel='channel:push'] .findings").inner_text()


def test_the_wall_speaks_the_language_of_its_reader(page, channels, axe):
    item = ItemFactory(headline="For all", published=True)
    address = address_of_the_wall(page, item)
    assert "lang=en" in address
    page.goto(address.replace("lang=en", "lang=ja"))

    card = page.locator("[data-channel='channel:web']")
    card.get_by_text("✓ 収まる").wait_for()
    assert page.get_by_label("言語").input_value() == "en"
    assert page.locator("html").get_attribute("lang") == "ja"
    assert page.title() == "プレビュー：For all"
    card.get_by_role("button", name="channel:web向けに書く").click()
    card.get_by_text("ここに書く内容はこのチャネル専用で").wait_for()
    card.get_by_label("Headline").fill("書き直し")
    card.get_by_role("link", name="web").wait_for()
    assert axe(page, ".bar") == []
    assert axe(page, ".wall") == []


def test_the_wall_shows_the_arms_of_a_test_that_has_not_begun(page, channels, axe):
    test = ExperimentFactory(code="spring")
    item = ItemFactory(headline="For all", published=True)
    page.goto(address_of_the_wall(page, item))
    title = page.locator("[data-channel='channel:web'] h3")
    title.get_by_text("For all").wait_for()
    assert page.get_by_label("Test").is_hidden()

    VariantFactory(localization=item, experiment=test.code, arm="warm", overrides={"headline": "Warm"})
    page.reload()
    page.get_by_label("Test").select_option("spring: warm")
    title.get_by_text("Warm").wait_for()
    assert axe(page, ".bar") == []

    page.get_by_label("Test").select_option("none")
    title.get_by_text("For all").wait_for()


def test_a_card_is_written_in_for_its_channel_alone(page, channels, axe):
    item = ItemFactory(headline="For every channel", summary="All of it", published=True)
    publish(localize(item, "ja", headline="すべての人に", summary="全文"))
    page.goto(f"/admin/items/edit/{item.pk}/")
    page.locator("[data-side-panel-toggle=preview]").click()
    framed = page.frame_locator("#w-preview-iframe").locator("[data-channel='channel:push']")
    framed.get_by_role("button", name="Write for channel:push").click()
    framed.get_by_label("Headline").fill("Typed in the panel")
    framed.locator(".card__body strong", has_text="Typed in the panel").wait_for()

    address = next(frame.url for frame in page.frames if "/preview/?" in frame.url)
    page.goto("about:blank")
    page.goto(address)
    card = page.locator("[data-channel='channel:push']")
    shown = card.locator(".card__body strong")
    pen = card.get_by_role("button", name="Write for channel:push")
    pen.focus()
    page.keyboard.press("Enter")
    card.locator("textarea:focus").wait_for()
    assert card.get_by_label("Headline").input_value() == "Typed in the panel"
    page.keyboard.type(", a headline that is too long")
    card.get_by_text("✕ does not fit").wait_for()
    assert shown.inner_text() == "Typed in the panel, a headline that is too long"
    assert page.evaluate("document.activeElement.value") == shown.inner_text()
    assert page.locator("[data-channel='channel:web'] h3").inner_text() == "For every channel"
    card.get_by_text("Saved as a draft of the version push.").wait_for()
    assert axe(page, ".wall") == []

    page.get_by_label("Language").select_option("ja")
    shown.get_by_text("すべての人に").wait_for()
    pen.click()
    card.get_by_label("Headline").fill("プッシュ")
    shown.get_by_text("プッシュ", exact=True).wait_for()
    page.get_by_label("Language").select_option("en")
    shown.get_by_text("Typed in the panel").wait_for()
    pen.click()
    card.get_by_role("button", name="Give back to the base").click()
    shown.get_by_text("For every channel").wait_for()

    of = {one.locale.language_code: one.get_latest_revision_as_object() for one in Variant.objects.all()}
    assert (of["en"].overrides, of["ja"].overrides, of["ja"].headline) == ([], ["headline"], "プッシュ")


def test_a_card_says_when_the_chosen_readers_get_another_version(page, channels):
    students = create_term("segment:students", labels={"en": "Students"})
    item = ItemFactory(headline="Base", published=True)
    VariantFactory(localization=item, code="learners", terms=[students], overrides={"headline": "For students"})
    page.goto(address_of_the_wall(page, item))
    card = page.locator("[data-channel='channel:push']")
    shown, note = card.locator(".card__body strong"), card.get_by_text("get the version learners here")
    card.get_by_role("button", name="Write for channel:push").click()
    card.get_by_label("Headline").fill("For push")
    shown.get_by_text("For push").wait_for()
    assert not note.is_visible()

    page.get_by_label("Segments").fill("segment:students")
    note.wait_for()
    assert shown.inner_text() == "For students"
    card.get_by_label("Headline").fill("For push too")
    card.get_by_text("Saved as a draft of the version push.").wait_for()
    assert note.is_visible()
    page.get_by_label("Segments").fill("")
    note.wait_for(state="hidden")
    shown.get_by_text("For push too").wait_for()


def test_a_code_that_the_hub_does_not_have_is_told_and_codes_are_offered(page, channels, axe):
    create_term("segment:students", labels={"en": "Students", "ja": "学生"})
    page.goto(address_of_the_wall(page, ItemFactory(headline="Base", published=True)).replace("lang=en", "lang=ja"))
    market, segments = page.get_by_label("市場"), page.get_by_label("セグメント")
    page.locator("[data-channel='channel:push'] strong").wait_for()

    market.fill("market:ZZ")
    page.get_by_text("市場market:ZZはハブにありません。").wait_for()
    segments.fill("segment:students, segment:none")
    page.get_by_text("セグメントsegment:noneはハブにないため").wait_for()
    market.fill("market:JP")
    page.get_by_text("市場market:ZZ").wait_for(state="detached")
    assert page.locator("#market-codes option[value='market:JP']").get_attribute("label") == "日本"
    assert page.locator("#segments-codes option").evaluate_all("all => all.map(one => [one.value, one.label])") == [
        ["segment:students, segment:students", "学生"]
    ]
    segments.fill("")
    page.get_by_role("status").wait_for(state="hidden")
    assert axe(page, ".bar") == []


def test_a_past_instant_is_refused_in_the_language_of_the_page(page, channels):
    page.goto(address_of_the_wall(page, ItemFactory(headline="Base", published=True)).replace("lang=en", "lang=ja"))
    page.locator("[data-channel='channel:push'] strong").wait_for()

    page.get_by_label("時点").fill("2020-01-01T00:00")
    page.get_by_text("下書きは過去には公開されていませんでした。").wait_for()
    page.get_by_label("時点").fill("")
    page.get_by_role("status").wait_for(state="hidden")


def test_a_language_that_the_item_lacks_is_not_written_in_the_one_that_answers(page, channels):
    item = ItemFactory(headline="Base", published=True)
    page.goto(address_of_the_wall(page, item))
    card = page.locator("[data-channel='channel:push']")
    pen = card.get_by_role("button", name="Write for channel:push")
    pen.click()
    card.get_by_label("Headline").fill("English")
    card.get_by_text("Saved as a draft of the version push.").wait_for()

    page.get_by_label("Language").select_option("ar")
    page.get_by_text("readers get English (en).").wait_for()
    card.get_by_label("Headline").wait_for(state="detached")
    pen.click()
    card.get_by_text("The piece has no text in Arabic (ar).").wait_for()
    assert card.locator("textarea").count() == 0
    pen.click()
    assert card.get_by_text("The piece has no text in").count() == 0
    pen.click()
    page.get_by_label("Language").select_option("en")
    card.get_by_text("The piece has no text in").wait_for(state="detached")
    pen.click()
    card.get_by_label("Headline").wait_for()

    assert Variant.objects.get().get_latest_revision_as_object().headline == "English"


def test_two_who_write_in_one_card_are_told_and_choose(page, channels):
    item = ItemFactory(headline="Base", published=True)
    address = address_of_the_wall(page, item)
    page = page.context.new_page()  # what is refused is no trouble there
    page.goto(address)
    card = page.locator("[data-channel='channel:push']")
    pen, field = card.get_by_role("button", name="Write for channel:push"), card.get_by_label("Headline")
    shown = card.locator(".card__body strong")

    def overtake(text):
        draft = Variant.objects.get().get_latest_revision_as_object()
        draft.headline = text
        draft.save_revision(clean=False)

    pen.click()
    field.fill("Mine")
    shown.get_by_text("Mine").wait_for()
    overtake("Theirs")
    field.fill("Mine again")
    card.get_by_text("Somebody else has changed this version").wait_for()
    assert field.input_value() == "Mine again"
    field.press_sequentially("!")
    shown.get_by_text("Mine again!").wait_for()

    overtake("Theirs at last")
    field.fill("Never kept")
    card.get_by_text("Somebody else has changed this version").wait_for()
    pen.click()
    field.wait_for(state="detached")
    assert Variant.objects.get().get_latest_revision_as_object().headline == "Theirs at last"
    page.close()


def test_what_a_card_cannot_save_stays_in_it_and_is_told(page, channels):
    item = ItemFactory(headline="Base", published=True)
    address = address_of_the_wall(page, item)
    page.goto(address)
    card = page.locator("[data-channel='channel:push']")
    card.get_by_role("button", name="Write for channel:push").click()
    field = card.get_by_label("Headline")
    field.wait_for()
    page.route("**/admin/versions/card/**", lambda route: route.fulfill(content_type="text/html", body="Who are you?"))

    field.fill("Not lost")
    card.get_by_text("Log in to the admin to write here.").wait_for()
    card.get_by_role("button", name="Write for channel:push").click()
    assert field.input_value() == "Not lost"
    page.unroute("**/admin/versions/card/**")
    field.press_sequentially("!")

    card.locator(".card__body strong", has_text="Not lost!").wait_for()
    assert Variant.objects.get().headline == "Not lost!"


@pytest.fixture
def customer(server, tmp_path):
    """A web server of a customer's, which knows the hub by nothing but the address of its API."""
    page = render_to_string("frontend_preview/preview.html").replace('data-graphql="', f'data-graphql="{server.url}')
    (tmp_path / "preview.html").write_text(page, encoding="utf-8")
    (tmp_path / "static").symlink_to(ROOT / "frontend_preview/static")
    folder = partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), folder) as serving:
        Thread(target=serving.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{serving.server_port}/preview.html"
        serving.shutdown()


def test_a_customers_front_end_on_another_origin_shows_drafts(page, channels, customer, settings):
    settings.HUB_PREVIEW_CLIENTS = {"all": customer}
    item = ItemFactory(headline="On air", published=True)
    draft(item, headline="Not yet on air")
    elsewhere = page.context.new_page()  # what asks other hosts is no trouble there
    elsewhere.goto(f"/admin/items/edit/{item.pk}/")
    elsewhere.locator("[data-side-panel-toggle=preview]").click()

    wall = elsewhere.frame_locator("#w-preview-iframe")
    wall.locator("[data-channel='channel:web'] h3", has_text="Not yet on air").wait_for()
    address = next(frame.url for frame in elsewhere.frames if frame.url.startswith(customer))
    assert not wall.get_by_role("button", name="Write").count()

    settings.HUB_PREVIEW_CLIENTS = {}  # nobody else's page may ask any more
    elsewhere.goto("about:blank")
    elsewhere.goto(address)
    elsewhere.get_by_text("The hub could not be reached.").wait_for()
    elsewhere.close()


def test_a_preview_that_opens_nothing_says_so(page, channels):
    page.goto("/preview/?key=any&locale=en&mode=all")

    page.get_by_role("status").wait_for()
    assert "Nobody in this market" in page.get_by_role("status").inner_text()


def test_a_reviewer_looks_in_a_private_window(page, channels, axe):
    item = ItemFactory(headline="On air", published=True)
    page.goto(f"/admin/items/edit/{item.pk}/")
    page.get_by_role("button", name="Actions").first.click()
    page.get_by_role("link", name="Links for reviewers").click()
    assert axe(page, "main") == []
    page.get_by_role("button", name="Make a link").click()
    address = page.locator("#new-link").input_value()
    draft(item, headline="Not yet on air")
    stranger = page.context.browser.new_context()
    try:
        seen = stranger.new_page()
        seen.goto(address)
        seen.locator("[data-channel='channel:web'] h3", has_text="Not yet on air").wait_for()
        assert seen.get_by_label("Market").is_hidden()
        assert seen.get_by_label("Language").locator("option").all_inner_texts() == ["English (en)"]
        page.get_by_role("button", name="Revoke").click()
        page.get_by_text("The link opens nothing any more.").wait_for()
        seen.reload()
        seen.get_by_text("The preview token opens nothing.").wait_for()
    finally:
        stranger.close()
