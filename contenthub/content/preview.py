"""Previews of drafts: as written, and through the API as every channel shows them.

The adapter between Wagtail's preview panel and wagtail-headless-preview, which knows pages only: a draft is stored
under a token, and a headless front end reads it with that token through the same API as everything else.
"""

import json
from functools import cache
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail_headless_preview.models import HeadlessPreviewMixin, PagePreview

from channels.models import PersonalToken
from channels.personaltokens import Catalogue, with_values
from channels.registry import channel_registry
from contenthub.accounts.models import User
from contenthub.delivery.documents import Json
from frontend_preview.neutral import render_neutral
from frontend_preview.tokens import Ticket, TokenInvalid
from frontend_preview.views import plain, scan
from locales.catalogue import locale_catalogue
from locales.cldr import direction
from locales.widgets import editor_chain

WRITTEN, ALL = "written", "all"
DRAFTS_KEPT = 20  # by row, mode and user: open windows go on showing theirs for a while
UNNAMED = "preview"  # the key of a draft that has none yet


class Previewed(HeadlessPreviewMixin):
    """A row whose draft is previewed by a headless front end.

    ``cards_open``: what a card of the preview shows can be written in it, as the channel's own version.
    """

    cards_open = False

    @property
    def preview_modes(self) -> list[tuple[str, str]]:
        chain = editor_chain(locale_catalogue())
        channels = [(one.code, one.label(chain)) for one in channel_registry().current if one.fields]
        return [(ALL, _("All channels")), (WRITTEN, _("As written")), *channels]

    @property
    def default_preview_mode(self) -> str:
        modes = dict(self.preview_modes)
        return ALL if len(modes) > len((ALL, WRITTEN)) else WRITTEN

    @property
    def content_type(self) -> ContentType:
        return ContentType.objects.get_for_model(self)

    def to_json(self) -> str:
        content = {**self.serializable_data(), "content_type": self.content_type.pk}
        return json.dumps(content, cls=DjangoJSONEncoder)

    def written_page(self) -> HttpResponse:
        """Return a page that shows the row as it stands, as no channel has shaped it yet."""
        raise NotImplementedError

    def drafts_on_air(self, *, in_all_languages: bool) -> tuple[Any, list[Any]]:
        """Return the localization and the versions of the item that a preview of this draft shows as drafts."""
        raise NotImplementedError

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Show the draft in a mode: as written, or by the front end of its channel."""
        if mode_name == WRITTEN:
            return self.written_page()
        token = Ticket(self._meta.label_lower, self.pk, mode_name, request.user.pk).sign()
        self.update_page_preview(token)
        _forget_older(token)
        address = self.get_preview_url(request, token, mode_name)
        if urlsplit(address).scheme not in ("", "http", "https"):
            return scan(request, address)
        response = HttpResponseRedirect(address)
        response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "no-referrer"
        return response

    def get_preview_url(self, request: HttpRequest, token: str, mode: str = ALL) -> str:
        """Return where the front end of a mode shows the draft: our own, unless the settings name a customer's.

        That of an app may be a deep link, such as ``acme://preview``. What the address has already stays in it.
        """
        theirs = settings.HUB_PREVIEW_CLIENTS.get(mode)
        stored = type(self)._default_manager.filter(pk=self.pk).first() or self  # a draft cannot change its key
        given = {"key": stored.key or UNNAMED, "locale": stored.locale.language_code, "mode": mode}
        if self.cards_open and self.pk and not theirs:
            given["cards"] = "open"
        if not theirs:
            given["lang"] = get_language() or "en"
        return _addressed(urlsplit(theirs or reverse("preview")), urlencode(given), urlencode({"token": token}))


def _addressed(front: SplitResult, given: str, secret: str) -> str:
    """Return a front end's address with what it is given; ``secret`` stands behind the #, where no server sees it.

    A front end whose router reads what is behind the # (``/app/#/preview``) is given all of it there.
    """
    if front.fragment:
        route, _between, asked = front.fragment.partition("?")
        return front._replace(fragment=f"{route}?{_joined(asked, given, secret)}").geturl()
    return front._replace(query=_joined(front.query, given), fragment=secret).geturl()


def _joined(*parameters: str) -> str:
    return "&".join(filter(None, parameters))


def _forget_older(token: str) -> None:
    """Purge what is too old, and all but the newest drafts that the same user previewed of the same row and mode.

    The panel makes a token whenever the author pauses.
    """
    PagePreview.garbage_collect()
    alike = PagePreview.objects.filter(token__startswith=Ticket.alike(token)).order_by("-pk")
    older = list(alike.values_list("pk", flat=True)[DRAFTS_KEPT:])
    if older:
        PagePreview.objects.filter(pk__in=older).delete()


def find_preview(token: str) -> tuple[Ticket, PagePreview]:
    """Return what a token says, and what lies under it.

    Raises:
        TokenInvalid: it is none of our tokens, or what it names is gone, or its user may no longer edit it.
        TokenExpired: it is too old.
    """
    ticket = Ticket.read(token)
    preview = PagePreview.objects.filter(token=token).select_related("content_type").first()
    user = User.objects.filter(pk=ticket.user_id).first()
    if preview is None or user is None:
        raise TokenInvalid
    model = preview.content_type.model_class()
    if model is None or not issubclass(model, Previewed) or model._meta.label_lower != ticket.model:
        raise TokenInvalid
    if not user.has_perm(f"{model._meta.app_label}.change_{model._meta.model_name}"):
        raise TokenInvalid
    return ticket, preview


def written(row: Any, head: Json, body: Json) -> HttpResponse:
    """Return the plain page of a row whose document is ``head`` and ``body``."""
    language = row.locale.language_code
    document = _with_samples({**head, **body}, cache(PersonalToken.catalogue))
    return plain(render_neutral(document, direction=direction(language), language=language))


def _with_samples(value: Any, tokens: Catalogue) -> Any:
    """Return a document's JSON with an example in the place of each personal token."""
    if isinstance(value, str):
        return with_values(value, lambda token: token.sample, tokens)
    if isinstance(value, dict):
        return {name: _with_samples(one, tokens) for name, one in value.items()}
    return [_with_samples(one, tokens) for one in value] if isinstance(value, list) else value
