"""The terms that an editor tagged with lately."""

from django.conf import settings
from django.db import models

from taxonomy.models import Term


class RecentTerm(models.Model):
    """That an editor tagged an item with a term, and when last."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    term = models.ForeignKey(Term, on_delete=models.CASCADE, related_name="+")
    used_at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-used_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["user", "term"], name="recent_term_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.term}"
