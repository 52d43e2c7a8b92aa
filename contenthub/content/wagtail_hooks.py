from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.staticfiles import versioned_static
from wagtail.snippets.models import register_snippet

from .bulk_actions import PublishItems, UnpublishItems, refuse_orphans
from .viewsets import item_type_viewset, item_viewset

register_snippet(item_viewset)
register_snippet(item_type_viewset)
hooks.register("register_bulk_action", PublishItems)
hooks.register("register_bulk_action", UnpublishItems)
hooks.register("before_bulk_action", refuse_orphans)


@hooks.register("insert_global_admin_css")
def stylesheet() -> str:
    return format_html('<link rel="stylesheet" href="{}">', versioned_static("content/admin.css"))
