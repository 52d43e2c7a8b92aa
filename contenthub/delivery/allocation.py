"""Which arm of an experiment a subject is given: open arithmetic that any client can repeat (docs/allocation.md)."""

import hashlib
from dataclasses import dataclass
from typing import NamedTuple

from .refusals import BadArgument

MOST_CHARACTERS = 500
ARGUMENT = "context.subject"


@dataclass(frozen=True, slots=True)
class Arm:
    """One treatment; ``weight`` is its part of those who take part, the weights of an experiment sum to 1."""

    code: str
    weight: float
    is_control: bool = False


@dataclass(frozen=True, slots=True)
class Experiment:
    """An experiment as clients see it.

    It takes the part of its layer from ``start`` on, ``share`` wide; ``ramp`` of that takes part, ``holdout`` of it is
    held out. All four are parts of 1.
    """

    code: str
    layer: str
    start: float
    share: float
    salt: str
    ramp: float
    holdout: float
    arms: tuple[Arm, ...]


class Allocation(NamedTuple):
    """What a subject was given: an arm, or a place among those held out."""

    arm: str | None
    is_holdout: bool


def allocate(experiment: Experiment, subject: str) -> Allocation | None:
    """Return the subject's place in the experiment; None: it does not take part.

    Who is held out is asked before the ramp: a subject that is both held out and outside the ramp is held out.

    Raises:
        BadArgument: the subject is no opaque identifier.
    """
    check_subject(subject)
    if not experiment.start <= fraction(experiment.layer, subject) < experiment.start + experiment.share:
        return None
    if fraction(f"{experiment.salt}:holdout", subject) < experiment.holdout:
        return Allocation(None, is_holdout=True)
    if not fraction(f"{experiment.salt}:ramp", subject) < experiment.ramp:
        return None
    return Allocation(_choose_arm(experiment, fraction(experiment.salt, subject)), is_holdout=False)


def fraction(salt: str, subject: str) -> float:
    """Return where a subject stands between 0 and 1: the first eight bytes of SHA-256, big-endian, over 2 to the 64."""
    digest = hashlib.sha256(f"{salt}:{subject}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def check_subject(subject: str) -> None:
    """Make sure that a subject says nothing of who the customer is.

    Raises:
        BadArgument: it is empty, too long or no text that can be encoded, or looks like a mail address or a
            telephone number.
    """
    if not subject.strip():
        raise BadArgument("'subject' is empty: send an opaque identifier, or leave it out.", ARGUMENT)
    if "@" in subject or subject.lstrip().startswith("+"):
        raise BadArgument(
            "'subject' looks like a mail address or a telephone number: send an opaque identifier instead.", ARGUMENT
        )
    if len(subject) > MOST_CHARACTERS:
        message = f"'subject' has {len(subject):,} characters: send at most {MOST_CHARACTERS}, a digest for example."
        raise BadArgument(message, ARGUMENT)
    if any("\ud800" <= character <= "\udfff" for character in subject):
        raise BadArgument("'subject' holds half a character (a lone surrogate): send well-formed text.", ARGUMENT)


def _choose_arm(experiment: Experiment, point: float) -> str:
    """Return the arm on which ``point`` falls where the arms, by code, lie one behind the other."""
    arms = sorted(experiment.arms, key=lambda arm: arm.code)
    end = 0.0
    for arm in arms:
        end += arm.weight
        if point < end:
            return arm.code
    # What rounding leaves over above the last sum belongs to the last arm that has any weight.
    return next(arm.code for arm in reversed(arms) if arm.weight > 0)
