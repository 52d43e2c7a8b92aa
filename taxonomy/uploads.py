"""Uploaded files between their report and its confirmation. Imported by ``taxonomy.models``."""

import uuid
from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from taxonomy.codes import URI_CHARS

KEPT_FOR = timedelta(hours=24)


class PendingImportQuerySet(models.QuerySet):
    def fresh(self) -> Self:
        """Return the uploads that can still be confirmed."""
        return self.filter(uploaded_at__gte=timezone.now() - KEPT_FOR)

    def purge(self) -> None:
        """Forget the uploads that nobody confirmed in time."""
        self.filter(uploaded_at__lt=timezone.now() - KEPT_FOR).delete()


class PendingImport(models.Model):
    """A file that someone uploaded into a facet, and the report that was made of it. Only that user sees it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    facet = models.ForeignKey("taxonomy.Facet", on_delete=models.CASCADE, related_name="+")
    file_name = models.CharField(max_length=255)
    format = models.CharField(max_length=10)
    content = models.BinaryField()
    base = models.CharField(max_length=URI_CHARS, blank=True)
    codes = models.JSONField(default=dict)
    use_notation = models.BooleanField(default=True)
    prefer_file = models.BooleanField(default=False)
    report = models.JSONField(default=dict)
    uploaded_at = models.DateTimeField(default=timezone.now, db_index=True)

    objects = PendingImportQuerySet.as_manager()

    def __str__(self) -> str:
        return self.file_name
