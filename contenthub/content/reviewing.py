"""Links for reviewers without an account: made, found by their token, revoked.

A link opens the newest draft of one item in one language, for a while, and nothing else of the hub that is not
published. It closes when its time is over, when it is revoked, and when whoever made it may no longer edit.
"""

from datetime import timedelta
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from wagtail.log_actions import log

from contenthub.accounts.grants import may_write
from contenthub.delivery.consumers.keys import digest_of
from frontend_preview.tokens import TokenExpired, TokenInvalid, new_review_token

MINUTES, MOST_MINUTES = 60, 60 * 24 * 30
KEPT = timedelta(days=30)  # after its end, for the list
LONGEST_TOKEN = 200
MADE, REVOKED = "content.make_review_link", "content.revoke_review_link"


def make_link(item: Any, *, user: Any, minutes: int = MINUTES) -> tuple[Any, str]:
    """Make a link to an item's newest draft; return it with its token, which is stored nowhere."""
    now, token = timezone.now(), new_review_token()
    with transaction.atomic():
        _links().filter(expires_at__lt=now - KEPT).delete()
        link = _links().create(
            item=item, digest=digest_of(token), made_by=user, expires_at=now + timedelta(minutes=minutes)
        )
        log(instance=item, action=MADE, user=user, data={"until": link.expires_at.isoformat()})
    return link, token


def revoke(link: Any, *, user: Any) -> None:
    """Close a link at once."""
    with transaction.atomic():
        _links().filter(pk=link.pk, revoked_at=None).update(revoked_at=timezone.now())
        log(instance=link.item, action=REVOKED, user=user)


def find_link(token: str) -> Any:
    """Return the link that a token opens.

    Raises:
        TokenInvalid: it opens none, or its maker may no longer edit items, or write this language.
        TokenExpired: its time is over.
    """
    if len(token) > LONGEST_TOKEN:
        raise TokenInvalid
    found = _links().filter(digest=digest_of(token)).select_related("made_by", "item__locale", "item__type")
    link = found.first()
    if link is None or link.revoked_at or not _may_edit(link.made_by, link.item):
        raise TokenInvalid
    if link.expires_at <= timezone.now():
        raise TokenExpired
    return link


def address_of(link: Any, token: str) -> str:
    """Return where a reviewer looks; the token stands behind the #, where no server and no log sees it."""
    given = {"key": link.item.key, "locale": link.item.locale.language_code, "mode": "all"}
    return f"{reverse('preview')}?{urlencode(given)}#{urlencode({'token': token})}"


def _may_edit(user: Any, item: Any) -> bool:
    return user.has_perm("content.change_contentitem") and may_write(user, item.locale_id)


def _links() -> QuerySet:
    return apps.get_model("content", "ReviewLink").objects.all()
