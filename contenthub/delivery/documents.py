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
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from .models import FOREVER

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
class ItemProjection:
    """All that the store needs to know of one item: its facts over time, and its publications by locale.

    ``embargoed`` names, by locale, the instant of a first publication that is still to come.
    """

    key: str
    facts: tuple[Facts, ...] = ()
    publications: Mapping[str, Sequence[Publication]] = field(default_factory=dict)
    embargoed: Mapping[str, datetime] = field(default_factory=dict)


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
    head_json = orjson.dumps(head)
    body_json = orjson.dumps(publication.body)
    version = hashlib.sha256(head_json + b"\n" + body_json).hexdigest()[:32]
    return Finished(version, locale, head_json.decode(), body_json.decode(), facts, publication, updated_at)


def make_export_key(key: str) -> str:
    """Return ``key`` in [A-Za-z0-9-], at most 255 characters; told apart by a digest where it had to change.

    >>> make_export_key("spring-offer")
    'spring-offer'
    """
    plain = re.sub(r"[^A-Za-z0-9]+", "-", key).strip("-")
    if plain == key and len(plain) <= 255:
        return plain
    return f"{plain[:240]}-{hashlib.sha256(key.encode()).hexdigest()[:12]}".lstrip("-")
