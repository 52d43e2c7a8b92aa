"""The first screen, and what of Wagtail a hub does without."""

from bs4 import BeautifulSoup
from django.urls import reverse

from tests.content.editing import draft, localize
from tests.content.factories import ItemFactory


def test_the_home_page_counts_and_leads_on(admin_client, editor, locales):
    item = ItemFactory(published=True)
    localize(item, "ja")
    ItemFactory(published=True)
    draft(item, headline="Newer")

    response = admin_client.get(reverse("wagtailadmin_home"))

    hub = next(panel for panel in response.context["panels"] if type(panel).__name__ == "HubPanel")
    numbers = hub.get_context_data({"request": response.wsgi_request})["numbers"]
    assert [(number, str(name)) for number, name, _ in numbers] == [
        (2, "items"),
        (2, "language versions on air"),
        (1, "with a newer draft"),
        (0, "scheduled"),
    ]
    assert all(admin_client.get(url).status_code == 200 for _, _, url in numbers)


def test_an_editor_finds_the_own_drafts(admin_client, editor, locales):
    ItemFactory(headline="Mine", user=editor)
    ItemFactory(headline="Not mine")

    page = admin_client.get(reverse("wagtailadmin_home")).content.decode()

    assert "Mine" in page
    assert "Not mine" not in page


def test_pages_are_left_out_of_the_menus(admin_client, locales):
    page = admin_client.get(reverse("wagtailadmin_home")).content.decode()

    menu = BeautifulSoup(page, "html.parser").find(id="wagtail-sidebar-props").string
    for name in ("explorer", "documents", "sites", "page-types-usage", "aging-pages", "locked-pages"):
        assert f'"{name}"' not in menu
    assert '"items"' in menu
    assert reverse("items:list") in menu
    assert "Search all pages" not in page
