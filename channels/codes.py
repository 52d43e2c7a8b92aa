"""What the codes of channels and their limits may look like, and the forms of text."""

from enum import Enum

from django.db import models

CODE_PREFIX = "channel:"
CODE_PATTERN = r"^channel:[a-z0-9]+(-[a-z0-9]+)*$"
NAME_PATTERN = r"^[a-z][a-z0-9]*([_-][a-z0-9]+)*$"


class Measure(models.TextChoices):
    """How the length of a field is counted."""

    CHARACTERS = "characters", "characters"
    GRAPHEMES = "graphemes", "characters as readers see them"
    BYTES = "bytes", "bytes (UTF-8)"
    WIDTH = "width", "columns (wide characters take two)"
    WORDS = "words", "words"
    SECONDS = "seconds", "seconds of speech"
    SMS_SEGMENTS = "sms_segments", "SMS parts"


class TextFormat(Enum):
    """The form in which running text is handed over."""

    HTML = "HTML"
    MARKDOWN = "MARKDOWN"
    PLAIN = "PLAIN"
