"""Why a context is answered as it is: what is on air of an item, who wins, and where each field came from."""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from channels.registry import ChannelRegistry, channel_registry
from contenthub.delivery.allocation import Experiment
from contenthub.delivery.context import Context, ContextRequest, resolve_context
from contenthub.delivery.documents import Json
from contenthub.delivery.experiments import running_experiments
from contenthub.delivery.reading import find_item
from contenthub.delivery.recalling import past_open
from contenthub.delivery.resolving import (
    BODY,
    FIELD_PREFIX,
    HEAD_KEYS,
    TEXT_PREFIX,
    Resolution,
    rank_variants,
)
from contenthub.delivery.served import ServedItem
from contenthub.delivery.targeting import Rank, Unmet, unmet_by
from contenthub.delivery.variantreading import StoredVariant
from locales.catalogue import LocaleCatalogue, locale_catalogue
from taxonomy.snapshot import TaxonomySnapshot, taxonomy_snapshot

from .values import shown


@dataclass
class EditorsSurroundings:
    """What a question of an editor stands in; what would be told a reader as a notice is kept."""

    now: datetime
    taxonomy: TaxonomySnapshot = field(default_factory=taxonomy_snapshot)
    locales: LocaleCatalogue = field(default_factory=locale_catalogue)
    channels: ChannelRegistry = field(default_factory=channel_registry)
    experiments: Callable[[datetime], Sequence[Experiment]] = running_experiments
    notices: list[str] = field(default_factory=list)

    def notice(self, code: str, message: str, argument: str | None = None) -> None:
        self.notices.append(message)


@dataclass(frozen=True)
class FieldOrigin:
    """One field of the answer, and the variant that gives it; None: the base."""

    name: str
    value: str
    variant: str | None


@dataclass(frozen=True)
class Contender:
    """One variant that is on air or to come: its rank among those that fit, or why it does not fit."""

    code: str
    place: int | None
    rank: Rank | None
    reason: Unmet | None
    gives: tuple[str, ...]
    start: datetime
    end: datetime

    @property
    def wins(self) -> bool:
        return self.place == 1


@dataclass(frozen=True)
class Explanation:
    """The answer to one question. ``item`` is None where the context does not see the item at all."""

    context: Context
    item: ServedItem | None
    hidden_because: str
    fields: list[FieldOrigin]
    contenders: list[Contender]
    notices: list[str]


def explain(key: str, request: ContextRequest, *, now: datetime) -> Explanation:
    """Return what a context gets, or got, of an item and why.

    Raises:
        BadArgument: the instant is outside the years 1 to 9999.
    """
    with past_open() if request.at and request.at < now else nullcontext():
        return _explain(key, request, now)


def _explain(key: str, request: ContextRequest, now: datetime) -> Explanation:
    around = EditorsSurroundings(now)
    context = resolve_context(request, around, may_travel=True)
    item = find_item(context, key, with_body=True)
    if item is None:
        return Explanation(context, None, _hidden(key, context, request, around), [], [], around.notices)
    fields = [FieldOrigin(name, _text(item, name), giver and giver.code) for name, giver in _sources(item)]
    return Explanation(context, item, "", fields, _contenders(item), around.notices)


def _sources(item: ServedItem) -> list[tuple[str, StoredVariant | None]]:
    return list(item.resolution.provenance.items())


def _contenders(item: ServedItem) -> list[Contender]:
    """Return all variants of the text, those that fit first and in their order."""
    context, resolution = item.context, item.resolution
    every = item.batch.all_to_come(item)
    ranked = rank_variants(every, context.standing, context.instant)
    gives = _given_by(resolution)
    fitting = [_contender(each.variant, place, each.rank, None, gives) for place, each in enumerate(ranked, start=1)]
    others = [
        _contender(variant, None, None, reason, gives)
        for variant in sorted(every, key=lambda each: each.code)
        if (reason := unmet_by(variant, context.standing, context.instant))
    ]
    return [*fitting, *others]


def _contender(
    variant: StoredVariant, place: int | None, rank: Rank | None, reason: Unmet | None, gives: dict[str, list[str]]
) -> Contender:
    given = tuple(gives.get(variant.code, ())) if place else ()
    return Contender(variant.code, place, rank, reason, given, variant.start, variant.end)


def _given_by(resolution: Resolution[StoredVariant]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, giver in resolution.provenance.items():
        if giver:
            found.setdefault(giver.code, []).append(name)
    return found


def _text(item: ServedItem, name: str) -> str:
    """Return what the answer has in a field, as text."""
    head = item.head
    if name == BODY:
        return shown(BODY, [{"type": block["type"], "value": _without_ids(block)} for block in item.blocks])
    if name.startswith(TEXT_PREFIX):
        return _named(head["texts"], name.removeprefix(TEXT_PREFIX), "text")
    if name.startswith(FIELD_PREFIX):
        return shown(name, _value(head["fields"], name.removeprefix(FIELD_PREFIX)))
    value = head[HEAD_KEYS[name]]
    if isinstance(value, dict):
        link = value.get("link") or {}
        return " → ".join(filter(None, (value.get("label"), link.get("url") or link.get("key"), value.get("alt"))))
    return value or ""


def _without_ids(block: Json) -> Json:
    return {name: value for name, value in block.items() if name not in ("id", "type")}


def _named(entries: list[Json], name: str, column: str) -> str:
    return next((entry[column] for entry in entries if entry["name"] == name), "")


def _value(entries: list[Json], name: str) -> object:
    return next((entry["value"] for entry in entries if entry["name"] == name), None)


def _hidden(key: str, context: Context, request: ContextRequest, around: EditorsSurroundings) -> str:
    """Return why a context does not see an item: the first of its conditions without which it is seen."""
    bare = ContextRequest(locale=request.locale, fallback=request.fallback, at=request.at)
    if find_item(resolve_context(bare, around, may_travel=True), key) is None:
        return _("It is not on air in this language at this instant.")
    for name, reason in (
        ("channel", _("It is not meant for this channel.")),
        ("segments", _("It is meant for segments, and the context meets none of them.")),
        ("market", _("It is meant for markets, and the context is in none of them.")),
    ):
        single = ContextRequest(**{**_plain(bare), name: getattr(request, name)})
        if find_item(resolve_context(single, around, may_travel=True), key) is None:
            return reason
    return _("The context does not see it.")


def _plain(request: ContextRequest) -> dict:
    return {name: getattr(request, name) for name in request.__dataclass_fields__}
