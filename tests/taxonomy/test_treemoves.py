import pytest
from django.contrib.auth.models import Permission

from taxonomy import plans
from taxonomy.models import ChangePlan, PlanState, Term, TermsJournal
from tests.content.factories import ItemFactory
from tests.taxonomy.factories import TermFactory

pytestmark = pytest.mark.django_db

TREE = "/admin/facets/tree/journey/"


def post(client, **asked):
    return client.post(f"{TREE}move/", {"from": "", "below": ""} | asked).json()


def places(term):
    term = Term.objects.get(pk=term.pk)
    return [above and above.code for above in (term.parent, *(row.parent for row in term.further_parents.all()))]


def test_a_move_is_shown_first_then_done_then_undone(admin_client):
    one, two = TermFactory(key="one"), TermFactory(key="two", labels={"en": "Two"})
    term = TermFactory(key="term", parent=one, labels={"en": "Term"})
    TermFactory(parent=term)
    ItemFactory(terms=[term], published=True)
    asked = {"term": term.pk, "from": one.pk, "below": two.pk}

    shown = post(admin_client, **asked)
    before = places(term)
    done = post(admin_client, **asked, basis=shown["basis"])
    after = places(term)
    undone = admin_client.post(f"{TREE}undo/", {"entry": done["entry"]}).json()

    assert (shown["title"], shown["place"]) == ("Move 'Term' and the term below it", "It will stand below: Two")
    assert "1 item" in shown["touched"]
    assert not shown["orderOnly"]
    assert (done["done"], undone["done"]) == ("'Term' is moved.", "Undone.")
    assert (before, after, places(term)) == (["journey:one"], ["journey:two"], ["journey:one"])


def test_another_order_is_told_from_another_place(admin_client):
    first, second = TermFactory(key="first"), TermFactory(key="second")

    shown = post(admin_client, term=second.pk, before=first.pk)
    post(admin_client, term=second.pk, before=first.pk, basis=shown["basis"])

    assert shown["orderOnly"]
    assert list(Term.objects.in_facet("journey").values_list("code", flat=True)) == ["journey:second", "journey:first"]


def test_a_further_place_is_moved_and_the_first_one_stays(admin_client):
    one, two, three = (TermFactory(key=key) for key in ("one", "two", "three"))
    term = TermFactory(key="term", parent=one, further=[two])

    asked = {"term": term.pk, "from": two.pk, "below": three.pk}
    post(admin_client, **asked, basis=post(admin_client, **asked)["basis"])

    assert places(term) == ["journey:one", "journey:three"]


def test_the_first_place_can_go_where_the_term_stands_already_or_to_the_roots(admin_client):
    one, two = TermFactory(key="one"), TermFactory(key="two")
    term = TermFactory(key="term", parent=one, further=[two])

    asked = {"term": term.pk, "from": one.pk, "below": two.pk}
    post(admin_client, **asked, basis=post(admin_client, **asked)["basis"])
    below_both = places(term)
    asked = {"term": term.pk, "from": two.pk}
    post(admin_client, **asked, basis=post(admin_client, **asked)["basis"])

    assert (below_both, places(term)) == (["journey:two"], [None])


def test_what_cannot_be_is_refused_with_the_reason_and_nothing_changes(admin_client):
    one, two = TermFactory(key="one"), TermFactory(key="two")
    term = TermFactory(key="term", parent=one, further=[two])

    refused = {
        "cycle": post(admin_client, term=one.pk, below=term.pk),
        "gone": post(admin_client, term=term.pk, **{"from": one.pk}, below=99_999),
        "elsewhere": post(admin_client, term=two.pk, **{"from": one.pk}, below=term.pk),
        "root": post(admin_client, term=term.pk, **{"from": two.pk}),
        "order": post(admin_client, term=term.pk, **{"from": two.pk}, below=two.pk),
        "nothing": post(admin_client),
    }

    told = {name: answer["error"] for name, answer in refused.items()}
    assert "journey:one below journey:term below journey:one" in told["cycle"]
    assert told["gone"] == "A term is not in the facet any more: look at the tree as it stands now."
    assert told["elsewhere"] == "'journey:two' does not stand there any more."
    assert "only its first place can become a root" in told["root"]
    assert "order it there" in told["order"]
    assert told["nothing"] == "Say which term is to be moved."
    assert places(term) == ["journey:one", "journey:two"]
    assert not TermsJournal.objects.exists()


def test_what_was_shown_must_still_hold_when_it_is_confirmed(admin_client):
    one, two, three = (TermFactory(key=key) for key in ("one", "two", "three"))
    term = TermFactory(key="term", parent=one)
    asked = {"term": term.pk, "from": one.pk, "below": two.pk}
    mine = post(admin_client, **asked)

    theirs = asked | {"below": three.pk}
    post(admin_client, **theirs, basis=post(admin_client, **theirs)["basis"])
    late = post(admin_client, **asked, basis=mine["basis"])

    assert "does not stand there any more" in late["error"]
    assert places(term) == ["journey:three"]
    assert TermsJournal.objects.count() == 1


def test_a_preview_is_stale_once_what_it_showed_has_changed(admin_client):
    one, two = TermFactory(key="one"), TermFactory(key="two")
    asked = {"term": one.pk, "below": two.pk}
    shown = post(admin_client, **asked)

    TermFactory(key="new", parent=one)
    late = post(admin_client, **asked, basis=shown["basis"])

    assert late["stale"]
    assert "was changed in the meantime. Nothing was done" in late["error"]
    assert places(one) == [None]


def test_only_those_who_may_change_terms_move_and_undo(client, django_user_model, admin_client, editor):
    one, term = TermFactory(key="one"), TermFactory(key="term")
    asked = {"term": term.pk, "below": one.pk}
    entry = post(admin_client, **asked, basis=post(admin_client, **asked)["basis"])["entry"]
    user = django_user_model.objects.create_user("reader", password="secret")
    user.user_permissions.add(*Permission.objects.filter(codename__in=["access_admin", "view_term"]))
    client.force_login(user)

    answers = [client.post(f"{TREE}move/", asked), client.post(f"{TREE}undo/", {"entry": entry})]

    assert 200 not in [answer.status_code for answer in answers]
    assert places(term) == ["journey:one"]
    assert client.get(f"{TREE}move/").status_code != 200


def test_a_step_of_a_plan_is_undone_with_its_plan_only(client, django_user_model):
    one, term = TermFactory(key="one"), TermFactory(key="term")
    steps = [{"do": "move", "term": term.code, "parent": one.code}]
    plan = ChangePlan.objects.create(title="Tidy", steps=steps, state=PlanState.APPROVED)
    plans.apply_plan(plan)
    user = django_user_model.objects.create_user("mover", password="secret")
    user.user_permissions.add(*Permission.objects.filter(codename__in=["access_admin", "change_term"]))
    client.force_login(user)

    answer = client.post(f"{TREE}undo/", {"entry": plan.entries.get().pk}).json()

    assert answer["error"].endswith("was made by the plan “Tidy”: undo the whole plan.")
    assert places(term) == ["journey:one"]
    assert not plan.entries.get().is_undone
