"""Version ids: the names of published states, composed of a base and of the variants that contribute to it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson
from django.db.models import Max, OuterRef, Subquery

from .documents import Json
from .filters import is_storable
from .models import Document, IndexRow, VariantRow
from .resolving import BODY, cascade

MOST_PARTS = 200
_BETWEEN = "."


@dataclass(frozen=True, slots=True)
class ServedVersion:
    """The content served under a version id, and when; ``document`` is head and body in one."""

    id: str
    key: str
    locale: str
    variants: tuple[str, ...]
    served_from: datetime
    served_until: datetime | None
    document: Json


@dataclass(frozen=True, slots=True)
class _Part:
    """One document of a version."""

    key: str
    locale: str
    variant: str
    served_from: datetime
    served_until: datetime | None
    head: Json
    body: Json


def compose_version(base: str, variants: Iterable[str]) -> str:
    """Return the version id of a base with these contributing variants, the highest first."""
    return _BETWEEN.join((base, *variants))


def latest(base: Json, winning: Iterable) -> str:
    """Return when the newest of a base and of the winning variants was changed, as in documents."""
    return max([base["updated_at"], *(each.updated_at for each in winning)], key=datetime.fromisoformat)


def find_version(version: str, *, now: datetime) -> ServedVersion | None:
    """Return what was served under a version id; what is only scheduled is not there yet."""
    ids = version.split(_BETWEEN)
    if not is_storable(version) or len(ids) > MOST_PARTS:
        return None
    parts = _read_parts(ids, now)
    if len(parts) != len(ids) or not _belong_together(parts):
        return None
    base, *variants = parts
    resolution = cascade(base.head, variants)
    giver = resolution.provenance[BODY] or base
    start = max(part.served_from for part in parts)
    end = min((part.served_until for part in parts if part.served_until), default=None)
    if end is not None and end <= start:
        return None
    document = {**resolution.head, **giver.body}
    return ServedVersion(version, base.key, base.locale, tuple(part.variant for part in variants), start, end, document)


def _read_parts(ids: Sequence[str], now: datetime) -> list[_Part]:
    """Return the documents of these versions in their order, as far as they were served."""
    index = IndexRow.objects.filter(document_id=OuterRef("pk")).values("document_id").annotate(end=Max("ends_at"))
    rows = VariantRow.objects.filter(document_id=OuterRef("pk")).values("document_id").annotate(end=Max("ends_at"))
    found = {}
    documents = Document.objects.filter(version__in=ids, served_from__lte=now)
    documents = documents.annotate(index_end=Subquery(index.values("end")), row_end=Subquery(rows.values("end")))
    columns = "version", "item__key", "locale_code", "variant", "served_from", "served_until"
    for name, key, locale, variant, start, until, *ends, head, body in documents.values_list(
        *columns, "index_end", "row_end", "head", "body"
    ):
        last = max((end for end in ends if end), default=None)
        if until is None and last is not None and last <= now:
            until = last
        found[name] = _Part(key, locale, variant, start, until, orjson.loads(head), orjson.loads(body))
    return [found[name] for name in ids if name in found]


def _belong_together(parts: Sequence[_Part]) -> bool:
    base, *variants = parts
    codes = [part.variant for part in variants]
    places = {(part.key, part.locale) for part in parts}
    return not base.variant and all(codes) and len(set(codes)) == len(codes) and len(places) == 1
