"""What the API keeps of its own: persisted operations."""

from django.core.validators import RegexValidator
from django.db import models


class Operation(models.Model):
    """A query kept under a name; its options say how the plain address hands its answer over."""

    name = models.CharField(
        max_length=60, unique=True, validators=[RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*\Z", "Write it as-such.")]
    )
    text = models.TextField()
    digest = models.CharField(max_length=64, db_index=True, help_text="SHA-256 of the text, in hexadecimal digits.")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name
