"""What a change touches, told before it is made."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Impact:
    """What a change, or all steps of a plan together, would do.

    ``counts`` is by name, zero left out: ``terms`` (that change themselves, moved branches included), and what the
    hub adds, for example ``items``, ``localizations``, ``rules`` and ``answers`` (published ones that change).
    ``terms`` names the codes. ``basis`` stands for the state that this was worked out on: hand it to ``apply``.
    """

    counts: Mapping[str, int]
    terms: tuple[str, ...]
    basis: str
