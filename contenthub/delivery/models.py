"""The published store: what the world may read, and nothing else.

What answers now and later can be made again from ``PublishedItem`` and the content (``rebuild_published``); documents
that are served no more and the past rows cannot.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from django.db import models
from wagtail.models import Locale

from channels.models import Channel
from taxonomy.models import Term

from .consumers.models import Consumer, ConsumerKey, ConsumersVersion  # noqa: F401 - found by Django here

FOREVER = datetime(9999, 12, 31, tzinfo=UTC)


def _by_time(*first: str, name: str, last: Sequence[str] = ()) -> models.Index:
    """Return an index that is read newest first; ``last`` is only carried along."""
    return _by_code_point([*first, "-published_at", "key", *last], name)


def _ranked(*first: str, name: str, last: Sequence[str] = ()) -> models.Index:
    """Return an index that is read in the order of rank: by priority, newest first, by key; ``last`` as above."""
    return _by_code_point([*first, "-priority", "-published_at", "key", *last], name)


def _by_code_point(fields: list[str], name: str) -> models.Index:
    """Return an index whose keys compare by code points.

    So they do on SQLite, which has no collation "C" and takes no operator classes.
    """
    return models.Index(fields=fields, name=name, opclasses=['COLLATE "C"' if each == "key" else "" for each in fields])


class PublishedItem(models.Model):
    """An item that was published at least once: its frozen facts, and the row that writers lock."""

    key = models.CharField(max_length=255, unique=True)
    export_key = models.CharField(max_length=255, unique=True)
    facts = models.JSONField(null=True)
    facts_since = models.DateTimeField(null=True)
    source_digest = models.CharField(max_length=64, blank=True, help_text="The source's text as last published.")
    targetings = models.JSONField(
        default=dict, blank=True, help_text="Whom its variants are for, frozen as the facts are: by code, with 'since'."
    )

    def __str__(self) -> str:
        return self.key


class FactTerm(models.Model):
    """That the frozen facts of an item, or of a variant of it, name a term, under the code it had then."""

    item = models.ForeignKey(PublishedItem, on_delete=models.CASCADE, related_name="fact_terms")
    term = models.ForeignKey(Term, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "term"], name="fact_term_once")]

    def __str__(self) -> str:
        return f"{self.item_id} under {self.term_id}"


class Document(models.Model):
    """The finished content of one item in one locale, exactly as it was served. Append-only.

    ``head`` and ``body`` are JSON texts; their form is described in ``delivery/documents.py``. ``variant`` is the
    code of the variant whose overrides it holds, empty for the base.
    """

    item = models.ForeignKey(PublishedItem, on_delete=models.CASCADE, related_name="documents")
    locale_code = models.CharField(max_length=35)
    variant = models.CharField(max_length=100, blank=True, default="", db_default="")
    version = models.CharField(max_length=40, unique=True)
    head = models.TextField()
    body = models.TextField()
    served_from = models.DateTimeField()
    served_until = models.DateTimeField(null=True, db_index=True)

    def __str__(self) -> str:
        return f"{self.item_id} {self.locale_code} {self.version}"


class IndexRow(models.Model):
    """Which document a request for a locale is answered with, from one instant until another.

    ``locale`` is the locale asked for; where it has no text of its own, the document is that of a locale
    further down its chain. The intervals of one item and locale never overlap.
    """

    item = models.ForeignKey(PublishedItem, on_delete=models.CASCADE, related_name="index_rows")
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="index_rows")
    locale = models.ForeignKey(Locale, on_delete=models.CASCADE, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(default=FOREVER)
    is_fallback = models.BooleanField()
    is_stale = models.BooleanField()
    has_channels = models.BooleanField(help_text="False: meant for every channel.")
    has_segments = models.BooleanField(default=False, help_text="False: for everybody.")
    has_markets = models.BooleanField(default=False, help_text="False: for everywhere.")
    has_variants = models.BooleanField(default=False, help_text="Whether its text has variants, on air or to come.")
    key = models.CharField(max_length=255)
    type = models.CharField(max_length=100)
    slug = models.CharField(max_length=255, blank=True)
    priority = models.IntegerField(default=0, db_default=0)
    published_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        indexes = [
            _by_time("locale", name="index_row_newest"),
            _by_code_point(["locale", "-updated_at", "key"], "index_row_changed"),
            _by_code_point(["locale", "key"], "index_row_keys"),
            models.Index(fields=["locale", "key"], name="index_row_key"),
            models.Index(fields=["locale", "slug"], name="index_row_slug"),
            _ranked("locale", name="index_row_ranked"),
            models.Index(fields=["starts_at"], name="index_row_starts"),
            models.Index(fields=["ends_at"], name="index_row_ends"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(starts_at__lt=models.F("ends_at")), name="index_row_interval"),
            models.UniqueConstraint(fields=["item", "locale", "starts_at"], name="index_row_start"),
        ]

    def __str__(self) -> str:
        return f"{self.key} in locale {self.locale_id} from {self.starts_at:%Y-%m-%d %H:%M}"


class TermRow(models.Model):
    """That an index row is under a term: its own, or an ancestor of its own.

    ``steps`` is how far the term stands above the nearest of the row's own, 0 for these themselves. Locale, interval
    and what decisions are ranked by repeat the row's, so that a term's rows can be read in the order of their rank.
    """

    # Of a row's terms the index of the constraint is asked: beside one by row alone PostgreSQL would not look into it.
    row = models.ForeignKey(IndexRow, on_delete=models.CASCADE, related_name="term_rows", db_index=False)
    term = models.ForeignKey(Term, on_delete=models.CASCADE, related_name="+", db_index=False)
    facet_id = models.BigIntegerField()
    is_own = models.BooleanField()
    steps = models.PositiveSmallIntegerField(default=0, db_default=0)
    locale_id = models.BigIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    priority = models.IntegerField(default=0, db_default=0)
    published_at = models.DateTimeField(null=True)
    key = models.CharField(max_length=255, default="", db_default="")

    class Meta:
        indexes = [
            _by_time("term", "locale_id", name="term_row_newest", last=["row"]),
            models.Index(fields=["locale_id", "facet_id", "term", "starts_at", "ends_at"], name="term_row_counts"),
            _ranked("term", "locale_id", "steps", name="term_row_ranked", last=["row"]),
        ]
        constraints = [models.UniqueConstraint(fields=["row", "term"], name="term_row_once")]

    def __str__(self) -> str:
        return f"row {self.row_id} under term {self.term_id}"


class ChannelRow(models.Model):
    """That an index row is meant for a channel."""

    row = models.ForeignKey(IndexRow, on_delete=models.CASCADE, related_name="channel_rows", db_index=False)
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["row", "channel"], name="channel_row_once")]

    def __str__(self) -> str:
        return f"row {self.row_id} for channel {self.channel_id}"


class VariantRow(models.Model):
    """A variant of an item's text in one locale, for whom it is, and from which instant until which it is on air.

    ``targeting`` is a JSON object with the attributes of ``delivery/targeting.py``; what lists are narrowed by stands
    in columns as well.
    """

    item = models.ForeignKey(PublishedItem, on_delete=models.CASCADE, related_name="variant_rows")
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="variant_rows")
    locale_code = models.CharField(max_length=35)
    code = models.CharField(max_length=100)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(default=FOREVER)
    updated_at = models.DateTimeField()
    targeting = models.TextField()
    has_segments = models.BooleanField()
    has_markets = models.BooleanField()
    has_channels = models.BooleanField()
    experiment = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(starts_at__lt=models.F("ends_at")), name="variant_row_interval"),
            models.UniqueConstraint(fields=["item", "locale_code", "code", "starts_at"], name="variant_row_start"),
        ]

    def __str__(self) -> str:
        return f"{self.code} in {self.locale_code} from {self.starts_at:%Y-%m-%d %H:%M}"


class VariantTermRow(models.Model):
    """That a variant is for a segment or a market."""

    row = models.ForeignKey(VariantRow, on_delete=models.CASCADE, related_name="term_rows", db_index=False)
    term = models.ForeignKey(Term, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["row", "term"], name="variant_term_row_once")]

    def __str__(self) -> str:
        return f"variant row {self.row_id} for term {self.term_id}"


class SearchText(models.Model):
    """The folded text of a document that is in the index; the words lie in the database's own full-text index."""

    document = models.OneToOneField(Document, on_delete=models.CASCADE, primary_key=True, related_name="search_text")
    headline = models.TextField()
    summary = models.TextField()
    rest = models.TextField()

    def __str__(self) -> str:
        return self.headline


class PastRow(models.Model):
    """An index row that went after it had answered: which document answered for a locale, from when until when."""

    item = models.ForeignKey(PublishedItem, on_delete=models.CASCADE, related_name="past_rows")
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="past_rows")
    locale = models.ForeignKey(Locale, on_delete=models.CASCADE, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(db_index=True)
    is_fallback = models.BooleanField()
    is_stale = models.BooleanField()

    class Meta:
        indexes = [models.Index(fields=["item", "ends_at"], name="past_row_item")]

    def __str__(self) -> str:
        return f"{self.document_id} until {self.ends_at:%Y-%m-%d %H:%M}"


class PastVariantRow(models.Model):
    """A variant row that went after it had answered, with whom it was for."""

    item = models.ForeignKey(PublishedItem, on_delete=models.CASCADE, related_name="past_variant_rows")
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="past_variant_rows")
    locale_code = models.CharField(max_length=35)
    code = models.CharField(max_length=100)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(db_index=True)
    updated_at = models.DateTimeField()
    targeting = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["item", "ends_at"], name="past_variant_row_item")]

    def __str__(self) -> str:
        return f"{self.code} in {self.locale_code} until {self.ends_at:%Y-%m-%d %H:%M}"


class PastSlug(models.Model):
    """That an item has, had or will have a slug in its own locale since an instant; the latest owner is meant."""

    item = models.ForeignKey(PublishedItem, on_delete=models.CASCADE, related_name="past_slugs")
    locale = models.ForeignKey(Locale, on_delete=models.CASCADE, related_name="+")
    slug = models.CharField(max_length=255)
    since = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["locale", "slug", "-since"], name="past_slug_latest")]
        constraints = [models.UniqueConstraint(fields=["item", "locale", "slug", "since"], name="past_slug_once")]

    def __str__(self) -> str:
        return self.slug


class PublishedExperiment(models.Model):
    """An experiment as it runs from one instant until another; a ramp that grows ends one row and begins the next."""

    code = models.CharField(max_length=100)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(default=FOREVER)
    definition = models.JSONField(help_text="The attributes of an Experiment of delivery/allocation.py.")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(starts_at__lt=models.F("ends_at")), name="experiment_interval"),
            models.UniqueConstraint(fields=["code", "starts_at"], name="experiment_start"),
        ]

    def __str__(self) -> str:
        return f"{self.code} from {self.starts_at:%Y-%m-%d %H:%M}"


class Edition(models.Model):
    """That items were written, under the tags of what the writing touched (see delivery/editions.py)."""

    tags = models.JSONField()
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.pk} of {self.at:%Y-%m-%d %H:%M}"
