import pytest
from django.core.exceptions import ValidationError

from contenthub.content.experiments import running as experimenting
from contenthub.content.experiments.winning import write_back
from contenthub.content.models import ContentItem, Variant
from contenthub.delivery.models import Document, VariantRow
from taxonomy.changing import create_term
from tests.content.editing import draft, localize, publish
from tests.content.factories import ExperimentFactory, ItemFactory, VariantFactory
from tests.delivery.published import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(clock):
    return ItemFactory(key="k", headline="Cool", summary="The summary", texts={"push": "Cool push"}, published=True)


@pytest.fixture
def decided(item):
    """A stopped test whose arm warm has won, carried by a version of the item."""
    test = experimenting.launch(ExperimentFactory(code="tone").pk)
    experimenting.stop(test.pk, now=NOW)
    test.refresh_from_db()
    test.winner = "warm"
    test.save()
    return test


def version(item, **given):
    overrides = {"headline": "Warm", "texts.push": "Warm push"}
    return VariantFactory(localization=item, code="warm", experiment="tone", arm="warm", overrides=overrides, **given)


def headlines():
    return set(ContentItem.objects.values_list("locale__language_code", "headline"))


def test_the_winner_becomes_the_base_and_its_version_goes_off_air(item, decided):
    version(item, published=True)

    report = write_back(decided)

    item.refresh_from_db()
    assert (report.written, report.left) == (1, [])
    assert (item.headline, item.summary, item.live) == ("Warm", "The summary", True)
    assert {text.name: text.text for text in item.texts.all()} == {"push": "Warm push"}
    assert not Variant.objects.filter(live=True).exists()
    assert not VariantRow.objects.exists()
    assert '"headline":"Warm"' in Document.objects.get(served_until=None).head


def test_every_language_that_has_it_on_air_follows(item, decided):
    german = publish(localize(item, "de", headline="Kühl"))
    version(item, published=True)
    VariantFactory(localization=german, code="warm", overrides={"headline": "Warm (de)"}, published=True)

    assert write_back(decided).written == 2
    assert headlines() == {("en", "Warm"), ("de", "Warm (de)")}


def test_a_base_with_a_newer_draft_is_left_alone(item, decided):
    version(item, published=True)
    draft(item, headline="Half written")

    report = write_back(decided)

    assert (report.written, len(report.left)) == (0, 1)
    assert "There is a draft" in report.left[0]
    assert Variant.objects.get().live


def test_a_version_for_some_readers_is_left_alone(item, decided):
    version(item, published=True, terms=[create_term("segment:students", labels={"en": "Students"})])

    report = write_back(decided)

    assert report.left == ["k: Its version is for some readers only: write it into the text by hand."]
    assert headlines() == {("en", "Cool")}


def test_where_the_control_won_the_bases_stay_and_the_versions_go(item, decided):
    version(item, published=True)
    decided.winner = "control"
    decided.save()

    assert write_back(decided).written == 0
    assert headlines() == {("en", "Cool")}
    assert not Variant.objects.filter(live=True).exists()


def test_without_a_winner_nothing_is_written(item, decided):
    version(item, published=True)
    decided.winner = ""
    decided.save()

    with pytest.raises(ValidationError):
        write_back(decided)

    assert headlines() == {("en", "Cool")}
