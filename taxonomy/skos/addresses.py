"""Addresses and codes: which URI a term has on the web, and which code a concept gets."""

import re
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from urllib.parse import unquote

from anyascii import anyascii
from django.conf import settings

from taxonomy.codes import CODE_CHARS, alike_codes, validate_term_code
from taxonomy.models import Facet
from taxonomy.skos.facts import Finding, Severity

_NOT_IN_KEYS = re.compile(r"[^A-Za-z0-9._~-]+")


def facet_address(facet: Facet) -> str:
    """Return the URI of the facet as a concept scheme: its own, else one below the hub's address."""
    return facet.uri or f"{settings.WAGTAILADMIN_BASE_URL.rstrip('/')}/taxonomy/{facet.code}"


def minted_address(facet: Facet, code: str) -> str:
    """Return the URI of a term that has none."""
    base = facet_address(facet)
    return f"{base if base.endswith(('/', '#')) else base + '/'}{code.partition(':')[2]}"


def proposed_code(facet_code: str, uri: str, notations: Iterable[str], *, use_notation: bool = True) -> str:
    """Return the code that a concept gets: from its notation, else from the last part of its address.

    >>> proposed_code("type", "https://example.org/vocabulary#c_2f33", [])
    'type:c_2f33'
    >>> proposed_code("type", "https://example.org/1", ["type:book"]), proposed_code("type", "urn:x", ["59.1 a"])
    ('type:book', 'type:59.1-a')
    """
    names = sorted(notations, key=lambda text: (not text.startswith(f"{facet_code}:"), text)) if use_notation else []
    names = [text.removeprefix(f"{facet_code}:") for text in names]
    for name in (*names, local_name(uri)):
        key = _NOT_IN_KEYS.sub("-", anyascii(name)).strip("-").lstrip("._~-")[: CODE_CHARS - len(facet_code) - 1]
        if key:
            return f"{facet_code}:{key}"
    return f"{facet_code}:c-{blake2b(uri.encode(), digest_size=6).hexdigest()}"


def local_name(uri: str) -> str:
    """Return what follows the last ``#``, ``/`` or ``:``."""
    return unquote(re.split(r"[#/:]", uri.rstrip("#/"))[-1])


def code_problems(codes: Mapping[str, str], owners: Mapping[str, str], facet_code: str) -> list[Finding]:
    """Return why new terms cannot, or should not, have these codes, by URI. ``owners``: the URI of each code given."""
    problems, first = [], dict(owners)
    for uri, code in codes.items():
        if not code.startswith(f"{facet_code}:") or not validate_term_code.regex.match(code) or len(code) > CODE_CHARS:
            told = f"'{code}' is no code of this facet: {facet_code}:, then letters, digits and . _ ~ -"
            problems.append(Finding(Severity.REFUSED, "", uri, told))
        elif first.setdefault(code, uri) != uri:
            told = f"Its code {code} is that of {first[code]} too. Give one of them another code."
            problems.append(Finding(Severity.REFUSED, "", uri, told))
    uris = {code: uri for uri, code in codes.items()}
    for code, other in alike_codes(uris, owners):
        told = f"Its code {code} and {other} differ in capitals only. A code is for ever: better give it another."
        problems.append(Finding(Severity.WARNING, "", uris[code], told))
    return problems
