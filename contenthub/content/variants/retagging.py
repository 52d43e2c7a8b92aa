"""Letting variants follow terms that others took the place of: whom they are for, and their intended action.

Rows, newest drafts, scheduled revisions and frozen targetings follow; older revisions stay as they were written.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from wagtail.models import Revision

from contenthub.delivery.models import PublishedItem

from ..models import Variant, VariantTerm
from ..publishing import launches_of, note_terms
from ..terms.uses import Successors

Json = dict[str, Any]


def keys_naming(term_ids: Iterable[int]) -> set[str]:
    """Return the keys of items with a variant that is for one of these terms, or leads to one as its action."""
    ids = list(term_ids)
    found = Variant.objects.filter(Q(audience__term__in=ids) | Q(cta_action__in=ids))
    keys = set(found.values_list("localization__key", flat=True))
    named = {str(pk) for pk, content in _current().values_list("object_id", "content") if _names(content, set(ids))}
    return keys | set(Variant.objects.filter(pk__in=named).values_list("localization__key", flat=True))


def follow(term_ids: Iterable[int], successors_for: Callable[[str], Successors]) -> list[Json]:
    """Let variants follow: ``successors_for`` says, by key, what stands in the place of which term.

    Returns what changed, ``[before, after]`` by place: "row" or the id of a revision.
    """
    told = []
    for variant in _variants(keys_naming(term_ids)):
        successors = successors_for(variant.key)
        places = {place: (slots, _followed(slots, successors)) for place, slots in _places(variant).items()}
        changed = {place: [before, after] for place, (before, after) in places.items() if before != after}
        if changed:
            _write(variant, {place: after for place, (_, after) in changed.items()})
            told.append({"variant": variant.pk, "key": variant.key, "places": changed})
    frozen = PublishedItem.objects.filter(fact_terms__term__in=list(term_ids)).exclude(targetings={}).distinct()
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
        variant = Variant.objects.filter(pk=one["variant"]).select_related("localization").first()
        if variant is None:
            continue
        held = _places(variant)
        wanted = {place: before for place, (before, after) in one["places"].items() if held.get(place) == after}
        _write(variant, wanted)
        keys.add(variant.key)
    return keys


def _variants(keys: Iterable[str]) -> QuerySet[Variant]:
    return Variant.objects.filter(localization__key__in=keys).select_related("localization").order_by("pk")


def _current() -> QuerySet[Revision]:
    """Return the newest drafts of all variants and what of them is scheduled."""
    newest = Variant.objects.filter(latest_revision__isnull=False).values("latest_revision")
    return Revision.objects.filter(Q(pk__in=newest) | Q(pk__in=launches_of(Variant).values("pk")))


def _places(variant: Variant) -> dict[str, Json]:
    """Return the terms that the row and its current revisions name."""
    links = VariantTerm.objects.filter(variant=variant).order_by("sort_order", "pk").values_list("term_id", flat=True)
    places = {"row": {"audience": list(links), "action": variant.cta_action_id}}
    for revision in _current().filter(object_id=str(variant.pk)).order_by("pk"):
        audience = sorted(revision.content.get("audience", ()), key=lambda link: link["sort_order"] or 0)
        slots = {"audience": [link["term"] for link in audience], "action": revision.content.get("cta_action")}
        places[str(revision.pk)] = slots
    return places


def _followed(slots: Json, successors: Successors) -> Json:
    audience = [new for term in slots["audience"] for new in successors.get(term, (term,))]
    action = successors.get(slots["action"], (slots["action"],))
    return {"audience": list(dict.fromkeys(audience)), "action": action[0] if len(action) == 1 else slots["action"]}


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


def _write(variant: Variant, places: Mapping[str, Json]) -> None:
    for place, slots in places.items():
        if place == "row":
            _write_row(variant, slots)
        else:
            revision = Revision.objects.get(pk=int(place))
            had = {link["term"]: link for link in revision.content["audience"]}
            revision.content["audience"] = [
                had.get(term, {"pk": None, "variant": variant.pk}) | {"term": term, "sort_order": number}
                for number, term in enumerate(slots["audience"])
            ]
            revision.content["cta_action"] = slots["action"]
            revision.save(update_fields=["content"])


def _write_row(variant: Variant, slots: Json) -> None:
    Variant.objects.filter(pk=variant.pk).update(cta_action=slots["action"])
    had = {link.term_id: link for link in VariantTerm.objects.filter(variant=variant)}
    VariantTerm.objects.filter(variant=variant).exclude(term__in=slots["audience"]).delete()
    for number, term in enumerate(slots["audience"]):
        link = had.get(term) or VariantTerm(variant_id=variant.pk, term_id=term)
        link.sort_order = number
        link.save()


def _names(content: Json, ids: set[int]) -> bool:
    return content.get("cta_action") in ids or any(link["term"] in ids for link in content.get("audience", ()))
