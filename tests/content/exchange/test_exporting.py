import json
from datetime import datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import Locale

from contenthub.content.models import ContentItem, ItemType
from contenthub.content.publishing import differences
from contenthub.delivery.models import PublishedItem
from tests.content.factories import FieldDefinitionFactory
from tests.content.files import counts, exported, imported, line

LATER = "2099-01-01T00:00:00+00:00"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]


def full(**changes):
    """Return a line that says everything but pictures."""
    return line(
        internal_title="For us",
        kind="offer",
        cta={"label": "Go", "item": "page/two", "action": "action:learn"},
        texts={"push_title": "Hey", "short": "Hi"},
        fields={
            "price": {"amount": "12.50", "currency": "EUR"},
            "promo_code": "SPRING",
            "discount_percent": 12.5,
            "valid_from": "2026-12-01",
            "sold_out": False,
            "more": {"url": "https://example.org/more"},
            "next": {"item": "page/two"},
            "goes_with": ["page/two", "page/three"],
            "about": ["product:vpn"],
        },
        references=[{"role": "legal", "item": "page/legal"}, {"role": "related", "item": "page/two"}],
        priority=-3,
        wanted_locales=["de", "en"],
        fallback_forbidden=True,
        source={"path": ["a", 1]},
        **changes,
    )


@pytest.fixture
def offer():
    """The type offer with a field of every kind (pictures apart)."""
    offer = ItemType.objects.get(code="offer")
    for name, kind in (
        ("sold_out", "boolean"),
        ("more", "link"),
        ("next", "link"),
        ("goes_with", "item"),
        ("about", "term"),
    ):
        FieldDefinitionFactory(item_type=offer, name=name, kind=kind)
    return offer


def row(key="page/one", locale="en"):
    return ContentItem.objects.get(key=key, locale__language_code=locale)


def test_all_that_a_line_can_say_comes_out_as_it_went_in(tmp_path, offer):
    lines = [full(), full(locale="de", slug="eins") | {"state": "draft"}]

    imported(tmp_path, *lines)

    back = exported(tmp_path)
    assert back == [full(), full(locale="de", slug="eins", state="draft")]
    assert counts(imported(tmp_path, *back)) == (0, 0, 2, 0)


def test_lines_come_by_key_the_original_first(tmp_path):
    imported(tmp_path, line(locale="ja"), line(locale="de"), line(id="page/0", slug="0"), line(id="Page/Z", slug="z"))

    assert [(one["id"], one["locale"]) for one in exported(tmp_path)] == [
        ("Page/Z", "en"),
        ("page/0", "en"),
        ("page/one", "ja"),
        ("page/one", "de"),
    ]


def test_live_text_is_written_not_an_editors_newer_draft(tmp_path, editor):
    imported(tmp_path, line())
    draft = row()
    draft.headline = "Draft"
    draft.save_revision(user=editor)

    assert exported(tmp_path) == [line()]


def test_every_state_survives_the_journey_to_an_empty_hub(tmp_path, editor):
    over = "2020-01-01T00:00:00+00:00"
    imported(
        tmp_path,
        line(),
        line(locale="de"),
        line(id="page/draft", slug="draft", state="draft"),
        line(id="page/later", slug="later", go_live_at=LATER),
        line(id="page/over", slug="over", expire_at=over),
        line(id="page/planned", slug="planned", state="draft", go_live_at=LATER),
    )
    row().unpublish(user=editor)
    row("page/over").unpublish(set_expired=True)
    before = exported(tmp_path)

    ContentItem.objects.all().delete()
    PublishedItem.objects.all().delete()
    report = imported(tmp_path, *before)

    assert {(one["id"], one["locale"]): one.get("state", "live") for one in before} == {
        ("page/one", "en"): "off",
        ("page/one", "de"): "live",
        ("page/draft", "en"): "draft",
        ("page/later", "en"): "live",
        ("page/over", "en"): "live",
        ("page/planned", "en"): "draft",
    }
    assert counts(report) == (6, 0, 0, 0)
    assert exported(tmp_path) == before
    assert row(locale="de").live
    assert not row("page/planned").live
    assert list(differences()) == []


def test_an_item_on_air_without_its_original_keeps_its_frozen_facts(tmp_path, editor):
    imported(tmp_path, line(), line(locale="de"))
    source = row()
    source.unpublish(user=editor)
    source = row()
    source.priority = 9
    source.classification = []
    source.save_revision(user=editor)
    source.save()

    assert [(one["tags"], one.get("priority")) for one in exported(tmp_path)] == [(line()["tags"], None)] * 2


def test_the_text_that_is_scheduled_is_written_not_what_was_saved_after_it(tmp_path, editor):
    imported(tmp_path, line(go_live_at=LATER))
    draft = row()
    draft.headline = "Not approved"
    draft.save_revision(user=editor)
    draft.save()

    assert exported(tmp_path) == [line(go_live_at=LATER)]


def test_an_export_that_fails_leaves_the_file_that_was_there(tmp_path, monkeypatch):
    (tmp_path / "out.jsonl").write_text("before")
    imported(tmp_path, line())
    ContentItem.objects.update(extra={"number": 2**70})

    with pytest.raises(TypeError):
        exported(tmp_path)

    assert (tmp_path / "out.jsonl").read_text() == "before"


def test_the_command_tells_how_many_and_where_it_cannot_write(tmp_path, capsys):
    imported(tmp_path, line())

    call_command("export_content", str(tmp_path / "out.jsonl"))
    with pytest.raises(CommandError, match="No such file or directory"):
        call_command("export_content", str(tmp_path / "none" / "out.jsonl"))

    assert capsys.readouterr().out == "1 lines written\n"


def test_an_empty_hub_gives_an_empty_file(tmp_path):
    assert exported(tmp_path) == []
    assert Locale.objects.count() == 4


def test_the_line_in_the_documentation_is_a_good_one(tmp_path):
    text = (Path(__file__).resolve().parents[3] / "docs" / "import.md").read_text(encoding="utf-8")
    example = json.loads(text.split("```json\n")[1].split("\n```")[0])

    report = imported(tmp_path, example)

    assert counts(report) == (1, 0, 0, 0)
    (back,) = exported(tmp_path)
    instants = [datetime.fromisoformat(one.pop("go_live_at")) for one in (back, example)]
    assert back == example
    assert instants[0] == instants[1]
