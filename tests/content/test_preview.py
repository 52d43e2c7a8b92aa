"""What the preview shows of a draft."""

from urllib.parse import unquote

import pytest
import segno
from bs4 import BeautifulSoup
from django.urls import reverse
from wagtail_headless_preview.models import PagePreview

from channels.models import Channel, ChannelField
from contenthub.content import preview
from contenthub.content.rehearsal import read_draft
from frontend_preview.tokens import TokenInvalid
from tests.content.editing import localize
from tests.content.factories import ItemFactory
from tests.content.posts import item_form


def test_an_item_that_was_never_saved_is_previewed(admin_client, locales):
    address = reverse("items:preview_on_add") + "?type=offer&locale=ja&mode=written"

    answer = admin_client.post(
        address, item_form(headline="まだ下書き", own_price_amount="1280", own_price_currency="JPY")
    ).json()
    page = admin_client.get(address)

    assert answer == {"is_valid": True, "is_available": True}
    assert '<html lang="ja" dir="ltr">' in page.content.decode()
    assert "<h1>まだ下書き</h1>" in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]


def test_a_preview_wants_to_know_the_type(admin_client, locales):
    assert admin_client.get(reverse("items:preview_on_add")).status_code == 404
    assert admin_client.post(reverse("items:preview_on_add") + "?type=offer&locale=xx", item_form()).status_code == 404


def test_unsaved_text_is_previewed_in_its_own_direction(admin_client, locales):
    arabic = localize(ItemFactory(), "ar")
    address = reverse("items:preview_on_edit", args=[arabic.pk]) + "?mode=written"

    admin_client.post(address, item_form(headline="عرض <script>"))
    page = admin_client.get(address).content.decode()

    assert '<html lang="ar" dir="rtl">' in page
    assert "<h1>عرض &lt;script&gt;</h1>" in page
    arabic.refresh_from_db()
    assert arabic.headline != "عرض <script>"


def test_a_preview_asks_no_other_host(admin_client, locales):
    address = reverse("items:preview_on_edit", args=[ItemFactory().pk]) + "?mode=written"

    admin_client.post(address, item_form(cta_label="Go on", cta_link="item:legal/terms"))
    page = admin_client.get(address).content.decode()

    assert "Go on" in page
    assert "http://" not in page
    assert "https://" not in page


def test_a_preview_as_written_runs_no_script_and_tells_nobody_its_address(admin_client, locales):
    address = reverse("items:preview_on_edit", args=[ItemFactory().pk]) + "?mode=written"
    admin_client.post(address, item_form())

    headers = admin_client.get(address).headers

    assert headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'unsafe-inline'; img-src")
    assert "script-src" not in headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]
    assert (headers["Referrer-Policy"], headers["X-Robots-Tag"]) == ("no-referrer", "noindex")


@pytest.fixture
def web_page(db):
    channel = Channel.objects.create(code="channel:web-page", labels={"en": "Web page"}, kind="web")
    ChannelField.objects.create(channel=channel, name="title", source="headline", shape="plain")


def test_a_channel_is_previewed_by_its_front_end(admin_client, locales, settings, web_page):
    settings.HUB_PREVIEW_CLIENTS = {"channel:web-page": "https://www.example.org/preview"}
    item = ItemFactory(key="offer/spring")
    address = reverse("items:preview_on_edit", args=[item.pk])
    admin_client.post(address, item_form(headline="Typed"))

    own = admin_client.get(address)
    theirs = admin_client.get(address + "?mode=channel:web-page")

    where, _, token = own.headers["Location"].partition("#token=")
    assert where == "/preview/?key=offer%2Fspring&locale=en&mode=all&cards=open&lang=en"
    assert theirs.headers["Location"].startswith("https://www.example.org/preview?key=offer%2Fspring&locale=en&mode=")
    assert "cards=" not in theirs.headers["Location"]
    assert read_draft(unquote(token)).headline == "Typed"
    assert "no-store" in own.headers["Cache-Control"]
    assert own.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    ("front", "opened"),
    [
        ("https://www.example.org/preview?secret=1", "https://www.example.org/preview?secret=1&{given}#{token}"),
        ("https://www.example.org/app/#/preview", "https://www.example.org/app/#/preview?{given}&{token}"),
        ("https://www.example.org/?a=1#/preview?b=2", "https://www.example.org/?a=1#/preview?b=2&{given}&{token}"),
        ("https://www.example.org/preview#", "https://www.example.org/preview?{given}#{token}"),
        ("acme:preview?from=hub", "acme:preview?from=hub&{given}#{token}"),
    ],
)
def test_what_a_front_ends_address_has_already_stays_in_it(locales, settings, rf, front, opened):
    settings.HUB_PREVIEW_CLIENTS = {"channel:web-page": front}
    item = ItemFactory(key="k")

    address = item.get_preview_url(rf.get("/"), "a|b", "channel:web-page")

    assert address == opened.format(given="key=k&locale=en&mode=channel%3Aweb-page", token="token=a%7Cb")


def test_an_apps_preview_is_a_code_to_scan(admin_client, locales, settings, web_page):
    settings.HUB_PREVIEW_CLIENTS = {"channel:web-page": "acme://preview"}
    item = ItemFactory(key="offer/spring")
    address = reverse("items:preview_on_edit", args=[item.pk]) + "?mode=channel:web-page"
    admin_client.post(address, item_form(headline="Typed"))

    page = admin_client.get(address)

    soup = BeautifulSoup(page.content, "html.parser")
    where = soup.find("a")["href"]
    assert where.startswith("acme://preview?key=offer%2Fspring&locale=en&mode=channel%3Aweb-page#token=preview%7C")
    assert read_draft(unquote(where.partition("#token=")[2])).headline == "Typed"
    assert str(soup.find("path", stroke=True)["d"]) in segno.make(where, micro=False).svg_inline()
    assert "script" not in page.headers["Content-Security-Policy"]
    assert page.headers["Referrer-Policy"] == "no-referrer"


def test_where_no_channel_has_fields_the_item_is_shown_as_written(locales):
    assert ItemFactory().default_preview_mode == "written"


def test_of_what_an_author_previews_the_newest_drafts_are_kept(admin_client, locales, web_page, monkeypatch):
    monkeypatch.setattr(preview, "DRAFTS_KEPT", 2)
    item, other = ItemFactory(), ItemFactory()

    def shown(row, headline):
        address = reverse("items:preview_on_edit", args=[row.pk])
        admin_client.post(address, item_form(headline=headline))
        return unquote(admin_client.get(address).headers["Location"].partition("#token=")[2])

    first, of_other = shown(item, "0"), shown(other, "Other")
    tokens = [shown(item, str(number)) for number in (1, 2)]

    assert set(PagePreview.objects.values_list("token", flat=True)) == {of_other, *tokens}
    with pytest.raises(TokenInvalid):
        read_draft(first)


def test_the_front_end_runs_no_script_but_its_own(client):
    page = client.get(reverse("preview"))

    assert "script-src 'self';" in page.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in page.headers["Content-Security-Policy"]
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page.headers["Cache-Control"]
    assert "http" not in page.content.decode()
