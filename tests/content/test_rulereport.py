"""Which published items break the rules of their type, and how the editor is told when a rule changes."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.urls import reverse

from contenthub.accounts.models import User
from contenthub.content.models import ClassificationRule, ContentItem
from contenthub.content.publishing import publish_due
from contenthub.content.rulereport import Failing, failing_items, failing_launches
from taxonomy.models import Facet
from tests.content.editing import draft, localize, schedule
from tests.content.factories import ItemFactory, ItemTypeFactory
from tests.content.times import HOUR, NOON
from tests.taxonomy.factories import TermFactory


@pytest.fixture
def articles(locales):
    """Published a without and b with a tag; c never published; d was taken off air; f of a type without rules."""
    term = TermFactory(code="journey:compare")
    ItemFactory(key="a", published=True, headline="Untagged")
    ItemFactory(key="b", published=True, terms=[term])
    ItemFactory(key="c")
    ItemFactory(key="d", published=True).unpublish()
    ItemFactory(key="f", type=ItemTypeFactory(code="faq"), published=True)
    return ItemTypeFactory()


def demand(kind, **columns):
    return ClassificationRule.objects.create(
        item_type=kind, facet=Facet.objects.get(code="journey"), **{"minimum": 1, **columns}
    )


def change_type(client, kind, minimum):
    rule = kind.rules.first()
    data = {
        "labels": '{"en": "Article"}',
        "labels-en": "Article",
        "fallback_allowed": "on",
        "field_definitions-TOTAL_FORMS": "0",
        "field_definitions-INITIAL_FORMS": "0",
        "rules-TOTAL_FORMS": "1",
        "rules-INITIAL_FORMS": "1" if rule else "0",
        "rules-0-id": rule.pk if rule else "",
        "rules-0-facet": Facet.objects.get(code="journey").pk,
        "rules-0-minimum": minimum,
        "rules-0-maximum": "",
        "rules-0-below": "",
        "rules-0-ORDER": "1",
    }
    response = client.post(reverse("item_types:edit", args=[kind.pk]), data, follow=True)
    assert response.status_code == 200
    return [BeautifulSoup(str(one), "html.parser").get_text(" ", strip=True) for one in response.context["messages"]]


@pytest.mark.parametrize("more", [0, 30])
def test_items_on_air_are_judged_by_what_was_published_of_them(articles, django_assert_num_queries, more):
    rule = demand(articles)
    draft(ContentItem.objects.get(key="a"), terms=[TermFactory()])
    for number in range(more):
        ItemFactory(key=f"more-{number}", published=True)
    list(failing_items(articles))  # what is kept in memory is there

    with django_assert_num_queries(3):  # rules, versions of facets, facts
        found = list(failing_items(articles))

    assert found[0] == Failing("a", (("journey", "At least 1 needed, 0 chosen."),))
    assert len(found) == 1 + more
    rule.delete()
    assert list(failing_items()) == []


def test_who_changes_a_rule_is_told_what_would_now_fail_and_nothing_goes_off_air(articles, admin_client):
    told = change_type(admin_client, articles, minimum=1)

    assert any("1 published item would now fail the rules of this type (before: 0). It stays" in text for text in told)
    assert ContentItem.objects.filter(live=True).count() == 3

    told = change_type(admin_client, articles, minimum=2)

    assert any("2 published items would now fail the rules of this type (before: 1)." in text for text in told)
    assert any("Show them" in text for text in told)

    assert "All published items of this type keep its rules." in change_type(admin_client, articles, minimum=0)


def test_what_is_scheduled_goes_on_air_as_it_was_approved_and_is_told_before(clock, articles, admin_client):
    term = TermFactory(code="journey:buy")
    schedule(ItemFactory(key="g", headline="Soon"), NOON + HOUR)
    schedule(localize(ContentItem.objects.get(key="g"), "de"), NOON + HOUR)
    schedule(ItemFactory(key="h", terms=[term]), NOON + HOUR)
    schedule(ContentItem.objects.get(key="b"), NOON + HOUR, terms=[])

    told = change_type(admin_client, articles, minimum=1)

    lacking = (("journey", "At least 1 needed, 0 chosen."),)
    assert list(failing_launches()) == [Failing("b", lacking, NOON + HOUR), Failing("g", lacking, NOON + HOUR)]
    assert any("2 scheduled items fail the rules of this type, and will go on air like that." in text for text in told)
    page = admin_client.get(reverse("content_rules_report") + "?type=article").content.decode()
    assert "3 items, published or scheduled" in page
    assert ("Soon" in page, page.count("on air from")) == (True, 2)

    clock.move_to(NOON + HOUR)
    assert {done for _row, done in publish_due()} == {"published"}

    assert list(failing_launches()) == []
    assert [one.key for one in failing_items()] == ["a", "b", "g"]


def test_a_type_saved_with_the_same_rules_tells_nothing(articles, admin_client):
    change_type(admin_client, articles, minimum=1)

    assert not any("would now fail" in text for text in change_type(admin_client, articles, minimum=1))


def test_the_report_lists_them_with_links(articles, admin_client):
    demand(articles)

    page = BeautifulSoup(admin_client.get(reverse("content_rules_report") + "?type=article").content, "html.parser")

    (row,) = page.select(".content-report tbody tr")
    assert row.select_one("a")["href"] == reverse("items:edit", args=[ContentItem.objects.get(key="a").pk])
    assert "Untagged" in row.text
    assert "Journey: At least 1 needed, 0 chosen." in row.text


def test_the_report_says_when_there_is_nothing(articles, admin_client):
    address = reverse("content_rules_report")

    assert "No type has rules for tags yet." in admin_client.get(address).content.decode()
    demand(articles, minimum=0)
    assert (
        "All published items keep the rules of their types, and so does what is scheduled."
        in admin_client.get(address).content.decode()
    )


def test_who_has_no_business_with_items_does_not_see_the_report(articles, client):
    stranger = User.objects.create_user("stranger", password="secret")
    stranger.user_permissions.set(Permission.objects.filter(codename="access_admin"))
    client.force_login(stranger)

    assert client.get(reverse("content_rules_report")).status_code == 302
    assert "Rules for tags" not in client.get(reverse("wagtailadmin_home")).content.decode()
