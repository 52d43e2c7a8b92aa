"""Variants made at random from a seed, over any base: for tests and for `make bench`."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from contenthub.delivery.documents import Json
from contenthub.delivery.models import FOREVER
from contenthub.delivery.resolving import WHOLE_FIELDS
from contenthub.delivery.targeting import Standing, Targeting


@dataclass(frozen=True)
class MadeVariant:
    """A published variant without a store behind it."""

    code: str
    targeting: Targeting
    start: datetime
    end: datetime
    head: Json
    body: Json = field(default_factory=dict)


class VariantMaker:
    """Makes variants, and contexts that meet some of them; the same seed makes the same.

    ``segments``, ``markets`` and ``channels`` are codes with their parents (None for roots), ``experiments`` arms
    by code.
    """

    def __init__(
        self,
        seed: int,
        *,
        segments: Mapping[str, str | None],
        markets: Mapping[str, str | None] | None = None,
        channels: Mapping[str, str | None] | None = None,
        experiments: Mapping[str, Sequence[str]] | None = None,
        now: datetime,
    ) -> None:
        self.random = random.Random(seed)
        self.segments, self.markets, self.channels = segments, markets or {}, channels or {}
        self.experiments = experiments or {}
        self.now = now

    def variant(self, code: str, *, texts: Sequence[str] = (), fields: Sequence[str] = ()) -> MadeVariant:
        """Return a variant that overrides some of the fields there are, one in four of them with nothing."""
        names = [*WHOLE_FIELDS, *(f"texts.{name}" for name in texts), *(f"fields.{name}" for name in fields)]
        overrides = self.random.sample(names, self.random.randint(0, min(4, len(names))))
        start, end = self._window()
        return MadeVariant(
            code, self._targeting(), start, end, *delta(code, overrides, lambda: self.random.random() < 0.25)
        )

    def variants(self, count: int, **names: Sequence[str]) -> list[MadeVariant]:
        return [self.variant(f"v{number:03}", **names) for number in range(count)]

    def standing(self) -> Standing:
        """Return what decides on variants, of a context chosen at random."""
        arms = {code: self.random.choice(list(arms)) for code, arms in self.experiments.items() if self._now_and_then()}
        return Standing(
            segments=line(self._some(self.segments), self.segments),
            markets=line(self._some(self.markets, most=1), self.markets),
            channels=line(self._some(self.channels, most=1), self.channels),
            arms=arms,
        )

    def _targeting(self) -> Targeting:
        experiment = self.random.choice(["", *self.experiments]) if self._now_and_then() else ""
        return Targeting(
            segments=tuple(self._some(self.segments)),
            markets=tuple(self._some(self.markets)),
            channels=tuple(self._some(self.channels)),
            experiment=experiment,
            arm=self.random.choice(list(self.experiments[experiment])) if experiment else "",
            priority=self.random.choice([0, 0, 0, 1, 5, -1]),
        )

    def _window(self) -> tuple[datetime, datetime]:
        start = self.now + timedelta(days=self.random.choice([-30, -10, -2, -1, 0, 1, 5]))
        end = FOREVER if self._now_and_then() else start + timedelta(days=self.random.choice([1, 2, 20]))
        return start, end

    def _some(self, codes: Mapping[str, str | None], most: int = 2) -> list[str]:
        return self.random.sample(sorted(codes), self.random.randint(0, min(most, len(codes))))

    def _now_and_then(self) -> bool:
        return self.random.random() < 0.5


def delta(code: str, overrides: Sequence[str], is_emptied=lambda: False) -> tuple[Json, Json]:
    """Return head and body of a variant that overrides these fields, each with a value that names it."""
    head: Json = {"overrides": list(overrides), "texts": [], "fields": []}
    body: Json = {}
    for name in overrides:
        kind, _, own = name.partition(".")
        emptied = name != "headline" and is_emptied()
        match kind:
            case "texts":
                head["texts"] += [] if emptied else [{"name": own, "text": f"{own} of {code}"}]
            case "fields":
                head["fields"] += [] if emptied else [{"name": own, "kind": "text", "value": f"{own} of {code}"}]
            case "body":
                body["blocks"] = [] if emptied else [{"type": "heading", "id": code, "text": code, "level": 2}]
            case "callToAction":
                link = {"kind": "URL", "url": f"https://example.org/{code}"}
                head["cta"] = None if emptied else {"label": f"Go to {code}", "link": link, "action": None}
            case "image":
                head["image"] = None if emptied else picture(code)
            case _:
                head[name] = None if emptied else f"{name} of {code}"
    return head, body


def picture(name: str) -> Json:
    size = {"width": 10, "height": 10}
    return {"url": f"/{name}.webp", "alt": name, "caption": None, "credit": None, **size} | {
        "focal_point": None,
        "sources": [],
    }


def line(codes: Sequence[str], parents: Mapping[str, str | None]) -> dict[str, int]:
    """Return these codes and all above them, with their depths."""
    met: dict[str, int] = {}
    for code in codes:
        above = [code]
        while parents[above[-1]] is not None:
            above.append(parents[above[-1]])
        met |= {each: len(above) - place for place, each in enumerate(above)}
    return met
