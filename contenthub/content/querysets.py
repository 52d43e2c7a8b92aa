"""Chainable reads of items."""

from collections.abc import Iterable
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Cast
from wagtail.models import Revision

from contenthub.delivery.models import PublishedItem


class ShowingQuerySet(models.QuerySet):
    """Rows with a body, an image and fields of their own."""

    def showing(self, image_id: int) -> Self:
        """Return rows that show a picture, wherever in them."""
        texts = {"body_text": Cast("body", models.TextField()), "own_text": Cast("own_fields", models.TextField())}
        return self.annotate(**texts).filter(
            Q(image=image_id)
            | Q(body_text__regex=rf'"image": {image_id}[,}}]')
            | Q(own_text__regex=rf'"id": {image_id}[,}}]')
        )


class VariantQuerySet(ShowingQuerySet):
    def originals(self) -> Self:
        """Return the variants of originals: those that say whom they are for."""
        return self.filter(localization__is_source=True)

    def stale(self) -> Self:
        """Return variants of other languages whose original says otherwise since, as last published."""
        moved = self.model.objects.originals().filter(localization__key=OuterRef("localization__key"))
        moved = moved.filter(code=OuterRef("code")).exclude(source_digest__in=("", OuterRef("source_digest")))
        return self.filter(Exists(moved), localization__is_source=False).exclude(source_digest="")


class ContentItemQuerySet(ShowingQuerySet):
    def sources(self) -> Self:
        """Return one row an item: the original."""
        return self.filter(is_source=True)

    def of_keys(self, keys: Iterable[str]) -> Self:
        """Return all localizations of these items."""
        return self.filter(key__in=list(keys))

    def stale(self) -> Self:
        """Return localizations whose original says otherwise since, as ``staleness.is_stale`` does for one."""
        moved = PublishedItem.objects.filter(key=OuterRef("key")).exclude(
            source_digest__in=("", OuterRef("source_digest"))
        )
        return self.filter(Exists(moved), is_source=False).exclude(source_digest="")

    def with_parts(self) -> Self:
        """Read along what hangs on the rows, so that all of a row can be read without another statement."""
        return self.select_related("locale", "type").prefetch_related(
            "classification", "references", "texts", "channels", "wanted_locales", "type__field_definitions"
        )

    def matching(self, text: str) -> Self:
        """Return items whose title, headline, key or slug holds ``text``, in whatever language."""
        return self.filter(
            Q(headline__icontains=text)
            | Q(internal_title__icontains=text)
            | Q(key__icontains=text)
            | Q(slug__icontains=text)
        )

    def slug_owner(self, slug: str, locale_id: int, *, but: str) -> str | None:
        """Return the key of the item that has ``slug`` in a locale, or is scheduled to; None if that is ``but``."""
        if not slug:
            return None
        owner = self.filter(locale=locale_id, slug=slug).exclude(key=but).values_list("key", flat=True).first()
        if owner:
            return owner
        # A live item keeps its address until the launch of its new one: only the revision knows that.
        launches = Revision.objects.filter(
            content_type__app_label="content",
            content_type__model="contentitem",
            approved_go_live_at__isnull=False,
            content__slug=slug,
            content__locale=locale_id,
        ).exclude(content__key=but)
        return launches.values_list("content__key", flat=True).first()
