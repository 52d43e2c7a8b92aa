import pytest
from django.core.exceptions import ValidationError
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from taxonomy.changes import (
    Merge,
    Move,
    Rename,
    Restore,
    Retire,
    Split,
    apply,
    apply_all,
    preview,
    preview_all,
    undo,
    what_builds_on,
)
from taxonomy.models import Facet, Term, TermPath, TermsJournal
from tests.taxonomy.factories import FacetFactory, TermFactory
from tests.taxonomy.graphs import graph_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree():
    """consider (compare, look), buy (pay), use."""
    roots = {key: TermFactory(key=key, position=place) for place, key in enumerate(["consider", "buy", "use"])}
    TermFactory(key="compare", parent=roots["consider"], position=0, labels={"en": "Compare", "ja": "比較"})
    TermFactory(key="look", parent=roots["consider"], position=1)
    TermFactory(key="pay", parent=roots["buy"], position=0, further=[roots["use"]])
    return roots


def code(key):
    return f"journey:{key}"


def order(parent):
    return [term.code.split(":")[1] for term in Term.objects.filter(parent__code=code(parent)).order_by("position")]


CHANGES = [
    Rename(code("compare"), labels={"ja": "見比べる", "de": "Vergleichen", "en": None}, keep_old=True),
    Move(code("consider"), parent=code("buy")),
    Move(code("look"), parent=code("consider"), before=code("compare")),
    Move(code("compare"), parent=code("pay"), further=(code("use"),)),
    Merge(code("consider"), into=code("compare")),
    Merge(code("look"), into=code("compare")),
    Split(code("look"), into=(code("compare"), code("pay")), remaining=code("compare")),
    Retire(code("consider"), successor=code("buy"), children_to=code("use")),
    Retire(code("use")),
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: f"{change.do} {change.term}")
def test_a_preview_changes_nothing_and_undo_restores_the_graph_exactly(tree, change):
    graph = graph_of("journey")

    impact = preview(change)
    assert graph_of("journey") == graph
    entry = apply(change, basis=impact.basis)
    assert graph_of("journey") != graph
    assert entry.impact["terms"] == len(impact.terms) == impact.counts["terms"]
    assert what_builds_on(entry) == []
    undo(entry)

    assert graph_of("journey") == graph


def test_a_merge_into_a_term_below_keeps_the_line_free_of_circles(tree):
    apply(Merge(code("consider"), into=code("compare")))

    assert Term.objects.get(code=code("compare")).parent is None
    assert order("compare") == ["look"]
    above = TermPath.objects.filter(descendant__code=code("look")).values_list("ancestor__code", flat=True)
    assert set(above) == {code("look"), code("compare")}


def test_a_merge_keeps_the_old_names_as_synonyms_and_hands_related_terms_over(tree):
    look, pay = Term.objects.get(code=code("look")), Term.objects.get(code=code("pay"))
    look.related.add(pay)

    apply(Merge(code("look"), into=code("compare")))

    compare = Term.objects.get(code=code("compare"))
    assert list(compare.labels.filter(kind="alternative").values_list("language", "text")) == [("en", "Look")]
    assert (list(compare.related.all()), look.related.count()) == ([pay], 0)


def test_terms_are_put_before_and_after_their_siblings(tree):
    TermFactory(key="read", parent=tree["consider"], position=1)

    apply(Move(code("read"), parent=code("consider"), before=code("compare")))
    assert order("consider") == ["read", "compare", "look"]
    apply(Move(code("pay"), parent=code("consider"), after=code("read")))

    assert order("consider") == ["read", "pay", "compare", "look"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (Move(code("consider"), parent=code("compare")), "A term cannot stand below itself: journey:consider below"),
        (Move(code("compare"), parent=code("consider")), "journey:compare stands there already."),
        (Move(code("compare"), parent="product:a"), "product:a is of another facet"),
        (
            Move(code("compare"), parent=code("buy"), after=code("look")),
            "look does not stand below journey:buy",
        ),
        (Move(code("nowhere"), parent=None), "There is no term journey:nowhere to change."),
        (Move("nowhere:x", parent=None), "There is no facet for the code nowhere:x."),
        (Merge(code("look"), into=code("look")), "journey:look cannot replace itself"),
        (Split(code("look"), into=(code("buy"),)), "is split into two or more"),
        (Split(code("look"), into=(code("buy"), code("use")), remaining=code("pay")), "Items cannot go to journey:pay"),
        (Retire(code("buy")), r"1 current term stands below journey:buy \(journey:pay\)"),
        (Restore(code("look")), "journey:look is in use"),
        (Rename(code("look"), labels={"en": ""}), "journey:look would be without any name"),
        (Rename(code("look"), labels={"en": "Look"}), "journey:look is called so already"),
        (Rename(code("look"), labels={"e n": "Look"}), "e n"),
        (Rename(code("look"), labels={"en": "Watch", "EN": "See"}), "The name in en is given twice"),
        (Rename(code("look"), labels={"en": "Look\nat"}), "The name in en has a line break"),
        (Rename(code("look"), labels={"en": "Look\0"}), "The name in en has a line break or another control"),
    ],
)
def test_what_cannot_be_done_is_refused_before_and_when_it_is_done(tree, change, message):
    FacetFactory(code="product")
    graph = graph_of("journey")

    for attempt in (preview, apply):
        with pytest.raises(ValidationError, match=message):
            attempt(change)

    assert graph_of("journey") == graph
    assert not TermsJournal.objects.exists()


def test_a_change_is_refused_where_what_it_touches_changed_since_the_preview(tree):
    change = Move(code("look"), parent=code("buy"))
    basis = preview(change).basis
    other = preview(Move(code("pay"), parent=code("use"), further=())).basis
    apply(Move(code("consider"), parent=code("use")))

    with pytest.raises(ValidationError, match="was changed in the meantime"):
        apply(change, basis=basis)
    apply(Move(code("pay"), parent=None), basis=None)

    assert other
    assert Term.objects.get(code=code("look")).parent.code == code("consider")


def test_changes_elsewhere_in_the_facet_do_not_outdate_a_preview(tree):
    basis = preview(Move(code("look"), parent=code("buy"))).basis
    apply(Rename(code("use"), labels={"en": "Ride"}))

    apply(Move(code("look"), parent=code("buy")), basis=basis)

    assert order("buy") == ["pay", "look"]


def test_several_changes_are_made_together_or_not_at_all(tree):
    graph = graph_of("journey")
    steps = [Move(code("look"), parent=code("buy")), Merge(code("pay"), into=code("look")), Retire(code("buy"))]

    with pytest.raises(ValidationError, match="Step 3: 1 current term stands below journey:buy"):
        apply_all(steps)

    assert graph_of("journey") == graph


def test_a_preview_of_several_tells_all_that_is_wrong_by_step_and_tries_the_others_without(tree):
    steps = [
        Move(code("consider"), parent=code("compare")),  # a circle: seen only when it is about to be written
        Move(code("compare"), parent=code("look")),
        Merge(code("nowhere"), into=code("look")),
        Move(code("look"), parent=code("look")),
        Move(code("look"), parent=code("buy")),
        Retire(code("buy")),
    ]

    with pytest.raises(ValidationError) as refusal:
        preview_all(steps)

    assert [message.partition(".")[0] for message in refusal.value.messages] == [
        "Step 1: A term cannot stand below itself: journey:consider below journey:compare below journey:consider",
        "Step 3: There is no term journey:nowhere to change",
        "Step 4: A term cannot stand below itself: journey:look below journey:look",
        "Step 6: 2 current terms stand below journey:buy (journey:pay, journey:look): "
        "say where to, or move or retire what is there first",
    ]
    with pytest.raises(ValidationError, match="Step 1: There is no term journey:nowhere"):
        preview_all(steps[2:3])


def test_undo_names_what_came_later(tree):
    first = apply(Move(code("look"), parent=code("buy")))
    second = apply(Move(code("look"), parent=code("use")))

    with pytest.raises(ValidationError) as refusal:
        undo(first)
    assert refusal.value.messages[1].startswith(f"#{second.pk} (move journey:look, ")
    undo(second)
    undo(first)

    assert Term.objects.get(code=code("look")).parent.code == code("consider")
    with pytest.raises(ValidationError, match="is undone already"):
        undo(first)


def test_undo_names_who_changed_a_term_otherwise_and_when_where_the_log_has_it(tree, editor):
    entry = apply(Rename(code("look"), labels={"en": "Watch"}))
    term = Term.objects.get(code=code("look"))
    term.labels.update(text="See")
    log(instance=tree["buy"], action="wagtail.edit", user=editor)

    untold = what_builds_on(entry)
    log(instance=term, action="wagtail.edit", user=editor)
    log(instance=term.facet, action="taxonomy.import", data={"file": "v.ttl"})
    _cannot, changed, *since = what_builds_on(entry)

    assert (len(untold), untold[1]) == (2, changed)
    assert changed.startswith("journey:look changed since, in the term's own form or by an import")
    day = entry.made_at.strftime("%Y-%m-%d")
    assert since[0].startswith(f"Since then: Imported terms from a file ({term.facet}, {day} ")
    assert since[0].endswith(" UTC by system).")
    assert since[1].startswith(f"Since then: Edited ({term}, {day} ")
    assert since[1].endswith(f" UTC by {editor}).")


def test_undo_is_refused_where_the_old_place_is_retired_by_now(tree):
    first = apply(Move(code("pay"), parent=code("use"), further=()))
    apply(Retire(code("buy")))

    assert what_builds_on(first)[0].startswith("journey:buy is retired: nothing current can stand below it")
    assert "retire journey:buy" in what_builds_on(first)[1]


def test_a_change_is_in_the_log_and_in_the_journal_of_all_its_terms(tree, editor):
    entry = apply(Merge(code("look"), into=code("compare")), user=editor)
    undo(entry, user=editor)

    written = ModelLogEntry.objects.order_by("pk")
    assert [(one.action, one.user) for one in written] == [("taxonomy.merge", editor), ("taxonomy.undo", editor)]
    assert written[0].data["change"] == {"do": "merge", "term": code("look"), "into": code("compare")}
    assert {term.code for term in entry.terms.all()} == {code("look"), code("compare")}
    entry.refresh_from_db()
    assert (entry.made_by, entry.undone_by) == (editor, editor)


def test_the_version_of_the_facet_rises_and_every_code_still_answers(tree):
    version = Facet.objects.get(code="journey").version

    apply(Split(code("look"), into=(code("compare"), code("pay"))))

    assert Facet.objects.get(code="journey").version > version
    retired = Term.objects.get(code=code("look"))
    assert {term.code for term in retired.replaced_by.all()} == {code("compare"), code("pay")}
