"""Content in the shape of a channel. The source of ``Rendition`` is that of ``channels.shaping``."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import graphene

from channels import shaping
from channels.findings import Finding as Found
from channels.pieces import Surroundings
from channels.schema import Channel, ChannelNode
from contenthub.delivery.documents import Json
from contenthub.delivery.refusals import BadArgument
from contenthub.delivery.served import ServedItem
from locales.cldr import format_date, format_money, format_number
from taxonomy.schema import JSON

from .blocks import is_seen
from .enums import Severities, Severity
from .values import full_address

CAMPAIGN = "campaign"


class Finding(graphene.ObjectType):
    """Something about a rendition that does not fit its channel."""

    field = graphene.String(required=True, description="Field of the channel that it is about.")
    rule = graphene.String(
        required=True,
        description="What is broken: missing, alternative_text, width, ratio, link_https, link_host, link_address, "
        "or the measure of a limit.",
    )
    severity = graphene.Field(Severity, required=True, description="Whether it keeps the piece from going out.")
    message = graphene.String(required=True, description="What does not fit, with numbers.")
    measured = graphene.Int(description="What was counted, in the rule's measure; null where nothing is counted.")
    limit = graphene.Int(description="The most or least that fits; null where nothing is counted.")

    @staticmethod
    def resolve_severity(root: Found, info: graphene.ResolveInfo) -> Severities:
        return Severities(root.severity)


class Rendition(graphene.ObjectType):
    """Content as one channel takes it."""

    channel = graphene.Field(Channel, required=True, description="The channel that it is shaped for.")
    fields = graphene.Field(
        JSON,
        required=True,
        description="The channel's own fields, by name; docs/channels.md lists them for each kind. Null: empty.",
    )
    fits = graphene.Boolean(required=True, description="Whether no finding is an error.")
    findings = graphene.List(graphene.NonNull(Finding), required=True, description="All that does not fit, by field.")


class RenditionNode:
    """A rendition with the chain that its channel's label follows."""

    def __init__(self, rendition: shaping.Rendition, chain: tuple[str, ...]) -> None:
        self.channel = ChannelNode(rendition.channel, chain)
        self.fields, self.fits, self.findings = rendition.fields, rendition.fits, rendition.findings


def render(
    item: ServedItem, info: graphene.ResolveInfo, channel: str | None, placement: str | None
) -> RenditionNode | None:
    """Return an item in the shape of a channel; None where neither the argument nor the context names one.

    Raises:
        UnknownChannel: there is no such channel.
        BadArgument: the channel has no such placement.
    """
    entry = info.context.channels.get(channel) if channel else item.context.channel
    if entry is None:
        return None
    if placement and placement not in entry.placements:
        known = ", ".join(entry.placements) or "none"
        raise BadArgument(f"{entry.code} has no placement '{placement}': it has {known}.", "placement")
    document = {**item.head, "blocks": [block for block in item.blocks if is_seen(block, info)]}
    around = _surroundings(item, info)
    return RenditionNode(shaping.shape(document, entry, around, placement or ""), item.context.locale.chain)


def term_label(item: ServedItem, info: graphene.ResolveInfo) -> Callable[[str], str]:
    """Return what names a term for the readers of an item."""

    def label(code: str) -> str:
        term = info.context.taxonomy.find(code)
        return term.label(item.context.locale.chain)[0] if term else code

    return label


def _surroundings(item: ServedItem, info: graphene.ResolveInfo) -> Surroundings:
    locale = info.context.locales.get(item.head["locale"])
    label = term_label(item, info)
    return Surroundings(
        term_label=label,
        full_address=full_address,
        field_text=lambda field: _field_text(field, locale.code, label),
        language=locale.code,
        direction=locale.direction.lower(),
        campaign=next((code for code in item.head["terms"] if code.startswith(f"{CAMPAIGN}:")), None),
    )


def _field_text(field: Json, locale: str, label: Callable[[str], str]) -> str:
    """Return one of the type's own fields as a text of the locale; those that text cannot show are empty."""
    value = field["value"]
    match field["kind"]:
        case "text":
            return value
        case "number":
            return format_number(value, locale)
        case "date":
            return format_date(date.fromisoformat(value), locale)
        case "money":
            return format_money(Decimal(value["amount"]), value["currency"], locale)
        case "term":
            return ", ".join(map(label, value))
    return ""
