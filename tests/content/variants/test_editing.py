"""The editor's screens for versions of items."""

from datetime import timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from contenthub.accounts.models import User
from contenthub.content.models import Variant, VariantTerm
from contenthub.content.variants.making import BaseNow, create_variant, moved_fields
from contenthub.delivery.models import VariantRow
from taxonomy.changing import create_term
from tests.content.editing import localize, publish
from tests.content.factories import (
    ExperimentFactory,
    FieldDefinitionFactory,
    ItemFactory,
    ItemTypeFactory,
    VariantFactory,
)
from tests.content.forms import filled_in, post_form

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon(clock):
    """The clock stands before anybody logs in."""


@pytest.fixture
def students(clock):
    return create_term("segment:students", labels={"en": "Students"})


@pytest.fixture
def item(clock):
    return ItemFactory(key="k", headline="For all", summary="The summary", texts={"short": "Short"}, published=True)


def add_url(item):
    return f"{reverse('variants:add')}?item={item.pk}"


def edit_url(variant):
    return reverse("variants:edit", args=[variant.pk])


def refusals(response):
    return dict(response.context["form"].errors)


def on(*names):
    """Return the switches of these fields, as a browser posts them."""
    return {f"override_{name}": "on" for name in names}


def test_a_new_version_begins_with_the_base_inherits_what_is_not_switched_on_and_goes_on_air(
    admin_client, item, students
):
    form = filled_in(admin_client.get(add_url(item)))
    assert (form["headline"], form["summary"], form["text_short"]) == (["For all"], ["The summary"], ["Short"])
    assert not any(name.startswith("override_") for name in form)

    given = {"code": "students", "segments": str(students.pk), "headline": "For you", "summary": "Never kept"}
    post_form(admin_client, add_url(item), **given, text_short="", **on("headline", "texts.short"))

    variant = Variant.objects.get()
    assert variant.overrides == ["headline", "texts.short"]
    assert (variant.headline, variant.summary, variant.own_texts) == ("For you", "", {"short": ""})
    assert [link.term_id for link in variant.audience.all()] == [students.pk]
    assert variant.base_values == {"headline": "For all", "texts.short": "Short"}
    assert variant.base_revision_id == item.live_revision_id
    head = VariantRow.objects.get().document.head
    assert ('"headline":"For you"' in head, '"texts":[]' in head, "Never kept" in head) == (True, True, False)


def test_a_field_is_given_back_by_switching_it_off(admin_client, item):
    variant = VariantFactory(localization=item, published=True, overrides={"headline": "Mine", "summary": "My own"})
    form = filled_in(admin_client.get(edit_url(variant)))
    assert (form["override_headline"], form["override_summary"]) == (["on"], ["on"])

    post_form(admin_client, edit_url(variant), override_summary=[])

    variant.refresh_from_db()
    assert (variant.overrides, variant.summary) == (["headline"], "")
    assert list(variant.base_values) == ["headline"]


def test_the_types_own_fields_are_overridden_one_by_one(admin_client, clock):
    kind = ItemTypeFactory(code="special")
    FieldDefinitionFactory(item_type=kind, name="promo_code")
    FieldDefinitionFactory(item_type=kind, name="places", kind="number", localized=False)
    item = ItemFactory(type=kind, fields={"promo_code": "ALL", "places": 3}, published=True)

    switched = on("fields.places")
    post_form(admin_client, add_url(item), code="v", own_places="7", own_promo_code="ignored", **switched)

    variant = Variant.objects.get()
    assert (variant.overrides, variant.own_fields) == (["fields.places"], {"places": 7})


def test_a_headline_can_be_overridden_but_not_with_nothing(admin_client, item):
    response = post_form(admin_client, add_url(item), code="v", headline="", **on("headline"))

    assert "not with nothing" in str(refusals(response)["headline"])
    assert not Variant.objects.exists()


def test_a_code_is_taken_once_in_a_language_and_written_plainly(admin_client, item):
    VariantFactory(localization=item, code="students")

    taken = post_form(admin_client, add_url(item), code="Students")
    strange = post_form(admin_client, add_url(item), code="für alle")

    assert refusals(taken)["code"] == ["This language has a version Students already."]
    assert "Use Latin letters" in str(refusals(strange)["code"])
    assert Variant.objects.count() == 1


def test_a_code_can_be_mended_until_something_leans_on_it(admin_client, item):
    variant = VariantFactory(localization=item, code="stu")

    post_form(admin_client, edit_url(variant), action="", code="students")
    variant.refresh_from_db()
    assert variant.code == "students"
    post_form(admin_client, edit_url(variant))
    post_form(admin_client, edit_url(variant), code="too-late")

    variant.refresh_from_db()
    assert (variant.code, variant.live) == ("students", True)


def test_a_version_is_carried_by_an_arm_of_a_test_that_is_not_over(admin_client, item):
    ExperimentFactory(code="colour", title="Colour", arms={"control": 50, "red": 50})

    unknown = post_form(admin_client, add_url(item), code="blue", test_arm="colour blue")
    post_form(admin_client, add_url(item), code="red", test_arm="colour red")

    assert "test_arm" in refusals(unknown)
    variant = Variant.objects.get()
    assert (variant.experiment, variant.arm) == ("colour", "red")
    assert filled_in(admin_client.get(edit_url(variant)))["test_arm"] == ["colour red"]


def test_other_languages_write_texts_only_and_cannot_say_whom_it_is_for(admin_client, item, students):
    german = publish(localize(item, "de"))
    VariantFactory(localization=item, code="v", published=True)
    response = admin_client.post(reverse("variants:localize", args=[german.pk, "v"]))
    translated = Variant.objects.get(localization=german)
    assert response.url == edit_url(translated)

    form = filled_in(admin_client.get(edit_url(translated)))
    assert not {"segments", "markets", "priority", "test_arm"} & form.keys()
    post_form(
        admin_client,
        edit_url(translated),
        segments=str(students.pk),
        priority="9",
        headline="Für dich",
        **on("headline"),
    )

    translated.refresh_from_db()
    assert (translated.headline, translated.priority, translated.live) == ("Für dich", 0, True)
    assert not VariantTerm.objects.filter(variant=translated).exists()


def test_a_new_version_is_made_on_the_original(admin_client, item):
    german = publish(localize(item, "de"))

    assert admin_client.get(add_url(german)).url == add_url(item)
    assert admin_client.get(reverse("variants:add")).url == reverse("items:list")


def test_a_base_that_moved_is_marked_compared_and_taken_over_with_one_click(admin_client, item):
    variant = VariantFactory(localization=item, code="v", published=True, overrides={"headline": "Mine"})
    publish(item, summary="Nobody overrides this")
    assert "base has changed" not in admin_client.get(reverse("items:edit", args=[item.pk])).content.decode()
    publish(item, headline="For everybody")

    item.refresh_from_db()
    assert "base has changed" in admin_client.get(reverse("items:edit", args=[item.pk])).content.decode()
    page = BeautifulSoup(admin_client.get(reverse("variants:moved", args=[variant.pk])).content, "html.parser")
    columns = [column.get_text(" ", strip=True) for column in page.select(".content-threeway__columns > div")]
    assert columns[0] == "Base then For all"
    assert columns[2] == "This version Mine"
    assert "everybody" in columns[1]

    admin_client.post(reverse("variants:rebase", args=[variant.pk]))

    variant.refresh_from_db()
    assert (variant.headline, variant.live) == ("Mine", True)
    assert variant.base_values == {"headline": "For everybody"}
    assert moved_fields(variant, item) == []


def test_a_moved_field_can_be_given_back_in_the_draft(admin_client, item):
    variant = VariantFactory(localization=item, published=True, overrides={"headline": "Mine", "summary": "My own"})
    publish(item, headline="For everybody")

    admin_client.post(reverse("variants:give_back", args=[variant.pk]), {"field": "headline"})

    variant.refresh_from_db()
    assert variant.get_latest_revision_as_object().overrides == ["summary"]
    assert variant.overrides == ["headline", "summary"]


def test_the_item_shows_its_versions_with_whom_they_are_for_and_where_texts_are_missing(admin_client, item, students):
    publish(localize(item, "de"))
    VariantFactory(localization=item, code="v", terms=[students], priority=4, published=True, experiment="t", arm="b")

    page = BeautifulSoup(admin_client.get(reverse("items:edit", args=[item.pk])).content, "html.parser")

    (row,) = page.select("tr[data-variant]")
    text = row.get_text(" ", strip=True)
    assert all(part in text for part in ("v", "priority 4", "Students", "t: b", "Live", "Edit"))
    chips = {
        chip.select_one(".content-chip__tag").text: chip["class"][1]
        for chip in row.select(".content-chips .content-chip")
    }
    assert chips == {"en": "content-chip--live", "de": "content-chip--missing"}


def test_many_versions_cost_the_item_no_more_statements_than_one(admin_client, item, students):
    def statements(count):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        have = Variant.objects.count()
        rows = [
            Variant(localization=item, code=f"v{number}", overrides=["headline", "texts.short"], headline="x",
                    base_values={"headline": "For all", "texts.short": "Other"})
            for number in range(have, count)
        ]  # fmt: skip
        made = Variant.objects.bulk_create(rows)
        VariantTerm.objects.bulk_create([VariantTerm(variant=one, term=students) for one in made])
        url = reverse("items:edit", args=[item.pk])
        admin_client.get(url)
        with CaptureQueriesContext(connection) as captured:
            page = admin_client.get(url)
        assert page.content.decode().count("data-variant>") == count
        return len(captured)

    assert statements(2) == statements(200)


def test_what_a_base_says_is_looked_up_once_for_all_its_versions(item, django_assert_num_queries):
    item = type(item).objects.get(pk=item.pk)
    variants = [Variant(overrides=["texts.short"], base_values={"texts.short": "Other"}) for _ in range(5)]
    now = BaseNow(item)

    with django_assert_num_queries(1):
        assert [now.moved_below(variant) for variant in variants] == [["texts.short"]] * 5


@pytest.mark.parametrize("name", ["localize", "rebase", "give_back"])
def test_changes_want_a_post_and_a_right(client, admin_client, item, name):
    variant = VariantFactory(localization=item, overrides={"headline": "x"})
    arguments = [item.pk, "new"] if name == "localize" else [variant.pk]
    url = reverse(f"variants:{name}", args=arguments)
    assert admin_client.get(url).status_code == 405
    reader = User.objects.create_user("reader", password="secret", is_staff=True)
    client.force_login(reader)

    assert client.post(url).status_code in (302, 403)
    assert Variant.objects.count() == 1
    assert Variant.objects.get().overrides == ["headline"]


def test_a_version_that_other_languages_have_too_is_not_deleted_on_the_original(admin_client, item):
    german = publish(localize(item, "de"))
    source = VariantFactory(localization=item, code="v")
    create_variant(german, "v")

    admin_client.post(reverse("variants:delete", args=[source.pk]))
    assert Variant.objects.count() == 2
    admin_client.post(reverse("variants:delete", args=[Variant.objects.get(localization=german).pk]))
    admin_client.post(reverse("variants:delete", args=[source.pk]))
    assert Variant.objects.count() == 0


def test_taking_off_air_and_calling_off_by_the_screens_reach_the_store(admin_client, item):
    variant = VariantFactory(localization=item, published=True, overrides={"headline": "x"})
    draft = variant.get_latest_revision_as_object()
    draft.go_live_at = timezone.now() + timedelta(days=1)
    revision = draft.save_revision(clean=False)
    revision.publish()
    assert VariantRow.objects.count() == 2

    admin_client.post(reverse("variants:revisions_unschedule", args=[variant.pk, revision.pk]))
    assert VariantRow.objects.count() == 1
    admin_client.post(reverse("variants:unpublish", args=[variant.pk]))
    assert VariantRow.objects.count() == 0


def test_a_draft_is_previewed_over_its_base(admin_client, item):
    variant = VariantFactory(localization=item, overrides={"headline": "Only a draft"})

    page = variant.make_preview_request(preview_mode="written").content.decode()

    assert "Only a draft" in page
    assert "The summary" in page


# --- why this? ----------------------------------------------------------------------------------------------


def ask_why(client, item, **picked):
    page = BeautifulSoup(client.get(reverse("items:why", args=[item.pk]), picked).content, "html.parser")
    fields = {
        row.th.text: [cell.get_text(" ", strip=True) for cell in row.find_all("td")]
        for row in page.select(".content-why__answer tbody tr")
    }
    versions = {
        row.th.text: " ".join(row.td.get_text(" ", strip=True).split())
        for row in page.select(".content-variants tbody tr")
    }
    return fields, versions, page


def test_an_editor_sees_what_a_reader_gets_and_why(admin_client, item, students):
    VariantFactory(localization=item, code="students", terms=[students], published=True, overrides={"headline": "You"})
    VariantFactory(localization=item, code="everybody", published=True, overrides={"headline": "All", "summary": "S"})
    VariantFactory(localization=item, code="idle", published=True, overrides={"headline": "Never"})

    fields, versions, _ = ask_why(admin_client, item, segments=str(students.pk))

    assert fields["Headline"] == ["You", "students"]
    assert fields["Summary"] == ["S", "everybody"]
    assert fields["short"] == ["Short", "base"]
    assert versions["students"].startswith("wins Gives Headline.")
    assert versions["everybody"].startswith("Number 2. Gives Summary.")
    assert "Number 3. Gives nothing" in versions["idle"]
    fields, versions, _ = ask_why(admin_client, item)
    assert fields["Headline"] == ["All", "everybody"]
    assert versions["students"] == "Not eligible: the context meets none of its segments."


def test_the_page_answers_for_an_instant_of_the_past(admin_client, locales):
    with time_machine.travel(timezone.now() - timedelta(days=2), tick=False) as clock:
        item = ItemFactory(headline="Old", published=True)
        VariantFactory(localization=item, code="all", overrides={"summary": "For all"}, published=True)
        clock.shift(timedelta(days=1))
        draft = item.get_latest_revision_as_object()
        draft.headline = "New"
        draft.save_revision(clean=False).publish()
    at = (timezone.now() - timedelta(days=1.5)).strftime("%Y-%m-%d %H:%M")

    assert ask_why(admin_client, item)[0]["Headline"] == ["New", "base"]
    fields, _, page = ask_why(admin_client, item, at=at)
    assert (fields["Headline"], fields["Summary"]) == (["Old", "base"], ["For all", "all"])
    assert "an instant past or to come" in page.text


def test_the_page_answers_for_an_instant_to_come_and_says_why_an_item_is_not_seen(admin_client, item, students):
    variant = VariantFactory(localization=item, code="later", overrides={"headline": "Later"})
    draft = variant.get_latest_revision_as_object()
    draft.go_live_at = timezone.now() + timedelta(days=1)
    draft.save_revision(clean=False).publish()

    fields, versions, _ = ask_why(admin_client, item)
    assert fields["Headline"] == ["For all", "base"]
    assert versions["later"].startswith("Not eligible: it is not on air at this instant.")
    at = (timezone.now() + timedelta(days=2)).strftime("%Y-%m-%d %H:%M")
    assert ask_why(admin_client, item, at=at)[0]["Headline"] == ["Later", "later"]
    assert "It is not on air in this language" in ask_why(admin_client, item, at="2020-01-01 00:00")[2].text
    hidden = ItemFactory(terms=[students], published=True)
    other = create_term("segment:others", labels={"en": "Others"})
    page = ask_why(admin_client, hidden, segments=str(other.pk))[2]
    assert "the context meets none of them" in page.text
