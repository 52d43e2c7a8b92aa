"""What is said of a term: names, notes, symbols, matches, times and ids. Imported by ``taxonomy.models``."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy
from modelcluster.fields import ParentalKey

from locales.tags import MalformedTag, canonical_tag
from taxonomy.codes import (
    IDENTIFIER_CHARS,
    LABEL_CHARS,
    SYSTEM_CHARS,
    URI_CHARS,
    WINDOW_LABEL_CHARS,
    LabelKind,
    MappingKind,
    NoteKind,
    validate_address,
    validate_uri,
)


def refuse_script(uri: str) -> None:
    """Refuse the URI of a row that a browser would run.

    Raises:
        ValidationError: at the field ``uri``.
    """
    try:
        if uri:
            validate_address(uri)
    except ValidationError as error:
        raise ValidationError({"uri": error.messages}) from error


class _LanguageRow(models.Model):
    """A text about a term in one language."""

    language = models.CharField(max_length=35, help_text=gettext_lazy("Language tag, for example en, ja or pt-BR."))

    class Meta:
        abstract = True

    def clean(self) -> None:
        try:
            self.language = canonical_tag(self.language)
        except MalformedTag as error:
            raise ValidationError({"language": str(error)}) from error


class TermLabel(_LanguageRow):
    """What a term is called in one language."""

    term = ParentalKey("taxonomy.Term", on_delete=models.CASCADE, related_name="labels")
    kind = models.CharField(max_length=15, choices=LabelKind.choices, default=LabelKind.PREFERRED)
    text = models.CharField(max_length=LABEL_CHARS)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["term", "language"],
                condition=Q(kind=LabelKind.PREFERRED),
                name="taxonomy_one_preferred_label",
                violation_error_message=gettext_lazy("A term has one preferred label a language."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.text} ({self.language})"


class TermNote(_LanguageRow):
    """What a term means and how it is used, in one language."""

    term = ParentalKey("taxonomy.Term", on_delete=models.CASCADE, related_name="notes")
    kind = models.CharField(max_length=15, choices=NoteKind.choices, default=NoteKind.DEFINITION)
    text = models.TextField()
    uri = models.CharField(
        gettext_lazy("URI"),
        max_length=URI_CHARS,
        blank=True,
        editable=False,
        help_text=gettext_lazy("Where the note is a resource of its own: its identifier."),
    )

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.language})"


class TermNotation(models.Model):
    """A symbol for the term that belongs to no language, for example a class mark (SKOS 6)."""

    term = ParentalKey("taxonomy.Term", on_delete=models.CASCADE, related_name="notations")
    text = models.CharField(max_length=LABEL_CHARS)
    datatype = models.CharField(
        max_length=URI_CHARS,
        blank=True,
        validators=[validate_uri],
        help_text=gettext_lazy("The URI of the system of notation; empty for plain text."),
    )

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text


class TermMapping(models.Model):
    """How a term corresponds to a concept of another vocabulary."""

    term = ParentalKey("taxonomy.Term", on_delete=models.CASCADE, related_name="mappings")
    kind = models.CharField(max_length=10, choices=MappingKind.choices, default=MappingKind.EXACT)
    uri = models.CharField(gettext_lazy("URI"), max_length=URI_CHARS, validators=[validate_uri])

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.uri}"

    def clean(self) -> None:
        refuse_script(self.uri)


class TermWindow(models.Model):
    """A time in which a term is in use, for example one run of a campaign. Both days are part of it."""

    term = ParentalKey("taxonomy.Term", on_delete=models.CASCADE, related_name="windows")
    start = models.DateField(help_text=gettext_lazy("First day."))
    end = models.DateField(help_text=gettext_lazy("Last day."))
    label = models.CharField(max_length=WINDOW_LABEL_CHARS, blank=True, help_text=gettext_lazy("For example the year."))
    event_start = models.DateField(null=True, blank=True, help_text=gettext_lazy("First day of the event itself."))
    event_end = models.DateField(null=True, blank=True, help_text=gettext_lazy("Last day of the event itself."))

    class Meta:
        ordering = ["start", "end", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(start__lte=F("end")),
                name="taxonomy_window_starts_before_it_ends",
                violation_error_message=gettext_lazy("A window ends on or after the day it starts."),
            ),
            models.CheckConstraint(
                condition=Q(event_start__isnull=True) | Q(event_end__isnull=True) | Q(event_start__lte=F("event_end")),
                name="taxonomy_event_starts_before_it_ends",
                violation_error_message=gettext_lazy("An event ends on or after the day it starts."),
            ),
        ]

    def __str__(self) -> str:
        return self.label or f"{self.start} to {self.end}"


class ExternalId(models.Model):
    """What another system calls a term."""

    term = ParentalKey("taxonomy.Term", on_delete=models.CASCADE, related_name="external_ids")
    system = models.CharField(max_length=SYSTEM_CHARS, help_text=gettext_lazy("For example braze, crm or source."))
    identifier = models.CharField(max_length=IDENTIFIER_CHARS)

    class Meta:
        ordering = ["system", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["system", "identifier"],
                name="taxonomy_external_id_names_one_term",
                violation_error_message=gettext_lazy("Another term has this identifier already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.system}: {self.identifier}"
