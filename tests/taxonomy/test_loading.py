import json
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from taxonomy.changing import retire_term
from taxonomy.codes import CODE_CHARS, LABEL_CHARS
from taxonomy.dependants import TermChange, TermsChanged
from taxonomy.dump import dump_csv, dump_json
from taxonomy.loading import load
from taxonomy.models import ExternalId, Facet, FurtherParent, Term, TermLabel, TermNote, TermPath
from taxonomy.snapshot import taxonomy_snapshot
from taxonomy.termrecords import FileProblems
from tests.taxonomy import recording
from tests.taxonomy.factories import FacetFactory, TermFactory

pytestmark = pytest.mark.django_db

SHARED = Path(__file__).parents[3] / "shared" / "data" / "taxonomy"
FACETS = {"product": 448, "segment": 105, "action": 116, "journey": 30, "campaign": 96}

needs_shared_data = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the shared example data is not beside the repository"
)


@pytest.fixture
def write(tmp_path):
    def writing(content, name="journey.json"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return writing


@pytest.fixture
def write_terms(write):
    def writing(*terms, **top):
        return write(json.dumps({"facet": "journey", "terms": terms} | top))

    return writing


def term(key, parent=None, **record):
    return {"code": f"journey:{key}", "parent": parent and f"journey:{parent}", "labels": {"en": key.title()}} | record


def counts(report):
    return report.added, report.changed, report.retired, report.unchanged


def problems_of(*paths):
    """Return what is wrong, after making sure that nothing was changed."""
    before = state()
    with pytest.raises(FileProblems) as refusal:
        load(paths)
    assert state() == before
    return [(problem.place, problem.message) for problem in refusal.value.problems]


def state():
    labels = TermLabel.objects.values_list("term__code", "language", "kind", "text").order_by("pk")
    terms = Term.objects.values_list("code", "parent__code", "position", "status").order_by("pk")
    return list(labels), list(terms), list(Facet.objects.values_list("code", "version"))


@needs_shared_data
@pytest.mark.parametrize("suffix", ["json", "csv"])
def test_loading_the_shared_files_twice_changes_nothing_the_second_time(suffix):
    load([SHARED / f"{facet}.json" for facet in FACETS])
    versions = list(Facet.objects.values_list("version", flat=True))

    reports = load([SHARED / f"{facet}.{suffix}" for facet in FACETS])

    assert {report.facet: counts(report) for report in reports} == {
        facet: (0, 0, 0, count) for facet, count in FACETS.items()
    }
    assert list(Facet.objects.values_list("version", flat=True)) == versions


@needs_shared_data
@pytest.mark.parametrize("facet", FACETS)
def test_a_dump_holds_the_terms_of_the_file_and_loading_it_changes_nothing(facet, write):
    load([SHARED / f"{facet}.json"])
    view = taxonomy_snapshot().facets[facet]
    original = json.loads((SHARED / f"{facet}.json").read_text())

    dumped = json.loads(dump_json(view))
    reports = load([write(dump_json(view), "dump.json"), write(dump_csv(view), "dump.csv")])

    def by_code(terms):
        return {term["code"]: term for term in terms}

    assert by_code(dumped.pop("terms")) == by_code(original.pop("terms"))
    assert dumped == original
    assert [counts(report) for report in reports] == [(0, 0, 0, FACETS[facet])] * 2


@needs_shared_data
def test_the_depths_and_the_closure_of_the_products_are_those_of_the_file():
    load([SHARED / "product.json"])
    terms = json.loads((SHARED / "product.json").read_text())["terms"]
    facet = taxonomy_snapshot().facets["product"]

    assert {code: view.depth for code, view in facet.by_code.items()} == {term["code"]: term["depth"] for term in terms}
    assert TermPath.objects.filter(ancestor__facet=facet.id).count() == sum(term["depth"] for term in terms)


@needs_shared_data
def test_loading_costs_a_fixed_number_of_statements_not_one_a_term(django_assert_max_num_queries):
    with django_assert_max_num_queries(80):
        load([SHARED / "product.json"])


@needs_shared_data
@pytest.mark.parametrize("name", ["channel.json", "channel.csv"])
def test_channels_are_sent_to_their_own_command(name):
    assert problems_of(SHARED / name) == [("", "These are channels, not terms: load them with load_channels.")]


def test_every_field_finds_its_place(write_terms):
    windows = [{"year": 2026, "start": "2026-01-01", "end": "2026-01-31", "event_start": "2026-01-20"}]
    path = write_terms(
        term(
            "one",
            labels={"en": "One", "pt_br": "Um"},
            alt_labels={"en": ["Uno", "Eins"]},
            definition={"en": "The first."},
            exact_match=["https://example.org/1"],
            source_id="s-1",
            windows=windows,
            uri="https://example.org/one",
            country="JP",
            models=[],
            order=7,
            depth=99,
        )
    )

    (report,) = load([path])

    view = taxonomy_snapshot().get("journey:one")
    assert counts(report) == (1, 0, 0, 0)
    assert view.labels == {"en": "One", "pt-BR": "Um"}
    assert view.alternatives == {"en": ("Uno", "Eins")}
    assert view.notes == (("definition", "en", "The first."),)
    assert view.mappings == (("exact", "https://example.org/1"),)
    assert view.external_ids == (("source", "s-1"),)
    assert view.windows == ((date(2026, 1, 1), date(2026, 1, 31), "2026", date(2026, 1, 20), None),)
    assert (view.uri, view.position, view.depth) == ("https://example.org/one", 7, 1)
    assert view.attributes == {"country": "JP", "models": []}


FURTHER = {
    "hidden_labels": {"en": ["Uon"], "ja": ["いち", "ひとつ"]},
    "definition": {"en": ["The first.", "The one."], "ja": "最初"},
    "notes": [
        {"kind": "scope_note", "language": "en", "text": "For all.", "uri": "https://example.org/note"},
        {"kind": "example", "language": "ja", "text": "例"},
    ],
    "notations": [{"text": "1.1", "datatype": "https://example.org/marks"}, {"text": "I"}],
    "external_ids": {"braze": ["b-1", "b-2"], "crm": ["7"]},
    "exact_match": ["https://example.org/1"],
    "mappings": [{"kind": "close", "uri": "https://example.org/2"}],
    "related": ["journey:two"],
}


def test_everything_that_is_said_of_a_term_goes_out_in_json_and_comes_in_again(write_terms, write):
    load([write_terms(term("one", **FURTHER), term("two"))])
    dumped = dump_json(taxonomy_snapshot().facets["journey"])
    Term.objects.get(code="journey:one").external_ids.all().delete()

    one, two = json.loads(dumped)["terms"]
    (missed,) = load([write(dumped)])
    (again,) = load([write(dumped)])

    assert {key: one[key] for key in FURTHER} == FURTHER
    assert two["related"] == ["journey:one"]
    assert (counts(missed), counts(again)) == ((0, 1, 0, 1), (0, 0, 0, 2))
    assert missed.written.differences["journey:one"][0].what == "external ids"
    names = ExternalId.objects.order_by("pk").values_list("system", "identifier")
    assert list(names) == [("braze", "b-1"), ("braze", "b-2"), ("crm", "7")]


def test_what_one_term_says_of_related_ones_counts_for_both_and_what_is_not_said_stays(write_terms):
    load([write_terms(term("a", related=["journey:b"]), term("b"), term("c", related=["journey:d"]), term("d"))])

    load([write_terms(term("a", related=["journey:c"]), term("b"), term("c"), term("d"))])

    terms = Term.objects.filter(facet__code="journey")
    related = {term.code: set(term.related.values_list("code", flat=True)) for term in terms}
    assert related == {
        "journey:a": {"journey:c"},
        "journey:b": set(),
        "journey:c": {"journey:a", "journey:d"},
        "journey:d": {"journey:c"},
    }


def test_a_name_in_another_system_of_a_term_that_is_not_in_the_file_is_refused(write_terms):
    load([write_terms(term("a", external_ids={"crm": ["7"]}, source_id="1"))])

    assert problems_of(write_terms(term("b", external_ids={"crm": ["7"]}, source_id="1"))) == [
        ("term 1 (journey:b)", "The source_id '1' belongs to journey:a."),
        ("term 1 (journey:b)", "The crm_id '7' belongs to journey:a."),
    ]


def test_a_parent_may_stand_later_in_the_file(write_terms):
    load([write_terms(term("leaf", "branch"), term("branch", "root"), term("root"))])

    assert [above.code for above in taxonomy_snapshot().get("journey:leaf").path] == [
        "journey:root",
        "journey:branch",
        "journey:leaf",
    ]


def test_a_term_gone_from_the_file_is_retired_and_a_returning_one_restored(write_terms, settings):
    settings.TAXONOMY_DEPENDANTS = "tests.taxonomy.recording.RecordingDependants"
    load([write_terms(term("kept"), term("gone"))])
    recording.told.clear()

    (gone,) = load([write_terms(term("kept"))])
    retired = Term.objects.get(code="journey:gone").status
    retire_term(Term.objects.get(code="journey:gone"), successors=[Term.objects.get(code="journey:kept")])
    (back,) = load([write_terms(term("kept"), term("gone"))])

    restored = Term.objects.get(code="journey:gone")
    assert (retired, restored.status, restored.replaced_by.count()) == ("retired", "current", 0)
    assert str(gone) == "0 added, 0 changed, 1 retired, 1 unchanged"
    assert str(back) == "0 added, 1 changed, 0 retired, 1 unchanged (1 restored)"
    named = frozenset(["journey:gone"])
    assert recording.told == [
        TermsChanged("journey", named, TermChange.RETIRED),
        TermsChanged("journey", named, TermChange.MERGED),
        TermsChanged("journey", named, TermChange.RESTORED),
    ]


def test_a_moved_branch_is_told_term_by_term_and_new_terms_are_not(write_terms, settings):
    settings.TAXONOMY_DEPENDANTS = "tests.taxonomy.recording.RecordingDependants"
    load([write_terms(term("a"), term("b"), term("branch", "a"), term("leaf", "branch"))])
    recording.told.clear()

    load([write_terms(term("a"), term("b"), term("branch", "b"), term("leaf", "branch"), term("new", "leaf"))])

    assert recording.told == [TermsChanged("journey", frozenset(["journey:branch", "journey:leaf"]), TermChange.MOVED)]


def test_who_is_told_of_a_load_sees_the_new_taxonomy(write_terms, settings):
    settings.TAXONOMY_DEPENDANTS = "tests.taxonomy.recording.LookingDependants"
    load([write_terms(term("a"), term("b"))])
    taxonomy_snapshot()
    recording.told.clear()

    load([write_terms(term("a"), term("b", "a"))])

    assert recording.told == [("journey:b", ["journey:a"])]


def test_what_json_lacks_goes_and_what_the_format_does_not_know_stays(write_terms):
    load([write_terms(term("one", labels={"en": "One", "ja": "一"}, definition={"en": "First."}), term("two"))])
    one, two = Term.objects.get(code="journey:one"), Term.objects.get(code="journey:two")
    TermNote.objects.create(term=one, kind="scope_note", language="en", text="For all.")
    ExternalId.objects.create(term=one, system="crm", identifier="7")
    root = TermFactory(key="root")
    load([write_terms(term("root"), term("one", "root"), term("two", "root"))])
    FurtherParent.objects.create(term=one, parent=two)

    (report,) = load([write_terms(term("root"), term("one", "root"), term("two", "root"))])

    one.refresh_from_db()
    assert counts(report) == (0, 0, 0, 3)
    assert list(one.labels.values_list("language", "text")) == [("en", "One")]
    assert list(one.notes.values_list("kind", flat=True)) == ["scope_note"]
    assert list(one.external_ids.values_list("system", flat=True)) == ["crm"]
    assert [row.parent for row in FurtherParent.objects.filter(term=one)] == [two]
    assert one.parent == root


def test_a_link_to_a_term_gone_from_the_file_goes_with_it(write_terms):
    load([write_terms(term("a"), term("b"), term("low", "a", further_parents=["journey:b"]))])

    load([write_terms(term("a"), term("low", "a"))])

    assert not FurtherParent.objects.exists()
    assert set(Term.objects.in_branch("journey:b").values_list("code", flat=True)) == {"journey:b"}


def test_source_ids_may_change_places(write_terms):
    load([write_terms(term("a", source_id="1"), term("b", source_id="2"))])

    (report,) = load([write_terms(term("a", source_id="2"), term("b", source_id="1"))])

    assert counts(report) == (0, 2, 0, 0)
    assert dict(ExternalId.objects.values_list("term__code", "identifier")) == {"journey:a": "2", "journey:b": "1"}


def test_a_new_facet_comes_with_its_json(write):
    document = {"facet": "mood", "labels": {"en": "Mood"}, "licence": "CC0-1.0", "terms": [{"code": "mood:calm"}]}

    load([write(json.dumps(document))])

    facet = Facet.objects.get(code="mood")
    assert (facet.names, facet.attributes, facet.is_builtin) == ({"en": "Mood"}, {"licence": "CC0-1.0"}, False)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_csv_changes_only_what_its_columns_carry(write, write_terms, delimiter, mark):
    load([write_terms(term("a", labels={"en": "A", "ja": "あ"}, definition={"en": "First."}, source_id="1"))])
    rows = [
        ["code", "parent", "order", "label_en"],
        ["journey:a", "", "3", "Alpha"],
        ["journey:b", "journey:a", "", ""],
    ]
    content = mark + "\r\n".join(delimiter.join(row) for row in rows) + "\r\n"

    (report,) = load([write(content, "journey.csv")])

    a, b = (taxonomy_snapshot().get(f"journey:{key}") for key in "ab")
    assert counts(report) == (1, 1, 0, 0)
    assert (a.labels, a.position, len(a.notes), len(a.external_ids)) == ({"en": "Alpha", "ja": "あ"}, 3, 1, 1)
    assert (b.labels, b.parent, b.position) == ({}, a, 1)


@pytest.mark.parametrize(
    "content",
    [
        "code,parent,label_pt-BR,\njourney:a,,A,\njourney:b,journey:a,B,\n",
        "code;parent;label_pt-BR;;\njourney:a;;A\njourney:b;journey:a;B;;\n",
        "Code,PARENT,Label_pt-BR\njourney:a,,A\njourney:b,journey:a,B\n",
    ],
    ids=["a separator at each end", "several, not on each line", "capitals"],
)
def test_csv_may_end_its_lines_with_separators_and_name_its_columns_in_capitals(write, content):
    (report,) = load([write(content, "journey.csv")])

    assert counts(report) == (2, 0, 0, 0)
    assert [taxonomy_snapshot().get(f"journey:{key}").labels for key in "ab"] == [{"pt-BR": "A"}, {"pt-BR": "B"}]


JSON_PROBLEMS = [
    ([term("a", "lost")], "term 1 (journey:a)", "The parent 'journey:lost' is not in the file."),
    (
        [term("a", "b"), term("b", "a")],
        "term 1 (journey:a)",
        "A term cannot stand below itself: journey:a below journey:b below journey:a.",
    ),
    ([term("a"), term("a")], "term 1 (journey:a)", "The code 'journey:a' is there 2 times."),
    ([{"code": "product:a"}], "term 1 (product:a)", "The code 'product:a' is not of the facet journey."),
    ([{"parent": None}], "term 1", "It is not an object with a code."),
    (
        [term("a", labels={"no language": "A"})],
        "term 1 (journey:a)",
        "'no language' is not a language tag such as en, ja or pt-BR.",
    ),
    ([term("a", labels={"pt-BR": "A", "pt_br": "B"})], "term 1 (journey:a)", "'labels' has pt-BR twice."),
    ([term("a", labels={"en": 3})], "term 1 (journey:a)", "'labels' is not one text for each language."),
    ([term("a", labels={"en": " \u3000"})], "term 1 (journey:a)", "'labels' is not one text for each language."),
    (
        [term("a", alt_labels={"en": "A"})],
        "term 1 (journey:a)",
        "'alt_labels' is not a list of texts for each language.",
    ),
    (
        [term("a", exact_match=["no uri"])],
        "term 1 (journey:a)",
        "'no uri': A URI has a scheme and no spaces, for example https://example.org/terms/1.",
    ),
    ([term("a", order=-1)], "term 1 (journey:a)", "The order '-1' is not a whole number from 0."),
    ([term("a", order="x")], "term 1 (journey:a)", "The order 'x' is not a whole number from 0."),
    ([term("a", source_id=3)], "term 1 (journey:a)", "'source_id' is not a text."),
    (
        [term("a", windows=[{"start": "2026-02-01", "end": "2026-01-01"}])],
        "term 1 (journey:a)",
        "A window starts on 2026-02-01, after its end on 2026-01-01.",
    ),
    (
        [term("a", windows=[{"start": "soon", "end": "2026-01-01"}])],
        "term 1 (journey:a)",
        "A window's start 'soon' is not a day such as 2026-03-31.",
    ),
    (
        [term("a", labels={"en": "x" * (LABEL_CHARS + 1)})],
        "term 1 (journey:a)",
        f"The label '{'x' * 40}...' has {LABEL_CHARS + 1} characters; {LABEL_CHARS} are allowed.",
    ),
    (
        [term("a", note="\0")],
        "term 1 (journey:a)",
        "It holds a character that cannot be stored (NUL or half a surrogate pair).",
    ),
    (
        [term("a", retired=True)],
        "term 1 (journey:a)",
        "'retired' is not read: a term of the file is in use, one that is missing from it is retired. Leave it out.",
    ),
    ([term("a", related=["journey:b"])], "term 1 (journey:a)", "The related term 'journey:b' is not in the file."),
    ([term("a", related=["journey:a"])], "term 1 (journey:a)", "The related term 'journey:a' is the term itself."),
    ([term("a", related="b")], "term 1 (journey:a)", "'related' is not a list of codes."),
    (
        [term("a", external_ids={"source": ["1"]})],
        "term 1 (journey:a)",
        "'external_ids' has the system 'source': give its ids as source_id.",
    ),
    ([term("a", external_ids=["7"])], "term 1 (journey:a)", "'external_ids' is not a list of texts for each system."),
    (
        [term("a", external_ids={"crm": ["7"]}), term("b", external_ids={"crm": ["7"]})],
        "term 2 (journey:b)",
        "The crm_id '7' is there 2 times.",
    ),
    (
        [term("a", hidden_labels={"en": "A"})],
        "term 1 (journey:a)",
        "'hidden_labels' is not a list of texts for each language.",
    ),
    (
        [term("a", notes=[{"kind": "example", "text": "A"}])],
        "term 1 (journey:a)",
        "'notes' is not a list of objects with kind, language, text and perhaps uri.",
    ),
    (
        [term("a", mappings=[{"kind": "exact", "uri": "x:1"}])],
        "term 1 (journey:a)",
        "'exact' is none of the kinds of 'mappings': close, broad, narrow, related.",
    ),
    (
        [term("a", notations=["1"])],
        "term 1 (journey:a)",
        "'notations' is not a list of objects with text and perhaps datatype.",
    ),
    (
        [term("a", further_parents=["journey:b"]), term("b")],
        "term 1 (journey:a)",
        "A term with further parents has a primary parent too.",
    ),
]


@pytest.mark.parametrize(("terms", "place", "message"), JSON_PROBLEMS)
def test_what_is_wrong_with_a_term_is_told_with_its_place(write_terms, terms, place, message):
    assert (place, message) in problems_of(write_terms(*terms))


def test_an_over_long_code_is_told(write_terms):
    code = f"journey:{'x' * CODE_CHARS}"

    assert problems_of(write_terms({"code": code})) == [
        (
            f"term 1 ({code[:60]})",
            f"The code '{code[:40]}...' has {CODE_CHARS + 8} characters; {CODE_CHARS} are allowed.",
        )
    ]


@pytest.mark.parametrize(
    ("content", "place", "message"),
    [
        ('{"facet": "journey",\n "terms": [}', "line 2", "This is not JSON: Expecting value."),
        ("[]", "", "It is not a JSON object."),
        ('{"terms": []}', "", "It names no facet."),
        ('{"facet": "journey"}', "", "It has no list of terms."),
        ('{"facet": "journey", "count": 2, "terms": []}', "", "It says that it has 2 terms, but there are 0."),
        ('{"facet": "journey", "x": NaN, "terms": []}', "", "This is not JSON: NaN is no JSON number."),
        ('{"facet": "mood", "terms": []}', "", "There is no facet mood: load a JSON file with its labels first."),
        (b'{"facet":\n "caf\xe9"}', "line 2", "This is not UTF-8 text."),
        (
            '{"facet": "journey", "x": "\\u0000", "terms": [{"code": "journey:a"}]}',
            "",
            "What it says of the facet holds a character that cannot be stored.",
        ),
        (
            '{"facet": "journey", "x": 1e999, "terms": []}',
            "",
            "This is not JSON: 1e999 is larger than any number can be.",
        ),
        ('{"facet": "journey", "x": ' + "[" * 50 + "]" * 50 + ', "terms": []}', "", "It is nested too deeply."),
        (
            "[" * 100_000,
            "",
            "It is nested too deeply.",
        ),
    ],
)
def test_what_is_wrong_with_a_json_file_is_told_with_its_line(write, content, place, message):
    assert problems_of(write(content)) == [(place, message)]


@pytest.mark.parametrize(
    ("content", "place", "message"),
    [
        ("", "line 1", "The columns code and parent are needed; the first line names the columns."),
        ("code,label_en\n", "line 1", "The columns code and parent are needed; the first line names the columns."),
        ("code,parent\n", "", "It holds no terms."),
        ("code,parent,colour\njourney:a,,red\n", "line 1", "The column 'colour' is not known."),
        ("code,parent,parent\njourney:a,,\n", "line 1", "The column 'parent' is there 2 times."),
        ("code,parent,label_pt-BR,label_pt_br\njourney:a,,A,B\n", "line 1", "Two columns hold labels in pt-BR."),
        ("code,parent\njourney:a\n", "line 2", "It has 1 cells, but there are 2 columns."),
        ('code,parent\n"journey:a,\n', "line 2", "This is not CSV: unexpected end of data."),
        ("code,parent,order\njourney:a,,1\njourney:b,,x\n", "line 3", "The order 'x' is not a whole number from 0."),
        ("code,parent\njourney:a,journey:b\n", "line 2", "The parent 'journey:b' is not in the file."),
        ("code,parent\njourney:a,\nproduct:b,\n", "line 3", "The code 'product:b' is not of the facet journey."),
        ("code,parent\nmood:a,\n", "", "There is no facet mood: load a JSON file with its labels first."),
    ],
)
def test_what_is_wrong_with_a_csv_file_is_told_with_its_line(write, content, place, message):
    assert (place, message) in problems_of(write(content, "terms.csv"))


def test_all_problems_of_all_files_are_told_at_once_and_nothing_is_loaded(write):
    good = write(json.dumps({"facet": "journey", "terms": [term("a")]}), "good.json")
    bad = write(json.dumps({"facet": "journey", "terms": [term("a", "x"), term("b", "y")]}), "bad.json")
    other = write("text", "other.xml")

    problems = problems_of(good, bad, other)

    assert [message for _, message in problems] == [
        "The parent 'journey:x' is not in the file.",
        "The parent 'journey:y' is not in the file.",
        "A term file ends in .json or .csv.",
    ]


def test_an_empty_file_does_not_retire_everything(write_terms):
    TermFactory()

    assert problems_of(write_terms()) == [("", "It holds no terms: loading it would retire everything in journey.")]


def test_a_source_id_of_another_facet_is_refused(write_terms):
    holder = TermFactory(facet=FacetFactory(code="product"), key="shoes")
    ExternalId.objects.create(term=holder, system="source", identifier="7")

    assert problems_of(write_terms(term("a", source_id="7"))) == [
        ("term 1 (journey:a)", "The source_id '7' belongs to product:shoes.")
    ]


names = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12).filter(str.strip)
records = st.lists(
    st.fixed_dictionaries(
        {"parent": st.integers(0, 20), "labels": st.dictionaries(st.sampled_from(["en", "ja", "ar"]), names)},
        optional={
            "alt_labels": st.dictionaries(st.just("en"), st.lists(names, min_size=1, max_size=3), max_size=1),
            "definition": st.dictionaries(st.sampled_from(["en", "ko"]), names),
            "order": st.integers(0, 9),
            "colour": names,
        },
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=15, deadline=None)
@given(records)
def test_whatever_was_loaded_is_dumped_and_loading_the_dump_changes_nothing(tmp_path_factory, records):
    folder = tmp_path_factory.mktemp("dump")
    terms = []
    for number, record in enumerate(records):
        parent = record["parent"] % (number + 1)
        terms.append(
            {**record, "code": f"journey:t{number}", "parent": f"journey:t{parent}" if parent < number else None}
        )
    first, again, flat = folder / "first.json", folder / "again.json", folder / "flat.csv"
    first.write_text(json.dumps({"facet": "journey", "terms": terms}))
    load([first])
    facet = taxonomy_snapshot().facets["journey"]

    again.write_text(dump_json(facet))
    flat.write_bytes(dump_csv(facet).encode())
    reports = load([again, flat])

    assert [counts(report) for report in reports] == [(0, 0, 0, len(terms))] * 2


def test_the_command_reports_each_file(write_terms):
    out = StringIO()

    call_command("load_terms", str(write_terms(term("a"), term("b", "a"))), stdout=out)

    assert out.getvalue() == "journey: 2 added, 0 changed, 0 retired, 0 unchanged\n"


def test_the_command_tells_every_problem_and_that_nothing_was_changed(write_terms):
    path = write_terms(term("a", "x"))

    with pytest.raises(CommandError) as refusal:
        call_command("load_terms", str(path))

    assert str(refusal.value) == (
        f"{path}, term 1 (journey:a): The parent 'journey:x' is not in the file.\nNothing was changed."
    )


def test_a_dry_run_tells_every_change_and_makes_none(write, write_terms):
    load([write_terms(term("a"), term("b"), term("gone"), labels={"en": "Journey"})])
    before, out = state(), StringIO()
    later = write_terms(term("a"), term("b", "a"), term("new"), labels={"en": "Way"})
    mood = write(json.dumps({"facet": "mood", "labels": {"en": "Mood"}, "terms": [{"code": "mood:calm"}]}), "mood.json")

    call_command("load_terms", str(later), str(mood), "--dry-run", stdout=out)

    assert state() == before
    assert out.getvalue().splitlines() == [
        "journey: 1 added, 1 changed, 1 retired, 1 unchanged",
        "  facet   names: - en Journey; + en Way",
        "  added   journey:new",
        "  changed journey:b  parent: + journey:a; position: - 2; + 1",
        "  retired journey:gone",
        "mood: 1 added, 0 changed, 0 retired, 0 unchanged",
        "  facet   names: + en Mood",
        "  added   mood:calm",
        "Nothing was changed (--dry-run).",
    ]


def test_the_command_names_what_it_retired(write_terms):
    load([write_terms(term("a"), term("gone"))])
    out = StringIO()

    call_command("load_terms", str(write_terms(term("a"))), stdout=out)

    assert out.getvalue() == "journey: 0 added, 0 changed, 1 retired, 1 unchanged\n  retired journey:gone\n"


BETTER = "A code is for ever: better give it another."


def test_new_codes_that_differ_in_capitals_only_are_warned_of(write_terms):
    load([write_terms(term("buy"), term("look"))])

    (report,) = load([write_terms(term("buy"), term("Buy"), term("look"), term("new"), term("NEW"))], dry_run=True)

    assert [(one.place, one.message) for one in report.warnings] == [
        (
            f"term {number} (journey:{new})",
            f"The code journey:{new} and journey:{old} differ in capitals only. {BETTER}",
        )
        for number, new, old in ((2, "Buy", "buy"), (5, "NEW", "new"))
    ]
