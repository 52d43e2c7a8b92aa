import csv
from io import BytesIO, StringIO

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from taxonomy.models import TermWindow
from taxonomy.reportviews import REPORTS
from tests.content.factories import ItemFactory
from tests.taxonomy.factories import FacetFactory, TermFactory

pytestmark = pytest.mark.django_db

NAMES = [report.name for report in REPORTS]


@pytest.fixture(autouse=True)
def _languages(locales):
    """The hub's locales."""


def report(client, name, **asked):
    return client.get(reverse(f"taxonomy_report_{name}"), {"facet": "journey"} | asked)


def rows(answer):
    page = BeautifulSoup(answer.content, "html.parser")
    cells = ([" ".join(cell.text.split()) for cell in row.select("td")] for row in page.select("tbody tr"))
    return [[cell[0], *cell[2:]] for cell in cells]  # without the code


def exported(answer):
    return list(csv.reader(StringIO(b"".join(answer.streaming_content).decode())))


def test_each_report_finds_what_it_is_about(admin_client):
    used = TermFactory(key="used", labels={"en": "Chargers", "de": "Lader"})
    low = TermFactory(key="low", parent=used, labels={"en": "Charger", "ja": "充電器"})
    old = TermFactory(key="old", labels={"en": "Old"}, status="retired")
    old.replaced_by.add(low)
    run = TermFactory(key="run", labels={"en": "Spring run"})
    run.windows.add(TermWindow(start="2020-01-01", end="2020-02-01"))
    run.save()
    for terms in ([used], [used, old], [used, run], [low]):
        ItemFactory(terms=terms)

    found = {name: rows(report(admin_client, name)) for name in NAMES}

    assert found == {
        "unused": [],
        "near_duplicates": [["Chargers", "", "Chargers", "Charger", "Charger (journey:low)"]],
        "missing_translations": found["missing_translations"],
        "over_broad": [["Chargers", "", "3", "75%"]],
        "retired_used": [["Old", "", "1", "Charger"]],
        "past_used": [["Spring run", "", "Feb. 1, 2020", "1"]],
    }
    assert rows(report(admin_client, "missing_translations", language="de-CH")) == [
        ["Charger", "Chargers", "de-CH"],
        ["Spring run", "", "de-CH"],
    ]
    assert len(found["missing_translations"]) == 2 + 2 + 2 + 3  # de, de-CH, ja, ko


def test_reports_are_narrowed_linked_and_tell_the_threshold(admin_client):
    term = TermFactory(key="alone")
    TermFactory(facet=FacetFactory(code="product"), key="other")
    ItemFactory(terms=[term])

    unused = rows(report(admin_client, "unused", facet="product"))
    broad = report(admin_client, "over_broad", threshold="60")
    missing = BeautifulSoup(report(admin_client, "missing_translations", language="ja").content, "html.parser")

    assert unused == [["Other", ""]]
    assert "Terms that are too broad: from 60 % of the facet&#x27;s items" in broad.content.decode()
    assert rows(broad) == [["Alone", "", "1", "100%"]]
    assert rows(report(admin_client, "over_broad", threshold="abc"))[0][3] == "100%"
    assert missing.select_one("td a")["href"] == f"{reverse('terms:edit', args=[term.pk])}#names-ja"


def test_reports_come_as_spreadsheets_without_formulas(admin_client):
    TermFactory(key="top", labels={"en": "=1+1"})
    TermFactory.create_batch(60)

    lines = exported(report(admin_client, "unused", export="csv"))
    sheet = load_workbook(BytesIO(b"".join(report(admin_client, "unused", export="xlsx").streaming_content))).active

    assert lines[:2] == [["Facet", "Term", "Code", "Below"], ["journey", "'=1+1", "journey:top", ""]]
    assert (len(lines), sheet.max_row) == (62, 62)


@pytest.mark.parametrize("name", NAMES)
def test_a_report_costs_the_same_whatever_the_size(admin_client, name):
    def statements(count):
        for _ in range(count):
            ItemFactory(terms=[TermFactory(labels={"en": "Charger"})])
        report(admin_client, name)
        with CaptureQueriesContext(connection) as captured:
            assert report(admin_client, name).status_code == 200
        return len(captured)

    assert statements(2) == statements(8)


def test_reports_are_for_those_who_may_see_terms(client, django_user_model):
    user = django_user_model.objects.create_user("reader", password="secret")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)
    addresses = [reverse("taxonomy_reports"), *(reverse(f"taxonomy_report_{name}") for name in NAMES)]

    refused = {client.get(address).status_code for address in addresses}
    menu = client.get(reverse("wagtailadmin_home")).content.decode()
    user.user_permissions.add(Permission.objects.get(codename="view_term", content_type__app_label="taxonomy"))
    allowed = {client.get(address).status_code for address in addresses}

    assert 200 not in refused
    assert reverse("taxonomy_reports") not in menu
    assert allowed == {200}
    assert reverse("taxonomy_reports") in client.get(reverse("wagtailadmin_home")).content.decode()
