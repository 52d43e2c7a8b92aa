"""Kinds of items: their own fields and their rules, as data."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable, Revision

from contenthub.delivery import store
from contenthub.delivery.models import PublishedItem
from locales.fields import NamesField
from taxonomy.models import Facet, Term

from .. import publishing
from ..codes import FieldKind

valid_name = RegexValidator(
    r"^[a-z][a-z0-9_]*\Z",
    gettext_lazy("Use small Latin letters, digits and _, beginning with a letter, for example promo_code."),
)
valid_code = RegexValidator(
    r"^[a-z][a-z0-9_-]*\Z",
    gettext_lazy("Use small Latin letters, digits, - and _, beginning with a letter, for example offer."),
)

_MEANING = ("name", "kind", "localized")  # what stored values of a field are read by


class ItemType(ClusterableModel):
    """A kind of item, such as article, offer or legal notice."""

    code = models.CharField(
        max_length=100,
        unique=True,
        validators=[valid_code],
        help_text=gettext_lazy("Stable public identifier, for example offer. It cannot be changed later."),
    )
    labels = NamesField(verbose_name=gettext_lazy("names"), help_text=gettext_lazy("What editors call the type."))
    fallback_allowed = models.BooleanField(
        default=True,
        help_text=gettext_lazy(
            "Whether a language without its own text may be served in another. Forbid it where "
            "the words bind: legal notices, offers of one country."
        ),
    )

    class Meta:
        ordering = ["code"]
        verbose_name = gettext_lazy("type")

    def __str__(self) -> str:
        return _name(self.labels) or self.code

    @transaction.atomic
    def save(self, *args: object, **kwargs: object) -> None:
        """Save the type with its fields and rules; what is served of its items follows at once."""
        store.lock_surroundings()
        before = self._as_served() if self.pk else None
        super().save(*args, **kwargs)
        if before is not None and before != self._as_served():
            publishing.sync(
                *PublishedItem.objects.filter(key__in=self.items.values("key")).values_list("key", flat=True)
            )

    def _as_served(self) -> tuple:
        """Return what published items of this type depend on, as stored."""
        stored = ItemType.objects.filter(pk=self.pk).values_list("fallback_allowed", flat=True).first()
        fields = FieldDefinition.objects.filter(item_type=self.pk).values_list("name", "kind", "localized")
        return stored, list(fields)


class FieldDefinition(Orderable):
    """A field that items of a type have of their own."""

    item_type = ParentalKey(ItemType, on_delete=models.CASCADE, related_name="field_definitions")
    name = models.CharField(
        max_length=100, validators=[valid_name], help_text=gettext_lazy("As the API calls it, for example price.")
    )
    labels = NamesField(
        verbose_name=gettext_lazy("names"), blank=True, help_text=gettext_lazy("What editors call the field.")
    )
    kind = models.CharField(max_length=20, choices=FieldKind.choices, default=FieldKind.TEXT)
    required = models.BooleanField(default=False, help_text=gettext_lazy("An item cannot be published without it."))
    localized = models.BooleanField(
        default=True,
        help_text=gettext_lazy("Written in every language. Otherwise a fact, written once on the original."),
    )

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint(fields=["item_type", "name"], name="field_definition_once")]

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        """Keep what gives the values their meaning as it is while items fill the field."""
        super().clean()
        stored = FieldDefinition.objects.filter(pk=self.pk).first() if self.pk else None
        if stored is None:
            return
        changed = [name for name in _MEANING if getattr(self, name) != getattr(stored, name)]
        count = stored.count_filled() if changed else 0
        if count:
            message = _("%(count)s: this cannot be changed.") % {"count": _filled(stored.name, count)}
            raise ValidationError(dict.fromkeys(changed, message))

    @property
    def label(self) -> str:
        return _name(self.labels) or self.name.replace("_", " ").capitalize()

    def refuse_removal(self) -> None:
        """Raise ValidationError where items fill the field."""
        count = self.count_filled()
        if count:
            raise ValidationError(_("%(count)s: it cannot be removed.") % {"count": _filled(self.name, count)})

    def count_filled(self) -> int:
        """Return how many items fill the field, in any language, as stored, in their newest draft or as scheduled."""
        written = self.item_type.items.filter(
            Q(own_fields__has_key=self.name) | Q(latest_revision__content__own_fields__has_key=self.name)
        )
        scheduled = Revision.objects.filter(
            content_type__app_label="content",
            content_type__model="contentitem",
            approved_go_live_at__isnull=False,
            content__type=self.item_type_id,
            content__own_fields__has_key=self.name,
        )
        return len({*written.values_list("key", flat=True), *scheduled.values_list("content__key", flat=True)})


class ClassificationRule(Orderable):
    """What an item of a type must be tagged with in one facet before it can be published."""

    item_type = ParentalKey(ItemType, on_delete=models.CASCADE, related_name="rules")
    facet = models.ForeignKey(Facet, on_delete=models.CASCADE, related_name="+")
    minimum = models.PositiveSmallIntegerField(default=0, help_text=gettext_lazy("The fewest tags of this facet."))
    maximum = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text=gettext_lazy("The most tags of this facet. Empty: any number.")
    )
    leaf_only = models.BooleanField(default=False, help_text=gettext_lazy("Only terms with nothing below them."))
    below = models.ForeignKey(
        Term,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=gettext_lazy("Only terms of this branch."),
    )

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint(fields=["item_type", "facet"], name="classification_rule_once")]

    def __str__(self) -> str:
        return f"{self.facet}: {self.minimum} to {self.maximum if self.maximum is not None else 'any'}"

    def clean(self) -> None:
        super().clean()
        if self.maximum is not None and self.maximum < self.minimum:
            raise ValidationError({"maximum": _("The maximum is smaller than the minimum.")})
        if self.below_id and self.facet_id and self.below.facet_id != self.facet_id:
            raise ValidationError({"below": _("This term belongs to another facet.")})


def _filled(name: str, count: int) -> str:
    told = ngettext(
        "The field %(name)s is filled in %(count)d item", "The field %(name)s is filled in %(count)d items", count
    )
    return told % {"name": name, "count": count}


def _name(names: dict[str, str]) -> str | None:
    """Return the name in the editor's language, else in English, else in any."""
    language = get_language() or "en"
    return names.get(language) or names.get("en") or next(iter(names.values()), None)
