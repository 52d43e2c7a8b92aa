"""The choices of the API, made from those of the domain."""

from enum import Enum

import graphene

from channels.codes import TextFormat as TextForm
from contenthub.delivery import codes

from . import errors


def _enum(choices: type[Enum], descriptions: dict[Enum, str]) -> type[graphene.Enum]:
    return graphene.Enum.from_enum(choices, description=lambda value: descriptions[value] if value else choices.__doc__)


Fallback = _enum(
    codes.Fallback,
    {
        codes.Fallback.CHAIN: "The first locale of the fallback chain that has the item on air.",
        codes.Fallback.NONE: "Nothing: only items with a text of their own in the locale are seen.",
    },
)

Depth = _enum(
    codes.Depth,
    {
        codes.Depth.SELF: "The term itself only.",
        codes.Depth.SELF_AND_DESCENDANTS: "The term and everything below it.",
        codes.Depth.SELF_AND_ANCESTORS: "The term and everything above it.",
    },
)

ItemOrder = _enum(
    codes.ItemOrder,
    {
        codes.ItemOrder.NEWEST: "Last published first.",
        codes.ItemOrder.OLDEST: "First published first.",
        codes.ItemOrder.RECENTLY_CHANGED: "Last changed first.",
        codes.ItemOrder.KEY: "By key, in the order of code points.",
        codes.ItemOrder.RELEVANCE: "All words of the search in the headline, then in headline and summary, "
        "then anywhere; then the newest. Wants filter.search.",
    },
)


class Severities(Enum):
    """How much a finding weighs."""

    ERROR = "error"
    WARNING = "warning"


Severity = graphene.Enum.from_enum(
    Severities,
    name="Severity",
    description=lambda value: {
        None: Severities.__doc__,
        Severities.ERROR: "It keeps the piece from going out.",
        Severities.WARNING: "It can go out; somebody should look at it.",
    }[value],
)

TextFormat = _enum(
    TextForm,
    {
        TextForm.HTML: "HTML, without scripts and styles.",
        TextForm.MARKDOWN: "Markdown (CommonMark, tables as in GitHub's).",
        TextForm.PLAIN: "Text without any markup; blocks are parted by blank lines.",
    },
)


class LinkKinds(Enum):
    """What a link leads to."""

    URL = "URL"
    ITEM = "ITEM"
    EMAIL = "EMAIL"
    PHONE = "PHONE"


LinkKind = graphene.Enum.from_enum(
    LinkKinds,
    name="LinkKind",
    description=lambda value: {
        None: LinkKinds.__doc__,
        LinkKinds.URL: "An address on the web.",
        LinkKinds.ITEM: "Another item of the hub.",
        LinkKinds.EMAIL: "A mail address (mailto:).",
        LinkKinds.PHONE: "A telephone number (tel:).",
    }[value],
)

ErrorCode = _enum(
    errors.ErrorCode,
    {
        errors.ErrorCode.BAD_ARGUMENT: "The query or a value in it cannot be used; the message says what to change.",
        errors.ErrorCode.UNKNOWN_CODE: "A code names nothing that the hub has.",
        errors.ErrorCode.BAD_CURSOR: "A cursor is malformed, or belongs to another filter, order or context.",
        errors.ErrorCode.CURSOR_EXPIRED: "A cursor is older than what the hub remembers: read everything anew.",
        errors.ErrorCode.UNAUTHENTICATED: "The hub wants to know who asks.",
        errors.ErrorCode.FORBIDDEN: "The caller lacks a right.",
        errors.ErrorCode.TOO_LARGE: "The request is longer than the hub reads.",
        errors.ErrorCode.TOO_DEEP: "The query nests deeper than the hub follows.",
        errors.ErrorCode.TOO_COSTLY: "The query asks for more than one answer may hold.",
        errors.ErrorCode.TOO_MANY_REQUESTS: "The caller asks too often: wait and ask again.",
        errors.ErrorCode.TIMEOUT: "The answer took longer than allowed.",
        errors.ErrorCode.OPERATION_REQUIRED: "Only persisted operations are answered here.",
        errors.ErrorCode.OPERATION_UNKNOWN: "There is no persisted operation of this name.",
        errors.ErrorCode.PREVIEW_INVALID: "The preview token is not one of the hub's.",
        errors.ErrorCode.PREVIEW_EXPIRED: "The preview token is too old: open the preview again.",
        errors.ErrorCode.UNAVAILABLE: "The hub cannot answer at the moment: try again.",
        errors.ErrorCode.INTERNAL: "Something failed inside the hub; its operators find it by the requestId.",
    },
)
