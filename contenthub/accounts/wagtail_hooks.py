"""Accounts in Wagtail's admin."""

from wagtail import hooks

from .forms import LanguageGrantForm


@hooks.register("register_group_permission_panel")
def language_grant() -> type[LanguageGrantForm]:
    return LanguageGrantForm
