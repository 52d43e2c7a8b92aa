"""What the codes of channels and their limits may look like, and the forms of text."""

from enum import Enum

from django.db import models
from django.utils.translation import gettext_lazy as _

CODE_PREFIX = "channel:"
CODE_PATTERN = r"^channel:[a-z0-9]+(-[a-z0-9]+)*$"
NAME_PATTERN = r"^[a-z][a-z0-9]*([_-][a-z0-9]+)*$"


class Measure(models.TextChoices):
    """How the length of a field is counted."""

    CHARACTERS = "characters", _("characters")
    GRAPHEMES = "graphemes", _("characters as readers see them")
    BYTES = "bytes", _("bytes (UTF-8)")
    WIDTH = "width", _("columns (wide characters take two)")
    WORDS = "words", _("words")
    SECONDS = "seconds", _("seconds of speech")
    SMS_SEGMENTS = "sms_segments", _("SMS parts")


class Shape(models.TextChoices):
    """What form a field of a channel has."""

    PLAIN = "plain", _("plain text")
    HTML = "html", _("HTML")
    EMAIL_HTML = "email_html", _("HTML for e-mail programs")
    MARKDOWN = "markdown", _("Markdown")
    BLOCKS = "blocks", _("blocks (JSON)")
    SSML = "ssml", _("speech (SSML)")
    LINK = "link", _("link")
    IMAGE = "image", _("picture")


class Severity(models.TextChoices):
    """How much a finding weighs: an error keeps a piece from going out."""

    ERROR = "error", _("error")
    WARNING = "warning", _("warning")


class Need(models.TextChoices):
    """Whether a field must be filled."""

    OPTIONAL = "optional", _("optional")
    ADVISED = "advised", _("advised: a warning if it is empty")
    OBLIGATORY = "obligatory", _("obligatory: an error if it is empty")


class TextFormat(Enum):
    """The form in which running text is handed over."""

    HTML = "HTML"
    MARKDOWN = "MARKDOWN"
    PLAIN = "PLAIN"
