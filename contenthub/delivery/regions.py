"""Texts for a region that say only what they say otherwise than their language: pure functions.

A field counts as a whole, as with variants: what a text for Switzerland leaves empty is what the German text says.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from .documents import Json, Publication
from .resolving import BODY, FIELD_PREFIX, HEAD_KEYS, TEXT_PREFIX, cascade


def written_fields(head: Json, blocks: Iterable[Json]) -> list[str]:
    """Return the names of the fields that a text says itself: those that are not empty."""
    return [
        *(name for name, key in HEAD_KEYS.items() if head[key]),
        *((BODY,) if blocks else ()),
        *(f"{TEXT_PREFIX}{text['name']}" for text in head["texts"]),
        *(f"{FIELD_PREFIX}{field['name']}" for field in head["fields"]),
    ]


def over_languages(head: Json, body: Json, languages: Sequence[tuple[Json, Json]]) -> tuple[Json, Json]:
    """Return a text, head with its fields and body, with what it leaves empty from ``languages``, nearest first."""
    for wider, its_body in languages:
        own = _Own({**head, "overrides": written_fields(head, body["blocks"])})
        head, body = {**head, **cascade(wider, [own]).head}, body if body["blocks"] else its_body
    return head, body


def in_region(text: Publication, languages: Sequence[Sequence[Publication]]) -> Iterator[Publication]:
    """Yield what readers get of a text for a region, over time, in order.

    ``languages`` are the publications of its languages, nearest first. While none of them is on air the text stands
    alone; without a headline from anywhere it is not on air.
    """
    within = {end for found in languages for one in found for end in (one.start, one.end)}
    instants = sorted({text.start, text.end, *(end for end in within if text.start < end < text.end)})
    for start, end in pairwise(instants):
        answer = _joined(text, [one for found in languages if (one := _on_air(found, start))])
        if answer.head["headline"]:
            yield replace(answer, start=start, end=end)


@dataclass(frozen=True)
class _Own:
    """What a text says itself, for the cascade."""

    head: Json


def _on_air(publications: Iterable[Publication], instant: datetime) -> Publication | None:
    return next((one for one in publications if one.start <= instant < one.end), None)


def _joined(text: Publication, languages: Sequence[Publication]) -> Publication:
    head, body = over_languages(*_with_fields(text), [_with_fields(one) for one in languages])
    fields = tuple(head.pop("fields"))
    return replace(
        text,
        head=head,
        body=body,
        fields=fields,
        slug=next((one.slug for one in (text, *languages) if one.slug), ""),
        updated_at=max(one.updated_at for one in (text, *languages)),
        is_stale=any(one.is_stale for one in (text, *languages)),
    )


def _with_fields(text: Publication) -> tuple[Json, Json]:
    return {**text.head, "fields": list(text.fields)}, text.body
