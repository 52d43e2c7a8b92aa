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

from channels.registry import ChannelEntry, channel_registry
from contenthub.accounts.grants import refuse_facts
from contenthub.accounts.models import User
from contenthub.delivery.resolving import CALL_TO_ACTION, FIELD_PREFIX, TEXT_PREFIX
from taxonomy.snapshot import taxonomy_snapshot

from ..airing import with_content
from ..codes import FieldKind
from ..feeding import parts_taken, written_in
from ..models import ContentItem, NamedText, Variant
from ..reached import for_everybody, targetings_of
from ..regions import givers_of
from .making import create_variant, give_back, remember_base, set_override
from .overriding import COLUMNS, field_label, value_of


class Overtaken(Exception):
    """Raised where somebody else has written in the version meanwhile."""


@dataclass(frozen=True)
class CardText:
    """A text that feeds a channel. ``name`` is as in ``Variant.overrides``; ``maximum`` in characters.

    ``inherited`` is what the channel's readers get where its version says nothing: of the base, or of the version with
    the code ``giver``.
    """

    name: str
    label: str
    value: str
    inherited: str
    giver: str | None
    is_own: bool
    maximum: int | None


@dataclass(frozen=True)
class Card:
    """What a channel takes of an item in one language: the newest drafts of the base and of the channel's version.

    ``giver`` tells by name which row gives a field where the channel's version says nothing: another version that is
    for everybody on the channel, the base, or the language of its region.
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
    def feeds(self) -> dict[str, str | None]:
        """What the channel may take, with the code of the version that gives it to everybody there; None: the base."""
        names = [written_in(part) for field in self.channel.fields for parts in field.sources for part in parts]
        return {name: self.variant.code if self.is_own(name) else self._giver_code(name) for name in names}

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
        is_own = self.is_own(name)
        label = _("Label of the call to action") if name == CALL_TO_ACTION else field_label(name, self.base)
        inherited = _as_text(self.giver(name), name)
        value = _as_text(self.variant, name) if is_own else inherited
        return CardText(name, label, value, inherited, self._giver_code(name), is_own, _longest(name))

    def _giver_code(self, name: str) -> str | None:
        row = self.giver(name)
        return row.code if isinstance(row, Variant) else None


def read_card(row: ContentItem, channel: ChannelEntry) -> Card:
    """Return what the newest drafts of a language version and of its versions for ``channel`` say."""
    variant = _find(row, channel)
    base = row.get_latest_revision_as_object()
    others, base_giver = _others(row, channel, variant), givers_of(base)

    def giver(name: str) -> Any:
        return next((one for one in others if name in one.overrides), None) or base_giver(name)

    return Card(channel, base, variant and variant.get_latest_revision_as_object(), giver)


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
            _override(variant, channel, name, text, user=user, own=own)
    return read_card(row, channel)


def _override(variant: Variant, channel: ChannelEntry, name: str, text: str, *, user: User, own: int | None) -> None:
    longest = _longest(name)
    if longest and len(text) > longest:
        raise ValidationError(_("At most %(count)d characters, please.") % {"count": longest})
    draft = variant.get_latest_revision_as_object()
    if name == CALL_TO_ACTION:
        if name not in draft.overrides:
            given = read_card(variant.localization, channel).giver(name)
            draft.cta_link, draft.cta_action_id = given.cta_link, given.cta_action_id
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


def _others(row: ContentItem, channel: ChannelEntry, own: Variant | None) -> list[Variant]:
    """Return the drafts of the other versions that everybody on this channel gets, the highest first."""
    drafts = {one.pk: _draft_of(one) for one in _with_revisions(Variant.objects.filter(localization=row))}
    originals = {one.code: one for one in drafts.values()}
    if not row.is_source:  # whom a version is for is said on the original
        family = Variant.objects.originals().filter(localization__key=row.key, code__in=originals)
        originals = {one.code: _draft_of(one) for one in _with_revisions(family)}
    targetings = targetings_of(originals.values(), taxonomy_snapshot(), channel_registry())
    others = [one for pk, one in drafts.items() if one.code in targetings and pk != (own and own.pk)]
    return for_everybody(others, targetings, channel)


def _with_revisions(variants: Any) -> Any:
    return variants.select_related("latest_revision", "localization")


def _draft_of(variant: Variant) -> Variant:
    return with_content(variant, variant.latest_revision) if variant.latest_revision else variant


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
