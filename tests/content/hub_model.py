"""What the hub should serve, worked out the plain way: no rows, no intervals, one instant at a time."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

FOREVER = datetime(9999, 12, 31, tzinfo=UTC)


@dataclass(frozen=True)
class Facts:
    tags: tuple[str, ...]
    forbidden: bool = False


@dataclass(frozen=True)
class Text:
    """A text on air from ``start`` to ``end``; the facts are those that come with the source."""

    headline: str
    start: datetime
    end: datetime = FOREVER
    facts: Facts | None = None
    made_from: str = ""


@dataclass
class Row:
    """One language version of an item."""

    live: Text | None = None
    launch: Text | None = None
    ever: bool = False
    newest: str = ""


@dataclass
class Item:
    type: str
    source: str
    rows: dict[str, Row] = field(default_factory=dict)
    facts: Facts | None = None
    source_text: str = ""

    def settle(self, now: datetime) -> None:
        """Let launches that are due happen, in their order."""
        due = [(row.launch.start, tag != self.source, tag) for tag, row in self.rows.items() if row.launch]
        for start, _, tag in sorted(due):
            if start <= now:
                row = self.rows[tag]
                self.put_on_air(tag, row.launch)
                row.launch = None

    def put_on_air(self, tag: str, text: Text) -> None:
        row = self.rows[tag]
        row.live, row.ever = text, True
        if tag == self.source:
            self.facts, self.source_text = text.facts, text.headline

    def on_air(self, tag: str, at: datetime) -> Text | None:
        row = self.rows.get(tag)
        for text in (row.launch, row.live) if row else ():
            if text and text.start <= at:
                return text if at < text.end else None
        return None

    def facts_at(self, at: datetime) -> Facts | None:
        launch = self.rows[self.source].launch
        return launch.facts if launch and launch.start <= at else self.facts

    def written_for(self, at: datetime, now: datetime) -> str:
        """Return what the source says to whoever writes, now, a translation that goes on air at ``at``."""
        row = self.rows[self.source]
        if row.launch and row.launch.start <= at:
            return row.launch.headline
        on_air = self.on_air(self.source, now)
        return on_air.headline if on_air else row.newest

    def source_text_at(self, at: datetime) -> str:
        launch = self.rows[self.source].launch
        return launch.headline if launch and launch.start <= at else self.source_text

    def is_stale(self, tag: str, at: datetime) -> bool:
        text = self.on_air(tag, at)
        made_from = text.made_from if text else ""
        return tag != self.source and bool(made_from) and made_from != self.source_text_at(at)


@dataclass
class Hub:
    """All of it: items, where locales lead, what terms stand under and what replaced them."""

    items: dict[str, Item] = field(default_factory=dict)
    next: dict[str, str | None] = field(default_factory=lambda: {"en": None})
    parents: dict[str, str | None] = field(default_factory=dict)
    successors: dict[str, tuple[str, ...]] = field(default_factory=dict)
    types: dict[str, bool] = field(default_factory=lambda: {"article": True, "legal": False})

    def settle(self, now: datetime) -> None:
        for item in self.items.values():
            item.settle(now)

    def chain(self, tag: str) -> list[str]:
        found: list[str] = []
        step: str | None = tag
        while step and step not in found:
            found.append(step)
            step = self.next[step]
        return found

    def served(self, at: datetime) -> dict[tuple[str, str], tuple]:
        """Return, by key and locale asked for: headline, locale served, staleness, own terms, all terms."""
        answers = {}
        for key, item in self.items.items():
            facts = item.facts_at(at)
            for tag in self.next if facts else ():
                row = item.rows.get(tag)
                if row and not row.ever and row.launch and at < row.launch.start:
                    continue
                allowed = self.types[item.type] and not facts.forbidden
                for step in self.chain(tag) if allowed else [tag]:
                    if text := item.on_air(step, at):
                        own = {term for tag in facts.tags for term in self.ends(tag)}
                        under = {above for term in own for above in self.line(term)}
                        answers[key, tag] = (text.headline, step, item.is_stale(step, at), own, under)
                        break
        return answers

    def retag(self, code: str, into: tuple[str, ...]) -> None:
        """Let what is on air, scheduled and frozen go over from a term to others."""
        for item in self.items.values():
            item.facts = _retagged(item.facts, code, into)
            for row in item.rows.values():
                row.live, row.launch = (
                    text and replace(text, facts=_retagged(text.facts, code, into)) for text in (row.live, row.launch)
                )

    def ends(self, term: str) -> set[str]:
        onward = self.successors.get(term, ())
        return {end for one in onward for end in self.ends(one)} if onward else {term}

    def line(self, term: str | None) -> list[str]:
        return [term, *self.line(self.parents[term])] if term else []


def _retagged(facts: Facts | None, code: str, into: tuple[str, ...]) -> Facts | None:
    if facts is None or code not in facts.tags or not into:
        return facts
    return replace(facts, tags=tuple(new for tag in facts.tags for new in (into if tag == code else (tag,))))
