"""Dependants that write down what they are told, for tests."""

from taxonomy.dependants import Tally
from taxonomy.snapshot import taxonomy_snapshot

told = []


class RecordingDependants:
    def counts(self, term_codes):
        return {code: 7 for code in term_codes if code.endswith("used")}

    def tallies(self, term_codes):
        return {code: Tally(3, 7) for code in term_codes if code.endswith("used")}

    def facet_tallies(self, facet):
        return {}

    def named_in(self, facet):
        return {}

    def items_in(self, facet):
        return 0

    def items_url(self, term_id):
        return f"/items/?term={term_id}"

    def rules_below(self, code):
        return []

    def asked_by(self, code):
        return []

    def impact(self, changes, *, before=None):
        return {"items": 7}

    def apply(self, change):
        told.append(change)

    def put_back(self, followed):
        told.append(followed)

    def tagged(self, code, *, search, start, count):
        return [], 0


class LookingDependants(RecordingDependants):
    """Write down what the snapshot says of the parents of changed terms at the time of the change."""

    def apply(self, change):
        snapshot = taxonomy_snapshot()
        told.extend((code, [above.code for above in snapshot.get(code).broader]) for code in sorted(change.codes))


class RefusingDependants(RecordingDependants):
    def apply(self, change):
        raise RuntimeError("no")
