"""What kinds of consumers there are, and what they may do beyond reading what is published now."""

from django.db import models


class Kind(models.TextChoices):
    """Where a consumer keeps its key."""

    SERVER = "server", "Server: keeps its key to itself"
    PUBLISHABLE = "publishable", "Publishable: in apps and pages, where anybody can read the key"


class Right(models.TextChoices):
    """What a consumer may do beyond reading what is published now."""

    DRAFTS = "drafts", "See how much is in progress"
    TIME = "time", "Ask for another instant than now"
    VARIANTS = "variants", "Read every variant, whoever it is for"
    INTROSPECTION = "introspection", "Read the schema"
