"""Channels: the outlets that content goes to, as a small tree of profiles; and the personal tokens of their texts."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from channels import personaltokens
from channels.codes import CODE_PATTERN, NAME_PATTERN, Measure, Need, Severity, Shape
from channels.personaltokens import UNSAFE_IN_DEFAULTS, Syntax, TokenEntry
from channels.sources import HELP as SOURCE_HELP
from channels.sources import UnreadableSource, parse_source, refuse_unfit
from locales.tags import MalformedTag, canonical_tag

HOSTS_PATTERN = r"^[A-Za-z0-9.-]+( +[A-Za-z0-9.-]+)*$"
DEEP_LINK_PATTERN = r"^[a-z][a-z0-9+.-]*:\S*\{key\}\S*$"
NO_SUCH_FIELD = gettext_lazy("The channel has no field '%(field)s'.")
RATIO_PATTERN = r"^[1-9]\d{0,4}:[1-9]\d{0,4}$"


def validate_labels(labels: dict[str, str]) -> None:
    """Refuse labels that are not a mapping of canonical language tags to names."""
    if not isinstance(labels, dict) or not labels:
        raise ValidationError(_("A channel needs a name in at least one language."))
    for tag, name in labels.items():
        if _canonical(tag) != tag:
            raise ValidationError(_("'%(tag)s' is no canonical language tag such as en, ja or pt-BR.") % {"tag": tag})
        if not isinstance(name, str) or not name.strip():
            raise ValidationError(_("The name in '%(tag)s' is empty.") % {"tag": tag})


class Channel(ClusterableModel):
    """An outlet with a profile of constraints. What a channel leaves open it takes from its parent."""

    code = models.CharField(
        max_length=100,
        unique=True,
        validators=[RegexValidator(CODE_PATTERN, gettext_lazy("Write a code like channel:web-page."))],
        help_text=gettext_lazy("Stable public identifier such as channel:web-page. It cannot be changed later."),
    )
    labels = models.JSONField(
        default=dict,
        validators=[validate_labels],
        help_text=gettext_lazy("What the channel is called, language by language."),
    )
    parent = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
        help_text=gettext_lazy("The wider channel that this one belongs to."),
    )
    kind = models.CharField(
        max_length=50,
        validators=[RegexValidator(NAME_PATTERN, gettext_lazy("Write a kind like web, email or mobile."))],
        help_text=gettext_lazy("What sort of outlet it is, such as web, email, mobile, social, store or voice."),
    )
    position = models.PositiveIntegerField(default=0, help_text=gettext_lazy("Place among the channels of one parent."))
    allowed_hosts = models.CharField(
        max_length=500,
        blank=True,
        validators=[
            RegexValidator(
                HOSTS_PATTERN, gettext_lazy("Write host names parted by spaces: example.org shop.example.org.")
            )
        ],
        help_text=gettext_lazy(
            "Hosts that links may lead to, parted by spaces; hosts below them are allowed too. Empty: any."
        ),
    )
    deep_link = models.CharField(
        max_length=200,
        blank=True,
        validators=[
            RegexValidator(
                DEEP_LINK_PATTERN, gettext_lazy("Write an address with {key} in it: norrlicht://item/{key}.")
            )
        ],
        help_text=gettext_lazy(
            "Where links to items lead in an app: an address with {key}, for example norrlicht://item/{key}."
        ),
    )
    utm_source = models.CharField(
        max_length=50,
        blank=True,
        help_text=gettext_lazy("utm_source that links on the web get, for example newsletter."),
    )
    utm_medium = models.CharField(
        max_length=50,
        blank=True,
        help_text=gettext_lazy(
            "utm_medium that links on the web get, for example email. The primary campaign is utm_campaign."
        ),
    )
    attributes = models.JSONField(
        default=dict, blank=True, help_text=gettext_lazy("What a loaded file says beyond the profile, kept as it came.")
    )
    is_retired = models.BooleanField(
        gettext_lazy("retired"),
        default=False,
        help_text=gettext_lazy("No longer offered to editors; its code goes on to answer."),
    )

    class Meta:
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("id")), name="channels_parent_is_another_channel"
            ),
        ]

    def __str__(self) -> str:
        return self.labels.get("en") or (self.labels[min(self.labels)] if self.labels else self.code)

    def clean(self) -> None:
        if circle := self._circle():
            raise ValidationError(
                {"parent": _("This would go round in a circle: %(circle)s.") % {"circle": " → ".join(circle)}}
            )

    def _circle(self) -> list[str]:
        """Return the codes on the way up from this channel back to itself, or an empty list."""
        above = {pk: (code, parent) for pk, code, parent in Channel.objects.values_list("pk", "code", "parent")}
        way, pk = [self.code], self.parent_id
        while pk and pk != self.pk and len(way) <= len(above):
            code, pk = above[pk]
            way.append(code)
        return [*way, self.code] if pk and pk == self.pk else []


class ChannelField(Orderable):
    """One field of a channel: what feeds it, and its shape. A field of the parent with the same name is replaced."""

    channel = ParentalKey(Channel, on_delete=models.CASCADE, related_name="fields")
    name = models.CharField(
        max_length=50,
        validators=[RegexValidator(NAME_PATTERN, gettext_lazy("Write a field name like title or body."))],
        help_text=gettext_lazy("What the channel calls it, such as title, body or subject."),
    )
    source = models.CharField(max_length=300, blank=True, help_text=SOURCE_HELP)
    shape = models.CharField(max_length=20, choices=Shape.choices, default=Shape.PLAIN)
    need = models.CharField(max_length=20, choices=Need.choices, default=Need.OPTIONAL)
    ratio = models.CharField(
        max_length=11,
        blank=True,
        validators=[RegexValidator(RATIO_PATTERN, gettext_lazy("Write a ratio like 16:9."))],
        help_text=gettext_lazy("Pictures only: width to height, for example 16:9. Empty: any."),
    )
    minimum_width = models.PositiveIntegerField(
        default=0, help_text=gettext_lazy("Pictures only: least width in pixels.")
    )

    class Meta(Orderable.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "name"],
                name="channels_field_once",
                violation_error_message=gettext_lazy("The channel has a field of this name already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        try:
            refuse_unfit(parse_source(self.source), self.shape)
        except UnreadableSource as error:
            raise ValidationError({"source": str(error)}) from error


class Limit(models.Model):
    """How much of one field a channel takes, everywhere or in one of its placements."""

    channel = ParentalKey(Channel, on_delete=models.CASCADE, related_name="limits")
    field = models.CharField(
        max_length=50,
        validators=[RegexValidator(NAME_PATTERN, gettext_lazy("Write a field name like title or body."))],
        help_text=gettext_lazy("Field of the channel that is measured, such as title or body."),
    )
    measure = models.CharField(max_length=20, choices=Measure.choices, default=Measure.CHARACTERS)
    maximum = models.PositiveIntegerField(
        validators=[MinValueValidator(1)], help_text=gettext_lazy("The most that fits.")
    )
    placement = models.CharField(
        max_length=50,
        blank=True,
        validators=[RegexValidator(NAME_PATTERN, gettext_lazy("Write a placement like hero or sidebar."))],
        help_text=gettext_lazy(
            "A named slot of the channel, such as hero, where this holds instead. Empty: everywhere."
        ),
    )
    severity = models.CharField(max_length=10, choices=Severity.choices, default=Severity.ERROR)

    class Meta:
        ordering = ["field", "measure", "placement"]
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "field", "measure", "placement"], name="channels_one_limit_per_field"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field}: {self.maximum:,} {self.get_measure_display()}"


def validate_names(names: dict[str, str]) -> None:
    """Refuse names of a token in tools that are unknown, or that would not be read as a name."""
    if not isinstance(names, dict):
        raise ValidationError(_("Write what each tool calls the token."))
    for syntax, name in names.items():
        if syntax not in Syntax.values or not syntax:
            raise ValidationError(
                _("'%(syntax)s' is none of %(values)s.")
                % {"syntax": syntax, "values": ", ".join(filter(None, Syntax.values))}
            )
        if not isinstance(name, str) or not re.fullmatch(personaltokens.NAME_PATTERN, name):
            raise ValidationError(
                _("'%(name)s' is no name of an attribute, such as first_name or profile.first_name.") % {"name": name}
            )


def validate_default(text: str) -> None:
    """Refuse what would end the quotation marks or the tag that a default stands in, in templates of other tools."""
    if unsafe := sorted(UNSAFE_IN_DEFAULTS & set(text)):
        raise ValidationError(
            _("A default goes into templates of other tools: leave out %(unsafe)s.")
            % {"unsafe": " ".join(map(repr, unsafe))}
        )


class PersonalToken(models.Model):
    """A place in texts that whoever sends them fills in for each customer: ``{{first_name}}``."""

    code = models.CharField(
        max_length=50,
        unique=True,
        validators=[RegexValidator(personaltokens.CODE_PATTERN, gettext_lazy("Write a code like first_name."))],
        help_text=gettext_lazy(
            "What stands in texts between double braces: {{first_name}}. It cannot be changed later."
        ),
    )
    default = models.CharField(
        max_length=100,
        blank=True,
        validators=[validate_default],
        help_text=gettext_lazy("What customers read of whom nothing is known, for example friend. Empty: nothing."),
    )
    sample = models.CharField(
        max_length=100,
        validators=[
            RegexValidator(r'^[^{}<>&"]+$', gettext_lazy("A sample has none of { } < > & and quotation marks."))
        ],
        help_text=gettext_lazy(
            "What previews show in its place, for example Akiko. Texts are measured with characters like these."
        ),
    )
    max_length = models.PositiveIntegerField(
        gettext_lazy("maximum length"),
        validators=[MinValueValidator(1), MaxValueValidator(1_000)],
        help_text=gettext_lazy(
            "The most characters that a value has. Channels measure texts with a value as long as this."
        ),
    )
    names = models.JSONField(
        gettext_lazy("names in tools"),
        default=dict,
        blank=True,
        validators=[validate_names],
        help_text=gettext_lazy("What tools call it that do not call it by its code."),
    )

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{{{{{self.code}}}}}"

    def clean(self) -> None:
        for name in ("sample", "default"):
            if self.max_length and len(getattr(self, name)) > self.max_length:
                raise ValidationError(
                    {name: _("This has %(count)s characters, above the maximum.") % {"count": len(getattr(self, name))}}
                )

    @classmethod
    def catalogue(cls) -> dict[str, TokenEntry]:
        """Return the tokens by code: one statement."""
        rows = cls.objects.values_list("code", "sample", "max_length", "default", "names")
        return {row[0]: TokenEntry(*row) for row in rows}


def _canonical(tag: str) -> str | None:
    try:
        return canonical_tag(tag)
    except MalformedTag:
        return None
