"""The page on which links for reviewers are made and revoked."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from contenthub.accounts.grants import may_write

from .models import ContentItem, ReviewLink
from .reviewing import MINUTES, address_of, make_link, revoke

DURATIONS = [
    (MINUTES, gettext_lazy("an hour")),
    (8 * 60, gettext_lazy("eight hours")),
    (24 * 60, gettext_lazy("a day")),
    (7 * 24 * 60, gettext_lazy("a week")),
]


class LinkForm(forms.Form):
    """How long a link opens."""

    minutes = forms.TypedChoiceField(label=gettext_lazy("Opens for"), choices=DURATIONS, coerce=int, initial=MINUTES)


def review_links(request: HttpRequest, pk: int) -> HttpResponse:
    """List the links to an item in one language that are live; make one, shown this once."""
    item = _item(request, pk)
    form, made = LinkForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        link, token = make_link(item, user=request.user, minutes=form.cleaned_data["minutes"])
        made = {"link": link, "address": request.build_absolute_uri(address_of(link, token))}
    context: dict[str, Any] = {
        "item": item,
        "form": form,
        "made": made,
        "links": item.review_links.live().select_related("made_by"),
        "zone": timezone.get_current_timezone_name(),
        "header_title": _("Links for reviewers"),
        "header_icon": "link",
        "page_subtitle": f"{item} ({item.locale})",
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": reverse("items:list"), "label": _("Items")},
            {"url": reverse("items:edit", args=[item.pk]), "label": str(item)},
            {"url": "", "label": _("Links for reviewers")},
        ],
    }
    response = TemplateResponse(request, "content/review_links.html", context)
    response["Cache-Control"] = "no-store"
    return response


def revoke_link(request: HttpRequest, pk: int, link: int) -> HttpResponse:
    """Close one of an item's links."""
    item = _item(request, pk)
    revoke(get_object_or_404(ReviewLink, pk=link, item=item), user=request.user)
    messages.success(request, _("The link opens nothing any more."))
    return redirect("items:review_links", item.pk)


def _item(request: HttpRequest, pk: int) -> ContentItem:
    """Return the item, for those who may edit it in its language."""
    item = get_object_or_404(ContentItem.objects.select_related("locale", "type"), pk=pk)
    if not request.user.has_perm("content.change_contentitem") or not may_write(request.user, item.locale):
        raise PermissionDenied
    return item
