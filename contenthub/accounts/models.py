"""The people who work in the hub."""

from django.contrib.auth.models import AbstractUser, Group
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Locale


class User(AbstractUser):
    """An editor, translator, taxonomist or administrator.

    The hub has its own user model from the first migration, because a project cannot change it later.
    """


class LanguageGrant(models.Model):
    """What a group's rights to write reach to; a group without one writes in every language, and facts too."""

    group = models.OneToOneField(Group, on_delete=models.CASCADE, related_name="language_grant")
    locales = models.ManyToManyField(
        Locale,
        blank=True,
        related_name="+",
        verbose_name=_("languages"),
        help_text=_("What members may write, translate and publish. None chosen: every language."),
    )
    may_change_facts = models.BooleanField(
        _("may change facts"),
        default=True,
        help_text=_(
            "Tags, channels, references, priority and whom a version is for, and which language is the original."
        ),
    )

    def __str__(self) -> str:
        return str(self.group)
