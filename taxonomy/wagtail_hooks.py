from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry
from wagtail.permissions import policy_registry

from taxonomy.changes.kinds import KINDS
from taxonomy.choosing import choose_terms
from taxonomy.models import Term
from taxonomy.reportviews import SEES_TERMS, report_urls
from taxonomy.viewsets import TaxonomyViewSetGroup


@hooks.register("register_admin_viewset")
def register_taxonomy() -> TaxonomyViewSetGroup:
    return TaxonomyViewSetGroup()


@hooks.register("register_admin_urls")
def register_term_choosing() -> list[URLPattern]:
    return [path("taxonomy/choose/", choose_terms, name="taxonomy_choose_terms"), *report_urls()]


@hooks.register("register_reports_menu_item")
def register_reports() -> MenuItem:
    return TaxonomyReportsMenuItem(
        _("Taxonomy"), reverse("taxonomy_reports"), name="taxonomy-reports", icon_name="tag", order=800
    )


class TaxonomyReportsMenuItem(MenuItem):
    """Shown to those who may see terms."""

    def is_shown(self, request: HttpRequest) -> bool:
        return policy_registry.get_by_type(Term).user_has_any_permission(request.user, SEES_TERMS)


@hooks.register("register_log_actions")
def register_term_actions(actions: LogActionRegistry) -> None:
    for kind in KINDS.values():
        actions.register_action(f"taxonomy.{kind.do}", kind.do.capitalize(), kind.past)
    actions.register_action("taxonomy.import", _("Import terms"), _("Imported terms from a file"))
    actions.register_action("taxonomy.undo", _("Undo a change"), _("Undid a change"))


@hooks.register("register_permissions")
def register_approval() -> QuerySet[Permission]:
    return Permission.objects.filter(content_type__app_label="taxonomy", codename="approve_changeplan")
