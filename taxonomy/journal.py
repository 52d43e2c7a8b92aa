"""What was done to the terms of a facet, by whom, and what is needed to undo it. Imported by ``taxonomy.models``."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class PlanState(models.TextChoices):
    """Where a plan stands. Changing its steps makes it a draft again."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    APPROVED = "approved", _("Approved")
    APPLIED = "applied", _("Applied")
    UNDONE = "undone", _("Undone")


class ChangePlan(models.Model):
    """Changes of terms that are looked at, approved, made and undone as one. ``steps`` are changes as JSON."""

    title = models.CharField(max_length=200)
    steps = models.JSONField(default=list, blank=True)
    state = models.CharField(max_length=10, choices=PlanState.choices, default=PlanState.DRAFT)
    apply_at = models.DateTimeField(null=True, blank=True, help_text=_("When the scheduler makes it, once approved."))
    problem = models.TextField(blank=True, help_text=_("Why the scheduler could not make it."))
    basis = models.CharField(
        max_length=32, blank=True, editable=False, help_text=_("A digest of what it stood on when it was approved.")
    )
    version = models.PositiveIntegerField(default=1)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-pk"]
        permissions = [("approve_changeplan", _("Can approve and apply change plans"))]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether its steps can still be changed."""
        return self.state in (PlanState.DRAFT, PlanState.SUBMITTED, PlanState.APPROVED)


class PlanRemark(models.Model):
    """What somebody said of a plan, or did with it: then ``did`` is the state that it came to."""

    plan = models.ForeignKey(ChangePlan, on_delete=models.CASCADE, related_name="remarks")
    text = models.TextField(blank=True)
    did = models.CharField(max_length=10, choices=PlanState.choices, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text or self.get_did_display()


class TermsJournal(models.Model):
    """One change that was made, as told by ``taxonomy.changes``.

    ``before`` and ``after`` hold, by term id, the attributes that it changed; ``followed`` is what the dependants
    noted of the rows that followed.
    """

    facet = models.ForeignKey("taxonomy.Facet", on_delete=models.CASCADE, related_name="journal")
    plan = models.ForeignKey(ChangePlan, on_delete=models.PROTECT, null=True, blank=True, related_name="entries")
    terms = models.ManyToManyField("taxonomy.Term", related_name="journal", help_text=_("The terms that it names."))
    change = models.JSONField()
    impact = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    followed = models.JSONField(null=True)
    made_at = models.DateTimeField(default=timezone.now, db_index=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"#{self.pk} {self.change['do']} {self.change['term']}"

    @property
    def is_undone(self) -> bool:
        return self.undone_at is not None

    @property
    def changed_ids(self) -> set[int]:
        """The ids of all terms that it changed."""
        return set(map(int, self.after))

    def states(self, name: str) -> dict[int, dict[str, Any]]:
        """Return ``before`` or ``after`` by id: JSON knows keys as text only."""
        return {int(pk): state for pk, state in getattr(self, name).items()}
