"""What the hub knows of a Wagtail locale beyond its language code."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from locales.catalogue import locale_catalogue
from locales.fallback import find_cycle
from locales.time_zones import time_zones


class LocaleProfile(models.Model):
    """The next locale to try and the time zone of one locale.

    A locale without a profile behaves as one that has just been added (see ``locales.fallback.starting_next``).
    """

    locale = models.OneToOneField("wagtailcore.Locale", on_delete=models.CASCADE, related_name="profile")
    next = models.ForeignKey(
        "wagtailcore.Locale",
        verbose_name=_("next locale"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("What is served where this locale has no text of its own. Empty: nothing is."),
    )
    time_zone = models.CharField(
        max_length=64,
        blank=True,
        help_text=_("IANA name such as Asia/Tokyo: the local time that dates in this locale are meant in."),
    )

    inherits = models.BooleanField(
        default=True,
        help_text=_(
            "For a region whose next locale is its language, as de is that of de-CH: a text for the region then says "
            "only what it says otherwise."
        ),
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(next=None) | ~Q(next=F("locale")), name="locales_next_is_another_locale"
            ),
        ]

    def __str__(self) -> str:
        return self.locale.language_code

    def clean(self) -> None:
        errors = {}
        if cycle := self._cycle():
            errors["next"] = _("This would go round in a circle: %(cycle)s.") % {"cycle": " → ".join(cycle)}
        if self.time_zone and self.time_zone not in time_zones():
            errors["time_zone"] = _("'%(time_zone)s' is no IANA time zone such as Asia/Tokyo.") % {
                "time_zone": self.time_zone
            }
        if errors:
            raise ValidationError(errors)

    def _cycle(self) -> list[str]:
        table = {entry.code: entry.next for entry in locale_catalogue().by_code.values()}
        code = self.locale.language_code
        return find_cycle(code, table | {code: self.next and self.next.language_code})
