"""One change of tags on many items, and what it found and did on each: what is previewed, logged and undone."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..tagging.edits import TagEdit, TagOperation
from .items import ContentItem


class TaggingState(models.TextChoices):
    PLANNED = "planned", _("Preview")
    APPLIED = "applied", _("Done")
    UNDONE = "undone", _("Undone")


class TaggingOutcome(models.TextChoices):
    """What becomes of one item."""

    CHANGED = "changed", _("Changed")
    UNCHANGED = "unchanged", _("Nothing to change")
    BREAKS_RULE = "breaks_rule", _("Would break a rule")
    LOCKED = "locked", _("Locked")
    GONE = "gone", _("No longer there")
    UNDONE = "undone", _("Undone")
    KEPT = "kept", _("Not undone")


class Tagging(models.Model):
    """A change of tags on many items. ``publishes``: also on what is on air, without other edits of the drafts."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    operation = models.CharField(max_length=10, choices=TagOperation.choices)
    terms = models.JSONField(help_text=_("The ids of the terms added, removed or put in."))
    replaced = models.JSONField(default=list, help_text=_("The ids of the terms replaced."))
    publishes = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=TaggingState.choices, default=TaggingState.PLANNED)
    created_at = models.DateTimeField(auto_now_add=True)
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("change of tags")

    def __str__(self) -> str:
        return f"{self.get_operation_display()} ({self.get_state_display()})"

    @property
    def edit(self) -> TagEdit:
        return TagEdit(TagOperation(self.operation), tuple(self.terms), tuple(self.replaced))


class TaggingEntry(models.Model):
    """One item of a change.

    For ``live``, ``draft`` and ``launch`` (what is scheduled) ``before`` holds the ids of all terms, ``after`` of those
    in the facets that the change touches; a place that the item has not is absent.
    """

    tagging = models.ForeignKey(Tagging, on_delete=models.CASCADE, related_name="items")
    item = models.ForeignKey(ContentItem, on_delete=models.SET_NULL, null=True, related_name="+")
    key = models.CharField(max_length=255)
    outcome = models.CharField(max_length=15, choices=TaggingOutcome.choices)
    notes = models.JSONField(default=list, help_text=_("What the editor is told of this item."))
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["key"]
        constraints = [models.UniqueConstraint(fields=["tagging", "key"], name="tagging_entry_once")]

    def __str__(self) -> str:
        return f"{self.key}: {self.get_outcome_display()}"
