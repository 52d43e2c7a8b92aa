"""The editor's screens for items: writing, publishing and refusing, whatever is posted."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupApprovalTask, Locale, Workflow, WorkflowContentType, WorkflowTask
from wagtail.users.models import UserProfile

from contenthub.accounts.models import User
from contenthub.content.models import ClassificationRule, ContentItem, ItemType
from contenthub.content.publishing import differences
from contenthub.delivery.models import IndexRow
from taxonomy.models import Facet
from tests.channels.factories import ChannelFactory
from tests.content.editing import localize, schedule
from tests.content.factories import FieldDefinitionFactory, ItemFactory, ItemTypeFactory
from tests.content.posts import draft_of, errors_of, formset, item_form
from tests.content.times import HOUR, NOON
from tests.taxonomy.factories import TermFactory

JSON = {"headers": {"accept": "application/json"}}
PUBLISH = {"action-publish": "1"}


def add_url(kind="article", locale="en"):
    return f"{reverse('items:add')}?type={kind}&locale={locale}"


def edit_url(item):
    return reverse("items:edit", args=[item.pk])


def served(key):
    """Return the tags of the locales in which the store serves an item now."""
    now = timezone.now()
    rows = IndexRow.objects.filter(key=key, starts_at__lte=now, ends_at__gt=now)
    return set(rows.values_list("locale__language_code", flat=True))


@pytest.fixture
def log_in(client):
    """Log somebody in who may do these things to items."""

    def logging_in(*actions: str) -> Client:
        user = User.objects.create_user("somebody", password="secret")
        names = ["access_admin", *(f"{action}_contentitem" for action in actions)]
        user.user_permissions.set(Permission.objects.filter(codename__in=names))
        client.force_login(user)
        return client

    return logging_in


@pytest.fixture
def wants_stage():
    """Articles need exactly one step of the journey."""
    kind = ItemTypeFactory()
    facet = Facet.objects.get(code="journey")
    return ClassificationRule.objects.create(item_type=kind, facet=facet, minimum=1, maximum=1)


# --- writing ------------------------------------------------------------------------------------------------------


def test_a_new_item_begins_with_the_choice_of_its_type(admin_client, locales):
    response = admin_client.get(reverse("items:add"), {"locale": "ja"})

    assert response.status_code == 200
    cards = response.context["types"]
    assert [card.code for card in cards] == sorted(ItemType.objects.values_list("code", flat=True))
    assert f"{reverse('items:add')}?type=faq&amp;locale=ja" in response.content.decode()


def test_a_new_item_keeps_what_was_written_as_a_draft(admin_client, locales):
    step, channel = TermFactory(), ChannelFactory()

    response = admin_client.post(
        add_url("offer", "ja"),
        item_form(
            headline="春の自転車",
            slug="",
            terms_journey=str(step.pk),
            channel_codes=[channel.code],
            own_price_amount="1250,50",
            own_price_currency="eur",
            own_valid_until="2027-05-01",
            wanted_locales=[locales["ja"].pk, locales["de"].pk],
            priority="3",
            **formset("texts", {"name": "short", "text": "春"}),
            **formset("references", {"role": "legal", "target_key": "legal/terms"}),
        ),
    )

    item = ContentItem.objects.get()
    assert response.url == edit_url(item)
    assert (item.locale, item.type.code, item.live, item.is_source) == (locales["ja"], "offer", False, True)
    assert item.slug == "春の自転車"
    assert item.key.startswith("offer/")
    assert [tag.term for tag in item.classification.all()] == [step]
    assert [one.channel for one in item.channels.all()] == [channel]
    assert item.own_fields == {"price": {"amount": "1250.50", "currency": "EUR"}, "valid_until": "2027-05-01"}
    assert {one.language_code for one in item.wanted_locales.all()} == {"ja", "de"}
    assert [(text.name, text.text) for text in item.texts.all()] == [("short", "春")]
    assert [(one.role, one.target_key) for one in item.references.all()] == [("legal", "legal/terms")]
    assert served(item.key) == set()


def test_autosave_makes_one_item_and_goes_on_with_it(admin_client, locales):
    made = admin_client.post(add_url(), item_form(headline="Spr"), **JSON).json()
    item = ContentItem.objects.get()

    saved = admin_client.post(
        edit_url(item), item_form(headline="Spring is here", overwrite_revision_id=made["revision_id"]), **JSON
    ).json()

    assert made["success"]
    assert saved["success"]
    assert saved["revision_id"] == made["revision_id"]
    item.refresh_from_db()
    assert (item.headline, item.key, item.slug) == ("Spring is here", "article/spring-is-here", "spring-is-here")


def test_the_page_of_an_item_just_made_by_autosave_is_filled_in(admin_client, locales):
    made = admin_client.post(add_url(), item_form(), **JSON).json()

    response = admin_client.get(made["hydrate_url"])

    assert response.status_code == 200


@pytest.mark.parametrize("leaning", ["publication", "language", "reference"])
def test_a_key_stays_once_something_leans_on_it(admin_client, locales, leaning):
    item = ItemFactory(key="article/first", published=leaning == "publication")
    if leaning == "language":
        localize(item, "ja")
    if leaning == "reference":
        ItemFactory(references=[("related", "article/first")])

    admin_client.post(edit_url(item), item_form(headline="Second", key="article/second"))

    assert draft_of(item).key == "article/first"
    assert draft_of(item).headline == "Second"


def test_a_key_that_another_item_has_is_refused(admin_client, locales):
    ItemFactory(key="article/first")

    response = admin_client.post(add_url(), item_form(key="article/first"))

    assert errors_of(response) == {"key": ["There is an item article/first already."]}
    assert ContentItem.objects.count() == 1


def test_a_slug_that_another_item_has_is_refused(admin_client, locales):
    ItemFactory(key="article/first", headline="First", slug="first")

    response = admin_client.post(add_url(), item_form(slug="first"))

    assert errors_of(response) == {"slug": ["First (article/first) has this slug already."]}
    assert ContentItem.objects.count() == 1


def test_texts_of_another_language_are_saved_without_the_facts(admin_client, locales):
    step = TermFactory()
    item = ItemFactory(terms=[step], channels=[ChannelFactory()], priority=4, published=True)
    japanese = localize(item, "ja")

    admin_client.post(edit_url(japanese), item_form(headline="見出し"), **JSON)

    assert draft_of(japanese).headline == "見出し"
    assert [tag.term for tag in draft_of(item).classification.all()] == [step]
    assert draft_of(item).priority == 4


def test_facts_posted_on_another_language_are_ignored(admin_client, locales):
    step, channel = TermFactory(), ChannelFactory()
    item = ItemFactory(published=True)
    japanese = localize(item, "ja")

    response = admin_client.post(
        edit_url(japanese),
        item_form(
            terms_journey=str(step.pk),
            channel_codes=[channel.code],
            priority="9",
            fallback_forbidden="on",
            is_source="on",
            key="article/other",
            wanted_locales=[locales["ja"].pk],
            **formset("references", {"role": "legal", "target_key": "legal/terms"}),
        ),
    )

    draft = draft_of(japanese)
    assert response.status_code == 302
    assert (draft.key, draft.is_source, draft.priority, draft.fallback_forbidden) == (item.key, False, 0, False)
    parts = [*draft.classification.all(), *draft.channels.all(), *draft.references.all(), *draft.wanted_locales.all()]
    assert parts == []


# --- what is no form of an item -----------------------------------------------------------------------------------

MALFORMED = [
    {},
    {"headline": "Only that"},
    item_form(**{"body-count": "abc"}),
    item_form(**{"body-count": "1"}),
    item_form(
        **{
            "body-count": "1",
            "body-0-type": "table",
            "body-0-deleted": "",
            "body-0-order": "0",
            "body-0-value": "{",
        }
    ),
    item_form(image="x"),
    item_form(image="9" * 30),
]
REFUSED = [
    ({"terms_journey": "999999"}, "terms_journey"),
    ({"terms_journey": "abc"}, "terms_journey"),
    ({"channel_codes": ["channel:none"]}, "channel_codes"),
    ({"cta_link": "javascript:alert(1)"}, "cta_link"),
    ({"cta_action": "999999"}, "cta_action"),
    ({"image": "999999"}, "image"),
    ({"wanted_locales": ["999999"]}, "wanted_locales"),
    ({"own_price_amount": "1,250", "own_price_currency": "USD"}, "own_price"),
    ({"own_price_amount": "12", "own_price_currency": "ZZZ"}, "own_price"),
    ({"own_discount_percent": "1e400"}, "own_discount_percent"),
    ({"own_valid_from": "tomorrow"}, "own_valid_from"),
    (formset("texts", {"name": "a", "text": "1"}, {"name": "a", "text": "2"}), "texts"),
    (formset("references", {"role": "a", "target_key": "b"}, {"role": "a", "target_key": "b"}), "references"),
    ({"texts-TOTAL_FORMS": "5000000"}, "texts"),
    ({"texts-TOTAL_FORMS": "x"}, "texts"),
    ({"texts-TOTAL_FORMS": "1", "texts-INITIAL_FORMS": "1", "texts-0-id": "777"}, "texts"),
    ({"headline": "a\x00b"}, "headline"),
    ({"headline": "x" * 300}, "headline"),
    ({"go_live_at": "soon"}, "go_live_at"),
]


@pytest.mark.parametrize("posted", MALFORMED)
def test_a_post_that_no_form_makes_is_a_bad_request(admin_client, locales, posted):
    response = admin_client.post(add_url("offer"), {**posted, **PUBLISH})

    assert response.status_code == 400
    assert not ContentItem.objects.exists()


@pytest.mark.parametrize(("posted", "field"), REFUSED)
def test_what_cannot_be_kept_is_told_at_its_field(admin_client, locales, posted, field):
    ChannelFactory()

    response = admin_client.post(add_url("offer"), item_form(**posted))

    assert response.status_code == 200
    assert set(errors_of(response)) == {field}
    assert not ContentItem.objects.exists()


@pytest.mark.parametrize("posted", [{"overwrite_revision_id": "x"}, {"overwrite_revision_id": "999999"}])
def test_an_unknown_draft_is_not_overwritten(admin_client, locales, posted):
    item = ItemFactory(headline="As it was")

    response = admin_client.post(edit_url(item), item_form(**posted), **JSON)

    assert response.status_code == 400
    assert draft_of(item).headline == "As it was"


@pytest.mark.parametrize("state", ["scheduled", "live"])
def test_a_form_that_still_holds_what_is_on_record_begins_a_new_draft(clock, admin_client, state):
    item = ItemFactory(headline="As approved")
    if state == "scheduled":
        schedule(item, NOON + HOUR, headline="As approved")
    else:
        item.get_latest_revision().publish()
    on_record = ContentItem.objects.get(pk=item.pk).latest_revision

    saved = admin_client.post(
        edit_url(item), item_form(headline="Another", overwrite_revision_id=on_record.pk), **JSON
    ).json()

    assert saved["success"], saved
    assert saved["revision_id"] != on_record.pk
    on_record.refresh_from_db()
    assert on_record.content["headline"] == "As approved"
    assert (on_record.approved_go_live_at is not None) == (state == "scheduled")
    assert list(differences()) == []


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/Los_Angeles"])
@pytest.mark.parametrize("date", ["9999-12-31 23:59", "0001-01-01 00:00", "1969-12-31 00:00"])
@pytest.mark.parametrize("name", ["go_live_at", "expire_at"])
def test_a_date_beyond_all_plans_is_an_error_at_its_field(admin_client, editor, locales, zone, date, name):
    UserProfile.get_for_user(editor)
    UserProfile.objects.update(current_time_zone=zone)

    response = admin_client.post(add_url(), item_form(**{name: date}))

    assert response.status_code == 200
    assert errors_of(response)[name][0] in (
        "A date lies between 1970 and 2999.",
        "Expiry date/time must be in the future.",
    )
    assert not ContentItem.objects.exists()


@pytest.mark.parametrize(
    ("posted", "field"),
    [
        ({"cta_label": "Buy"}, "cta_link"),
        ({"cta_link": "https://example.org"}, "cta_label"),
    ],
)
def test_half_a_call_to_action_may_be_drafted_and_not_published(admin_client, locales, posted, field):
    published = admin_client.post(add_url(), item_form(**posted, **PUBLISH))
    drafted = admin_client.post(add_url(), item_form(**posted))

    assert set(errors_of(published)) == {field}
    assert drafted.status_code == 302


# --- publishing ---------------------------------------------------------------------------------------------------


def test_an_item_is_published_from_its_form(admin_client, locales):
    response = admin_client.post(add_url(), item_form(headline="On air", **PUBLISH))

    item = ContentItem.objects.get()
    assert response.status_code == 302
    assert item.live
    assert "en" in served("article/on-air")


def test_rules_and_required_fields_are_demanded_on_publishing_only(admin_client, locales, wants_stage):
    FieldDefinitionFactory(name="source_of_facts", required=True)

    published = admin_client.post(add_url(), item_form(**PUBLISH))

    assert errors_of(published) == {
        "own_source_of_facts": ["This is needed before the item can be published."],
        "terms_journey": ["At least 1 needed, 0 chosen."],
    }
    assert not ContentItem.objects.exists()
    assert admin_client.post(add_url(), item_form()).status_code == 302


def test_a_language_cannot_go_on_air_before_its_original(admin_client, locales):
    item = ItemFactory()
    japanese = localize(item, "ja")

    response = admin_client.post(edit_url(japanese), item_form(**PUBLISH))

    assert response.status_code == 200
    assert errors_of(response) == {
        "__all__": [
            "The original (English) has not been published yet. "
            "Publish it first, or schedule this language for the same instant or later."
        ]
    }
    japanese.refresh_from_db()
    assert not japanese.live
    assert served(item.key) == set()


@pytest.fixture
def in_review(admin_client, editor, locales):
    """Put an item into a review that ends with its publication."""

    def starting(item: ContentItem) -> int:
        workflow = Workflow.objects.create(name="Review")
        WorkflowTask.objects.create(workflow=workflow, task=GroupApprovalTask.objects.create(name="Read"))
        WorkflowContentType.objects.create(workflow=workflow, content_type=item.get_content_type())
        workflow.start(ContentItem.objects.get(pk=item.pk), editor)
        return ContentItem.objects.get(pk=item.pk).current_workflow_task_state.pk

    return starting


@pytest.mark.parametrize("where", ["form", "list"])
def test_an_approval_of_what_may_not_go_on_air_is_refused(admin_client, wants_stage, in_review, where):
    item = ItemFactory()
    state = in_review(item)

    if where == "form":
        posted = item_form(**{"action-workflow-action": "1", "workflow-action-name": "approve"})
        response = admin_client.post(edit_url(item), posted)
        told = errors_of(response)["terms_journey"]
    else:
        response = admin_client.post(reverse("items:workflow_action", args=[item.pk, "approve", state]), follow=True)
        told = [str(message) for message in response.context["messages"]]

    assert "At least 1 needed, 0 chosen." in told[0]
    item.refresh_from_db()
    assert not item.live
    assert item.workflow_in_progress


def test_a_rejection_is_not_held_up_by_the_rules(admin_client, wants_stage, in_review):
    item = ItemFactory()
    in_review(item)

    posted = item_form(**{"action-workflow-action": "1", "workflow-action-name": "reject"})
    response = admin_client.post(edit_url(item), posted)

    assert response.status_code == 302
    item.refresh_from_db()
    assert not item.workflow_in_progress


@pytest.mark.parametrize("where", ["form", "list"])
def test_an_approval_puts_on_air(admin_client, in_review, where):
    item = ItemFactory(headline="Read and found good")
    state = in_review(item)

    if where == "form":
        posted = item_form(**{"action-workflow-action": "1", "workflow-action-name": "approve"})
        admin_client.post(edit_url(item), posted)
    else:
        admin_client.post(reverse("items:workflow_action", args=[item.pk, "approve", state]))

    item.refresh_from_db()
    assert item.live
    assert "en" in served(item.key)


def test_a_launch_is_called_off_from_the_form(admin_client, locales):
    item = ItemFactory()
    admin_client.post(edit_url(item), item_form(go_live_at="2090-01-01 10:00", **PUBLISH))
    launch = ContentItem.objects.get(pk=item.pk).scheduled_revision

    shown = admin_client.get(edit_url(item)).content.decode()
    address = reverse("items:revisions_unschedule", args=[item.pk, launch.pk])
    response = admin_client.post(f"{address}?next={edit_url(item)}")

    assert "is scheduled for Jan. 1, 2090, 10 a.m. UTC" in shown
    assert f"{address}?next={edit_url(item)}" in shown
    assert response.url == edit_url(item)
    assert ContentItem.objects.get(pk=item.pk).scheduled_revision is None
    assert served(item.key) == set()


def test_a_scheduled_item_can_still_be_written(admin_client, locales):
    item = ItemFactory()
    admin_client.post(edit_url(item), item_form(go_live_at="2090-01-01 10:00", **PUBLISH))

    response = admin_client.post(edit_url(item), item_form(headline="A newer draft"))

    assert response.status_code == 302
    assert draft_of(item).headline == "A newer draft"


def test_going_back_to_an_old_draft_leaves_identity_alone(admin_client, locales):
    item = ItemFactory(key="article/old", headline="Old")
    old = item.latest_revision
    admin_client.post(edit_url(item), item_form(headline="New", key="article/new", slug="new"))

    address = reverse("items:revisions_revert", args=[item.pk, old.pk])
    response = admin_client.post(address, item_form(headline="Old", key="article/new", slug="new"))

    item.refresh_from_db()
    assert response.status_code == 302
    assert (item.key, item.headline) == ("article/new", "Old")


# --- the other screens --------------------------------------------------------------------------------------------


def test_every_screen_of_an_item_opens(admin_client, locales):
    item = ItemFactory(terms=[TermFactory()], references=[("legal", "legal/terms")], published=True)
    japanese = localize(item, "ja")

    for row in (item, japanese):
        admin_client.post(edit_url(row), item_form(headline="Changed"))
        pages = ["edit", "delete", "usage", "history", "history_results", "preview_on_edit", "workflow_history"]
        addresses = [reverse(f"items:{page}", args=[row.pk]) for page in pages]
        first, last = row.revisions.first(), row.revisions.last()
        addresses += [
            reverse("items:revisions_compare", args=[row.pk, "earliest", "latest"]),
            reverse("items:revisions_compare", args=[row.pk, first.pk, last.pk]),
            reverse("items:revisions_revert", args=[row.pk, first.pk]),
            reverse("items:revisions_view", args=[row.pk, first.pk]),
            reverse("items:revisions_unschedule", args=[row.pk, first.pk]),
        ]
        if row.live:
            addresses.append(reverse("items:unpublish", args=[row.pk]))
        for address in addresses:
            assert admin_client.get(address, follow=True).status_code == 200, address


def test_an_item_is_taken_off_air(admin_client, locales):
    item = ItemFactory(published=True)

    admin_client.post(reverse("items:unpublish", args=[item.pk]))

    item.refresh_from_db()
    assert not item.live
    assert served(item.key) == set()


def test_an_original_with_other_languages_is_not_deleted(admin_client, locales):
    item = ItemFactory(published=True)
    localize(item, "ja")

    response = admin_client.post(reverse("items:delete", args=[item.pk]), follow=True)

    assert "This is the original of an item" in str(next(iter(response.context["messages"])))
    assert ContentItem.objects.filter(key=item.key).count() == 2


def test_a_language_is_locked_and_unlocked(admin_client, locales):
    item = ItemFactory(headline="As it was")
    admin_client.post(reverse("items:lock", args=[item.pk]))
    other = User.objects.create_superuser("other", password="secret")
    admin_client.force_login(other)

    refused = admin_client.post(edit_url(item), item_form(headline="Changed"))
    admin_client.post(reverse("items:unlock", args=[item.pk]))
    done = admin_client.post(edit_url(item), item_form(headline="Changed"))

    assert refused.status_code == 200
    assert done.status_code == 302


# --- languages ----------------------------------------------------------------------------------------------------


def test_one_click_begins_another_language(admin_client, locales):
    item = ItemFactory(headline="Original", published=True)

    response = admin_client.post(reverse("items:localize", args=[item.pk, "ja"]))

    japanese = ContentItem.objects.get(key=item.key, locale=locales["ja"])
    assert response.url == edit_url(japanese)
    assert (japanese.headline, japanese.live, japanese.is_source) == ("Original", False, False)


@pytest.mark.parametrize("tag", ["en", "xx"])
def test_a_language_that_is_there_or_unknown_is_not_begun(admin_client, locales, tag):
    item = ItemFactory()

    response = admin_client.post(reverse("items:localize", args=[item.pk, tag]))

    assert response.status_code == {"en": 302, "xx": 404}[tag]
    assert ContentItem.objects.count() == 1


def test_looking_begins_no_language(admin_client, locales):
    item = ItemFactory()

    assert admin_client.get(reverse("items:localize", args=[item.pk, "ja"])).status_code == 405
    assert admin_client.get(reverse("items:make_original", args=[item.pk])).status_code == 405


def test_another_language_becomes_the_original(admin_client, locales):
    step = TermFactory()
    item = ItemFactory(terms=[step])
    japanese = localize(item, "ja")

    admin_client.post(reverse("items:make_original", args=[japanese.pk]))

    item.refresh_from_db()
    assert not item.is_source
    assert [tag.term for tag in draft_of(japanese).classification.all()] == [step]


# --- permissions --------------------------------------------------------------------------------------------------


def test_who_may_not_publish_cannot_publish_by_a_forged_post(log_in, locales):
    item = ItemFactory()
    client = log_in("add", "change")

    client.post(edit_url(item), item_form(headline="Changed", **PUBLISH))
    client.post(add_url(), item_form(headline="New", **PUBLISH))
    unpublish = client.post(reverse("items:unpublish", args=[item.pk]))
    original = client.post(reverse("items:make_original", args=[item.pk]))

    assert not ContentItem.objects.filter(live=True).exists()
    assert draft_of(item).headline == "Changed"
    assert unpublish.status_code == 302
    assert unpublish.url == reverse("wagtailadmin_home")
    assert original.status_code == 302
    assert IndexRow.objects.count() == 0


def test_who_may_not_add_begins_neither_item_nor_language(log_in, locales):
    item = ItemFactory()
    client = log_in("change", "publish")

    chosen = client.get(reverse("items:add"))
    added = client.post(add_url(), item_form())
    localized = client.post(reverse("items:localize", args=[item.pk, "ja"]))
    shown = client.get(edit_url(item)).content.decode()

    assert [response.url for response in (chosen, added, localized)] == [reverse("wagtailadmin_home")] * 3
    assert ContentItem.objects.count() == 1
    assert "Write in" not in shown


def test_an_editor_with_rights_on_items_alone_writes_and_publishes(log_in, locales):
    client = log_in("add", "change", "publish")

    client.post(add_url(), item_form(headline="Mine", **PUBLISH))

    assert client.get(reverse("wagtailadmin_home")).status_code == 200
    assert client.get(reverse("items:list")).status_code == 200
    assert "en" in served("article/mine")


def test_nobody_else_sees_items(log_in, locales):
    item = ItemFactory()
    client = log_in()

    addresses = [reverse("items:list"), edit_url(item), add_url(), reverse("content_choose_items")]

    assert {client.get(address).status_code for address in addresses} == {302}


# --- cost ---------------------------------------------------------------------------------------------------------


def count_statements(django_assert_max_num_queries, client, address):
    client.get(address)  # content types, sites and the taxonomy are remembered by the process
    with django_assert_max_num_queries(200) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_editing_costs_the_same_whatever_the_number_of_parts(admin_client, locales, django_assert_max_num_queries):
    few = ItemFactory(terms=[TermFactory()], references=[("related", "a")], texts={"a": "A"}, published=True)
    terms = TermFactory.create_batch(12)
    channels = ChannelFactory.create_batch(5)
    references = [("related", f"key-{number}") for number in range(8)]
    many = ItemFactory(
        terms=terms, channels=channels, references=references, texts={f"t{n}": "T" for n in range(8)}, published=True
    )
    for tag in ("ja", "ko", "de"):
        localize(many, tag)

    counted = [count_statements(django_assert_max_num_queries, admin_client, edit_url(row)) for row in (few, many)]

    assert counted[0] == counted[1]


def test_editing_another_language_costs_the_same_whatever_the_number_of_facts(
    admin_client, locales, django_assert_max_num_queries
):
    few = localize(ItemFactory(terms=[TermFactory()], published=True), "ja")
    source = ItemFactory(terms=TermFactory.create_batch(12), channels=ChannelFactory.create_batch(5), published=True)
    many = localize(source, "ja")
    localize(source, "ko")

    counted = [count_statements(django_assert_max_num_queries, admin_client, edit_url(row)) for row in (few, many)]

    assert counted[0] == counted[1]


def test_the_types_are_edited(admin_client, locales):
    kind = ItemType.objects.get(code="offer")
    ids = list(kind.field_definitions.values_list("pk", flat=True))
    listing = admin_client.get(reverse("item_types:list"))

    shown = admin_client.get(reverse("item_types:edit", args=[kind.pk]))

    assert listing.status_code == shown.status_code == 200
    assert len(ids) == 5
    assert shown.context["form"].fields["code"].disabled


def test_the_default_locale_is_offered_first(admin_client, locales):
    response = admin_client.get(reverse("items:add"))

    assert response.context["locale"] == Locale.get_default()
