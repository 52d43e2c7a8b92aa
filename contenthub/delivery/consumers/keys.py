"""Keys of consumers: long random texts, of which only a digest and a visible beginning are stored.

A key is ``hub_<prefix>_<secret>``. Its secret has 190 bits, so that one fast hash protects it: nobody can try
them all, as could be done with passwords that people choose.
"""

import secrets
import string
from hashlib import sha256
from typing import NamedTuple

_ALPHABET = string.ascii_letters + string.digits
_PREFIX_LETTERS = 8
_SECRET_LETTERS = 32
LONGEST_KEY = 100


class NewKey(NamedTuple):
    """A key just made: the whole is shown once, prefix and digest are stored."""

    whole: str
    prefix: str
    digest: str


def make_key() -> NewKey:
    """Return a key that nobody has."""
    prefix = f"hub_{_random(_PREFIX_LETTERS)}"
    whole = f"{prefix}_{_random(_SECRET_LETTERS)}"
    return NewKey(whole, prefix, digest_of(whole))


def digest_of(key: str) -> str:
    """Return what is stored of a key: 64 hexadecimal digits."""
    return sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def _random(letters: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(letters))
