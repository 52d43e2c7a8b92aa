"""What the clock does by itself: rows of items and of their variants follow their schedules."""

from collections.abc import Iterator
from typing import Any

from . import publishing
from .variants import publishing as variantpublishing


def publish_due() -> Iterator[tuple[Any, str]]:
    """Carry out on all rows what the clock has already done in the store; yield each row and what was done."""
    yield from publishing.publish_due()
    yield from variantpublishing.publish_due()
