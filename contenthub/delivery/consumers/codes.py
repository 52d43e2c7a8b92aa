"""What kinds of consumers there are, and what they may do beyond reading what is published now."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """Where a consumer keeps its key."""

    SERVER = "server", _("Server: keeps its key to itself")
    PUBLISHABLE = "publishable", _("Publishable: in apps and pages, where anybody can read the key")


class Right(models.TextChoices):
    """What a consumer may do beyond reading what is published now."""

    DRAFTS = "drafts", _("See how much is in progress")
    TIME = "time", _("Ask for another instant than now")
    VARIANTS = "variants", _("Read every variant, whoever it is for")
    INTROSPECTION = "introspection", _("Read the schema")
