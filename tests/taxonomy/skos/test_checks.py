"""Each finding with its clause, on a vocabulary that has just this wrong."""

import pytest

from tests.taxonomy.skos.vocabulary import clauses, concept, messages, plan

pytestmark = pytest.mark.django_db

A = concept("a", 'skos:prefLabel "A"@en', "skos:topConceptOf :scheme")


@pytest.mark.parametrize(
    ("statement", "clause"),
    [
        ('skos:prefLabel "B"@en; skos:altLabel "B"@en', "S13"),
        ('skos:prefLabel "B"@en, "C"@en', "S14"),
        ('skos:prefLabel "B"@en; skos:broader :a; skos:related :a', "S27"),
        ('skos:prefLabel "B"@en; skos:exactMatch <x:1>; skos:broadMatch <x:1>', "S46"),
        ('skos:prefLabel "B"@en; skos:hiddenLabel <x:1>', "S12"),
        ('skos:prefLabel "B"@en; a skos:ConceptScheme', "S9"),
        ('skos:prefLabel "B"@en; a skos:Collection', "S37"),
    ],
)
def test_a_broken_clause_is_a_warning_and_names_the_concept(statement, clause):
    found = plan(A + concept("b", statement, "skos:topConceptOf :scheme"))

    assert ("warning", clause) in clauses(found)
    place = next(finding.place for finding in found.findings if finding.clause == clause)
    assert place == f"https://example.org/v/{'a' if clause == 'S27' else 'b'}"
    assert found.refusals == []


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ('skos:prefLabel "a"@en', "It is called 'a' (en), as is https://example.org/v/a."),
        ('skos:altLabel "B"@en', "It has no preferred label. It is called by its code."),
        ('owl:deprecated true; skos:note "x"', "It is deprecated and has no preferred label."),
        ('skos:prefLabel "B"@en; skos:broader :b', "It is broader itself, which is left out; exports keep it."),
        ('skos:prefLabel "B"@en; skos:broader :z', "What stands above it, https://example.org/v/z, is no"),
        ('skos:prefLabel "B"@en', "Nothing is above or below it and it is no top concept: an orphan."),
        ('skos:prefLabel "B"@englishlanguage', "'englishlanguage' is no language tag (BCP 47)"),
        ('skos:prefLabel "B"@jp', "'jp' names no language that is known. 1 texts have it."),
        ('skos:prefLabel ""@en', "An empty label in en is left out; exports keep it."),
        ('skos:prefLabel "B"@en; dct:isReplacedBy :a', "It is replaced, but not deprecated"),
        (f'skos:prefLabel "{"B" * 300}"@en', "A label in en has 300 characters; the hub shows 255."),
    ],
)  # fmt: skip
def test_what_is_odd_is_a_warning(statement, told):
    found = plan(A + concept("b", statement))

    assert [message for message in messages(found) if message.startswith(told)]
    assert found.refusals == []


@pytest.mark.parametrize(
    "statements",
    [
        concept("b", "skos:broader :c") + concept("c", "skos:broader :b"),
        concept("b", "skos:narrower :c") + concept("c", "skos:narrower :d") + concept("d", "skos:narrower :b"),
    ],
)
def test_a_circle_is_refused_with_its_place(statements):
    found = plan(A + statements)

    (refusal,) = found.refusals
    assert refusal.place.startswith("https://example.org/v/")
    assert refusal.message.startswith("A concept cannot stand below itself: https://example.org/v/")
    assert found.written.added == set()


def test_two_concepts_with_one_code_are_refused_and_other_codes_help():
    text = concept("b", 'skos:notation "1"') + concept("c", 'skos:notation "1"')

    assert [str(refusal) for refusal in plan(text).refusals] == [
        "https://example.org/v/c: Its code v:1 is that of https://example.org/v/b too. Give one of them another code."
    ]
    assert plan(text, codes={"https://example.org/v/c": "v:2"}).refusals == []
    assert plan(text, use_notation=False).refusals == []


def test_a_file_without_concepts_is_refused():
    assert [str(refusal) for refusal in plan(":a :b :c .").refusals] == ["It holds no concepts."]
