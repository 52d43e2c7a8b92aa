"""Locales in GraphQL. A source of ``Locale`` is a ``LocaleNode``."""

from dataclasses import dataclass
from enum import Enum
from typing import Any

import graphene
from graphql import GraphQLError, StringValueNode, ValueNode

from locales.catalogue import LocaleEntry
from locales.cldr import locale_name
from locales.tags import MalformedTag


@dataclass(frozen=True, slots=True)
class LocaleNode:
    """A locale with the chain that labels around it follow."""

    entry: LocaleEntry
    chain: tuple[str, ...]


def requested_chain(info: graphene.ResolveInfo, locale: str | None, default: tuple[str, ...]) -> tuple[str, ...]:
    """Return the chain of a field's argument ``locale``, or ``default`` where none was given or none answers it.

    Raises:
        MalformedTag: the text is not a language tag.
    """
    if locale is None:
        return default
    entry = info.context.locales.negotiate(locale)
    if entry is None:
        message = f"The hub has no locale that answers '{locale}': '{default[0]}' is served."
        info.context.notice("UNKNOWN_LOCALE", message, "locale")
        return default
    return entry.chain


class LocaleCode(graphene.Scalar):
    """A BCP 47 language tag in canonical case: en, ja, pt-BR.

    Input is negotiated: PT_br, zh, de-AT find the nearest.
    """

    @staticmethod
    def serialize(value: Any) -> str:
        return str(value)

    @staticmethod
    def parse_value(value: Any) -> str:
        """Return the text as it came: which locale answers it is negotiated where it is used."""
        if not isinstance(value, str):
            raise GraphQLError(f"LocaleCode cannot represent {value!r}: write a language tag such as en or pt-BR.")
        return value

    @staticmethod
    def parse_literal(node: ValueNode, variables: dict[str, Any] | None = None) -> str:
        if not isinstance(node, StringValueNode):
            raise GraphQLError("LocaleCode is written as a string: a language tag such as en or pt-BR.", node)
        return node.value


class TextDirection(Enum):
    """Which way a language is written."""

    LTR = "LTR"
    RTL = "RTL"


_DIRECTIONS = {
    TextDirection.LTR: "From left to right.",
    TextDirection.RTL: "From right to left, such as Arabic or Hebrew.",
}
Direction = graphene.Enum.from_enum(
    TextDirection,
    name="Direction",
    description=lambda value: _DIRECTIONS[value] if value else TextDirection.__doc__,
)


class Locale(graphene.ObjectType):
    """A language, where it matters with its region, that the hub holds content in."""

    code = graphene.NonNull(LocaleCode, description="Canonical language tag, for example pt-BR.")
    name = graphene.String(
        required=True,
        locale=LocaleCode(description="Language to answer in. Default: the context's locale."),
        description="The locale's name as CLDR has it, for example Portuguese (Brazil).",
    )
    direction = graphene.Field(Direction, required=True, description="Which way it is written.")
    fallbacks = graphene.Field(
        graphene.List(graphene.NonNull(LocaleCode)),
        required=True,
        description="The chain after this locale: what is served where it has no text of its own, best first.",
    )
    is_default = graphene.Boolean(required=True, description="Whether it is served when none is asked for.")
    time_zone = graphene.String(
        description="IANA time zone, for example Asia/Tokyo; null where none is set for the locale."
    )

    @staticmethod
    def resolve_code(root: LocaleNode, info: graphene.ResolveInfo) -> str:
        return root.entry.code

    @staticmethod
    def resolve_name(root: LocaleNode, info: graphene.ResolveInfo, locale: str | None = None) -> str:
        return locale_name(root.entry.code, requested_chain(info, locale, root.chain)[0])

    @staticmethod
    def resolve_direction(root: LocaleNode, info: graphene.ResolveInfo) -> str:
        return root.entry.direction

    @staticmethod
    def resolve_fallbacks(root: LocaleNode, info: graphene.ResolveInfo) -> tuple[str, ...]:
        return root.entry.fallbacks

    @staticmethod
    def resolve_is_default(root: LocaleNode, info: graphene.ResolveInfo) -> bool:
        return root.entry.is_default

    @staticmethod
    def resolve_time_zone(root: LocaleNode, info: graphene.ResolveInfo) -> str | None:
        return root.entry.time_zone


class LocaleQueries(graphene.ObjectType):
    """The root fields about locales."""

    locales = graphene.Field(
        graphene.List(graphene.NonNull(Locale)),
        required=True,
        description="Every locale of the hub, the default first, then by code.",
    )
    locale = graphene.Field(
        Locale,
        code=LocaleCode(required=True, description="Language tag; the nearest locale answers it."),
        description="The locale that answers a language tag best; null if none does.",
    )

    @staticmethod
    def resolve_locales(root: None, info: graphene.ResolveInfo) -> list[LocaleNode]:
        catalogue = info.context.locales
        return [LocaleNode(entry, catalogue.default.chain) for entry in catalogue.by_code.values()]

    @staticmethod
    def resolve_locale(root: None, info: graphene.ResolveInfo, code: str) -> LocaleNode | None:
        try:
            entry = info.context.locales.negotiate(code)
        except MalformedTag as error:
            error.argument = "code"
            raise
        return entry and LocaleNode(entry, info.context.locales.default.chain)
