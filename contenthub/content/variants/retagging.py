"""Letting variants follow terms that others took the place of: whom they are for, and what they name themselves.

Rows, newest drafts, scheduled revisions and frozen targetings follow; older revisions stay as they were written.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.functions import Cast
from wagtail.models import Revision

from contenthub.delivery.models import PublishedItem

from ..models import Variant, VariantTerm
from ..publishing import launches_of, note_terms
from ..terms.places import Names, term_fields
from ..terms.uses import TAGS, Content, Slots, Successors, followed, slots_of, with_slots

Json = dict[str, Any]
AUDIENCE = "audience"  # the tags of a variant: whom it is for


def naming(names: Names) -> QuerySet[Variant]:
    """Return the variants that name one of these terms, in their rows or in what is still to be worked with."""
    texts = {"body_text": Cast("body", models.TextField()), "own_text": Cast("own_fields", models.TextField())}
    named = Q(audience__term__in=names.ids) | Q(cta_action__in=names.ids)
    named |= Q(body_text__regex=names.in_rows) | Q(own_text__regex=names.in_fields)
    rows = Variant.objects.annotate(**texts).filter(named)
    written = _current().annotate(content_text=Cast("content", models.TextField()))
    written = written.filter(Q(content_text__regex=names.in_rows) | Q(content_text__regex=names.in_fields))
    pks = set(rows.values_list("pk", flat=True)) | set(map(int, written.values_list("object_id", flat=True)))
    return Variant.objects.filter(pk__in=pks)


def keys_naming(names: Names) -> set[str]:
    """Return the keys of the items of these variants."""
    return set(naming(names).values_list("localization__key", flat=True)) if names.ids else set()


def follow(names: Names, successors_for: Callable[[str], Successors]) -> list[Json]:
    """Let variants follow: ``successors_for`` says, by key, what stands in the place of which term.

    Returns what changed, ``[before, after]`` by slot and by place: "row" or the id of a revision.
    """
    told = []
    for variant in _variants(keys_naming(names)):
        successors = successors_for(variant.key)
        places = {place: (slots, followed(slots, successors)) for place, slots in _places(variant).items()}
        changed = {place: after for place, (_, after) in places.items() if after}
        if changed:
            _write(variant, changed)
            noted = {
                place: {name: [places[place][0][name], terms] for name, terms in after.items()}
                for place, after in changed.items()
            }
            told.append({"variant": variant.pk, "key": variant.key, "places": noted})
    frozen = PublishedItem.objects.filter(fact_terms__term__in=names.ids).exclude(targetings={}).distinct()
    for item in frozen.order_by("key"):
        before = item.targetings
        after = {code: _followed_target(target, successors_for(item.key)) for code, target in before.items()}
        if before != after:
            _freeze(item, after)
            told.append({"variant": None, "key": item.key, "frozen": [before, after]})
    return told


def put_back(told: Sequence[Json]) -> set[str]:
    """Give variants what they had before, where it is as it was left; return the keys of their items."""
    keys = set()
    for one in told:
        if "frozen" in one:
            before, after = one["frozen"]
            for item in PublishedItem.objects.filter(key=one["key"], targetings=after):
                _freeze(item, before)
                keys.add(item.key)
            continue
        variant = _variants([one["key"]]).filter(pk=one["variant"]).first()
        if variant is None:
            continue
        held = _places(variant)
        wanted = {
            place: {name: before for name, (before, after) in slots.items() if held[place].get(name) == after}
            for place, slots in one["places"].items()
            if place in held
        }
        _write(variant, {place: slots for place, slots in wanted.items() if slots})
        keys.add(variant.key)
    return keys


def _variants(keys: Iterable[str]) -> QuerySet[Variant]:
    rows = Variant.objects.filter(localization__key__in=keys).select_related("localization__type").order_by("pk")
    return rows.prefetch_related("localization__type__field_definitions")


def _current() -> QuerySet[Revision]:
    """Return the newest drafts of all variants and what of them is scheduled."""
    newest = Variant.objects.filter(latest_revision__isnull=False).values("latest_revision")
    return Revision.objects.filter(Q(pk__in=newest) | Q(pk__in=launches_of(Variant).values("pk")))


def _contents(variant: Variant) -> dict[str, Content]:
    """Return row and current revisions by place, in the form in which slots are found in them."""
    links = VariantTerm.objects.filter(variant=variant).order_by("sort_order", "pk")
    audience = [{"pk": one.pk, "term": one.term_id, "sort_order": one.sort_order} for one in links]
    row = {
        "pk": variant.pk,
        "classification": audience,
        "cta_action": variant.cta_action_id,
        "own_fields": variant.own_fields,
        "body": list(variant.body.raw_data),
    }
    revisions = _current().filter(object_id=str(variant.pk)).order_by("pk")
    drafts = {str(one.pk): {**one.content, "classification": one.content.get(AUDIENCE)} for one in revisions}
    return {"row": row, **drafts}


def _places(variant: Variant) -> dict[str, Slots]:
    """Return the terms that the row and its current revisions name."""
    names = term_fields(variant)
    return {place: slots_of(content, names) for place, content in _contents(variant).items()}


def _followed_target(target: Json, successors: Successors) -> Json:
    names = {
        name: list(dict.fromkeys(new for code in target[name] for new in successors.get(code, (code,))))
        for name in ("segments", "markets")
    }
    return {**target, **names}


def _freeze(item: PublishedItem, targetings: Json) -> None:
    item.targetings = targetings
    item.save(update_fields=["targetings"])
    note_terms([item])


def _write(variant: Variant, places: Mapping[str, Slots]) -> None:
    contents = _contents(variant)
    for place, slots in places.items():
        content = with_slots(contents[place], slots)
        if place == "row":
            _write_row(variant, content, slots)
        else:
            audience = content.pop("classification")
            content[AUDIENCE] = [{**link, "variant": variant.pk} for link in audience or ()]
            for link in content[AUDIENCE]:
                link.pop("item", None)
            Revision.objects.filter(pk=int(place)).update(content=content)


def _write_row(variant: Variant, content: Content, slots: Slots) -> None:
    columns = {"cta_action": content["cta_action"], "own_fields": content["own_fields"]}
    if isinstance(content["body"], str):  # it was written anew
        columns["body"] = variant._meta.get_field("body").to_python(content["body"])
    Variant.objects.filter(pk=variant.pk).update(**columns)
    if TAGS in slots:
        had = {link.term_id: link for link in VariantTerm.objects.filter(variant=variant)}
        VariantTerm.objects.filter(variant=variant).exclude(term__in=slots[TAGS]).delete()
        for number, term in enumerate(slots[TAGS]):
            link = had.get(term) or VariantTerm(variant_id=variant.pk, term_id=term)
            link.sort_order = number
            link.save()
