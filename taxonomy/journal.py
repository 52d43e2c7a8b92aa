"""What was done to the terms of a facet, by whom, and what is needed to undo it. Imported by ``taxonomy.models``."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone


class TermsJournal(models.Model):
    """One change that was made, as told by ``taxonomy.changes``.

    ``before`` and ``after`` hold, by term id, the attributes that it changed; ``followed`` is what the dependants
    noted of the rows that followed.
    """

    facet = models.ForeignKey("taxonomy.Facet", on_delete=models.CASCADE, related_name="journal")
    terms = models.ManyToManyField("taxonomy.Term", related_name="journal", help_text="The terms that it names.")
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
