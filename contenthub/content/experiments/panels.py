"""What the form of a test shows beside its fields: where it stands, and who has the rest of its layer."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone
from wagtail.admin.panels import Panel

from ..codes import ExperimentState
from ..models import Experiment
from .running import free_parts, neighbours


@dataclass(frozen=True, slots=True)
class Part:
    """One test's part of a layer; ``start`` and ``share`` in percent."""

    title: str
    url: str
    start: Decimal
    share: Decimal
    state: ExperimentState
    is_own: bool

    @property
    def end(self) -> Decimal:
        return self.start + self.share


class StandingPanel(Panel):
    """State, times, and the layer as a bar."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "content/experiments/standing.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            experiment, now = self.instance, timezone.now()
            return super().get_context_data(parent_context) | {
                "experiment": experiment,
                "state": experiment.state(now),
                "states": ExperimentState,
                "parts": parts_of(experiment),
                "free": free_parts(experiment, now=now),
            }


class ReadArmsPanel(Panel):
    """The arms of a test that was started: only to be read, while the form of a draft has a formset of them."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "content/experiments/arms.html"

        def is_shown(self) -> bool:
            return self.form is not None and "arms" not in self.form.formsets

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            return super().get_context_data(parent_context) | {"experiment": self.instance}


def parts_of(experiment: Experiment) -> list[Part]:
    """Return the parts of the test's layer, its own among them once it is stored, in their order."""
    now = timezone.now()
    found = [*neighbours(experiment, now=now), *([experiment] if experiment.pk else [])]
    return [
        Part(
            title=each.title,
            url=reverse("experiments:edit", args=[each.pk]),
            start=each.start,
            share=each.share,
            state=each.state(now),
            is_own=each is experiment,
        )
        for each in sorted(found, key=lambda each: (each.start, each.pk))
    ]
