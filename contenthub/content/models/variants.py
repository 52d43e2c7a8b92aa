"""A version of an item for some of its readers: what it says otherwise than its base, and whom it is for."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modelcluster.fields import ParentalKey
from wagtail.fields import StreamField
from wagtail.locks import ScheduledForPublishLock
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    Orderable,
    PreviewableMixin,
    Revision,
    RevisionMixin,
    WorkflowMixin,
)

from channels.models import Channel
from contenthub.accounts.grants import refuse_language
from taxonomy.models import Term

from ..blocks import NeutralBody
from ..documents import variant_document_of
from ..links import validate_link
from ..preview import Previewed, written
from ..querysets import VariantQuerySet
from ..variants import publishing as variantpublishing
from ..variants.overriding import check_overrides
from .following import FollowsOriginal
from .items import ContentItem
from .reviving import RevivedAtOnce

if TYPE_CHECKING:
    from wagtail.models import Locale

    from .types import ItemType

valid_code = RegexValidator(
    r"^[A-Za-z0-9][A-Za-z0-9._-]*\Z",
    gettext_lazy("Use Latin letters, digits and . _ - and begin with a letter or digit, for example students-jp."),
)

_NOT_OF_REVISIONS = (
    "code localization_id live_revision_id last_published_at expired base_revision_id base_values"
).split()


class Variant(
    Previewed,
    FollowsOriginal,
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    RevivedAtOnce,
):
    """What one language version of an item says otherwise to some readers. It never hangs on another variant.

    ``overrides`` names the fields that it sets, a field that it empties among them; columns of other fields mean
    nothing. Whom it is for is a fact of the variant over all languages, edited on the item's original only.
    """

    localization = models.ForeignKey(ContentItem, on_delete=models.CASCADE, related_name="variants")
    code = models.CharField(
        max_length=100,
        validators=[valid_code],
        help_text=gettext_lazy(
            "What this version is called in addresses and reports. It cannot be changed once it "
            "was published or written in another language."
        ),
    )
    overrides = models.JSONField(
        default=list, blank=True, help_text=gettext_lazy("Names of the fields that this version sets.")
    )

    headline = models.CharField(max_length=255, blank=True)
    summary = models.TextField(blank=True)
    body = StreamField(NeutralBody(), blank=True)
    cta_label = models.CharField(gettext_lazy("call to action"), max_length=255, blank=True)
    cta_link = models.CharField(gettext_lazy("link"), max_length=2000, blank=True, validators=[validate_link])
    cta_action = models.ForeignKey(
        Term,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=gettext_lazy("intended action"),
    )
    image = models.ForeignKey("wagtailimages.Image", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    image_alt = models.CharField(gettext_lazy("alternative text"), max_length=500, blank=True)
    image_caption = models.CharField(gettext_lazy("caption"), max_length=500, blank=True)
    image_credit = models.CharField(gettext_lazy("credit"), max_length=255, blank=True)
    own_texts = models.JSONField(default=dict, blank=True, help_text=gettext_lazy("Short texts, by name."))
    own_fields = models.JSONField(default=dict, blank=True, help_text=gettext_lazy("The type's own fields, by name."))

    experiment = models.CharField(
        gettext_lazy("test"),
        max_length=100,
        blank=True,
        help_text=gettext_lazy("Code of the test that this version belongs to."),
    )
    arm = models.CharField(
        gettext_lazy("test version"), max_length=100, blank=True, help_text=gettext_lazy("The test's arm that sees it.")
    )
    priority = models.IntegerField(
        default=0,
        help_text=gettext_lazy("Among versions that fit, the higher wins; at equal priority the more specific."),
    )

    base_revision = models.ForeignKey(
        Revision, on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    base_values = models.JSONField(
        default=dict,
        blank=True,
        editable=False,
        help_text=gettext_lazy("What the base had in each overridden field at that time."),
    )

    of_the_row = ("code", "localization")

    objects = VariantQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("version")
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["localization", "code"], name="variant_code_once")]

    def __str__(self) -> str:
        return self.code

    def clean(self) -> None:
        super().clean()
        if self.localization_id:
            self.overrides = check_overrides(self.overrides, [one.name for one in self.type.field_definitions.all()])
        if bool(self.experiment) != bool(self.arm):
            raise ValidationError({"arm" if self.experiment else "experiment": _("A test and its arm go together.")})

    # --- what it has from the item -----------------------------------------------------------------------

    @property
    def key(self) -> str:
        return self.localization.key

    @property
    def locale(self) -> "Locale":
        return self.localization.locale

    @property
    def type(self) -> "ItemType":
        return self.localization.type

    @property
    def is_source(self) -> bool:
        """Tell whether it hangs on the item's original, where it says whom it is for."""
        return self.localization.is_source

    @property
    def short_texts(self) -> dict[str, str]:
        return self.own_texts

    def find_original(self) -> "Variant | None":
        """Return the stored row of this version on the item's original, where it is said whom it is for."""
        return Variant.objects.originals().filter(localization__key=self.key, code=self.code).first()

    def with_content_json(self, content: dict) -> "Variant":
        """Return the row as a revision has it; what the row is, no revision changes."""
        row = super().with_content_json(content)
        for name in (*_NOT_OF_REVISIONS, *(["source_digest"] if self.is_source else ())):
            setattr(row, name, getattr(self, name))
        return row

    # --- going on air and off ----------------------------------------------------------------------------

    def publish(self, revision: Revision, user: Any = None, *args: object, **kwargs: object) -> None:
        """Publish or schedule ``revision`` and bring the published store in step, together or not at all.

        Raises:
            NotPublishable: the item's original has no such version on air, or what it says cannot be served.
            PermissionDenied: ``user`` may not write in this language.
        """
        refuse_language(user, self.locale)
        variantpublishing.publish(self, revision, super().publish, user, *args, **kwargs)

    def unpublish(self, set_expired: bool = False, *args: object, user: Any = None, **kwargs: object) -> None:
        """Take this version off air in its language; readers get the next that fits, or the base.

        Raises:
            PermissionDenied: ``user`` may not write in this language.
        """
        refuse_language(user, self.locale)
        kwargs["user"] = user
        with transaction.atomic():
            variantpublishing.unpublish(self, super().unpublish, *args, set_expired=set_expired, **kwargs)

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        """Delete this version in its language and withdraw what was published of it.

        Raises:
            ValidationError: it says whom it is for, and other languages have it too.
        """
        others = Variant.objects.filter(localization__key=self.key, code=self.code).exclude(pk=self.pk)
        if self.is_source and others.exists():
            raise ValidationError(_("Other languages have this version too. Delete it there first."))
        return super().delete(*args, **kwargs)

    def get_lock(self):  # noqa: ANN201 - Wagtail's own type
        """Return the lock that holds; a scheduled launch does not stop anybody from mending what is live."""
        lock = super().get_lock()
        return LockableMixin.get_lock(self) if isinstance(lock, ScheduledForPublishLock) else lock

    def written_page(self) -> HttpResponse:
        return written(self, *variant_document_of(self))

    def drafts_on_air(self, *, in_all_languages: bool) -> tuple[ContentItem, list["Variant"]]:
        """Return the base as readers see it, or as a draft before they do, with this draft over it."""
        base = self.localization
        return base if base.live else base.get_latest_revision_as_object(), [self]


class VariantTerm(Orderable):
    """That a variant is for a segment or a market."""

    variant = ParentalKey(Variant, on_delete=models.CASCADE, related_name="audience")
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="+")

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint(fields=["variant", "term"], name="variant_term_once")]

    def __str__(self) -> str:
        return str(self.term)


class VariantChannel(Orderable):
    """That a variant is for a channel. A variant with none is for every channel."""

    variant = ParentalKey(Variant, on_delete=models.CASCADE, related_name="channels")
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+")

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint(fields=["variant", "channel"], name="variant_channel_once")]

    def __str__(self) -> str:
        return str(self.channel)
