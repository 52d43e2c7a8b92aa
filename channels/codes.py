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


class Shape(models.TextChoices):
    """What form a field of a channel has."""

    PLAIN = "plain", "plain text"
    HTML = "html", "HTML"
    EMAIL_HTML = "email_html", "HTML for e-mail programs"
    MARKDOWN = "markdown", "Markdown"
    BLOCKS = "blocks", "blocks (JSON)"
    SSML = "ssml", "speech (SSML)"
    LINK = "link", "link"
    IMAGE = "image", "picture"


class Severity(models.TextChoices):
    """How much a finding weighs: an error keeps a piece from going out."""

    ERROR = "error", "error"
    WARNING = "warning", "warning"


class Need(models.TextChoices):
    """Whether a field must be filled."""

    OPTIONAL = "optional", "optional"
    ADVISED = "advised", "advised: a warning if it is empty"
    OBLIGATORY = "obligatory", "obligatory: an error if it is empty"


class TextFormat(Enum):
    """The form in which running text is handed over."""

    HTML = "HTML"
    MARKDOWN = "MARKDOWN"
    PLAIN = "PLAIN"
