"""Deletion in bulk skips ``delete()``: the published store follows every row that goes."""

from typing import Any

from django.db.models.signals import post_delete
from django.dispatch import receiver

from .models import ContentItem
from .publishing import sync


@receiver(post_delete, sender=ContentItem)
def withdraw(instance: ContentItem, **kwargs: Any) -> None:
    sync(instance.key)
