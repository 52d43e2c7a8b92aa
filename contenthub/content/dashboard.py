"""The first screen of the admin: how the hub stands, where to go on, and what is at hand."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import Component
from wagtail.models import Revision

from .models import ContentItem

MOST_DRAFTS = 8


class HubPanel(Component):
    """How much there is, each number leading to what it counts."""

    order = 100
    template_name = "content/home/hub.html"

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        user, now = parent_context["request"].user, timezone.now()
        counts = ContentItem.objects.aggregate(
            items=Count("pk", filter=Q(is_source=True)),
            on_air=Count("pk", filter=Q(live=True) & (Q(expire_at=None) | Q(expire_at__gt=now))),
            changed=Count("pk", filter=Q(live=True, has_unpublished_changes=True)),
        )
        scheduled = Revision.objects.filter(
            content_type__app_label="content", content_type__model="contentitem", approved_go_live_at__gt=now
        ).count()
        listing = reverse("items:list")
        return {
            "can_add": user.has_perm("content.add_contentitem"),
            "numbers": [
                (counts["items"], _("items"), listing),
                (counts["on_air"], _("language versions on air"), f"{listing}?state=live"),
                (counts["changed"], _("with a newer draft"), f"{listing}?state=live_and_draft"),
                (scheduled, _("scheduled"), f"{listing}?state=scheduled"),
            ],
        }


class DraftsPanel(Component):
    """What the editor wrote last and has not published."""

    order = 200
    template_name = "content/home/drafts.html"

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        drafts = (
            ContentItem.objects.filter(latest_revision__user=parent_context["request"].user)
            .filter(Q(live=False) | Q(has_unpublished_changes=True))
            .select_related("locale", "type", "latest_revision")
            .defer("body", "extra", "latest_revision__content")
            .order_by("-latest_revision__created_at")
        )
        return {"drafts": list(drafts[:MOST_DRAFTS])}


def panels(request: HttpRequest) -> list[Component]:
    """Return what the home page shows to this editor of the hub's own."""
    can_see = any(request.user.has_perm(f"content.{action}_contentitem") for action in ("add", "change", "publish"))
    return [HubPanel(), DraftsPanel()] if can_see else []
