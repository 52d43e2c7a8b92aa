import json

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from taxonomy.models import ExternalId, TermLabel
from tests.content.factories import ItemFactory
from tests.taxonomy.factories import FacetFactory, TermFactory

pytestmark = pytest.mark.django_db

TREE = "/admin/facets/tree/journey/"


def rows(client, **asked):
    return client.get(f"{TREE}rows/", asked).json()


def search(client, text, **asked):
    return client.get(f"{TREE}search/", {"q": text} | asked).json()


def marked(level):
    """Return the codes of all hits in the answer, and by which other name each was found."""
    found = {row["code"]: row["foundBy"] and row["foundBy"]["text"] for row in level["rows"] if row["hit"]}
    for row in level["rows"]:
        found |= marked(row["level"]) if row["level"] else {}
    return found


def test_the_page_brings_its_first_rows_along(admin_client):
    top = TermFactory(key="top", labels={"en": "Top <of> all"})
    TermFactory(key="low", parent=top)

    page = BeautifulSoup(admin_client.get(TREE).content, "html.parser")

    first = json.loads(page.select_one("#term-tree-first").text)
    assert [(row["label"], row["children"], row["level"]) for row in first["level"]["rows"]] == [
        ("Top <of> all", 1, None)
    ]
    assert page.select_one("[data-text-none]")["data-text-none"] == "No term is called so."


def test_the_page_opens_at_a_term(admin_client):
    top = TermFactory(key="top")
    low = TermFactory(key="low", parent=top)

    page = BeautifulSoup(admin_client.get(TREE, {"term": low.pk}).content, "html.parser")

    first = json.loads(page.select_one("#term-tree-first").text)
    assert marked(first["level"]) == {"journey:low": None}


def test_a_row_tells_what_is_to_know_of_a_term(admin_client):
    one, two = TermFactory(key="one", labels={"en": "One", "ja": "一"}), TermFactory(key="two")
    old = TermFactory(key="old", parent=one, further=[two], status="retired")
    old.replaced_by.add(two)
    two.save()
    ItemFactory(terms=[one, old])
    ItemFactory(terms=[old], published=True)

    top = rows(admin_client, language="ja")["level"]["rows"][0]
    (row,) = rows(admin_client, below=one.pk)["level"]["rows"]

    assert (top["label"], top["language"], top["own"], top["below"]) == ("一", "ja", 1, 2)
    assert (row["retired"], row["replacedBy"][0]["label"], row["own"], row["below"]) == (True, "Two", 2, 2)
    assert [parent["label"] for parent in row["parents"]] == ["One", "Two"]
    assert row["itemsUrl"] == f"/admin/items/?term={old.pk}"
    assert rows(admin_client, below=one.pk, **{"hide-retired": ""})["level"]["rows"] == []


def test_a_term_is_found_by_anything_it_is_called_and_the_row_says_by_what(admin_client):
    top = TermFactory(key="top", labels={"en": "Wheels"})
    term = TermFactory(key="ebike", parent=top, labels={"en": "Electric bicycle", "ja": "電動自転車"})
    term.labels.add(TermLabel(language="en", kind="alternative", text="Pedelec"))
    term.labels.add(TermLabel(language="en", kind="hidden", text="E-Byke"))
    term.external_ids.add(ExternalId(system="crm", identifier="CRM-77"))
    term.save()

    found = [search(admin_client, text) for text in ("electric", "JOURNEY:EBIKE", "自転車", "pedel", "byke", "crm-7")]

    names = [None, None, "電動自転車", "Pedelec", "E-Byke", "CRM-77"]
    assert [marked(answer["level"]) for answer in found] == [{"journey:ebike": name} for name in names]
    assert search(admin_client, "no such")["found"] == {"total": 0, "shown": 0, "more": None}
    assert search(admin_client, "  ")["level"]["rows"] == []


def test_the_best_hits_are_shown_first_and_more_on_demand(admin_client):
    TermFactory.create_batch(101, labels={"en": "Some wheel"})
    best = TermFactory(key="best", labels={"en": "Wheel"})

    first = search(admin_client, "wheel")
    more = search(admin_client, "wheel", limit=first["found"]["more"])

    assert first["found"] == {"total": 102, "shown": 100, "more": 200}
    assert best.code in marked(first["level"])
    assert more["found"] == {"total": 102, "shown": 102, "more": None}
    assert len(marked(more["level"])) == 102


def test_every_answer_names_the_version_that_it_was_read_from(admin_client):
    term = TermFactory()
    before = rows(admin_client)["version"]

    term.save()

    assert rows(admin_client)["version"] > before == before


def test_what_is_not_there_is_told(admin_client):
    TermFactory()
    elsewhere = TermFactory(facet=FacetFactory(code="product"))

    gone = admin_client.get(f"{TREE}rows/", {"below": elsewhere.pk})

    assert (gone.status_code, gone.json()) == (404, {"error": "This term is not in the facet any more."})
    assert admin_client.get("/admin/facets/tree/nowhere/").status_code == 404
    assert len(rows(admin_client, open="x,1.y,,9" * 9)["level"]["rows"]) == 1
    assert rows(admin_client, below="", offset="-1 or 1=1")["level"]["total"] == 1


@pytest.mark.parametrize(
    ("size", "asked"), [(size, asked) for size in (3, 60) for asked in ("page", "level", "open", "search")]
)
def test_an_answer_costs_the_same_whatever_the_size(admin_client, size, asked):
    tops = TermFactory.create_batch(size, labels={"en": "Wheel"})
    for top in tops:
        TermFactory(parent=top, labels={"en": "Small wheel"})
    addresses = {
        "page": TREE,
        "level": f"{TREE}rows/?below=",
        "open": f"{TREE}rows/?open={','.join(str(top.pk) for top in tops)}",
        "search": f"{TREE}search/?q=wheel",
    }
    admin_client.get(addresses[asked])

    with CaptureQueriesContext(connection) as captured:
        admin_client.get(addresses[asked])

    taxonomy = [one["sql"] for one in captured if "taxonomy_" in one["sql"] or "content_" in one["sql"]]
    assert (
        len([sql for sql in taxonomy if "content_type" not in sql]) == 3
    )  # versions of facets, own items, items below


def test_only_those_who_may_see_terms_see_the_tree(client, django_user_model):
    TermFactory()
    user = django_user_model.objects.create_user("reader", password="secret")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)
    addresses = [TREE, f"{TREE}rows/", f"{TREE}search/?q=step"]

    refused = [client.get(address).status_code for address in addresses]
    user.user_permissions.add(Permission.objects.get(codename="view_term", content_type__app_label="taxonomy"))
    allowed = [client.get(address) for address in addresses]

    assert 200 not in refused
    assert [answer.status_code for answer in allowed] == [200, 200, 200]
    assert "data-can-change" not in allowed[0].content.decode()
    assert reverse("terms:add") not in allowed[0].content.decode()
