"""The blocks of an item's body. Their sources are parts of a served document."""

import graphene

from channels.codes import TextFormat as Format
from channels.markup import as_format
from contenthub.delivery.documents import Json
from contenthub.delivery.served import ServedItem
from taxonomy.schema import Term, TermNode

from .enums import TextFormat
from .values import CallToAction, Image, Part, call_to_action, find_linked


def block_parts(item: ServedItem) -> list[Part]:
    """Return the blocks of an item's body as sources; calls to action that lead nowhere are left out."""
    return [
        Part(item, block)
        for block in item.blocks
        if block["type"] in BLOCK_TYPES and (block["type"] != "call_to_action" or block["cta"]["link"])
    ]


def is_seen(block: Json, info: graphene.ResolveInfo) -> bool:
    """Tell whether a block is no reference to a product that is gone, or not for the caller."""
    return block["type"] != "product_reference" or info.context.taxonomy.find(block["term"]) is not None


def _from_data(name: str):
    def resolve(root: Part, info: graphene.ResolveInfo):
        return root.data[name]

    return resolve


class Block(graphene.Interface):
    """One piece of a body. Blocks of the same id are the same block in other languages."""

    id = graphene.ID(required=True, description="Stable within the item, the same in every language.")

    resolve_id = _from_data("id")

    @classmethod
    def resolve_type(cls, instance: Part, info: graphene.ResolveInfo) -> type[graphene.ObjectType]:
        return BLOCK_TYPES[instance.data["type"]]


class HeadingBlock(graphene.ObjectType):
    """A heading."""

    class Meta:
        interfaces = (Block,)

    text = graphene.String(required=True, resolver=_from_data("text"), description="The heading, without markup.")
    level = graphene.Int(required=True, resolver=_from_data("level"), description="2 to 4; 1 is the item's headline.")


class RichTextBlock(graphene.ObjectType):
    """Running text: paragraphs, lists, emphasis, links."""

    class Meta:
        interfaces = (Block,)

    html = graphene.String(
        required=True,
        format=TextFormat(required=True, default_value=Format.HTML, description="Form to hand it over in."),
        description="The text; in spite of the name in the form asked for.",
    )

    @staticmethod
    def resolve_html(root: Part, info: graphene.ResolveInfo, format: Format) -> str:
        return as_format(root.data["html"], format)


class ImageBlock(graphene.ObjectType):
    """A picture."""

    class Meta:
        interfaces = (Block,)

    image = graphene.Field(Image, required=True, resolver=_from_data("image"), description="The picture.")
    caption = graphene.String(resolver=_from_data("caption"), description="Text to show with it.")


class QuoteBlock(graphene.ObjectType):
    """What somebody said."""

    class Meta:
        interfaces = (Block,)

    text = graphene.String(required=True, resolver=_from_data("text"), description="The words, without markup.")
    source = graphene.String(resolver=_from_data("source"), description="Who said it.")


class ListBlock(graphene.ObjectType):
    """A list of short texts."""

    class Meta:
        interfaces = (Block,)

    items = graphene.List(
        graphene.NonNull(graphene.String),
        required=True,
        resolver=_from_data("items"),
        description="The entries, without markup.",
    )
    ordered = graphene.Boolean(
        required=True, resolver=_from_data("ordered"), description="Whether the entries are numbered."
    )


class CallToActionBlock(graphene.ObjectType):
    """A call to action inside the body."""

    class Meta:
        interfaces = (Block,)

    call_to_action = graphene.Field(CallToAction, required=True, description="What the reader is asked to do.")

    @staticmethod
    def resolve_call_to_action(root: Part, info: graphene.ResolveInfo) -> Part | None:
        return call_to_action(root.item, root.data["cta"])


class QuestionBlock(graphene.ObjectType):
    """A question and its answer."""

    class Meta:
        interfaces = (Block,)

    question = graphene.String(
        required=True, resolver=_from_data("question"), description="The question, without markup."
    )
    answer = graphene.String(
        required=True, resolver=_from_data("answer"), description="The answer, HTML without scripts and styles."
    )


class TableBlock(graphene.ObjectType):
    """A table of texts."""

    class Meta:
        interfaces = (Block,)

    header = graphene.List(
        graphene.NonNull(graphene.String),
        required=True,
        resolver=_from_data("header"),
        description="The cells of the header row; empty: there is none.",
    )
    rows = graphene.List(
        graphene.NonNull(graphene.List(graphene.NonNull(graphene.String))),
        required=True,
        resolver=_from_data("rows"),
        description="The cells by row, without markup.",
    )


class EmbedBlock(graphene.ObjectType):
    """Something from another place, such as a video."""

    class Meta:
        interfaces = (Block,)

    url = graphene.String(required=True, resolver=_from_data("url"), description="Address of the page it is on.")
    title = graphene.String(resolver=_from_data("title"), description="What it is, for those who do not see it.")


class ProductReferenceBlock(graphene.ObjectType):
    """A product shown inside the body."""

    class Meta:
        interfaces = (Block,)

    term = graphene.Field(Term, required=True, description="The product, a term of the facet product.")
    label = graphene.String(resolver=_from_data("label"), description="Text to show instead of the term's label.")

    @staticmethod
    def resolve_term(root: Part, info: graphene.ResolveInfo) -> TermNode | None:
        return info.context.term(root.data["term"], root.item.context.locale)


class ItemReferenceBlock(graphene.ObjectType):
    """Another item shown inside the body."""

    class Meta:
        interfaces = (Block,)

    item = graphene.Field(
        "contenthub.api.items.Item",
        description="The item, seen in the same context; null if it is not seen.",
    )
    role = graphene.String(
        required=True, resolver=_from_data("role"), description="What it is here for, for example related."
    )

    @staticmethod
    def resolve_item(root: Part, info: graphene.ResolveInfo) -> ServedItem | None:
        return find_linked(root.item, root.data["key"], info)


class LegalNoteBlock(graphene.ObjectType):
    """Small print."""

    class Meta:
        interfaces = (Block,)

    text = graphene.String(required=True, resolver=_from_data("text"), description="The note, without markup.")


BLOCK_TYPES: dict[str, type[graphene.ObjectType]] = {
    "heading": HeadingBlock,
    "rich_text": RichTextBlock,
    "image": ImageBlock,
    "quote": QuoteBlock,
    "list": ListBlock,
    "call_to_action": CallToActionBlock,
    "question": QuestionBlock,
    "table": TableBlock,
    "embed": EmbedBlock,
    "product_reference": ProductReferenceBlock,
    "item_reference": ItemReferenceBlock,
    "legal_note": LegalNoteBlock,
}
