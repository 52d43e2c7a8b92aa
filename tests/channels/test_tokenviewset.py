"""The screens for personal tokens."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from channels.models import PersonalToken

pytestmark = pytest.mark.django_db

FORM = {"code": "first_name", "sample": "Akiko", "max_length": "20", "default": "friend", "name_braze": "first_name"}


def page(response):
    return BeautifulSoup(response.content, "html.parser")


def address(view, *ids):
    return reverse(f"personal_tokens:{view}", args=ids)


def test_a_token_is_made_with_its_names_in_tools(admin_client):
    admin_client.post(address("add"), FORM | {"name_journey_optimizer": " profile.person.name.firstName "})

    token = PersonalToken.objects.get()
    assert (str(token), token.sample, token.max_length, token.default) == ("{{first_name}}", "Akiko", 20, "friend")
    assert token.names == {"braze": "first_name", "journey_optimizer": "profile.person.name.firstName"}
    listing = page(admin_client.get(address("index"))).select_one("table.listing")
    assert "{{first_name}}" in listing.text


def test_the_code_stays_and_the_rest_changes(admin_client):
    token = PersonalToken.objects.create(code="name", sample="Ada", max_length=9, names={"liquid": "who"})

    form = page(admin_client.get(address("edit", token.pk)))
    admin_client.post(address("edit", token.pk), FORM | {"code": "other", "name_braze": ""})

    assert form.select_one("[name=name_liquid]")["value"] == "who"
    token.refresh_from_db()
    assert (token.code, token.sample, token.names) == ("name", "Akiko", {})


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"code": "First name"}, "Write a code like first_name."),
        ({"default": "it's"}, "A default goes into templates of other tools"),
        ({"name_ampscript": "x') y"}, "is no name of an attribute"),
        ({"max_length": "3"}, "above the maximum"),
    ],
)
def test_what_is_wrong_is_told_on_the_form(admin_client, changes, told):
    response = admin_client.post(address("add"), FORM | changes)

    assert told in page(response).text
    assert not PersonalToken.objects.exists()


def test_a_token_that_nothing_uses_is_deleted(admin_client, locales):
    token = PersonalToken.objects.create(code="name", sample="Ada", max_length=9)

    admin_client.post(address("delete", token.pk))

    assert not PersonalToken.objects.exists()
