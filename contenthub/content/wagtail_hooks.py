from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.search import SearchArea
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.ui.components import Component
from wagtail.admin.views import home
from wagtail.log_actions import LogActionRegistry
from wagtail.snippets.models import register_snippet

from . import dashboard
from .bulk_actions import DeleteItems, ExportItems, PublishItems, TagItems, UnpublishItems
from .channelviews import channels_report, offer_report
from .experiments.views import ALL_ACTIONS as EXPERIMENT_ACTIONS
from .experiments.views import WRITE_BACK, ExperimentViewSet, experiment_viewset
from .itemchoosing import choose_items
from .reviewing import MADE, REVOKED
from .ruleviews import rules_report
from .tagging.panelviews import check_tags, suggest_tags
from .tagging.texts import TagLogFormatter
from .tagging.views import urls as tagging_urls
from .tagging.writing import LOG_ACTION
from .tokenviews import refuse_used_tokens
from .translating.exchangeviews import import_translations
from .variants.bulk_actions import DeleteVersions
from .variants.viewsets import variant_viewset
from .viewsets import item_type_viewset, item_viewset, refuse_used_types

# What of Wagtail a hub without pages has no use for, by the names of its menu items.
ABOUT_PAGES = {"explorer", "documents", "sites", "locked-pages", "aging-pages", "page-types-usage"}


class ItemsMenuItem(MenuItem):
    """An entry for those who work on items."""

    def is_shown(self, request: HttpRequest) -> bool:
        return any(request.user.has_perm(f"content.{may}_contentitem") for may in ("add", "change", "publish"))


register_snippet(item_viewset)
register_snippet(item_type_viewset)
hooks.register("register_bulk_action", TagItems)
hooks.register("register_bulk_action", ExportItems)
register_snippet(variant_viewset)
hooks.register("register_bulk_action", PublishItems)
hooks.register("register_bulk_action", UnpublishItems)
hooks.register("register_bulk_action", DeleteItems, order=100)  # after Wagtail's own, in its place
hooks.register("register_bulk_action", DeleteVersions, order=100)
hooks.register("before_delete_snippet", refuse_used_types)
hooks.register("after_edit_channel", offer_report)
hooks.register("before_delete_personal_token", refuse_used_tokens)


@hooks.register("insert_global_admin_css")
def stylesheet() -> str:
    return format_html('<link rel="stylesheet" href="{}">', versioned_static("content/admin.css"))


@hooks.register("insert_editor_js")
def variant_list_script() -> str:
    return format_html('<script src="{}" defer></script>', versioned_static("content/variants.js"))


@hooks.register("register_admin_urls")
def item_choosing() -> list[URLPattern]:
    return [path("items/choose/", choose_items, name="content_choose_items")]


@hooks.register("register_admin_urls")
def translating() -> list[URLPattern]:
    return [path("items/translations/", import_translations, name="content_import_translations")]


@hooks.register("register_admin_urls")
def rules_reporting() -> list[URLPattern]:
    return [path("reports/rules/", rules_report, name="content_rules_report")]


@hooks.register("register_reports_menu_item")
def rules_report_item() -> MenuItem:
    return ItemsMenuItem(_("Rules for tags"), reverse("content_rules_report"), icon_name="tag", order=200)


@hooks.register("register_admin_urls")
def channels_reporting() -> list[URLPattern]:
    return [path("reports/channels/", channels_report, name="content_channels_report")]


@hooks.register("register_reports_menu_item")
def channels_report_item() -> MenuItem:
    return ItemsMenuItem(_("Fit for channels"), reverse("content_channels_report"), icon_name="mobile-alt", order=205)


@hooks.register("register_admin_urls")
def tag_panel() -> list[URLPattern]:
    return [
        path("items/tags/check/", check_tags, name="content_check_tags"),
        path("items/tags/suggest/", suggest_tags, name="content_suggest_tags"),
    ]


@hooks.register("register_admin_urls")
def tagging() -> list[URLPattern]:
    return tagging_urls()


@hooks.register("register_reports_menu_item")
def tagging_item() -> MenuItem:
    return ItemsMenuItem(_("Changed tags"), reverse("content_taggings"), icon_name="tag", order=210)


@hooks.register("register_log_actions")
def register_tag_action(actions: LogActionRegistry) -> None:
    actions.register_action(LOG_ACTION)(TagLogFormatter)


@hooks.register("register_log_actions")
def register_translation_actions(actions: LogActionRegistry) -> None:
    actions.register_action("content.up_to_date", _("Mark as up to date"), _("Marked as up to date with the original"))


@hooks.register("register_log_actions")
def register_review_actions(actions: LogActionRegistry) -> None:
    actions.register_action(MADE, _("Make a link for reviewers"), _("Link for reviewers made"))
    actions.register_action(REVOKED, _("Revoke a link for reviewers"), _("Link for reviewers revoked"))


@hooks.register("register_admin_viewset")
def experiments() -> ExperimentViewSet:
    return experiment_viewset


@hooks.register("register_log_actions")
def register_experiment_actions(actions: LogActionRegistry) -> None:
    for action in EXPERIMENT_ACTIONS:
        actions.register_action(action.log_name, action.label, action.logged)
    actions.register_action(f"contenthub.experiment.{WRITE_BACK}", _("Write the winner back"), _("Winner written back"))


@hooks.register("construct_main_menu")
@hooks.register("construct_reports_menu")
@hooks.register("construct_settings_menu")
def leave_out_pages(request: HttpRequest, items: list[MenuItem]) -> None:
    items[:] = [item for item in items if item.name not in ABOUT_PAGES]


@hooks.register("register_admin_search_area")
def search_items() -> SearchArea:
    return SearchArea(_("Items"), reverse("items:list"), name="items", icon_name="doc-full", order=1)


@hooks.register("construct_search")
def leave_out_page_search(request: HttpRequest, areas: list[SearchArea]) -> None:
    areas[:] = [area for area in areas if area.name not in ("pages", "documents")]


@hooks.register("construct_homepage_panels")
def home_panels(request: HttpRequest, panels: list[Component]) -> None:
    about_pages = (home.RecentEditsPanel, home.LockedPagesPanel)
    panels[:] = [*(panel for panel in panels if not isinstance(panel, about_pages)), *dashboard.panels(request)]
