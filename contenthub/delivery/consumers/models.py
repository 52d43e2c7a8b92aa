"""Consumers, their keys, and the number by which every process sees that one of them changed."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels.personaltokens import Syntax

from .codes import Kind, Right


class ConsumersVersion(models.Model):
    """One row, counted up with every change of a consumer or a key."""

    number = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.number)

    @classmethod
    def bump(cls) -> None:
        """Let every process read the consumers anew, once the transaction ends."""
        if not cls.objects.filter(pk=1).update(number=F("number") + 1):
            cls.objects.get_or_create(pk=1, defaults={"number": 1})


class Consumer(models.Model):
    """A caller of the API. An empty list of codes restricts nothing."""

    name = models.CharField(
        max_length=100, unique=True, help_text=gettext_lazy("Who reads, for example Braze or the shop's app.")
    )
    kind = models.CharField(
        max_length=20,
        choices=Kind.choices,
        default=Kind.SERVER,
        help_text=gettext_lazy(
            "A publishable connection runs persisted operations only, and is counted per client address."
        ),
    )
    is_active = models.BooleanField(
        gettext_lazy("active"), default=True, help_text=gettext_lazy("None of its keys opens while this is off.")
    )
    channels = models.JSONField(
        default=list,
        blank=True,
        help_text=gettext_lazy("Sees only what is meant for these channels and those below. None: all."),
    )
    locales = models.JSONField(
        default=list,
        blank=True,
        help_text=gettext_lazy("May ask for these languages; the first is its default. None: all."),
    )
    item_types = models.JSONField(
        gettext_lazy("types"), default=list, blank=True, help_text=gettext_lazy("Sees items of these types. None: all.")
    )
    facets = models.JSONField(
        default=list, blank=True, help_text=gettext_lazy("Sees terms of these facets. None: all.")
    )
    operations = models.JSONField(
        default=list,
        blank=True,
        help_text=gettext_lazy("May run these persisted operations. None: all of them, and queries of its own."),
    )
    persisted_only = models.BooleanField(
        default=False, help_text=gettext_lazy("Runs persisted operations only, no queries of its own.")
    )
    rights = models.JSONField(default=list, blank=True)
    key_in_address = models.BooleanField(
        default=False,
        help_text=gettext_lazy(
            "For tools that cannot send headers: the key may stand in the address of the operations chosen."
        ),
    )
    allowed_origins = models.JSONField(
        default=list,
        blank=True,
        help_text=gettext_lazy(
            "Pages that may call from a browser, one origin a line: https://shop.example. None: no page may."
        ),
    )
    requests_per_minute = models.PositiveIntegerField(
        default=1_200,
        validators=[MinValueValidator(1), MaxValueValidator(1_000_000)],
        help_text=gettext_lazy("For publishable connections: of one client address."),
    )
    most_at_once = models.PositiveIntegerField(
        gettext_lazy("requests at once"),
        default=16,
        validators=[MinValueValidator(1), MaxValueValidator(1_000)],
        help_text=gettext_lazy("In one process of the hub."),
    )
    cache_seconds = models.PositiveIntegerField(
        default=60,
        validators=[MaxValueValidator(86_400)],
        help_text=gettext_lazy(
            "How long an answer may be kept; never beyond the next scheduled change. 0: never without asking."
        ),
    )
    token_syntax = models.CharField(
        gettext_lazy("personal tokens"),
        max_length=20,
        choices=Syntax.choices,
        blank=True,
        default=Syntax.NEUTRAL,
        help_text=gettext_lazy("How personal tokens such as {{first_name}} stand in what this connection is given."),
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = gettext_lazy("connection")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        super().save(*args, **kwargs)
        ConsumersVersion.bump()

    def clean(self) -> None:
        """Refuse what would open more than was meant."""
        if unknown := sorted(set(self.rights) - set(Right.values)):
            raise ValidationError(
                {
                    "rights": _("'%(unknown)s' is no right: use %(values)s.")
                    % {"unknown": unknown[0], "values": ", ".join(Right.values)}
                }
            )
        if self.key_in_address and not self.operations:
            message = "A key in an address ends up in logs: choose the operations that it may open."
            raise ValidationError({"key_in_address": message})
        if Right.DRAFTS in self.rights and self.kind == Kind.PUBLISHABLE:
            raise ValidationError({"rights": _("Anybody can read a publishable key: it cannot see work in progress.")})

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        done = super().delete(*args, **kwargs)
        ConsumersVersion.bump()
        return done

    @property
    def runs_persisted_only(self) -> bool:
        return self.persisted_only or self.key_in_address or bool(self.operations) or self.kind == Kind.PUBLISHABLE


class TermUse(models.Model):
    """That a consumer asked for a term, in a filter or a context, and when last; coarse."""

    consumer = models.ForeignKey(Consumer, on_delete=models.CASCADE, related_name="+")
    term = models.ForeignKey("taxonomy.Term", on_delete=models.CASCADE, related_name="+")
    last_asked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["consumer", "term"], name="term_use_once")]

    def __str__(self) -> str:
        return f"{self.consumer} asked for {self.term}"


class ConsumerKeyQuerySet(models.QuerySet):
    """Keys by what they open."""

    def live(self, now: datetime | None = None) -> "ConsumerKeyQuerySet":
        """Return the keys that are neither revoked nor expired."""
        now = now or timezone.now()
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=now), revoked_at=None)


class ConsumerKey(models.Model):
    """One key of a consumer: what is stored of it."""

    consumer = models.ForeignKey(Consumer, on_delete=models.CASCADE, related_name="keys")
    prefix = models.CharField(max_length=20, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    objects = ConsumerKeyQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return f"{self.prefix}…"

    @property
    def state(self) -> str:
        """Return live, expired or revoked."""
        if self.revoked_at:
            return "revoked"
        return "expired" if self.expires_at and self.expires_at <= timezone.now() else "live"
