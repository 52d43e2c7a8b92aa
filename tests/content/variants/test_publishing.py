"""What of variants reaches the published store, by every way in and to the second."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from contenthub.content.clock import publish_due
from contenthub.content.models import Variant
from contenthub.content.publishing import NotPublishable, differences, rebuild, sync
from contenthub.content.variants.making import create_variant
from contenthub.content.variants.publishing import unschedule
from contenthub.delivery.editions import boundaries, fingerprint
from contenthub.delivery.models import Document, Edition, VariantRow
from contenthub.delivery.variantstore import read_targeting
from taxonomy.changes import Merge, apply, undo
from taxonomy.changing import create_term
from tests.content.editing import localize, publish
from tests.content.factories import ItemFactory, VariantFactory, override

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def students(clock):
    return create_term("segment:students", labels={"en": "Students"})


def on_air(at=None):
    """Return code and locale of the variants on air at an instant."""
    at = at or timezone.now()
    rows = VariantRow.objects.filter(starts_at__lte=at, ends_at__gt=at).order_by("code", "locale_code")
    return [(row.code, row.locale_code) for row in rows]


def redraft(variant, *, go_live_at=None, expire_at=None, **values):
    draft = Variant.objects.get(pk=variant.pk).get_latest_revision_as_object()
    draft.go_live_at, draft.expire_at = go_live_at, expire_at
    override(draft, **values)
    return draft.save_revision(clean=False)


def in_step():
    assert list(differences()) == []
    return True


def test_what_a_variant_overrides_is_published_with_whom_it_is_for_and_nothing_else(students):
    variant = VariantFactory(code="students", terms=[students], priority=3, overrides={"headline": "Half price"})
    assert on_air() == []

    variant.latest_revision.publish()

    row = VariantRow.objects.select_related("document").get()
    target = read_targeting(row.targeting)
    assert (target.segments, target.priority, target.markets, target.experiment) == (("segment:students",), 3, (), "")
    assert '"overrides":["headline"]' in row.document.head
    assert '"headline":"Half price"' in row.document.head
    assert '"summary"' not in row.document.head
    assert row.document.body == "{}"
    assert in_step()


def test_a_draft_changes_nothing_of_what_is_on_air(students):
    variant = VariantFactory(published=True, overrides={"headline": "First"}, terms=[students])

    redraft(variant, headline="Second", summary="")

    assert '"First"' in VariantRow.objects.get().document.head
    assert in_step()


def test_going_live_and_expiring_take_effect_to_the_second_without_any_command(clock):
    variant = VariantFactory(overrides={"headline": "Tonight"})
    now = timezone.now()

    redraft(variant, go_live_at=now + HOUR, expire_at=now + 2 * HOUR).publish()

    second = timedelta(seconds=1)
    assert on_air(now + HOUR - second) == []
    assert on_air(now + HOUR) == [(variant.code, "en")]
    assert on_air(now + 2 * HOUR - second) == [(variant.code, "en")]
    assert on_air(now + 2 * HOUR) == []
    clock.shift(3 * HOUR)
    assert [done for _, done in publish_due()] == ["published", "expired"]
    assert in_step()


def test_a_hotfix_leaves_a_scheduled_launch_of_the_same_variant_alone(clock):
    variant = VariantFactory(published=True, overrides={"headline": "Now"})
    now = timezone.now()
    redraft(variant, go_live_at=now + HOUR, headline="Later").publish()

    redraft(variant, headline="Mended").publish()

    heads = [row.document.head for row in VariantRow.objects.order_by("starts_at")]
    assert ['"Mended"' in head for head in heads] == [True, False]
    assert '"Later"' in heads[1]
    assert in_step()


def test_a_launch_that_is_called_off_does_not_take_place(clock):
    variant = VariantFactory(published=True, overrides={"headline": "Now"})
    revision = redraft(variant, go_live_at=timezone.now() + HOUR, headline="Later")
    revision.publish()

    unschedule(Variant.objects.get(pk=variant.pk), revision)

    assert VariantRow.objects.count() == 1
    assert in_step()


@pytest.mark.parametrize("way", ["unpublish", "delete", "bulk delete", "delete item"])
def test_a_variant_that_goes_leaves_the_store_at_once(clock, way):
    variant = VariantFactory(published=True, overrides={"headline": "Mine"})

    match way:
        case "unpublish":
            variant.unpublish()
        case "delete":
            variant.delete()
        case "bulk delete":
            Variant.objects.filter(pk=variant.pk).delete()
        case "delete item":
            variant.localization.delete()

    assert on_air() == []
    assert Document.objects.get(variant=variant.code).served_until == timezone.now()
    assert in_step()


def test_other_languages_go_on_air_only_after_the_original_said_whom_the_version_is_for(clock, students):
    item = ItemFactory(published=True)
    german = publish(localize(item, "de"))
    source = VariantFactory(localization=item, code="students", terms=[students])
    translated = VariantFactory(localization=german, code="students", overrides={"headline": "Für Studierende"})

    with pytest.raises(NotPublishable, match="The original has not published the version students"):
        translated.latest_revision.publish()
    assert on_air() == []
    source.latest_revision.publish()
    translated.latest_revision.publish()

    assert on_air() == [("students", "de"), ("students", "en")]
    targets = {read_targeting(row.targeting) for row in VariantRow.objects.all()}
    assert [target.segments for target in targets] == [("segment:students",)]
    source.refresh_from_db()
    source.unpublish()
    assert on_air() == [("students", "de")]
    assert in_step()


def test_whom_a_version_is_for_changes_in_all_languages_when_the_original_is_published(clock, students):
    item = ItemFactory(published=True)
    german = publish(localize(item, "de"))
    source = VariantFactory(localization=item, code="v", published=True, overrides={"headline": "A"})
    VariantFactory(localization=german, code="v", published=True, overrides={"headline": "B"})
    clock.shift(HOUR)
    draft = source.get_latest_revision_as_object()
    draft.priority = 7

    revision = draft.save_revision(clean=False)
    assert {read_targeting(row.targeting).priority for row in VariantRow.objects.all()} == {0}
    revision.publish()

    live = VariantRow.objects.filter(ends_at__gt=timezone.now(), starts_at__lte=timezone.now())
    assert [read_targeting(row.targeting).priority for row in live] == [7, 7]
    assert in_step()


def test_a_scheduled_change_of_whom_it_is_for_holds_from_its_instant_in_all_languages(clock, students):
    item = ItemFactory(published=True)
    german = publish(localize(item, "de"))
    source = VariantFactory(localization=item, code="v", published=True, overrides={"headline": "A"})
    VariantFactory(localization=german, code="v", published=True, overrides={"headline": "B"})
    draft = source.get_latest_revision_as_object()
    draft.priority, draft.go_live_at = 7, timezone.now() + HOUR

    draft.save_revision(clean=False).publish()

    rows = VariantRow.objects.filter(locale_code="de").order_by("starts_at")
    assert [read_targeting(row.targeting).priority for row in rows] == [0, 7]
    assert rows[0].ends_at == timezone.now() + HOUR == rows[1].starts_at
    assert in_step()


def test_rows_drafts_and_what_is_on_air_follow_a_term_that_is_merged_and_come_back(clock, students):
    learners = create_term("segment:learners", labels={"en": "Learners"})
    variant = VariantFactory(published=True, terms=[students], overrides={"headline": "A"})
    draft = redraft(variant, summary="B")

    def followed():
        draft.refresh_from_db()
        row = VariantRow.objects.get()
        return (
            read_targeting(row.targeting).segments,
            [link.term.code for link in row.term_rows.all()],
            [link.term.code for link in Variant.objects.get(pk=variant.pk).audience.all()],
            [link["term"] for link in draft.content["audience"]],
        )

    entry = apply(Merge("segment:students", into="segment:learners"))
    assert followed() == (("segment:learners",), ["segment:learners"], ["segment:learners"], [learners.pk])
    assert in_step()
    undo(entry)

    assert followed() == (("segment:students",), ["segment:students"], ["segment:students"], [students.pk])
    assert in_step()


def test_a_headline_of_nothing_is_not_published(clock):
    variant = VariantFactory(overrides={"headline": ""})

    with pytest.raises(NotPublishable, match="A headline can be overridden, but not with nothing"):
        variant.latest_revision.publish()

    assert on_air() == []
    assert not Variant.objects.get(pk=variant.pk).live


def test_rebuilding_makes_the_same_again_and_checking_finds_what_was_tampered_with(clock, students):
    variant = VariantFactory(published=True, terms=[students], overrides={"headline": "A", "body": []})
    VariantFactory(localization=variant.localization, published=True, overrides={"summary": "B"})
    before = list(VariantRow.objects.order_by("code").values_list("code", "document__version", "targeting"))
    VariantRow.objects.filter(code=variant.code).delete()
    assert [str(one) for one in differences()] == [
        f"{variant.key} [en]: variant {variant.code} is missing",
    ]

    list(rebuild())

    assert list(VariantRow.objects.order_by("code").values_list("code", "document__version", "targeting")) == before
    assert not VariantRow.objects.first().item.index_rows.filter(has_variants=False).exists()
    assert in_step()


def test_bringing_in_step_again_changes_nothing(clock, students):
    variant = VariantFactory(published=True, terms=[students], overrides={"headline": "A"})
    before = list(VariantRow.objects.values())

    sync(variant.key)

    assert list(VariantRow.objects.values()) == before


def test_whoever_keeps_answers_is_told_when_variants_change_and_when_the_clock_will(clock):
    variant = VariantFactory(published=True, overrides={"headline": "A"})
    before, now = fingerprint(), timezone.now()

    redraft(variant, headline="B", expire_at=now + HOUR).publish()

    assert fingerprint() != before
    assert f"item:{variant.key}" in Edition.objects.latest("pk").tags
    assert boundaries(now).next == now + HOUR


def test_no_variant_of_a_variant_no_second_of_a_code_and_no_tags_in_one(clock):
    variant = VariantFactory(code="students")

    with pytest.raises(ValidationError, match="A version cannot have versions of its own"):
        create_variant(variant, "more")
    with pytest.raises(ValidationError, match="This language has a version students already"):
        create_variant(variant.localization, "students")
    with pytest.raises(ValidationError, match="tags, type, channels and addresses belong to the item"):
        create_variant(variant.localization, "tagged", overrides=["journey"])
    assert Variant.objects.count() == 1
