"""Letting content follow terms that others took the place of, and putting it back.

What follows: rows, newest drafts and scheduled revisions of all languages, frozen facts, and the rules of types.
Older revisions stay as they were written.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.models import Revision

from contenthub.delivery.models import FactTerm, PublishedItem
from taxonomy.models import Term

from ..facts import named_terms
from ..models import ClassificationRule, ContentItem, ItemTerm
from .places import Localization, localizations, term_fields
from .uses import FIELD, TAGS, Slots, Successors, followed, slots_of, with_slots

Json = dict[str, Any]
Choose = Callable[[str, Slots], Slots]  # by "row", "facts" or the id of a revision: what becomes of its slots


@dataclass
class Followed:
    """What was changed, in the form of the journal: ``[before, after]`` by slot."""

    localizations: list[Json] = field(default_factory=list)
    facts: dict[str, Json] = field(default_factory=dict)
    rules: list[list[int]] = field(default_factory=list)
    variants: list[Json] = field(default_factory=list)

    def as_json(self) -> Json | None:
        told = {
            "localizations": self.localizations,
            "facts": self.facts,
            "rules": self.rules,
            "variants": self.variants,
        }
        return told if any(told.values()) else None

    @property
    def keys(self) -> set[str]:
        return {one["key"] for one in (*self.localizations, *self.variants)} | self.facts.keys()


def follow(keys: Iterable[str], successors_for: Callable[[str], Successors]) -> Followed:
    """Let these items follow: ``successors_for`` says, by key, what stands in the place of which term."""
    done = Followed()
    for batch in localizations(keys):
        _Batch(batch).rewrite(lambda one: lambda _, slots: followed(slots, successors_for(one)), done)
    return done


def put_back(told: Json) -> Followed:
    """Give the items what they had before, where it is as it was left; also in drafts written since.

    Raises:
        ValidationError: items were changed since so that they build on it, a message each; nothing was written.
    """
    done, blocked = Followed(), []
    by_key: dict[str, _Memory] = {}
    for one in told["localizations"]:
        by_key.setdefault(one["key"], _Memory()).add(one["places"])
    for key, facts in told["facts"].items():
        by_key.setdefault(key, _Memory()).add({"facts": facts})
    for batch in localizations(by_key):
        blocked += _Batch(batch).rewrite(
            lambda key: by_key[key].before, done, is_blocked=lambda key: by_key[key].blocked
        )
    if blocked:
        raise ValidationError(
            [
                _("%(key)s was tagged otherwise since: change its tags back first.") % {"key": key}
                for key in blocked[:20]
            ]
        )
    for pk, before, after in told["rules"]:
        ClassificationRule.objects.filter(pk=pk, below=after).update(below=before)
    return done


class _Memory:
    """What the places of one item held before and after a change."""

    def __init__(self) -> None:
        self.places: dict[str, Json] = {}
        self.came: set[Any] = set()
        self.blocked = False

    def add(self, places: Mapping[str, Json]) -> None:
        self.places |= places
        for slots in places.values():
            for before, after in slots.values():
                self.came |= set(after) - set(before)

    def before(self, place: str, slots: Slots) -> Slots:
        """Return the slots that are to be as before; note where something else builds on what came."""
        changed = {}
        for name, terms in slots.items():
            # A draft written since, or published since, holds what another place was left with: the newest first.
            newest = sorted(self.places, key=lambda one: int(one) if one.isdecimal() else 0, reverse=True)
            held = [self.places[one][name] for one in (place, *newest) if name in self.places.get(one, {})]
            match = next((before for before, after in held if after == terms), None)
            if match is None and held and self.came & set(terms):
                self.blocked = True
            elif match is not None and match != terms:
                changed[name] = match
        return changed


class _Batch:
    """Some localizations that are rewritten together."""

    def __init__(self, batch: list[Localization]) -> None:
        self.batch = batch
        self.frozen = {
            item.key: item
            for item in PublishedItem.objects.filter(key__in={one.row.key for one in batch}, facts__isnull=False)
        }

    def rewrite(
        self,
        choosing: Callable[[str], Choose],
        done: Followed,
        *,
        is_blocked: Callable[[str], bool] = lambda key: False,
    ) -> list[str]:
        """Rewrite what is chosen and add it to ``done``; nothing where an item is blocked: those are returned."""
        planned = [self._planned(one, choosing(one.row.key)) for one in self.batch]
        facts = {key: _Change(_fact_slots(item.facts), "facts", choosing(key)) for key, item in self.frozen.items()}
        blocked = sorted({one.row.key for one in self.batch if is_blocked(one.row.key)})
        if not blocked:
            self._write([plan for plan in planned if plan.names], done)
            touched = {plan.one.row.key for plan in planned if plan.names}
            self._write_facts({key: one for key, one in facts.items() if one.after or key in touched}, done)
        return blocked

    def _planned(self, one: Localization, choose: Choose) -> "_Planned":
        names = term_fields(one.row)
        places = {"row": _Change(slots_of(one.content(), names), "row", choose)}
        for revision in one.revisions:
            places[str(revision.pk)] = _Change(slots_of(revision.content, names), str(revision.pk), choose)
        return _Planned(one, places)

    def _write(self, plans: list["_Planned"], done: Followed) -> None:
        rows, revisions, tags = [], [], _Tags()
        for plan in plans:
            if "row" in plan.changed:
                tags.change(plan.one, plan.changed["row"])
                if plan.rewrite_row():
                    rows.append(plan.one.row)
            for revision in plan.one.revisions:
                if str(revision.pk) in plan.changed:
                    revision.content = with_slots(revision.content, plan.changed[str(revision.pk)])
                    revisions.append(revision)
            done.localizations.append({"row": plan.one.row.pk, "key": plan.one.row.key, "places": plan.noted()})
        ContentItem.objects.bulk_update(rows, ["cta_action", "own_fields", "body"], batch_size=100)
        Revision.objects.bulk_update(revisions, ["content"], batch_size=100)
        tags.write()

    def _write_facts(self, changes: dict[str, "_Change"], done: Followed) -> None:
        items = [self.frozen[key] for key, change in changes.items() if change.after]
        for item in items:
            item.facts = _with_fact_slots(item.facts, changes[item.key].after)
        PublishedItem.objects.bulk_update(items, ["facts"], batch_size=100)
        done.facts |= {key: change.noted(change.before) for key, change in changes.items()}
        retagged = [item for item in items if TAGS in changes[item.key].after]
        FactTerm.objects.filter(item__in=retagged).delete()
        codes = {code for item in retagged for code in named_terms(item)}
        ids = dict(Term.objects.filter(code__in=codes).values_list("code", "pk"))
        FactTerm.objects.bulk_create(
            [FactTerm(item=item, term_id=ids[code]) for item in retagged for code in named_terms(item)],
            batch_size=1000,
        )


class _Change:
    """What becomes of the slots of one place: ``after`` holds those that change."""

    def __init__(self, before: Slots, place: str, choose: Choose) -> None:
        self.before = before
        self.after = choose(place, before)

    def noted(self, names: Iterable[str]) -> Json:
        """Return before and after of these slots, also where nothing changes: it tells so that nothing did."""
        return {
            name: [self.before[name], self.after.get(name, self.before[name])]
            for name in self.before.keys() & set(names)
        }


class _Planned:
    """What becomes of one localization: its row, by "row", and its revisions, by their ids as text."""

    def __init__(self, one: Localization, places: dict[str, _Change]) -> None:
        self.one, self.places = one, places
        self.changed = {place: change.after for place, change in places.items() if change.after}
        self.names = {name for slots in self.changed.values() for name in slots}

    def noted(self) -> Json:
        return {place: change.noted(self.names) for place, change in self.places.items()}

    def rewrite_row(self) -> bool:
        """Change the row's own columns; return whether any of them changed."""
        changed = {name: terms for name, terms in self.changed["row"].items() if name != TAGS}
        if changed:
            row = self.one.row
            content = with_slots({**self.one.content(), "classification": []}, changed)
            row.cta_action_id, row.own_fields = content["cta_action"], content["own_fields"]
            if isinstance(content["body"], str):
                row.body = row._meta.get_field("body").to_python(content["body"])
        return bool(changed)


class _Tags:
    """Tags of rows, changed in bulk: a term that stays keeps its row, so no two rows ever meet."""

    def __init__(self) -> None:
        self.gone: list[int] = []
        self.changed: list[ItemTerm] = []
        self.new: list[ItemTerm] = []

    def change(self, one: Localization, slots: Slots) -> None:
        if TAGS not in slots:
            return
        wanted = with_slots(one.content(), {TAGS: slots[TAGS]})["classification"]
        kept = {tag["pk"] for tag in wanted}
        self.gone += [tag.pk for tag in one.tags if tag.pk not in kept]
        stored = {tag.pk: tag for tag in one.tags}
        for tag in wanted:
            row = stored.get(tag["pk"]) or ItemTerm(item_id=one.row.pk)
            row.term_id, row.sort_order = tag["term"], tag["sort_order"]
            (self.changed if row.pk else self.new).append(row)

    def write(self) -> None:
        ItemTerm.objects.filter(pk__in=self.gone).delete()
        ItemTerm.objects.bulk_update(self.changed, ["term", "sort_order"], batch_size=500)
        ItemTerm.objects.bulk_create(self.new, batch_size=500)


def follow_rules(successors: Mapping[int, tuple[int, ...]]) -> list[list[int]]:
    """Let rules that ask for a branch ask for that of the successor; return what changed, by id of the rule.

    A term with several successors goes on standing for all of them in a rule, as it does in a filter.
    """
    single = {pk: found[0] for pk, found in successors.items() if len(found) == 1}
    rules = ClassificationRule.objects.filter(below__in=single)
    changed = [[rule.pk, rule.below_id, single[rule.below_id]] for rule in rules]
    for pk, _before, after in changed:
        ClassificationRule.objects.filter(pk=pk).update(below=after)
    return changed


def _fact_slots(facts: Json) -> Slots:
    """Return the terms of frozen facts by slot; they are kept by code."""
    slots: Slots = {TAGS: list(facts["terms"])} if facts["terms"] else {}
    return slots | {f"{FIELD}{one['name']}": list(one["value"]) for one in facts["fields"] if one["kind"] == "term"}


def _with_fact_slots(facts: Json, changed: Slots) -> Json:
    fields = [{**one, "value": changed.get(f"{FIELD}{one['name']}", one["value"])} for one in facts["fields"]]
    return {**facts, "terms": changed.get(TAGS, facts["terms"]), "fields": fields}
