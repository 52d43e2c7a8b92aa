"""Texts to agencies and back: drafts, a report, and nothing on air changed."""

from dataclasses import replace
from io import BytesIO, StringIO

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.urls import reverse

from contenthub.accounts.models import LanguageGrant, User
from contenthub.content.blocks import NeutralBody
from contenthub.content.models import ContentItem, Variant
from contenthub.content.translating.exchange import (
    FileFormat,
    FindingKind,
    from_file,
    import_messages,
    messages_of,
    to_file,
)
from contenthub.content.translating.staleness import changes_of, original_of
from contenthub.delivery.models import Edition, IndexRow
from locales.messages import Message
from tests.content.editing import localize, publish
from tests.content.factories import ItemFactory, VariantFactory
from tests.content.translating.bodies import body

TEXTS = {"headline": "Frühling", "body.r1": "<p>Weit und <b>breit</b></p>", "body.l1.items.p1": "Leicht"}


@pytest.fixture
def item(locales):
    made = ItemFactory(
        key="offer/spring",
        published=True,
        headline="Spring",
        body=NeutralBody().to_python(body()),
        texts={"push": "Hi {{name}}"},
    )
    VariantFactory(localization=made, code="young", overrides={"headline": "Spring, young"}, published=True)
    return made


def exported(item, locale, **kwargs):
    return list(messages_of([item], locale, **kwargs))


def translated(messages, texts, prefix="offer/spring#"):
    by_context = {f"{prefix}{name}": text for name, text in texts.items()}
    return [replace(one, target=by_context.get(one.context, one.target)) for one in messages]


def newest(item, tag):
    return ContentItem.objects.get(key=item.key, locale__language_code=tag).get_latest_revision_as_object()


@pytest.mark.parametrize("form", FileFormat)
def test_a_language_is_written_by_an_agency_in_any_format(item, locales, form):
    messages = exported(item, locales["de"])
    assert "offer/spring@young#headline" in {one.context for one in messages}
    sent = to_file(messages, form, source=locales["en"], target=locales["de"])
    language, came = from_file(sent)
    assert language == "de"
    came = translated(came, TEXTS | {"texts.push": "Hallo {{name}}"})
    came = translated(came, {"headline": "Frühling, jung"}, "offer/spring@young#")
    back = to_file(came, form, source=locales["en"], target=locales["de"])

    report = import_messages(from_file(back)[1], locales["de"])

    assert (report.findings, len(report.drafts)) == ([], 2)
    german = newest(item, "de")
    assert (german.headline, german.live, german.short_texts["push"]) == ("Frühling", False, "Hallo {{name}}")
    variant = Variant.objects.get(localization__pk=german.pk)
    assert variant.get_latest_revision_as_object().headline == "Frühling, jung"
    assert not IndexRow.objects.filter(locale=locales["de"], document__locale_code="de").exists()


def test_what_is_on_air_stays_as_it_is(item, locales):
    german = publish(localize(item, "de", headline="Alt"))
    editions = Edition.objects.count()

    import_messages(translated(exported(item, locales["de"]), TEXTS), locales["de"])

    german.refresh_from_db()
    assert (german.headline, german.has_unpublished_changes, newest(item, "de").headline) == ("Alt", True, "Frühling")
    assert Edition.objects.count() == editions


def test_only_what_is_left_is_exported_if_wanted(item, locales):
    localize(item, "de", headline="Frühling")
    left = {one.context: one for one in exported(item, locales["de"], is_open=True)}
    assert "offer/spring#headline" not in left
    assert left["offer/spring#body.h1.text"].target == ""  # a copy of the original is no translation

    publish(item, headline="Summer")
    left = {one.context: one for one in exported(item, locales["de"], is_open=True)}
    assert (left["offer/spring#headline"].target, left["offer/spring#headline"].is_fuzzy) == ("Frühling", True)


def test_limits_and_alternative_texts_are_told(item, locales):
    notes = {one.context: " ".join(one.notes) for one in exported(item, locales["de"])}

    assert "At most 255 characters." in notes["offer/spring#headline"]
    assert "HTML" in notes["offer/spring#body.r1"]


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("headline", "x" * 256, FindingKind.TOO_LONG_OR_MARKUP),
        ("body.r1", "<p>Weit <script>x</script></p>", FindingKind.TOO_LONG_OR_MARKUP),
        ("body.r1", "<p>Weit <b>breit</p>", FindingKind.TOO_LONG_OR_MARKUP),
        ("texts.push", "Hallo", FindingKind.PLACEHOLDER),
        ("texts.push", "Hallo {{nome}}", FindingKind.PLACEHOLDER),
    ],
)
def test_a_text_that_does_not_fit_is_told_and_the_others_are_written(item, locales, name, text, kind):
    messages = translated(exported(item, locales["de"]), TEXTS | {"body.h1.text": "Fahrt", name: text})

    report = import_messages(messages, locales["de"])

    assert [(one.kind, one.context) for one in report.findings] == [(kind, f"offer/spring#{name}")]
    german = newest(item, "de")
    assert german.body.raw_data[0]["value"]["text"] == "Fahrt"
    assert text not in (german.headline, german.body.raw_data[1]["value"], german.short_texts.get("push"))


def test_other_markup_is_told_and_written(item, locales):
    report = import_messages(
        translated(exported(item, locales["de"]), {"body.r1": "<p>Weit</p>"}), locales["de"]
    )  # fmt: skip

    assert [one.kind for one in report.findings] == [FindingKind.TAGS]
    assert newest(item, "de").body.raw_data[1]["value"] == "<p>Weit</p>"


def test_what_is_not_there_is_told(item, locales):
    report = import_messages(
        [
            Message("offer/spring#body.gone.text", "a", "b"),
            Message("offer/nowhere#headline", "a", "b"),
            Message("offer/spring@nobody#headline", "a", "b"),
            Message("", "a", "b"),
        ],
        locales["de"],
    )

    assert [one.kind for one in report.findings] == [FindingKind.UNKNOWN] * 4
    assert report.drafts == []


def test_a_translation_of_an_older_original_is_written_and_stays_older(item, locales):
    messages = translated(exported(item, locales["de"]), TEXTS)
    publish(item, headline="Summer")

    report = import_messages(messages, locales["de"])

    assert [(one.kind, one.context) for one in report.findings] == [(FindingKind.STALE, "offer/spring#headline")]
    german = newest(item, "de")
    assert german.headline == "Frühling"
    change = changes_of(german, original_of(german))["headline"]
    assert (change.then, change.now) == ("Spring", "Summer")


def test_a_text_that_is_still_right_is_confirmed_by_leaving_it(item, locales):
    publish(localize(item, "de", headline="Frühling"))
    publish(item, headline="Spring!")
    messages = exported(item, locales["de"], is_open=True)

    assert import_messages(messages, locales["de"]).confirmed == 0  # still marked as unfinished
    done = [replace(one, is_fuzzy=False) for one in messages]
    assert import_messages(done, locales["de"]).confirmed == 1
    german = newest(item, "de")
    assert changes_of(german, original_of(german)) == {}


def test_an_import_again_changes_nothing(item, locales):
    messages = translated(exported(item, locales["de"]), TEXTS)
    import_messages(messages, locales["de"])
    revisions = ContentItem.objects.get(key=item.key, locale=locales["de"]).revisions.count()

    report = import_messages(messages, locales["de"])

    assert (report.drafts, report.findings) == ([], [])
    assert ContentItem.objects.get(key=item.key, locale=locales["de"]).revisions.count() == revisions


def test_a_report_alone_writes_nothing(item, locales):
    report = import_messages(translated(exported(item, locales["de"]), TEXTS), locales["de"], dry_run=True)

    assert len(report.drafts) == 1
    assert not ContentItem.objects.filter(locale=locales["de"]).exists()


def test_the_original_and_what_is_locked_are_refused(item, locales, editor):
    messages = exported(item, locales["de"])
    report = import_messages(translated(messages, TEXTS), locales["en"])
    assert {one.kind for one in report.findings} == {FindingKind.REFUSED}

    german = localize(item, "de")
    ContentItem.objects.filter(pk=german.pk).update(locked=True)
    editor.is_superuser = False
    report = import_messages(translated(messages, TEXTS), locales["de"], user=editor)
    assert {(one.kind, one.context) for one in report.findings} == {(FindingKind.REFUSED, "offer/spring")}


def test_commands_write_and_read_files(item, locales, tmp_path):
    file, out = tmp_path / "de.po", StringIO()
    call_command("export_translations", file, "--to", "de", "--format", "po", "--item", "offer/spring", stdout=out)
    assert "texts of 1 items written" in out.getvalue()
    file.write_text(file.read_text().replace('msgid "Spring"\nmsgstr ""', 'msgid "Spring"\nmsgstr "Frühling"'))

    call_command("import_translations", file, stdout=out)

    assert "1 drafts made" in out.getvalue()
    assert newest(item, "de").headline == "Frühling"
    for wrong in (
        ["export_translations", file, "--to", "xx"],
        ["export_translations", file, "--to", "de", "--item", "no"],
    ):
        with pytest.raises(CommandError):
            call_command(*wrong)
    with pytest.raises(CommandError, match="The file is in de"):
        call_command("import_translations", file, "--to", "ja")
    file.write_bytes(b"<broken")
    with pytest.raises(CommandError, match="Line 1"):
        call_command("import_translations", file)


def test_an_editor_downloads_and_uploads(admin_client, item, locales):
    action = reverse("wagtail_bulk_action", args=["content", "contentitem", "export_items"]) + f"?id={item.pk}"
    assert "Only what is missing" in admin_client.get(action).content.decode()
    chosen = {"locale": locales["de"].pk, "format": FileFormat.XLIFF2}
    file = admin_client.post(action, chosen)
    assert 'filename="translations-de.xlf"' in file.headers["Content-Disposition"]
    messages = translated(from_file(file.content)[1], TEXTS | {"texts.push": "Hallo"})
    back = BytesIO(to_file(messages, FileFormat.XLIFF1, source=locales["en"], target=locales["de"]))
    back.name = "back.xlf"

    page = admin_client.post(reverse("content_import_translations"), {"file": back}).content.decode()

    assert "1 draft." in page
    assert "Placeholders differ" in page
    assert newest(item, "de").headline == "Frühling"


@pytest.mark.parametrize("data", [b"", b"<broken", b"\x00", b'msgid ""\nmsgstr "Language: xx\\n"\n'])
def test_a_broken_upload_is_told_on_the_form(admin_client, item, data):
    file = BytesIO(data)
    file.name = "file.po"

    answer = admin_client.post(reverse("content_import_translations"), {"file": file})

    assert answer.status_code == 200
    assert "Nothing was imported." in answer.content.decode()


def test_items_of_two_original_languages_are_no_one_file(admin_client, item, locales):
    other = ItemFactory(locale="ja")
    action = reverse("wagtail_bulk_action", args=["content", "contentitem", "export_items"])

    answer = admin_client.post(
        f"{action}?id={item.pk}&id={other.pk}", {"locale": locales["de"].pk, "format": FileFormat.PO}
    )

    assert "One file is of one original language" in answer.content.decode()


def test_whoever_may_not_write_a_language_imports_nothing(item, locales):
    user = User.objects.create_user("translator")
    group = Group.objects.create(name="Korean desk")
    group.permissions.add(Permission.objects.get(codename="change_contentitem"))
    user.groups.add(group)
    LanguageGrant.objects.create(group=group).locales.add(locales["ko"])

    with pytest.raises(PermissionDenied):
        import_messages(translated(exported(item, locales["de"]), TEXTS), locales["de"], user=user)

    assert not ContentItem.objects.filter(locale=locales["de"]).exists()


def test_whoever_may_not_begin_a_language_writes_those_that_are_there(item, locales):
    user = User.objects.create_user("translator")
    user.user_permissions.add(Permission.objects.get(codename="change_contentitem"))
    messages = [one for one in translated(exported(item, locales["de"]), TEXTS) if "@" not in one.context]

    report = import_messages(messages, locales["de"], user=user)
    assert [(one.kind, one.context) for one in report.findings] == [(FindingKind.REFUSED, "offer/spring")]
    assert not ContentItem.objects.filter(locale=locales["de"]).exists()

    localize(item, "de")
    assert len(import_messages(messages, locales["de"], user=user).drafts) == 1


def test_more_items_than_go_into_one_file_are_refused_and_none_is_left_out(admin_client, item, locales, monkeypatch):
    monkeypatch.setattr("contenthub.content.bulk_actions.MOST_ITEMS", 1)
    other = ItemFactory()
    action = reverse("wagtail_bulk_action", args=["content", "contentitem", "export_items"])

    answer = admin_client.post(
        f"{action}?id={item.pk}&id={other.pk}", {"locale": locales["de"].pk, "format": FileFormat.PO}
    )

    assert "At most 1 items go into one file." in answer.content.decode()
