"""What people write: item types, items in their languages, what hangs on them, and tests."""

from .experiments import Experiment, ExperimentArm
from .items import ContentItem, ItemChannel, ItemReference, ItemTerm, NamedText
from .recent import RecentTerm
from .reviewlinks import ReviewLink
from .tagging import Tagging, TaggingEntry, TaggingOutcome, TaggingState
from .types import ClassificationRule, FieldDefinition, ItemType
from .variants import Variant, VariantChannel, VariantTerm

__all__ = [
    "ClassificationRule",
    "ContentItem",
    "Experiment",
    "ExperimentArm",
    "FieldDefinition",
    "ItemChannel",
    "ItemReference",
    "ItemTerm",
    "ItemType",
    "NamedText",
    "RecentTerm",
    "ReviewLink",
    "Tagging",
    "TaggingEntry",
    "TaggingOutcome",
    "TaggingState",
    "Variant",
    "VariantChannel",
    "VariantTerm",
]
