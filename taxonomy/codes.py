"""The fixed words and shapes of the taxonomy: lifecycle, kinds of label, note and mapping, and the shape of a code."""

from collections.abc import Iterable, Iterator

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

FACET_CODE_CHARS = 50
CODE_CHARS = 150
LABEL_CHARS = 255
URI_CHARS = 500
SYSTEM_CHARS = 50
IDENTIFIER_CHARS = 255
WINDOW_LABEL_CHARS = 100

SOURCE_SYSTEM = "source"

BUILTIN_FACETS = ("journey", "campaign", "product", "segment", "action", "market")

validate_facet_code = RegexValidator(
    r"^[a-z][a-z0-9-]*\Z", _("A facet code is lower-case letters, digits and hyphens, beginning with a letter.")
)
validate_term_code = RegexValidator(
    r"^[a-z][a-z0-9-]*:[A-Za-z0-9][A-Za-z0-9._~-]*\Z",
    _(
        "A term code is its facet's code, a colon and a key of letters, digits and . _ ~ -, "
        "for example journey:consider-compare."
    ),
)
validate_attribute_name = RegexValidator(
    r"^[a-z][a-zA-Z0-9_]*\Z",
    _("Use Latin letters, digits and _, beginning with a small letter, for example brandColour."),
)
validate_uri = RegexValidator(
    r"^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+\Z",
    _("A URI has a scheme and no spaces, for example https://example.org/terms/1."),
)


RUN_BY_BROWSERS = {"javascript", "vbscript", "data"}


def validate_address(uri: str) -> None:
    """Refuse what is no URI, and what a browser would run where a front end makes a link of it."""
    validate_uri(uri)
    if uri.partition(":")[0].lower() in RUN_BY_BROWSERS:
        raise ValidationError(_("A browser would run this instead of opening it: take another scheme, such as https."))


def alike_codes(new: Iterable[str], others: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each of the new codes that differs from an earlier one, or one of the others, in capitals only; and that.

    >>> list(alike_codes(["journey:Buy", "journey:look"], ["journey:buy", "journey:look"]))
    [('journey:Buy', 'journey:buy')]
    """
    first = {code.lower(): code for code in others}
    for code in new:
        other = first.setdefault(code.lower(), code)
        if other != code:
            yield code, other


class TermStatus(TextChoices):
    """The lifecycle of a term. There is no third state: terms are never deleted."""

    CURRENT = "current", _("Current")
    RETIRED = "retired", _("Retired")


class LabelKind(TextChoices):
    """SKOS 5: one preferred label a language, any number of the others; hidden ones are only searched."""

    PREFERRED = "preferred", _("Preferred")
    ALTERNATIVE = "alternative", _("Alternative")
    HIDDEN = "hidden", _("Hidden (search only)")


class NoteKind(TextChoices):
    """SKOS 7: the documentation properties."""

    DEFINITION = "definition", _("Definition")
    SCOPE_NOTE = "scope_note", _("Scope note")
    NOTE = "note", _("Note")
    EXAMPLE = "example", _("Example")
    HISTORY_NOTE = "history_note", _("History note")
    EDITORIAL_NOTE = "editorial_note", _("Editorial note")
    CHANGE_NOTE = "change_note", _("Change note")


class MappingKind(TextChoices):
    """SKOS 10: how a term corresponds to a concept of another vocabulary."""

    EXACT = "exact", _("Exact match")
    CLOSE = "close", _("Close match")
    BROAD = "broad", _("Broader match")
    NARROW = "narrow", _("Narrower match")
    RELATED = "related", _("Related match")


class AttributeKind(TextChoices):
    """What the values of a declared attribute are."""

    TEXT = "text", _("Text")
    NUMBER = "number", _("Number")
    BOOLEAN = "boolean", _("Yes or no")
    DATE = "date", _("Date")
    CHOICE = "choice", _("One of several")
