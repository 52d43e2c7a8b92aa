"""Facets and their terms: one concept, many names, any number of parents, a code that answers for ever."""

from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import ProtectedError
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from locales.fields import NamesField
from locales.tags import MalformedTag, canonical_tag
from taxonomy.codes import (
    CODE_CHARS,
    FACET_CODE_CHARS,
    URI_CHARS,
    AttributeKind,
    TermStatus,
    validate_attribute_name,
    validate_facet_code,
    validate_term_code,
    validate_uri,
)
from taxonomy.dependants import TermChange, TermsChanged, get_dependants
from taxonomy.hierarchy import check_parents
from taxonomy.journal import ChangePlan, PlanRemark, PlanState, TermsJournal
from taxonomy.querysets import FacetQuerySet, TermPathQuerySet, TermQuerySet
from taxonomy.termdescriptions import (
    ExternalId,
    TermLabel,
    TermMapping,
    TermNotation,
    TermNote,
    TermWindow,
    refuse_script,
)
from taxonomy.uploads import PendingImport  # noqa: F401  found here by Django
from taxonomy.versions import next_version
from taxonomy.vocabularies import CollectionMember, TermCollection, Vocabulary  # noqa: F401  found here by Django

__all__ = [
    "ChangePlan",
    "ExternalId",
    "Facet",
    "FurtherParent",
    "PlanRemark",
    "PlanState",
    "Term",
    "TermLabel",
    "TermMapping",
    "TermNotation",
    "TermNote",
    "TermPath",
    "TermWindow",
    "TermsJournal",
]


class Facet(ClusterableModel):
    """A controlled vocabulary (SKOS concept scheme)."""

    code = models.CharField(
        max_length=FACET_CODE_CHARS,
        unique=True,
        validators=[validate_facet_code],
        help_text=gettext_lazy("Stable public identifier, for example journey. It cannot be changed later."),
    )
    names = models.JSONField(
        default=dict,
        blank=True,
        help_text=gettext_lazy("What the facet is called, by language tag, for example en, ja."),
    )
    uri = models.CharField(gettext_lazy("URI"), max_length=URI_CHARS, blank=True, validators=[validate_uri])
    position = models.PositiveIntegerField(default=100, help_text=gettext_lazy("Order among the facets."))
    is_builtin = models.BooleanField(default=False, editable=False)
    attributes = models.JSONField(default=dict, blank=True, editable=False)
    version = models.BigIntegerField(default=1, editable=False)

    objects = FacetQuerySet.as_manager()

    class Meta:
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.names.get("en") or next(iter(self.names.values()), self.code)

    @transaction.atomic
    def save(self, **kwargs: Any) -> None:
        super().save(**kwargs)
        self.raise_version()

    def delete(self, **kwargs: Any) -> tuple[int, dict[str, int]]:
        if self.is_builtin:
            raise ProtectedError(
                _("The hub needs the facet %(code)s: it cannot be deleted.") % {"code": self.code}, {self}
            )
        return super().delete(**kwargs)

    @classmethod
    def from_db(cls, db: str, field_names: list[str], values: list[Any]) -> Self:
        facet = super().from_db(db, field_names, values)
        facet._stored_code = facet.__dict__.get("code")
        return facet

    def clean(self) -> None:
        _refuse_other_code(self)
        refuse_script(self.uri)
        self.names = _canonical_names(self.names)

    def lock(self) -> None:
        """Let no one else change this facet or its terms until the transaction ends."""
        self.version = Facet.objects.select_for_update().values_list("version", flat=True).get(pk=self.pk)

    def raise_version(self) -> None:
        """Tell every process that the facet or its terms changed."""
        self.version = next_version(self.version)
        Facet.objects.filter(pk=self.pk).update(version=self.version)

    def announce(self, term_ids: set[int], kind: TermChange) -> None:
        """Tell dependants what happened to terms of this facet, in the transaction it happened in."""
        if term_ids:
            rows = self.terms.values_list("pk", "code")
            codes = frozenset(code for pk, code in rows if pk in term_ids)
            get_dependants().apply(TermsChanged(self.code, codes, kind))


class FacetAttribute(Orderable):
    """A further fact that the terms of a facet have, for the systems that read the hub."""

    facet = ParentalKey(Facet, on_delete=models.CASCADE, related_name="attribute_definitions")
    name = models.CharField(
        max_length=100,
        validators=[validate_attribute_name],
        help_text=gettext_lazy("As the API calls it, for example brandColour."),
    )
    labels = NamesField(verbose_name=gettext_lazy("names"), blank=True, help_text=gettext_lazy("What editors call it."))
    kind = models.CharField(max_length=10, choices=AttributeKind.choices, default=AttributeKind.TEXT)
    is_required = models.BooleanField(
        gettext_lazy("required"), default=False, help_text=gettext_lazy("Every term in use has a value.")
    )
    choices = models.TextField(
        blank=True, help_text=gettext_lazy("Where it is one of several: the values, one a line.")
    )

    class Meta(Orderable.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["facet", "name"],
                name="taxonomy_attribute_once",
                violation_error_message=gettext_lazy("The facet has an attribute of this name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.kind == AttributeKind.CHOICE and not self.values_offered:
            raise ValidationError({"choices": _("Give the values to choose from, one a line.")})

    @property
    def label(self) -> str:
        return self.labels.get(get_language() or "en") or self.labels.get("en") or self.name

    @property
    def values_offered(self) -> list[str]:
        return [line.strip() for line in self.choices.splitlines() if line.strip()]


class Term(ClusterableModel):
    """One concept of a facet (SKOS concept)."""

    facet = models.ForeignKey(Facet, on_delete=models.PROTECT, related_name="terms")
    code = models.CharField(
        max_length=CODE_CHARS,
        unique=True,
        validators=[validate_term_code],
        help_text=gettext_lazy(
            "The facet's code, a colon and a key, for example journey:consider-compare. It is "
            "stable and public and cannot be changed later."
        ),
    )
    uri = models.CharField(
        gettext_lazy("URI"),
        max_length=URI_CHARS,
        blank=True,
        validators=[validate_uri],
        help_text=gettext_lazy("Identifier on the web."),
    )
    parent = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="primary_children",
        help_text=gettext_lazy("The term directly above, which decides depth and order; empty for a root."),
    )
    position = models.PositiveIntegerField(
        default=0, help_text=gettext_lazy("Order among the terms of the same parent.")
    )
    status = models.CharField(max_length=10, choices=TermStatus.choices, default=TermStatus.CURRENT, editable=False)
    replaced_by = models.ManyToManyField("self", symmetrical=False, blank=True, related_name="replaces", editable=False)
    related = models.ManyToManyField(
        "self", blank=True, help_text=gettext_lazy("Terms worth looking at too, neither above nor below this one.")
    )
    attributes = models.JSONField(
        default=dict,
        blank=True,
        help_text=gettext_lazy("Further facts for the systems that read the hub, as a JSON object."),
    )
    extra = models.JSONField(default=dict, blank=True, editable=False)

    objects = TermQuerySet.as_manager()

    class Meta:
        ordering = ["facet", "position", "code"]
        indexes = [models.Index(fields=["facet", "status"], name="taxonomy_term_facet_status")]

    def __str__(self) -> str:
        return self.code

    @transaction.atomic
    def save(self, **kwargs: Any) -> None:
        """Save the term and its rows, bring the closure in step and tell dependants what changed.

        Raises:
            CyclicHierarchy: the parents lead back to the term (nothing is saved).
        """
        self.facet.lock()
        before = Term.objects.filter(pk=self.pk).values_list("status", "parent_id").first() if self.pk else None
        super().save(**kwargs)
        changed = TermPath.objects.refresh([self.pk])
        self.facet.raise_version()
        if before is None:
            return
        status, parent_id = before
        if parent_id != self.parent_id:
            changed |= set(self.below.values_list("descendant_id", flat=True))
        self.facet.announce(changed, TermChange.MOVED)
        if status != self.status:
            self.facet.announce({self.pk}, self._turn())

    def delete(self, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise ProtectedError(
            _("%(code)s cannot be deleted, only retired: codes answer for ever.") % {"code": self.code}, {self}
        )

    @classmethod
    def from_db(cls, db: str, field_names: list[str], values: list[Any]) -> Self:
        term = super().from_db(db, field_names, values)
        term._stored_code = term.__dict__.get("code")
        return term

    def clean(self) -> None:
        """Refuse a changed or foreign code and parents of another facet, retired, or below the term itself."""
        _refuse_other_code(self)
        refuse_script(self.uri)
        if self.facet_id and not self.code.startswith(f"{self.facet.code}:"):
            raise ValidationError(
                {"code": _("A term of this facet begins with %(code)s:.") % {"code": self.facet.code}}
            )
        if not isinstance(self.attributes, dict):
            raise ValidationError({"attributes": _("Attributes are a JSON object.")})
        check_parents(self, self.parent, [row.parent for row in self.further_parents.all()])

    @property
    def is_retired(self) -> bool:
        return self.status == TermStatus.RETIRED

    def _turn(self) -> TermChange:
        if not self.is_retired:
            return TermChange.RESTORED
        return TermChange.MERGED if self.replaced_by.exists() else TermChange.RETIRED


class FurtherParent(models.Model):
    """A parent beside the primary one: the term stands below both."""

    term = ParentalKey(Term, on_delete=models.CASCADE, related_name="further_parents")
    parent = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="further_children")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["term", "parent"], name="taxonomy_further_parent_once"),
        ]

    def __str__(self) -> str:
        return f"{self.term_id} below {self.parent_id}"


class TermPath(models.Model):
    """One line of the closure: ``ancestor`` stands ``distance`` steps above ``descendant`` (0: itself)."""

    ancestor = models.ForeignKey(Term, on_delete=models.CASCADE, related_name="below")
    descendant = models.ForeignKey(Term, on_delete=models.CASCADE, related_name="above", db_index=False)
    distance = models.PositiveIntegerField()

    objects = TermPathQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["descendant", "ancestor"], name="taxonomy_path_once"),
        ]

    def __str__(self) -> str:
        return f"{self.ancestor_id} {self.distance} above {self.descendant_id}"


def _refuse_other_code(row: Facet | Term) -> None:
    stored = getattr(row, "_stored_code", None)
    if stored is not None and stored != row.code:
        raise ValidationError({"code": _("The code %(stored)s is public and cannot be changed.") % {"stored": stored}})


def _canonical_names(names: Any) -> dict[str, str]:
    """Return names by canonical tag.

    Raises:
        ValidationError: not a name by language tag.
    """
    if not isinstance(names, dict) or not all(isinstance(name, str) and name for name in names.values()):
        raise ValidationError({"names": _("Names are one text for each language tag.")})
    try:
        return {canonical_tag(tag): name for tag, name in names.items()}
    except MalformedTag as error:
        raise ValidationError({"names": str(error)}) from error
