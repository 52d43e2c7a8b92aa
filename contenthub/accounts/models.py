"""The people who work in the hub."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """An editor, translator, taxonomist or administrator.

    The hub has its own user model from the first migration, because a project cannot change it later.
    """
