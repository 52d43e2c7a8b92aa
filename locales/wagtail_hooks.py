from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.models import Locale
from wagtail.permissions import policy_registry

from locales.viewsets import LocaleViewSet


class LocalesMenuItem(MenuItem):
    """Shown to whoever may do something there."""

    def is_shown(self, request: HttpRequest) -> bool:
        policy = policy_registry.get_by_type(Locale)
        return policy.user_has_any_permission(request.user, ["add", "change", "delete"])


@hooks.register("register_admin_viewset")
def register_locales() -> LocaleViewSet:
    return LocaleViewSet()


@hooks.register("register_settings_menu_item")
def register_locales_menu_item() -> LocalesMenuItem:
    return LocalesMenuItem(_("Locales"), reverse("wagtaillocales:index"), name="locales", icon_name="site", order=603)
