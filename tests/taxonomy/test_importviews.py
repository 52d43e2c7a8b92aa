import json
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from contenthub.accounts.models import User
from taxonomy.models import Facet, Term
from taxonomy.snapshot import taxonomy_snapshot
from taxonomy.uploads import PendingImport
from tests.taxonomy.factories import TermFactory
from tests.taxonomy.skos.vocabulary import PREFIXES, concept

TREE = PREFIXES + concept("tree", 'skos:prefLabel "Tree"@en, "شجرة"@ar') + concept("oak", "skos:broader :tree")
ROWS = "code,parent,label_en,label_de\r\njourney:aware,,Aware,\r\njourney:buy,,Buy,Käufe\r\n"
IMPORT = "/admin/facets/tree/journey/import/"


@pytest.fixture(autouse=True)
def _journey(db):
    TermFactory(code="journey:aware", labels={"en": "Aware"})


def send(client, content, name="v.ttl", **options):
    content = content if isinstance(content, bytes) else content.encode()
    return client.post(IMPORT, {"file": SimpleUploadedFile(name, content), "codes_from": "notation", **options})


def report_of(client, content, name="v.ttl", **options):
    """Upload and return the address of the report and its page."""
    answer = send(client, content, name, **options)
    assert answer.status_code == 302, answer.context["form"].errors
    return answer.url, client.get(answer.url).content.decode()


def confirm(client, address, follow=True):
    return client.post(address, {"do": "import"}, follow=follow)


def codes():
    return set(Term.objects.filter(facet__code="journey").values_list("code", flat=True))


def test_a_skos_file_is_shown_first_and_written_when_it_is_confirmed(admin_client):
    address, page = report_of(admin_client, TREE)

    assert "journey:tree" in page
    assert "It has no preferred label. It is called by its code." in page
    assert codes() == {"journey:aware"}

    told = confirm(admin_client, address).content.decode()

    assert "2 added, 0 changed, 0 retired" in told
    assert codes() == {"journey:aware", "journey:tree", "journey:oak"}
    assert not PendingImport.objects.exists()
    assert ModelLogEntry.objects.get(action="taxonomy.import").data["file"] == "v.ttl"


def test_a_file_that_is_put_away_changes_nothing(admin_client):
    address, _ = report_of(admin_client, TREE)

    admin_client.post(address, {"do": "forget"})

    assert codes() == {"journey:aware"}
    assert not PendingImport.objects.exists()
    assert confirm(admin_client, address).status_code == 404


def test_a_refused_file_says_why_and_cannot_be_confirmed(admin_client):
    address, page = report_of(admin_client, TREE + concept("tree", "skos:broader :oak"))

    assert "A concept cannot stand below itself" in page
    assert "Import it now" not in page
    assert "A concept cannot stand below itself" in confirm(admin_client, address).content.decode()
    assert codes() == {"journey:aware"}


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("v.docx", b"x", "The name of the file must end in one of"),
        ("v.ttl", b"<a", "this is not Turtle"),
        ("v.rdf", b"<!DOCTYPE x []><x/>", "It declares a document type or entities"),
        ("v.csv", "code;parent;label_de\njourney:a;;Größe".encode("cp1252"), "save it as &#x27;CSV UTF-8&#x27;"),
        ("v.csv", b"code,parent\nproduct:a,", "It holds the terms of the facet product, not of journey."),
        ("v.json", b'{"facet": "journey", "terms": []}', "It holds no terms"),
        ("v.jsonld", b'{"@context": "https://example.org/c"}', "Contexts are not fetched"),
        ("v.ttl", b"", "The submitted file is empty."),
    ],
)
def test_what_cannot_be_read_is_told_on_the_form(admin_client, name, content, told):
    answer = send(admin_client, content, name)

    assert answer.status_code == 200
    assert told in answer.content.decode()
    assert not PendingImport.objects.exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("t.csv", ROWS.replace(",", ";").encode("utf-8-sig")),
        ("t.csv", ("sep=;\r\n" + ROWS.replace(",", ";")).encode()),
        ("t.txt", ROWS.replace(",", "\t").encode("utf-16")),
        ("t.json", json.dumps({"facet": "journey", "terms": [
            {"code": "journey:aware", "labels": {"en": "Aware"}, "order": 1},
            {"code": "journey:buy", "labels": {"en": "Buy", "de": "Käufe"}}]}).encode()),
    ],
    ids=["Excel", "sep line", "Unicode text", "JSON"],
)  # fmt: skip
def test_files_of_spreadsheets_and_json_go_the_same_way(admin_client, name, content):
    address, page = report_of(admin_client, content, name)
    assert "journey:buy" in page
    assert codes() == {"journey:aware"}

    confirm(admin_client, address)

    assert taxonomy_snapshot().get("journey:buy").labels == {"en": "Buy", "de": "Käufe"}


def test_what_is_missing_from_a_spreadsheet_is_retired_and_said_so_before(admin_client):
    _, page = report_of(admin_client, b"code,parent,label_en\njourney:buy,,Buy", "t.csv")

    assert "Retired terms (1)" in " ".join(page.split())
    assert not Term.objects.get(code="journey:aware").is_retired


def test_a_facet_changed_meanwhile_is_looked_at_again(admin_client):
    address, _ = report_of(admin_client, TREE)
    TermFactory(code="journey:tree", labels={"en": "Mine"})

    told = confirm(admin_client, address)

    assert "The facet was changed after this report was made." in told.content.decode()
    assert codes() == {"journey:aware", "journey:tree"}
    assert "3 added" not in confirm(admin_client, address).content.decode()
    assert codes() == {"journey:aware", "journey:tree", "journey:oak"}


def test_codes_can_be_taken_changed_and_brought_back(admin_client):
    address, _ = report_of(admin_client, TREE)
    proposed = admin_client.get(address + "?as=codes").content.decode()
    own = SimpleUploadedFile("codes.csv", proposed.replace("journey:tree", "journey:baum").encode())

    address, _ = report_of(admin_client, TREE, codes=own)
    confirm(admin_client, address)

    assert codes() == {"journey:aware", "journey:baum", "journey:oak"}


def test_of_many_findings_the_first_are_shown_and_all_are_counted(admin_client, monkeypatch):
    monkeypatch.setattr("taxonomy.fileimports.MOST_FINDINGS", 2)
    vocabulary = PREFIXES + "".join(concept(f"t{number}", 'skos:prefLabel "Alike"@en') for number in range(6))

    _, page = report_of(admin_client, vocabulary)

    assert "Warnings (5)" in " ".join(page.split())
    assert page.count("It is called") == 2


def test_an_upload_belongs_to_one_user_and_is_purged(admin_client, client):
    address, _ = report_of(admin_client, TREE)
    other = User.objects.create_superuser("other", password="secret")
    client.force_login(other)

    assert client.get(address).status_code == 404
    assert confirm(client, address).status_code == 404

    PendingImport.objects.update(uploaded_at=timezone.now() - timedelta(hours=25))
    client.force_login(User.objects.get(username="editor"))
    assert client.get(address).status_code == 404
    client.force_login(other)
    report_of(client, TREE)

    assert [upload.user for upload in PendingImport.objects.all()] == [other]


def test_who_may_not_change_terms_may_not_import(client, django_user_model):
    viewer = django_user_model.objects.create_user("viewer", password="secret")
    viewer.user_permissions.add(*Permission.objects.filter(codename__in=["access_admin", "view_term", "add_term"]))
    client.force_login(viewer)

    assert client.get(IMPORT).status_code == 302
    assert send(client, TREE).status_code == 302
    assert client.get("/admin/facets/tree/journey/export/?format=turtle").status_code == 200
    assert not PendingImport.objects.exists()


@pytest.mark.parametrize(
    ("format", "begins"),
    [
        ("turtle", "@prefix"),
        ("xml", "<?xml"),
        ("json-ld", "["),
        ("json", "{"),
        ("csv", "code,parent"),
        ("excel", "\ufeffcode;parent"),
    ],
)
def test_a_facet_is_downloaded_in_each_format_and_reads_in_again_as_it_is(admin_client, format, begins):
    TermFactory(code="journey:sum", labels={"en": "=1+1", "de": "'=x"})
    answer = admin_client.get(reverse("facets:export", args=["journey"]), {"format": format})
    name = answer["Content-Disposition"].split('"')[1]

    text = answer.content.decode()
    _, page = report_of(admin_client, answer.content, name)

    assert text.startswith(begins)
    assert "The facet says all of this already" in page


def test_pages_of_what_is_not_there_are_not_found(admin_client):
    assert admin_client.get("/admin/facets/tree/nothing/import/").status_code == 404
    assert admin_client.get("/admin/facets/tree/journey/export/?format=exe").status_code == 404
    assert "Import" in admin_client.get("/admin/facets/tree/journey/").content.decode()
    assert Facet.objects.filter(code="journey").exists()


NAMED_ANEW = json.dumps(
    {"facet": "journey", "labels": {"en": "Other"}, "terms": [{"code": "journey:aware", "labels": {"en": "Aware"}}]}
)
TITLED_ANEW = TREE + ':scheme a skos:ConceptScheme ; skos:prefLabel "Reise"@de . :tree skos:inScheme :scheme .'


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("t.json", NAMED_ANEW, "names: - en Journey; - ja ジャーニー; - ko 고객 여정; + en Other"),
        ("v.ttl", TITLED_ANEW, "names: + de Reise"),
    ],
    ids=["JSON", "SKOS"],
)
def test_what_a_file_changes_of_the_facet_is_told_and_needs_the_right_to_facets(
    client, django_user_model, name, content, told
):
    names = Facet.objects.get(code="journey").names
    editor = django_user_model.objects.create_user("terms", password="secret")
    editor.user_permissions.add(*Permission.objects.filter(codename__in=["access_admin", "add_term", "change_term"]))
    client.force_login(editor)

    address, page = report_of(client, content, name)
    answer = confirm(client, address).content.decode()

    assert told in page
    assert "Import it now" not in page
    assert "which needs the permission to change facets. Nothing was changed." in answer
    assert Facet.objects.get(code="journey").names == names
    assert codes() == {"journey:aware"}

    editor.user_permissions.add(Permission.objects.get(codename="change_facet"))
    confirm(client, address)

    assert Facet.objects.get(code="journey").names != names


def test_a_code_that_differs_from_another_in_capitals_only_is_warned_of(admin_client):
    _, rows = report_of(admin_client, b"code,parent\njourney:aware,\njourney:Aware,", "t.csv")
    _, vocabulary = report_of(admin_client, PREFIXES + concept("Aware") + concept("new"))

    for page in (rows, vocabulary):
        assert "journey:Aware and journey:aware differ in capitals only." in page
        assert page.count("differ in capitals only") == 1
