import json
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Locale, ModelLogEntry, Revision

from contenthub.content.exchange import importing, jsonlines
from contenthub.content.exchange.importing import import_content
from contenthub.content.models import ClassificationRule, ContentItem, ItemType
from contenthub.content.publishing import differences
from contenthub.delivery import bulk
from contenthub.delivery.models import Document, IndexRow, PublishedItem
from taxonomy.models import Facet
from tests.content.factories import FieldDefinitionFactory
from tests.content.files import counts, exported, imported, line, problems, written

LATER, LATEST = "2099-01-01T00:00:00+00:00", "2099-06-01T00:00:00+00:00"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]


def everything() -> dict[str, list]:
    """Return all rows that an import could have written."""
    models = (ContentItem, Revision, Document, IndexRow, PublishedItem, ModelLogEntry, Locale)
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


def of(key: str = "page/one", locale: str = "en") -> ContentItem:
    return ContentItem.objects.get(key=key, locale__language_code=locale)


def edit(row: ContentItem, editor, *, publish: bool = False, **columns) -> Revision:
    row = row.get_latest_revision_as_object()
    for name, value in columns.items():
        setattr(row, name, value)
    revision = row.save_revision(user=editor)
    if publish:
        revision.publish(user=editor)
    elif not row.live:
        row.save()
    return revision


# --- bad lines ----------------------------------------------------------------------------------------------

NESTED = json.loads("[" * 40 + "]" * 40)
BAD = [
    ('{"id": "page/two", ', "not JSON: "),
    ("[1, 2]", "expected a JSON object"),
    ("\xa0", "not JSON: "),
    (json.dumps(line(title="é"), ensure_ascii=False).encode("latin-1"), "not UTF-8: byte "),
    (b'{"id": "page/two\x00"}', "holds NUL bytes: is the file UTF-16? It must be UTF-8"),
    ('{"id": "page/two", "note": "\\u0000"}', "a text holds a NUL character"),
    ('{"id": "page/two", "title": "\\ud800"}', "not JSON: "),
    ('{"id": "a", "id": "b"}', "the key id stands twice in one object"),
    ('{"id": "a", "extra": {"b": 1, "b": 2}}', "the key b stands twice in one object"),
    ('{"id": "a", "priority": NaN}', "not JSON: "),
    ('{"id": "a", "priority": 1e999}', "not JSON: "),
    ('{"id": "a", "note": 1e300}', "the number 1e300 is larger than 9007199254740992"),
    ('{"id": "a", "note": 12345678901234567890}', "the number 12345678901234567890 is larger than 9007199254740992"),
    ("[" * 5000 + "]" * 5000, "not JSON: "),
    (line(note=NESTED), "nested deeper than 32 levels"),
    (line(id=...), "id: expected text"),
    (line(id="two words"), "id: Use Latin letters"),
    (line(id="x" * 256), "id: longer than 255 characters"),
    (line(locale="english please"), "locale: "),
    (line(locale="qqq"), "locale: "),
    (line(locale=5), "locale: "),
    (line(kind="poem"), "kind: there is no type poem"),
    (line(title=" "), "title: expected text"),
    (line(slug="a b/c"), "slug: Enter a valid “slug”"),
    (line(summary=[]), "summary: expected text"),
    (line(tags={"journey": ["journey:nowhere"]}), "tags, journey: unknown term journey:nowhere"),
    (line(tags={"journey": ["product:vpn"]}), "tags, journey: product:vpn is a term of product"),
    (line(tags={"colour": ["colour:red"]}), "tags: there is no facet colour"),
    (line(tags={"journey": "journey:buy"}), "tags, journey: expected a list of codes"),
    (line(tags={"journey": [{"code": 1}]}), "tags, journey: unknown term {'code': 1}"),
    (line(tags={"journey": ["journey:buy", "journey:buy"]}), "tags, journey: a term is given twice"),
    (line(channels=["channel:fax"]), "channels: unknown channel channel:fax"),
    (line(channels=[["channel:web"]]), "channels: unknown channel ['channel:web']"),
    (line(cta={"label": "Go", "url": "javascript:alert(1)"}), "cta: Write a full address"),
    (line(cta={"label": "Go", "url": "https://a.org", "item": "page/x"}), "cta: expected the link as text"),
    (line(cta={"label": "Go", "href": "https://a.org"}), "cta: unknown key href"),
    (line(cta={"label": "Go", "action": "journey:buy"}), "cta: journey:buy is not a term of the facet action"),
    (line(body={}), "body: expected a list"),
    (line(references=[{"role": "legal"}]), "references: expected objects with role and item"),
    (line(wanted_locales=["klingonish"]), "wanted_locales: "),
    (line(state="on"), "state: expected one of live, draft, off"),
    (line(priority=1.5), "priority: expected a whole number of at most a million"),
    (line(go_live_at="tomorrow"), "go_live_at: expected an instant with offset"),
    (line(go_live_at="2026-12-01T09:00:00"), "go_live_at: expected an instant with offset"),
    (line(go_live_at=LATEST, expire_at=LATER), "expire_at: is not after go_live_at"),
    (line(fields={"colour": "red"}), "fields: colour is no field of this type"),
]


def test_bad_lines_are_named_and_left_out_whole_and_the_good_ones_go_in(tmp_path):
    lines = [line(id="page/first", slug="first"), *(bad for bad, _ in BAD), line(id="page/last", slug="last")]

    report = imported(tmp_path, *lines)

    told = {problem.line: str(problem) for problem in reversed(report.problems)}
    for number, (_, message) in enumerate(BAD, start=2):
        assert told.pop(number).startswith(f"line {number}: {message}")
    assert told == {}
    assert counts(report) == (2, 0, 0, len(BAD))
    assert sorted(ContentItem.objects.values_list("key", flat=True)) == ["page/first", "page/last"]


def test_all_that_is_wrong_with_a_line_is_told_at_once(tmp_path):
    report = imported(tmp_path, line(kind="poem", title="", channels=["channel:fax"]))

    assert problems(report) == [
        "line 1: kind: there is no type poem",
        "line 1: title: expected text",
        "line 1: channels: unknown channel channel:fax",
    ]
    assert report.left_out == 1


def test_a_byte_order_mark_windows_line_ends_and_empty_lines_do_no_harm(tmp_path):
    first, second = json.dumps(line()), json.dumps(line(id="page/two", slug="two"))

    report = imported(tmp_path, f"\ufeff{first}\r\n\r\n  \n".encode(), f"{second}\r\n".encode(), b'{"broken')

    assert counts(report) == (2, 0, 0, 1)
    assert report.problems[0].line == 5


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_a_file_in_another_unicode_encoding_is_refused_with_one_word(tmp_path, encoding):
    report = imported(tmp_path, "\n".join([json.dumps(line())] * 3).encode(encoding))

    assert problems(report) == [f"line 1: the file is {encoding.upper()}; it must be UTF-8"]


def test_an_over_long_line_is_skipped_without_being_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(jsonlines, "LONGEST_LINE", 2000)
    just_fits = json.dumps(line(note="")).encode()
    just_fits = just_fits.replace(b'"note": ""', b'"note": "' + b"x" * (2000 - len(just_fits)) + b'"')

    report = imported(tmp_path, b"x" * 9000, just_fits, json.dumps(line(id="page/b", slug="b", note="x" * 2000)))

    assert len(just_fits) == 2000
    assert problems(report) == ["line 1: longer than 2000 bytes", "line 3: longer than 2000 bytes"]
    assert counts(report) == (1, 0, 0, 2)


def test_more_problems_than_anybody_reads_are_counted_but_not_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(importing, "MOST_PROBLEMS", 3)

    report = imported(tmp_path, *["x"] * 50, line())

    assert (len(report.problems), report.left_out, report.written.added) == (3, 50, 1)


def test_the_same_localization_twice_goes_in_once(tmp_path):
    report = imported(tmp_path, line(), line(title="Another"), line(locale="EN"))

    assert problems(report) == [
        "line 2: page/one in en stands in line 1 too",
        "line 3: page/one in en stands in line 1 too",
    ]
    assert of().headline == "One"


def test_lines_of_one_item_must_agree_on_its_facts(tmp_path):
    report = imported(tmp_path, line(), line(locale="de", tags={}), line(locale="ja", kind="article"))

    assert problems(report) == [
        "line 2: kind, tags, channels or other facts differ from line 1 of the same item",
        "line 3: kind, tags, channels or other facts differ from line 1 of the same item",
    ]


def test_the_kind_of_a_stored_item_cannot_change(tmp_path):
    imported(tmp_path, line())

    report = imported(tmp_path, line(kind="article"))

    assert problems(report) == ["line 1: kind: page/one is stored as page"]
    assert of().type.code == "page"


def test_a_slug_belongs_to_one_item_in_the_file_and_in_the_hub(tmp_path):
    imported(tmp_path, line())

    report = imported(
        tmp_path,
        line(id="page/two", slug="one"),
        line(id="page/three", slug="three"),
        line(id="page/four", slug="three"),
        line(id="page/five", slug="one", locale="de"),
    )

    assert problems(report) == [
        "line 1: slug: one belongs to page/one in en",
        "line 3: slug: three is that of page/three in en",
    ]
    assert counts(report) == (2, 0, 0, 2)


def test_a_slug_that_a_refused_line_asked_for_is_free_for_the_next(tmp_path):
    report = imported(tmp_path, line(kind="poem"), line(id="page/two"))

    assert counts(report) == (1, 0, 0, 1)


def test_facts_that_contradict_a_stored_original_are_not_dropped_silently(tmp_path):
    imported(tmp_path, line())

    report = imported(tmp_path, line(locale="de", tags={"journey": ["journey:buy"]}))
    imported(tmp_path, line(locale="ja"))

    assert problems(report) == ["line 1: tags, channels or other facts differ from those of the original (en)"]
    assert sorted(ContentItem.objects.values_list("locale__language_code", flat=True)) == ["en", "ja"]


def test_what_the_rules_of_a_type_ask_for_is_asked_for(tmp_path):
    page = ItemType.objects.get(code="page")
    FieldDefinitionFactory(item_type=page, name="author", required=True)
    ClassificationRule.objects.create(item_type=page, facet=Facet.objects.get(code="campaign"), minimum=1)

    report = imported(tmp_path, line(), line(id="page/two", slug="two", state="draft"))

    assert problems(report) == [
        "line 1: fields: author is needed before it can be published; tags, campaign: At least 1 needed, 0 chosen."
    ]
    assert of("page/two").live is False


# --- files --------------------------------------------------------------------------------------------------


def test_a_missing_file_a_folder_and_an_empty_file(tmp_path):
    empty = written(tmp_path / "empty")

    with pytest.raises(CommandError, match="No such file or directory"):
        call_command("import_content", str(tmp_path / "none.jsonl"))
    with pytest.raises(CommandError, match="Is a directory"):
        call_command("import_content", str(tmp_path))
    assert counts(import_content(empty)) == (0, 0, 0, 0)


def test_the_command_names_lines_and_fails_where_some_were_left_out(tmp_path):
    path = written(tmp_path, line(), "{")
    out, err = StringIO(), StringIO()

    with pytest.raises(CommandError, match="Some lines were left out"):
        call_command("import_content", str(path), stdout=out, stderr=err)

    assert out.getvalue() == "2 lines read: 1 added, 0 changed, 0 unchanged, 1 left out\n"
    assert f"{path}: line 2: not JSON" in err.getvalue()
    assert "1 of 1 items" in err.getvalue()


def test_a_check_says_what_would_be_done_and_does_nothing(tmp_path):
    imported(tmp_path, line(), line(id="page/two", slug="two"))
    before = everything()

    report = imported(
        tmp_path,
        line(),
        line(id="page/two", slug="two", title="Changed"),
        line(id="page/three", slug="three", locale="fr", wanted_locales=["it"]),
        line(id="page/four", slug="one"),
        check_only=True,
    )

    assert counts(report) == (1, 1, 1, 1)
    assert problems(report) == ["line 4: slug: one is that of page/one in en"]
    assert everything() == before


# --- again, and on from where it stopped --------------------------------------------------------------------


def test_importing_again_writes_nothing(tmp_path):
    lines = [
        line(body=[{"type": "paragraph", "html": "<p>No key</p>"}, {"type": "list", "items": ["a"]}]),
        line(locale="de", body=[]),
        line(id="page/later", slug="later", go_live_at=LATER, expire_at=LATEST),
        line(id="page/draft", slug="draft", state="draft"),
        line(id="page/off", slug="off", state="off"),
        line(id="page/over", slug="over", expire_at="2020-01-01T00:00:00+00:00"),
    ]
    assert counts(imported(tmp_path, *lines)) == (6, 0, 0, 0)
    before = everything()

    report = imported(tmp_path, *lines)

    assert counts(report) == (0, 0, 6, 0)
    assert everything() == before


@pytest.mark.parametrize(
    "given",
    [
        {"expire_at": "2099-01-01T00:00:00+09:00"},
        {"go_live_at": "2020-01-01T00:00:00+09:00"},
        {"go_live_at": "2099-01-01T00:00:00-05:00"},
    ],
)
def test_an_instant_is_the_same_in_every_offset(tmp_path, given):
    imported(tmp_path, line(**given))
    before = everything()

    report = imported(tmp_path, line(**given))

    assert counts(report) == (0, 0, 1, 0)
    assert everything() == before


@pytest.mark.parametrize("name", ["go_live_at", "expire_at"])
@pytest.mark.parametrize("instant", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "1969-12-31T00:00:00Z"])
def test_a_date_beyond_all_plans_is_a_problem_of_its_line_alone(tmp_path, name, instant):
    good = line(), line(id="page/three", slug="three")
    report = imported(tmp_path, good[0], line(id="page/two", slug="two", **{name: instant}), good[1])

    assert problems(report) == [f"line 2: {name}: A date lies between 1970 and 2999."]
    assert ContentItem.objects.count() == 2


def test_a_call_to_action_that_leads_nowhere_may_be_a_draft_only(tmp_path):
    report = imported(
        tmp_path, line(cta={"label": "Buy"}), line(id="page/two", slug="", state="draft", cta={"label": "Buy"})
    )

    assert problems(report) == ["line 1: cta: a label and where it leads belong together"]
    assert [row.key for row in ContentItem.objects.all()] == ["page/two"]


def test_an_import_that_was_stopped_is_resumed_by_starting_it_again(tmp_path, monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 2)
    lines = [line(id=f"page/{n}", slug=f"s{n}", locale=tag) for n in range(7) for tag in ("en", "de")]

    def stop(done, total):
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        imported(tmp_path, *lines, progress=stop)
    stored = ContentItem.objects.count()
    report = imported(tmp_path, *lines)

    assert stored == 8
    assert counts(report) == (6, 0, 8, 0)
    assert exported(tmp_path)[0]["id"] == "page/0"
    assert (ContentItem.objects.count(), Revision.objects.count(), list(differences())) == (14, 14, [])


def test_progress_is_told_by_batches(tmp_path, monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 2)
    told = []

    imported(
        tmp_path, *(line(id=f"page/{n}", slug=f"s{n}") for n in range(5)), progress=lambda *step: told.append(step)
    )

    assert told == [(0, 5), (2, 5), (4, 5), (5, 5)]


def test_what_the_database_refuses_does_not_take_the_others_along(tmp_path, monkeypatch):
    write_items = importing.write_items

    def racing(items, known, **options):
        written = write_items(items, known, **options)
        if "page/2" in items:
            raise IntegrityError("somebody was quicker\nDETAIL: more")
        return written

    monkeypatch.setattr(importing, "write_items", racing)
    report = imported(tmp_path, *(line(id=f"page/{n}", slug=f"s{n}") for n in (1, 3, 4)), line(id="page/2", slug="s2"))

    assert problems(report) == ["line 4: could not be stored: somebody was quicker"]
    assert report.left_out == 1


@pytest.mark.parametrize("again", [False, True], ids=["new", "changed"])
def test_the_statements_of_a_batch_do_not_grow_with_it(tmp_path, again, monkeypatch):
    monkeypatch.setattr(bulk, "WORTH_A_COPY", 1)

    def lines(prefix, number, title):
        return [
            line(id=f"{prefix}/{n}", slug=f"{prefix}{n}", locale=tag, title=title)
            for n in range(number)
            for tag in ("en", "de", "ja")
        ]

    def statements(prefix, number):
        if again:
            imported(tmp_path, *lines(prefix, number, "Before"))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            report = imported(tmp_path, *lines(prefix, number, "After"))
        assert report.written.added + report.written.changed == 3 * number
        return len(queries)

    statements("warm", 1)

    few, many = statements("few", 2), statements("many", 16)
    # SQLite takes few parameters a statement, so that a bulk insert of wide rows is cut up.
    assert many - few <= (0 if connection.vendor == "postgresql" else 25)


# --- states -------------------------------------------------------------------------------------------------


def test_no_locale_is_made_for_lines_that_are_left_out(tmp_path):
    imported(tmp_path, line())
    before = set(Locale.objects.all())

    report = imported(
        tmp_path,
        line(locale="sw", kind="message"),
        line(id="page/two", wanted_locales=["cy"], slug=line()["slug"]),
    )

    assert report.left_out == 2
    assert set(Locale.objects.all()) == before
    assert ContentItem.objects.count() == 1


def test_locales_that_are_new_are_made_wanted_ones_too(tmp_path):
    imported(tmp_path, line(locale="pt_br", wanted_locales=["it", "en"]))

    assert set(Locale.objects.values_list("language_code", flat=True)) >= {"pt-BR", "it"}
    assert sorted(locale.language_code for locale in of(locale="pt-BR").wanted_locales.all()) == ["en", "it"]


def test_what_has_no_home_is_kept_and_comes_out_again(tmp_path):
    odd = {"a": [1, 2.5, None, {"é": "\u200f"}], "b": True}

    imported(tmp_path, line(notes=odd, url="https://example.org/1"))

    (back,) = exported(tmp_path)
    assert (back["notes"], back["url"]) == (odd, "https://example.org/1")
    assert of().extra == {"notes": odd, "url": "https://example.org/1"}


def test_a_live_line_is_on_air_since_its_go_live_and_leaves_a_trace_in_the_history(tmp_path):
    imported(tmp_path, line(go_live_at="2024-05-01T09:00:00+00:00"))

    row = of()
    assert row.live
    assert row.first_published_at == datetime(2024, 5, 1, 9, tzinfo=UTC)
    assert row.live_revision_id == row.latest_revision_id
    logged = ModelLogEntry.objects.filter(content_type__model="contentitem")
    assert list(logged.values_list("action", "revision_id")) == [("wagtail.create", row.latest_revision_id)]


def test_a_later_line_is_scheduled_and_its_text_waits(tmp_path, ask):
    imported(tmp_path, line(go_live_at=LATER))

    row = of()
    assert (row.live, row.latest_revision.approved_go_live_at) == (False, datetime(2099, 1, 1, tzinfo=UTC))
    assert ask('{ item(key: "page/one") { key } }')["item"] is None
    query = '{ item(key: "page/one", context: {at: "2099-01-02T00:00:00Z"}) { headline } }'
    assert ask(query)["item"] == {"headline": "One"}


def test_new_text_for_what_is_on_air_can_be_scheduled_and_again_changes_nothing(tmp_path):
    imported(tmp_path, line())
    later = line(title="Relaunch", go_live_at=LATER)

    report = imported(tmp_path, later)
    again = imported(tmp_path, later)

    assert (counts(report), counts(again)) == ((0, 1, 0, 0), (0, 0, 1, 0))
    row = of()
    assert (row.live, row.headline, row.scheduled_revision.as_object().headline) == (True, "One", "Relaunch")
    assert list(differences()) == []


def test_a_second_schedule_takes_the_place_of_the_first(tmp_path):
    imported(tmp_path, line(go_live_at=LATER))

    imported(tmp_path, line(go_live_at=LATEST))

    scheduled = Revision.objects.filter(approved_go_live_at__isnull=False)
    assert [revision.approved_go_live_at.isoformat() for revision in scheduled] == [LATEST]


def test_a_draft_line_calls_off_what_an_import_had_scheduled(tmp_path):
    imported(tmp_path, line(go_live_at=LATER))

    report = imported(tmp_path, line(state="draft"))

    assert counts(report) == (0, 1, 0, 0)
    assert not Revision.objects.filter(approved_go_live_at__isnull=False).exists()
    assert IndexRow.objects.count() == 0


def test_a_draft_of_what_is_on_air_leaves_it_on_air(tmp_path):
    imported(tmp_path, line())

    reports = [imported(tmp_path, line(state="draft", title="Draft")) for _ in range(2)]

    assert [counts(report) for report in reports] == [(0, 1, 0, 0), (0, 0, 1, 0)]
    row = of()
    assert (row.live, row.headline, row.get_latest_revision_as_object().headline) == (True, "One", "Draft")
    assert row.has_unpublished_changes
    assert list(differences()) == []


def test_an_off_line_takes_off_air_and_keeps_the_facts_for_the_other_languages(tmp_path, ask):
    imported(tmp_path, line(), line(locale="de", title="Eins"))

    report = imported(tmp_path, line(state="off"), line(locale="de", title="Eins"))

    assert counts(report) == (0, 1, 1, 0)
    query = '{ items(context: {locale: "%s", fallback: NONE}) { nodes { headline product { code } } } }'
    terms = [{"code": "product:vpn-mobile"}, {"code": "product:relay"}]
    assert ask(query % "en")["items"]["nodes"] == []
    assert ask(query % "de")["items"]["nodes"] == [{"headline": "Eins", "product": terms}]


def test_a_localization_is_not_on_air_before_its_original(tmp_path):
    report = imported(tmp_path, line(state="draft"), line(locale="de"), line(locale="ja", state="draft"))

    assert problems(report) == ["line 2: would be on air before the original (en) of its item"]
    assert counts(report) == (2, 0, 0, 1)


def test_a_language_joins_an_item_whose_original_is_another_language(tmp_path):
    imported(tmp_path, line(locale="ja"))

    report = imported(tmp_path, line(title="English"))

    assert counts(report) == (1, 0, 0, 0)
    assert (of(locale="ja").is_source, of().is_source) == (True, False)
    assert of().classification.count() == 0
    assert list(differences()) == []


# --- editors ------------------------------------------------------------------------------------------------


def test_a_newer_draft_of_an_editor_is_not_overwritten_silently(tmp_path, editor):
    imported(tmp_path, line())
    edit(of(), editor, headline="The editor's")
    before = everything()

    refused = imported(tmp_path, line(title="The file's"))
    same = imported(tmp_path, line())

    assert problems(refused) == ["line 1: an editor has a newer draft of it; publish or discard that, or overwrite it"]
    assert counts(same) == (0, 0, 1, 0)
    assert everything() == before


def test_overwriting_keeps_the_editors_draft_in_the_history(tmp_path, editor):
    imported(tmp_path, line())
    draft = edit(of(), editor, headline="The editor's")

    report = imported(tmp_path, line(title="The file's"), overwrite=True)

    assert counts(report) == (0, 1, 0, 0)
    assert of().headline == "The file's"
    assert Revision.objects.get(pk=draft.pk).content["headline"] == "The editor's"


def test_what_an_editor_scheduled_stays_scheduled(tmp_path, editor):
    imported(tmp_path, line())
    edit(of(), editor, publish=True, headline="Relaunch", go_live_at=timezone.now() + timedelta(days=3))

    report = imported(tmp_path, line(title="The file's"))

    assert report.left_out == 1
    assert of().scheduled_revision.content["headline"] == "Relaunch"


def test_what_was_taken_off_air_or_locked_stays_so(tmp_path, editor):
    imported(tmp_path, line(), line(id="page/two", slug="two"))
    of().unpublish(user=editor)
    ContentItem.objects.filter(key="page/two").update(locked=True, locked_by=editor)

    lines = [line(), line(id="page/two", slug="two", title="New")]
    report = imported(tmp_path, *lines)
    overwritten = imported(tmp_path, *lines, overwrite=True)

    assert problems(report) == [
        "line 1: was taken off air in the hub; publish it there, or overwrite that",
        "line 2: is locked in the hub",
    ]
    assert counts(overwritten) == (0, 2, 0, 0)
    assert of().live


def test_text_that_an_editor_published_is_brought_back_to_the_files(tmp_path, editor):
    imported(tmp_path, line())
    edit(of(), editor, publish=True, headline="Edited")

    report = imported(tmp_path, line())

    assert counts(report) == (0, 1, 0, 0)
    assert (of().headline, list(differences())) == ("One", [])
