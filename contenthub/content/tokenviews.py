"""Keeping personal tokens that texts use."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.models import Revision

from channels.models import PersonalToken
from contenthub.delivery.models import Document

from .models import ContentItem, Variant

MOST_NAMED = 5


def refuse_used_tokens(request: HttpRequest, token: PersonalToken) -> HttpResponse | None:
    """Keep a token that a text uses, published or not: it would be sent as it is written."""
    users = users_of(token)
    if not users:
        return None
    shown = ", ".join(users[:MOST_NAMED]) + (" …" if len(users) > MOST_NAMED else "")
    told = _("%(token)s cannot be deleted while texts use it: %(items)s") % {"token": token, "items": shown}
    messages.error(request, told)
    return redirect("personal_tokens:edit", token.pk)


def users_of(token: PersonalToken) -> list[str]:
    """Return the keys of items with the token in what is on air, scheduled or newest, in any language or version."""
    written = str(token)
    revisions = Revision.objects.annotate(text=Cast("content", TextField())).filter(text__contains=written)
    keys: set[str] = set()
    for model, path in ((ContentItem, "key"), (Variant, "localization__key")):
        kind = ContentType.objects.get_for_model(model)
        scheduled = revisions.filter(base_content_type=kind, approved_go_live_at__isnull=False)
        newest = Q(latest_revision__in=revisions.filter(base_content_type=kind).values("pk"))
        pks = [int(pk) for pk in scheduled.values_list("object_id", flat=True)]
        keys.update(model.objects.filter(newest | Q(pk__in=pks)).values_list(path, flat=True))
    published = Document.objects.filter(Q(head__contains=written) | Q(body__contains=written), served_until=None)
    keys.update(published.values_list("item__key", flat=True))
    return sorted(keys)
