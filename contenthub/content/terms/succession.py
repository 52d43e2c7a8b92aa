"""Which terms take the place of retired ones, item by item."""

from functools import lru_cache

from taxonomy.dependants import TermsChanged
from taxonomy.snapshot import taxonomy_snapshot

from .uses import Successors


class Succession:
    """What stands in the place of the terms of one change, by id."""

    def __init__(self, change: TermsChanged) -> None:
        self.change = change
        self.taxonomy = taxonomy_snapshot()
        self.by_id: dict[int, tuple[int, ...]] = {}
        for code in sorted(change.codes):
            term = self.taxonomy.get(code)
            if term.replaced_by:
                self.by_id[term.id] = tuple(one.id for one in term.replaced_by)
        self._table = lru_cache(maxsize=None)(self._table_of)

    def of_item(self, key: str) -> Successors:
        """Return what stands, for one item, in the place of which term: by id, and by code as well."""
        return self._table(self.change.items.get(key, self.change.remaining))

    def _table_of(self, assigned: tuple[str, ...]) -> Successors:
        chosen = tuple(self.taxonomy.get(code).id for code in assigned)
        table = {}
        for pk, successors in self.by_id.items():
            ids = tuple(one for one in chosen if one in successors) or successors
            table[pk] = ids
            table[self.taxonomy.by_id(pk).code] = tuple(self.taxonomy.by_id(one).code for one in ids)
        return table
