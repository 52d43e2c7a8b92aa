"""The screens of changes of tags on many items: the preview, doing it, what came of it, and undoing it."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from contenthub.accounts.grants import refuse_facts

from ..models import Tagging, TaggingOutcome, TaggingState
from .changing import TaggingRefused, apply, undo
from .texts import Telling

PAGE = 50


def urls() -> list[URLPattern]:
    return [
        path("items/tagging/", _for_editors(taggings), name="content_taggings"),
        path("items/tagging/<int:pk>/", _for_editors(tagging), name="content_tagging"),
        path("items/tagging/<int:pk>/apply/", require_POST(_for_editors(apply_tagging)), name="content_tagging_apply"),
        path("items/tagging/<int:pk>/undo/", require_POST(_for_editors(undo_tagging)), name="content_tagging_undo"),
    ]


def taggings(request: HttpRequest) -> HttpResponse:
    """List the changes that were made, the newest first; a preview that nobody followed is not one."""
    counted = Tagging.objects.select_related("user").annotate(
        changed=Count("items", filter=Q(items__outcome__in=[TaggingOutcome.CHANGED, TaggingOutcome.UNDONE]))
    )
    page = Paginator(counted.exclude(state=TaggingState.PLANNED).order_by("-created_at", "-pk"), PAGE).get_page(
        request.GET.get("p")
    )
    telling = Telling()
    rows = [{"tagging": one, "change": telling.change(one)} for one in page.object_list]
    return _answer(request, "list", _("Changed tags"), {"page": page, "rows": rows})


def tagging(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a change would do, or did, to each item."""
    one, telling = get_object_or_404(Tagging.objects.select_related("user"), pk=pk), Telling()
    counts = dict(one.items.order_by().values_list("outcome").annotate(count=Count("pk")))
    outcome = request.GET.get("outcome", "")
    entries = one.items.select_related("item__locale", "item__type").defer("item__body", "item__extra")
    if outcome in counts:
        entries = entries.filter(outcome=outcome)
    page = Paginator(entries, PAGE).get_page(request.GET.get("p"))
    context = {
        "tagging": one,
        "change": telling.change(one),
        "total": sum(counts.values()),
        "tabs": [(code, _label(one, code), counts[code]) for code in TaggingOutcome.values if code in counts],
        "outcome": outcome if outcome in counts else "",
        "page": page,
        "rows": [
            {"entry": entry, "label": _label(one, entry.outcome), "notes": telling.notes(entry.notes)}
            for entry in page.object_list
        ],
        "changing": counts.get(TaggingOutcome.CHANGED, 0),
        "may_act": _may_act(request.user, one),
    }
    return _answer(request, "detail", telling.change(one), context, parents=[("content_taggings", _("Changed tags"))])


def apply_tagging(request: HttpRequest, pk: int) -> HttpResponse:
    done = _act(request, pk, apply)
    if done:
        changed = done.items.filter(outcome=TaggingOutcome.CHANGED).count()
        told = ngettext("%(count)d item changed.", "%(count)d items changed.", changed) % {"count": changed}
        messages.success(request, told)
    return redirect("content_tagging", pk)


def undo_tagging(request: HttpRequest, pk: int) -> HttpResponse:
    done = _act(request, pk, undo)
    if done:
        undone = done.items.filter(outcome=TaggingOutcome.UNDONE).count()
        kept = done.items.filter(outcome=TaggingOutcome.KEPT).count()
        told = ngettext("%(count)d item is as before.", "%(count)d items are as before.", undone) % {"count": undone}
        messages.success(request, told)
        if kept:
            told = ngettext(
                "%(count)d item was left alone: see why below.", "%(count)d items were left alone: see why below.", kept
            )
            messages.warning(request, told % {"count": kept})
    return redirect("content_tagging", pk)


def _act(request: HttpRequest, pk: int, action: Callable[..., Tagging]) -> Tagging | None:
    found = get_object_or_404(Tagging, pk=pk)
    if not _may_act(request.user, found):
        raise PermissionDenied
    try:
        return action(found, user=request.user)
    except TaggingRefused as refusal:
        messages.error(request, " ".join(refusal.messages))
        return None


def _label(found: Tagging, outcome: str) -> str:
    if found.state == TaggingState.PLANNED and outcome == TaggingOutcome.CHANGED:
        return _("Will change")
    return TaggingOutcome(outcome).label


def _may_act(user: Any, found: Tagging) -> bool:
    return not found.publishes or user.has_perm("content.publish_contentitem")


def _for_editors(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm("content.change_contentitem"):
            raise PermissionDenied
        refuse_facts(request.user)
        return view(request, *args, **kwargs)

    return guarded


def _answer(
    request: HttpRequest, name: str, title: str, context: dict[str, Any], parents: list[tuple[str, str]] = ()
) -> HttpResponse:
    crumbs = [{"url": reverse("wagtailadmin_home"), "label": _("Home")}]
    crumbs += [{"url": reverse(url), "label": label} for url, label in parents]
    shown = {"header_title": title, "header_icon": "tag", "breadcrumbs_items": [*crumbs, {"url": "", "label": title}]}
    return TemplateResponse(request, f"content/tagging/{name}.html", context | shown)
