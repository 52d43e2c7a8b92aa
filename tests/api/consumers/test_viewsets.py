from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from contenthub.accounts.models import User
from contenthub.delivery.consumers.issuing import issue_key, revoke_key
from contenthub.delivery.consumers.keys import digest_of
from contenthub.delivery.consumers.models import Consumer

pytestmark = pytest.mark.django_db

FORM = {
    "name": "Shop",
    "kind": "server",
    "is_active": "on",
    "requests_per_minute": "1200",
    "most_at_once": "16",
    "cache_seconds": "60",
    "allowed_origins": "",
}


@pytest.fixture
def consumer(locales):
    return Consumer.objects.create(name="Braze")


def page(response):
    return BeautifulSoup(response.content, "html.parser")


def address(view, *ids):
    return reverse(f"connections:{view}", args=ids)


def test_the_listing_tells_state_keys_and_last_use(admin_client, consumer):
    issue_key(consumer)
    key = consumer.keys.get()
    consumer.keys.update(last_used_at=timezone.now() - timedelta(hours=3))
    off = Consumer.objects.create(name="Off", is_active=False, kind="publishable")
    issue_key(off)
    Consumer.objects.create(name="New")
    gone = Consumer.objects.create(name="Gone")
    issue_key(gone)
    revoke_key(gone.keys.get())

    table = page(admin_client.get(address("index"))).select_one("table.listing")

    rows = [[" ".join(cell.text.split()) for cell in row.select("td")][:4] for row in table.select("tbody tr")]
    assert rows == [
        ["Braze", "Server", "Works", f"{key.prefix}…"],
        ["Gone", "Server", "All keys expired or revoked", "–"],
        ["New", "Server", "Has no key yet", "–"],
        ["Off", "Publishable", "Switched off", f"{off.keys.get().prefix}…"],
    ]
    assert "3\xa0hours ago" in table.text or "3 hours ago" in table.text


def test_a_connection_is_made_with_its_scope(admin_client, locales):
    given = {
        "locales": ["ja", "de"],
        "facets": ["journey"],
        "rights": ["time"],
        "allowed_origins": "https://A.example/\n",
    }

    response = admin_client.post(address("add"), {**FORM, **given})

    assert response.status_code == 302, response.context["form"].errors
    made = Consumer.objects.get()
    assert (sorted(made.locales), made.facets, made.rights) == (["de", "ja"], ["journey"], ["time"])
    assert made.allowed_origins == ["https://a.example"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"allowed_origins": "shop.example"}, "allowed_origins"),
        ({"facets": ["nothing"]}, "facets"),
        ({"rights": ["drafts"], "kind": "publishable"}, "rights"),
        ({"requests_per_minute": "0"}, "requests_per_minute"),
    ],
)
def test_what_cannot_be_is_told_on_the_form(admin_client, locales, given, field):
    response = admin_client.post(address("add"), {**FORM, **given})

    assert list(response.context["form"].errors) == [field]
    assert not Consumer.objects.exists()


def test_codes_that_are_gone_stay_on_the_form_and_go_on_limiting(admin_client, consumer):
    Consumer.objects.update(item_types=["gone-type"])

    form = page(admin_client.get(address("edit", consumer.pk)))

    ticked = form.select_one('input[name=item_types][value="gone-type"]')
    assert ticked.has_attr("checked")
    assert "gone-type (gone)" in form.text


def test_a_key_is_shown_once(admin_client, consumer):
    tomorrow = (timezone.now() + timedelta(days=1)).date()

    made = admin_client.post(address("make_key", consumer.pk), {"expires_on": tomorrow.isoformat()})

    key = page(made).select_one("#new-key")["value"]
    stored = consumer.keys.get()
    assert digest_of(key) == stored.digest
    assert stored.expires_at.date() == tomorrow + timedelta(days=1)
    assert "no-store" in made.headers["Cache-Control"]
    for view, ids in (("index", ()), ("edit", (consumer.pk,)), ("make_key", (consumer.pk,))):
        assert key not in admin_client.get(address(view, *ids)).content.decode()
    assert key not in str(list(ModelLogEntry.objects.values()))
    assert ModelLogEntry.objects.filter(action="connections.make_key").count() == 1


def test_a_third_key_is_refused_with_the_way_out(admin_client, consumer):
    issue_key(consumer)
    issue_key(consumer)

    refused = admin_client.post(address("make_key", consumer.pk), {"expires_on": ""})

    assert "revoke one first" in page(refused).text
    assert consumer.keys.count() == 2


def test_a_key_is_revoked_after_asking(admin_client, consumer):
    issue_key(consumer)
    key = consumer.keys.get()
    revoke = address("revoke_key", consumer.pk, key.pk)

    asked = admin_client.get(revoke)
    assert key.prefix in page(asked).text
    assert consumer.keys.live().exists()

    admin_client.post(revoke)
    assert not consumer.keys.live().exists()
    assert "Revoked" in page(admin_client.get(address("edit", consumer.pk))).text


@pytest.mark.parametrize("view", ["index", "add", "edit", "make_key", "revoke_key"])
def test_editors_without_the_permission_stay_outside(client, consumer, view):
    issue_key(consumer)
    user = User.objects.create_user("author", password="secret")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)
    ids = {"index": (), "add": (), "revoke_key": (consumer.pk, consumer.keys.get().pk)}.get(view, (consumer.pk,))

    assert client.get(address(view, *ids)).status_code == 302
    assert client.post(address(view, *ids), FORM).status_code == 302
    assert consumer.keys.live().count() == 1
