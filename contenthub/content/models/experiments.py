"""Tests of content: who sees which arm, and since when."""

import secrets
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from contenthub.delivery import allocation

from ..codes import ExperimentState
from .types import valid_code

ALL = Decimal(100)


def new_salt() -> str:
    """Return what nobody has drawn with before."""
    return secrets.token_hex(8)


def percent(value: Decimal) -> str:
    """Return a share as people write it.

    >>> percent(Decimal("50.00")), percent(Decimal("33.30"))
    ('50', '33.3')
    """
    return f"{value.normalize():f}"


class PercentField(models.DecimalField):
    """A share in percent, to a hundredth."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs |= {"max_digits": 5, "decimal_places": 2}
        kwargs.setdefault("validators", [MinValueValidator(0), MaxValueValidator(ALL)])
        super().__init__(*args, **kwargs)


class Experiment(ClusterableModel):
    """A test. Its arms are carried by versions of items; what would bias it stays as it is while it runs."""

    title = models.CharField(max_length=255, help_text=gettext_lazy("What editors call the test."))
    code = models.CharField(
        max_length=100,
        unique=True,
        validators=[valid_code],
        help_text=gettext_lazy("Stable public identifier, for example hero-headline. It cannot be changed later."),
    )
    hypothesis = models.TextField(
        blank=True, help_text=gettext_lazy("What you expect and why, so that the result can prove you right or wrong.")
    )
    layer = models.CharField(
        max_length=100,
        default="main",
        validators=[valid_code],
        help_text=gettext_lazy(
            "Tests of one layer never share a person; tests of different layers do not know of each other."
        ),
    )
    start = PercentField(
        "from", default=0, help_text=gettext_lazy("Where the test's part of its layer begins, in percent.")
    )
    share = PercentField(
        default=ALL,
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(ALL)],
        help_text=gettext_lazy("How much of the layer belongs to the test, in percent."),
    )
    ramp = PercentField(
        default=ALL,
        help_text=gettext_lazy(
            "How much of its part takes part, in percent. It can grow while the test runs, and never shrinks."
        ),
    )
    holdout = PercentField(
        default=0,
        help_text=gettext_lazy(
            "How much of its part is kept away from the test, to measure the test itself, in percent."
        ),
    )
    salt = models.CharField(max_length=64, default=new_salt, editable=False)
    starts_at = models.DateTimeField(
        gettext_lazy("start"), null=True, blank=True, help_text=gettext_lazy("Left empty: when you press the button.")
    )
    stops_at = models.DateTimeField(
        gettext_lazy("end"), null=True, blank=True, help_text=gettext_lazy("Left empty: until somebody stops it.")
    )
    launched_at = models.DateTimeField(null=True, editable=False)
    winner = models.CharField(max_length=100, blank=True, help_text=gettext_lazy("The arm that did best."))

    class Meta:
        ordering = ["-pk"]
        verbose_name = gettext_lazy("test")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(start__lte=ALL - models.F("share")), name="experiment_within_layer"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        super().clean()
        if self.start is not None and self.share is not None and self.start + self.share > ALL:
            message = _("From %(start)s %% on, %(start2)s %% of the layer are left: take less, or begin earlier.") % {
                "start": self.start,
                "start2": ALL - self.start,
            }
            raise ValidationError({"share": message})
        # A test that was stopped before it began has both at one instant.
        if self.starts_at and self.stops_at and self.stops_at < self.starts_at:
            raise ValidationError({"stops_at": _("The end is before the start.")})

    def state(self, now: datetime | None = None) -> ExperimentState:
        """Return where the test stands: the clock alone starts and stops what was launched."""
        now = now or timezone.now()
        if self.launched_at is None:
            return ExperimentState.DRAFT
        if self.stops_at and self.stops_at <= now:
            return ExperimentState.STOPPED
        return ExperimentState.RUNNING if self.starts_at <= now else ExperimentState.SCHEDULED

    @property
    def end(self) -> Decimal:
        """Where its part of the layer ends, in percent."""
        return self.start + self.share

    def published(self) -> allocation.Experiment:
        """Return the test as clients see it."""
        arms = sorted(self.arms.all(), key=lambda arm: arm.code)
        return allocation.Experiment(
            code=self.code,
            layer=self.layer,
            start=_part(self.start),
            share=_part(self.share),
            salt=self.salt,
            ramp=_part(self.ramp),
            holdout=_part(self.holdout),
            arms=tuple(allocation.Arm(arm.code, _part(arm.weight), arm.is_control) for arm in arms),
        )


class ExperimentArm(Orderable):
    """One treatment of a test."""

    experiment = ParentalKey(Experiment, on_delete=models.CASCADE, related_name="arms")
    code = models.CharField(
        max_length=100, validators=[valid_code], help_text=gettext_lazy("For example control or warm.")
    )
    weight = PercentField(
        help_text=gettext_lazy("Its part of those who take part, in percent; together they make 100.")
    )
    is_control = models.BooleanField(
        gettext_lazy("control"), default=False, help_text=gettext_lazy("Sees what everybody saw before.")
    )

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint(fields=["experiment", "code"], name="experiment_arm_once")]

    def __str__(self) -> str:
        return self.code


def _part(percent: Decimal) -> float:
    return float(percent / ALL)
