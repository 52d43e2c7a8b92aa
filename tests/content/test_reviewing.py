"""Links for reviewers without an account: what they open, for how long, and nothing besides."""

import json
import random
import string
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from wagtail.models import ModelLogEntry

from contenthub.accounts.models import LanguageGrant, User
from contenthub.content.models import ReviewLink
from contenthub.content.reviewing import find_link, make_link, revoke
from frontend_preview.tokens import TokenExpired, TokenInvalid
from tests.content.editing import draft, localize, publish
from tests.content.factories import ItemFactory, VariantFactory

pytestmark = pytest.mark.django_db

SECRET = "SECRET"
ITEM = """query ($key: String!, $context: ContextInput) {
  item(key: $key, context: $context) { key headline locale { code } references { key headline } } }"""


@pytest.fixture(autouse=True)
def _closed(settings):
    """Without a key nobody reads anything."""
    settings.HUB_ANONYMOUS_ACCESS = False


@pytest.fixture
def item(clock):
    other = ItemFactory(key="other", headline=f"{SECRET} other", published=True)
    draft(other, headline=f"{SECRET} other draft")
    item = ItemFactory(key="spring", headline="On air", references=[("related", "other")], published=True)
    draft(item, headline="New words")
    publish(localize(item, "de", headline=f"{SECRET} deutsch"))
    return item


@pytest.fixture
def asked(client, item, editor):
    """Ask with the token of a link."""
    _, token = make_link(item, user=editor)

    def asking(query, token=token, preview=True, **variables):
        context = variables.setdefault("context", {"locale": "en"})
        if preview:
            context["preview"] = token
        body = json.dumps({"query": query, "variables": variables})
        return client.post("/graphql", body, "application/json", headers={"Authorization": f"Bearer {token}"}).json()

    return asking


def test_a_reviewer_sees_the_newest_draft_and_the_next_one(asked, item):
    assert asked(ITEM, key="spring")["data"]["item"]["headline"] == "New words"

    draft(item, headline="Newer words")

    answer = asked(ITEM, key="spring")
    assert answer["data"]["item"] == {
        "key": "spring",
        "headline": "Newer words",
        "locale": {"code": "en"},
        "references": [],
    }


@pytest.mark.parametrize(
    "query",
    [
        '{ item(key: "other") { headline } }',
        "{ items { totalCount nodes { headline } } }",
        '{ items(filter: {search: "SECRET"}) { totalCount } }',
        '{ items(context: {locale: "de"}) { nodes { headline } } }',
        '{ item(key: "spring", context: {locale: "de"}) { headline locale { code } } }',
        "{ decide(context: {}, first: 9) { items { headline } trace { considered candidates { key } } } }",
        "{ variants { nodes { headline } } }",
        "{ facets { code termCount roots { label } } }",
        '{ terms(facet: "journey") { nodes { code } } }',
        '{ term(code: "segment:secret") { label } }',
        "{ locales { code } }",
    ],
)
def test_nothing_else_of_the_hub_is_to_be_seen(asked, item, query):
    item_segment = ItemFactory(key="third", headline=f"{SECRET} third", published=True)
    VariantFactory(localization=item_segment, overrides={"headline": SECRET}, published=True)

    for preview in (False, True):
        text = json.dumps(asked(query, preview=preview))
        assert SECRET not in text
        assert "other" not in text
        assert "deutsch" not in text


def test_the_ids_of_something_else_open_nothing(asked, ask, settings):
    settings.HUB_ANONYMOUS_ACCESS = True
    other = ask('{ item(key: "other") { version id } }')["item"]
    settings.HUB_ANONYMOUS_ACCESS = False

    query = "query ($version: ID!, $node: ID!) { version(id: $version) { key } node(id: $node) { id } }"
    assert asked(query, version=other["version"], node=other["id"])["data"] == {"version": None, "node": None}


def test_the_time_of_a_link_is_over_to_the_second(asked, clock, item):
    clock.shift(timedelta(minutes=60, seconds=-1))
    assert "data" in asked(ITEM, key="spring")
    clock.shift(timedelta(seconds=1))

    assert asked(ITEM, key="spring")["errors"][0]["extensions"]["code"] == "PREVIEW_EXPIRED"


def test_a_revoked_link_is_closed_at_once(asked, item, editor):
    revoke(ReviewLink.objects.get(), user=editor)

    assert asked(ITEM, key="spring")["errors"][0]["extensions"]["code"] == "PREVIEW_INVALID"


def test_a_link_closes_with_its_makers_rights(item, editor):
    _, token = make_link(item, user=editor)

    User.objects.filter(pk=editor.pk).update(is_superuser=False)
    with pytest.raises(TokenInvalid):
        find_link(token)
    User.objects.filter(pk=editor.pk).update(is_superuser=True, is_active=False)
    with pytest.raises(TokenInvalid):
        find_link(token)


def test_a_link_closes_when_its_maker_may_no_longer_write_the_language(item, locales):
    maker = User.objects.create_user("maker", password="x")
    desk = Group.objects.create(name="desk")
    desk.permissions.add(Permission.objects.get(codename="change_contentitem"))
    maker.groups.add(desk)
    grant = LanguageGrant.objects.create(group=desk)
    grant.locales.add(locales["en"])
    _, token = make_link(item, user=maker)
    assert find_link(token).item == item

    grant.locales.set([locales["ja"]])

    with pytest.raises(TokenInvalid):
        find_link(token)


def test_a_token_of_one_link_names_nothing_of_another_and_no_mutation_opens(item, editor):
    _, token = make_link(item, user=editor)
    made = random.Random(7)
    letters = string.ascii_letters + string.digits + "-_|"

    for _ in range(2_000):
        place = made.randrange(len(token))
        mutated = token[:place] + made.choice(letters) + token[place + made.randrange(2) :]
        if mutated != token:
            with pytest.raises((TokenInvalid, TokenExpired)):
                find_link(mutated)
    for other in ("", "review|", "review|" + "x" * 100_000, token + " ", token.upper(), "review|\0", "review|\ud800"):
        with pytest.raises(TokenInvalid):
            find_link(other)
    assert find_link(token).item == item


def test_only_a_digest_is_stored_and_old_links_go(item, editor, clock):
    link, token = make_link(item, user=editor)

    assert token not in str(ReviewLink.objects.values())
    clock.shift(timedelta(days=60))
    make_link(item, user=editor)
    assert not ReviewLink.objects.filter(pk=link.pk).exists()
    alone = ItemFactory(key="alone")
    make_link(alone, user=editor)
    alone.delete()
    assert not ReviewLink.objects.filter(item__key="alone").exists()


# --- the page -----------------------------------------------------------------------------------------------


def page(response):
    return BeautifulSoup(response.content, "html.parser")


@pytest.fixture
def desk(item, client, editor):
    client.force_login(editor)
    return client


def test_a_link_is_made_shown_once_and_revoked_on_the_page(desk, item):
    address = reverse("items:review_links", args=[item.pk])
    assert address in desk.get(reverse("items:edit", args=[item.pk])).content.decode()

    made = desk.post(address, {"minutes": "480"})

    link = ReviewLink.objects.get()
    assert link.expires_at - link.made_at == timedelta(hours=8)
    shown = page(made).select_one("#new-link")["value"]
    parts = urlsplit(shown)
    assert (parts.path, parse_qs(parts.query)["key"]) == (reverse("preview"), ["spring"])
    assert find_link(parse_qs(parts.fragment)["token"][0]) == link
    assert "no-store" in made["Cache-Control"]
    assert not page(desk.get(address)).select_one("#new-link")
    revoking = page(made).select_one("table form")["action"]
    desk.get(revoking)
    assert ReviewLink.objects.live().exists()
    told = desk.post(revoking, follow=True).content.decode()
    assert "The link opens nothing any more." in told
    assert not ReviewLink.objects.live().exists()
    actions = ModelLogEntry.objects.filter(action__contains="review_link").values_list("action", flat=True)
    assert sorted(actions) == ["content.make_review_link", "content.revoke_review_link"]


@pytest.mark.parametrize("minutes", ["", "0", "-5", "99999999", "x"])
def test_other_durations_are_refused(desk, item, minutes):
    desk.post(reverse("items:review_links", args=[item.pk]), {"minutes": minutes})

    assert not ReviewLink.objects.exists()


def test_a_link_is_not_revoked_through_another_item(desk, item, editor):
    link, _ = make_link(item, user=editor)
    other = ItemFactory(key="another")

    assert desk.post(reverse("items:revoke_review_link", args=[other.pk, link.pk])).status_code == 404
    assert ReviewLink.objects.live().exists()


def test_whoever_may_not_edit_makes_no_link(client, item, editor):
    reader = User.objects.create_user("reader", password="x", is_staff=True)
    group = Group.objects.create(name="readers")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    reader.groups.add(group)
    client.force_login(reader)
    link, _ = make_link(item, user=editor)

    client.post(reverse("items:review_links", args=[item.pk]), {"minutes": "60"})
    client.post(reverse("items:revoke_review_link", args=[item.pk, link.pk]))

    assert ReviewLink.objects.live().count() == 1
