"""An item in one language: the row that editors write, and its facts."""

import uuid
from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.fields import StreamField
from wagtail.locks import ScheduledForPublishLock
from wagtail.models import (
    DraftStateMixin,
    Locale,
    LockableMixin,
    Orderable,
    PreviewableMixin,
    Revision,
    RevisionMixin,
    TranslatableMixin,
    WorkflowMixin,
)

from channels.models import Channel
from contenthub.accounts.grants import refuse_language
from taxonomy.models import Term

from .. import publishing
from ..airing import variants_drafted
from ..blocks import NeutralBody
from ..documents import document_of
from ..facts import in_order
from ..links import validate_link
from ..preview import Previewed, written
from ..querysets import ContentItemQuerySet
from ..regions import language_codes
from .following import FollowsOriginal
from .reviving import RevivedAtOnce
from .types import ItemType, valid_name

_KEYS = uuid.UUID("6f0cf2d1-7b0b-4a57-8f4c-2f6d5f3f8a55")

valid_key = RegexValidator(
    r"^[A-Za-z0-9][A-Za-z0-9._/-]*\Z",
    gettext_lazy(
        "Use Latin letters, digits and . _ / - and begin with a letter or digit, for example offer/spring-2027."
    ),
)


def translation_key_of(key: str) -> uuid.UUID:
    """Return Wagtail's name for what all localizations of an item share."""
    return uuid.uuid5(_KEYS, key)


_NOT_OF_REVISIONS = "key type_id is_source live_revision_id last_published_at expired".split()


class ContentItem(
    Previewed,
    FollowsOriginal,
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    TranslatableMixin,
    RevivedAtOnce,
):
    """One item in one locale: a localization. All localizations of an item share its ``key``.

    The facts (type, tags, channels, references, priority, wanted locales and the type's fact fields) are edited on
    the source only; on other localizations these columns are empty and mean nothing.
    """

    key = models.CharField(
        max_length=255,
        validators=[valid_key],
        help_text=gettext_lazy(
            "The item's identity over all languages, versions and channels. It cannot be changed later."
        ),
    )
    type = models.ForeignKey(ItemType, on_delete=models.PROTECT, related_name="items")
    is_source = models.BooleanField(default=True, editable=False)

    internal_title = models.CharField(max_length=255, blank=True, help_text=gettext_lazy("Seen by editors only."))
    slug = models.SlugField(
        max_length=255,
        blank=True,
        allow_unicode=True,
        help_text=gettext_lazy("The name in addresses, unique in its language. Left empty: made from the headline."),
    )
    headline = models.CharField(max_length=255)
    summary = models.TextField(blank=True)
    body = StreamField(NeutralBody(), blank=True)
    cta_label = models.CharField(gettext_lazy("call to action"), max_length=255, blank=True)
    cta_link = models.CharField(
        gettext_lazy("link"),
        max_length=2000,
        blank=True,
        validators=[validate_link],
        help_text=gettext_lazy("https://…, mailto:…, tel:…, or item: and the key of another item."),
    )
    cta_action = models.ForeignKey(
        Term,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=gettext_lazy("intended action"),
        help_text=gettext_lazy("What the reader is to do, as a term."),
    )
    image = models.ForeignKey("wagtailimages.Image", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    image_alt = models.CharField(
        gettext_lazy("alternative text"),
        max_length=500,
        blank=True,
        help_text=gettext_lazy("What the picture says, for those who cannot see it."),
    )
    image_caption = models.CharField(gettext_lazy("caption"), max_length=500, blank=True)
    image_credit = models.CharField(gettext_lazy("credit"), max_length=255, blank=True)
    own_fields = models.JSONField(default=dict, blank=True, help_text=gettext_lazy("The type's own fields, by name."))
    extra = models.JSONField(
        default=dict, blank=True, editable=False, help_text=gettext_lazy("What an import brought without a home.")
    )

    priority = models.IntegerField(
        default=0, help_text=gettext_lazy("Among items that fit a moment, the higher is offered first.")
    )
    wanted_locales = ParentalManyToManyField(
        Locale,
        blank=True,
        related_name="+",
        help_text=gettext_lazy("The languages that this item is to have. None chosen: all."),
    )
    fallback_forbidden = models.BooleanField(
        gettext_lazy("never in another language"),
        default=False,
        help_text=gettext_lazy("A language without its own text gets nothing, instead of the next language."),
    )

    of_the_row = ("key", "is_source", "type", "locale")

    objects = ContentItemQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("item")
        ordering = ["key", "locale__language_code"]
        constraints = [
            models.UniqueConstraint(fields=["translation_key", "locale"], name="item_translation_once"),
            models.UniqueConstraint(fields=["key", "locale"], name="item_locale_once"),
            models.UniqueConstraint(fields=["key"], condition=models.Q(is_source=True), name="item_source_once"),
            models.UniqueConstraint(fields=["locale", "slug"], condition=~models.Q(slug=""), name="item_slug_once"),
        ]

    def __str__(self) -> str:
        return self.internal_title or self.headline or self.key

    def save(self, *args: object, **kwargs: object) -> None:
        # One item has one translation key: it follows from the item's own key.
        self.translation_key = translation_key_of(self.key)
        super().save(*args, **kwargs)

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        # A text for a region takes its headline from its language. Whether one is there is seen at the gate.
        if not self.headline and language_codes(self.locale.language_code):
            exclude = {*(exclude or ()), "headline"}
        super().clean_fields(exclude)

    @property
    def short_texts(self) -> dict[str, str]:
        """The named short texts, by name, in the editor's order."""
        return {text.name: text.text for text in in_order(self.texts.all())}

    def with_content_json(self, content: dict) -> "ContentItem":
        """Return the row as a revision has it; what the row is, no revision changes.

        Without its live revision Wagtail would take a live row off air when an older draft of it is scheduled.
        """
        row = super().with_content_json(content)
        for name in _NOT_OF_REVISIONS:
            setattr(row, name, getattr(self, name))
        return row

    def find_original(self) -> "ContentItem | None":
        """Return the stored row of the language in which the item began."""
        return ContentItem.objects.sources().filter(key=self.key).first()

    # --- going on air and off: every way in ends here ----------------------------------------------------

    def publish(self, revision: Revision, user: Any = None, *args: object, **kwargs: object) -> None:
        """Publish or schedule ``revision`` and bring the published store in step, together or not at all.

        Raises:
            NotPublishable: the source of the item was never published.
            PermissionDenied: ``user`` may not write in this language.
        """
        refuse_language(user, self.locale)
        publishing.publish(self, revision, super().publish, user, *args, **kwargs)

    def unpublish(self, set_expired: bool = False, *args: object, user: Any = None, **kwargs: object) -> None:
        """Take this localization off air; its facts stay while another localization is live.

        Raises:
            PermissionDenied: ``user`` may not write in this language.
        """
        refuse_language(user, self.locale)
        kwargs["user"] = user
        with transaction.atomic():
            publishing.unpublish(self, super().unpublish, *args, set_expired=set_expired, **kwargs)

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        """Delete this localization and withdraw what was published of it.

        Raises:
            ValidationError: it is the source and other localizations exist.
        """
        if self.is_source and ContentItem.objects.filter(key=self.key).exclude(pk=self.pk).exists():
            raise ValidationError(
                _(
                    "This is the original of an item that exists in other languages. Delete those first, "
                    "or make another language the original."
                )
            )
        return super().delete(*args, **kwargs)

    def get_lock(self):  # noqa: ANN201 - Wagtail's own type
        """Return the lock that holds; a scheduled launch does not stop anybody from mending what is live."""
        lock = super().get_lock()
        return LockableMixin.get_lock(self) if isinstance(lock, ScheduledForPublishLock) else lock

    # --- preview -----------------------------------------------------------------------------------------

    cards_open = True

    def written_page(self) -> HttpResponse:
        return written(self, *document_of(self))

    def drafts_on_air(self, *, in_all_languages: bool) -> tuple["ContentItem", list[Any]]:
        """Return this draft with the newest drafts of its versions; what was published of them since is on air."""
        if self.pk is None:
            return self, []
        models.prefetch_related_objects([self], "type__field_definitions")
        return self, variants_drafted([self.key], locale_id=None if in_all_languages else self.locale_id)


class ItemTerm(Orderable):
    """A tag: that an item is about a term. The first of a facet is its primary term."""

    item = ParentalKey(ContentItem, on_delete=models.CASCADE, related_name="classification")
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="+")

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint(fields=["item", "term"], name="item_term_once")]

    def __str__(self) -> str:
        return str(self.term)


class ItemChannel(Orderable):
    """That an item is meant for a channel. An item with none is meant for every channel."""

    item = ParentalKey(ContentItem, on_delete=models.CASCADE, related_name="channels")
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+")

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint(fields=["item", "channel"], name="item_channel_once")]

    def __str__(self) -> str:
        return str(self.channel)


class ItemReference(Orderable):
    """That an item refers to another one, in a role such as legal or related."""

    item = ParentalKey(ContentItem, on_delete=models.CASCADE, related_name="references")
    role = models.CharField(
        max_length=100, validators=[valid_name], help_text=gettext_lazy("For example legal or related.")
    )
    target_key = models.CharField(
        gettext_lazy("item"), max_length=255, help_text=gettext_lazy("The key of the item referred to.")
    )

    class Meta(Orderable.Meta):
        constraints = [
            models.UniqueConstraint(fields=["item", "role", "target_key"], name="item_reference_once"),
        ]

    def __str__(self) -> str:
        return f"{self.role}: {self.target_key}"


class NamedText(Orderable):
    """A short text with a name, such as push_title, for places where the headline does not fit."""

    item = ParentalKey(ContentItem, on_delete=models.CASCADE, related_name="texts")
    name = models.CharField(
        max_length=100, validators=[valid_name], help_text=gettext_lazy("For example short or push_title.")
    )
    text = models.CharField(max_length=1000)

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint(fields=["item", "name"], name="named_text_once")]

    def __str__(self) -> str:
        return self.name
