"""Items as a context sees them. The source of ``Item`` is a ``ServedItem``: a document in memory."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

import graphene

from channels.codes import TextFormat as Format
from channels.personaltokens import TokenEntry, texts_in
from channels.prose import body_text
from channels.schema import Channel, ChannelNode
from contenthub.delivery import served
from contenthub.delivery.context import Context
from contenthub.delivery.documents import Json
from contenthub.delivery.renditions import full_address, term_label
from contenthub.delivery.served import ServedItem
from contenthub.delivery.servedvariants import ServedVariant, is_shown
from locales.schema import Locale, LocaleCode, LocaleNode
from taxonomy.schema import Node, Term, TermNode

from .blocks import Block, block_parts, is_seen
from .enums import TextFormat
from .experiments import Assignment
from .item_types import ItemType, ItemTypeNode
from .node_ids import item_id
from .personaltokens import PersonalToken, known_tokens
from .renditions import Rendition, RenditionNode, render
from .selection import item_needs_body
from .values import CallToAction, FieldValue, Image, NamedText, Part, call_to_action


class LocalizationNode(NamedTuple):
    """An own text of an item, with the context that it was read in."""

    entry: served.Localization
    context: Context


class Localization(graphene.ObjectType):
    """An item's own text in one locale."""

    locale = graphene.Field(Locale, required=True, description="The locale of the text.")
    slug = graphene.String(description="Its slug; null if it has none.")
    published_at = graphene.DateTime(required=True, description="First go-live of the text.")
    is_stale = graphene.Boolean(
        required=True, description="Whether the published original has changed since the text was made."
    )

    @staticmethod
    def resolve_locale(root: LocalizationNode, info: graphene.ResolveInfo) -> LocaleNode:
        return LocaleNode(info.context.locales.get(root.entry.locale), root.context.locale.chain)

    @staticmethod
    def resolve_slug(root: LocalizationNode, info: graphene.ResolveInfo) -> str | None:
        return root.entry.slug

    @staticmethod
    def resolve_published_at(root: LocalizationNode, info: graphene.ResolveInfo) -> datetime:
        return root.entry.published_at

    @staticmethod
    def resolve_is_stale(root: LocalizationNode, info: graphene.ResolveInfo) -> bool:
        return root.entry.is_stale


class Content(graphene.Interface):
    """What items and variants have in common. What a variant does not set itself it has from its base."""

    version = graphene.ID(required=True, description="Immutable name of exactly this published state.")
    headline = graphene.String(required=True, description="Headline, without markup.")
    summary = graphene.String(description="What it is about in a sentence or two, without markup.")
    body = graphene.String(
        format=TextFormat(required=True, default_value=Format.HTML, description="Form to hand it over in."),
        description="All blocks as one text, references to other items left out; null if there is none.",
    )
    blocks = graphene.List(graphene.NonNull(Block), required=True, description="The body, block by block.")
    call_to_action = graphene.Field(CallToAction, description="What the reader is asked to do; null: nothing.")
    image = graphene.Field(Image, description="The main picture.")
    texts = graphene.List(graphene.NonNull(NamedText), required=True, description="Short texts under their names.")
    text = graphene.String(
        name=graphene.String(required=True, description="Name of the text, for example push_title."),
        description="One short text; null if there is none of this name.",
    )
    fields = graphene.List(
        graphene.NonNull(FieldValue),
        required=True,
        description="The fields that the item has by its type (price, code, dates, gallery ...).",
    )
    field = graphene.Field(
        FieldValue,
        name=graphene.String(required=True, description="Name of the field, for example price."),
        description="One of the type's fields; null if it has no value.",
    )
    rendition = graphene.Field(
        Rendition,
        channel=graphene.String(description="Code of the channel. Default: the context's channel."),
        placement=graphene.String(description="One of the channel's placements, whose limits hold then."),
        description="The content in a channel's shape and measures; null where no channel is named.",
    )
    published_at = graphene.DateTime(required=True, description="First go-live of the served text.")
    updated_at = graphene.DateTime(required=True, description="Last change of what is served.")
    valid_from = graphene.DateTime(description="Go-live that the editors set; null: none was set.")
    valid_until = graphene.DateTime(description="Expiry that the editors set; null: none was set.")

    @classmethod
    def resolve_type(cls, instance: ServedItem | ServedVariant, info: graphene.ResolveInfo) -> str:
        return "Variant" if isinstance(instance, ServedVariant) else "Item"

    @staticmethod
    def resolve_headline(root: ServedItem, info: graphene.ResolveInfo) -> str:
        return root.head["headline"]

    @staticmethod
    def resolve_summary(root: ServedItem, info: graphene.ResolveInfo) -> str | None:
        return root.head["summary"]

    @staticmethod
    def resolve_body(root: ServedItem, info: graphene.ResolveInfo, format: Format) -> str | None:
        blocks = (_with_full_address(block) for block in root.blocks if is_seen(block, info))
        return body_text(blocks, format, _term_label(root, info))

    @staticmethod
    def resolve_blocks(root: ServedItem, info: graphene.ResolveInfo) -> list[Part]:
        return [part for part in block_parts(root) if is_seen(part.data, info)]

    @staticmethod
    def resolve_call_to_action(root: ServedItem, info: graphene.ResolveInfo) -> Part | None:
        return call_to_action(root, root.head["cta"])

    @staticmethod
    def resolve_image(root: ServedItem, info: graphene.ResolveInfo) -> Json | None:
        return root.head["image"]

    @staticmethod
    def resolve_texts(root: ServedItem, info: graphene.ResolveInfo) -> list[Json]:
        return root.head["texts"]

    @staticmethod
    def resolve_text(root: ServedItem, info: graphene.ResolveInfo, name: str) -> str | None:
        return next((text["text"] for text in root.head["texts"] if text["name"] == name), None)

    @staticmethod
    def resolve_fields(root: ServedItem, info: graphene.ResolveInfo) -> list[Part]:
        return [Part(root, field) for field in root.head["fields"]]

    @staticmethod
    def resolve_field(root: ServedItem, info: graphene.ResolveInfo, name: str) -> Part | None:
        return next((Part(root, field) for field in root.head["fields"] if field["name"] == name), None)

    @staticmethod
    def resolve_rendition(
        root: ServedItem, info: graphene.ResolveInfo, channel: str | None = None, placement: str | None = None
    ) -> RenditionNode | None:
        return render(root, info, channel, placement)

    @staticmethod
    def resolve_published_at(root: ServedItem, info: graphene.ResolveInfo) -> datetime:
        return datetime.fromisoformat(root.head["published_at"])

    @staticmethod
    def resolve_updated_at(root: ServedItem, info: graphene.ResolveInfo) -> datetime:
        return datetime.fromisoformat(root.head["updated_at"])

    @staticmethod
    def resolve_valid_from(root: ServedItem, info: graphene.ResolveInfo) -> datetime | None:
        return _instant(root.head["valid_from"])

    @staticmethod
    def resolve_valid_until(root: ServedItem, info: graphene.ResolveInfo) -> datetime | None:
        return _instant(root.head["valid_until"])


class FieldProvenance(graphene.ObjectType):
    """Where one field of an item came from."""

    field = graphene.String(
        required=True,
        description="headline, summary, body, callToAction or image; texts.NAME for a short text, fields.NAME for one "
        "of the type's fields.",
    )
    locale = graphene.Field(LocaleCode, required=True, description="The locale of its text.")
    variant = graphene.String(description="Code of the variant that gives it; null: the base.")


class Item(graphene.ObjectType):
    """A piece of content in the locale that is served, as the context sees it."""

    class Meta:
        interfaces = (Node, Content)
        possible_types = (ServedItem,)

    id = graphene.ID(
        required=True,
        description="Names this rendition: key, requested locale, fallback, channel, winning variants. See node.",
    )
    key = graphene.String(required=True, description="The item's identity over locales and channels.")
    export_key = graphene.String(
        required=True,
        description="The key in [A-Za-z0-9-], at most 255 characters, unique, for systems that allow no more.",
    )
    slug = graphene.String(description="What the item is called in addresses, in the served locale.")
    type = graphene.Field(ItemType, required=True, description="What kind of item it is.")
    locale = graphene.Field(Locale, required=True, description="The locale served.")
    requested_locale = graphene.Field(
        LocaleCode, required=True, description="The locale of the context, after negotiation."
    )
    is_fallback = graphene.Boolean(
        required=True, description="Whether the locale served is further down the chain than the one asked for."
    )
    variant = graphene.Field(
        "contenthub.api.variants.Variant",
        description="The highest variant that the context meets; others may supply fields, see provenance. Null: none.",
    )
    assignments = graphene.List(
        graphene.NonNull(Assignment),
        required=True,
        description="Arms that this answer stands for, control and holdout included: report exposures by it.",
    )
    provenance = graphene.List(
        graphene.NonNull(FieldProvenance), required=True, description="Where each field came from, each once."
    )
    variants = graphene.List(
        graphene.NonNull("contenthub.api.variants.Variant"),
        required=True,
        description="The variants of the served text that are on air, without the base, whomever they are for; empty "
        "without the right 'variants'.",
    )
    journey = graphene.List(
        graphene.NonNull(Term),
        required=True,
        description="Journey terms in the editor's order: the first is the primary term.",
    )
    campaign = graphene.List(
        graphene.NonNull(Term),
        required=True,
        description="Campaign terms in the editor's order: the first is the primary term.",
    )
    product = graphene.List(
        graphene.NonNull(Term),
        required=True,
        description="Product terms in the editor's order: the first is the primary term.",
    )
    segment = graphene.List(
        graphene.NonNull(Term),
        required=True,
        description="Segment terms in the editor's order: the first is the primary term.",
    )
    action = graphene.List(
        graphene.NonNull(Term),
        required=True,
        description="Intended actions in the editor's order: the first is the primary term.",
    )
    terms = graphene.List(
        graphene.NonNull(Term),
        required=True,
        facet=graphene.String(description="Facet code. Default: all facets."),
        description="Terms of one facet or of all, in the editor's order.",
    )
    channels = graphene.List(
        graphene.NonNull(Channel),
        required=True,
        description="The channels that the item is meant for; empty: every channel.",
    )
    references = graphene.List(
        graphene.NonNull("contenthub.api.items.Item"),
        required=True,
        role=graphene.String(description="Only references in this role. Default: all."),
        description="Items that this one refers to, seen in the same context; those that are not seen are left out.",
    )
    localizations = graphene.List(
        graphene.NonNull(Localization), required=True, description="The item's own texts that are on air, by locale."
    )
    next_change_at = graphene.DateTime(
        description="When this answer may change by the clock alone; null: no change is scheduled."
    )
    personal_tokens = graphene.List(
        graphene.NonNull(PersonalToken),
        required=True,
        description="Tokens in the texts, written {{code}}: the puller fills them.",
    )

    @staticmethod
    def resolve_id(root: ServedItem, info: graphene.ResolveInfo) -> str:
        return item_id(root)

    @staticmethod
    def resolve_slug(root: ServedItem, info: graphene.ResolveInfo) -> str | None:
        return root.head["slug"] or None

    @staticmethod
    def resolve_type(root: ServedItem, info: graphene.ResolveInfo) -> ItemTypeNode:
        return ItemTypeNode(root.head["type"], root.context.locale.chain)

    @staticmethod
    def resolve_locale(root: ServedItem, info: graphene.ResolveInfo) -> LocaleNode:
        return LocaleNode(info.context.locales.get(root.head["locale"]), root.context.locale.chain)

    @staticmethod
    def resolve_requested_locale(root: ServedItem, info: graphene.ResolveInfo) -> str:
        return root.context.locale.code

    @staticmethod
    def resolve_variant(root: ServedItem, info: graphene.ResolveInfo) -> ServedVariant | None:
        return ServedVariant(root, root.winning[0]) if root.winning else None

    @staticmethod
    def resolve_provenance(root: ServedItem, info: graphene.ResolveInfo) -> list[FieldProvenance]:
        locale = root.head["locale"]
        sources = root.resolution.provenance.items()
        return [FieldProvenance(field=name, locale=locale, variant=giver and giver.code) for name, giver in sources]

    @staticmethod
    def resolve_variants(root: ServedItem, info: graphene.ResolveInfo) -> list[ServedVariant]:
        if "variants" not in info.context.rights:
            return []
        channels = info.context.channels.by_code if info.context.scope.channels else None
        return [ServedVariant(root, each) for each in root.all_variants if is_shown(each.targeting, channels)]

    @staticmethod
    def resolve_journey(root: ServedItem, info: graphene.ResolveInfo) -> list[TermNode]:
        return _terms(root, info, "journey")

    @staticmethod
    def resolve_campaign(root: ServedItem, info: graphene.ResolveInfo) -> list[TermNode]:
        return _terms(root, info, "campaign")

    @staticmethod
    def resolve_product(root: ServedItem, info: graphene.ResolveInfo) -> list[TermNode]:
        return _terms(root, info, "product")

    @staticmethod
    def resolve_segment(root: ServedItem, info: graphene.ResolveInfo) -> list[TermNode]:
        return _terms(root, info, "segment")

    @staticmethod
    def resolve_action(root: ServedItem, info: graphene.ResolveInfo) -> list[TermNode]:
        return _terms(root, info, "action")

    @staticmethod
    def resolve_terms(root: ServedItem, info: graphene.ResolveInfo, facet: str | None = None) -> list[TermNode]:
        if facet is not None:
            info.context.taxonomy.get_facet(facet)
        return _terms(root, info, facet)

    @staticmethod
    def resolve_channels(root: ServedItem, info: graphene.ResolveInfo) -> list[ChannelNode]:
        found = (info.context.channels.find(code) for code in root.head["channels"])
        return [ChannelNode(channel, root.context.locale.chain) for channel in found if channel]

    @staticmethod
    def resolve_references(root: ServedItem, info: graphene.ResolveInfo, role: str | None = None) -> list[ServedItem]:
        return root.references(role, with_body=item_needs_body(info))

    @staticmethod
    def resolve_localizations(root: ServedItem, info: graphene.ResolveInfo) -> list[LocalizationNode]:
        known = info.context.locales.by_code
        return [LocalizationNode(entry, root.context) for entry in root.localizations() if entry.locale in known]

    @staticmethod
    def resolve_personal_tokens(root: ServedItem, info: graphene.ResolveInfo) -> list[TokenEntry]:
        return known_tokens(texts_in([root.head, root.blocks]), info)


def _terms(root: ServedItem, info: graphene.ResolveInfo, facet: str | None) -> list[TermNode]:
    nodes = info.context.terms(root.head["terms"], root.context.locale)
    return nodes if facet is None else [node for node in nodes if node.view.facet == facet]


def _term_label(root: ServedItem, info: graphene.ResolveInfo) -> Callable[[str], str]:
    """Return what names terms; the taxonomy is looked at only where a text names one."""
    return lambda code: term_label(info.context.taxonomy, root.context.locale.chain)(code)


def _with_full_address(block: Json) -> Json:
    if block["type"] != "image":
        return block
    return {**block, "image": {**block["image"], "url": full_address(block["image"]["url"])}}


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
