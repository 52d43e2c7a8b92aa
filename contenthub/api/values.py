"""What items are made of besides text: links, calls to action, images, and the fields of their types.

The sources are parts of a served document, together with the item they belong to where they lead to others.
"""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

import graphene

from channels.links import address
from contenthub.delivery.documents import Json
from contenthub.delivery.renditions import full_address, primary_campaign
from contenthub.delivery.served import ServedItem
from locales.cldr import format_date, format_money
from taxonomy.schema import Term, TermNode

from .enums import LinkKind, LinkKinds
from .selection import item_needs_body


class Part(NamedTuple):
    """A part of an item's document."""

    item: ServedItem
    data: Json


def find_linked(item: ServedItem, key: str, info: graphene.ResolveInfo) -> ServedItem | None:
    """Return the item with this key as the context of ``item`` sees it."""
    return next(iter(item.batch.find_referred([key], with_body=item_needs_body(info))), None)


def call_to_action(item: ServedItem, data: Json | None) -> Part | None:
    """Return a call to action as a source; None for one that leads nowhere."""
    return Part(item, data) if data and data["link"] else None


class Link(graphene.ObjectType):
    """Where something leads."""

    kind = graphene.Field(LinkKind, required=True, description="What it leads to.")
    url = graphene.String(
        required=True,
        description="Address: https:, mailto: or tel:; for an item item: and its key. In a channel with a link policy "
        "its deep link, and with its tracking parameters.",
    )
    item = graphene.Field(
        "contenthub.api.items.Item",
        description="The item it leads to, seen in the same context; null if it is not seen, or no item.",
    )

    @staticmethod
    def resolve_kind(root: Part, info: graphene.ResolveInfo) -> LinkKinds:
        return LinkKinds(root.data["kind"])

    @staticmethod
    def resolve_url(root: Part, info: graphene.ResolveInfo) -> str:
        url = f"item:{root.data['key']}" if root.data["kind"] == "ITEM" else root.data["url"]
        channel = root.item.context.channel
        return address(url, channel.links, primary_campaign(root.item.head)) if channel else url

    @staticmethod
    def resolve_item(root: Part, info: graphene.ResolveInfo) -> ServedItem | None:
        return find_linked(root.item, root.data["key"], info) if root.data["kind"] == "ITEM" else None


class CallToAction(graphene.ObjectType):
    """What the reader is asked to do next."""

    label = graphene.String(required=True, description="Text of the button or link.")
    link = graphene.Field(Link, required=True, description="Where it leads.")
    action = graphene.Field(Term, description="The intended action, a term of the facet action.")

    @staticmethod
    def resolve_label(root: Part, info: graphene.ResolveInfo) -> str:
        return root.data["label"]

    @staticmethod
    def resolve_link(root: Part, info: graphene.ResolveInfo) -> Part:
        return Part(root.item, root.data["link"])

    @staticmethod
    def resolve_action(root: Part, info: graphene.ResolveInfo) -> TermNode | None:
        return info.context.term(root.data["action"], root.item.context.locale) if root.data["action"] else None


class NamedText(graphene.ObjectType):
    """A short text under a name of its own, such as push_title."""

    name = graphene.String(required=True, description="As Item.text(name:) is asked for it.")
    text = graphene.String(required=True, description="The text, without markup.")


class FocalPoint(graphene.ObjectType):
    """The point of an image that must stay in sight when it is cropped."""

    x = graphene.Float(required=True, description="From the left edge, 0 to 1 of the width.")
    y = graphene.Float(required=True, description="From the upper edge, 0 to 1 of the height.")


class ImageSource(graphene.ObjectType):
    """One size and format of an image."""

    url = graphene.String(required=True, description="Full address of the file.")
    width = graphene.Int(required=True, description="Width in pixels.")
    height = graphene.Int(required=True, description="Height in pixels.")
    mime_type = graphene.String(required=True, description="Format, for example image/webp.")

    @staticmethod
    def resolve_url(root: Json, info: graphene.ResolveInfo) -> str:
        return full_address(root["url"])


class Image(graphene.ObjectType):
    """A picture in several sizes."""

    url = graphene.String(required=True, description="Full address of the main file.")
    alt = graphene.String(required=True, description="Text for those who do not see it; empty: decoration only.")
    caption = graphene.String(description="Text to show with it.")
    credit = graphene.String(description="Whom to name as its maker or owner.")
    width = graphene.Int(required=True, description="Width of the main file in pixels.")
    height = graphene.Int(required=True, description="Height of the main file in pixels.")
    focal_point = graphene.Field(FocalPoint, description="What to keep in sight; null: the middle.")
    sources = graphene.List(
        graphene.NonNull(ImageSource), required=True, description="The sizes and formats there are."
    )

    @staticmethod
    def resolve_url(root: Json, info: graphene.ResolveInfo) -> str:
        return full_address(root["url"])


class FieldValue(graphene.Interface):
    """One of the fields that an item has by its type. The kind of the field decides which value it is."""

    name = graphene.String(required=True, description="Name of the field, for example price.")

    @staticmethod
    def resolve_name(root: Part, info: graphene.ResolveInfo) -> str:
        return root.data["name"]

    @classmethod
    def resolve_type(cls, instance: Part, info: graphene.ResolveInfo) -> type[graphene.ObjectType]:
        return VALUE_TYPES[instance.data["kind"]]


class TextValue(graphene.ObjectType):
    """A text."""

    class Meta:
        interfaces = (FieldValue,)

    text = graphene.String(required=True, description="The text, without markup.")

    @staticmethod
    def resolve_text(root: Part, info: graphene.ResolveInfo) -> str:
        return root.data["value"]


class NumberValue(graphene.ObjectType):
    """A number."""

    class Meta:
        interfaces = (FieldValue,)

    number = graphene.Float(required=True, description="The number; its unit is said by the field's label.")

    @staticmethod
    def resolve_number(root: Part, info: graphene.ResolveInfo) -> float:
        return root.data["value"]


class BooleanValue(graphene.ObjectType):
    """Yes or no."""

    class Meta:
        interfaces = (FieldValue,)

    boolean = graphene.Boolean(required=True, description="True for yes.")

    @staticmethod
    def resolve_boolean(root: Part, info: graphene.ResolveInfo) -> bool:
        return root.data["value"]


class DateValue(graphene.ObjectType):
    """A day."""

    class Meta:
        interfaces = (FieldValue,)

    date = graphene.Date(required=True, description="The day, ISO 8601.")
    formatted = graphene.String(required=True, description="The day as it is written in the served locale (CLDR).")

    @staticmethod
    def resolve_date(root: Part, info: graphene.ResolveInfo) -> date:
        return date.fromisoformat(root.data["value"])

    @staticmethod
    def resolve_formatted(root: Part, info: graphene.ResolveInfo) -> str:
        return format_date(date.fromisoformat(root.data["value"]), root.item.head["locale"])


class MoneyValue(graphene.ObjectType):
    """An amount of money."""

    class Meta:
        interfaces = (FieldValue,)

    amount = graphene.String(required=True, description="The amount as a decimal number, for example 12.50.")
    currency = graphene.String(required=True, description="ISO 4217 code, for example EUR.")
    formatted = graphene.String(required=True, description="The amount as it is written in the served locale (CLDR).")

    @staticmethod
    def resolve_amount(root: Part, info: graphene.ResolveInfo) -> str:
        return root.data["value"]["amount"]

    @staticmethod
    def resolve_currency(root: Part, info: graphene.ResolveInfo) -> str:
        return root.data["value"]["currency"]

    @staticmethod
    def resolve_formatted(root: Part, info: graphene.ResolveInfo) -> str:
        value = root.data["value"]
        return format_money(Decimal(value["amount"]), value["currency"], root.item.head["locale"])


class LinkValue(graphene.ObjectType):
    """A link."""

    class Meta:
        interfaces = (FieldValue,)

    link = graphene.Field(Link, required=True, description="Where it leads.")

    @staticmethod
    def resolve_link(root: Part, info: graphene.ResolveInfo) -> Part:
        return Part(root.item, root.data["value"])


class ImageValue(graphene.ObjectType):
    """One or more pictures."""

    class Meta:
        interfaces = (FieldValue,)

    images = graphene.List(graphene.NonNull(Image), required=True, description="The pictures in their order.")

    @staticmethod
    def resolve_images(root: Part, info: graphene.ResolveInfo) -> list[Json]:
        return root.data["value"]


class ItemValue(graphene.ObjectType):
    """One or more other items."""

    class Meta:
        interfaces = (FieldValue,)

    items = graphene.List(
        graphene.NonNull("contenthub.api.items.Item"),
        required=True,
        description="The items, seen in the same context; those that are not seen are left out.",
    )

    @staticmethod
    def resolve_items(root: Part, info: graphene.ResolveInfo) -> list[ServedItem]:
        return root.item.batch.find_referred(root.data["value"], with_body=item_needs_body(info))


class TermValue(graphene.ObjectType):
    """One or more terms."""

    class Meta:
        interfaces = (FieldValue,)

    terms = graphene.List(graphene.NonNull(Term), required=True, description="The terms in the editor's order.")

    @staticmethod
    def resolve_terms(root: Part, info: graphene.ResolveInfo) -> list[TermNode]:
        return info.context.terms(root.data["value"], root.item.context.locale)


VALUE_TYPES: dict[str, type[graphene.ObjectType]] = {
    "text": TextValue,
    "number": NumberValue,
    "boolean": BooleanValue,
    "date": DateValue,
    "money": MoneyValue,
    "link": LinkValue,
    "image": ImageValue,
    "item": ItemValue,
    "term": TermValue,
}
