"""What a change of tags does to the tags of one item: pure functions on ids of terms in the editor's order."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class TagOperation(TextChoices):
    """What is done with the terms."""

    ADD = "add", _("Add terms")
    REMOVE = "remove", _("Remove terms")
    REPLACE = "replace", _("Replace terms by others")


@dataclass(frozen=True)
class TagEdit:
    """One change, the same for many items. ``replaced`` is empty except to replace."""

    operation: TagOperation
    terms: tuple[int, ...]
    replaced: tuple[int, ...] = ()

    @property
    def touched(self) -> tuple[int, ...]:
        return (*self.terms, *self.replaced)

    def apply(self, tags: Sequence[int]) -> list[int]:
        """Return the tags as they are to be, none twice.

        What is added stands last, behind the primary term. What replaces takes the place of the first replaced term;
        an item with none of the replaced terms stays as it is.

        >>> TagEdit(TagOperation.REPLACE, terms=(7,), replaced=(2, 3)).apply([1, 2, 3])
        [1, 7]
        """
        match self.operation:
            case TagOperation.ADD:
                return list(dict.fromkeys([*tags, *self.terms]))
            case TagOperation.REMOVE:
                return [tag for tag in tags if tag not in self.terms]
        place = next((place for place, tag in enumerate(tags) if tag in self.replaced), None)
        if place is None:
            return list(tags)
        kept = [tag for tag in tags[:place] if tag not in self.terms]
        after = [tag for tag in tags[place:] if tag not in self.replaced and tag not in self.terms]
        return [*kept, *self.terms, *after]


def restored(tags: Sequence[int], before: Sequence[int], is_touched: Callable[[int], bool]) -> list[int]:
    """Return the tags with those of the touched facets as they were before, each where it stood among the others.

    The others stay as they are now, in their order. ``before`` may name them too: so places are known.

    >>> restored([3, 1], before=[2, 1], is_touched=lambda tag: tag == 2)
    [2, 3, 1]
    """
    others = [tag for tag in tags if not is_touched(tag)]
    waiting = iter(others)
    back = [tag if is_touched(tag) else next(waiting) for tag in before if is_touched(tag) or tag in others]
    return [*back, *waiting]


def only(tags: Sequence[int], is_touched: Callable[[int], bool]) -> list[int]:
    """Return the tags of the touched facets, in order."""
    return [tag for tag in tags if is_touched(tag)]


def is_same_within_facets(one: Sequence[int], other: Sequence[int], facet_of: Callable[[int], str]) -> bool:
    """Return whether two lists hold the same tags, each facet's in the same order.

    How the facets of an item stand to each other means nothing.
    """
    return sorted(one, key=facet_of) == sorted(other, key=facet_of)


def added_and_removed(before: Collection[int], after: Collection[int]) -> tuple[list[int], list[int]]:
    """Return what is only in ``after``, and what is only in ``before``."""
    return [tag for tag in after if tag not in before], [tag for tag in before if tag not in after]
