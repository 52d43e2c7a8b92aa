"""Pure values of the content room."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FieldKind(models.TextChoices):
    """What a field of an item type holds."""

    TEXT = "text", _("Text")
    NUMBER = "number", _("Number")
    BOOLEAN = "boolean", _("Yes or no")
    DATE = "date", _("Date")
    MONEY = "money", _("Amount of money")
    LINK = "link", _("Link")
    IMAGE = "image", _("Image")
    ITEM = "item", _("Items")
    TERM = "term", _("Terms")


class LocalizationState(models.TextChoices):
    """Where one language version of an item stands."""

    UNWANTED = "unwanted", _("Not wanted")
    MISSING = "missing", _("Missing")
    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    SCHEDULED = "scheduled", _("Scheduled")
    LIVE = "live", _("Live")
    LIVE_AND_DRAFT = "live_and_draft", _("Live, with newer draft")
    EXPIRED = "expired", _("Expired")


class ExperimentState(models.TextChoices):
    """Where a test stands."""

    DRAFT = "draft", _("Draft")
    SCHEDULED = "scheduled", _("Scheduled")
    RUNNING = "running", _("Running")
    STOPPED = "stopped", _("Stopped")


class TextKind(models.TextChoices):
    """What a text is, for whoever translates it."""

    PLAIN = "plain", _("Plain text")
    RICH = "rich", _("Text with markup")
    ALT = "alt", _("Alternative text")


class UnitState(models.TextChoices):
    """Where one text stands in another language."""

    MISSING = "missing", _("Missing")
    INHERITED = "inherited", _("Taken from the language")
    SAME = "same", _("Same as the original")
    TRANSLATED = "translated", _("Translated")
    STALE = "stale", _("Changed in the original")
