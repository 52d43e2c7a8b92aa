"""Which neutral content feeds a field of a channel, written as editors write it.

``text:push_title | headline`` is the short text push_title, else the headline; ``summary + link`` is both together.
"""

import re
from collections.abc import Callable
from typing import TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels.codes import Shape

Value = TypeVar("Value")
Alternatives = tuple[tuple[str, ...], ...]

NEUTRAL = ("headline", "summary", "body", "link", "link_label", "image", "legal")
NAMED = ("text:", "field:")
# What a short text or a field of the type holds is not known here.
FEEDS = {Shape.IMAGE: ("image", "field:"), Shape.LINK: ("link", "text:", "field:")}
HELP = gettext_lazy(
    "Where the field takes its content from: headline, summary, body, link, link_label, "
    "image, legal (the legal notes of the body), text:NAME or field:NAME. Write | "
    "between alternatives, the first that has something is taken, and + between what "
    "goes together. Empty: the channel has no such field."
)

_NAME = re.compile(r"[a-z][a-z0-9_-]*")


class UnreadableSource(ValueError):
    """Raised for a source that names nothing known."""


def parse_source(source: str) -> Alternatives:
    """Return the alternatives of a source, each with the parts that go together.

    Raises:
        UnreadableSource: a part is missing or unknown.

    >>> parse_source("text:sms | headline + link")
    (('text:sms',), ('headline', 'link'))
    """
    if not source.strip():
        return ()
    found = tuple(tuple(part.strip() for part in alternative.split("+")) for alternative in source.split("|"))
    for part in (part for parts in found for part in parts):
        if not part:
            raise UnreadableSource(_("Something is missing beside a + or a |."))
        if part not in NEUTRAL and not _is_named(part):
            raise UnreadableSource(
                _("'%(part)s' is none of %(neutral)s, text:NAME and field:NAME.")
                % {"part": part, "neutral": ", ".join(NEUTRAL)}
            )
    return found


def refuse_unfit(sources: Alternatives, shape: str) -> None:
    """Refuse sources that never hold what a shape is made of, such as a headline for a picture.

    Raises:
        UnreadableSource: a part cannot feed the shape.
    """
    fit = FEEDS.get(shape)
    for part in (part for parts in sources for part in parts):
        if fit and part not in fit and not part.startswith(tuple(name for name in fit if name in NAMED)):
            raise UnreadableSource(
                _("'%(part)s' cannot feed a field of the shape %(shape)s.")
                % {"part": part, "shape": Shape(shape).label}
            )


def choose(alternatives: Alternatives, find: Callable[[str], Value | None]) -> list[Value]:
    """Return what the parts of the first alternative hold whose leading part holds something."""
    for parts in alternatives:
        values = [find(part) for part in parts]
        if values[0]:
            return [value for value in values if value]
    return []


def _is_named(part: str) -> bool:
    return any(part.startswith(prefix) and _NAME.fullmatch(part.removeprefix(prefix)) for prefix in NAMED)
