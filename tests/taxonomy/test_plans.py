"""Plans: collected, approved, made at an instant, undone as one; on screen and as files."""

import json
import re
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from contenthub.content.models import ClassificationRule
from contenthub.content.publishing import differences
from taxonomy import plans
from taxonomy.changes import Rename, apply, from_json
from taxonomy.changes.kinds import KINDS
from taxonomy.models import ChangePlan, Facet, PlanState, Term, TermsJournal
from tests.content.factories import ItemFactory, ItemTypeFactory
from tests.taxonomy.factories import TermFactory
from tests.taxonomy.graphs import graph_of

pytestmark = pytest.mark.django_db

STEPS = [
    {"do": "move", "term": "journey:pay", "parent": "journey:use"},
    {"do": "merge", "term": "journey:look", "into": "journey:pay"},
    {"do": "retire", "term": "journey:buy"},
]


WRONG = [
    {"do": "fly", "term": "journey:a"},
    {"do": "move", "term": 5, "after": "x", "color": 1},
    7,
    {"do": "split", "term": "journey:a", "into": "journey:b", "items": {"x": 3}},
    {"do": "retire"},
    {"do": "rename", "term": "journey:use"},
    {"do": "merge", "term": "journey:use"},
    {"do": "split", "term": "journey:use", "into": []},
    {"do": "rename", "term": "journey:use", "labels": {"en": "half \ud800"}},
    {"do": "split", "term": "journey:use", "into": ["journey:pay", "journey:buy"], "items": {"a\0": "journey:pay"}},
]
WHY_WRONG = [
    "Step 1: 'do' is one of",
    "Step 2: A move has no 'color'",
    "Step 2: 'term' must be",
    "Step 2: 'after' must",
    "Step 3: A step is an object",
    "Step 4: 'into' must be a list",
    "Step 4: 'items' must",
    "Step 5: 'term' is missing",
    "Step 6: 'labels' is missing: a rename needs it.",
    "Step 7: 'into' is missing: a merge needs it.",
    "Step 8: 'into' is missing: a split needs it.",
    "Step 9: It holds a character that cannot be stored",
    "Step 10: It holds a character that cannot be stored",
]


@pytest.fixture
def tree(locales):
    for place, key in enumerate(["look", "buy", "use"]):
        TermFactory(key=key, position=place)
    pay = TermFactory(key="pay", parent=Term.objects.get(code="journey:buy"))
    ItemFactory(terms=[Term.objects.get(code="journey:look"), pay], published=True)
    return graph_of("journey")


@pytest.fixture
def plan(tree, editor):
    return ChangePlan.objects.create(title="Tidy up", steps=STEPS, made_by=editor)


def approved(plan, editor):
    plans.submit(plan, user=editor)
    plans.approve(plan, user=editor)
    return plan


def test_a_plan_is_made_and_undone_as_one(plan, tree, editor):
    impact = plans.report(approved(plan, editor))
    assert graph_of("journey") == tree
    assert impact.counts == {"terms": 3, "items": 1, "localizations": 1, "answers": 5}

    assert plans.apply_plan(plan, user=editor, basis=impact.basis) == 3
    assert list(differences()) == []
    assert [entry.change["do"] for entry in plan.entries.order_by("pk")] == ["move", "merge", "retire"]
    plans.undo_plan(plan, user=editor)

    assert graph_of("journey") == tree
    assert (plan.state, list(differences())) == (PlanState.UNDONE, [])
    assert [one.did for one in plan.remarks.all()] == ["submitted", "approved", "applied", "undone"]


def test_an_undo_of_a_plan_is_refused_whole_where_something_builds_on_a_step(plan, tree, editor):
    plans.apply_plan(approved(plan, editor), user=editor)
    later = apply(Rename("journey:pay", labels={"en": "Settle"}))
    after = graph_of("journey")

    with pytest.raises(ValidationError) as refusal:
        plans.undo_plan(plan)

    assert any(message.startswith(f"#{later.pk} (rename journey:pay") for message in refusal.value.messages)
    assert (graph_of("journey"), ChangePlan.objects.get().state) == (after, "applied")


def test_a_step_that_cannot_be_done_is_named_and_nothing_is_done(plan, tree, editor):
    plans.change_steps(plan, lambda steps: [steps[2], *steps[:2]])

    for attempt in (plans.submit, plans.approve):
        with pytest.raises(ValidationError, match="Step 1: 1 current term stands below journey:buy"):
            attempt(plan, user=editor)

    assert graph_of("journey") == tree


def test_only_an_approved_plan_is_made_and_a_changed_one_is_a_draft_again(plan, editor):
    with pytest.raises(ValidationError, match="is draft: it cannot be applied"):
        plans.apply_plan(plan)
    seen = plan.version
    approved(plan, editor)
    plans.change_steps(plan, lambda steps: steps[:2])

    assert plan.state == PlanState.DRAFT
    with pytest.raises(ValidationError, match="Somebody else changed this plan"):
        plans.change_steps(plan, lambda steps: steps, version=seen)


def test_the_scheduler_makes_a_plan_at_its_instant_once(plan, tree, editor):
    at = timezone.now() + timedelta(hours=1)
    plans.schedule(approved(plan, editor), at, user=editor)

    assert list(plans.apply_due()) == []
    assert list(plans.apply_due(now=at)) == [(plan, "3 changes made")]
    assert list(plans.apply_due(now=at)) == []
    assert TermsJournal.objects.count() == 3


def test_a_plan_that_cannot_be_made_at_its_instant_waits_and_says_why(plan, editor):
    at = timezone.now() + timedelta(hours=1)
    plans.schedule(approved(plan, editor), at, user=editor)
    TermFactory(key="late", parent=Term.objects.get(code="journey:buy"))

    # Approved before plans kept what they stood on.
    ChangePlan.objects.update(basis="")

    ((_, done),) = plans.apply_due(now=at)

    plan.refresh_from_db()
    assert done.startswith("refused: Step 3: 1 current term stands below journey:buy (journey:late)")
    assert (plan.state, plan.apply_at) == (PlanState.APPROVED, None)
    assert "journey:late" in plan.problem


def test_the_scheduler_does_not_write_over_what_changed_since_the_approval(plan, editor):
    at = timezone.now() + timedelta(hours=1)
    plans.change_steps(plan, lambda steps: [{"do": "rename", "term": "journey:use", "labels": {"en": "Ride"}}])
    plans.schedule(approved(plan, editor), at, user=editor)
    apply(Rename("journey:use", labels={"en": "Care"}))
    names = Term.objects.get(code="journey:use").labels.values_list("text", flat=True)

    ((_, done),) = plans.apply_due(now=at)

    plan.refresh_from_db()
    assert done.startswith("refused: What this touches (journey:use) was changed in the meantime.")
    assert (list(names), plan.state, plan.apply_at) == (["Care"], PlanState.APPROVED, None)
    assert plan.problem in done
    with pytest.raises(ValidationError, match="changed since it was approved"):
        plans.schedule(plan, at, user=editor)
    plans.send_back(plan, user=editor)
    plans.schedule(approved(plan, editor), at, user=editor)
    assert list(plans.apply_due(now=at)) == [(plan, "1 changes made")]
    assert list(names.all()) == ["Ride"]


def test_a_plan_is_worked_through_on_its_screen(admin_client, plan, tree):
    address = reverse("change_plans:plan", args=[plan.pk])

    def press(do, **data):
        page = BeautifulSoup(admin_client.get(address).content, "html.parser")
        basis = page.find("input", attrs={"name": "basis"})
        answer = admin_client.post(address, {"do": do, "basis": basis["value"] if basis else "", **data}, follow=True)
        return " ".join(BeautifulSoup(answer.content, "html.parser").get_text(" ").split())

    assert "Step 2 is step 1 now" in press("lift", step="1", version=plan.version)
    assert "Somebody else changed this plan" in press("remove", step="0", version=plan.version)
    assert "Your remark is kept" in press("remark", text="Looks good")
    for do, told in [
        ("apply", "it cannot be applied"),
        ("submit", "handed in"),
        ("approve", "approved"),
        ("schedule", "Its instant is called off"),
        ("apply", "3 changes made"),
        ("undo", "All changes of the plan are undone"),
        ("nonsense", "nothing of this kind"),
    ]:
        assert told in press(do)

    assert graph_of("journey") == tree
    assert "Tidy up" in admin_client.get(reverse("change_plans:index")).content.decode()


def test_approving_and_applying_need_a_permission_of_their_own(client, django_user_model, plan):
    user = django_user_model.objects.create_user("planner", password="secret")
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "change_term"]))
    client.force_login(user)
    address = reverse("change_plans:plan", args=[plan.pk])

    client.post(address, {"do": "submit"})
    for do in ("approve", "apply", "schedule", "undo"):
        client.post(address, {"do": do})
    plan.refresh_from_db()
    assert plan.state == PlanState.SUBMITTED
    user.user_permissions.add(Permission.objects.get(codename="approve_changeplan"))
    client.post(address, {"do": "approve"})

    plan.refresh_from_db()
    assert plan.state == PlanState.APPROVED


def run(path, *options):
    out = StringIO()
    call_command("change_terms", path, *options, stdout=out)
    return out.getvalue()


def test_a_file_is_previewed_made_once_and_undone_as_a_plan(tree, tmp_path):
    path = tmp_path / "tidy.json"
    path.write_text("\ufeff" + json.dumps({"title": "Tidy", "steps": STEPS}), encoding="utf-8")

    assert "1 item, 1 language version" in run(path, "--dry-run")
    assert graph_of("journey") == tree
    told = run(path)
    after = graph_of("journey")
    again = run(path)

    assert told.splitlines()[1] == "2. Merge journey:look into journey:pay"
    assert told.endswith("changed\n")
    assert again.endswith("nothing changed\n")
    assert graph_of("journey") == after != tree
    plans.undo_plan(ChangePlan.objects.get(title="Tidy"))
    assert graph_of("journey") == tree


@pytest.mark.parametrize(
    ("content", "messages"),
    [
        ("{", ["is no JSON in UTF-8"]),
        ("[]", ['is no plan: it is an object with a "title" and "steps"']),
        ('{"steps": []}', ["A plan has a list of steps, one or more."]),
        ('{"steps": [], "more": 1}', ["a plan has no more, only title and steps"]),
        (json.dumps({"title": "half \ud800", "steps": STEPS}), ["the title holds a character that cannot be stored"]),
        (json.dumps({"steps": WRONG}), WHY_WRONG),
        (
            json.dumps({"steps": [STEPS[0] | {"parent": "journey:gone"}, STEPS[0], STEPS[1] | {"into": "journey:x"}]}),
            ["Step 1: There is no term journey:gone", "Step 3: There is no term journey:x"],
        ),
        (json.dumps({"steps": [STEPS[0] | {"parent": "journey:gone"}]}), ["Step 1: There is no term journey:gone"]),
    ],
)
def test_everything_wrong_with_a_file_is_told_by_step_and_nothing_is_done(tree, tmp_path, content, messages):
    path = tmp_path / "plan.json"
    path.write_text(content)

    with pytest.raises(CommandError) as refusal:
        run(path)

    for message in messages:
        assert message in str(refusal.value)
    assert graph_of("journey") == tree


def test_what_items_and_rules_keep_from_following_is_told_by_step_too(tree, tmp_path):
    facet = Facet.objects.get(code="journey")
    rule = {"item_type": ItemTypeFactory(), "facet": facet, "below": Term.objects.get(code="journey:use")}
    ClassificationRule.objects.create(**rule)
    split = {"do": "split", "term": "journey:look", "into": ["journey:pay", "journey:buy"]}
    steps = [STEPS[0], split | {"items": {"gone": "journey:pay"}}, {"do": "retire", "term": "journey:buy"}]
    steps += [{"do": "move", "term": "journey:pay", "parent": None}, {"do": "retire", "term": "journey:use"}]
    path = tmp_path / "plan.json"
    path.write_text(json.dumps({"steps": steps}))

    with pytest.raises(CommandError) as refusal:
        run(path)

    assert [line.partition(":")[0] for line in str(refusal.value).splitlines()] == ["Step 2", "Step 5"]
    assert "Step 2: There is no item gone" in str(refusal.value)
    assert "Step 5: The type Article takes only terms below journey:use" in str(refusal.value)
    assert graph_of("journey") == tree


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        run(tmp_path / "nowhere.json")


def test_the_plan_that_the_documentation_shows_is_one():
    page = (Path(__file__).parents[2] / "docs" / "taxonomy.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```json\n(.*?)```", page, re.DOTALL)

    changes = plans.changes_of(json.loads(example)["steps"])

    assert [change.do for change in changes] == list(KINDS)
    assert [from_json(change.as_json()) for change in changes] == changes
