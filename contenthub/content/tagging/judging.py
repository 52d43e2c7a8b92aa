"""What a change of tags, or undoing it, does to items as they stand: which change, which may not, and what to tell."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from taxonomy.snapshot import TaxonomySnapshot, final_successors, taxonomy_snapshot

from ..models import ClassificationRule, Tagging, TaggingEntry, TaggingOutcome
from ..rules import violations
from .edits import TagOperation, is_same_within_facets, only, restored
from .standings import DRAFT, LAUNCH, LIVE, Standing, locked_for

Note = list[str]  # a code of NOTES in taggingviews.py, and what its text names


class Judged:
    """What becomes of one item: the outcome, what to tell, and its tags by place where they change."""

    def __init__(self, standing: Standing, outcome: TaggingOutcome, notes: list[Note] = (), after: Any = None) -> None:
        self.standing = standing
        self.outcome = outcome
        self.notes = list(notes)
        self.after: dict[str, list[int]] = after or {}
        self.before: dict[str, list[int]] = {}
        self.after_touched: dict[str, list[int]] = {}


class Judge:
    """Says what a change does to items; types, terms and rules are read once for all of them."""

    def __init__(self, tagging: Tagging, *, user: Any = None) -> None:
        self.tagging = tagging
        self.user = user or tagging.user
        self.taxonomy: TaxonomySnapshot = taxonomy_snapshot()
        self.edit = tagging.edit
        self.facets = {self._facet_of(term) for term in self.edit.touched}
        self.rules: dict[int, list[ClassificationRule]] = defaultdict(list)
        for rule in ClassificationRule.objects.filter(facet__code__in=self.facets).select_related("facet"):
            self.rules[rule.item_type_id].append(rule)

    @property
    def retired_since(self) -> list[str]:
        """The codes of the terms that items would be given and that went out of use since they were chosen."""
        given = () if self.edit.operation == TagOperation.REMOVE else self.edit.terms
        return [term.code for term in map(self.taxonomy.by_id, given) if term.is_retired]

    def judge(self, standings: Sequence[Standing]) -> list[Judged]:
        locked = locked_for([one.row for one in standings], self.user)
        return [self._judge(one, self._edited(one), locked) for one in standings]

    def judge_undo(self, standings: Sequence[Standing], entries: dict[str, TaggingEntry]) -> list[Judged]:
        locked = locked_for([one.row for one in standings], self.user)
        return [self._judge_undo(one, entries[one.row.key], locked) for one in standings]

    def _edited(self, standing: Standing) -> dict[str, list[int]]:
        return {place: self.edit.apply(standing.tags[place]) for place in self._places(standing)}

    def _places(self, standing: Standing) -> list[str]:
        reached = (DRAFT, LIVE, LAUNCH) if self.tagging.publishes else (DRAFT,)
        return [place for place in reached if place in standing.tags]

    def _judge(self, standing: Standing, wanted: dict[str, list[int]], locked: set[int]) -> Judged:
        after = {
            place: tags
            for place, tags in wanted.items()
            if not is_same_within_facets(tags, standing.tags[place], self._facet_of)
        }
        if not after:
            return Judged(standing, TaggingOutcome.UNCHANGED)
        if standing.row.pk in locked:
            return Judged(standing, TaggingOutcome.LOCKED)
        broken = [note for place in (LIVE, LAUNCH) if place in after for note in self._broken(standing, after, place)]
        if broken:
            return Judged(
                standing, TaggingOutcome.BREAKS_RULE, [list(one) for one in dict.fromkeys(map(tuple, broken))]
            )
        judged = Judged(standing, TaggingOutcome.CHANGED, self._notes(standing, after), after)
        places = [place for place in wanted if place in standing.tags]
        judged.before = {place: standing.tags[place] for place in places}
        judged.after_touched = {place: only(wanted[place], self._is_touched) for place in places}
        return judged

    def _judge_undo(self, standing: Standing, entry: TaggingEntry, locked: set[int]) -> Judged:
        wanted = {}
        for place in self._places(standing):
            # What went on air or was scheduled since has the tags that the draft got.
            known, tags = place if place in entry.after else DRAFT, standing.tags[place]
            has = only(tags, self._is_touched)
            if not is_same_within_facets(self._followed(has), self._followed(entry.after[known]), self._facet_of):
                return Judged(standing, TaggingOutcome.KEPT, [["changed_since"]])
            wanted[place] = restored(tags, self._followed(entry.before[known]), self._is_touched)
            for term in map(self.taxonomy.by_id, wanted[place]):
                if term.is_retired and term.id not in tags:
                    return Judged(standing, TaggingOutcome.KEPT, [["retired", term.facet, term.code]])
        judged = self._judge(standing, wanted, locked)
        if judged.outcome == TaggingOutcome.LOCKED:
            judged.notes = [["locked"]]
        if judged.outcome == TaggingOutcome.UNCHANGED:
            judged.outcome = TaggingOutcome.CHANGED
        return judged

    def _followed(self, tags: Iterable[int]) -> list[int]:
        """Return the tags with what replaced them since: items that carried them carry that now."""
        found = (final_successors(self.taxonomy.by_id(tag)) for tag in tags)
        return list(dict.fromkeys(term.id for terms in found for term in terms))

    def _broken(self, standing: Standing, after: dict[str, list[int]], place: str) -> list[Note]:
        """Return the rules of the touched facets that the change breaks, not those broken already."""
        rules = self.rules.get(standing.row.type_id, ())
        if not rules:
            return []
        before = set(violations(rules, self._by_facet(standing.tags[place]), self.taxonomy))
        now = violations(rules, self._by_facet(after[place]), self.taxonomy)
        return [["rule", facet, message] for facet, message in now if (facet, message) not in before]

    def _notes(self, standing: Standing, after: dict[str, list[int]]) -> list[Note]:
        row, notes = standing.row, []
        if self.tagging.publishes:
            if row.live and standing.draft:
                notes.append(["keeps_draft"])
            if not row.live:
                notes.append(["only_draft"])
            if LAUNCH in after:
                notes.append(["launch_follows"])
        else:
            if row.live and standing.draft:
                notes.append(["joins_draft"])
            if standing.launch:
                notes.append(["launch_stays"])
        if DRAFT in after and LIVE not in after:
            notes += [["draft_rule", facet, message] for _code, facet, message in self._broken(standing, after, DRAFT)]
        return notes

    def _by_facet(self, tags: Iterable[int]) -> dict[str, list[Any]]:
        found = defaultdict(list)
        for term in map(self.taxonomy.by_id, tags):
            found[term.facet].append(term)
        return found

    def _facet_of(self, term: int) -> str:
        return self.taxonomy.by_id(term).facet

    def _is_touched(self, term: int) -> bool:
        return self._facet_of(term) in self.facets
