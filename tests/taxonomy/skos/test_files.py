import socket

import pytest

from taxonomy.skos import bounds
from taxonomy.skos.files import format_of, read_graph
from taxonomy.skos.spelling import UnreadableFile

XML = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
  xmlns:skos="http://www.w3.org/2004/02/skos/core#">%s</rdf:RDF>"""


@pytest.fixture(autouse=True)
def _no_network(monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("something tried to reach the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def read(content, format):
    return read_graph(content, format, fallback_base="https://hub.example/v/")


def refusal(content, format):
    with pytest.raises(UnreadableFile) as refused:
        read(content, format)
    return str(refused.value)


@pytest.mark.parametrize(
    ("content", "format", "told"),
    [
        (b"<a:b> <a:c>\n<a:d", "turtle", "Line 2: this is not Turtle."),
        (b"\n\xff", "turtle", "Line 2: this is not UTF-8 text."),
        (b"<rdf", "xml", "Line 1: this is not XML: unclosed token."),
        (b'{"@id": ', "json-ld", "Line 1: this is not JSON: Expecting value."),
        (b"<a:b> <a:c> " + b"(" * 5000, "turtle", "It is nested too deeply."),
        (b"[" * 200 + b"]" * 200, "json-ld", "It is nested deeper than 100 levels."),
        (b"[" * 100_000, "json-ld", "It is nested too deeply."),
        (b"<a>" * 200, "xml", "It is nested deeper than 100 elements."),
    ],
    ids=["turtle", "utf-8", "xml", "json", "deep turtle", "deep json", "bottomless json", "deep xml"],
)
def test_what_cannot_be_read_is_refused_with_its_place(content, format, told):
    assert refusal(content, format).startswith(told)


@pytest.mark.parametrize(
    "declaration",
    [
        b'<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        b'<!DOCTYPE r SYSTEM "http://example.org/r.dtd">',
        b'<!DOCTYPE r [<!ENTITY f SYSTEM "file:///etc/passwd">]>',
    ],
    ids=["bomb", "outside type", "local file"],
)
def test_document_types_and_entities_are_refused_before_anything_is_read(declaration):
    told = refusal(b'<?xml version="1.0"?>' + declaration + XML % b"", "xml")

    assert told == "It declares a document type or entities, which are not read. Take them out."


@pytest.mark.parametrize(
    "document",
    [
        b'{"@context": "https://example.org/context.json", "@id": "a"}',
        b'{"@context": [{}, "context.json"], "@id": "a"}',
        b'{"@context": {"@import": "https://example.org/context.json"}, "@id": "a"}',
        b'{"@context": {"p": {"@id": "a:p", "@context": "https://example.org/c"}}, "p": {"@id": "a:b"}}',
        b'[{"@id": "a:a", "a:p": {"@context": "file:///etc/passwd", "@id": "a:b"}}]',
    ],
    ids=["string", "list", "import", "scoped", "inner"],
)
def test_contexts_of_other_places_are_never_fetched(document):
    assert "Contexts are not fetched: put it into the file." in refusal(document, "json-ld")


def test_a_file_that_is_too_large_or_says_too_much_or_takes_too_long_is_refused(monkeypatch):
    many = b"".join(b"<a:%d> <a:b> <a:c> .\n" % number for number in range(600))

    monkeypatch.setattr(bounds, "MOST_TRIPLES", 599)
    assert refusal(many, "turtle") == "It has more than 599 statements."
    monkeypatch.setattr(bounds, "LONGEST_SECONDS", -1)
    assert refusal(many[:10_000], "turtle") == "Reading it takes more than -1 seconds."
    monkeypatch.setattr(bounds, "LARGEST_BYTES", 10)
    assert refusal(many, "turtle").endswith("10 are allowed.")


def test_byte_order_marks_are_skipped_and_told():
    for content in (b"\xef\xbb\xbf<a:b> <a:c> <a:d> .", b"\xff\xfe" + "<a:b> <a:c> <a:d> .".encode("utf-16-le")):
        graph, (finding,) = read(content, "turtle")

        assert len(graph) == 1
        assert "byte order mark" in finding.message


def test_relative_addresses_are_read_against_a_base_and_told():
    graph, (finding,) = read(b"<term> <a:b> <a:c> .", "turtle")
    based, none = read_graph(b"<term> <a:b> <a:c> .", "turtle", base="https://b.example/", fallback_base="x:")
    own, nothing = read(b"@base <https://own.example/> . <term> <a:b> <a:c> .", "turtle")

    assert [str(subject) for subject in graph.subjects()] == ["https://hub.example/v/term"]
    assert "1 relative addresses have no base" in finding.message
    assert [str(subject) for subject in based.subjects()] == ["https://b.example/term"]
    assert [str(subject) for subject in own.subjects()] == ["https://own.example/term"]
    assert none == nothing == []


@pytest.mark.parametrize(
    ("content", "format"),
    [
        (
            XML % b'<skos:Concept rdf:about="a:b"><skos:altLabel xml:lang="pt_BR">x</skos:altLabel></skos:Concept>',
            "xml",
        ),
        (b'{"@id": "a:b", "a:l": {"@value": "x", "@language": "pt_BR"}}', "json-ld"),
        (
            b'{"@context": {"l": {"@id": "a:l", "@container": "@language"}}, "@id": "a:b", "l": {"pt_BR": "x"}}',
            "json-ld",
        ),
    ],
    ids=["xml", "value", "language map"],
)
def test_language_tags_that_rdf_cannot_hold_are_mended_and_told(content, format):
    graph, findings = read(content, format)

    assert [value.language for value in graph.objects() if hasattr(value, "language")] == ["pt-BR"]
    assert [finding.message for finding in findings] == [
        "'pt_BR' is no language tag (BCP 47); 1 texts are read as pt-BR."
    ]


def test_addresses_that_none_may_have_are_encoded():
    content = XML % b'<skos:Concept rdf:about="https://example.org/a b|c"/>'

    graph, (finding,) = read(content, "xml")

    assert [str(subject) for subject in graph.subjects()] == ["https://example.org/a%20b%7Cc"]
    assert finding.place == "https://example.org/a b|c"
    assert graph.serialize(format="turtle")


def test_lexical_forms_stay_as_they_were_written():
    graph, _ = read(b'<a:b> <a:c> "01"^^<http://www.w3.org/2001/XMLSchema#integer> .', "turtle")

    assert [str(value) for value in graph.objects()] == ["01"]


def test_the_name_of_a_file_tells_its_format():
    names = ["a.ttl", "a.RDF", "a.xml", "a.jsonld", "a.csv", ""]

    assert [format_of(name) for name in names] == ["turtle", "xml", "xml", "json-ld", None, None]


@pytest.mark.parametrize("content", [b'<a:b> <a:c> "x\\u0000y\\uD800" .', b'<a:b> <a:c> "x\\u0000y" , "\\uDC00" .'])
def test_characters_that_are_none_are_replaced_and_told(content):
    graph, findings = read(content, "turtle")

    assert all("\ufffd" in value for value in graph.objects())
    assert "they were replaced" in findings[0].message
    assert graph.serialize(format="nt", encoding="utf-8")
