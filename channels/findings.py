"""What of a piece does not fit its channel. Pure functions on what was chosen for its fields."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from channels.codes import Measure, Need, Severity, Shape
from channels.links import ITEM_PREFIX, refusal
from channels.measuring import measure
from channels.personaltokens import Catalogue, with_values
from channels.pictures import has_ratio
from channels.pieces import Json, Piece
from channels.registry import ChannelEntry, FieldEntry, LimitEntry

_STANDS_ALONE = frozenset(
    {"headline", "summary", "body", "call_to_action", "legal"}
)  # on one line they would run into each other


class Finding(NamedTuple):
    """One thing about a field that does not fit; ``measured`` and ``limit`` are in the rule's measure."""

    field: str
    rule: str
    severity: Severity
    message: str
    measured: int | None = None
    limit: int | None = None


def judge(
    entry: FieldEntry, pieces: Sequence[Piece], value: Any, channel: ChannelEntry, placement: str, tokens: Catalogue
) -> Iterator[Finding]:
    """Yield what does not fit of one field, made of ``pieces`` and sent as ``value``.

    Personal tokens are as long as their values may be. Bytes are those of what is sent, markup included; all else is
    measured of the text that is read.
    """
    if not value:
        if entry.need != Need.OPTIONAL:
            yield Finding(entry.name, "missing", _weight(entry), _("%(field)s is empty.") % {"field": entry.name})
        return
    for limit in _limits(entry.name, channel, placement):
        is_sent = limit.measure == Measure.BYTES and isinstance(value, str)
        text = value if is_sent else joined(pieces, spoken=limit.measure == Measure.SECONDS)
        measured = measure(with_values(text, lambda token: token.longest, tokens), Measure(limit.measure))
        if measured > limit.maximum:
            told = _("%(field)s has %(measured)s %(measure)s; at most %(maximum)s fit.") % {
                "field": entry.name,
                "measured": f"{measured:,}",
                "measure": Measure(limit.measure).label,
                "maximum": f"{limit.maximum:,}",
            }
            yield Finding(entry.name, limit.measure, Severity(limit.severity), told, measured, limit.maximum)
    for link in dict.fromkeys(link for piece in pieces for link in piece.links):
        if link.startswith(ITEM_PREFIX):  # where the channel had an address for items, it would stand here
            told = _("A link leads to the item '%(key)s': the channel has no address for items.")
            yield Finding(entry.name, "link_address", Severity.WARNING, told % {"key": link.removeprefix(ITEM_PREFIX)})
        elif broken := refusal(link, channel.links):
            yield Finding(entry.name, broken[0], Severity.ERROR, broken[1])
    if entry.shape == Shape.IMAGE and pieces[0].image:
        yield from _judge_picture(entry, pieces[0].image)


def joined(pieces: Sequence[Piece], *, spoken: bool = False) -> str:
    """Return the texts as one: short ones on one line, running text and several that stand alone in paragraphs."""
    texts = [text for text in (piece.spoken if spoken else piece.plain for piece in pieces) if text]
    alone = sum(1 for piece in pieces if piece.source in _STANDS_ALONE)
    return ("\n\n" if alone > 1 or any("\n" in text for text in texts) else " ").join(texts)


def _limits(name: str, channel: ChannelEntry, placement: str) -> list[LimitEntry]:
    """Return the limits of a field, one a measure: those of the placement before those that hold everywhere."""
    own = [limit for limit in channel.limits if limit.field == name and limit.placement in ("", placement)]
    return list({limit.measure: limit for limit in sorted(own, key=lambda limit: limit.placement)}.values())


def _judge_picture(entry: FieldEntry, image: Json) -> Iterator[Finding]:
    if not image["alt"]:
        yield Finding(entry.name, "alternative_text", _weight(entry), _("The picture has no alternative text."))
    if image["width"] < entry.minimum_width:
        told = _("The picture is %(width)s pixels wide; at least %(minimum_width)s are needed.") % {
            "width": f"{image['width']:,}",
            "minimum_width": f"{entry.minimum_width:,}",
        }
        yield Finding(entry.name, "width", Severity.ERROR, told, image["width"], entry.minimum_width)
    if entry.ratio and not has_ratio(image, entry.ratio):
        told = _("The picture is %(width)s × %(height)s pixels; %(ratio)s is wanted.") % {
            "width": image["width"],
            "height": image["height"],
            "ratio": entry.ratio,
        }
        yield Finding(entry.name, "ratio", Severity.WARNING, told)


def _weight(entry: FieldEntry) -> Severity:
    return Severity.ERROR if entry.need == Need.OBLIGATORY else Severity.WARNING
