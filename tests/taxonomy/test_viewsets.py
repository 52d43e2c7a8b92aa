import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse
from wagtail.users.models import UserProfile

from taxonomy.changing import retire_term
from taxonomy.models import Facet, Term
from tests.content.factories import ItemFactory, ItemTypeFactory
from tests.taxonomy import recording
from tests.taxonomy.factories import FacetFactory, TermFactory

pytestmark = pytest.mark.django_db

FORMSETS = ("notes", "windows", "external_ids", "mappings", "notations")


@pytest.fixture(autouse=True)
def dependants(settings, locales):
    settings.TAXONOMY_DEPENDANTS = "tests.taxonomy.recording.RecordingDependants"
    recording.told.clear()


def posted(rows=None, names=None, **fields):
    """Return what the form of a term posts; ``rows`` by formset, ``names`` by language and kind, one a line."""
    rows = rows or {}
    names = {"en.preferred": "Term"} if names is None else names
    data = {"code": "", "uri": "", "parent": "", "further": "", "position": "", "related": "", "attributes": "{}"}
    data |= {f"names.{place}": text for place, text in names.items()}
    for name in FORMSETS:
        held = rows.get(name, [])
        data |= {f"{name}-TOTAL_FORMS": len(held), f"{name}-INITIAL_FORMS": 0}
        for index, row in enumerate(held):
            data |= {f"{name}-{index}-{column}": value for column, value in row.items()}
            data |= {f"{name}-{index}-id": "", f"{name}-{index}-ORDER": index + 1, f"{name}-{index}-DELETE": ""}
    return data | fields


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
    parent, other, like = TermFactory(key="parent"), TermFactory(key="other"), TermFactory(key="like")
    rows = {
        "notes": [{"language": "en", "kind": "example", "text": "This one."}],
        "windows": [{"start": "2026-01-01", "end": "2026-02-01", "label": "", "event_start": "", "event_end": ""}],
        "external_ids": [{"system": "crm", "identifier": "7"}],
        "mappings": [{"kind": "exact", "uri": "https://example.org/1"}],
    }
    names = {
        "en.preferred": "New",
        "en.alternative": "Fresh\n\n Recent ",
        "ja.hidden": "しん",
        "new0.language": "PT_br",
        "new0.preferred": "Novo",
    }
    meaning = {"meaning.en.scope_note": "When it is new.", "meaning.en.definition": "What is new."}
    place = {"parent": parent.pk, "further": other.pk, "related": like.pk}
    data = posted(rows, names, code="journey:new", **place, **meaning)

    answer = admin_client.post(f"{reverse('terms:add')}?facet=journey", data)

    assert (answer.status_code, errors(answer)) == (302, "")
    term = Term.objects.get(code="journey:new")
    assert set(term.labels.values_list("language", "kind", "text")) == {
        ("en", "preferred", "New"),
        ("en", "alternative", "Fresh"),
        ("en", "alternative", "Recent"),
        ("ja", "hidden", "しん"),
        ("pt-BR", "preferred", "Novo"),
    }
    assert set(term.notes.values_list("kind", "text")) == {
        ("example", "This one."),
        ("scope_note", "When it is new."),
        ("definition", "What is new."),
    }
    assert [model.count() for model in (term.windows, term.external_ids, term.mappings)] == [1, 1, 1]
    assert (term.parent, term.position, list(term.related.all())) == (parent, 1, [like])
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
        (
            {"names": {"en.preferred": "A", "new0.language": "EN", "new0.preferred": "B"}},
            "en has a row of its own already.",
        ),
        ({"names": {"new1.language": "no language", "new1.preferred": "A"}}, "'no language' is not a language tag"),
        ({"names": {"new1.preferred": "Alone"}}, "Say in which language “Alone” is."),
        ({"names": {"en.alternative": "ok\n" + "x" * 256}}, "has 256 characters; 255 is the most."),
        (
            {"rows": {"external_ids": [{"system": "crm", "identifier": "7"}]}},
            "Another term has this identifier already.",
        ),
        (
            {"rows": {"windows": [{"start": "2026-02-01", "end": "2026-01-01"}]}},
            "A window ends on or after the day it starts.",
        ),
        ({"rows": {"windows": [{"start": "2026-01-01", "end": "2026-02-01"}] * 2}}, "This window is there twice."),
        ({"code": "journey:Taken"}, "journey:taken is there already: this differs in capitals only."),
        ({"names": {}}, "A term needs a name in one language at least."),
        ({"names": {"en.alternative": "Only a synonym"}}, "A term needs a name in one language at least."),
        (
            {"names": {"en.preferred": "Same", "en.alternative": "Other\nSame"}},
            "en: “Same” is there as name and as synonym, or only searched (SKOS S13).",
        ),
        ({"names": {"en.preferred": "Two\nlines"}}, "holds a line break or a character that cannot be stored."),
        ({"names": {"en.alternative": "N\0L"}}, "holds a line break or a character that cannot be stored."),
        ({"meaning.en.definition": "N\0L"}, "holds a line break or a character that cannot be stored."),
        ({"uri": "JavaScript:alert(1)"}, "A browser would run this instead of opening it"),
        (
            {"rows": {"mappings": [{"kind": "exact", "uri": "javascript:alert(1)"}]}},
            "A browser would run this instead of opening it",
        ),
        (
            {"rows": {"mappings": [{"kind": kind, "uri": "https://example.org/1"} for kind in ("broad", "exact")]}},
            "An exact match is no broader, narrower or related one (SKOS S46).",
        ),
        (
            {"rows": {"mappings": [{"kind": "close", "uri": "https://example.org/1"}] * 2}},
            "This mapping is there twice.",
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


@pytest.mark.parametrize(
    "attributes",
    ['{"a": NaN}', '{"a": 1e999}', '{"a": "\\u0000"}', '{"a": ' + "[" * 3000, '{"a": ' + "[" * 40 + "]" * 40 + "}"],
    ids=["NaN", "infinite", "NUL", "endless", "deep"],
)
def test_attributes_that_no_database_can_hold_are_an_error_of_the_form(admin_client, attributes):
    term = TermFactory(key="term", attributes={"kept": 1})

    answer = admin_client.post(reverse("terms:edit", args=[term.pk]), posted(attributes=attributes))

    term.refresh_from_db()
    assert "This is no JSON object that can be stored" in errors(answer)
    assert term.attributes == {"kept": 1}


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


def shown(admin_client, term):
    """Return the fields of a term's form as they are shown, by name."""
    page = BeautifulSoup(admin_client.get(reverse("terms:edit", args=[term.pk])).content, "html.parser")
    inputs = {one["name"]: one.get("value", "") for one in page.select("main input[name]")}
    return inputs | {one["name"]: one.text.lstrip("\n") for one in page.select("main textarea[name]")}


def test_every_language_of_the_hub_has_a_row_and_missing_ones_are_told(admin_client):
    term = TermFactory(labels={"en": "Compare", "nl": "Vergelijken"})

    page = BeautifulSoup(admin_client.get(reverse("terms:edit", args=[term.pk])).content, "html.parser")

    rows = {row["id"]: "missing" in row.th.text for row in page.select("tr[id^=names-]")}
    assert rows == {
        "names-en": False,
        "names-de": True,
        "names-de-CH": True,
        "names-ja": True,
        "names-ko": True,
        "names-nl": False,
    }
    assert page.select_one("[name='names.ja.preferred']")["lang"] == "ja"


def test_what_stays_the_same_keeps_its_rows_and_other_kinds_of_notes_stay(admin_client):
    term = TermFactory(key="term", labels={"en": "Compare", "ja": "比較"})
    for kind, text in (("definition", "One."), ("definition", "Two."), ("example", "Three.")):
        term.notes.add(term.notes.model(kind=kind, language="en", text=text))
    term.save()
    labels, notes = set(term.labels.values_list("pk", "text")), set(term.notes.values_list("pk", "text"))
    example = term.notes.get(kind="example")
    rows = {"notes-TOTAL_FORMS": 1, "notes-INITIAL_FORMS": 1, "notes-0-id": example.pk, "notes-0-ORDER": 1}
    rows |= {"notes-0-language": "en", "notes-0-kind": "example", "notes-0-text": "Three."}
    texts = {"meaning.en.definition": ["One.", "Two again."]}

    names = {"en.preferred": "Compare", "ja.preferred": "比べる"}
    answer = admin_client.post(reverse("terms:edit", args=[term.pk]), posted(names=names) | rows | texts)

    assert (answer.status_code, errors(answer)) == (302, "")
    assert set(term.labels.values_list("pk", "text")) == {
        (pk, {"比較": "比べる"}.get(text, text)) for pk, text in labels
    }
    assert set(term.notes.values_list("pk", "text")) == {
        (pk, {"Two.": "Two again."}.get(text, text)) for pk, text in notes
    }


def test_what_was_typed_is_still_there_after_an_error(admin_client):
    term = TermFactory(key="term")
    names = {"en.preferred": "Other", "ja.alternative": "いち\nに", "new0.language": "nonsense!", "new0.preferred": "X"}

    answer = admin_client.post(reverse("terms:edit", args=[term.pk]), posted(names=names))

    page = BeautifulSoup(answer.content, "html.parser")
    kept = [page.select_one(f"[name='names.{name}']") for name in ("en.preferred", "new0.language", "new0.preferred")]
    assert [one["value"] for one in kept] == ["Other", "nonsense!", "X"]
    assert page.select_one("[name='names.ja.alternative']").text.strip().splitlines() == ["いち", "に"]
    assert list(term.labels.values_list("text", flat=True)) == ["Term"]


def test_nobody_writes_over_what_somebody_else_changed_without_being_told(admin_client):
    term = TermFactory(key="term", labels={"en": "Mine"})
    seen = shown(admin_client, term)["seen"]
    first = admin_client.post(
        reverse("terms:edit", args=[term.pk]),
        posted(names={"en.preferred": "Theirs"}, seen=seen, position=term.position),
    )

    second = posted(names={"en.preferred": "Late"}, seen=seen, position=term.position)
    refused = admin_client.post(reverse("terms:edit", args=[term.pk]), second)
    told, stored = errors(refused), list(term.labels.values_list("text", flat=True))
    page = BeautifulSoup(refused.content, "html.parser")
    again = admin_client.post(
        reverse("terms:edit", args=[term.pk]), second | {"seen": page.select_one("[name=seen]")["value"]}
    )

    assert (first.status_code, refused.status_code, again.status_code) == (302, 200, 302)
    assert "This term was changed meanwhile (editor, " in told
    assert "): names and synonyms. Nothing was saved" in told
    assert page.select_one("[name='names.en.preferred']")["value"] == "Late"
    assert stored == ["Theirs"]
    assert list(term.labels.values_list("text", flat=True)) == ["Late"]


def test_a_facet_declares_attributes_and_its_terms_are_held_to_them(admin_client):
    facet = FacetFactory(code="journey")
    for name, kind, more in (
        ("colour", "choice", {"choices": "red\ngreen", "is_required": True}),
        ("weight", "number", {}),
        ("public", "boolean", {}),
        ("since", "date", {}),
    ):
        facet.attribute_definitions.add(facet.attribute_definitions.model(name=name, kind=kind, **more))
    facet.save()
    term = TermFactory(key="term", attributes={"weight": 2, "legacy": [1]})
    address = reverse("terms:edit", args=[term.pk])
    values = {"attribute_weight": "2.5", "attribute_public": "false", "attribute_since": "2026-03-01"}

    wrong = admin_client.post(address, posted(**values | {"attribute_weight": "much", "attributes": '{"legacy": [1]}'}))
    twice = admin_client.post(address, posted(**values, attribute_colour="red", attributes='{"weight": 1}'))
    kept = shown(admin_client, term)
    right = admin_client.post(address, posted(**values, attribute_colour="red", attributes=kept["attributes"]))

    term.refresh_from_db()
    assert "Enter a number." in errors(wrong)
    assert "This field is required." in errors(wrong)
    assert "weight: the facet declares it, it has a field of its own." in errors(twice)
    assert kept["attribute_weight"] == "2"
    assert (right.status_code, errors(right)) == (302, "")
    assert term.attributes == {"legacy": [1], "colour": "red", "weight": 2.5, "public": False, "since": "2026-03-01"}


def test_the_page_of_a_term_tells_where_it_is_used(admin_client, settings):
    settings.TAXONOMY_DEPENDANTS = "contenthub.content.dependants.HubTermDependants"
    top = TermFactory(key="top")
    low = TermFactory(key="low", parent=top, labels={"en": "Low term"})
    ItemFactory(terms=[top], headline="A draft", key="draft")
    ItemFactory(terms=[top], headline="On air", published=True)
    ItemFactory(terms=[low], headline="Further down")
    kind = ItemTypeFactory(code="offer", labels={"en": "Offer"})
    kind.rules.add(kind.rules.model(facet=top.facet, minimum=1, below=top))
    kind.save()

    page = BeautifulSoup(admin_client.get(reverse("terms:edit", args=[top.pk])).content, "html.parser")

    told = " ".join(page.select_one(".term-uses").text.split())
    assert "A draft draft · Article not live" in told
    assert "On air" in told
    assert "3 items with everything below" in told
    assert "Further down" not in told
    assert "Low term" in told
    assert "Offer: To publish: at least 1, only below journey:top." in told


def test_the_form_of_a_term_that_items_carry_leads_to_the_screens_that_show_and_undo(admin_client, settings):
    settings.TAXONOMY_DEPENDANTS = "contenthub.content.dependants.HubTermDependants"
    top, unused = TermFactory(key="top"), TermFactory(key="unused")
    ItemFactory(terms=[TermFactory(key="low", parent=top)])

    def hint(term):
        page = BeautifulSoup(admin_client.get(reverse("terms:edit", args=[term.pk])).content, "html.parser")
        return next((block for block in page.select(".help-info") if "carries this term" in block.text), None)

    told = hint(top)
    assert "1 item carries this term or one below it: another name or parent changes what" in told.text
    addresses = [reverse(f"terms:{name}", args=[top.pk]) for name in ("rename", "move")]
    assert [link["href"] for link in told.select("a")] == addresses
    assert hint(unused) is None


def test_the_page_of_a_term_costs_the_same_whatever_stands_below_it(admin_client, settings):
    settings.TAXONOMY_DEPENDANTS = "contenthub.content.dependants.HubTermDependants"
    top = TermFactory(key="top")

    def statements(count):
        for term in TermFactory.create_batch(count, parent=top):
            ItemFactory(terms=[top, term])
        admin_client.get(reverse("terms:edit", args=[top.pk]))
        with CaptureQueriesContext(connection) as captured:
            page = admin_client.get(reverse("terms:edit", args=[top.pk])).content.decode()
        assert f"{reverse('facets:tree', args=['journey'])}?term={top.pk}" in page
        return len(captured)

    assert statements(2) == statements(10)


def test_a_cycle_is_an_error_at_the_parent(admin_client):
    top = TermFactory(key="top")
    low = TermFactory(key="low", parent=top)

    answer = admin_client.post(reverse("terms:edit", args=[top.pk]), posted(parent=low.pk))

    assert "A term cannot stand below itself: journey:top below journey:low below journey:top." in errors(answer)
    assert Term.objects.get(pk=top.pk).parent is None


def test_what_is_related_does_not_stand_in_the_same_line_nor_is_it_the_term_itself(admin_client):
    top = TermFactory(key="top")
    middle = TermFactory(key="middle", parent=top)
    term, other = TermFactory(key="term", parent=middle), TermFactory(key="other", parent=top)
    low = TermFactory(key="low", parent=term)
    related = ",".join(str(one.pk) for one in (top, term, low, other))

    answer = admin_client.post(reverse("terms:edit", args=[term.pk]), posted(parent=middle.pk, related=related))

    in_line = "{} stands above or below this term: it cannot be related to it as well (SKOS S27)."
    assert in_line.format("journey:top") in errors(answer)
    assert in_line.format("journey:low") in errors(answer)
    assert "A term is not related to itself." in errors(answer)
    assert "journey:other" not in errors(answer)
    assert not term.related.exists()


def test_what_came_by_other_ways_is_not_judged_when_something_else_is_changed(admin_client):
    term = TermFactory(key="term", labels={})
    term.labels.add(*(term.labels.model(language="en", kind=kind, text="Same") for kind in ("alternative", "hidden")))
    term.save()

    answer = admin_client.post(
        reverse("terms:edit", args=[term.pk]),
        posted(names={"en.alternative": "Same", "en.hidden": "Same"}, position=7),
    )

    term.refresh_from_db()
    assert (answer.status_code, errors(answer)) == (302, "")
    assert term.position == 7


def test_a_facet_has_no_address_that_a_browser_would_run(admin_client):
    data = {"code": "mood", "names-en": "Mood", "uri": "javascript:alert(1)", "position": 9}
    data |= {"attribute_definitions-TOTAL_FORMS": 0, "attribute_definitions-INITIAL_FORMS": 0}

    answer = admin_client.post(reverse("facets:add"), data)

    assert "A browser would run this instead of opening it" in errors(answer)
    assert not Facet.objects.filter(code="mood").exists()


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


def test_a_retired_term_says_so_and_what_replaced_it(admin_client):
    old, new = TermFactory(key="old"), TermFactory(key="new", labels={"en": "Newer"})
    retire_term(old, successors=[new])

    page = admin_client.get(reverse("terms:edit", args=[old.pk])).content.decode()

    assert "This term is retired." in page
    assert "Newer" in page
    assert reverse("terms:restore", args=[old.pk]) in page


@pytest.mark.parametrize("name", ["terms", "facets"])
def test_nothing_is_deleted_or_copied(admin_client, name):
    with pytest.raises(NoReverseMatch):
        reverse(f"{name}:delete", args=[1])
    with pytest.raises(NoReverseMatch):
        reverse(f"{name}:copy", args=[1])


def test_a_facet_is_added_and_renamed_but_keeps_its_code(admin_client):
    data = {"code": "mood", "names-en": "Mood", "names-ja": "気分", "uri": "", "position": 9}
    data |= {"attribute_definitions-TOTAL_FORMS": 0, "attribute_definitions-INITIAL_FORMS": 0}
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
