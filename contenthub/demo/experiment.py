"""The demo's running test: whether a warmer invitation brings more people onto a bike."""

from contenthub.content.experiments.running import launch
from contenthub.content.models import Experiment, ExperimentArm

CODE = "test-ride-invitation"


def start_test() -> None:
    """Make and start the test, unless it is there."""
    if Experiment.objects.filter(code=CODE).exists():
        return
    test = Experiment.objects.create(
        title="A warmer invitation to ride",
        code=CODE,
        hypothesis="An invitation that sounds like a person brings more bookings than one that explains.",
        layer="test-ride",
        share=80,
        ramp=50,
        holdout=5,
        salt="demo",  # the same in every demo, so that its answers can be shown in the docs
    )
    for code, is_control in (("control", True), ("warm", False)):
        ExperimentArm.objects.create(experiment=test, code=code, weight=50, is_control=is_control)
    launch(test.pk)
