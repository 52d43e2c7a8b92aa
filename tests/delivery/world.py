"""A small hub for tests of reading: locales, terms and channels, and nothing published yet."""

from collections.abc import Sequence

from channels.models import Channel
from locales.changes import ensure_locale
from taxonomy.changing import create_term, retire_term
from taxonomy.models import Term

TERMS = {
    "journey:consider": None,
    "journey:compare": "journey:consider",
    "journey:buy": None,
    "campaign:winter": None,
    "product:vpn": None,
    "product:vpn-mobile": "product:vpn",
    "product:relay": None,
    "segment:young": None,
    "segment:students": "segment:young",
    "segment:families": None,
    "action:learn": None,
    "action:sign-up": None,
}
CHANNELS = {"channel:web": None, "channel:web-page": "channel:web", "channel:email": None}


def build_world() -> None:
    """Make locales en, de, de-CH (after de) and ja, terms in all five facets, and three channels.

    Retired: journey:weigh-up (merged into journey:compare), product:suite (split), action:call (gone).
    """
    for tag in ("en", "de", "de-CH", "ja"):
        ensure_locale(tag)
    terms: dict[str, Term] = {}
    for code, parent in TERMS.items():
        labels = {"en": f"{code} in English", "de": f"{code} auf Deutsch"}
        terms[code] = create_term(code, labels=labels, parent=terms.get(parent))
    _retire("journey:weigh-up", [terms["journey:compare"]])
    _retire("product:suite", [terms["product:vpn"], terms["product:relay"]])
    _retire("action:call", [])
    channels: dict[str, Channel] = {}
    for position, (code, parent) in enumerate(CHANNELS.items()):
        labels = {"en": f"{code} in English"}
        parent_row = channels.get(parent)
        channels[code] = Channel.objects.create(
            code=code, labels=labels, parent=parent_row, kind="web", position=position
        )


def _retire(code: str, successors: Sequence[Term]) -> None:
    retire_term(create_term(code, labels={"en": code}), successors=successors)
