"""The report on published pieces that do not fit a channel, offered to whoever changes the channel's profile."""

from typing import Any

from django.contrib.auth.decorators import user_passes_test
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from wagtail.admin import messages

from channels.models import Channel
from channels.registry import channel_registry
from locales.catalogue import locale_catalogue
from locales.cldr import locale_name
from locales.widgets import editor_chain

from .channelreport import Misfit, look
from .models import ContentItem


@user_passes_test(lambda user: any(user.has_perm(f"content.{may}_contentitem") for may in ("add", "change", "publish")))
def channels_report(request: HttpRequest) -> HttpResponse:
    """List what does not fit a channel of the next items on air that name it."""
    channels, chain = [entry for entry in channel_registry().current if entry.fields], editor_chain(locale_catalogue())
    asked = request.GET.get("channel")
    channel = next((entry for entry in channels if entry.code == asked), channels[0] if channels else None)
    found = look(channel, now=timezone.now(), after=request.GET.get("after", "").replace("\0", "")) if channel else None
    context = {
        "channel": channel and {"code": channel.code, "label": channel.label(chain)},
        "channels": [{"code": entry.code, "label": entry.label(chain)} for entry in channels],
        "found": found,
        "rows": _rows(found.misfits, chain[0]) if found else [],
        "next": found and found.last and urlencode({"channel": channel.code, "after": found.last}),
        "is_later": "after" in request.GET,
        "header_title": _("Pieces that do not fit a channel"),
        "header_icon": "mobile-alt",
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": "", "label": _("Pieces that do not fit a channel")},
        ],
    }
    return TemplateResponse(request, "content/channels_report.html", context)


def offer_report(request: HttpRequest, channel: Channel) -> None:
    """Tell who saved a channel where to see what does not fit it now."""
    address = f"{reverse('content_channels_report')}?{urlencode({'channel': channel.code})}"
    told = _("What is on air stays there, whether it fits the profile or not.")
    messages.info(request, told, buttons=[messages.button(address, _("Show what does not fit"))])


def _rows(misfits: list[Misfit], language: str) -> list[dict[str, Any]]:
    """Return the misfits with the localizations that they are of; one that went off air meanwhile is left out."""
    rows = ContentItem.objects.select_related("locale", "type").defer("body", "extra", "own_fields")
    found = {(row.key, row.locale.language_code): row for row in rows.filter(key__in={one.key for one in misfits})}
    return [
        {"item": found[one.key, one.locale], "language": locale_name(one.locale, language), "misfit": one}
        for one in misfits
        if (one.key, one.locale) in found
    ]
