"""One channel's version of an item, as the cards of the preview edit it: text by text, each saved as a draft at once.

A channel's version is for everybody on that channel alone: for no segment, no market and no test.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Revision

from channels.registry import ChannelEntry
from contenthub.accounts.grants import refuse_facts
from contenthub.accounts.models import User
from contenthub.delivery.resolving import CALL_TO_ACTION, FIELD_PREFIX, TEXT_PREFIX

from ..codes import FieldKind
from ..feeding import parts_taken, written_in
from ..models import ContentItem, NamedText, Variant
from ..regions import givers_of
from .making import create_variant, give_back, remember_base, set_override
from .overriding import COLUMNS, field_label, value_of


class Overtaken(Exception):
    """Raised where somebody else has written in the version meanwhile."""


@dataclass(frozen=True)
class CardText:
    """A text that feeds a channel. ``name`` is as in ``Variant.overrides``; ``maximum`` in characters."""

    name: str
    label: str
    value: str
    base: str
    is_own: bool
    maximum: int | None


@dataclass(frozen=True)
class Card:
    """What a channel takes of an item in one language: the newest drafts of the base and of the channel's version.

    ``giver`` tells by name which row gives a field of the base: itself, or the language of its region.
    """

    channel: ChannelEntry
    base: ContentItem
    variant: Variant | None
    giver: Callable[[str], Any]

    @property
    def texts(self) -> list[CardText]:
        """The texts that the channel shows, and those that only its version has, in the channel's order."""
        return [self._text(name) for name in dict.fromkeys(self._names())]

    @property
    def revision(self) -> int | None:
        return self.variant and self.variant.latest_revision_id

    def is_own(self, name: str) -> bool:
        return self.variant is not None and name in self.variant.overrides

    def _names(self) -> Iterator[str]:
        for field in self.channel.fields:
            taken = parts_taken(field, lambda name: self.variant if self.is_own(name) else self.giver(name))
            for parts in field.sources:
                names = [written_in(part) for part in parts if self._is_text(part)]
                yield from names if parts == taken else filter(self.is_own, names)

    def _is_text(self, part: str) -> bool:
        if part.startswith("field:"):
            definitions = self.base.type.field_definitions.all()
            kinds = {one.name: one.kind for one in definitions if one.localized}
            return kinds.get(part.partition(":")[2]) == FieldKind.TEXT
        return part.startswith("text:") or part in ("headline", "summary", "link_label")

    def _text(self, name: str) -> CardText:
        base = _as_text(self.giver(name), name)
        is_own = self.is_own(name)
        label = _("Label of the call to action") if name == CALL_TO_ACTION else field_label(name, self.base)
        return CardText(name, label, _as_text(self.variant, name) if is_own else base, base, is_own, _longest(name))


def read_card(row: ContentItem, channel: ChannelEntry) -> Card:
    """Return what the newest drafts of a language version and of its version for ``channel`` say."""
    variant = _find(row, channel)
    base = row.get_latest_revision_as_object()
    return Card(channel, base, variant and variant.get_latest_revision_as_object(), givers_of(base))


def write_text(
    row: ContentItem,
    channel: ChannelEntry,
    name: str,
    text: str | None,
    *,
    user: User,
    seen: int | None,
    own: int | None = None,
) -> Card:
    """Let the channel's version say ``text`` in a field, as a draft; None gives the field back to the base.

    The version is made where there is none. ``seen`` is the revision that ``text`` was written over, None for no
    version; ``own`` is the revision that the same hand began in this card, which is written over.

    Raises:
        Overtaken: there is a newer draft than ``seen``.
        ValidationError: the text is too long, or the version is locked.
        PermissionDenied: ``user`` may not write in this language, or make a version.
    """
    with transaction.atomic():
        ContentItem.objects.select_for_update().get(key=row.key, is_source=True)
        variant = _find(row, channel)
        if (variant and variant.latest_revision_id) != seen:
            raise Overtaken
        lock = variant and variant.get_lock()
        if lock and lock.for_user(user):
            raise ValidationError(lock.get_message(user))
        if text is None:
            if variant:
                give_back(variant, name, user=user)
        else:
            variant = variant or _make(row, channel, user)
            _override(variant, name, text, user=user, own=own)
    return read_card(row, channel)


def _override(variant: Variant, name: str, text: str, *, user: User, own: int | None) -> None:
    longest = _longest(name)
    if longest and len(text) > longest:
        raise ValidationError(_("At most %(count)d characters, please.") % {"count": longest})
    draft = variant.get_latest_revision_as_object()
    if name == CALL_TO_ACTION:
        if name not in draft.overrides:
            base = variant.localization.get_latest_revision_as_object()
            draft.cta_link, draft.cta_action_id = base.cta_link, base.cta_action_id
        set_override(draft, name, {"label": text, "link": draft.cta_link})
    else:
        set_override(draft, name, text)
    if not variant.live:
        draft.save()
    draft.save_revision(user=user, clean=False, overwrite_revision=_to_write_over(variant, own, user))
    remember_base(draft)


def _to_write_over(variant: Variant, own: int | None, user: User) -> Revision | None:
    """Return the revision that grows with the typing: not one that is on air, scheduled or another's."""
    if own is None or own != variant.latest_revision_id or own == variant.live_revision_id:
        return None
    return Revision.objects.filter(pk=own, user=user, approved_go_live_at__isnull=True).first()


def _make(row: ContentItem, channel: ChannelEntry, user: User) -> Variant:
    """Make the channel's version in the language of ``row``, on the original first: there it is said whom it is for."""
    source = row if row.is_source else ContentItem.objects.sources().get(key=row.key)
    origin = _of_channel(source, channel)
    if origin is None:
        refuse_facts(user)
        origin = create_variant(source, _free_code(source, channel), user=user, channels=[channel.id])
    return _find(row, channel) or create_variant(row, origin.code, user=user)


def _find(row: ContentItem, channel: ChannelEntry) -> Variant | None:
    """Return the channel's version in the language of ``row``."""
    if row.is_source:
        return _of_channel(row, channel)
    source = ContentItem.objects.sources().filter(key=row.key).first()
    origin = source and _of_channel(source, channel)
    return origin and Variant.objects.filter(localization=row, code=origin.code).first()


def _of_channel(source: ContentItem, channel: ChannelEntry) -> Variant | None:
    """Return the original's version that is for this channel and nobody in particular; of several the first by code."""
    found = Variant.objects.filter(localization=source, channels__channel_id=channel.id, experiment="")
    for variant in found.filter(audience__isnull=True):
        draft = variant.get_latest_revision_as_object()
        named = {one.channel_id for one in draft.channels.all()}
        if named == {channel.id} and not draft.audience.all() and not draft.experiment:
            return variant
    return None


def _free_code(source: ContentItem, channel: ChannelEntry) -> str:
    """Return a code for the channel's version: the channel's own, with a number where that is taken."""
    wanted = channel.code.rpartition(":")[2]
    taken = {code.lower() for code in source.variants.values_list("code", flat=True)}
    codes = [wanted, *(f"{wanted}-{number}" for number in range(2, len(taken) + 3))]
    return next(code for code in codes if code.lower() not in taken)


def _as_text(row: ContentItem | Variant, name: str) -> str:
    value = value_of(row, name)
    return (value[0] if name == CALL_TO_ACTION else value) or ""


def _longest(name: str) -> int | None:
    """Return how many characters a text may have, None where nothing limits it."""
    if name.startswith(TEXT_PREFIX):
        return NamedText._meta.get_field("text").max_length
    return None if name.startswith(FIELD_PREFIX) else Variant._meta.get_field(COLUMNS[name][0]).max_length
