"""Every way an editor has to put items on air and take them off: the store follows each."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from wagtail.models import GroupApprovalTask, Workflow, WorkflowContentType, WorkflowTask

from contenthub.content.models import ContentItem
from contenthub.content.publishing import differences
from tests.content.editing import draft, localize, publish, schedule
from tests.content.factories import ItemFactory
from tests.content.forms import post_form, post_item
from tests.content.times import HOUR, NOON
from tests.taxonomy.factories import TermFactory

ITEM = "query ($key: String!, $at: DateTime) { item(key: $key, context: {at: $at}) { headline journey { code } } }"


@pytest.fixture
def told(ask):
    """Ask GraphQL for the headline of an item, now or at an instant."""

    def told(key, at=None):
        item = ask(ITEM, key=key, at=at and at.isoformat())["item"]
        return item and item["headline"]

    return told


@pytest.fixture(autouse=True)
def _store_agrees(db):
    yield
    assert [str(difference) for difference in differences()] == []


def test_the_publish_button(clock, admin_client, told):
    item = ItemFactory(terms=[TermFactory()])

    answer = post_item(admin_client, item, headline="By the button")

    assert answer.status_code == 302
    assert told(item.key) == "By the button"


def test_saving_a_draft_changes_nothing_that_is_served(clock, admin_client, told):
    item = ItemFactory(headline="Published", published=True)

    post_item(admin_client, item, action="", headline="Draft")

    assert told(item.key) == "Published"
    item.refresh_from_db()
    assert item.get_latest_revision_as_object().headline == "Draft"


def test_the_publish_button_with_a_date_schedules(clock, admin_client, told):
    item = ItemFactory()

    post_item(admin_client, item, headline="Later", go_live_at="2027-03-01 13:00")

    assert told(item.key) is None
    assert told(item.key, NOON + HOUR) == "Later"


def test_publishing_a_language_before_its_original_is_an_error_on_the_form(clock, admin_client, told):
    item = ItemFactory()
    german = localize(item, "de")

    answer = post_item(admin_client, german, headline="Zu früh")

    assert answer.status_code == 200
    assert "has not been published yet" in answer.content.decode()
    assert told(item.key) is None
    german.refresh_from_db()
    assert (german.live, german.headline) == (False, f"{item.headline} in de")


def test_the_end_of_a_workflow(clock, admin_client, editor, told):
    item = ItemFactory()
    review = _workflow(editor)
    draft(item, headline="Reviewed")
    item.refresh_from_db()

    state = review.start(item, editor)

    assert told(item.key) is None
    state.current_task_state.approve(user=editor)
    assert told(item.key) == "Reviewed"


def test_a_hotfix_does_not_call_off_a_review(clock, admin_client, editor, told):
    item = ItemFactory(headline="Old", published=True)
    draft(item, headline="In review")
    item.refresh_from_db()
    state = _workflow(editor).start(item, editor)

    publish(item, headline="Hotfix")

    assert told(item.key) == "Hotfix"
    state.refresh_from_db()
    assert state.status == "in_progress"


def test_calling_off_a_launch_in_the_history(clock, admin_client, told):
    item = schedule(ItemFactory(headline="Old", published=True), NOON + HOUR, headline="New")
    assert told(item.key, NOON + HOUR) == "New"

    url = reverse("items:revisions_unschedule", args=[item.pk, item.scheduled_revision.pk])
    answer = admin_client.post(url)

    assert answer.status_code == 302
    assert told(item.key, NOON + HOUR) == "Old"


def test_the_unpublish_page(clock, admin_client, told):
    item = ItemFactory(published=True)

    answer = admin_client.post(reverse("items:unpublish", args=[item.pk]))

    assert answer.status_code == 302
    assert told(item.key) is None


def test_the_delete_page_withdraws_and_refuses_originals_with_languages(clock, admin_client, told):
    item = ItemFactory(published=True)
    german = publish(localize(item, "de"))

    admin_client.post(reverse("items:delete", args=[item.pk]))

    assert told(item.key) == item.headline
    admin_client.post(reverse("items:delete", args=[german.pk]))
    admin_client.post(reverse("items:delete", args=[item.pk]))
    assert told(item.key) is None
    assert not ContentItem.objects.exists()


def test_bulk_actions(clock, admin_client, told):
    one, two = ItemFactory(), ItemFactory()

    _in_bulk(admin_client, "publish_items", one, two)
    assert (told(one.key), told(two.key)) == (one.headline, two.headline)

    _in_bulk(admin_client, "unpublish_items", one)
    assert (told(one.key), told(two.key)) == (None, two.headline)

    _in_bulk(admin_client, "delete", two)
    assert (told(two.key), ContentItem.objects.get()) == (None, one)


def test_an_old_version_published_again(clock, admin_client, told):
    item = ItemFactory(headline="First", published=True)
    first = item.latest_revision
    clock.shift(timedelta(minutes=1))
    item = publish(item, headline="Second")

    post_form(admin_client, reverse("items:revisions_revert", args=[item.pk, first.pk]), action="")
    url = reverse("items:edit", args=[item.pk])
    post_form(admin_client, url)

    assert told(item.key) in ("First", "Second")


def _workflow(editor):
    task = GroupApprovalTask.objects.create(name="Review")
    task.groups.add(Group.objects.get(name="Moderators"))
    workflow = Workflow.objects.create(name="Review first")
    WorkflowTask.objects.create(workflow=workflow, task=task)
    content_type = ContentItem.get_content_type()
    WorkflowContentType.objects.create(workflow=workflow, content_type=content_type)
    return workflow


def _in_bulk(client, action, *items):
    ids = "&".join(f"id={item.pk}" for item in items)
    url = reverse("wagtail_bulk_action", args=["content", "contentitem", action])
    answer = client.post(f"{url}?{ids}&next=/admin/items/")
    assert answer.status_code == 302, answer
