"""Content in the shape of a channel. The source of ``Rendition`` is that of ``channels.shaping``."""

import graphene

from channels import shaping
from channels.findings import Finding as Found
from channels.personaltokens import TokenEntry, texts_in
from channels.schema import Channel, ChannelNode
from contenthub.delivery import renditions
from contenthub.delivery.refusals import BadArgument
from contenthub.delivery.served import ServedItem
from contenthub.delivery.servedvariants import ServedVariant
from taxonomy.schema import JSON

from .enums import Severities, Severity
from .personaltokens import PersonalToken, known_tokens


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
    shapes = graphene.Field(
        JSON,
        required=True,
        description="The shape of each of these fields, by name: plain, html, email_html, markdown, blocks, ssml, link "
        "or image.",
    )
    fits = graphene.Boolean(required=True, description="Whether no finding is an error.")
    findings = graphene.List(graphene.NonNull(Finding), required=True, description="All that does not fit, by field.")
    personal_tokens = graphene.List(
        graphene.NonNull(PersonalToken), required=True, description="Tokens in these fields, for the puller to fill."
    )

    @staticmethod
    def resolve_personal_tokens(root: "RenditionNode", info: graphene.ResolveInfo) -> list[TokenEntry]:
        return known_tokens(texts_in(root.fields), info)


class RenditionNode:
    """A rendition with the chain that its channel's label follows."""

    def __init__(self, rendition: shaping.Rendition, chain: tuple[str, ...]) -> None:
        self.channel = ChannelNode(rendition.channel, chain)
        self.fields, self.fits, self.findings = rendition.fields, rendition.fits, rendition.findings
        self.shapes = {field.name: field.shape for field in rendition.channel.fields if field.name in self.fields}


def render(
    item: ServedItem | ServedVariant, info: graphene.ResolveInfo, channel: str | None, placement: str | None
) -> RenditionNode | None:
    """Return an item, or one variant of it, in the shape of a channel; None where none is named.

    An item is resolved again for the channel: its variants may be others there.

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
    seen = item.in_channel(entry, info.context) if isinstance(item, ServedItem) else item
    document = {**seen.head, "blocks": seen.blocks}
    written_in = info.context.locales.get(item.head["locale"])
    around = info.context
    shaped = renditions.render(document, entry, written_in, around.taxonomy, around.tokens, placement or "")
    return RenditionNode(shaped, item.context.locale.chain)
