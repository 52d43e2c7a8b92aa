"""What a language says goes with what the original says: noted part by part with every draft."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy
from wagtail.models import Revision

from contenthub.accounts.grants import refuse_language

from ..airing import with_content
from ..translating.staleness import note_what_was_written, original_of


class FollowsOriginal(models.Model):
    """A language version or a variant in one language; ``find_original`` returns the row it is written for.

    On an original of variants the digest is of what it says itself, as last published; on one of items
    ``PublishedItem`` has that.
    """

    source_values = models.JSONField(
        default=dict,
        blank=True,
        editable=False,
        help_text=gettext_lazy("What the original said in each part when that was translated."),
    )
    source_digest = models.CharField(
        max_length=64, blank=True, editable=False, help_text=gettext_lazy("A digest of the same.")
    )

    # What the original said where a text that is to be saved was written for an older one, by part.
    written_for: Mapping[str, Any] = MappingProxyType({})

    class Meta:
        abstract = True

    def save_revision(self, user: Any = None, *args: object, **kwargs: object) -> Revision:
        """Save a draft; what was written in it goes with what the original says now.

        Raises:
            PermissionDenied: ``user`` may not write in this language.
        """
        refuse_language(user, self.locale)
        if not self.is_source and self.latest_revision_id:
            self._note_what_was_written()
        return super().save_revision(user, *args, **kwargs)

    def _note_what_was_written(self) -> None:
        original = original_of(self)
        if original is None:
            return
        before = with_content(self, Revision.objects.get(pk=self.latest_revision_id))
        note_what_was_written(self, before, original, older=self.written_for)
        type(self)._base_manager.filter(pk=self.pk, live=False).update(
            source_values=self.source_values, source_digest=self.source_digest
        )
