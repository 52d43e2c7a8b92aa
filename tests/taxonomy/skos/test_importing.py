import pytest

from taxonomy.changing import create_term, move_term, retire_term
from taxonomy.models import Facet, Term, TermLabel, TermNotation, TermNote
from taxonomy.skos.importing import carry_out
from taxonomy.skos.merging import merged
from taxonomy.skos.plans import FacetChanged, ImportRefused
from taxonomy.snapshot import taxonomy_snapshot
from taxonomy.vocabularies import TermCollection
from tests.taxonomy.skos.vocabulary import assert_exports, bring_in, concept, exported, graph_of, messages, plan

pytestmark = pytest.mark.django_db

PLANT = concept("plant", 'skos:prefLabel "Plant"@en', "skos:topConceptOf :scheme")
TREE = concept("tree", 'skos:prefLabel "Tree"@en, "木"@ja', "skos:broader :plant")
OAK = concept("oak", 'skos:prefLabel "Oak"@en', "skos:broader :tree")


def view(key):
    return taxonomy_snapshot().get(f"v:{key}")


def rename(key, text, language="en"):
    TermLabel.objects.filter(term__code=f"v:{key}", language=language).update(text=text)
    Facet.objects.get(code="v").raise_version()


def test_a_plan_writes_nothing_and_names_the_codes():
    found = plan(PLANT + TREE)

    assert [(new.code, new.label) for new in found.new_terms] == [("v:plant", "Plant"), ("v:tree", "Tree")]
    assert not Facet.objects.filter(code="v").exists()


def test_codes_come_from_the_notation_else_from_the_address():
    bring_in(concept("a", 'skos:notation "v:own"') + concept("b", 'skos:notation "59.1 x"') + concept("c%C3%A9"))

    assert set(Term.objects.filter(facet__code="v").values_list("code", flat=True)) == {"v:own", "v:59.1-x", "v:ce"}


def test_terms_labels_notes_and_links_arrive():
    text = PLANT + concept(
        "tree",
        'skos:prefLabel "Tree"@en, "شجرة"@ar, "plain"',
        'skos:altLabel "Timber"@EN; skos:hiddenLabel "Tre"@en',
        'skos:definition [ rdf:value "Woody"@en ]; skos:scopeNote "Big"@en; skos:example :note',
        "skos:broader :plant",
        'skos:notation "T1"^^<x:marks>',
        "skos:closeMatch <https://example.com/tree>",
    )
    bring_in(text + ':note rdf:value "An oak"@en .')

    tree = view("T1")
    assert tree.labels == {"en": "Tree", "ar": "شجرة", "und": "plain"}
    assert (tree.alternatives, tree.hidden) == ({"en": ("Timber",)}, ("Tre",))
    assert sorted((note.kind, note.text) for note in tree.notes) == [
        ("definition", "Woody"), ("example", "An oak"), ("scope_note", "Big"),
    ]  # fmt: skip
    assert TermNote.objects.get(kind="example").uri == "https://example.org/v/note"
    assert TermNotation.objects.values_list("text", "datatype").get() == ("T1", "x:marks")
    assert [above.code for above in tree.broader] == ["v:plant"]
    assert [(mapping.kind, mapping.uri) for mapping in tree.mappings] == [("close", "https://example.com/tree")]


def test_deprecated_terms_are_retired_and_answered_by_what_replaces_them():
    bring_in(PLANT + concept("herb", "owl:deprecated true; dct:isReplacedBy :plant", "skos:broader :plant"))

    assert view("herb").is_retired
    assert taxonomy_snapshot().resolve("v:herb").term.code == "v:plant"


def test_what_is_current_below_something_deprecated_stands_above_it():
    text = PLANT + concept("old", "owl:deprecated true", "skos:broader :plant") + concept("oak", "skos:broader :old")
    bring_in(text)

    assert [above.code for above in view("oak").broader] == ["v:plant"]
    assert_exports(text)


def test_collections_arrive_ordered_and_within_each_other():
    text = PLANT + TREE + ':both a skos:OrderedCollection; skos:prefLabel "Both"@en; skos:memberList (:tree :plant) .\n'
    bring_in(text + ":all a skos:Collection; skos:member :both, :plant .")

    both = TermCollection.objects.get(names={"en": "Both"})
    assert both.is_ordered
    assert [member.term.code for member in both.members.all()] == ["v:tree", "v:plant"]
    assert both.memberships.get().collection.uri == "https://example.org/v/all"


def test_importing_again_changes_nothing():
    bring_in(PLANT + TREE)
    version = Facet.objects.get(code="v").version

    again = plan(PLANT + TREE)
    carry_out(again)

    assert not again.changes_anything
    assert Facet.objects.get(code="v").version == version


def test_a_term_is_found_by_its_address_even_when_its_notation_changed():
    bring_in(concept("a", 'skos:notation "1"', 'skos:prefLabel "A"@en'))

    written = bring_in(concept("a", 'skos:notation "2"', 'skos:prefLabel "A!"@en'))

    assert (written.added, written.changed) == (set(), {"v:1"})
    assert view("1").labels == {"en": "A!"}


def test_a_facet_made_here_is_matched_by_code_and_gets_the_addresses(db):
    Facet.objects.create(code="v", names={"en": "V"})
    create_term("v:plant", labels={"en": "Plant", "de": "Pflanze"})

    written = bring_in(PLANT + TREE)

    assert written.added == {"v:tree"}
    assert (view("plant").uri, view("plant").labels["de"]) == ("https://example.org/v/plant", "Pflanze")


def test_a_code_that_a_term_with_another_address_has_is_refused():
    bring_in(PLANT)

    found = plan('<https://other.example/plant> a skos:Concept; skos:prefLabel "X"@en .')

    assert "Its code v:plant is that of https://example.org/v/plant too." in found.refusals[0].message
    with pytest.raises(ImportRefused):
        carry_out(found)
    assert Term.objects.filter(facet__code="v").count() == 1


def test_what_was_planned_on_another_state_of_the_facet_is_not_written():
    bring_in(PLANT)
    planned = plan(PLANT + TREE)
    rename("plant", "Plants")

    with pytest.raises(FacetChanged):
        carry_out(planned)

    assert Term.objects.filter(facet__code="v").count() == 1


def test_a_later_version_changes_what_it_changed_and_keeps_what_the_hub_changed():
    bring_in(PLANT + TREE + OAK)
    rename("tree", "樹木", "ja")
    create_term("v:local", labels={"en": "Ours"}, parent=Term.objects.get(code="v:plant"))

    later = TREE.replace('"Tree"@en', '"Trees"@en') + PLANT + OAK + concept("elm", "skos:broader :tree")
    written = bring_in(later)

    assert view("tree").labels == {"en": "Trees", "ja": "樹木"}
    assert (written.added, written.changed, written.retired) == ({"v:elm"}, {"v:tree"}, set())
    assert not view("local").is_retired


def test_where_both_changed_the_same_the_hub_stays_and_the_conflict_is_listed():
    bring_in(PLANT + TREE)
    rename("tree", "Big tree")
    later = PLANT + TREE.replace('"Tree"@en', '"Trees"@en')

    found = plan(later)
    preferring = plan(later, prefer_file=True)

    (conflict,) = found.conflicts
    assert str(conflict) == (
        "label preferred en: the hub has Big tree, the file Trees (last import: Tree). Kept: the hub's."
    )
    assert not found.changes_anything
    assert preferring.conflicts[0].kept == "file"
    assert preferring.written.changed == {"v:tree"}


def test_a_move_in_the_hub_is_kept_and_a_move_in_both_is_a_conflict():
    bring_in(PLANT + TREE + OAK + concept("wood"))
    move_term(Term.objects.get(code="v:oak"), parent=Term.objects.get(code="v:plant"))

    kept = plan(PLANT + TREE + OAK + concept("wood"))
    both = plan(PLANT + TREE + concept("oak", 'skos:prefLabel "Oak"@en', "skos:broader :wood") + concept("wood"))

    assert not kept.changes_anything
    assert [conflict.aspect for conflict in both.conflicts] == ["broader"]


def test_moves_that_make_a_circle_only_together_are_a_conflict():
    bring_in(PLANT + TREE + OAK + concept("elm", "skos:broader :plant"))
    move_term(Term.objects.get(code="v:tree"), parent=Term.objects.get(code="v:elm"))

    written = bring_in(PLANT + TREE + OAK + concept("elm", "skos:broader :oak"))

    assert not written.changed
    assert [above.code for above in view("elm").broader] == ["v:plant"]


def test_what_is_gone_from_the_file_is_retired_and_comes_back_when_it_returns():
    bring_in(PLANT + TREE + OAK)

    gone = bring_in(PLANT + TREE)
    still_gone = plan(PLANT + TREE)
    back = bring_in(PLANT + TREE + OAK)

    assert (gone.retired, gone.changed) == ({"v:oak"}, set())
    assert not still_gone.changes_anything
    assert back.restored == {"v:oak"}
    assert not view("oak").is_retired


def test_what_is_gone_from_the_file_but_was_changed_here_stays_in_use():
    bring_in(PLANT + TREE + OAK)
    rename("oak", "Oaks")

    found = plan(PLANT + TREE)

    assert found.written.retired == set()
    assert [conflict.aspect for conflict in found.conflicts] == ["gone from the file, changed here"]


def test_an_export_is_the_file_with_what_changed_here():
    bring_in(PLANT + TREE + OAK)
    rename("tree", "Trees")
    retire_term(Term.objects.get(code="v:oak"), successors=[Term.objects.get(code="v:tree")])
    create_term("v:fern", labels={"en": "Fern"})

    expected = (
        PLANT
        + TREE.replace('"Tree"@en', '"Trees"@en')
        + OAK
        + ":oak owl:deprecated true ; dct:isReplacedBy :tree ."
        + '<https://example.org/v/scheme/fern> a skos:Concept; skos:prefLabel "Fern"@en; skos:notation "v:fern";'
        + "  skos:inScheme :scheme; skos:topConceptOf :scheme ."
        + ":scheme a skos:ConceptScheme; skos:hasTopConcept <https://example.org/v/scheme/fern> ."
    )
    assert_exports(expected)
    assert exported().serialize(format="nt")


def test_what_was_taken_away_here_is_not_exported_nor_what_hung_on_it():
    bring_in(PLANT + concept("tree", 'skos:definition [ rdf:value "Woody"@en ; dct:creator [ :name "X" ] ]'))
    TermNote.objects.all().delete()

    assert_exports(PLANT + concept("tree"))


def test_terms_of_two_vocabularies_live_in_one_facet():
    bring_in(PLANT)
    other = graph_of(TREE).serialize(format="turtle").replace("example.org/v", "example.org/w")

    written = bring_in(other.encode())

    assert (written.added, written.retired) == ({"v:tree"}, set())
    assert not plan(PLANT).changes_anything


def test_merging_takes_additions_of_both_and_removals_of_both():
    def table(*names):
        return {("t", "notation", name, ""): [] for name in names}

    facts, conflicts = merged(table("a", "b", "c"), table("a", "b", "ours"), table("a", "c", "theirs"))

    assert sorted(fact[2] for fact in facts) == ["a", "ours", "theirs"]
    assert conflicts == []


@pytest.mark.parametrize(
    ("into", "above", "told"),
    [
        (None, "plant", "the hub puts it below https://example.org/v/plant."),
        ("shrub", "shrub", "the hub puts it below https://example.org/v/shrub."),
    ],
)
def test_what_a_later_version_puts_below_a_term_retired_here_is_placed_told_and_exported(into, above, told):
    first = PLANT + TREE + concept("shrub", 'skos:prefLabel "Shrub"@en', "skos:broader :plant")
    bring_in(first)
    successors = [Term.objects.get(code=f"v:{into}")] if into else []
    retire_term(Term.objects.get(code="v:tree"), successors=successors)

    found = plan(first + OAK)
    carry_out(found)

    assert f"It stands below https://example.org/v/tree, which was retired here: {told}" in messages(found)
    assert [parent.code for parent in view("oak").broader] == [f"v:{above}"]
    retired = ":tree owl:deprecated true ." + (f":tree dct:isReplacedBy :{into} ." if into else "")
    assert_exports(first + OAK + retired + f":oak skos:broader :{above} .")
    assert not plan(first + OAK).changes_anything


def test_a_named_concept_that_is_only_pointed_at_is_a_concept_too():
    text = ':scheme skos:hasTopConcept :a . :b skos:broader :a . :a skos:prefLabel "A"@en . :b skos:prefLabel "B"@en .'

    found = plan(text)
    carry_out(found)

    assert [parent.code for parent in view("b").broader] == ["v:a"]
    assert messages(found).count("It is used as a concept, but not said to be one; it is read as one.") == 2
    assert_exports(text)


def successors(key):
    return set(Term.objects.get(code=f"v:{key}").replaced_by.values_list("code", flat=True))


def test_concepts_that_replace_each_other_are_told_and_answer_for_themselves():
    text = "".join(
        concept(key, f'skos:prefLabel "{key}"@en', "owl:deprecated true", f"dct:isReplacedBy :{by}")
        for key, by in ("ab", "ba", "cc", "da")
    )

    found = plan(text)
    carry_out(found)

    told = sorted(finding for finding in messages(found) if "replaced by" in finding)
    assert told == [
        "It is replaced by https://example.org/v/a, and that in the end by it: this is left out; exports keep it.",
        "It is replaced by https://example.org/v/b, and that in the end by it: this is left out; exports keep it.",
        "It is replaced by itself: this is left out; exports keep it.",
    ]
    assert [successors(key) for key in "abcd"] == [set(), set(), set(), {"v:a"}]
    assert_exports(text)
    assert not plan(text).changes_anything


def test_a_file_cannot_close_a_circle_with_what_was_replaced_here():
    bring_in(PLANT + TREE + OAK)
    retire_term(Term.objects.get(code="v:oak"), successors=[Term.objects.get(code="v:tree")])

    found = plan(PLANT + TREE + OAK + ":tree owl:deprecated true ; dct:isReplacedBy :oak .")
    carry_out(found)

    assert [conflict.aspect for conflict in found.conflicts] == ["successor (a circle otherwise)"]
    assert (successors("oak"), successors("tree")) == ({"v:tree"}, set())


def test_what_a_later_version_puts_below_a_term_that_it_takes_back_in_use_stands_there():
    bring_in(PLANT + TREE + ":tree owl:deprecated true .")

    found = plan(PLANT + TREE + OAK)
    carry_out(found)

    assert [parent.code for parent in view("oak").broader] == ["v:tree"]
    assert not [told for told in messages(found) if "retired here" in told]
