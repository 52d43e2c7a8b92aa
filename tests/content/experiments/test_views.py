from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from contenthub.accounts.models import User
from contenthub.content.codes import ExperimentState
from contenthub.content.experiments import running as experimenting
from contenthub.content.models import Experiment
from contenthub.delivery.models import PublishedExperiment
from tests.content.factories import ExperimentFactory
from tests.content.forms import filled_in
from tests.content.posts import errors_of, formset

pytestmark = pytest.mark.django_db

NEW = {
    "title": "Warm or cool headline",
    "code": "hero-headline",
    "hypothesis": "A warm headline brings more test rides.",
    "layer": "homepage",
    "start": "",
    "share": "50",
    "ramp": "10",
    "holdout": "5",
    "starts_at": "",
    "stops_at": "",
}
ARMS = ({"code": "control", "weight": "50", "is_control": "on"}, {"code": "warm", "weight": "50"})


def url_of(test):
    return reverse("experiments:edit", args=[test.pk])


def change(client, test, action="", **changes):
    """Open the form of a test, change fields by name, and press a button."""
    data = {**filled_in(client.get(url_of(test))), **changes}
    return client.post(url_of(test), {**data, **({f"action-{action}": "1"} if action else {})})


def text(response):
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())


def test_a_new_test_gets_the_first_part_of_its_layer_that_is_free(admin_client):
    experimenting.launch(ExperimentFactory(layer="homepage", start=0, share=30).pk)

    response = admin_client.post(reverse("experiments:add"), {**NEW, **formset("arms", *ARMS)})

    assert response.status_code == 302, errors_of(response)
    test = Experiment.objects.get(code="hero-headline")
    assert (test.start, test.share, test.state()) == (30, 50, ExperimentState.DRAFT)
    assert [(arm.code, arm.weight, arm.is_control) for arm in test.arms.all()] == [
        ("control", 50, True),
        ("warm", 50, False),
    ]


@pytest.mark.parametrize(
    ("changes", "arms", "errors"),
    [
        ({}, ({**ARMS[0], "weight": "60"}, ARMS[1]), {"arms": ["The weights make 110 %, not 100: 10 are too many."]}),
        ({}, ARMS[:1], {"arms": ["A test has two arms at least: one of them the control."]}),
        ({}, (ARMS[1], {**ARMS[1], "code": "cool"}), {"arms": ["None of the arms is the control: mark exactly one."]}),
        (
            {"start": "60"},
            ARMS,
            {"share": ["From 60 % on, 40 % of the layer are left: take less, or begin earlier."]},
        ),
        (
            {"starts_at": "2030-01-02 00:00", "stops_at": "2030-01-01 00:00"},
            ARMS,
            {"stops_at": ["The end is before the start."]},
        ),
    ],
)
def test_what_makes_no_test_is_refused_and_nothing_is_stored(admin_client, changes, arms, errors):
    response = admin_client.post(reverse("experiments:add"), {**NEW, **formset("arms", *arms), **changes})

    found = errors_of(response)
    assert {name: found[name][:1] for name in errors} == errors
    assert not Experiment.objects.exists()


def test_a_full_layer_is_told(admin_client):
    experimenting.launch(ExperimentFactory(layer="homepage", share=70).pk)

    response = admin_client.post(reverse("experiments:add"), {**NEW, **formset("arms", *ARMS)})

    message = "No part of the layer as wide as that is free (70 to 100 % is): take less, or another layer."
    assert errors_of(response)["share"] == [message]


def test_starting_saves_publishes_and_is_logged(admin_client):
    test = ExperimentFactory(code="hero")

    response = change(admin_client, test, "start", title="Another title", ramp="20")

    assert response.status_code == 302
    assert PublishedExperiment.objects.get().definition["ramp"] == 0.2
    assert (Experiment.objects.get().title, Experiment.objects.get().state()) == (
        "Another title",
        ExperimentState.RUNNING,
    )
    assert ModelLogEntry.objects.filter(action="contenthub.experiment.start", object_id=str(test.pk)).count() == 1


def test_a_start_that_is_refused_changes_nothing(admin_client):
    experimenting.launch(ExperimentFactory(title="First", layer="homepage").pk)
    test = ExperimentFactory(layer="homepage", title="Second")

    response = change(admin_client, test, "start", title="Another title")

    assert errors_of(response)["start"] == [
        "“First” has 0 to 100 % of the layer homepage: take a part that is free (nothing is)."
    ]
    assert Experiment.objects.get(pk=test.pk).title == "Second"
    assert PublishedExperiment.objects.count() == 1


def test_nothing_that_biases_changes_while_it_runs(admin_client):
    test = experimenting.launch(ExperimentFactory(code="hero", ramp=10).pk)
    before = (PublishedExperiment.objects.get().definition, test.salt)
    page = admin_client.get(url_of(test))
    arm = test.arms.get(code="control")
    forged = {
        **filled_in(page),
        "layer": "other",
        "share": "7",
        "start": "3",
        "holdout": "50",
        "code": "x",
        "salt": "known",
        "arms-TOTAL_FORMS": "3",
        "arms-INITIAL_FORMS": "2",
        "arms-0-id": str(arm.pk),
        "arms-0-weight": "99",
        "arms-0-DELETE": "on",
        "arms-2-id": "",
        "arms-2-code": "third",
        "arms-2-weight": "1",
    }

    admin_client.post(url_of(test), forged)

    stored = Experiment.objects.get()
    assert (stored.layer, stored.share, stored.start, stored.holdout, stored.code) == ("main", 100, 0, 0, "hero")
    assert [(each.code, each.weight) for each in stored.arms.order_by("code")] == [("control", 50), ("warm", 50)]
    assert (PublishedExperiment.objects.get().definition, stored.salt) == before
    assert "control 50 % Control warm 50 %" in text(page)


def test_the_ramp_grows_and_does_not_shrink(admin_client):
    test = experimenting.launch(ExperimentFactory(ramp=10).pk)

    change(admin_client, test, ramp="20")
    refused = change(admin_client, test, ramp="15")

    assert errors_of(refused)["ramp"] == ["The ramp only grows while the test runs: 20 % or more."]
    assert [row.definition["ramp"] for row in PublishedExperiment.objects.order_by("starts_at")] == [0.1, 0.2]


def test_the_end_of_a_running_test_can_be_set(admin_client):
    test = experimenting.launch(ExperimentFactory().pk)

    change(admin_client, test, stops_at="2099-01-01 00:00")

    assert PublishedExperiment.objects.latest("starts_at").ends_at.year == 2099


def test_a_test_is_stopped_gets_a_winner_and_is_prepared_again(admin_client):
    test = experimenting.launch(ExperimentFactory().pk)

    change(admin_client, test, "stop")
    assert Experiment.objects.get().state() is ExperimentState.STOPPED
    stopped = Experiment.objects.get()
    change(admin_client, test, winner="warm")
    decided = Experiment.objects.get()
    assert decided.winner == "warm"
    assert (decided.starts_at, decided.stops_at) == (stopped.starts_at, stopped.stops_at)
    change(admin_client, test, "prepare_again")

    again = Experiment.objects.get()
    assert (again.state(), again.winner) == (ExperimentState.DRAFT, "")
    assert again.salt != test.salt


def test_a_test_that_was_stopped_before_it_began_can_be_decided_too(admin_client):
    test = experimenting.launch(ExperimentFactory(starts_at=timezone.now() + timedelta(days=1)).pk)
    change(admin_client, test, "stop")

    change(admin_client, test, winner="control")

    assert Experiment.objects.get().winner == "control"


def test_a_running_test_is_not_deleted(admin_client):
    test = experimenting.launch(ExperimentFactory().pk)

    response = admin_client.post(reverse("experiments:delete", args=[test.pk]), follow=True)

    assert "stop it before you delete it" in text(response)
    assert Experiment.objects.exists()


def test_the_listing_shows_state_part_and_arms(admin_client):
    experimenting.launch(ExperimentFactory(title="Hero", start=0, share=25).pk)
    ExperimentFactory(title="Next", start=25, share=50)

    page = text(admin_client.get(reverse("experiments:index")))

    assert "Hero" in page
    assert "Running main 0 – 25 % control 50 % warm 50 %" in page
    assert "Draft main 25 – 75 %" in page


def test_the_form_shows_who_has_which_part_of_the_layer(admin_client):
    experimenting.launch(ExperimentFactory(title="Hero", start=10, share=25).pk)
    running = experimenting.launch(ExperimentFactory(title="Tone", start=50, share=30).pk)

    page = text(admin_client.get(url_of(running)))

    assert "Hero 10 – 35 %, Running Tone 50 – 80 %, Running Free: 0 to 10 %, 35 to 50 %, 80 to 100 %" in page


@pytest.mark.parametrize("count", [2, 12])
def test_the_listing_costs_the_same_whatever_the_number_of_tests(admin_client, django_assert_max_num_queries, count):
    ExperimentFactory.create_batch(count, share=1)

    with django_assert_max_num_queries(18):
        admin_client.get(reverse("experiments:index"))


def test_who_may_not_change_tests_does_not_start_them(client):
    user = User.objects.create_user("reader", password="secret", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)
    test = ExperimentFactory()

    client.post(url_of(test), {"action-start": "1"})

    assert not PublishedExperiment.objects.exists()


def test_nothing_is_started_by_a_link(admin_client):
    test = ExperimentFactory()

    admin_client.get(url_of(test) + "?action-start=1")

    assert not PublishedExperiment.objects.exists()
