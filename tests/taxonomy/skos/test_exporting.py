"""Out and in again says the same: on the real files, and on vocabularies that nobody would write."""

import json
from collections import Counter
from contextlib import contextmanager

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.collection import Collection

from taxonomy.codes import LabelKind
from taxonomy.loading import load
from taxonomy.models import Facet, Term, TermLabel, TermMapping, TermNote
from taxonomy.skos.exporting import CannotWrite, export_facet, facet_graph, same_graph
from taxonomy.skos.files import FORMATS, read_graph
from taxonomy.skos.importing import carry_out, plan_import
from taxonomy.skos.plans import Source
from taxonomy.skos.words import DCTERMS, LABELS, MAPPINGS, NOTES, OWL, RDF, SKOS, SKOSXL
from taxonomy.snapshot import taxonomy_snapshot
from tests.taxonomy.factories import TermFactory
from tests.taxonomy.skos.vocabulary import PREFIXES, SHARED, assert_exports, bring_in, concept, needs_shared_data

pytestmark = pytest.mark.django_db

V = "https://example.org/v/"
REAL = {
    "coar-resource-types-1.1": ("skos", 58),
    "hcrt": ("skos", 26),
    "journey": ("taxonomy", 30),
    "campaign": ("taxonomy", 96),
}


def content_of(name):
    return (SHARED / REAL[name][0] / f"{name}.ttl").read_bytes()


@needs_shared_data
@pytest.mark.parametrize("name", REAL)
def test_a_real_vocabulary_comes_out_as_it_went_in(name):
    source = Source(f"{name}.ttl", content_of(name), "turtle")
    original, _ = read_graph(source.content, "turtle", fallback_base=V)

    written = carry_out(plan_import("v", source))
    facet = Facet.objects.get(code="v")

    assert len(written.added) == REAL[name][1]
    assert same_graph(facet_graph(facet), original)
    for format in FORMATS:
        again = plan_import("v", Source(name, export_facet(facet, format).encode(), format))
        assert (again.changes_anything, again.conflicts) == (False, []), format


@needs_shared_data
@pytest.mark.parametrize("name", ["coar-resource-types-1.1", "hcrt"])
def test_a_real_vocabulary_has_the_numbers_that_are_expected(name):
    expected = json.loads((SHARED / "expected.json").read_text())[f"skos/{name}.ttl"]
    plan = plan_import("v", Source(f"{name}.ttl", content_of(name), "turtle"))
    carry_out(plan)
    terms = taxonomy_snapshot().facets["v"].terms

    labels = Counter(TermLabel.objects.filter(term__facet__code="v").values_list("kind", "language"))
    assert len(terms) == expected["concepts"]
    assert Counter(term.depth for term in terms) == {int(depth): n for depth, n in expected["by_depth"].items()}
    assert max((len(term.broader) for term in terms), default=0) == expected["max_parents"]
    for kind, key in ((LabelKind.PREFERRED, "prefLabel"), (LabelKind.ALTERNATIVE, "altLabel")):
        ours = {language: n for (found, language), n in labels.items() if found == kind}
        assert ours == expected[key], kind
    definitions = expected["definition"].get("not-a-literal", 0)
    assert TermNote.objects.filter(kind="definition", uri__gt="").count() >= min(definitions, 1)
    assert TermNote.objects.filter(kind="scope_note").count() == sum(expected["scopeNote"].values())
    assert bool(TermMapping.objects.count()) == any(expected["mappings"].values())
    clauses = Counter(finding.clause for finding in plan.findings)
    assert clauses["S12"] == expected["hiddenLabel"].get("not-a-literal", 0)
    assert clauses["S13"] == expected["labels_both_pref_and_alt_or_hidden"]
    assert clauses["S14"] == expected["concept_languages_with_several_prefLabels"]
    assert clauses["S27"] == expected["related_also_ancestor"]


@needs_shared_data
def test_a_facet_loaded_from_json_exports_what_its_turtle_file_says():
    load([SHARED / "taxonomy" / "campaign.json"])
    Facet.objects.filter(code="campaign").update(uri="https://example.org/taxonomy/campaign")
    original, _ = read_graph((SHARED / "taxonomy" / "campaign.ttl").read_bytes(), "turtle", fallback_base=V)

    graph = facet_graph(Facet.objects.get(code="campaign"))

    missing = {triple for triple in original if triple not in graph}
    assert missing == set()


def test_a_facet_made_here_is_whole_in_every_format():
    root = TermFactory(code="journey:a", labels={"en": "A", "ar": "أ"})
    TermFactory(code="journey:b", parent=root, further=[])
    facet = root.facet

    for format in FORMATS:
        text = export_facet(facet, format)
        again = plan_import("journey", Source("x", text.encode(), format))
        assert not again.changes_anything, again.written
        assert [finding for finding in again.findings if finding.severity == "refused"] == []


def test_exporting_costs_a_fixed_number_of_statements(django_assert_max_num_queries):
    bring_in("".join(concept(f"t{number}", f'skos:prefLabel "{number}"@en') for number in range(50)))
    facet = Facet.objects.get(code="v")

    with django_assert_max_num_queries(16):
        facet_graph(facet)


def test_a_text_that_xml_cannot_hold_is_refused_in_xml_only():
    bring_in(concept("a", 'skos:prefLabel "bell\\u0007"@en'))
    facet = Facet.objects.get(code="v")

    assert export_facet(facet, "turtle")
    with pytest.raises(CannotWrite, match="XML"):
        export_facet(facet, "xml")


def test_line_ends_and_control_characters_in_texts_come_out_as_they_were():
    text = concept("a", *(f'skos:note "{odd}"@en' for odd in ("a\\r\\nb", "\\u000B", "\\u0085", "\\u2028x", "\\u0007")))
    bring_in(text)

    assert_exports(text)
    assert TermNote.objects.filter(text="a\r\nb").exists()


# --- vocabularies that nobody would write ------------------------------------------------------------------------

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=12)
TAGS = st.sampled_from([None, "en", "EN", "ja", "ar", "zh-Hans-CN", "zh-CN", "jp", "und", "de-x-odd", "waytoolongtag"])
LITERALS = st.builds(Literal, TEXTS, TAGS)
OUTSIDE = st.sampled_from([URIRef("https://example.com/x"), URIRef("urn:x:y"), URIRef(V + "note")])
KEYS = st.integers(0, 5)


@st.composite
def vocabularies(draw):
    graph = Graph(bind_namespaces="none")
    terms = [URIRef(f"{V}t{number}") for number in range(draw(st.integers(1, 6)))]
    some = st.sampled_from(terms)
    scheme, inner, outer = URIRef(V + "scheme"), URIRef(V + "inner"), URIRef(V + "outer")
    for term in terms:
        graph.add((term, RDF.type, SKOS.Concept))
        for property in (*LABELS.values(), *NOTES.values(), DCTERMS.description):
            for value in draw(st.lists(LITERALS, max_size=2)):
                graph.add((term, property, value))
        if draw(st.booleans()):
            note = draw(st.sampled_from([BNode(), URIRef(V + "note")]))
            graph.add((term, draw(st.sampled_from([*NOTES.values(), SKOSXL.prefLabel])), note))
            graph.add((note, draw(st.sampled_from([RDF.value, SKOSXL.literalForm])), draw(LITERALS)))
            graph.add((note, DCTERMS.creator, BNode()))
        for property in draw(st.lists(st.sampled_from([*MAPPINGS.values(), SKOS.related, DCTERMS.source]), max_size=2)):
            graph.add((term, property, draw(OUTSIDE | some)))
        for datatype in draw(st.lists(st.sampled_from([None, URIRef("x:d")]), max_size=2)):
            graph.add((term, SKOS.notation, Literal(f"n{term[-1]}{draw(KEYS)}", datatype=datatype)))
    for _ in range(draw(st.integers(0, 8))):  # a term stands below lesser ones only: no circle but of one
        one, other = draw(KEYS) % len(terms), draw(KEYS) % len(terms)
        low, high = terms[max(one, other)], terms[min(one, other)]
        said = draw(st.sampled_from([(low, SKOS.broader, high), (high, SKOS.narrower, low)]))
        graph.add(said)
        graph.add(draw(st.sampled_from([said, (high, SKOS.topConceptOf, scheme), (low, SKOS.inScheme, scheme)])))
    for term in draw(st.lists(some, max_size=2)):
        graph.add((term, OWL.deprecated, Literal(True)))
        graph.add((term, DCTERMS.isReplacedBy, draw(some | OUTSIDE)))
    if draw(st.booleans()):
        graph.add((inner, RDF.type, SKOS.OrderedCollection))
        members = draw(st.lists(some, min_size=1, max_size=3, unique=True))
        graph.add((inner, SKOS.memberList, Collection(graph, BNode(), members).uri))
        graph.add((outer, RDF.type, SKOS.Collection))
        graph.add((outer, SKOS.prefLabel, draw(LITERALS)))
        graph.add((outer, SKOS.member, draw(some)))
        graph.add((outer, SKOS.member, inner))
    graph.add((scheme, draw(st.sampled_from([DCTERMS.title, SKOS.prefLabel, URIRef("x:p")])), draw(LITERALS)))
    return graph


@contextmanager
def undone():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(graph=vocabularies(), format=st.sampled_from(list(FORMATS)))
def test_whatever_goes_in_comes_out_and_goes_in_again(graph, format):
    with undone():
        codes = {str(term): f"v:{str(term)[len(V) :]}" for term in graph.subjects(RDF.type, SKOS.Concept)}
        source = Source("v", graph.serialize(format=format).encode(), format, codes=codes)
        read, _ = read_graph(source.content, format, fallback_base=V)
        assert same_graph(read, graph)

        carry_out(plan_import("v", source))
        facet = Facet.objects.get(code="v")
        text = export_facet(facet, format)
        out, _ = read_graph(text.encode(), format, fallback_base=V)
        again = plan_import("v", Source("v", text.encode(), format))

        assert same_graph(out, graph)
        assert (again.changes_anything, again.conflicts) == (False, [])
        for term in Term.objects.filter(facet=facet):
            term.full_clean()


WRITTEN = (
    '"007"^^xsd:integer, "+1"^^xsd:integer, "12"^^xsd:integer, "TRUE"^^xsd:boolean, "1"^^xsd:boolean, true,'
    '"1e0"^^xsd:double, "INF"^^xsd:double, "1.50"^^xsd:decimal, ".5"^^xsd:decimal, "x"^^xsd:integer'
)


@pytest.mark.parametrize("format", FORMATS)
def test_a_typed_literal_comes_out_as_it_was_written_not_as_its_value(format):
    text = "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n" + PREFIXES + concept("a", f"skos:notation {WRITTEN}")
    original, _ = read_graph(text.encode(), "turtle", fallback_base=V)
    carry_out(plan_import("v", Source("v.ttl", text.encode(), "turtle")))

    out, _ = read_graph(export_facet(Facet.objects.get(code="v"), format).encode(), format, fallback_base=V)

    assert same_graph(out, original)
