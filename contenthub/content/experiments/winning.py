"""The winner of a test becomes what everybody reads: its text is written over the base, its versions go off air."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from contenthub.accounts.models import User
from contenthub.delivery.resolving import FIELD_PREFIX, TEXT_PREFIX

from ..codes import ExperimentState
from ..models import ContentItem, Experiment, NamedText, Variant
from ..variants.overriding import COLUMNS


@dataclass
class Report:
    """What became of the winner's texts: how many bases have them now, and which were left alone, and why."""

    written: int = 0
    left: list[str] = field(default_factory=list)


def write_back(experiment: Experiment, *, user: User | None = None) -> Report:
    """Publish the winner's overrides on the bases of its items and take the test's versions off air.

    A base with a newer draft is left alone, since publishing would put that draft aside; so is a version for some
    readers only, since its text was not tested on all. Each item is done whole or not at all.

    Raises:
        ValidationError: the test has not stopped, or has no winner.
    """
    if experiment.state() is not ExperimentState.STOPPED or not experiment.winner:
        raise ValidationError(_("Stop the test and choose its winner first."))
    report = Report()
    carrying = Variant.objects.filter(experiment=experiment.code, localization__is_source=True)
    winners = carrying.filter(arm=experiment.winner).select_related("localization").order_by("localization__key")
    is_control = experiment.arms.filter(code=experiment.winner, is_control=True).exists()
    for winner in winners:
        try:
            with transaction.atomic():
                report.written += _write(winner, user)
                _withdraw(carrying.filter(localization=winner.localization_id), user)
        except ValidationError as error:
            report.left.append(f"{winner.key}: {' '.join(error.messages)}")
    if is_control:
        # The bases stay; items that carry no version for the control lose those of the other arms.
        _withdraw(carrying.exclude(localization__in=winners.values("localization")), user)
    return report


def _write(winner: Variant, user: User | None) -> int:
    """Write what the winner says over the item's base, in every language that has it on air; return how many."""
    if winner.audience.exists() or winner.channels.exists():
        raise ValidationError(_("Its version is for some readers only: write it into the text by hand."))
    written = 0
    versions = Variant.objects.filter(localization__key=winner.key, code=winner.code, live=True)
    for version in versions.select_related("localization").order_by("-localization__is_source"):
        base = ContentItem.objects.get(pk=version.localization_id)
        if base.has_unpublished_changes or not base.live:
            raise ValidationError(
                _("There is a draft in %(locale)s: publish or discard it first.") % {"locale": base.locale}
            )
        for name in version.overrides:
            _override(base, version, name)
        base.full_clean()
        base.save_revision(user=user, log_action=True).publish(user=user)
        written += 1
    return written


def _override(base: ContentItem, version: Variant, name: str) -> None:
    if name.startswith(TEXT_PREFIX):
        own = name.removeprefix(TEXT_PREFIX)
        texts = [text for text in base.texts.all() if text.name != own]
        value = version.short_texts.get(own, "")
        base.texts = [*texts, *([NamedText(name=own, text=value, sort_order=len(texts))] if value else [])]
    elif name.startswith(FIELD_PREFIX):
        own = name.removeprefix(FIELD_PREFIX)
        base.own_fields = {**base.own_fields, own: version.own_fields.get(own)}
    else:
        for column in COLUMNS[name]:
            setattr(base, column, getattr(version, column))


def _withdraw(origins: Iterable[Any], user: User | None) -> None:
    """Take these versions off air in every language."""
    for origin in origins:
        rows = Variant.objects.filter(localization__key=origin.key, code=origin.code, live=True)
        for row in rows.select_related("localization").order_by("localization__is_source"):
            row.unpublish(user=user)
