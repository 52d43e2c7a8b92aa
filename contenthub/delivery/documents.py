"""The form of a published document: what content hands over, and what is stored and read.

A stored document is two JSON objects. ``head`` is what lists show::

    {"key", "type", "locale", "slug", "headline", "summary",
     "cta": null | {"label", "link": LINK, "action": null | term code},
     "image": null | IMAGE,
     "texts": [{"name", "text"}],
     "fields": [{"name", "kind", "value"}],
     "terms": [term codes, by facet, in the editor's order],
     "channels": [channel codes],
     "references": [{"role", "key"}],
     "priority": int,
     "published_at", "updated_at", "valid_from", "valid_until"}      ISO 8601 instants, or null

``body`` is ``{"blocks": [BLOCK]}``. A LINK is ``{"kind": "URL" | "EMAIL" | "PHONE" | "ITEM", "url" | "key"}``; an
IMAGE is ``{"url", "alt", "caption", "credit", "width", "height", "focal_point": null | {"x", "y"},
"sources": [{"url", "width", "height", "mime_type"}]}``. A field's value is by its kind: text str, number float,
boolean bool, date "2026-12-01", money {"amount": "12.50", "currency"}, link LINK, image [IMAGE], item [keys],
term [codes]. A BLOCK has ``type`` and ``id`` and, by type::

    heading            text, level            rich_text          html
    image              image, caption         quote              text, source
    list               items, ordered         call_to_action     cta (as above)
    question           question, answer       table              header, rows
    embed              url, title             product_reference  term, label
    item_reference     key, role              legal_note         text

The document of a variant holds only what it overrides: its head has ``key``, ``locale``, ``variant`` (its code),
``overrides`` (names of fields as in ``delivery/resolving.py``), the instants of the text above, and of headline,
summary, cta, image, texts and fields those that are overridden; one that is not there is overridden with nothing.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from .models import FOREVER
from .targeting import Targeting

Json = dict[str, Any]


@dataclass(frozen=True)
class Facts:
    """What holds for an item in every language, from ``since`` on."""

    since: datetime
    type: str
    terms: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    references: tuple[tuple[str, str], ...] = ()
    fields: tuple[Json, ...] = ()
    priority: int = 0
    fallback_allowed: bool = True


@dataclass(frozen=True)
class Publication:
    """The text of an item in one locale, on air from ``start`` until ``end``."""

    start: datetime
    published_at: datetime
    updated_at: datetime
    slug: str
    head: Json
    body: Json
    fields: tuple[Json, ...] = ()
    end: datetime = FOREVER
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    is_stale: bool = False


@dataclass(frozen=True)
class VariantPublication:
    """What a variant of the text in one locale overrides, on air from ``start`` until ``end``, for ``targeting``."""

    code: str
    start: datetime
    published_at: datetime
    updated_at: datetime
    targeting: Targeting
    head: Json
    body: Json
    end: datetime = FOREVER
    valid_from: datetime | None = None
    valid_until: datetime | None = None


@dataclass(frozen=True)
class ItemProjection:
    """All that the store needs to know of one item: its facts over time, and its publications by locale.

    ``embargoed`` names, by locale, the instant of a first publication that is still to come. ``variants`` are by
    the locale of the text that they are variants of.
    """

    key: str
    facts: tuple[Facts, ...] = ()
    publications: Mapping[str, Sequence[Publication]] = field(default_factory=dict)
    embargoed: Mapping[str, datetime] = field(default_factory=dict)
    variants: Mapping[str, Sequence[VariantPublication]] = field(default_factory=dict)

    def referred_keys(self) -> Iterator[str]:
        """Yield the key of every item that this one refers to, at any time, in any locale and variant."""
        for facts in self.facts:
            references = [{"role": role, "key": key} for role, key in facts.references]
            yield from referred_keys({"references": references, "fields": facts.fields}, ())
        for publications in self.publications.values():
            for text in publications:
                yield from referred_keys({**text.head, "fields": text.fields}, text.body["blocks"])
        for variants in self.variants.values():
            for variant in variants:
                yield from referred_keys(variant.head, variant.body.get("blocks", ()))


@dataclass(frozen=True)
class Finished:
    """A finished document, ready to be stored, with what its index rows repeat of it."""

    version: str
    locale: str
    head: str
    body: str
    facts: Facts
    publication: Publication
    updated_at: datetime


def finish(key: str, locale: str, publication: Publication, facts: Facts) -> Finished:
    """Return the document that ``publication`` and ``facts`` make together."""
    updated_at = max(publication.updated_at, facts.since)
    by_name = {value["name"]: value for value in (*facts.fields, *publication.fields)}
    own_fields = sorted(by_name.values(), key=lambda value: value.get("place", 0))
    head = {
        "key": key,
        "type": facts.type,
        "locale": locale,
        "slug": publication.slug,
        **publication.head,
        "fields": [{name: value[name] for name in ("name", "kind", "value")} for value in own_fields],
        "terms": facts.terms,
        "channels": facts.channels,
        "references": [{"role": role, "key": target} for role, target in facts.references],
        "priority": facts.priority,
        "published_at": publication.published_at,
        "updated_at": updated_at,
        "valid_from": publication.valid_from,
        "valid_until": publication.valid_until,
    }
    version, head_json, body_json = _written(head, publication.body)
    return Finished(version, locale, head_json, body_json, facts, publication, updated_at)


@dataclass(frozen=True)
class FinishedVariant:
    """The finished document of a variant, ready to be stored."""

    version: str
    locale: str
    head: str
    body: str
    publication: VariantPublication


def finish_variant(key: str, locale: str, publication: VariantPublication) -> FinishedVariant:
    """Return the document of a variant. Whom it is for is no part of it."""
    head = {
        "key": key,
        "locale": locale,
        "variant": publication.code,
        **publication.head,
        "published_at": publication.published_at,
        "updated_at": publication.updated_at,
        "valid_from": publication.valid_from,
        "valid_until": publication.valid_until,
    }
    version, head_json, body_json = _written(head, publication.body)
    return FinishedVariant(version, locale, head_json, body_json, publication)


def referred_keys(head: Json, blocks: Iterable[Json]) -> Iterator[str]:
    """Yield the key of every item that a document refers to, in its references, fields, links and blocks."""
    yield from (each["key"] for each in head.get("references", ()))
    yield from _linked_key(head.get("cta"))
    for value in head.get("fields", ()):
        if value["kind"] == "item":
            yield from value["value"]
        elif value["kind"] == "link":
            yield from _linked_key({"link": value["value"]})
    for block in blocks:
        if block["type"] == "item_reference":
            yield block["key"]
        elif block["type"] == "call_to_action":
            yield from _linked_key(block["cta"])


def make_export_key(key: str) -> str:
    """Return ``key`` in [A-Za-z0-9-], at most 255 characters; told apart by a digest where it had to change.

    >>> make_export_key("spring-offer")
    'spring-offer'
    """
    plain = re.sub(r"[^A-Za-z0-9]+", "-", key).strip("-")
    if plain == key and len(plain) <= 255:
        return plain
    return f"{plain[:240]}-{hashlib.sha256(key.encode()).hexdigest()[:12]}".lstrip("-")


def _linked_key(cta: Json | None) -> Iterator[str]:
    link = cta and cta["link"]
    if link and link["kind"] == "ITEM":
        yield link["key"]


def _written(head: Json, body: Json) -> tuple[str, str, str]:
    """Return the version, the head and the body of a document, as they are stored."""
    head_json, body_json = orjson.dumps(head), orjson.dumps(body)
    version = hashlib.sha256(head_json + b"\n" + body_json).hexdigest()[:32]
    return version, head_json.decode(), body_json.decode()
