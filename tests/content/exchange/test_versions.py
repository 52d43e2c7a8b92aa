"""Versions of items as lines: in, out, and round."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from contenthub.content.models import ContentItem, Variant
from contenthub.content.publishing import differences
from contenthub.delivery.models import VariantRow
from tests.content.editing import localize, publish
from tests.content.factories import VariantFactory, override
from tests.content.files import counts, exported, imported, line, problems

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]

LATER = "2099-01-01T00:00:00+00:00"


def version(**changes):
    """Return a good line of a version, with changes; a key whose value is ``...`` is left out."""
    good = {
        "id": "page/one",
        "locale": "en",
        "kind": "page",
        "variant": "japan",
        "for": {"markets": ["market:JP"], "priority": 3},
        "sets": {"title": "One for Japan", "summary": None, "texts": {"push": "Hi", "sms": None}},
    }
    return {name: value for name, value in {**good, **changes}.items() if value is not ...}


def stored(code="japan", locale="en"):
    return Variant.objects.get(code=code, localization__locale__language_code=locale)


def on_air():
    return sorted(VariantRow.objects.values_list("code", "locale_code"))


def test_a_version_is_made_over_its_item_wherever_it_stands_in_the_file(tmp_path):
    report = imported(tmp_path, version(), line())

    assert (problems(report), counts(report)) == ([], (2, 0, 0, 0))
    made = stored()
    assert (made.live, made.overrides) == (True, ["headline", "summary", "texts.push", "texts.sms"])
    assert (made.headline, made.summary, made.own_texts, made.priority) == (
        "One for Japan",
        "",
        {"push": "Hi", "sms": ""},
        3,
    )
    assert [one.term.code for one in made.audience.all()] == ["market:JP"]
    assert made.base_values["headline"] == "One"
    assert on_air() == [("japan", "en")]
    assert list(differences()) == []


def test_what_an_export_writes_comes_in_again_and_changes_nothing(tmp_path):
    full = version(
        sets={
            "title": "Other",
            "body": [{"type": "paragraph", "key": "p1", "html": "<p>Hello <b>Japan</b></p>"}],
            "cta": {"label": "Go", "url": "https://example.org/jp", "action": "action:learn"},
            "image": None,
            "texts": {"push": "Hi"},
        },
        **{"for": {"segments": ["segment:students"], "channels": ["channel:web-page"], "priority": -1}},
    )
    later = version(variant="later", go_live_at=LATER)
    draft = version(variant="plan", state="draft")
    off = version(variant="past", state="off")
    german = version(locale="de", sets={"title": "Eins"}, **{"for": ...})
    first = imported(tmp_path, line(), line(locale="de", slug="eins"), german, full, later, draft, off)
    assert problems(first) == []

    lines = exported(tmp_path)

    written = [one for one in lines if "variant" in one]
    assert [(one["variant"], one["locale"], one.get("state", "live")) for one in written] == [
        ("japan", "en", "live"),
        ("japan", "de", "live"),
        ("later", "en", "live"),
        ("past", "en", "off"),
        ("plan", "en", "draft"),
    ]
    assert written[0] == full
    assert written[1] == german | {"for": full["for"]}
    assert counts(imported(tmp_path, *lines)) == (0, 0, len(lines), 0)
    Variant.objects.filter(localization__is_source=False).delete()
    Variant.objects.all().delete()
    ContentItem.objects.filter(is_source=False).delete()
    ContentItem.objects.all().delete()
    assert problems(imported(tmp_path, *lines)) == []
    assert exported(tmp_path) == lines


def test_another_text_is_published_over_what_was_there(tmp_path):
    imported(tmp_path, line(), version())

    report = imported(tmp_path, version(sets={"title": "New"}, **{"for": {"segments": ["segment:students"]}}))

    assert counts(report) == (0, 1, 0, 0)
    assert (stored().headline, stored().overrides) == ("New", ["headline"])
    assert [one.term.code for one in stored().audience.all()] == ["segment:students"]
    assert list(differences()) == []


def test_a_version_goes_on_air_later_or_off(tmp_path):
    imported(tmp_path, line(), version(go_live_at=LATER))
    assert (stored().live, on_air()) == (False, [("japan", "en")])
    row = VariantRow.objects.get()
    assert row.starts_at > timezone.now() + timedelta(days=1)

    imported(tmp_path, version())
    assert stored().live
    imported(tmp_path, version(state="off"))
    assert (stored().live, on_air()) == (False, [])


BAD = [
    ({"variant": "a b"}, "variant: Use Latin letters"),
    ({"variant": 3}, "variant: "),
    ({"for": []}, "for: expected an object"),
    ({"for": {"people": []}}, "for: unknown key people"),
    ({"for": {"segments": "segment:students"}}, "for, segments: expected a list of codes"),
    ({"for": {"priority": True}}, "for, priority: expected a int"),
    ({"for": {"segments": ["segment:nobody"]}}, "tags, segment: unknown term segment:nobody"),
    ({"for": {"channels": ["channel:none"]}}, "channels: unknown channel channel:none"),
    ({"for": {"test": "t"}}, "A test and its arm go together."),
    ({"sets": {"slug": "x"}}, "sets: unknown key slug"),
    ({"sets": {"title": None}}, "A headline can be overridden, but not with nothing"),
    ({"sets": {"title": "x" * 256}}, "title: longer than 255 characters"),
    ({"sets": {"title": "Hi {{nick}}"}}, "No personal token: {{nick}}"),
    ({"sets": {"fields": {"none": 1}}}, "fields: none is no field of this type"),
    ({"sets": {"body": [{"type": "paragraph", "html": "<script>x</script>"}]}}, "script"),
    ({"tags": {}}, "unknown key tags"),
    ({"kind": "offer"}, "kind: page/one is stored as page"),
    ({"id": "page/none"}, "there is no item page/none in en"),
    ({"locale": "de"}, "there is no item page/one in de"),
]


@pytest.mark.parametrize(("changes", "told"), BAD, ids=[told for _, told in BAD])
def test_a_line_that_cannot_be_meant_is_left_out_and_the_others_go_in(tmp_path, changes, told):
    report = imported(tmp_path, line(), version(**changes), version(variant="good"))

    assert counts(report) == (2, 0, 0, 1)
    assert told in problems(report)[0]
    assert problems(report)[0].startswith("line 2: ")
    assert on_air() == [("good", "en")]


def test_a_version_stands_once_in_a_file(tmp_path):
    report = imported(tmp_path, line(), version(), version())

    assert problems(report) == ["line 3: page/one in en has japan in line 2 too"]


def test_another_language_needs_the_original_and_is_for_the_same(tmp_path):
    imported(tmp_path, line(), line(locale="de", slug="eins"))
    german = version(locale="de", sets={"title": "Eins"})

    assert problems(imported(tmp_path, german)) == ["line 1: the original of page/one has no version japan"]
    report = imported(tmp_path, german | {"for": {"priority": 9}}, version())
    assert problems(report) == ["line 1: for: differs from that of the original"]
    assert counts(imported(tmp_path, german)) == (1, 0, 0, 0)
    assert on_air() == [("japan", "de"), ("japan", "en")]


def test_what_an_editor_did_is_left_alone(tmp_path, editor):
    imported(tmp_path, line(), version())
    draft = stored().get_latest_revision_as_object()
    override(draft, headline="By hand")
    draft.save_revision(user=editor, clean=False)
    changed = version(sets={"title": "By file"})

    assert problems(imported(tmp_path, changed)) == [
        "line 1: an editor has a newer draft of it; publish or discard that, or overwrite it"
    ]
    assert stored().headline == "One for Japan"
    assert counts(imported(tmp_path, changed, overwrite=True)) == (0, 1, 0, 0)
    stored().unpublish(user=editor)
    assert "was taken off air in the hub" in problems(imported(tmp_path, changed))[0]
    Variant.objects.update(locked=True)
    assert "is locked in the hub" in problems(imported(tmp_path, version(sets={"title": "X"}, state="draft")))[0]


def test_a_check_writes_nothing_and_counts_what_would_come(tmp_path):
    lines = [line(), line(locale="de", slug="eins"), version(), version(locale="de", sets={"title": "Eins"})]

    report = imported(tmp_path, *lines, check_only=True)
    assert (problems(report), counts(report)) == ([], (4, 0, 0, 0))
    assert not Variant.objects.exists()
    imported(tmp_path, *lines)
    report = imported(tmp_path, version(sets={"title": "Other"}), version(locale="de", sets={}), check_only=True)
    assert (problems(report), counts(report)) == ([], (0, 2, 0, 0))
    assert stored().headline == "One for Japan"


def test_an_export_costs_the_same_whatever_the_number_of_versions(tmp_path):
    imported(tmp_path, line())
    base = ContentItem.objects.get()
    costs = []
    for number in range(7):
        VariantFactory(localization=base, overrides={"headline": str(number)}, published=True)
        if number in (0, 6):
            with CaptureQueriesContext(connection) as statements:
                exported(tmp_path)
            costs.append(len(statements))
    assert costs[0] == costs[1]


def test_an_editors_version_comes_out(tmp_path):
    imported(tmp_path, line(wanted_locales=["de"]))
    base = ContentItem.objects.get()
    german = publish(localize(base, "de"))
    VariantFactory(localization=base, code="vip", overrides={"headline": "For you"}, published=True)
    VariantFactory(localization=german, code="vip", overrides={"headline": "Für Sie"})

    written = [one for one in exported(tmp_path) if "variant" in one]

    assert [(one["locale"], one["sets"], one.get("state")) for one in written] == [
        ("en", {"title": "For you"}, None),
        ("de", {"title": "Für Sie"}, "draft"),
    ]
