"""How many items name each term of a facet in whatever place, as the rows of editors stand: for reports."""

from collections import defaultdict
from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast

from taxonomy.models import Term

from ..codes import FieldKind
from ..models import ClassificationRule, ContentItem, FieldDefinition, ItemTerm, Variant, VariantTerm
from .uses import BLOCK_KEYS, slots_of


def named_in(facet: str) -> dict[str, int]:
    """Return how many items name each term: as a tag, an intended action, in a block or a field, also by a version.

    What only a rule of a type names is there with 0. As many statements for many items as for one.
    """
    keys: dict[str, set[str]] = defaultdict(set)
    for links, key in ((ItemTerm, "item__key"), (VariantTerm, "variant__localization__key")):
        for code, item in links.objects.filter(term__facet__code=facet).values_list("term__code", key).iterator():
            keys[code].add(item)
    codes = dict(Term.objects.filter(facet__code=facet).values_list("pk", "code"))
    known: dict[Any, str] = {**codes, **{code: code for code in codes.values()}}  # a field has terms by code
    fields: dict[int, list[str]] = defaultdict(list)
    for kind, name in FieldDefinition.objects.filter(kind=FieldKind.TERM).values_list("item_type", "name"):
        fields[kind].append(name)
    for model, base in ((ContentItem, ""), (Variant, "localization__")):
        named = Q(cta_action__facet__code=facet) | Q(**{f"{base}type__in": list(fields)})
        for block in BLOCK_KEYS:
            named |= Q(body_text__contains=f'"{block}"')
        rows = model.objects.annotate(body_text=Cast("body", models.TextField())).filter(named)
        columns = (f"{base}key", f"{base}type", "cta_action", "own_fields", "body")
        for item, kind, action, own_fields, body in rows.values_list(*columns).iterator():
            content = {"cta_action": action, "own_fields": own_fields, "body": list(body.raw_data)}
            for terms in slots_of(content, fields.get(kind, ())).values():
                for term in terms:
                    if term in known:
                        keys[known[term]].add(item)
    ruled = ClassificationRule.objects.filter(below__facet__code=facet).values_list("below__code", flat=True)
    return dict.fromkeys(ruled, 0) | {code: len(items) for code, items in keys.items()}
