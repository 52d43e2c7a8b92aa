"""Tests of content, planned, started and stopped in a real browser."""

import pytest
from django.urls import reverse

from contenthub.content.codes import ExperimentState
from contenthub.content.experiments import running as experimenting
from contenthub.content.models import Experiment
from contenthub.delivery.models import PublishedExperiment
from tests.content.factories import ExperimentFactory

pytestmark = pytest.mark.browser


def press(page, button):
    page.click("footer [data-w-dropdown-target=toggle]")
    page.click(f"button[name=action-{button}]")
    page.wait_for_selector(".messages .success")


def test_an_editor_plans_a_test_starts_it_and_stops_it(page, axe):
    experimenting.launch(ExperimentFactory(title="Tone of offers", layer="homepage", share=40).pk)

    page.click("a:has-text('Tests')")
    page.click("a:has-text('Add test')")
    page.fill("[name=title]", "Warm or cool headline")
    page.fill("[name=code]", "hero-headline")
    page.fill("[name=hypothesis]", "A warm headline brings more test rides.")
    page.fill("[name=arms-0-code]", "control")
    page.fill("[name=arms-0-weight]", "50")
    page.check("[name=arms-0-is_control]")
    page.fill("[name=arms-1-code]", "warm")
    page.fill("[name=arms-1-weight]", "60")
    page.fill("[name=layer]", "homepage")
    page.fill("[name=share]", "50")
    page.fill("[name=ramp]", "10")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=The weights make 110 %, not 100: 10 are too many.")
    page.fill("[name=arms-1-weight]", "50")
    page.click("footer button:has-text('Create')")
    page.wait_for_selector(".messages .success")
    assert Experiment.objects.get(code="hero-headline").start == 40
    assert axe(page, "#main") == []

    page.click("a:has-text('Warm or cool headline')")
    page.wait_for_url("**/edit/**")
    assert axe(page, "#main") == []
    press(page, "start")
    assert PublishedExperiment.objects.filter(code="hero-headline", definition__start=0.4).exists()
    assert page.is_disabled("[name=layer]")
    assert axe(page, "#main") == []

    press(page, "stop")
    assert Experiment.objects.get(code="hero-headline").state() is ExperimentState.STOPPED
    page.select_option("[name=winner]", "warm")
    assert axe(page, "#main") == []


def test_the_empty_listing_says_how_to_begin(page, axe):
    page.goto(reverse("experiments:index"))

    assert page.is_visible("text=There are no tests")
    assert axe(page, "#main") == []
