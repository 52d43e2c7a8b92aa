"""The screens of operations: what there is, its address, what it takes, and nothing to change."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.urls import reverse

from contenthub.accounts.models import User
from contenthub.api.models import Operation
from contenthub.api.operations.loading import SHIPPED, load_operations

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _loaded(db):
    load_operations([SHIPPED])


def inspected(client, name):
    address = reverse("operations:inspect", args=[Operation.objects.get(name=name).pk])
    page = BeautifulSoup(client.get(address).content, "html.parser")
    labels = [each.text for each in page.select("main dt")]
    return dict(zip(labels, page.select("main dd"), strict=True))


def test_all_operations_are_listed_with_what_they_are_for_and_their_addresses(admin_client):
    page = BeautifulSoup(admin_client.get(reverse("operations:index")).content, "html.parser")

    rows = [[" ".join(cell.text.split()) for cell in row.select("td")][:3] for row in page.select("tbody tr")]
    assert ["iterable-feed", "The newest items of a branch, for an Iterable data feed.", "/o/iterable-feed"] in rows
    assert len(rows) == Operation.objects.count()


def test_one_operation_tells_its_address_variables_and_how_it_answers(admin_client):
    shown = inspected(admin_client, "salesforce-content")

    assert shown["Address"].text.strip() == "GET http://testserver/o/salesforce-content"
    variables = [" ".join(each.text.split()) for each in shown["Variables"].select("li")]
    assert variables[:2] == ["locale LocaleCode", "channel String"]
    assert shown["Answer"].text.strip() == (
        "One flat object. Where nothing is found: found is false, with status 200. "
        "At most 100,000 bytes. At most 4,000 characters a text."
    )
    assert "query SalesforceContent(" in shown["Query"].text


def test_what_must_be_given_is_told(admin_client):
    text = "# object: item\nquery One($key: String!, $at: DateTime) { item(key: $key, context: {at: $at}) { key } }"
    Operation.objects.create(name="one", text=text, digest="d")

    variables = [" ".join(each.text.split()) for each in inspected(admin_client, "one")["Variables"].select("li")]

    assert variables == ["key String! must be given", "at DateTime"]


def test_one_that_does_not_fit_the_schema_any_more_is_shown_all_the_same(admin_client):
    Operation.objects.create(name="old", text="# object: gone\n{ gone { key } }", digest="d")

    assert "does not fit the schema any more" in inspected(admin_client, "old")["Variables"].text


def test_nobody_changes_operations_here_and_whoever_works_in_the_admin_may_look(admin_client, client):
    pk = Operation.objects.first().pk
    for name, arguments in (("add", []), ("edit", [pk]), ("delete", [pk])):
        assert admin_client.post(reverse(f"operations:{name}", args=arguments), {"name": "x"}).status_code in (302, 403)
    assert Operation.objects.filter(pk=pk).exclude(name="x").exists()

    user = User.objects.create_user("reader")
    client.force_login(user)
    assert client.get(reverse("operations:index")).status_code == 302
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    assert client.get(reverse("operations:index")).status_code == 200
