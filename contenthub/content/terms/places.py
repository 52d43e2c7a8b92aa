"""Finding what of the content names terms: rows, newest drafts, scheduled revisions, frozen facts."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast
from wagtail.models import Revision

from contenthub.delivery.models import FactTerm

from ..codes import FieldKind
from ..exchange.held import revisions
from ..models import ContentItem, FieldDefinition, ItemTerm
from .uses import Content

AT_ONCE = 200


@dataclass(frozen=True)
class Names:
    """Terms by what content calls them."""

    ids: tuple[int, ...]
    codes: tuple[str, ...]

    @property
    def in_rows(self) -> str:
        """A regular expression for JSON that names one of the terms by id, in a revision or in a body."""
        return rf'(term|action)\\?": ({"|".join(map(str, self.ids))})[,}}\]]'

    @property
    def in_fields(self) -> str:
        """A regular expression for JSON that names one of the terms by code."""
        return f'"({"|".join(re.escape(code).replace(re.escape("-"), "-") for code in self.codes)})"'


@dataclass
class Places:
    """The localizations that name terms in any place that follows, and the keys of their items."""

    rows: set[int] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)


def places_of(names: Names) -> Places:
    """Return where the terms are named now: the history is left out."""
    if not names.ids:
        return Places()
    found = set(ItemTerm.objects.filter(term__in=names.ids).values_list("item", flat=True))
    texts = {"body_text": Cast("body", models.TextField()), "own_text": Cast("own_fields", models.TextField())}
    named = Q(cta_action__in=names.ids) | Q(body_text__regex=names.in_rows)
    types = set(FieldDefinition.objects.filter(kind=FieldKind.TERM).values_list("item_type", flat=True))
    if types:
        named |= Q(type__in=types, own_text__regex=names.in_fields)
    found |= set(ContentItem.objects.annotate(**texts).filter(named).values_list("pk", flat=True))
    named = Q(content_text__regex=names.in_rows)
    if types:
        named |= Q(content__type__in=sorted(types), content_text__regex=names.in_fields)
    written = current_revisions().annotate(content_text=Cast("content", models.TextField())).filter(named)
    found |= set(map(int, written.values_list("object_id", flat=True)))
    keys = set(ContentItem.objects.filter(pk__in=found).values_list("key", flat=True)) if found else set()
    keys |= set(FactTerm.objects.filter(term__in=names.ids).values_list("item__key", flat=True))
    return Places(found, keys)


def current_revisions() -> models.QuerySet[Revision]:
    """Return newest drafts and what is scheduled: the revisions that are still to be worked with."""
    newest = ContentItem.objects.filter(latest_revision__isnull=False).values("latest_revision")
    return revisions().filter(Q(pk__in=newest) | Q(approved_go_live_at__isnull=False))


@dataclass
class Localization:
    """One row with its current revisions, as they are stored."""

    row: ContentItem
    tags: list[ItemTerm]
    revisions: list[Revision]

    def content(self) -> Content:
        """Return the row in the form of a revision, as far as terms are named in it."""
        tags = [
            {"pk": tag.pk, "item": self.row.pk, "term": tag.term_id, "sort_order": tag.sort_order} for tag in self.tags
        ]
        return {
            "pk": self.row.pk,
            "classification": tags,
            "cta_action": self.row.cta_action_id,
            "own_fields": self.row.own_fields,
            "body": list(self.row.body.raw_data),
        }


def localizations(keys: Iterable[str]) -> Iterator[list[Localization]]:
    """Yield the localizations of these items, those of some items at a time."""
    keys = sorted(keys)
    for start in range(0, len(keys), AT_ONCE):
        rows = list(
            ContentItem.objects.of_keys(keys[start : start + AT_ONCE])
            .select_related("type", "locale")
            .prefetch_related("texts", "type__field_definitions")
        )
        yield _with_parts(rows)


def _with_parts(rows: list[ContentItem]) -> list[Localization]:
    tags: dict[int, list[ItemTerm]] = {row.pk: [] for row in rows}
    for tag in ItemTerm.objects.filter(item__in=tags):
        tags[tag.item_id].append(tag)
    written: dict[int, list[Revision]] = {row.pk: [] for row in rows}
    newest = [row.latest_revision_id for row in rows if row.latest_revision_id]
    current = revisions().filter(object_id__in=[str(pk) for pk in written])
    for revision in current.filter(Q(pk__in=newest) | Q(approved_go_live_at__isnull=False)).order_by("pk"):
        written[int(revision.object_id)].append(revision)
    return [Localization(row, tags[row.pk], written[row.pk]) for row in rows]


def term_fields(row: Any) -> list[str]:
    """Return the names of the type's own fields that hold terms."""
    return [one.name for one in row.type.field_definitions.all() if one.kind == FieldKind.TERM]


def chunks(ids: Collection[Any]) -> Iterator[list[Any]]:
    """Yield ids in lists short enough for one statement."""
    ids = sorted(ids)
    return (ids[start : start + 500] for start in range(0, len(ids), 500))
