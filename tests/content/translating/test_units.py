import pytest
from wagtail import blocks

from contenthub.content.blocks import ItemKeyBlock, LinkBlock, NeutralBody
from contenthub.content.models import ContentItem, NamedText, Variant
from contenthub.content.translating.parts import BLOCK_SETTINGS, BLOCK_TEXTS
from contenthub.content.translating.units import TextsRefused, save_draft, units_of, with_texts
from tests.content.editing import draft, localize
from tests.content.factories import FieldDefinitionFactory, ItemFactory, VariantFactory
from tests.content.translating.bodies import body


@pytest.fixture
def item(locales):
    FieldDefinitionFactory(name="promise")
    FieldDefinitionFactory(name="price", kind="number")
    return ItemFactory(
        published=True,
        headline="Spring",
        summary="",
        cta_label="Go",
        cta_link="https://hub.example/go",
        body=NeutralBody().to_python(body()),
        texts={"push_title": "Ride now"},
        fields={"promise": "Two years", "price": 3},
    )


def test_units_are_the_texts_of_the_original_each_with_its_limit_and_its_target(item):
    german = localize(item, "de", headline="Frühling", body=[])

    units = {unit.id: unit for unit in units_of(german)}

    assert [(unit.id, unit.kind, unit.source, unit.max_length) for unit in units.values()] == [
        ("headline", "plain", "Spring", 255),
        ("body.h1.text", "plain", "Ride", 255),
        ("body.r1", "rich", "<p>Far and <b>wide</b></p>", None),
        ("body.q1.text", "plain", "Lovely", None),
        ("body.q1.source", "plain", "Aurin", 255),
        ("body.l1.items.p1", "plain", "Light", 1000),
        ("body.l1.items.p2", "plain", "Quiet", 1000),
        ("body.c1.label", "plain", "Book", 255),
        ("body.f1.question", "plain", "Why?", 500),
        ("body.f1.answer", "rich", "<p>Because</p>", None),
        ("body.t1.table_caption", "plain", "Sizes", None),
        ("body.t1.data.1.1", "plain", "Size", None),
        ("body.t1.data.1.2", "plain", "M", None),
        ("body.e1.title", "plain", "Film", 255),
        ("body.n1.text", "plain", "Conditions apply", None),
        ("callToAction.label", "plain", "Go", 255),
        ("texts.push_title", "plain", "Ride now", 1000),
        ("fields.promise", "plain", "Two years", None),
    ]
    assert (units["headline"].target, units["headline"].state) == ("Frühling", "translated")
    assert (units["callToAction.label"].target, units["callToAction.label"].state) == ("Go", "same")
    assert (units["body.h1.text"].target, units["body.h1.text"].state) == ("", "missing")
    assert units["body.f1.answer"].path == ("Body", "Question", "Answer")
    assert units_of(item) == []


def test_translators_get_the_published_text_not_the_newer_draft(item):
    german = localize(item, "de")
    draft(item, headline="Summer")

    assert units_of(german)[0].source == "Spring"


def test_written_texts_bring_their_blocks_in_the_order_of_the_original_and_nothing_else(item):
    german = localize(item, "de", body=NeutralBody().to_python(body("n1") + body("h1")))
    texts = {
        "headline": "Frühling",
        "body.l1.items.p2": "Leise",
        "body.c1.label": "Buchen",
        "body.t1.data.1.2": "Mittel",
        "body.r1": "<p>Weit</p>",
        "texts.push_title": "Los",
        "fields.promise": "Zwei Jahre",
    }

    save_draft(with_texts(german.get_latest_revision_as_object(), texts))

    written = ContentItem.objects.get(pk=german.pk).get_latest_revision_as_object()
    assert [block["id"] for block in written.body.raw_data] == ["n1", "h1", "r1", "l1", "c1", "t1"]
    held = {block["id"]: block["value"] for block in written.body.raw_data}
    assert held["r1"] == "<p>Weit</p>"
    assert [point["value"] for point in held["l1"]["items"]] == ["Leise"]
    assert (held["c1"]["label"], held["c1"]["link"]) == ("Buchen", "https://hub.example/en")
    assert (held["t1"]["data"], held["t1"]["table_caption"]) == ([["", "Mittel"]], "")
    assert written.short_texts == {"push_title": "Los"}
    assert written.own_fields == {"promise": "Zwei Jahre", "price": 3}
    targets = {unit.id: unit.target for unit in units_of(written) if unit.id in texts}
    assert targets == texts


def test_points_of_another_import_are_found_by_their_place(item):
    stream = body("l1", l1={"items": [("x1", "Leicht"), ("x2", "Leise"), ("x3", "Schnell")], "ordered": False})
    german = localize(item, "de", body=NeutralBody().to_python(stream))

    written = with_texts(german.get_latest_revision_as_object(), {"body.l1.items.p2": "Still"})

    points = [point["value"] for point in written.body.raw_data[0]["value"]["items"]]
    assert points == ["Leicht", "Still", "Schnell"]


def test_what_cannot_be_written_is_named_and_nothing_is(item):
    german = localize(item, "de")
    given = german.get_latest_revision_as_object()
    texts = {"headline": "ä" * 256, "body.r1": "<script>x</script>", "body.gone.text": "?", "fields.promise": "Gut"}

    with pytest.raises(TextsRefused) as refusal:
        with_texts(given, texts)

    assert list(refusal.value.by_unit) == ["headline", "body.r1", "body.gone.text"]
    assert refusal.value.by_unit["headline"] == "256 characters; at most 255 fit."
    assert given.own_fields["promise"] == "Two years"


def test_a_new_short_text_stands_where_the_original_has_it(item):
    item.texts = [NamedText(name="teaser", text="Soon", sort_order=0), *item.texts.all()]
    item.save()
    german = localize(item, "de")
    german.texts = [one for one in german.texts.all() if one.name != "teaser"]

    written = with_texts(german, {"texts.teaser": "Bald"})

    assert list(written.short_texts) == ["teaser", "push_title"]


def test_a_variant_is_translated_by_what_it_overrides_on_the_original(item):
    german = localize(item, "de")
    german.get_latest_revision().publish()
    VariantFactory(
        localization=item,
        code="students",
        published=True,
        overrides={"headline": "Students ride", "callToAction": ("Save", "https://hub.example/s")},
    )
    there = VariantFactory(localization=german, code="students")

    assert [(unit.id, unit.source, unit.target) for unit in units_of(there)] == [
        ("headline", "Students ride", ""),
        ("callToAction.label", "Save", ""),
    ]
    save_draft(with_texts(there.get_latest_revision_as_object(), {"callToAction.label": "Sparen"}))

    written = Variant.objects.get(pk=there.pk).get_latest_revision_as_object()
    assert written.overrides == ["callToAction"]
    assert (written.cta_label, written.cta_link) == ("Sparen", "https://hub.example/s")


def test_every_text_of_every_block_is_known():
    for kind, block in NeutralBody().child_blocks.items():
        for name, child in getattr(block, "child_blocks", {}).items():
            is_text = isinstance(child, blocks.CharBlock | blocks.TextBlock | blocks.RichTextBlock)
            if is_text and not isinstance(child, LinkBlock | ItemKeyBlock) and name not in BLOCK_SETTINGS.get(kind, ()):
                assert name in BLOCK_TEXTS[kind]
