import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse
from wagtail.models import ModelLogEntry
from wagtail.users.models import UserProfile

from taxonomy.models import Facet, Term
from tests.taxonomy import recording
from tests.taxonomy.factories import FacetFactory, TermFactory

pytestmark = pytest.mark.django_db

FORMSETS = ("labels", "notes", "windows", "external_ids", "mappings")


@pytest.fixture(autouse=True)
def dependants(settings, locales):
    settings.TAXONOMY_DEPENDANTS = "tests.taxonomy.recording.RecordingDependants"
    recording.told.clear()


def posted(rows=None, **fields):
    """Return what the form of a term posts; ``rows`` by formset."""
    rows = rows or {}
    data = {"code": "", "uri": "", "parent": "", "further": "", "position": "", "related": "", "attributes": "{}"}
    for name in FORMSETS:
        held = rows.get(name, [])
        data |= {f"{name}-TOTAL_FORMS": len(held), f"{name}-INITIAL_FORMS": 0}
        for index, row in enumerate(held):
            data |= {f"{name}-{index}-{column}": value for column, value in row.items()}
            data |= {f"{name}-{index}-id": "", f"{name}-{index}-ORDER": index + 1, f"{name}-{index}-DELETE": ""}
    return data | fields


def label(language, text, kind="preferred"):
    return {"language": language, "text": text, "kind": kind}


def listed(answer):
    page = BeautifulSoup(answer.content, "html.parser")
    return [row.select_one("td.title a").text.strip() for row in page.select("table.listing tbody tr")]


def errors(answer):
    page = BeautifulSoup(answer.content, "html.parser")
    return " ".join(" ".join(found.text.split()) for found in page.select(".error-message, .errorlist, .help-critical"))


def test_terms_are_listed_in_tree_order(admin_client):
    top = TermFactory(key="top", position=1)
    TermFactory(key="second", position=2)
    TermFactory(key="low", parent=top)

    answer = admin_client.get(reverse("terms:index"), {"facet": "journey"})

    assert listed(answer) == ["Top", "Low", "Second"]


def test_the_listing_is_narrowed_by_facet_status_and_search(admin_client):
    TermFactory(key="compare", labels={"en": "Compare", "ja": "比較する"})
    TermFactory(key="old", status="retired")
    TermFactory(facet=FacetFactory(code="product"), key="shoes")

    def narrowed(**parameters):
        return listed(admin_client.get(reverse("terms:index_results"), parameters))

    assert narrowed(facet="product") == ["Shoes"]
    assert narrowed(facet="journey", status="retired") == ["Old"]
    assert narrowed(q="比較") == ["Compare"]
    assert narrowed(facet="product", q="比較") == []


def test_the_listing_tells_how_many_items_use_a_term(admin_client):
    TermFactory(key="used", labels={"en": "Used"})

    row = BeautifulSoup(
        admin_client.get(reverse("terms:index"), {"facet": "journey"}).content, "html.parser"
    ).select_one("table.listing tbody tr")

    assert [cell.text.strip() for cell in row.select("td")][1:] == ["journey", "en", "7", "Current"]


def test_a_page_costs_the_same_whatever_the_size_of_the_facet(admin_client):
    def statements(size):
        TermFactory.create_batch(size)
        admin_client.get(reverse("terms:index"), {"facet": "journey"})
        with CaptureQueriesContext(connection) as captured:
            admin_client.get(reverse("terms:index"), {"facet": "journey"})
        return len(captured)

    assert statements(1) == statements(80)


def test_a_new_term_is_asked_for_its_facet_first(admin_client):
    answer = admin_client.get(reverse("terms:add"))

    links = BeautifulSoup(answer.content, "html.parser").select("main a.button")
    assert [link["href"] for link in links][:2] == ["?facet=journey", "?facet=campaign"]


def test_a_term_is_added_with_its_rows(admin_client):
    parent, other = TermFactory(key="parent"), TermFactory(key="other")
    rows = {
        "labels": [label("en", "New"), label("PT_br", "Novo"), label("en", "Fresh", "alternative")],
        "notes": [{"language": "en", "kind": "definition", "text": "What is new."}],
        "windows": [{"start": "2026-01-01", "end": "2026-02-01", "label": "", "event_start": "", "event_end": ""}],
        "external_ids": [{"system": "crm", "identifier": "7"}],
        "mappings": [{"kind": "exact", "uri": "https://example.org/1"}],
    }
    data = posted(rows, code="journey:new", parent=parent.pk, further=other.pk, related=other.pk)

    answer = admin_client.post(f"{reverse('terms:add')}?facet=journey", data)

    assert (answer.status_code, errors(answer)) == (302, "")
    term = Term.objects.get(code="journey:new")
    assert list(term.labels.values_list("language", "text")) == [("en", "New"), ("pt-BR", "Novo"), ("en", "Fresh")]
    assert [model.count() for model in (term.notes, term.windows, term.external_ids, term.mappings)] == [1, 1, 1, 1]
    assert (term.parent, term.position, list(term.related.all())) == (parent, 1, [other])
    assert set(term.above.values_list("ancestor__code", "distance")) == {
        ("journey:new", 0),
        ("journey:parent", 1),
        ("journey:other", 1),
    }


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"code": "product:new"}, "A term of this facet begins with journey:."),
        ({"code": "journey:taken"}, "Term with this Code already exists."),
        ({"attributes": "[]"}, "Attributes are a JSON object."),
        ({"rows": {"labels": [label("en", "A"), label("EN", "B")]}}, "There are two preferred labels in en"),
        ({"rows": {"labels": [label("no language", "A")]}}, "'no language' is not a language tag"),
        (
            {"rows": {"external_ids": [{"system": "crm", "identifier": "7"}]}},
            "Another term has this identifier already.",
        ),
        (
            {"rows": {"windows": [{"start": "2026-02-01", "end": "2026-01-01"}]}},
            "A window ends on or after the day it starts.",
        ),
    ],
)
def test_what_cannot_be_is_an_error_of_the_form(admin_client, change, message):
    taken = TermFactory(key="taken")
    taken.external_ids.add(taken.external_ids.model(system="crm", identifier="7"))
    taken.save()
    data = posted(**{"code": "journey:new"} | change)

    answer = admin_client.post(f"{reverse('terms:add')}?facet=journey", data)

    assert answer.status_code == 200
    assert message in errors(answer)
    assert not Term.objects.filter(code="journey:new").exists()


def test_an_edit_through_the_form_takes_the_same_path_as_any_other(admin_client):
    old, new = TermFactory(key="old"), TermFactory(key="new")
    term = TermFactory(key="term", parent=old)
    version = Facet.objects.get(code="journey").version

    answer = admin_client.post(reverse("terms:edit", args=[term.pk]), posted(parent=new.pk, position=3))

    term.refresh_from_db()
    assert (answer.status_code, errors(answer)) == (302, "")
    assert (term.code, term.parent, term.position) == ("journey:term", new, 3)
    assert [sorted(change.codes) for change in recording.told] == [["journey:term"]]
    assert Facet.objects.get(code="journey").version > version


def test_a_cycle_is_an_error_at_the_parent(admin_client):
    top = TermFactory(key="top")
    low = TermFactory(key="low", parent=top)

    answer = admin_client.post(reverse("terms:edit", args=[top.pk]), posted(parent=low.pk))

    assert "A term cannot stand below itself: journey:top below journey:low below journey:top." in errors(answer)
    assert Term.objects.get(pk=top.pk).parent is None


def test_a_changed_relation_alone_raises_the_version(admin_client):
    term, other = TermFactory(key="term"), TermFactory(key="other")
    version = Facet.objects.get(code="journey").version

    admin_client.post(reverse("terms:edit", args=[term.pk]), posted(related=other.pk, position=1))

    assert list(term.related.all()) == [other]
    assert Facet.objects.get(code="journey").version > version


@pytest.mark.parametrize("size", [1, 60])
def test_the_form_lists_no_terms_whatever_the_size_of_the_facet(admin_client, size):
    term, *_ = TermFactory.create_batch(size)

    page = admin_client.get(reverse("terms:edit", args=[term.pk])).content.decode()

    assert page.count("data-chip") == 0
    assert page.count("journey:step") < 5


def test_a_term_is_retired_with_its_successor(admin_client):
    old, new = TermFactory(key="old"), TermFactory(key="new")
    child = TermFactory(key="child", parent=old)
    address = reverse("terms:retire", args=[old.pk])

    shown = admin_client.get(address).content.decode()
    answer = admin_client.post(address, {"successors": new.pk, "children_to": new.pk})

    old.refresh_from_db()
    child.refresh_from_db()
    assert "7 items are affected" in shown
    assert answer.status_code == 302
    assert (old.status, list(old.replaced_by.all()), child.parent) == ("retired", [new], new)
    assert ModelLogEntry.objects.get(action="taxonomy.retire").object_id == str(old.pk)


def test_what_stands_below_must_go_somewhere(admin_client):
    old = TermFactory(key="old")
    TermFactory(parent=old)

    answer = admin_client.post(reverse("terms:retire", args=[old.pk]), {"successors": "", "children_to": ""})

    assert "1 current term stands below journey:old" in errors(answer)
    assert Term.objects.get(pk=old.pk).status == "current"
    assert not ModelLogEntry.objects.filter(action="taxonomy.retire").exists()


def test_a_retired_term_says_so_and_is_restored(admin_client):
    old, new = TermFactory(key="old"), TermFactory(key="new", labels={"en": "Newer"})
    admin_client.post(reverse("terms:retire", args=[old.pk]), {"successors": new.pk})

    page = admin_client.get(reverse("terms:edit", args=[old.pk])).content.decode()
    admin_client.post(reverse("terms:restore", args=[old.pk]))

    old.refresh_from_db()
    assert "This term is retired." in page
    assert "Newer" in page
    assert (old.status, old.replaced_by.count()) == ("current", 0)


def test_only_those_who_may_change_terms_retire_them(client, django_user_model):
    term = TermFactory()
    user = django_user_model.objects.create_user("reader", password="secret")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)

    for name in ("retire", "restore", "edit"):
        client.post(reverse(f"terms:{name}", args=[term.pk]), {"successors": ""})
    refused = Term.objects.get(pk=term.pk).status
    user.user_permissions.add(Permission.objects.get(codename="change_term"))
    client.post(reverse("terms:retire", args=[term.pk]), {"successors": ""})

    assert (refused, Term.objects.get(pk=term.pk).status) == ("current", "retired")


@pytest.mark.parametrize("name", ["terms", "facets"])
def test_nothing_is_deleted_or_copied(admin_client, name):
    with pytest.raises(NoReverseMatch):
        reverse(f"{name}:delete", args=[1])
    with pytest.raises(NoReverseMatch):
        reverse(f"{name}:copy", args=[1])


def test_a_facet_is_added_and_renamed_but_keeps_its_code(admin_client):
    data = {"code": "mood", "names-en": "Mood", "names-ja": "気分", "uri": "", "position": 9}
    admin_client.post(reverse("facets:add"), data)
    facet = Facet.objects.get(code="mood")

    admin_client.post(reverse("facets:edit", args=[facet.pk]), data | {"code": "tone", "names-en": "Tone"})

    facet.refresh_from_db()
    assert (facet.code, facet.names, facet.position) == ("mood", {"en": "Tone", "ja": "気分"}, 9)
    assert listed(admin_client.get(reverse("facets:index")))[-1] == "Tone"


def test_labels_are_shown_in_the_editors_language(admin_client, editor):
    TermFactory(key="compare", labels={"en": "Compare", "ja": "比較"})
    UserProfile.objects.create(user=editor, preferred_language="ja")

    answer = admin_client.get(reverse("terms:index"), {"facet": "journey"})

    assert listed(answer) == ["比較"]
