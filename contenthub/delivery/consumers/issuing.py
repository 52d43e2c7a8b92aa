"""Giving consumers keys, and taking them back."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from contenthub.delivery.refusals import BadArgument

from .keys import NewKey, make_key
from .models import Consumer, ConsumerKey, ConsumersVersion

MOST_LIVE_KEYS = 2


def issue_key(consumer: Consumer, *, expires_at: datetime | None = None) -> NewKey:
    """Return a new key of a consumer; it is the only moment at which the whole key is known.

    Raises:
        BadArgument: two keys are live already, or the new one would have expired.
    """
    if expires_at and expires_at <= timezone.now():
        raise BadArgument("The key would have expired before it was made: choose a later day.", "expires_at")
    with transaction.atomic():
        Consumer.objects.select_for_update().get(pk=consumer.pk)
        if consumer.keys.live().count() >= MOST_LIVE_KEYS:
            raise BadArgument("Two keys are live, as many as a change of keys needs: revoke one first.")
        new = make_key()
        consumer.keys.create(prefix=new.prefix, digest=new.digest, expires_at=expires_at)
        ConsumersVersion.bump()
    return new


def revoke_key(key: ConsumerKey) -> None:
    """Let a key open nothing any more, within seconds in every process. Doing it again changes nothing."""
    with transaction.atomic():
        if ConsumerKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=timezone.now()):
            ConsumersVersion.bump()
