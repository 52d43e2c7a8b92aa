"""What happens behind the models' own methods: rows deleted in bulk, and pictures changed in Wagtail's library."""

from typing import Any

from django.db.models.signals import post_delete, post_save, pre_delete
from django.dispatch import receiver
from wagtail.images import get_image_model

from .models import ContentItem, Variant
from .publishing import scheduled_keys, sync, withdraw
from .variants import publishing as variantpublishing


@receiver(post_delete, sender=ContentItem)
def withdraw_deleted(instance: ContentItem, **kwargs: Any) -> None:
    withdraw(instance.key)


@receiver(post_delete, sender=Variant)
def withdraw_deleted_variant(instance: Variant, origin: Any, **kwargs: Any) -> None:
    """Follow a variant that was deleted by itself; one that goes with its item goes with its item's publication."""
    is_by_itself = Variant in (type(origin), getattr(origin, "model", None))
    if is_by_itself:
        variantpublishing.withdraw(instance.key, instance.code)


@receiver(post_save, sender=get_image_model())
def follow_changed_picture(instance: Any, created: bool, **kwargs: Any) -> None:
    if not created:
        sync(*_keys_showing(instance))


@receiver(post_delete, sender=get_image_model().get_rendition_model())
def follow_dropped_rendition(instance: Any, origin: Any, **kwargs: Any) -> None:
    """Follow a picture that got another file: Wagtail drops its renditions after it was saved."""
    is_picture_going = get_image_model() in (type(origin), getattr(origin, "model", None))
    if not is_picture_going:
        sync(*_keys_showing(instance.image))


@receiver(pre_delete, sender=get_image_model())
def note_where_shown(instance: Any, **kwargs: Any) -> None:
    instance.shown_by = _keys_showing(instance)


@receiver(post_delete, sender=get_image_model())
def withdraw_deleted_picture(instance: Any, **kwargs: Any) -> None:
    sync(*instance.shown_by)


def _keys_showing(image: Any) -> list[str]:
    """Return the keys of items that may show a picture, now or as scheduled."""
    shown = ContentItem.objects.filter(live=True).showing(image.pk).values_list("key", flat=True)
    in_variants = Variant.objects.filter(live=True).showing(image.pk).values_list("localization__key", flat=True)
    return sorted({*shown, *in_variants, *scheduled_keys()})
