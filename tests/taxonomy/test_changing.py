import pytest
from django.core.exceptions import ValidationError

from taxonomy.changing import create_term, move_term, restore_term, retire_term
from taxonomy.dependants import NoDependants, TermChange, TermsChanged, get_dependants
from taxonomy.models import Facet, Term, TermPath
from taxonomy.snapshot import taxonomy_snapshot
from tests.taxonomy import recording
from tests.taxonomy.factories import FacetFactory, TermFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(settings):
    settings.TAXONOMY_DEPENDANTS = "tests.taxonomy.recording.RecordingDependants"
    recording.told.clear()
    return recording.told


def above(term):
    return set(TermPath.objects.filter(descendant=term).values_list("ancestor__code", flat=True))


def changed(kind, *keys):
    return TermsChanged("journey", frozenset(f"journey:{key}" for key in keys), kind)


def test_a_new_term_comes_after_its_siblings():
    facet = FacetFactory()
    parent = TermFactory(facet=facet, key="top")
    TermFactory(parent=parent, position=4)

    term = create_term("journey:new", labels={"en": "New", "PT_br": "Novo"}, parent=parent)

    assert (term.position, term.facet) == (5, facet)
    assert list(term.labels.values_list("language", "text")) == [("en", "New"), ("pt-BR", "Novo")]
    assert above(term) == {"journey:top", "journey:new"}


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("nowhere:new", "There is no facet for the code nowhere:new."),
        ("journey:taken", "Term with this Code already exists."),
    ],
)
def test_a_code_that_cannot_be_is_refused(code, message):
    TermFactory(key="taken")

    with pytest.raises(ValidationError) as refusal:
        create_term(code, labels={})

    assert refusal.value.message_dict["code"] == [message]
    assert not Term.objects.filter(code="nowhere:new").exists()


def test_a_moved_branch_is_named_term_by_term_after_the_closure_is_right(told):
    old, new = TermFactory(key="old"), TermFactory(key="new")
    branch = TermFactory(key="branch", parent=old)
    leaf = TermFactory(key="leaf", parent=branch)
    TermFactory(key="bystander", parent=old)

    move_term(branch, parent=new)

    assert told == [changed(TermChange.MOVED, "branch", "leaf")]
    assert above(leaf) == {"journey:leaf", "journey:branch", "journey:new"}


def test_a_changed_label_is_a_new_version_and_nothing_to_tell(told):
    term = TermFactory(key="term")
    version = Facet.objects.get(code="journey").version

    term.labels.add(term.labels.model(language="ja", text="用語"))
    term.save()

    assert told == []
    assert Facet.objects.get(code="journey").version > version


def test_swapping_parents_is_a_move_because_the_depth_changes(told):
    low_parent = TermFactory(key="low", parent=TermFactory(key="high"))
    root = TermFactory(key="root")
    term = TermFactory(key="term", parent=root, further=[low_parent])

    move_term(term, parent=low_parent, further_parents=[root])

    assert told == [changed(TermChange.MOVED, "term")]


def test_a_merge_leaves_the_old_code_with_its_successor(told):
    old, new = TermFactory(key="old"), TermFactory(key="new")

    retire_term(old, successors=[new])

    old.refresh_from_db()
    assert (old.status, list(old.replaced_by.all())) == ("retired", [new])
    assert told == [changed(TermChange.MERGED, "old")]


def test_a_retirement_without_successors_is_told_as_such(told):
    retire_term(TermFactory(key="old"))

    assert told == [changed(TermChange.RETIRED, "old")]


def test_new_successors_of_a_retired_term_are_told(told):
    old, first, second = TermFactory(key="old"), TermFactory(key="first"), TermFactory(key="second")
    retire_term(old, successors=[first])
    told.clear()

    retire_term(old, successors=[first, second])

    assert told == [changed(TermChange.MERGED, "old")]
    assert set(old.replaced_by.all()) == {first, second}


def test_terms_below_must_go_somewhere_first(told):
    old = TermFactory(key="old")
    child = TermFactory(key="child", parent=old)

    with pytest.raises(ValidationError, match="1 current term stands below journey:old"):
        retire_term(old)

    assert Term.objects.get(pk=old.pk).status == "current"
    assert Term.objects.get(pk=child.pk).parent == old
    assert told == []


def test_terms_below_move_where_one_says_in_their_order(told):
    old, new = TermFactory(key="old"), TermFactory(key="new")
    second = TermFactory(key="second", parent=old, position=2)
    first = TermFactory(key="first", parent=old, position=1)
    shared = TermFactory(key="shared", parent=new, further=[old], position=1)

    retire_term(old, successors=[new], children_to=new)

    assert list(Term.objects.filter(parent=new).order_by("position")) == [shared, first, second]
    assert above(shared) == {"journey:shared", "journey:new"}
    assert told == [
        changed(TermChange.MOVED, "first", "second", "shared"),
        changed(TermChange.MERGED, "old"),
    ]


@pytest.mark.parametrize("problem", ["itself", "foreign", "retired"])
def test_a_successor_that_cannot_be_is_refused(problem, told):
    old = TermFactory(key="old")
    successor = {
        "itself": lambda: old,
        "foreign": lambda: TermFactory(facet=FacetFactory(code="product")),
        "retired": lambda: TermFactory(status="retired"),
    }[problem]()

    with pytest.raises(ValidationError):
        retire_term(old, successors=[successor])

    assert Term.objects.get(pk=old.pk).status == "current"
    assert told == []


def test_a_restored_term_answers_for_itself_again(told):
    old, new = TermFactory(key="old"), TermFactory(key="new")
    retire_term(old, successors=[new])
    told.clear()

    restore_term(old)

    assert (Term.objects.get(pk=old.pk).status, old.replaced_by.count()) == ("current", 0)
    assert told == [changed(TermChange.RESTORED, "old")]


def test_a_term_below_a_retired_one_cannot_be_restored():
    parent = TermFactory(key="parent")
    child = TermFactory(key="child", parent=parent)
    retire_term(child)
    retire_term(parent)

    with pytest.raises(ValidationError, match="journey:parent is retired"):
        restore_term(child)

    assert Term.objects.get(pk=child.pk).status == "retired"


def test_who_is_told_sees_the_new_taxonomy(settings):
    settings.TAXONOMY_DEPENDANTS = "tests.taxonomy.recording.LookingDependants"
    recording.told.clear()
    parent, term = TermFactory(key="parent"), TermFactory(key="term")
    taxonomy_snapshot()

    move_term(term, parent=parent)

    assert recording.told == [("journey:term", ["journey:parent"])]


def test_a_refusal_upstairs_undoes_the_change(settings):
    settings.TAXONOMY_DEPENDANTS = "tests.taxonomy.recording.RefusingDependants"
    parent, term = TermFactory(), TermFactory()

    with pytest.raises(RuntimeError):
        move_term(term, parent=parent)

    assert Term.objects.get(pk=term.pk).parent is None
    assert above(term) == {term.code}


def test_without_a_setting_nothing_stands_on_the_taxonomy(settings):
    settings.TAXONOMY_DEPENDANTS = None
    change = changed(TermChange.MOVED, "a")

    dependants = get_dependants()

    assert isinstance(dependants, NoDependants)
    answers = dependants.counts(["journey:a"]), dependants.impact([change]), dependants.apply(change)
    assert answers == ({}, {}, None)
