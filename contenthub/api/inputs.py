"""What a caller gives: input types, and how they are read into requests of the domain."""

from collections.abc import Mapping
from typing import Any

import graphene

from contenthub.delivery import codes, filters
from contenthub.delivery.context import ContextRequest
from contenthub.delivery.nearness import ABOUT_FACETS
from locales.schema import LocaleCode
from taxonomy.schema import ExternalIdInput

from .enums import Depth, Fallback

Given = Mapping[str, Any]

FIVE_FACETS = ("journey", "campaign", "product", "segment", "action")


class AboutInput(graphene.InputObjectType):
    """What a moment is about: term codes by facet."""

    journey = graphene.List(graphene.NonNull(graphene.String), description="Journey term codes.")
    campaign = graphene.List(graphene.NonNull(graphene.String), description="Campaign term codes.")
    product = graphene.List(graphene.NonNull(graphene.String), description="Product term codes.")
    action = graphene.List(graphene.NonNull(graphene.String), description="Action term codes.")


class AssignmentInput(graphene.InputObjectType):
    """The arm of an experiment that the caller chose itself."""

    experiment = graphene.String(required=True, description="Code of a running experiment.")
    arm = graphene.String(required=True, description="Code of one of its arms.")


class ContextInput(graphene.InputObjectType):
    """What the caller knows. It never says who the customer is.

    Nothing in it stops an answer: what the hub does not know is ignored, a locale it does not have is
    negotiated, and each is told in extensions.notices; unless strict is true.
    """

    locale = LocaleCode(description="Language to answer in. Default: the hub's default locale.")
    fallback = Fallback(
        required=True,
        default_value=codes.Fallback.CHAIN,
        description="What answers where an item has no text of its own in the locale.",
    )
    channel = graphene.String(description="Channel code. Hides what is not meant for this channel.")
    market = graphene.String(
        description="Country or region (market:JP). Items with markets are seen only inside one of them. "
        "Left out: markets are not judged, except in decide, where it means none."
    )
    segments = graphene.List(
        graphene.NonNull(graphene.String),
        description="Segment codes that the customer belongs to; a segment implies its ancestors. Given (also "
        "empty): items with segment terms are seen only when one is met. Left out: audience is not judged, "
        "except in decide, where it means none.",
    )
    external_segments = graphene.List(
        graphene.NonNull(ExternalIdInput), description="Segments by the ids that other systems have for them."
    )
    about = AboutInput(
        description="What the moment is about; decide puts the nearest first (facets met, then tree steps to the "
        "closest term on the same line). Nothing is dropped by it."
    )
    subject = graphene.String(
        description="Opaque identifier of whoever is to see the content, for allocation to the arms of running "
        "experiments (docs/allocation.md). Values with an @ or a leading + are refused."
    )
    assignments = graphene.List(
        graphene.NonNull(AssignmentInput), description="Arms chosen elsewhere; they stand over the subject's."
    )
    at = graphene.DateTime(
        description="Instant to answer for. Default: now. The future shows what is scheduled; the past answers only "
        "item, and items and decide with filter.keys (at most 100). Wants the right 'time'."
    )
    strict = graphene.Boolean(
        required=True,
        default_value=False,
        description="Whether an unknown code is an error (UNKNOWN_CODE) instead of a notice.",
    )
    preview = graphene.String(
        description="A preview token: its drafts stand over what is published, on item, items and decide and on what "
        "they refer to. Never cached."
    )


class TermFilter(graphene.InputObjectType):
    """What the terms of one facet must be. All that is given must hold; a retired code stands for its successors."""

    any_of = graphene.List(
        graphene.NonNull(graphene.String), description="Term codes, one of which must be met; empty matches nothing."
    )
    all_of = graphene.List(
        graphene.NonNull(graphene.String), description="Term codes that must all be met; empty restricts nothing."
    )
    none_of = graphene.List(
        graphene.NonNull(graphene.String), description="Term codes of which none may be met; empty restricts nothing."
    )
    depth = Depth(
        required=True,
        default_value=codes.Depth.SELF_AND_DESCENDANTS,
        description="Which terms each code stands for.",
    )


class FacetFilter(graphene.InputObjectType):
    """What the terms of any facet must be."""

    facet = graphene.String(required=True, description="Facet code, for example market.")
    terms = TermFilter(required=True, description="What the facet's terms must be.")


class ItemFilter(graphene.InputObjectType):
    """Which items are wanted. All that is given must hold; empty keys, types or channels match nothing."""

    keys = graphene.List(graphene.NonNull(graphene.String), description="Item keys, at most 1,000.")
    types = graphene.List(graphene.NonNull(graphene.String), description="Item type codes.")
    journey = TermFilter(description="What the journey terms must be.")
    campaign = TermFilter(description="What the campaign terms must be.")
    product = TermFilter(description="What the product terms must be.")
    segment = TermFilter(description="What the segment terms must be.")
    action = TermFilter(description="What the action terms must be.")
    facets = graphene.List(graphene.NonNull(FacetFilter), description="What the terms of further facets must be.")
    channels = graphene.List(
        graphene.NonNull(graphene.String),
        description="Channel codes: items meant for one of these channels, or for every channel.",
    )
    search = graphene.String(
        description="Full text in the served locale, all words of it; Chinese, Japanese and Korean words are "
        "found inside sentences. Text without a word matches nothing."
    )
    updated_since = graphene.DateTime(description="Items changed at this instant or later.")


def read_context(given: Given | None) -> ContextRequest:
    """Return the context as a request of the domain."""
    given = given or {}
    external = given.get("external_segments")
    return ContextRequest(
        locale=given.get("locale"),
        fallback=given.get("fallback", codes.Fallback.CHAIN),
        channel=given.get("channel"),
        market=given.get("market"),
        segments=_codes(given, "segments"),
        external_segments=None
        if external is None
        else tuple((each["system"], each["identifier"]) for each in external),
        about=_about(given.get("about") or {}),
        subject=given.get("subject"),
        assignments=tuple((each["experiment"], each["arm"]) for each in given.get("assignments") or ()),
        at=given.get("at"),
        strict=given.get("strict", False),
        preview=given.get("preview"),
    )


def _about(given: Given) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((facet, tuple(given[facet])) for facet in ABOUT_FACETS if given.get(facet))


def read_filter(given: Given | None) -> filters.ItemFilter:
    """Return the filter as the domain has it."""
    given = given or {}
    five = [(facet, given[facet]) for facet in FIVE_FACETS if given.get(facet) is not None]
    further = [(each["facet"], each["terms"]) for each in given.get("facets") or ()]
    return filters.ItemFilter(
        keys=_codes(given, "keys"),
        types=_codes(given, "types"),
        terms=tuple((facet, _read_terms(terms)) for facet, terms in (*five, *further)),
        channels=_codes(given, "channels"),
        search=given.get("search"),
        updated_since=given.get("updated_since"),
    )


def _read_terms(given: Given) -> filters.TermFilter:
    return filters.TermFilter(
        any_of=_codes(given, "any_of"),
        all_of=_codes(given, "all_of"),
        none_of=_codes(given, "none_of"),
        depth=given.get("depth", codes.Depth.SELF_AND_DESCENDANTS),
    )


def _codes(given: Given, name: str) -> tuple[str, ...] | None:
    return None if given.get(name) is None else tuple(given[name])
