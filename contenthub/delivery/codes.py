"""The choices that a reader of the published store can make."""

from enum import Enum


class Fallback(Enum):
    """What answers where an item has no text of its own in the locale asked for."""

    CHAIN = "CHAIN"
    NONE = "NONE"


class Depth(Enum):
    """Which terms a term of a filter stands for."""

    SELF = "SELF"
    SELF_AND_DESCENDANTS = "SELF_AND_DESCENDANTS"
    SELF_AND_ANCESTORS = "SELF_AND_ANCESTORS"


class ItemOrder(Enum):
    """How a list of items is sorted; ties are broken by key."""

    NEWEST = "NEWEST"
    OLDEST = "OLDEST"
    RECENTLY_CHANGED = "RECENTLY_CHANGED"
    KEY = "KEY"
    RELEVANCE = "RELEVANCE"


class TraceOutcome(Enum):
    """What became of an item that a decision considered."""

    CHOSEN = "CHOSEN"
    RANKED_BELOW = "RANKED_BELOW"
    NOT_LIVE = "NOT_LIVE"
    CHANNEL = "CHANNEL"
    AUDIENCE = "AUDIENCE"
    MARKET = "MARKET"
    EXCLUDED = "EXCLUDED"
