"""The door through which the cards of the preview read and write: JSON for whoever is logged in to the admin."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from channels.registry import ChannelEntry, channel_registry
from contenthub.accounts.models import User

from ..models import ContentItem
from .cards import Card, Overtaken, read_card, write_text


class TextForm(forms.Form):
    """What a card posts; without ``text`` the field is given back to the base."""

    field = forms.CharField()
    text = forms.CharField(required=False, strip=False)
    seen = forms.IntegerField(required=False)
    own = forms.IntegerField(required=False)


@require_http_methods(["GET", "POST"])
def card(request: HttpRequest) -> JsonResponse:
    """Answer with what a channel takes of an item in one language.

    Beside each text stands what the channel's readers get without it, and ``giver``, the code of the version that gives
    that; None: the base. ``feeds`` says who gives each field that the channel may take, its own version included.

    The address names ``key``, ``locale`` and ``channel``. A POST lets the channel's version say ``text`` in ``field``,
    or without ``text`` gives the field back to the base; ``seen`` and ``own`` are as ``write_text`` has them. What is
    refused is told in ``message``, with status 400, 403, 404 or 409.
    """
    try:
        if not request.user.has_perm("content.change_variant"):
            raise PermissionDenied(_("You may not change versions."))
        row, channel = _asked(request)
        if request.method == "GET":
            return JsonResponse({**_as_json(read_card(row, channel)), "csrf": get_token(request)})
        return JsonResponse(_as_json(_write(request, row, channel)))
    except Http404:
        return _refusal(404, _("Save the item first: then a channel can have a text of its own."))
    except PermissionDenied as error:
        return _refusal(403, str(error) or _("You may not change this."))
    except ValidationError as error:
        return _refusal(400, " ".join(error.messages))
    except Overtaken:
        told = _(
            "Somebody else has changed this version meanwhile. Write on to keep your text, or close to keep theirs."
        )
        return _refusal(409, told)


def _asked(request: HttpRequest) -> tuple[ContentItem, ChannelEntry]:
    key, tag = request.GET.get("key", ""), request.GET.get("locale", "")
    if "\0" in key + tag:  # which PostgreSQL refuses even to look for
        raise Http404
    rows = ContentItem.objects.select_related("locale", "type")
    row = get_object_or_404(rows, key=key, locale__language_code=tag)
    channel = channel_registry().find(request.GET.get("channel", ""))
    if channel is None or channel.is_retired:
        raise ValidationError(_("There is no such channel any more."))
    return row, channel


def _write(request: HttpRequest, row: ContentItem, channel: ChannelEntry) -> Card:
    user, form = request.user, TextForm(request.POST)
    assert isinstance(user, User)
    if not form.is_valid():
        raise ValidationError([message for messages in form.errors.values() for message in messages])
    given = form.cleaned_data
    if given["field"] not in {text.name for text in read_card(row, channel).texts}:
        raise ValidationError(_("The channel does not show this field."))
    if given["seen"] is None and not user.has_perm("content.add_variant"):
        raise PermissionDenied(_("You may change versions, not make new ones."))
    # Forms post line ends of their own.
    text = given["text"].replace("\r\n", "\n") if "text" in form.data else None
    return write_text(row, channel, given["field"], text, user=user, seen=given["seen"], own=given["own"])


def _as_json(card: Card) -> dict[str, Any]:
    variant = card.variant
    return {
        "version": variant and {"code": variant.code, "address": reverse("variants:edit", args=[variant.pk])},
        "revision": card.revision,
        "feeds": card.feeds,
        "texts": [
            {
                "name": text.name,
                "label": str(text.label),
                "value": text.value,
                "inherited": text.inherited,
                "giver": text.giver,
                "isOwn": text.is_own,
                "maximum": text.maximum,
            }
            for text in card.texts
        ],
    }


def _refusal(status: int, message: str) -> JsonResponse:
    return JsonResponse({"message": message}, status=status)
