"""Links by which somebody without an account looks at the newest draft of one item in one language."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone

from .items import ContentItem


class ReviewLinkQuerySet(models.QuerySet):
    """Links by whether they open."""

    def live(self, now: datetime | None = None) -> "ReviewLinkQuerySet":
        """Return the links that are neither revoked nor over."""
        return self.filter(revoked_at=None, expires_at__gt=now or timezone.now())


class ReviewLink(models.Model):
    """A link for reviewers: what is stored of it. The token itself is shown once."""

    item = models.ForeignKey(ContentItem, on_delete=models.CASCADE, related_name="review_links")
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ReviewLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.item.key} ({self.item.locale})"
