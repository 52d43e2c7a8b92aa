"""The variants of an item: making them, and keeping them in step with their base."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Revision

from contenthub.accounts.models import User
from contenthub.delivery.resolving import CALL_TO_ACTION, FIELD_PREFIX, HEADLINE, SUMMARY, TEXT_PREFIX

from ..models import ContentItem, Variant, VariantChannel, VariantTerm
from ..regions import givers_of
from ..translating.staleness import go_with, move_along, original_of, source_digest, source_text
from .overriding import check_overrides, field_label, value_of


@dataclass(frozen=True)
class Moved:
    """A field whose base has changed since a variant overrode it: then, now, and the variant's own value."""

    name: str
    label: str
    then: Any
    now: Any
    own: Any

    @property
    def is_same_as_now(self) -> bool:
        return self.own == self.now


def create_variant(
    localization: ContentItem,
    code: str,
    *,
    user: User | None = None,
    terms: Iterable[Any] = (),
    channels: Iterable[int] = (),
    **columns: Any,
) -> Variant:
    """Make a variant of a language version as a draft that overrides nothing yet. Nothing is published.

    ``terms``, the ids of ``channels`` and ``columns`` say whom it is for and can be given on the original only.

    Raises:
        ValidationError: there is one of this code, the original has none, or ``localization`` is a variant itself.
    """
    if isinstance(localization, Variant):
        raise ValidationError(_("A version cannot have versions of its own: make another version of the item."))
    variant = Variant(localization=localization, code=code, live=False, **columns)
    if not localization.is_source and variant.find_original() is None:
        raise ValidationError(
            _("Make the version %(code)s on the original first: there it is said whom it is for.") % {"code": code}
        )
    refuse_taken_code(variant)
    variant.audience = [VariantTerm(term=term, sort_order=place) for place, term in enumerate(terms)]
    variant.channels = [VariantChannel(channel_id=pk, sort_order=place) for place, pk in enumerate(channels)]
    variant.full_clean(exclude=["base_revision"])
    if not localization.is_source:
        go_with(variant, source_text(original_of(variant)))
    with transaction.atomic():
        variant.save()
        variant.save_revision(user=user, log_action="wagtail.create", clean=False)
    return variant


def set_override(variant: Variant, name: str, value: Any) -> None:
    """Let ``variant`` set a field: a text, or for callToAction an object of label and link. Nothing is saved.

    Raises:
        ValidationError: the field cannot be overridden, or not with such a value.
    """
    check_overrides([name], [one.name for one in variant.type.field_definitions.all()])
    if name == CALL_TO_ACTION:
        variant.cta_label, variant.cta_link = value["label"], value["link"]
    elif name.startswith(TEXT_PREFIX):
        variant.own_texts = {**variant.own_texts, name.removeprefix(TEXT_PREFIX): value}
    elif name.startswith(FIELD_PREFIX):
        variant.own_fields = {**variant.own_fields, name.removeprefix(FIELD_PREFIX): value}
    elif name in (HEADLINE, SUMMARY):
        setattr(variant, name, value)
    else:
        raise ValidationError(_("%(name)s is written in the editor.") % {"name": name})
    variant.overrides = list(dict.fromkeys([*variant.overrides, name]))


def refuse_taken_code(variant: Variant) -> None:
    """Raise ValidationError where the language version has a variant of this code already."""
    same = Variant.objects.filter(localization=variant.localization_id, code__iexact=variant.code)
    if same.exclude(pk=variant.pk).exists():
        raise ValidationError({"code": _("This language has a version %(code)s already.") % {"code": variant.code}})


def remember_base(variant: Variant, *, anew: bool = False) -> None:
    """Note what the base has in each field that ``variant`` overrides; ``anew`` also where that is noted already.

    The notes are the row's own, whatever revision of it is on air.
    """
    base = ContentItem.objects.prefetch_related("texts").get(pk=variant.localization_id)
    now = BaseNow(base)
    noted = {} if anew else dict(Variant.objects.values_list("base_values", flat=True).get(pk=variant.pk))
    variant.base_values = {name: noted[name] if name in noted else now[name] for name in variant.overrides}
    if anew or variant.base_values.keys() - noted.keys():
        variant.base_revision_id = _revision_of(base)
    Variant.objects.filter(pk=variant.pk).update(
        base_values=variant.base_values, base_revision=variant.base_revision_id
    )


class BaseNow:
    """What a base gives in its fields as it stands, each looked up once for all its variants.

    A base for a region gives what its language says where it says nothing itself.
    """

    def __init__(self, base: ContentItem) -> None:
        self._giver = givers_of(base)
        self._values: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._values:
            self._values[name] = plain(value_of(self._giver(name), name))
        return self._values[name]

    def moved_below(self, variant: Variant) -> list[str]:
        """Return the names of the overridden fields whose base is not what it was when they were written."""
        noted = variant.base_values
        return [name for name in variant.overrides if name in noted and noted[name] != self[name]]


def moved_fields(variant: Variant, base: ContentItem) -> list[Moved]:
    """Return the overridden fields whose base is not what it was when they were written, with all three values."""
    now = BaseNow(base)
    return [
        Moved(name, field_label(name, base), variant.base_values[name], now[name], plain(value_of(variant, name)))
        for name in now.moved_below(variant)
    ]


def rebase(variant: Variant) -> int:
    """Take the base as it now is for what ``variant`` was written against; return how many fields had moved.

    What the variant says stays; nothing is published.
    """
    draft = variant.get_latest_revision_as_object()
    count = len(moved_fields(draft, variant.localization))
    remember_base(draft, anew=True)
    return count


def give_back(variant: Variant, name: str, *, user: User | None = None) -> None:
    """Let the newest draft of ``variant`` inherit a field again."""
    draft = variant.get_latest_revision_as_object()
    draft.overrides = [each for each in draft.overrides if each != name]
    if not variant.live:
        draft.save()
    draft.save_revision(user=user, clean=False)
    remember_base(draft)


def move_targeting(source: ContentItem, new: ContentItem) -> None:
    """Let the variants of ``new``, which becomes the original, say whom they are for, as those of ``source`` did.

    A variant that ``new`` does not have yet is made, overriding nothing. Other languages that were up to date are so
    against it.
    """
    existing = {one.code: one for one in Variant.objects.filter(localization=new)}
    for origin in Variant.objects.filter(localization=source):
        draft = origin.get_latest_revision_as_object()
        target = existing.get(origin.code) or Variant(localization=new, code=origin.code, live=False)
        target = target.get_latest_revision_as_object() if target.pk else target
        target.experiment, target.arm, target.priority = draft.experiment, draft.arm, draft.priority
        target.audience = [VariantTerm(term=link.term, sort_order=link.sort_order) for link in draft.audience.all()]
        target.channels = [
            VariantChannel(channel=link.channel, sort_order=link.sort_order) for link in draft.channels.all()
        ]
        target.source_values, target.source_digest = {}, source_digest(target) if target.live else ""
        target.save()
        revision = target.save_revision(changed=False, clean=False)
        if target.live:
            Variant.objects.filter(pk=target.pk).update(live_revision=revision)
        values = source_text(target)
        move_along(origin, None, values)
        for row in Variant.objects.filter(localization__key=new.key, code=origin.code).exclude(pk=target.pk):
            if origin.source_digest:
                move_along(row, origin.source_digest, values)


def plain(value: Any) -> Any:
    """Return a value as it comes back from the database."""
    return orjson.loads(orjson.dumps(value))


def _revision_of(base: ContentItem) -> int | None:
    """Return the revision whose content the row of ``base`` has."""
    candidate = base.live_revision_id if base.live else base.latest_revision_id
    return Revision.objects.filter(pk=candidate).values_list("pk", flat=True).first()
