"""Personal tokens in what is being written: what looks like one and is none, and what a translation dropped."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from channels.models import PersonalToken
from channels.personaltokens import Catalogue, TokenEntry, codes_in, refusal, texts_in
from contenthub.delivery.resolving import FIELD_PREFIX, TEXT_PREFIX, WHOLE_FIELDS

from .regions import languages_of, writes
from .variants.overriding import value_of


class TokenUse(NamedTuple):
    """The tokens that a text uses, and those of its original that it lacks, or has beyond it."""

    used: list[TokenEntry]
    dropped: list[str]
    added: list[str]


NO_TOKENS = TokenUse([], [], [])


def broken_by_field(row: Any, tokens: Catalogue) -> Iterator[tuple[str, str]]:
    """Yield field and message for what looks like a token in a localization and is none."""
    for name, value in _values(row).items():
        if message := refusal(texts_in(value), tokens):
            yield name, message


def use_of(row: Any, source: Any) -> TokenUse:
    """Return which tokens a localization uses beside its ``source``, those of its language too where it is a region's.

    The source itself lacks none.
    """
    used, wanted = _codes(row), _codes(source)
    known = PersonalToken.catalogue() if used or wanted else {}
    return TokenUse(
        [known[code] for code in used if code in known],
        [code for code in wanted if code in known and code not in used],
        [code for code in used if code in known and code not in wanted],
    )


def findings_of(use: TokenUse) -> list[str]:
    """Return what translators should look at."""
    told = []
    if use.dropped:
        told.append(_("Tokens of the original are missing: %(tokens)s") % {"tokens": _braced(use.dropped)})
    if use.added:
        told.append(_("The original has no such tokens: %(tokens)s") % {"tokens": _braced(use.added)})
    return told


def _codes(row: Any) -> list[str]:
    said = _values(row)
    for language in languages_of(row):
        said |= {name: value for name, value in _values(language).items() if not writes(row, name)}
    return codes_in(texts_in(said))


def _values(row: Any) -> dict[str, Any]:
    """Return all that a localization says, by field."""
    return {
        **{name: value_of(row, name) for name in WHOLE_FIELDS},
        **{f"{TEXT_PREFIX}{name}": text for name, text in row.short_texts.items()},
        **{f"{FIELD_PREFIX}{name}": value for name, value in row.own_fields.items()},
    }


def _braced(codes: Iterable[str]) -> str:
    return ", ".join(f"{{{{{code}}}}}" for code in codes)
