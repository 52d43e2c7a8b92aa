"""What SKOS has beside concepts: groups of terms, and the vocabulary that a facet was imported from."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from taxonomy.codes import URI_CHARS, validate_uri


class TermCollection(models.Model):
    """A named group of terms and of other groups (SKOS 9). It is no term: nothing is tagged with it."""

    facet = models.ForeignKey("taxonomy.Facet", on_delete=models.CASCADE, related_name="collections")
    uri = models.CharField(_("URI"), max_length=URI_CHARS, validators=[validate_uri])
    names = models.JSONField(default=dict, blank=True, help_text=_("What it is called, by language tag."))
    is_ordered = models.BooleanField(default=False, help_text=_("Whether the order of its members means something."))

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["facet", "uri"], name="taxonomy_collection_once")]

    def __str__(self) -> str:
        return self.names.get("en") or next(iter(self.names.values()), self.uri)


class CollectionMember(models.Model):
    """A term or a further collection in a collection."""

    collection = models.ForeignKey(TermCollection, on_delete=models.CASCADE, related_name="members")
    position = models.PositiveIntegerField()
    term = models.ForeignKey(
        "taxonomy.Term", null=True, blank=True, on_delete=models.CASCADE, related_name="memberships"
    )
    inner = models.ForeignKey(
        TermCollection, null=True, blank=True, on_delete=models.CASCADE, related_name="memberships"
    )

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(term__isnull=True) ^ Q(inner__isnull=True), name="taxonomy_member_is_one_thing"
            )
        ]

    def __str__(self) -> str:
        return f"{self.position} in {self.collection_id}"


class Vocabulary(models.Model):
    """What was last imported into a facet from one source, whole: the base of the next import and of every export."""

    facet = models.ForeignKey("taxonomy.Facet", on_delete=models.CASCADE, related_name="vocabularies")
    uri = models.CharField(
        _("URI"), max_length=URI_CHARS, blank=True, help_text=_("The concept scheme; empty if it has none.")
    )
    graph = models.BinaryField(help_text=_("N-Triples, compressed with gzip."))
    file_name = models.CharField(max_length=255, blank=True)
    imported_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = _("vocabularies")
        constraints = [models.UniqueConstraint(fields=["facet", "uri"], name="taxonomy_vocabulary_once")]

    def __str__(self) -> str:
        return self.uri or self.file_name
