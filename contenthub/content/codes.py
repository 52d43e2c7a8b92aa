"""Pure values of the content room."""

from django.db import models


class FieldKind(models.TextChoices):
    """What a field of an item type holds."""

    TEXT = "text", "Text"
    NUMBER = "number", "Number"
    BOOLEAN = "boolean", "Yes or no"
    DATE = "date", "Date"
    MONEY = "money", "Amount of money"
    LINK = "link", "Link"
    IMAGE = "image", "Image"
    ITEM = "item", "Items"
    TERM = "term", "Terms"


class LocalizationState(models.TextChoices):
    """Where one language version of an item stands."""

    UNWANTED = "unwanted", "Not wanted"
    MISSING = "missing", "Missing"
    DRAFT = "draft", "Draft"
    IN_REVIEW = "in_review", "In review"
    SCHEDULED = "scheduled", "Scheduled"
    LIVE = "live", "Live"
    LIVE_AND_DRAFT = "live_and_draft", "Live, with newer draft"
    EXPIRED = "expired", "Expired"


class ExperimentState(models.TextChoices):
    """Where a test stands."""

    DRAFT = "draft", "Draft"
    SCHEDULED = "scheduled", "Scheduled"
    RUNNING = "running", "Running"
    STOPPED = "stopped", "Stopped"


class TextKind(models.TextChoices):
    """What a text is, for whoever translates it."""

    PLAIN = "plain", "Plain text"
    RICH = "rich", "Text with markup"
    ALT = "alt", "Alternative text"


class UnitState(models.TextChoices):
    """Where one text stands in another language."""

    MISSING = "missing", "Missing"
    SAME = "same", "Same as the original"
    TRANSLATED = "translated", "Translated"
    STALE = "stale", "Changed in the original"
