"""Chainable reads of items."""

from collections.abc import Iterable
from typing import Self

from django.db import models
from django.db.models import Q


class ContentItemQuerySet(models.QuerySet):
    def sources(self) -> Self:
        """Return one row an item: the original."""
        return self.filter(is_source=True)

    def of_keys(self, keys: Iterable[str]) -> Self:
        """Return all localizations of these items."""
        return self.filter(key__in=list(keys))

    def matching(self, text: str) -> Self:
        """Return items whose title, headline, key or slug holds ``text``, in whatever language."""
        return self.filter(
            Q(headline__icontains=text)
            | Q(internal_title__icontains=text)
            | Q(key__icontains=text)
            | Q(slug__icontains=text)
        )
