"""What changed rules mean for what is on air or scheduled: told when a type is saved, and listed in a report."""

from typing import Any

from django.contrib.auth.decorators import user_passes_test
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin import messages
from wagtail.snippets.views import snippets

from locales.catalogue import locale_catalogue
from locales.widgets import editor_chain
from taxonomy.snapshot import taxonomy_snapshot

from .models import ContentItem, ItemType
from .rulereport import Failing, failing_items, failing_launches, rules_of

PAGE = 50


class ItemTypeEditView(snippets.EditView):
    """A type; who changes its rules is told how many published items break them, and broke them before; and how many
    scheduled ones will.
    """

    def save_instance(self) -> Any:
        stored = ItemType.objects.get(pk=self.object.pk)
        rules, before = rules_of(stored), _count(stored)
        saved = super().save_instance()
        if rules != rules_of(stored):
            self._tell(before, _count(stored))
        return saved

    def _tell(self, before: int, after: int) -> None:
        scheduled = sum(1 for _failing in failing_launches(self.object))
        if not after and not scheduled:
            messages.success(self.request, _("All published items of this type keep its rules."))
        address = f"{reverse('content_rules_report')}?type={self.object.code}"
        show = messages.button(address, _("Show them"))
        if after:
            told = ngettext(
                "%(count)d published item would now fail the rules of this type (before: %(before)d). It stays on air.",
                "%(count)d published items would now fail the rules of this type (before: %(before)d). "
                "They stay on air.",
                after,
            ) % {"count": after, "before": before}
            messages.warning(self.request, told, buttons=[show])
        if scheduled:
            told = ngettext(
                "%(count)d scheduled item fails the rules of this type, and will go on air like that.",
                "%(count)d scheduled items fail the rules of this type, and will go on air like that.",
                scheduled,
            ) % {"count": scheduled}
            messages.warning(self.request, told, buttons=[show])


@user_passes_test(lambda user: any(user.has_perm(f"content.{may}_contentitem") for may in ("add", "change", "publish")))
def rules_report(request: HttpRequest) -> HttpResponse:
    """List the published and the scheduled items that break the rules of their type, with what each lacks."""
    item_type = ItemType.objects.filter(code=request.GET.get("type", "")).first()
    found = [*failing_items(item_type), *failing_launches(item_type)]
    page = Paginator(found, PAGE).get_page(request.GET.get("p"))
    context = {
        "page": page,
        "rows": _rows(page.object_list),
        "item_type": item_type,
        "types": ItemType.objects.filter(rules__isnull=False).distinct(),
        "header_title": _("Items that break rules for tags"),
        "header_icon": "tag",
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": "", "label": _("Items that break rules for tags")},
        ],
    }
    return TemplateResponse(request, "content/rules_report.html", context)


def _count(item_type: ItemType) -> int:
    return sum(1 for _failing in failing_items(item_type))


def _rows(found: list[Failing]) -> list[dict[str, Any]]:
    sources = ContentItem.objects.sources().select_related("type", "locale").defer("body", "extra", "own_fields")
    items = {item.key: item for item in sources.filter(key__in=[one.key for one in found])}
    facets, chain = taxonomy_snapshot().facets, editor_chain(locale_catalogue())
    return [
        {
            "item": items[one.key],
            "launches_at": one.launches_at,
            "findings": [(facets[facet].label(chain)[0], message) for facet, message in one.findings],
        }
        for one in found
        if one.key in items
    ]
