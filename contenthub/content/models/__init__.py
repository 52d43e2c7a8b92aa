"""What people write: item types, items in their languages, and what hangs on them."""

from .items import ContentItem, ItemChannel, ItemReference, ItemTerm, NamedText
from .recent import RecentTerm
from .tagging import Tagging, TaggingEntry, TaggingOutcome, TaggingState
from .types import ClassificationRule, FieldDefinition, ItemType

__all__ = [
    "ClassificationRule",
    "ContentItem",
    "FieldDefinition",
    "ItemChannel",
    "ItemReference",
    "ItemTerm",
    "ItemType",
    "NamedText",
    "RecentTerm",
    "Tagging",
    "TaggingEntry",
    "TaggingOutcome",
    "TaggingState",
]
